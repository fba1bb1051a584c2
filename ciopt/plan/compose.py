"""From decisions to a plan: everything that follows from them, in exact arithmetic, from the words alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from ciopt.instance.base import MAX_FRACTION_DIGITS, OWN_BUDGET, micro
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.effects import Assigned, SynergyInstance, synergy_effect
from ciopt.instance.fairness import shares
from ciopt.instance.goals import counted_value, counts_otherwise, goal_values, rounded
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import from_minor, to_minor
from ciopt.instance.options import cost, impact, uses
from ciopt.instance.records import Backbone, Fund, Indicator, Partner
from ciopt.instance.risk import reserve
from ciopt.instance.value import (
    Movement,
    Outcome,
    by_activity,
    missing,
    outcome,
    target_total,
    value,
)
from ciopt.plan.records import (
    Assignment,
    ChosenBackbone,
    FundResult,
    IndicatorResult,
    MemberResult,
    PaidSynergy,
    PartnerResult,
    Payment,
    Plan,
    TargetResult,
)

VALUE_DIGITS = 2 * MAX_FRACTION_DIGITS


def decimal(amount: int, digits: int = MAX_FRACTION_DIGITS) -> Decimal:
    """Return an integer of 10^-digits as an exact decimal (`Decimal.scaleb` would round to 28 digits)."""
    return Decimal(f"{amount}e-{digits}")


@dataclass(frozen=True)
class Composed:
    """Decisions and what follows from them, added up once for whoever needs it again.

    Parameters
    ----------
    lookup
        Of the instance that all follows from, with its scenario applied.
    plan
        As `compose` makes it.
    """

    lookup: Lookup
    choices: Choices
    found: Outcome
    plan: Plan

    @classmethod
    def of(cls, lookup: Lookup, choices: Choices) -> Composed:
        """Add up what some decisions come to."""
        found = outcome(lookup, choices)
        return cls(lookup, choices, found, compose(lookup, choices, found))


def compose(lookup: Lookup, choices: Choices, found: Outcome | None = None) -> Plan:
    """Make the plan of some decisions: amounts, totals, who pays; without status, bound and stamp.

    Parameters
    ----------
    lookup
        The instance, with its scenario applied.
    choices
        Options, payments and carried synergies. They are taken as they are: `ciopt.verify` judges them.
    found
        What they come to, of a caller that has added it up already.
    """
    found = found or outcome(lookup, choices)
    currency = lookup.instance.currency
    # indexed once: looked up anew for each synergy, partner and fund, large plans would take hours
    assigned = by_activity(choices.options)
    carriers = {label: partner for partner, labels in choices.backbones.items() for label in labels}
    done: dict[str, list[Option]] = {}
    for option in choices.options:
        done.setdefault(option.partner, []).append(option)
    paid_by: Counter[str] = Counter()
    for paid in choices.payments:
        paid_by[paid.fund] += paid.amount
    paying, moved, spent = found.paying, found.moved, found.spent
    return Plan(
        status="feasible",
        objective=objective(lookup, choices, found),
        value=decimal(value(lookup, moved), VALUE_DIGITS),
        counted=counted(lookup, choices),
        cost=from_minor(spent, currency),
        reserve=None if (more := reserve(lookup, choices)) is None else from_minor(more, currency),
        assignments=tuple(
            assignment(lookup, option) for option in sorted(choices.options, key=lambda each: each.id)
        ),
        payments=tuple(payment(lookup, paid) for paid in sorted(choices.payments)),
        synergies=tuple(paid_synergy(lookup, assigned, carriers, instance) for instance in paying),
        backbones=tuple(
            chosen_backbone(lookup, backbone, choices.backbones[backbone.partner])
            for backbone in sorted(lookup.instance.backbones, key=lambda each: each.partner)
            if backbone.partner in choices.backbones
        ),
        indicators=tuple(indicator_result(each, moved[each.id]) for each in lookup.instance.indicators),
        targets=target_results(lookup, moved),
        fairness=member_results(lookup, choices, moved),
        partners=tuple(
            partner_result(lookup, partner, done.get(partner.id, []), paid_by[OWN_BUDGET + partner.id])
            for partner in lookup.partners.values()
        ),
        funds=tuple(fund_result(lookup, fund, paid_by[fund.id]) for fund in lookup.funds.values()),
    )


def objective(lookup: Lookup, choices: Choices, found: Outcome) -> Decimal:
    """Worth of the agenda's first goal among value and cost: value less penalties, or cost plus penalties."""
    headline = next(goal for goal in lookup.instance.agenda.goals if goal in ("value", "cost"))
    worth = rounded(goal_values(lookup, choices, found)[headline])
    return decimal(worth if headline == "value" else -worth, VALUE_DIGITS)


