"""From decisions to a plan: every derived number, by hand, and in one pass however large the plan is."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.instance import Lookup
from ciopt.instance.choices import Choices
from ciopt.instance.effects import synergy_instances
from ciopt.instance.value import by_activity
from ciopt.plan import Plan
from ciopt.plan.compose import compose
from tests.verify.builders import can, decide, does, instance, option, partner


def composed(made: Any, choices: Choices) -> Plan:
    return compose(Lookup(made), choices)


def as_text(*values: object) -> str:
    """Write amounts without the zeros at their end."""
    plain = (each.normalize() if isinstance(each, Decimal) else each for each in values)
    return " ".join(f"{each:f}" if isinstance(each, Decimal) else str(each) for each in plain)


def coalition() -> Any:
    """Two partners, a fund, a synergy that needs the backbone h and one that does not."""
    return instance(
        places=[{"id": "a"}, {"id": "b"}],
        indicators=[{"id": "k", "weight": 2, "baseline": 5, "target": 40}, {"id": "m", "weight": -1}],
        partners=[
            partner("p", {"all": 500}, participation_cost=7, capacity={"staff": 9}),
            partner("q", 800),
            {"id": "h", "roles": ["backbone"], "budget": 50},
        ],
        funds=[{"id": "f", "partner": "q", "amount": 60.5}],
        interventions=[does("i", 100.5, 10, uses={"staff": 1.5}), does("j", 40, 3)],
        capabilities=[can(who, what) for who in "pq" for what in "ij"],
        synergies=[
            {"id": "s", "between": ["i", "j"], "adds": {"k": 4, "m": 1}, "backbone": True},
            {"id": "t", "between": ["i", "j"], "adds": {"k": 1}},
        ],
        backbones=[{"partner": "h", "cost": 20, "cost_per_synergy": 2.25}],
    )


def decisions() -> Choices:
    options = ["p/i/a/all", "q/j/a/all", "p/i/b/all"]
    payments = [
        ("f", "p/i/a/all", "all", 6000),
        ("budget:p", "p/i/a/all", "all", 4050),
        ("budget:q", "q/j/a/all", "all", 4000),
        ("budget:p", "p/i/b/all", "all", 10050),
        ("budget:p", "participation:p", "all", 700),
        ("budget:h", "backbone:h", "all", 2225),
    ]
    return decide(coalition(), options, payments, {"h": (("s", "a"),)})


def test_totals_are_what_one_adds_up_by_hand() -> None:
    """k: 10 + 10 + 3 + 4 + 1 = 28, m: 1; 2 x 28 - 1 = 55. Cost: 100.5 + 100.5 + 40 + 7 + 22.25."""
    plan = composed(coalition(), decisions())
    assert as_text(plan.value, plan.objective, plan.cost) == "55 55 270.25"
    indicators = [as_text(each.id, each.total, each.attained, each.met) for each in plan.indicators]
    assert indicators == ["k 28 33 False", "m 1 1 None"]


def test_partners_and_funds_show_what_they_spend_and_use() -> None:
    plan = composed(coalition(), decisions())
    partners = [
        as_text(each.id, each.assignments, each.spent, each.budget, *each.capacity.values())
        for each in plan.partners
    ]
    assert partners == ["p 2 148 500 3", "q 1 40 800", "h 0 22.25 50"]
    assert [as_text(each.id, each.spent, each.amount) for each in plan.funds] == ["f 60 60.5"]


def test_synergies_name_members_partners_and_who_carries_them() -> None:
    plan = composed(coalition(), decisions())
    members, partners = ("p/i/a/all", "q/j/a/all"), ("p", "q")
    assert [(each.id, each.at, each.members, each.partners) for each in plan.synergies] == [
        ("s", "a", members, partners),
        ("t", "a", members, partners),
    ]
    assert [as_text(each.backbone, *each.effect.values(), each.value) for each in plan.synergies] == [
        "h 4 1 7",
        "None 1 2",
    ]
    (backbone,) = plan.backbones
    assert as_text(backbone.partner, backbone.cost, *backbone.synergies) == "h 22.25 s@a"


def test_equal_decisions_give_equal_plans_in_any_order() -> None:
    one = decisions()
    other = Choices(one.options[::-1], one.payments[::-1], dict(one.backbones))
    first, second = composed(coalition(), one), composed(coalition(), other)
    assert first == second
    assert [each.option.id for each in first.assignments] == sorted(each.id for each in one.options)
    assert [(each.fund, each.assignment, each.period) for each in first.payments] == sorted(
        paid[:3] for paid in one.payments
    )


@pytest.mark.parametrize(
    ("agenda", "objective"),
    [
        ({}, 20),
        ({"targets": [{"indicator": "k", "at_least": 14, "soft": True, "penalty": 3}]}, 8),
        ({"minimize": "cost", "targets": [{"indicator": "k", "at_least": 5}]}, 100),
        (
            {
                "minimize": "cost",
                "targets": [{"indicator": "k", "at_least": 14, "soft": True, "penalty": 3}],
            },
            112,
        ),
        (
            {
                "priorities": ["targets", "value"],
                "targets": [{"indicator": "k", "at_least": 14, "soft": True, "penalty": 3}],
            },
            20,
        ),
    ],
)
def test_the_objective_bears_the_penalties_unless_they_are_a_goal(agenda: Any, objective: int) -> None:
    """10 of k with weight 2 for 100; four short of 14."""
    made = instance(indicators=[{"id": "k", "weight": 2}], agenda=agenda)
    plan = composed(made, decide(made, ["p/i/a/all"]))
    assert plan.objective == objective


def test_what_is_indexed_is_indexed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each synergy once indexed all assignments anew: the time grew with the square of the plan."""
    places = [{"id": f"l{number}"} for number in range(50)]
    made = instance(
        places=places,
        partners=[partner("p", 10**9)],
        interventions=[does("i"), does("j")],
        synergies=[{"id": "s", "between": ["i", "j"], "adds": {"k": 1}}],
    )
    lookup = Lookup(made)
    choices = Choices(tuple(option(f"p/{what}/l{n}", "all") for n in range(50) for what in "ij"))
    assert sum(1 for _ in synergy_instances(lookup)) == 50
    calls: list[object] = []

    def counted(options: Any) -> Any:
        calls.append(options)
        return by_activity(options)

    monkeypatch.setattr("ciopt.plan.compose.by_activity", counted)
    assert len(compose(lookup, choices).synergies) == 50
    assert len(calls) == 1
