"""`tightened`: limits that some plan uses up to the last unit, or that are a unit short of it.

Floats forgive a cent and a millionth; the format does not. In instances drawn at random limits are rarely
that close, so some are moved there.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ciopt.instance import Instance, Lookup, Option, parse
from ciopt.instance.amounts import PICO
from ciopt.instance.base import MAX_FRACTION_DIGITS
from ciopt.instance.money import from_minor, minor_digits
from ciopt.instance.options import cost, cost_by_period, may_pay, participation_cost, uses
from ciopt.instance.value import by_activity, movements, target_total
from tests.oracle.drawing import Draw, Record

SHORT = (0, 0, 1)
"""Units that a limit lacks."""


def tightened(instance: Instance, draw: Draw) -> Instance:
    """Move budgets, funds, capacities and targets to what some assignments need."""
    lookup = Lookup(instance)
    data = instance.to_data()
    plan = _some_assignments(lookup, draw)
    for record in data["partners"]:
        own = [option for option in plan if option.partner == record["id"]]
        if own and "budget" in record and draw.chance(0.8):
            record["budget"] = _money(lookup, draw, record["budget"], own)
        for resource in record.get("capacity", ()) if draw.chance(0.6) else ():
            used = sum(uses(lookup, option).get(resource, 0) for option in own)
            amount = _number(Decimal(used) / PICO)
            record["capacity"][resource] = max(Decimal(0), amount - _millionths(draw.choice(SHORT)))
    for record, fund in zip(data.get("funds", ()), instance.funds, strict=True):
        paid = [option for option in plan if may_pay(fund, option)]
        if paid and draw.chance(0.3):
            record["amount"] = _money(lookup, draw, record["amount"], paid, with_participation=False)
    _move_targets(lookup, draw, data, plan)
    return parse(data)


def _some_assignments(lookup: Lookup, draw: Draw) -> list[Option]:
    """One option each of about half the activities."""
    ways: dict[tuple[str, str], list[Option]] = {}
    for option in lookup.options():
        ways.setdefault(option.activity, []).append(option)
    return [draw.choice(options) for options in ways.values() if draw.chance(0.6)]


def _money(
    lookup: Lookup, draw: Draw, said: Any, plan: Iterable[Option], with_participation: bool = True
) -> Any:
    """What a plan costs, in all or by period as was said, or a unit less."""
    currency = lookup.instance.currency
    plan = list(plan)
    fees = {option.partner for option in plan} if with_participation else set()
    extra = sum(participation_cost(lookup, partner) for partner in fees) - draw.choice(SHORT)
    if not isinstance(said, dict):
        return from_minor(max(0, sum(cost(lookup, option) for option in plan) + extra), currency)
    amounts = {period: 0 for period in lookup.instance.periods}
    for option in plan:
        for period, amount in cost_by_period(lookup, option).items():
            amounts[period] += amount
    latest = max((period for period in amounts if amounts[period]), default=lookup.instance.periods[-1])
    amounts[latest] = max(0, amounts[latest] + extra)
    return {period: from_minor(amount, currency) for period, amount in amounts.items()}


def _move_targets(lookup: Lookup, draw: Draw, data: Record, plan: Iterable[Option]) -> None:
    """Targets that the plan just meets, or misses by a millionth."""
    moved = movements(lookup, by_activity(plan), ())
    for record, target in zip(
        data.get("agenda", {}).get("targets", ()), lookup.instance.agenda.targets, strict=True
    ):
        if draw.chance(0.4):
            there = Decimal(target_total(lookup, target, moved)).scaleb(-MAX_FRACTION_DIGITS)
            beyond = _millionths(draw.choice(SHORT))
            if "at_least" in record:
                record["at_least"] = there + beyond
            else:
                record["at_most"] = there - beyond


def with_a_unit_more(instance: Instance) -> Instance:
    """Return the instance with one minor unit more in every budget and fund that it has."""
    unit = Decimal(1).scaleb(-minor_digits(instance.currency))
    data = instance.to_data()
    holders = [(record, "budget") for record in data["partners"] if "budget" in record]
    for record, key in [*holders, *((record, "amount") for record in data.get("funds", ()))]:
        said = record[key]
        record[key] = (
            {period: said[period] + unit for period in said} if isinstance(said, dict) else said + unit
        )
    return parse(data)


def _millionths(count: int) -> Decimal:
    return Decimal(count).scaleb(-MAX_FRACTION_DIGITS)


def _number(amount: Decimal) -> Decimal:
    """Cut to the digits that the format has."""
    return Decimal(int(amount.scaleb(MAX_FRACTION_DIGITS))).scaleb(-MAX_FRACTION_DIGITS)
