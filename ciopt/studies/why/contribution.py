"""What an assignment does in its plan: everything here is arithmetic on the plan, nothing is solved.

Crossed out, with nothing in its place, it changes indicator k's total by

    moved_k = impact_k + overlaps_k + Σ effect_k of the synergies that would not arise without it
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ciopt.instance import Option
from ciopt.instance.base import OWN_BUDGET, micro
from ciopt.instance.money import from_minor, to_minor
from ciopt.instance.options import impact
from ciopt.instance.value import Movement, by_activity, movements, paying_synergies, target_total, value
from ciopt.plan import Plan
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.studies.why.ground import Ground
from ciopt.studies.why.records import IndicatorMove, Payer, SynergyPart, TargetServed
from ciopt.verification.rules import check_rules, check_targets


class Contribution(NamedTuple):
    """What is moved and what would be broken without an assignment."""

    moves: tuple[IndicatorMove, ...]
    value: Decimal
    synergies: tuple[SynergyPart, ...]
    targets: tuple[TargetServed, ...]
    breaks: tuple[str, ...]


def contribution(ground: Ground, option: Option) -> Contribution:
    """Compare the plan with the same plan, one assignment crossed out."""
    lookup, rest = ground.lookup, ground.without(option)
    paying = paying_synergies(lookup, ground.choices)
    remaining = paying_synergies(lookup, rest)
    before = movements(lookup, by_activity(ground.choices.options), paying)
    after = movements(lookup, by_activity(rest.options), remaining)
    left = {(each.synergy.id, each.at) for each in remaining}
    synergies = tuple(
        SynergyPart(
            id=each.id,
            at=each.at,
            members=each.members,
            backbone=each.backbone,
            effect=each.effect,
            value=each.value,
            needs_it=(each.id, each.at) not in left,
        )
        for each in ground.plan.synergies
        if option.id in each.members
    )
    broken = (*check_rules(lookup, rest), *check_targets(lookup, after))
    return Contribution(
        tuple(_moves(ground, option, before, after, synergies)),
        decimal(value(lookup, before) - value(lookup, after), VALUE_DIGITS),
        synergies,
        tuple(_targets(ground, before, after)),
        (*(each.message for each in broken), *_unspent(ground, option)),
    )


def payers(ground: Ground, plan: Plan, option_id: str) -> tuple[Payer, ...]:
    """Say which funds pay for an assignment, the largest payment first."""
    amounts: dict[str, dict[str, Decimal]] = {}
    for each in plan.payments:
        if each.assignment == option_id:
            by_period = amounts.setdefault(each.fund, {})
            by_period[each.period] = by_period.get(each.period, Decimal(0)) + each.amount
    found = [_payer(ground, fund, by_period) for fund, by_period in amounts.items()]
    return tuple(sorted(found, key=lambda each: (-each.amount, each.fund)))


def _payer(ground: Ground, fund: str, by_period: dict[str, Decimal]) -> Payer:
    own = fund.startswith(OWN_BUDGET)
    record = None if own else ground.lookup.funds[fund]
    return Payer(
        fund=fund,
        owner=fund.removeprefix(OWN_BUDGET) if record is None else record.partner,
        amount=sum(by_period.values(), Decimal(0)),
        by_period={period: by_period[period] for period in ground.instance.periods if period in by_period},
        max_share=None if record is None or record.max_share >= 1 else record.max_share,
    )


def _moves(
    ground: Ground,
    option: Option,
    before: dict[str, Movement],
    after: dict[str, Movement],
    synergies: tuple[SynergyPart, ...],
) -> Iterator[IndicatorMove]:
    own = impact(ground.lookup, option)
    for indicator in ground.instance.indicators:
        alone = own.get(indicator.id, 0)
        total = before[indicator.id].total - after[indicator.id].total
        added = sum(micro(each.effect.get(indicator.id, Decimal(0))) for each in synergies if each.needs_it)
        if alone or total or added:
            yield IndicatorMove(
                id=indicator.id,
                unit=indicator.unit,
                alone=decimal(alone),
                overlaps=decimal(total - alone - added),
                synergies=decimal(added),
                total=decimal(total),
            )


def _targets(
    ground: Ground, before: dict[str, Movement], after: dict[str, Movement]
) -> Iterator[TargetServed]:
    for target in ground.instance.agenda.targets:
        total = target_total(ground.lookup, target, before)
        without = target_total(ground.lookup, target, after)
        if total != without:
            where = target.place or target.group
            yield TargetServed(
                name=target.id or target.indicator + (f" in {where}" if where else ""),
                at_least=target.at_least,
                at_most=target.at_most,
                total=decimal(total),
                without=decimal(without),
            )


def _unspent(ground: Ground, option: Option) -> Iterator[str]:
    """Funds that must spend so much, and would not if the assignment were crossed out."""
    currency = ground.instance.currency
    for fund in ground.instance.funds:
        required = to_minor(fund.min_spend, currency)
        paid = [each for each in ground.choices.payments if each.fund == fund.id]
        spent = sum(each.amount for each in paid if each.paid_for != option.id)
        if spent < required and any(each.paid_for == option.id for each in paid):
            amounts = f"{fund.min_spend:,f} {currency} and would spend {from_minor(spent, currency):,f}"
            yield f"{fund.id} must spend {amounts}"
