"""Value, targets and goals of a plan: worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.instance import Lookup, Option
from ciopt.instance.choices import Choices
from ciopt.instance.goals import goal_values
from ciopt.instance.value import (
    by_activity,
    goal_value,
    missing,
    movements,
    paying_synergies,
    saturated,
    total_cost,
    value,
)
from tests.models.small import does, instance, partner

MICRO, UNIT = 10**6, 10**12
PLACES = [{"id": "a", "group": "west"}, {"id": "b", "group": "west"}, {"id": "c"}]


def lookup_of(**tables: Any) -> Lookup:
    whole = {"places": PLACES, "interventions": [does("x", 10, 6), does("y", 5, -4)], **tables}
    return Lookup(instance(**whole))


def plan_of(*words: str) -> Choices:
    """``"x a"``: p does x at a."""
    activities = [word.split() for word in words]
    return Choices(tuple(Option("p", what, where, "all") for what, where in activities))


def worth(lookup: Lookup, plan: Choices) -> Decimal:
    moved = movements(lookup, by_activity(plan.options), paying_synergies(lookup, plan))
    return Decimal(value(lookup, moved)) / UNIT


@pytest.mark.parametrize(
    ("amount", "level", "counted"),
    [(5, 10, 5), (15, 10, 10), (-5, 10, -5), (-5, -10, -5), (-15, -10, -10), (5, -10, 5), (5, 0, 0)],
)
def test_there_is_no_value_beyond_saturation(amount: int, level: int, counted: int) -> None:
    """A negative level bounds a fall."""
    assert saturated(amount, level) == counted


@pytest.mark.parametrize(
    ("indicator", "expected"),
    [
        ({}, 18),
        ({"weight": Decimal("-0.5")}, -9),
        ({"saturates_at": 10}, 10),
        ({"saturates_at": 20}, 18),
        ({"saturates_at": -1}, 18),
        ({"saturates_at": {"per_place": 4}}, 12),
        ({"weight": 2, "saturates_at": {"per_place": Decimal("5.5")}}, 33),
    ],
)
def test_value_is_the_weighted_sum_of_what_counts(indicator: dict[str, Any], expected: int) -> None:
    """x everywhere moves k by 6 at each of three places."""
    lookup = lookup_of(indicators=[{"id": "k", **indicator}])
    assert worth(lookup, plan_of("x a", "x b", "x c")) == expected


def test_the_effects_of_a_group_do_not_saturate_at_a_place() -> None:
    synergy = {"id": "s", "between": ["x", "y"], "within": "group", "adds": {"k": 3}}
    lookup = lookup_of(indicators=[{"id": "k", "saturates_at": {"per_place": 1}}], synergies=[synergy])
    assert worth(lookup, plan_of("x a", "y b")) == 1 - 4 + 2 * 3


PLAN = plan_of("x a", "x c", "y b")
"""k moves by 6 at a, 6 at c, -4 at b, and by 3 for each of its two places in the group west."""


@pytest.mark.parametrize(
    ("target", "short"),
    [
        ({"at_least": 14}, 0),
        ({"at_least": 15}, 1),
        ({"at_most": 13}, 1),
        ({"at_most": 14}, 0),
        ({"at_least": 9, "group": "west"}, 1),
        ({"at_least": 7, "place": "a"}, 1),
        ({"at_most": -5, "place": "b"}, 1),
        ({"at_least": 0, "place": "b"}, 4),
    ],
)
def test_a_target_looks_at_all_a_group_or_a_place(target: dict[str, Any], short: int) -> None:
    synergy = {"id": "s", "between": ["x", "y"], "within": "group", "adds": {"k": 3}}
    lookup = lookup_of(synergies=[synergy], agenda={"targets": [{"indicator": "k", **target}]})
    moved = movements(lookup, by_activity(PLAN.options), paying_synergies(lookup, PLAN))
    (record,) = lookup.instance.agenda.targets
    assert missing(lookup, record, moved) == short * MICRO


SOFT = [{"indicator": "k", "at_least": 10, "soft": True, "penalty": Decimal("2.5")}]


@pytest.mark.parametrize(
    ("agenda", "expected"),
    [
        ({"targets": SOFT}, {"value": 8 - 5}),
        ({"targets": SOFT, "minimize": "cost"}, {"cost": -25 - 5}),
        ({"targets": SOFT, "priorities": ["value", "cost"]}, {"value": 8 - 5, "cost": -25}),
        ({"targets": SOFT, "priorities": ["cost", "value"]}, {"cost": -25 - 5, "value": 8}),
        (
            {"targets": SOFT, "priorities": ["targets", "value", "cost"]},
            {"targets": -5, "value": 8, "cost": -25},
        ),
        ({"targets": SOFT, "priorities": ["value", "targets"]}, {"value": 8, "targets": -5}),
    ],
)
def test_the_first_of_value_and_cost_bears_the_penalties_unless_targets_are_a_goal(
    agenda: dict[str, Any], expected: dict[str, int]
) -> None:
    """The plan moves k by 6 + 6 - 4 = 8 of 10 for 25."""
    lookup = lookup_of(agenda=agenda)
    goals = goal_values(lookup, PLAN)
    assert {goal: goals[goal] for goal in lookup.instance.agenda.goals} == {
        goal: amount * UNIT for goal, amount in expected.items()
    }


def test_cost_counts_in_whole_units_of_money_whatever_the_currency() -> None:
    for currency in ("USD", "XOF", "TND"):
        lookup = lookup_of(currency=currency, agenda={"priorities": ["value", "cost"]})
        assert goal_value(lookup, "cost", movements(lookup, {}, []), total_cost(lookup, PLAN)) == -25 * UNIT


def test_partners_and_backbones_cost_once_and_what_is_carried_each_time() -> None:
    """25 for the work, 7 for taking part, 3 + 2 x 1.50 for coordination."""
    lookup = lookup_of(
        partners=[partner("p", participation_cost=7), partner("q", participation_cost=9)],
        backbones=[{"partner": "q", "cost": 3, "cost_per_synergy": Decimal("1.50")}],
    )
    plan = Choices(PLAN.options, (), {"q": (("s", "a"), ("s", "b"))})
    assert total_cost(lookup, plan) == 38_00


def test_a_synergy_that_needs_a_backbone_pays_only_if_one_carries_it() -> None:
    synergy = {"id": "s", "between": ["x", "y"], "adds": {"k": 3}, "backbone": True}
    lookup = lookup_of(synergies=[synergy], backbones=[{"partner": "p"}])
    options = plan_of("x a", "y a", "x b", "y b").options
    carried = Choices(options, (), {"p": (("s", "b"),)})
    assert [each.at for each in paying_synergies(lookup, carried)] == ["b"]
    assert paying_synergies(lookup, Choices(options)) == []
    not_achieved = Choices(options[:1], (), {"p": (("s", "a"),)})
    assert paying_synergies(lookup, not_achieved) == []
