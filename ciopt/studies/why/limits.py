"""The limits that an assignment counts against: money, capacities, numbers, rules, total cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from ciopt.instance import Option
from ciopt.instance.base import OWN_BUDGET, Amount
from ciopt.instance.money import from_minor
from ciopt.instance.options import cost, uses
from ciopt.instance.rules import AtMostRule
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.studies.why.ground import Ground
from ciopt.studies.why.records import LimitUse


def limits(ground: Ground, option: Option) -> tuple[LimitUse, ...]:
    """Return every limit that the assignment counts against, with what the plan leaves of it."""
    return (
        *_money(ground, option),
        *_capacities(ground, option),
        *_numbers(ground, option),
        *_rules(ground, option),
        *_total_cost(ground, option),
    )


def _money(ground: Ground, option: Option) -> Iterator[LimitUse]:
    """Funds and budgets that pay for it; by period, where what is left in one is lost."""
    currency = ground.instance.currency
    paid = [each for each in ground.choices.payments if each.paid_for == option.id]
    for fund in dict.fromkeys(each.fund for each in paid):
        record = ground.lookup.funds.get(fund)
        amount = (
            ground.lookup.partners[fund.removeprefix(OWN_BUDGET)].budget if record is None else record.amount
        )
        assert amount is not None
        whole = isinstance(amount, Decimal) or (record is not None and record.carry_over)
        for period in (None,) if whole else dict.fromkeys(each.period for each in paid if each.fund == fund):

            def of(payments: Iterable[object], fund: str = fund, period: str | None = period) -> Decimal:
                own = (
                    each.amount  # type: ignore[attr-defined]
                    for each in payments
                    if each.fund == fund and period in (None, each.period)  # type: ignore[attr-defined]
                )
                return from_minor(sum(own), currency)

            yield LimitUse(
                kind="money",
                id=fund,
                period=period,
                takes=of(paid),
                used=of(ground.choices.payments),
                limit=_of_period(amount, period),
            )


def _capacities(ground: Ground, option: Option) -> Iterator[LimitUse]:
    """Resources of its partner, by start period where they are given so."""
    partner = ground.lookup.partners[option.partner]
    mine = [each for each in ground.choices.options if each.partner == option.partner]
    takes = uses(ground.lookup, option)
    for resource, capacity in partner.capacity.items():
        if takes.get(resource):
            period = None if isinstance(capacity, Decimal) else option.period
            others = (each for each in mine if period in (None, each.period))
            used = sum(uses(ground.lookup, each).get(resource, 0) for each in others)
            yield LimitUse(
                kind="capacity",
                id=f"{partner.id}.{resource}",
                period=period,
                takes=decimal(takes[resource], VALUE_DIGITS),
                used=decimal(used, VALUE_DIGITS),
                limit=_of_period(capacity, period),
            )


def _numbers(ground: Ground, option: Option) -> Iterator[LimitUse]:
    """Most activities of its partner, and under its capability."""
    lookup = ground.lookup
    partner, capability = lookup.partners[option.partner], lookup.capability_of(option)
    assert capability is not None
    mine = [each for each in ground.choices.options if each.partner == option.partner]
    if partner.max_activities is not None:
        yield _count("activities", partner.id, len(mine), partner.max_activities)
    if capability.max_activities is not None:
        alike = sum(lookup.capability_of(each) is capability for each in mine)
        name = capability.id or f"{partner.id}: {option.intervention}"
        yield _count("activities", name, alike, capability.max_activities)


def _rules(ground: Ground, option: Option) -> Iterator[LimitUse]:
    """Rules that allow at most so many, wherever it is one of them."""
    done = {each.activity for each in ground.choices.options}
    for number, rule in enumerate(ground.instance.rules):
        if isinstance(rule, AtMostRule) and option.intervention in rule.of:
            for scope in ground.lookup.scopes(rule.within):
                if option.place in scope.places:
                    count = sum((each, place) in done for each in rule.of for place in scope.places)
                    name = f"{rule.id or f'rule {number}'}: {', '.join(rule.of)} in {scope.name}"
                    yield _count("rule", name, count, rule.at_most)


def _total_cost(ground: Ground, option: Option) -> Iterator[LimitUse]:
    most = ground.instance.agenda.max_cost
    if most is not None and ground.plan.cost is not None:
        takes = from_minor(cost(ground.lookup, option), ground.instance.currency)
        yield LimitUse(kind="cost", id="total cost", takes=takes, used=ground.plan.cost, limit=most)


def _count(kind: str, name: str, used: int, limit: int) -> LimitUse:
    return LimitUse(
        kind="rule" if kind == "rule" else "activities",
        id=name,
        takes=Decimal(1),
        used=Decimal(used),
        limit=Decimal(limit),
    )


def _of_period(amount: Amount, period: str | None) -> Decimal:
    """Return what there is in a period, or in all."""
    if isinstance(amount, Decimal):
        return amount
    return sum(amount.values(), Decimal(0)) if period is None else amount.get(period, Decimal(0))