def counted(lookup: Lookup, choices: Choices) -> Decimal | None:
    """What counts as value under risk or a dial; None where that is the central value."""
    if not counts_otherwise(lookup.instance.agenda):
        return None
    return decimal(rounded(counted_value(lookup, choices)), VALUE_DIGITS)


def member_results(
    lookup: Lookup, choices: Choices, moved: Mapping[str, Movement]
) -> tuple[MemberResult, ...]:
    """What every member gets of what must be fair."""
    fairness = lookup.instance.agenda.fairness
    if fairness is None:
        return ()
    sign = -1 if fairness.counts == "burden" else 1
    return tuple(
        MemberResult(
            id=each.member.id,
            outcome=decimal(sign * each.outcome, VALUE_DIGITS),
            attribute=None if fairness.per is None else decimal(each.member.attribute),
            per_unit=decimal(sign * each.per_unit),
            floor=None if each.floor is None else decimal(sign * each.floor),
        )
        for each in shares(lookup, choices, moved)
    )


def assignment(lookup: Lookup, option: Option) -> Assignment:
    """An option with what it costs and moves: the same record in all plans that share the tables of work."""
    known = lookup.facts.memo(assignment).get(option)
    if known is not None:
        return known
    made = Assignment(
        **option._asdict(),
        cost=from_minor(cost(lookup, option), lookup.instance.currency),
        impact={indicator: decimal(amount) for indicator, amount in impact(lookup, option).items()},
    )
    return lookup.facts.remember(assignment, option, made)


def payment(lookup: Lookup, paid: Paid) -> Payment:
    """A payment as a record, shared like an assignment."""
    known = lookup.facts.memo(payment).get(paid)
    if known is not None:
        return known
    made = Payment(
        fund=paid.fund,
        assignment=paid.paid_for,
        period=paid.period,
        amount=from_minor(paid.amount, lookup.instance.currency),
    )
    return lookup.facts.remember(payment, paid, made)


def paid_synergy(
    lookup: Lookup,
    assigned: Assigned,
    carriers: Mapping[tuple[str, str], str],
    instance: SynergyInstance,
) -> PaidSynergy:
    """A synergy with the assignments that are its members, what it adds, and which backbone carries it.

    Shared like an assignment between all plans in which the same options are its members.
    """
    members = tuple(
        assigned[activity] for member in instance.members for activity in member if activity in assigned
    )
    label = instance.synergy.id, instance.at
    key = label, members, carriers.get(label) if instance.synergy.backbone else None
    known = lookup.facts.memo(paid_synergy).get(key)
    if known is not None:
        return known
    return lookup.facts.remember(paid_synergy, key, _paid_synergy(lookup, instance, *key[1:]))


def _paid_synergy(
    lookup: Lookup, instance: SynergyInstance, members: tuple[Option, ...], backbone: str | None
) -> PaidSynergy:
    effect = synergy_effect(lookup, instance)
    return PaidSynergy(
        id=instance.synergy.id,
        at=instance.at,
        members=tuple(sorted(option.id for option in members)),
        partners=tuple(sorted({option.partner for option in members})),
        backbone=backbone,
        effect={indicator: decimal(amount) for indicator, amount in effect.items()},
        value=decimal(
            sum(micro(lookup.indicators[indicator].weight) * amount for indicator, amount in effect.items()),
            VALUE_DIGITS,
        ),
    )


def chosen_backbone(
    lookup: Lookup, backbone: Backbone, labels: tuple[tuple[str, str], ...]
) -> ChosenBackbone:
    """A backbone with what it carries, and its cost: cost + cost_per_synergy x synergies carried."""
    currency = lookup.instance.currency
    amount = to_minor(backbone.cost, currency) + len(labels) * to_minor(backbone.cost_per_synergy, currency)
    return ChosenBackbone(
        partner=backbone.partner,
        cost=from_minor(amount, currency),
        synergies=tuple(sorted(f"{synergy}@{at}" for synergy, at in labels)),
    )


def indicator_result(indicator: Indicator, movement: Movement) -> IndicatorResult:
    """An indicator's total, where it ends, and whether that meets its target (at most, if it should fall)."""
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


def partner_result(lookup: Lookup, partner: Partner, options: list[Option], spent: int) -> PartnerResult:
    """What a partner does, uses, and spends of its own budget (minor units)."""
    used: Counter[str] = Counter()
    if partner.capacity:
        for option in options:
            used.update(uses(lookup, option))
    return PartnerResult(
        id=partner.id,
        assignments=len(options),
        spent=from_minor(spent, lookup.instance.currency),
        budget=None if partner.budget is None else _total(partner.budget),
        capacity={resource: decimal(used[resource], VALUE_DIGITS) for resource in partner.capacity},
    )


def fund_result(lookup: Lookup, fund: Fund, spent: int) -> FundResult:
    """What a fund paid (minor units) of what it has."""
    return FundResult(
        id=fund.id,
        spent=from_minor(spent, lookup.instance.currency),
        amount=_total(fund.amount),
    )
