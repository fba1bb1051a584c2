"""From decisions to a plan: everything that follows from them, in exact arithmetic, from the words alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from ciopt.instance.base import MAX_FRACTION_DIGITS, OWN_BUDGET, micro
from ciopt.instance.choices import Choices
from ciopt.instance.effects import SynergyInstance, synergy_effect
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import from_minor, to_minor
from ciopt.instance.options import cost, impact, uses
from ciopt.instance.records import Indicator
from ciopt.instance.value import (
    Movement,
    by_activity,
    goal_value,
    missing,
    movements,
    paying_synergies,
    target_total,
    total_cost,
    value,
)
from ciopt.plan.records import (
    Assignment,
    ChosenBackbone,
    FundResult,
    IndicatorResult,
    PaidSynergy,
    PartnerResult,
    Payment,
    Plan,
    TargetResult,
)

VALUE_DIGITS = 2 * MAX_FRACTION_DIGITS


def decimal(amount: int, digits: int = MAX_FRACTION_DIGITS) -> Decimal:
    """Return an integer of 10^-digits as an exact decimal."""
    return Decimal(amount).scaleb(-digits)


def compose(lookup: Lookup, choices: Choices) -> Plan:
    """Make the plan of some decisions: amounts, totals, who pays; without status, bound and stamp.

    Parameters
    ----------
    lookup
        The instance, with its scenario applied.
    choices
        Options, payments and carried synergies. They are taken as they are: `ciopt.verify` judges them.
    """
    currency = lookup.instance.currency
    assigned = by_activity(choices.options)
    paying = paying_synergies(lookup, choices)
    moved = movements(lookup, assigned, paying)
    spent = total_cost(lookup, choices)
    return Plan(
        status="feasible",
        objective=objective(lookup, moved, spent),
        value=decimal(value(lookup, moved), VALUE_DIGITS),
        cost=from_minor(spent, currency),
        assignments=tuple(
            assignment(lookup, option) for option in sorted(choices.options, key=lambda each: each.id)
        ),
        payments=tuple(
            Payment(
                fund=paid.fund,
                assignment=paid.paid_for,
                period=paid.period,
                amount=from_minor(paid.amount, currency),
            )
            for paid in sorted(choices.payments)
        ),
        synergies=tuple(paid_synergy(lookup, choices, instance) for instance in paying),
        backbones=tuple(
            chosen_backbone(lookup, partner, labels) for partner, labels in sorted(choices.backbones.items())
        ),
        indicators=tuple(indicator_result(each, moved[each.id]) for each in lookup.instance.indicators),
        targets=target_results(lookup, moved),
        partners=tuple(partner_result(lookup, choices, partner) for partner in lookup.partners),
        funds=tuple(fund_result(lookup, choices, fund) for fund in lookup.funds),
    )


def objective(lookup: Lookup, moved: Mapping[str, Movement], spent: int) -> Decimal:
    """Worth of the agenda's first goal among value and cost: value less penalties, or cost plus penalties."""
    headline = next(goal for goal in lookup.instance.agenda.goals if goal in ("value", "cost"))
    worth = goal_value(lookup, headline, moved, spent)
    return decimal(worth if headline == "value" else -worth, VALUE_DIGITS)


def assignment(lookup: Lookup, option: Option) -> Assignment:
    """An option with what it costs and moves."""
    return Assignment(
        **option._asdict(),
        cost=from_minor(cost(lookup, option), lookup.instance.currency),
        impact={indicator: decimal(amount) for indicator, amount in impact(lookup, option).items()},
    )


def paid_synergy(lookup: Lookup, choices: Choices, instance: SynergyInstance) -> PaidSynergy:
    """A synergy with the assignments that are its members, and what it adds."""
    assigned = by_activity(choices.options)
    members = [
        assigned[activity] for member in instance.members for activity in member if activity in assigned
    ]
    effect = synergy_effect(lookup, instance)
    label = instance.synergy.id, instance.at
    carriers = [partner for partner, labels in choices.backbones.items() if label in labels]
    return PaidSynergy(
        id=instance.synergy.id,
        at=instance.at,
        members=tuple(sorted(option.id for option in members)),
        partners=tuple(sorted({option.partner for option in members})),
        backbone=carriers[0] if carriers and instance.synergy.backbone else None,
        effect={indicator: decimal(amount) for indicator, amount in effect.items()},
        value=decimal(
            sum(micro(lookup.indicators[indicator].weight) * amount for indicator, amount in effect.items()),
            VALUE_DIGITS,
        ),
    )


def chosen_backbone(lookup: Lookup, partner: str, labels: tuple[tuple[str, str], ...]) -> ChosenBackbone:
    """A backbone with its cost and what it carries."""
    currency = lookup.instance.currency
    record = next(each for each in lookup.instance.backbones if each.partner == partner)
    amount = to_minor(record.cost, currency) + len(labels) * to_minor(record.cost_per_synergy, currency)
    return ChosenBackbone(
        partner=partner,
        cost=from_minor(amount, currency),
        synergies=tuple(sorted(f"{synergy}@{at}" for synergy, at in labels)),
    )


def indicator_result(indicator: Indicator, movement: Movement) -> IndicatorResult:
    """An indicator's total, where it ends, and whether that meets its target (from above if it should fall)."""
    attained = micro(indicator.baseline) + movement.total
    met = None
    if indicator.target is not None:
        above = attained - micro(indicator.target)
        met = above <= 0 if indicator.weight < 0 else above >= 0
    return IndicatorResult(
        id=indicator.id,
        total=decimal(movement.total),
        attained=decimal(attained),
        target=indicator.target,
        met=met,
    )


def target_results(lookup: Lookup, moved: Mapping[str, Movement]) -> tuple[TargetResult, ...]:
    """How each target of the agenda fares."""
    return tuple(
        TargetResult(
            number=number,
            indicator=target.indicator,
            total=decimal(target_total(lookup, target, moved)),
            missing=decimal(missing(lookup, target, moved)),
            met=missing(lookup, target, moved) == 0,
        )
        for number, target in enumerate(lookup.instance.agenda.targets)
    )


def _total(amount: Decimal | dict[str, Decimal]) -> Decimal:
    return amount if isinstance(amount, Decimal) else sum(amount.values(), Decimal(0))


def _spent(choices: Choices, fund: str) -> int:
    return sum(paid.amount for paid in choices.payments if paid.fund == fund)


def partner_result(lookup: Lookup, choices: Choices, partner: str) -> PartnerResult:
    """What a partner does, spends and uses."""
    record = lookup.partners[partner]
    options = [option for option in choices.options if option.partner == partner]
    used = [uses(lookup, option) for option in options]
    return PartnerResult(
        id=partner,
        assignments=len(options),
        spent=from_minor(_spent(choices, OWN_BUDGET + partner), lookup.instance.currency),
        budget=None if record.budget is None else _total(record.budget),
        capacity={
            resource: decimal(sum(each.get(resource, 0) for each in used), VALUE_DIGITS)
            for resource in record.capacity
        },
    )


def fund_result(lookup: Lookup, choices: Choices, fund: str) -> FundResult:
    """What a fund paid of what it has."""
    return FundResult(
        id=fund,
        spent=from_minor(_spent(choices, fund), lookup.instance.currency),
        amount=_total(lookup.funds[fund].amount),
    )
