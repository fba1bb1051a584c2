"""`requirements_of`: everything that a plan must keep and that its owner could change, each by its name.

A requirement is one thing somebody wrote down: a hard target, what a fund has in a period, a capacity, a
rule, a committed activity. Repairs change requirements, conflicts are sets of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ciopt.instance.agenda import Target
from ciopt.instance.base import MAX_FRACTION_DIGITS, OWN_BUDGET
from ciopt.instance.model import Instance
from ciopt.instance.money import minor_digits
from ciopt.instance.records import Fund, Partner
from ciopt.instance.rules import (
    AtLeastRule,
    AtMostRule,
    ExcludesRule,
    Filter,
    MustNotRule,
    MustRule,
    RequiresRule,
    Rule,
    TogetherRule,
)

Kind = Literal[
    "target",
    "max_cost",
    "floor",
    "reserve",
    "purse",
    "min_spend",
    "max_share",
    "match",
    "capacity",
    "activities",
    "backbone",
    "count",
    "rule",
    "must_not",
    "baseline",
]
RATIOS: tuple[Kind, ...] = ("max_share", "match", "floor", "reserve")
"""Requirements that no slack measures: they are lifted first, and then set as tight as can be."""
DROPPED: tuple[Kind, ...] = ("rule", "must_not", "baseline")
"""Requirements that hold or do not."""


@dataclass(frozen=True)
class Requirement:
    """One thing that a plan must keep.

    Parameters
    ----------
    kind
        What it is.
    path
        Where it stands, as a scenario's path: ``partners.mars.budget.2028``.
    name
        What people call it: "the budget of mars in 2028".
    key
        How it is told apart within its kind.
    limit
        The amount; None for a rule or a committed activity, and for a partner without a budget.
    is_least
        Whether the amount is a least one, which is met by lowering it.
    unit, digits
        Of the amount; it may have so many digits after the point.
    period
        The period that money or capacity is for.
    """

    kind: Kind
    path: str
    name: str
    key: str
    limit: Decimal | None = None
    is_least: bool = False
    unit: str = ""
    digits: int = 0
    period: str | None = None

    @property
    def is_dropped(self) -> bool:
        """Whether it can only be taken away."""
        return self.kind in DROPPED

    @property
    def sentence(self) -> str:
        """What it says."""
        if self.is_dropped:
            return self.name
        if self.limit is None:
            return f"{self.name}: none"
        most = "at least" if self.is_least else "at most"
        return f"{self.name}: {most} {self.limit:,f} {self.unit}".rstrip()


def requirements_of(instance: Instance) -> tuple[Requirement, ...]:
    """List every requirement, in the order of the tables."""
    return (
        *_agenda(instance),
        *_partners(instance),
        *_funds(instance),
        *_activities(instance),
        *_rules(instance),
        *_baseline(instance),
    )


def _agenda(instance: Instance) -> Iterator[Requirement]:
    digits = {each.id: each.unit for each in instance.indicators}
    for number, target in enumerate(instance.agenda.targets):
        if not target.soft:
            yield _target(target, number, digits[target.indicator])
    if instance.agenda.max_cost is not None:
        yield Requirement(
            "max_cost",
            "agenda.max_cost",
            "the cost of everything together",
            "",
            instance.agenda.max_cost,
            unit=instance.currency,
            digits=minor_digits(instance.currency),
        )
    yield from _floor(instance)
    risk = instance.agenda.risk
    if risk is not None and risk.cost_gamma:
        name = "the number of interventions whose overruns money is kept for"
        yield Requirement("reserve", "agenda.risk.cost_gamma", name, "", risk.cost_gamma, is_least=True)


def _floor(instance: Instance) -> Iterator[Requirement]:
    """What everybody is due; where it is said in two ways, it can only be dropped."""
    fairness, agenda = instance.agenda.fairness, instance.agenda
    if fairness is None or fairness.how != "floor" or "fairness" in agenda.goals:
        return
    is_burden = fairness.counts == "burden"
    said = {name: getattr(fairness, name) for name in ("share", "at_least", "at_most")}
    amounts = {name: amount for name, amount in said.items() if amount is not None}
    name = f"the fairness floor for {fairness.over}"
    if len(amounts) != 1:
        yield Requirement("floor", "agenda.fairness", name, "")
        return
    ((field, limit),) = amounts.items()
    unit = "of the mean" if field == "share" else ""
    is_least = not is_burden
    yield Requirement(
        "floor", f"agenda.fairness.{field}", name, field, limit, is_least, unit, MAX_FRACTION_DIGITS
    )


def _target(target: Target, number: int, unit: str) -> Requirement:
    is_least = target.at_least is not None
    field = "at_least" if is_least else "at_most"
    where = target.group or target.place
    said = f"the target {target.id}, {target.indicator}" if target.id else f"the target {target.indicator}"
    return Requirement(
        "target",
        f"agenda.targets.{target.id or number}.{field}",
        f"{said} in {where or 'all places'}",
        str(target.id or number),
        target.at_least if is_least else target.at_most,
        is_least,
        unit,
        MAX_FRACTION_DIGITS,
    )


def _partners(instance: Instance) -> Iterator[Requirement]:
    currency = instance.currency
    for partner in instance.partners:
        own = OWN_BUDGET + partner.id
        path, name = f"partners.{partner.id}.budget", f"the budget of {partner.id}"
        yield from _by_period("purse", path, name, own, partner.budget, currency, instance)
        yield from _limits(partner, instance)


def _limits(partner: Partner, instance: Instance) -> Iterator[Requirement]:
    """Capacities of a partner, and its number of activities."""
    for resource, capacity in partner.capacity.items():
        path = f"partners.{partner.id}.capacity.{resource}"
        name, key = f"{resource} of {partner.id}", f"{partner.id}.{resource}"
        yield from _by_period("capacity", path, name, key, capacity, resource, instance)
    if partner.max_activities is not None:
        path, most = f"partners.{partner.id}.max_activities", Decimal(partner.max_activities)
        name = f"the number of activities of {partner.id}"
        yield Requirement("activities", path, name, partner.id, most, unit="activities")


def _by_period(
    kind: Kind,
    path: str,
    name: str,
    key: str,
    amount: Decimal | dict[str, Decimal] | None,
    unit: str,
    instance: Instance,
) -> Iterator[Requirement]:
    """One requirement over the horizon, or one for each period."""
    digits = minor_digits(instance.currency) if kind == "purse" else MAX_FRACTION_DIGITS
    if not isinstance(amount, dict):
        yield Requirement(kind, path, name, key, amount, unit=unit, digits=digits)
        return
    for period in instance.periods:
        here, when = f"{path}.{period}", f"{name} in {period}"
        most = amount.get(period, Decimal(0))
        yield Requirement(kind, here, when, key, most, unit=unit, digits=digits, period=period)


def _funds(instance: Instance) -> Iterator[Requirement]:
    currency = instance.currency
    for fund in instance.funds:
        path, name = f"funds.{fund.id}.amount", f"the fund {fund.id}"
        yield from _by_period("purse", path, name, fund.id, fund.amount, currency, instance)
        yield from _conditions(fund, currency)


def _conditions(fund: Fund, currency: str) -> Iterator[Requirement]:
    if fund.min_spend:
        name = f"what fund {fund.id} must spend"
        path, digits = f"funds.{fund.id}.min_spend", minor_digits(currency)
        yield Requirement("min_spend", path, name, fund.id, fund.min_spend, True, currency, digits)
    if fund.max_share < 1:
        name = f"the share that fund {fund.id} pays of one assignment"
        path = f"funds.{fund.id}.max_share"
        yield Requirement("max_share", path, name, fund.id, fund.max_share, digits=MAX_FRACTION_DIGITS)
    if fund.match is not None:
        name = f"what fund {fund.id} pays for each {currency} of {', '.join(fund.match.with_)}"
        path, ratio = f"funds.{fund.id}.match.ratio", fund.match.ratio
        yield Requirement("match", path, name, fund.id, ratio, unit=currency, digits=MAX_FRACTION_DIGITS)


def _activities(instance: Instance) -> Iterator[Requirement]:
    """Numbers of activities of capabilities, and of synergies that backbones carry."""
    for number, capability in enumerate(instance.capabilities):
        if capability.max_activities is not None:
            path = f"capabilities.{capability.id or number}.max_activities"
            name = f"the number of times that {capability.partner} does {capability.intervention}"
            key = capability.id or f"{capability.partner}:{capability.intervention}"
            most = Decimal(capability.max_activities)
            yield Requirement("activities", path, name, key, most, unit="activities")
    for number, backbone in enumerate(instance.backbones):
        if backbone.capacity is not None:
            path = f"backbones.{backbone.id or number}.capacity"
            name = f"the synergies that backbone {backbone.partner} carries"
            most = Decimal(backbone.capacity)
            yield Requirement("backbone", path, name, backbone.partner, most, unit="synergies")


def _rules(instance: Instance) -> Iterator[Requirement]:
    for number, rule in enumerate(instance.rules):
        path, key = f"rules.{rule.id or number}", str(rule.id or number)
        name = f"rule {rule.id or number} ({_said(rule)})"
        if isinstance(rule, AtMostRule):
            most = Decimal(rule.at_most)
            yield Requirement("count", f"{path}.at_most", name, key, most, unit="activities")
        elif isinstance(rule, AtLeastRule):
            least = Decimal(rule.at_least)
            yield Requirement("count", f"{path}.at_least", name, key, least, True, "activities")
        else:
            yield Requirement("must_not" if isinstance(rule, MustNotRule) else "rule", path, name, key)


def _said(rule: Rule) -> str:
    """A rule in a few words."""
    if isinstance(rule, RequiresRule):
        before = " before it" if rule.requires.before else ""
        needs = " and ".join(rule.requires.needs)
        return f"{rule.requires.intervention} needs {needs}{before}, within {rule.requires.within}"
    if isinstance(rule, MustRule):
        return f"must: {_filter(rule.must)}"
    if isinstance(rule, MustNotRule):
        return f"must not: {_filter(rule.must_not)}"
    if isinstance(rule, ExcludesRule):
        return f"{' or '.join(rule.excludes)}, not both, within {rule.within}"
    if isinstance(rule, TogetherRule):
        return f"{' and '.join(rule.together)} only together, within {rule.within}"
    return f"{', '.join(rule.of)}, within {rule.within}"


def _filter(said: Filter) -> str:
    return ", ".join(f"{field} {value}" for field, value in said if value is not None)


def _baseline(instance: Instance) -> Iterator[Requirement]:
    for number, entry in enumerate(instance.baseline):
        if entry.status == "committed":
            when = f" in {entry.period}" if entry.period else ""
            name = f"the commitment of {entry.partner} to {entry.intervention} at {entry.place}{when}"
            yield Requirement(
                "baseline", f"baseline.{entry.id or number}.status", name, str(entry.id or number)
            )
