"""The payments that the oracle finds or denies, against all payments there are, where these are few."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from itertools import product
from typing import Any

import pytest

from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.money import to_minor
from ciopt.instance.options import cost_by_period, may_pay, participation_cost
from ciopt.verification.money import check_money
from tests.models.small import does, instance, partner
from tests.oracle.payments import can_be_paid

PERIODS = ["1", "2"]
Slot = tuple[str, str, str]
"""Fund, what is paid, period."""


def drawn(seed: int) -> Instance:
    """Two partners, two interventions, one or two funds; all amounts are a few francs."""
    draw = random.Random(seed)

    def amount(most: int) -> Any:
        said = {period: draw.randint(0, most) for period in PERIODS if draw.random() < 0.8}
        return said if draw.random() < 0.5 else draw.randint(0, most)

    def fund(name: str, other: str) -> dict[str, Any]:
        record: dict[str, Any] = {"id": name, "partner": "p", "amount": amount(6)}
        record["carry_over"] = draw.random() < 0.5
        if draw.random() < 0.5:
            record["max_share"] = Decimal(draw.choice(("0.5", "0.34", "0.8")))
        if draw.random() < 0.5:
            named = draw.sample(["budget:p", "budget:q", other], draw.randint(1, 2))
            record["match"] = {"with": named, "ratio": Decimal(draw.choice(("0.5", "1", "2", "0.333333")))}
        if draw.random() < 0.3:
            record["min_spend"] = draw.randint(0, 3)
        if draw.random() < 0.3:
            record["pays_for"] = {"interventions": ["x"]}
        return record

    def owner(name: str) -> dict[str, Any]:
        record = partner(name, amount(9), participation_cost=draw.choice((0, 0, 1, 2)))
        if draw.random() < 0.15:
            del record["budget"]
        return record

    profile = [Decimal("0.5"), Decimal("0.5")] if draw.random() < 0.5 else [Decimal(1)]
    return instance(
        currency="XOF",
        periods=PERIODS,
        partners=[owner("p"), owner("q")],
        funds=[fund("f", "g"), fund("g", "f")],
        interventions=[does(name, draw.randint(0, 4), 1, cost_profile=profile) for name in ("x", "y")],
        backbones=[{"partner": "q", "cost": draw.choice((0, 1, 2))}],
    )


def all_payments(lookup: Lookup, plan: Choices) -> Iterator[Choices]:
    """All ways to pay to the franc what is due, when it is due, by whoever may; other rules aside."""
    ways = [list(_split(due, slots)) for due, slots in _due(lookup, plan)]
    for parts in product(*ways):
        yield Choices(plan.options, tuple(paid for part in parts for paid in part), plan.backbones)


def _due(lookup: Lookup, plan: Choices) -> Iterator[tuple[int, list[Slot]]]:
    """Amounts, and who may pay them when."""
    budgets = {
        each: [OWN_BUDGET + each] if p.budget is not None else [] for each, p in lookup.partners.items()
    }
    for option in plan.options:
        funds = [fund.id for fund in lookup.instance.funds if may_pay(fund, option)]
        for period, due in cost_by_period(lookup, option).items():
            yield due, [(payer, option.id, period) for payer in (*budgets[option.partner], *funds)]
    fees = {option.partner: participation_cost(lookup, option.partner) for option in plan.options}
    items = {(f"participation:{owner}", owner): fee for owner, fee in fees.items()}
    for backbone in lookup.instance.backbones:
        if backbone.partner in plan.backbones:
            fee = to_minor(backbone.cost, lookup.instance.currency)
            items[f"backbone:{backbone.partner}", backbone.partner] = fee
    for (item, owner), due in items.items():
        yield due, [(payer, item, period) for payer in budgets[owner] for period in lookup.instance.periods]


def _split(due: int, among: list[Slot]) -> Iterator[tuple[Paid, ...]]:
    """All ways to split an amount in whole units."""
    if not among:
        yield from [] if due else [()]
        return
    for part in range(due + 1) if among[1:] else (due,):
        first = (Paid(*among[0], part),) if part else ()
        for others in _split(due - part, among[1:]):
            yield (*first, *others)


@pytest.mark.parametrize("seed", range(120))
def test_a_plan_can_be_paid_if_some_payments_break_no_rule(seed: int) -> None:
    """One assignment of each partner, and half the time coordination; judged by verification."""
    lookup = Lookup(drawn(seed))
    options = (Option("p", "x", "a", "1"), Option("q", "y", "a", PERIODS[seed % 2]))
    is_coordinated = seed % 4 < 2
    plan = Choices(options, (), {"q": ()} if is_coordinated else {})
    coordination = {"q": to_minor(lookup.instance.backbones[0].cost, "XOF")} if is_coordinated else {}
    exists = any(not list(check_money(lookup, paid)) for paid in all_payments(lookup, plan))
    assert can_be_paid(lookup, options, coordination) == exists


def test_the_small_sums_are_paid_often_and_often_not() -> None:
    """Both answers are met, or the test above says nothing."""
    options = (Option("p", "x", "a", "1"), Option("q", "y", "a", "1"))
    paid = sum(can_be_paid(Lookup(drawn(seed)), options, {}) for seed in range(120))
    assert 30 <= paid <= 90, paid
