"""Shared money in fixed parts: what each partner could do with it, and its commitments first."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ciopt.instance import Instance, Lookup
from ciopt.instance.choices import Paid
from ciopt.studies.collaboration.split import for_value, seen_by, split
from tests.models.small import can, does, instance, partner


def coalition(**tables: Any) -> Instance:
    """Two partners: one could do x for 30 and y for 30, the other x for 20 (at half the cost: 15)."""
    return instance(
        **{
            "partners": [partner("p", 5), partner("q", 5), partner("r", 5)],
            "funds": [{"id": "f", "partner": "r", "amount": 100, "pays_for": {"partners": ["p", "q"]}}],
            "interventions": [does("x", 30, 4), does("y", 30, 5)],
            "capabilities": [
                can("p", "x"),
                can("p", "y"),
                can("q", "x", cost_factor=Decimal("0.5")),
                can("r", "x"),
            ],
            **tables,
        }
    )


def amounts(made: Instance) -> dict[str, Any]:
    return {fund.id: fund.amount for fund in made.funds}


def test_parts_are_as_what_partners_could_do_with_the_money() -> None:
    """60 to 15; r may not be paid from it."""
    made = split(coalition())
    assert amounts(made.instance) == {"f.p": 80, "f.q": 20}
    assert [fund.pays_for.partners for fund in made.instance.funds] == [("p",), ("q",)]
    assert made.whole([Paid("f.q", "q/x/a/all", "all", 7), Paid("budget:q", "q/x/a/all", "all", 8)]) == (
        Paid("f", "q/x/a/all", "all", 7),
        Paid("budget:q", "q/x/a/all", "all", 8),
    )


def test_what_is_committed_is_paid_first() -> None:
    """25 for q; of the other 75 again 60 to 15."""
    made = split(coalition(), [("f", "q", "all", 25_00)])
    assert amounts(made.instance) == {"f.p": 60, "f.q": 40}


def test_periods_are_split_one_by_one_and_what_is_carried_over_can_be_reserved() -> None:
    fund = {"id": "f", "partner": "r", "amount": {"1": 10, "2": 1}, "pays_for": {"partners": ["p", "q"]}}
    plain = split(coalition(periods=["1", "2"], funds=[fund]))
    assert amounts(plain.instance) == {
        "f.p": {"1": 8, "2": Decimal("0.8")},
        "f.q": {"1": 2, "2": Decimal("0.2")},
    }
    carried = split(
        coalition(periods=["1", "2"], funds=[{**fund, "carry_over": True}]), [("f", "q", "2", 3_00)]
    )
    assert amounts(carried.instance)["f.q"] == {"1": Decimal("3.6"), "2": 1}, (
        "1 now, 2 from before, and a fifth"
    )


def test_matches_name_the_parts() -> None:
    funds = [
        {"id": "f", "partner": "r", "amount": 100, "match": {"with": ["g", "budget:p"], "ratio": 1}},
        {"id": "g", "partner": "r", "amount": 10, "pays_for": {"partners": ["p"]}},
    ]
    made = {fund.id: fund for fund in split(coalition(funds=funds)).instance.funds}
    assert set(made) == {"f.p", "f.q", "f.r", "g.p"}
    match = made["f.p"].match
    assert match is not None
    assert match.with_ == ("budget:p", "g.p")


def test_names_of_parts_are_new() -> None:
    funds = [
        {"id": "f", "partner": "r", "amount": 10, "pays_for": {"partners": ["p"]}},
        {"id": "f.p", "partner": "r", "amount": 20, "pays_for": {"partners": ["p"]}},
    ]
    assert amounts(split(coalition(funds=funds)).instance) == {"f.p_": 10, "f.p.p": 20}


def test_what_binds_the_coalition_binds_nobody_alone() -> None:
    made = coalition(
        rules=[
            {"must": {"intervention": "x"}},
            {"at_least": 1, "of": ["y"], "within": "all"},
            {"excludes": ["x", "y"], "within": "place"},
        ],
        agenda={
            "targets": [
                {"indicator": "k", "at_least": 99},
                {"indicator": "k", "at_least": 3, "soft": True, "penalty": 1},
            ]
        },
        backbones=[{"partner": "p", "cost": 1}],
    )
    alone = split(made).instance
    assert len(alone.rules) == 1
    assert [target.soft for target in alone.agenda.targets] == [True]
    assert alone.backbones == ()


def test_collaboration_is_measured_in_value() -> None:
    soft = {"indicator": "k", "at_least": 3, "soft": True, "penalty": 1}
    hard = {"indicator": "k", "at_least": 2}
    cheapest = coalition(agenda={"minimize": "cost", "targets": [hard, soft]})
    assert for_value(cheapest).agenda.goals == ("value",)
    assert [target.soft for target in for_value(cheapest).agenda.targets] == [False], "penalties were money"
    plain = coalition()
    assert for_value(plain) is plain


def test_the_others_do_what_they_do_and_nothing_else() -> None:
    made = coalition()
    lookup = Lookup(made)
    done = next(option for option in lookup.options() if option.partner == "q")
    seen = seen_by(made, "p", [done], ())
    assert [each.max_activities for each in seen.partners] == [None, 1, 0]
    assert [(entry.partner, entry.status) for entry in seen.baseline] == [("q", "committed")]
