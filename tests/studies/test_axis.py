"""Whose money is varied, and the least of it that a plan's payments need."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest

from ciopt import solve
from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.studies.axis import Axis
from tests.models.small import can, does, instance, partner


def coalition(**fund: Any) -> Instance:
    """Two years; a fund of 30 and 10, and a partner with 7."""
    return instance(
        periods=["1", "2"],
        partners=[partner("p", 7), {"id": "giver", "roles": ["funding"]}],
        funds=[{"id": "f", "partner": "giver", "amount": {"1": 30, "2": 10}, **fund}],
        interventions=[does("x", 20, 4), does("y", 12, 1)],
        capabilities=[can("p", "x"), can("p", "y", periods=["2"])],
    )


def test_parts_keep_their_shares_and_never_shrink_as_the_amount_grows() -> None:
    made, axis = coalition(), Axis("fund", "f")
    assert axis.current(made) == 40_00
    assert axis.at(made, 40_00) == made
    parts = [axis.at(made, amount).funds[0].amount for amount in range(0, 50)]
    assert parts[40] == {"1": Decimal("0.30"), "2": Decimal("0.10")}
    assert parts[2] == {"1": Decimal("0.01"), "2": Decimal("0.00")}, "rounded down"
    for less, more in pairwise(parts):
        assert isinstance(less, dict)
        assert isinstance(more, dict)
        assert all(less[period] <= more[period] for period in less)


def test_all_money_is_funds_and_own_budgets_alike() -> None:
    made, axis = coalition(), Axis("funds")
    assert axis.current(made) == 47_00
    double = axis.at(made, 94_00)
    assert double.funds[0].amount == {"1": 60, "2": 20}
    assert double.partners[0].budget == 14
    assert double.partners[1].budget is None


def test_a_partner_without_a_budget_can_be_given_one() -> None:
    made = instance(partners=[{"id": "p", "roles": ["implementing"]}], interventions=[does("x", 5, 1)])
    axis = Axis("partner", "p")
    assert axis.current(made) == 0
    assert axis.at(made, 500).partners[0].budget == 5


def test_money_that_there_is_none_of_is_spread_evenly() -> None:
    made = coalition(amount={"1": 0})
    assert Axis("fund", "f").at(made, 9).funds[0].amount == {"1": Decimal("0.04"), "2": Decimal("0.04")}


@pytest.mark.parametrize(
    ("carry_over", "needed"),
    [
        # x in year 1 takes 20 of 30, so two thirds of 40; y in year 2 takes 5 of the fund beside the own 7
        (False, Decimal("26.67")),
        # with what year 1 leaves, 25 of 40 would do, if year 1 has its 20: two thirds again
        (True, Decimal("26.67")),
    ],
)
def test_the_least_that_a_plan_needs_is_exact(carry_over: bool, needed: Decimal) -> None:
    made, axis = coalition(carry_over=carry_over), Axis("fund", "f")
    made = made.model_copy(
        update={"interventions": made.interventions[:1], "capabilities": made.capabilities[:1]}
    )
    made = made.model_copy(
        update={"capabilities": (made.capabilities[0].model_copy(update={"periods": ("1",)}),)}
    )
    made = made.model_copy(
        update={"partners": (made.partners[0].model_copy(update={"budget": None}), made.partners[1])}
    )
    plan = solve(made)
    least = axis.needed(made, plan, 40_00)
    assert Decimal(least).scaleb(-2) == needed
    assert solve(axis.at(made, least)).value == plan.value
    assert solve(axis.at(made, least - 1)).value != plan.value


@pytest.mark.parametrize(
    ("axis", "said"),
    [
        (Axis("fund", "ff"), "no fund is called 'ff'; did you mean 'f'?"),
        (Axis("fund", "q"), "no fund is called 'q'; known: f"),
        (Axis("partner", "f"), "no partner is called 'f'"),
        (Axis("partner", "giver"), "giver does nothing that its own budget could pay for; its funds: f"),
    ],
)
def test_money_that_is_not_there_is_refused(axis: Axis, said: str) -> None:
    with pytest.raises(UsageError, match=said.replace("?", r"\?")):
        axis.check(coalition())
