"""Why an instance has no plan, where arithmetic alone shows it: amounts first, in planners' words.

Each check compares the most that is possible with what is required. An empty answer does not mean that
there is a plan: the conflict then lies in how several requirements meet.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ciopt.instance import Lookup, Option
from ciopt.instance.base import MICRO, OWN_BUDGET, micro
from ciopt.instance.effects import synergy_effect, synergy_instances
from ciopt.instance.lookup import matches
from ciopt.instance.money import from_minor, to_minor
from ciopt.instance.options import cost, cost_by_period, impact, may_pay, uses
from ciopt.instance.records import BaselineActivity
from ciopt.instance.rules import AtLeastRule, Filter, MustRule


def reasons(lookup: Lookup) -> tuple[str, ...]:
    """Say every requirement that cannot be met on its own, with amounts."""
    options = list(lookup.options())
    return (
        *_committed_money(lookup),
        *_committed_uses(lookup),
        *_committed_rules(lookup),
        *_targets(lookup, options),
        *_counts(lookup, options),
        *_min_spend(lookup, options),
    )


def _money(lookup: Lookup, amount: int) -> str:
    return f"{from_minor(amount, lookup.instance.currency):,f} {lookup.instance.currency}"


def _number(amount: int) -> str:
    return f"{(Decimal(amount) / MICRO).normalize():,f}"


def _committed(lookup: Lookup) -> Iterator[tuple[BaselineActivity, list[Option]]]:
    """Committed entries and the options that each may be."""
    for entry in lookup.instance.baseline:
        if entry.status == "committed":
            said = Filter(**{name: getattr(entry, name) for name in Filter.model_fields})
            periods = lookup.instance.periods if entry.period is None else (entry.period,)
            levels = lookup.levels_of(entry.intervention) if entry.level is None else (entry.level,)
            options = (
                Option(entry.partner, entry.intervention, entry.place, period, level)
                for period in periods
                for level in levels
            )
            yield entry, [each for each in options if matches(said, each) and lookup.capability_of(each)]


def _available(lookup: Lookup, amount: object, period: str | None, carry_over: bool) -> int:
    """Most that a fund can pay in a period (None: in all)."""
    currency = lookup.instance.currency
    if isinstance(amount, Decimal):
        return to_minor(amount, currency)
    assert isinstance(amount, dict)
    last = len(lookup.periods) - 1 if period is None else lookup.periods[period]
    first = 0 if period is None or carry_over else last
    return sum(
        to_minor(part, currency) for when, part in amount.items() if first <= lookup.periods[when] <= last
    )


def _committed_money(lookup: Lookup) -> Iterator[str]:
    """What a partner has committed to costs more than its possible payers have."""
    by_partner: dict[str, list[list[Option]]] = {}
    for entry, options in _committed(lookup):
        by_partner.setdefault(entry.partner, []).append(options)
    for partner, commitments in by_partner.items():
        payers = [
            fund
            for fund in lookup.instance.funds
            if any(may_pay(fund, option) for options in commitments for option in options)
        ]
        budget = lookup.partners[partner].budget
        for period in (None, *lookup.periods):
            needed = sum(
                min(
                    cost_by_period(lookup, option).get(period, 0) if period else cost(lookup, option)
                    for option in each
                )
                for each in commitments
            )
            allowed = sum(_available(lookup, fund.amount, period, fund.carry_over) for fund in payers)
            if budget is not None:
                allowed += _available(lookup, budget, period, carry_over=False)
            if needed > allowed:
                names = [fund.id for fund in payers] + ([OWN_BUDGET + partner] if budget is not None else [])
                when = f" in {period}" if period else ""
                yield (
                    f"committed baseline of {partner} costs {_money(lookup, needed)}{when}, "
                    f"its funds ({', '.join(names) or 'none'}) allow {_money(lookup, allowed)}"
                )
                break


def _committed_uses(lookup: Lookup) -> Iterator[str]:
    """What a partner has committed to needs more of a resource, or more activities, than it may have."""
    for partner in lookup.instance.partners:
        commitments = [options for entry, options in _committed(lookup) if entry.partner == partner.id]
        if partner.max_activities is not None and len(commitments) > partner.max_activities:
            many = len(commitments)
            yield f"{partner.id} has committed to {many} activities and may do {partner.max_activities}"
        for resource, capacity in partner.capacity.items():
            total = capacity if isinstance(capacity, Decimal) else sum(capacity.values(), Decimal(0))
            needed = sum(
                min((uses(lookup, option).get(resource, 0) for option in options), default=0)
                for options in commitments
            )
            if needed > micro(total) * MICRO:
                yield (
                    f"committed baseline of {partner.id} uses {_number(needed // MICRO)} {resource}, "
                    f"its capacity is {total:,f}"
                )


def _committed_rules(lookup: Lookup) -> Iterator[str]:
    """A rule forbids what is committed, or asks for what nobody can do."""
    options = list(lookup.options())
    forbidden = [rule.must_not for rule in lookup.instance.rules if hasattr(rule, "must_not")]
    for entry, choices in _committed(lookup):
        if all(any(matches(said, option) for said in forbidden) for option in choices):
            what = f"{entry.intervention} at {entry.place}"
            yield f"{entry.partner} has committed to {what}, and a rule forbids it"
    for number, rule in enumerate(lookup.instance.rules):
        if isinstance(rule, MustRule) and not any(matches(rule.must, option) for option in options):
            said = ", ".join(f"{key} {value}" for key, value in rule.must if value is not None)
            yield f"rule {rule.id or number} asks for {said}, and no capability gives that"


def _targets(lookup: Lookup, options: list[Option]) -> Iterator[str]:
    """A hard target asks for more than everything together could move."""
    most: dict[tuple[str, str], int] = {}
    least: dict[tuple[str, str], int] = {}
    hard = [target for target in lookup.instance.agenda.targets if not target.soft]
    if not hard:
        return
    by_activity: dict[tuple[str, str], list[Mapping[str, int]]] = {}
    for option in options:
        by_activity.setdefault(option.activity, []).append(impact(lookup, option))
    for (_, place), impacts in by_activity.items():
        for indicator in lookup.indicators:
            amounts = [each.get(indicator, 0) for each in impacts]
            most[indicator, place] = most.get((indicator, place), 0) + max(0, *amounts)
            least[indicator, place] = least.get((indicator, place), 0) + min(0, *amounts)
    for instance in synergy_instances(lookup):
        for indicator, amount in synergy_effect(lookup, instance).items():
            bound = most if amount > 0 else least
            key = indicator, instance.places[0]
            bound[key] = bound.get(key, 0) + amount
    # Overlaps only take from what each one moves, up or down: the bounds hold with them too.
    for target in hard:
        places = _places(lookup, target.group, target.place)
        name = f"target {target.indicator} in {target.group or target.place or 'all places'}"
        up = sum(most.get((target.indicator, place), 0) for place in places)
        down = sum(least.get((target.indicator, place), 0) for place in places)
        if target.at_least is not None and up < micro(target.at_least):
            yield f"{name} is at least {target.at_least:,f}; all together move {_number(up)} at most"
        if target.at_most is not None and down > micro(target.at_most):
            yield f"{name} is at most {target.at_most:,f}; all together move {_number(down)} at least"


def _places(lookup: Lookup, group: str | None, place: str | None) -> Iterable[str]:
    if place is not None:
        return (place,)
    return lookup.groups[group] if group is not None else tuple(lookup.places)


def _counts(lookup: Lookup, options: list[Option]) -> Iterator[str]:
    """A rule asks for more activities than exist."""
    exist = {option.activity for option in options}
    for number, rule in enumerate(lookup.instance.rules):
        if isinstance(rule, AtLeastRule):
            for scope in lookup.scopes(rule.within):
                possible = sum((each, place) in exist for each in rule.of for place in scope.places)
                if possible < rule.at_least:
                    yield (
                        f"rule {rule.id or number} asks for {rule.at_least} of {', '.join(rule.of)} "
                        f"in {scope.name}, where {possible} can be done"
                    )


def _min_spend(lookup: Lookup, options: list[Option]) -> Iterator[str]:
    """A fund must spend more than all it may pay for could cost."""
    for fund in lookup.instance.funds:
        required = to_minor(fund.min_spend, lookup.instance.currency)
        if not required:
            continue
        dearest: dict[tuple[str, str], int] = {}
        for option in options:
            if may_pay(fund, option):
                dearest[option.activity] = max(dearest.get(option.activity, 0), cost(lookup, option))
        possible = min(sum(dearest.values()), _available(lookup, fund.amount, None, carry_over=True))
        if possible < required:
            amounts = f"{_money(lookup, required)} and can spend {_money(lookup, possible)} at most"
            yield f"{fund.id} must spend {amounts}"
