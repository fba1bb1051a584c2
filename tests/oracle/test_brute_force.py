"""The oracle itself, on instances that a person can check by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.models.small import can, does, instance, partner
from tests.oracle.brute_force import Answer, brute_force

UNIT = 10**12


def found(**tables: Any) -> Answer:
    return brute_force(instance(**tables))


def test_the_best_that_money_buys() -> None:
    """8 + 5 for 90 of 100 beats 10 for 60."""
    answer = found(
        partners=[partner("p", 100)],
        interventions=[does("x", 60, 10), does("y", 50, 8), does("z", 40, 5)],
    )
    assert answer == Answer("optimal", {"value": 15 * UNIT}, 100_00, ("p/x/a/all", "p/z/a/all"))


def test_equal_value_is_settled_by_cost_then_by_ids() -> None:
    """Of two that cost the same the first by id; an intervention that is worth nothing stays out."""
    cheap = found(
        partners=[partner("a"), partner("b")],
        interventions=[does("x", 5, 1), does("nothing", 0, 0)],
        capabilities=[can("a", "x", cost_factor=2), can("b", "x"), can("a", "nothing")],
    )
    # nothing is free and worth nothing: with it the list starts with a/…, which is smaller
    assert cheap.options == ("a/nothing/a/all", "b/x/a/all")
    equal = found(partners=[partner("b"), partner("a")], interventions=[does("x", 5, 1)])
    assert equal.options == ("a/x/a/all",)


def test_the_empty_plan_comes_before_any_other() -> None:
    assert found(interventions=[does("nothing", 0, 0)]) == Answer("optimal", {"value": 0}, 0, ())


def test_no_plan_is_infeasible() -> None:
    answer = found(interventions=[does("x", 5, 1)], agenda={"targets": [{"indicator": "k", "at_least": 2}]})
    assert answer == Answer("infeasible")


def test_a_backbone_is_paid_only_for_what_it_is_worth() -> None:
    """Coordination costs 30 + 5; with 34 left the synergy does not pay."""
    tables: dict[str, Any] = {
        "interventions": [does("x", 10, 1), does("y", 10, 1)],
        "synergies": [{"id": "s", "between": ["x", "y"], "adds": {"k": 7}, "backbone": True}],
        "backbones": [{"partner": "p", "cost": 30, "cost_per_synergy": 5}],
    }
    enough = found(partners=[partner("p", 55)], **tables)
    assert (enough.goals, enough.cost) == ({"value": 9 * UNIT}, 55_00)
    short = found(partners=[partner("p", Decimal("54.99"))], **tables)
    assert (short.goals, short.cost) == ({"value": 2 * UNIT}, 20_00)


FUND = {"id": "f", "partner": "p", "amount": 100}


@pytest.mark.parametrize(
    ("budget", "fund", "worth"),
    [
        (50, {}, 1),
        (0, {"max_share": Decimal("0.999999")}, 0),
        (1, {"max_share": Decimal("0.99")}, 1),
        (50, {"match": {"with": ["budget:p"], "ratio": 1}}, 1),
        (Decimal("49.99"), {"match": {"with": ["budget:p"], "ratio": 1}}, 0),
        (100, {"min_spend": Decimal("99.99")}, 1),
        (100, {"amount": {}, "min_spend": 0}, 1),
        (0, {"pays_for": {"interventions": ["y"]}}, 0),
    ],
)
def test_money_to_the_cent(budget: Any, fund: dict[str, Any], worth: int) -> None:
    """One intervention for 100: is it paid?"""
    answer = found(
        partners=[partner("p", budget)],
        funds=[{**FUND, **fund}],
        interventions=[does("x", 100, 1), does("y", 1000, 0)],
    )
    assert answer.goals == {"value": worth * UNIT}


@pytest.mark.parametrize(("carry_over", "worth"), [(True, 1), (False, 0)])
def test_what_a_period_leaves_is_spent_later_only_where_it_may(carry_over: bool, worth: int) -> None:
    fund = {"id": "f", "partner": "p", "amount": {"1": 60, "2": 40}, "carry_over": carry_over}
    answer = found(
        periods=["1", "2"],
        partners=[partner("p", 0)],
        funds=[fund],
        interventions=[does("x", 100, 1, cost_profile=[Decimal("0.5"), Decimal("0.5")])],
        capabilities=[can("p", "x", periods=["1"])],
    )
    assert answer.goals == {"value": worth * UNIT}
