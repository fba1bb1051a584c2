"""What forbids an option, as far as arithmetic shows it: each obstacle alone is enough.

An empty answer does not mean that it is possible: a solve says that.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal

from ciopt.instance import Lookup, Option
from ciopt.instance.base import MICRO, micro
from ciopt.instance.lookup import matches
from ciopt.instance.money import from_minor, to_minor
from ciopt.instance.options import cost, may_pay, participation_cost, uses
from ciopt.instance.records import Capability
from ciopt.instance.rules import AtMostRule, Filter, MustNotRule, RequiresRule
from ciopt.studies.axis import Axis

_FEW = 6


def missing_option(lookup: Lookup, said: Filter) -> str:
    """Say why no capability gives what a filter asks for: the first word of it that nothing fits.

    Examples
    --------
    >>> missing_option(lookup, Filter(partner="mars", intervention="clinic"))  # doctest: +SKIP
    'no capability says that mars can do clinic; those who can: health-ministry'
    """
    partner = None if said.partner is None else lookup.partners[said.partner]
    if partner is not None and "implementing" not in partner.roles:
        roles = ", ".join(partner.roles) or "none"
        return (
            f"{partner.id} carries out nothing itself: it has not the role implementing (its roles: {roles})"
        )
    able = [each for some in lookup.capabilities.values() for each in some]
    who = said.partner or "whoever does it"
    what = said.intervention or "anything"
    steps: tuple[tuple[str | None, Callable[[Capability], Sequence[str]], Callable[[str], str]], ...] = (
        (said.intervention, lambda each: (each.intervention,), lambda _: f"nobody can do {what}"),
        (
            said.partner,
            lambda each: (each.partner,),
            lambda known: f"no capability says that {who} can do {what}; those who can: {known}",
        ),
        (
            said.place,
            lookup.places_of,
            lambda known: (
                f"{who} can do {what}, but not in {said.place}; only in {known}"
                if said.partner
                else f"nobody can do {what} in {said.place}; only in {known}"
            ),
        ),
        (
            said.period,
            lookup.periods_of,
            lambda known: f"{who} can start {what} there only in {known}, not in {said.period}",
        ),
        (
            said.level,
            lambda each: [level for level in lookup.levels_of(each.intervention) if level],
            lambda known: f"{what} has no level {said.level}; levels: {known or 'none'}",
        ),
    )
    for name, names_of, text in steps:
        fitting = [each for each in able if name is None or name in names_of(each)]
        if not fitting:
            return text(_some(dict.fromkeys(known for each in able for known in names_of(each))))
        able = fitting
    return f"no capability gives {who} {what} as asked for"


def obstacles(lookup: Lookup, option: Option) -> Iterator[str]:
    """Say everything that forbids an option on its own, with amounts."""
    yield from _rules(lookup, option)
    yield from _commitments(lookup, option)
    yield from _money(lookup, option)
    yield from _capacity(lookup, option)


def _rules(lookup: Lookup, option: Option) -> Iterator[str]:
    for number, rule in enumerate(lookup.instance.rules):
        name = f"rule {rule.id or number}"
        if isinstance(rule, MustNotRule) and matches(rule.must_not, option):
            said = " ".join(value for _, value in rule.must_not if value is not None)
            yield f"{name} forbids it: {said} must not be"
        elif isinstance(rule, AtMostRule) and rule.at_most == 0 and option.intervention in rule.of:
            if any(option.place in scope.places for scope in lookup.scopes(rule.within)):
                yield f"{name} allows none of {', '.join(rule.of)}"
        elif isinstance(rule, RequiresRule) and rule.requires.intervention == option.intervention:
            yield from _needs(lookup, rule, name, option)


def _needs(lookup: Lookup, rule: RequiresRule, name: str, option: Option) -> Iterator[str]:
    said = rule.requires
    near = lookup.needed_places(said.within, option.place)
    for needed in said.needs:
        if not any((needed, place) in lookup.activities for place in near):
            yield f"{name}: {option.intervention} needs {needed}, which nobody can do there"
    if said.before and said.needs and lookup.periods[option.period] == 0:
        yield (
            f"{name}: {option.intervention} needs {', '.join(said.needs)} to start in an earlier period, "
            f"and {option.period} is the first"
        )


def _commitments(lookup: Lookup, option: Option) -> Iterator[str]:
    """The same activity is committed to be done otherwise."""
    for entry in lookup.instance.baseline:
        if entry.status == "committed" and (entry.intervention, entry.place) == option.activity:
            said = Filter(**{field: getattr(entry, field) for field in Filter.model_fields})
            if not matches(said, option):
                how = " ".join(each for each in (entry.period, entry.level) if each)
                yield (
                    f"{entry.partner} has committed to {entry.intervention} in {entry.place}"
                    f"{f' ({how})' if how else ''}, and an activity is done once"
                )


def _money(lookup: Lookup, option: Option) -> Iterator[str]:
    """It costs more than all who may pay for it have."""
    instance, needed = lookup.instance, cost(lookup, option)
    budget = lookup.partners[option.partner].budget
    own = 0 if budget is None else Axis("partner", option.partner).current(instance)
    joining = participation_cost(lookup, option.partner)
    if joining > own:
        have = "has no budget" if budget is None else f"has a budget of {_money_text(lookup, own)}"
        cost_text = _money_text(lookup, joining)
        yield f"{option.partner} {have}, and taking part costs it {cost_text} of its own money"
        return
    payers = {f"{option.partner}, own": own - joining} if budget is not None else {}
    for fund in instance.funds:
        if may_pay(fund, option):
            share = needed * micro(fund.max_share) // MICRO
            payers[fund.id] = min(Axis("fund", fund.id).current(instance), share)
    possible = sum(payers.values())
    if needed > possible:
        names = ", ".join(f"{name} {_money_text(lookup, amount)}" for name, amount in payers.items())
        yield (
            f"it costs {_money_text(lookup, needed)}, and those who may pay for it have at most "
            f"{_money_text(lookup, possible)} for it ({names or 'nobody may'})"
        )
    most = instance.agenda.max_cost
    if most is not None and needed + joining > to_minor(most, instance.currency):
        yield f"it costs {_money_text(lookup, needed + joining)}, and all together may cost {most:,f}"


def _capacity(lookup: Lookup, option: Option) -> Iterator[str]:
    partner, capability = lookup.partners[option.partner], lookup.capability_of(option)
    if partner.max_activities == 0 or (capability is not None and capability.max_activities == 0):
        yield f"{partner.id} may do no such activity: its number of activities is limited to 0"
    for resource, amount in uses(lookup, option).items():
        capacity = partner.capacity.get(resource)
        if capacity is not None:
            limit = capacity if isinstance(capacity, Decimal) else capacity.get(option.period, Decimal(0))
            if amount > micro(limit) * MICRO:
                shown = (Decimal(amount) / (MICRO * MICRO)).normalize()
                when = "" if isinstance(capacity, Decimal) else f" in {option.period}"
                yield f"it uses {shown:,f} {resource}, and {partner.id} has {limit:,f}{when}"


def _money_text(lookup: Lookup, amount: int) -> str:
    exact = from_minor(amount, lookup.instance.currency)
    whole = exact.to_integral_value()
    return f"{whole if exact == whole else exact:,f} {lookup.instance.currency}"


def _some(names: Iterable[str | None]) -> str:
    every = [name for name in names if name]
    return ", ".join(every[:_FEW]) + (f" and {len(every) - _FEW:,} more" if len(every) > _FEW else "")
