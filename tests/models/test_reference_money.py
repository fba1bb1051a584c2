"""Money, checked by hand: funds by period, shares, matches, least spending, to the cent."""

from __future__ import annotations

from decimal import Decimal

import pytest

from models import solve
from tests.models.small import answer, can, does, instance, optimum, partner

POOR = partner("p", None)
TWO = [{"id": "a"}, {"id": "b"}]


def test_fund_by_period_and_carry_over() -> None:
    """50 a period: r costs 60 at once, so it needs what period 1 leaves."""
    for carry_over, best in ((False, 0), (True, 1)):
        fund = {"id": "f", "partner": "p", "amount": {"1": 50, "2": 50}, "carry_over": carry_over}
        made = instance(periods=["1", "2"], partners=[POOR], funds=[fund], interventions=[does("r", 60, 1)])
        assert optimum(made) == best


def test_carry_over_does_not_borrow() -> None:
    """60 needed, and there in period 2 only: r counts only if it starts in 1 (lag 1)."""
    fund = {"id": "f", "partner": "p", "amount": {"2": 60}, "carry_over": True}
    made = instance(
        periods=["1", "2"], partners=[POOR], funds=[fund], interventions=[does("r", 60, 1, lag=1)]
    )
    assert optimum(made) == 0


def test_cost_profile_spreads_to_the_cent() -> None:
    """1.00 in thirds: 34 + 33 + 33 cents by largest remainders; past the horizon falls in the last period."""
    profile = [0.333333, 0.333333, 0.333334]
    for budget, best in (
        ({"1": 0.33, "2": 0.67}, 1),
        ({"1": 0.33, "2": 0.66}, 0),
        ({"1": 0.34, "2": 0.66}, 0),
    ):
        made = instance(
            periods=["1", "2"],
            partners=[partner("p", budget)],
            interventions=[does("r", 1, 1, cost_profile=profile)],
            capabilities=[can("p", "r", periods=["1"])],
        )
        assert optimum(made) == best


def test_pays_for() -> None:
    """The fund pays for r at b by anybody: of four activities one is affordable."""
    fund = {"id": "f", "partner": "p", "amount": 99, "pays_for": {"interventions": ["r"], "places": ["b"]}}
    made = instance(
        places=TWO, partners=[POOR], funds=[fund], interventions=[does("r", 1, 1), does("t", 1, 1)]
    )
    assert answer(made)[3] == ["p/r/b/all"]


def test_a_budget_pays_its_owner_only() -> None:
    """q is rich and p is poor: p's work is not paid."""
    made = instance(
        partners=[POOR, partner("q")], interventions=[does("r", 1, 1)], capabilities=[can("p", "r")]
    )
    assert optimum(made) == 0


def test_max_share_is_rounded_down_to_the_cent() -> None:
    """Half of 0.05 is 0.025: the fund pays 2 cents at most, the budget needs 3."""
    fund = {"id": "f", "partner": "p", "amount": 10, "max_share": 0.5}
    for budget, best in ((0.03, 1), (0.02, 0)):
        made = instance(partners=[partner("p", budget)], funds=[fund], interventions=[does("r", 0.05, 1)])
        assert optimum(made) == best


def test_match_counts_all_periods_together() -> None:
    """f matches g 2:1. 90 = 60 + 30, though g has money in period 1 and f in period 2 only."""
    for amount, best in ((30, 1), (29.99, 0)):
        funds = [
            {"id": "f", "partner": "p", "amount": {"2": 100}, "match": {"with": ["g"], "ratio": 2}},
            {"id": "g", "partner": "p", "amount": {"1": amount}},
        ]
        made = instance(
            periods=["1", "2"],
            partners=[POOR],
            funds=funds,
            interventions=[does("r", 90, 1, cost_profile=[0.333334, 0.666666])],
            capabilities=[can("p", "r", periods=["1"])],
        )
        assert optimum(made) == best


def test_match_with_an_own_budget() -> None:
    """The fund gives half a cent per cent of p's own: of 0.05 it pays 1, for 1.5 cents are not a payment."""
    fund = {"id": "f", "partner": "q", "amount": 10, "match": {"with": ["budget:p"], "ratio": 0.5}}
    for budget, best in ((0.04, 1), (0.03, 0)):
        made = instance(
            partners=[partner("p", budget), partner("q", 10)],
            funds=[fund],
            interventions=[does("r", 0.05, 1)],
            capabilities=[can("p", "r")],
        )
        assert optimum(made) == best


def test_min_spend_forces_a_harmful_activity() -> None:
    """The fund must spend 5 and pays for t only, which costs 5 and loses 1."""
    fund = {"id": "f", "partner": "p", "amount": 10, "min_spend": 5, "pays_for": {"interventions": ["t"]}}
    made = instance(funds=[fund], interventions=[does("r", 5, 3), does("t", 5, -1)])
    assert answer(made) == ("optimal", {"value": 2}, 10, ["p/r/a/all", "p/t/a/all"])


def test_min_spend_without_use_is_infeasible() -> None:
    fund = {"id": "f", "partner": "p", "amount": 10, "min_spend": 5}
    assert answer(instance(funds=[fund]))[0] == "infeasible"


def test_participation_may_be_paid_in_parts() -> None:
    """6 + 4 in two periods pay for participation of 10."""
    made = instance(
        periods=["1", "2"],
        partners=[partner("p", {"1": 6, "2": 4}, participation_cost=10)],
        interventions=[does("r", 0, 1)],
    )
    result = solve(made)
    assert [option.intervention for option in result.options] == ["r"]
    assert sum(paid.amount for paid in result.choices.payments) == 1000
    assert {paid.paid_for for paid in result.choices.payments} == {"participation:p"}


@pytest.mark.parametrize("short", [Decimal(0), Decimal("0.01")])
def test_large_sums_to_the_cent(short: Decimal) -> None:
    """Three costs of about two million, with exactly the money for all, or a cent less."""
    costs = [Decimal("2000000.01"), Decimal("1999999.98"), Decimal("2345678.91")]
    made = instance(
        partners=[partner("p", sum(costs) - short)],
        interventions=[
            does(name, cost, gain) for name, cost, gain in zip("xyz", costs, (5, 4, 6), strict=True)
        ],
    )
    assert optimum(made) == (15 if not short else 11)
