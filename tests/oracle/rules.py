"""Whether a set of assignments keeps the rules, limits and commitments: read from `format.md` once more."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from ciopt.instance import Lookup, Option
from ciopt.instance.amounts import PICO
from ciopt.instance.options import uses
from ciopt.instance.records import BaselineActivity, Partner
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

Assigned = Mapping[tuple[str, str], Option]
"""Assignments by (intervention, place)."""


def keeps_rules(lookup: Lookup, assigned: Assigned) -> bool:
    """Whether all rules, partners' limits and committed activities hold."""
    options = tuple(assigned.values())
    return (
        all(_holds(lookup, rule, assigned) for rule in lookup.instance.rules)
        and all(_fulfils(entry, assigned) for entry in lookup.instance.baseline)
        and all(_can_bear(lookup, partner, options) for partner in lookup.instance.partners)
        and all(
            capability.max_activities is None
            or sum(lookup.capability_of(option) is capability for option in options)
            <= capability.max_activities
            for capability in lookup.instance.capabilities
        )
    )


def _holds(lookup: Lookup, rule: Rule, assigned: Assigned) -> bool:
    if isinstance(rule, RequiresRule):
        return all(
            _has_what_it_needs(lookup, rule, option, assigned)
            for option in assigned.values()
            if option.intervention == rule.requires.intervention
        )
    if isinstance(rule, MustRule):
        return any(_is_meant(rule.must, option) for option in assigned.values())
    if isinstance(rule, MustNotRule):
        return not any(_is_meant(rule.must_not, option) for option in assigned.values())
    return all(_holds_in(rule, places, assigned) for places in _scopes(lookup, rule.within))


def _holds_in(
    rule: ExcludesRule | AtMostRule | AtLeastRule | TogetherRule, places: Iterable[str], assigned: Assigned
) -> bool:
    """Whether a rule holds in places that it looks at together."""
    here = [intervention for intervention, place in assigned if place in places]
    if isinstance(rule, ExcludesRule):
        return len(set(here) & set(rule.excludes)) <= 1
    if isinstance(rule, TogetherRule):
        return len(set(here) & set(rule.together)) in (0, len(rule.together))
    count = sum(intervention in rule.of for intervention in here)
    return count <= rule.at_most if isinstance(rule, AtMostRule) else count >= rule.at_least


def _scopes(lookup: Lookup, within: str) -> Iterator[set[str]]:
    """Sets of places; a place without neighbours stands alone, one without a group is in none."""
    places = lookup.instance.places
    if within == "all":
        yield {place.id for place in places}
    elif within == "place":
        yield from ({place.id} for place in places)
    elif within == "group":
        yield from (
            {place.id for place in places if place.group == group}
            for group in {place.group for place in places} - {None}
        )
    else:
        pairs = {frozenset((place.id, other)) for place in places for other in place.neighbours}
        yield from map(set, pairs)
        yield from ({place.id} for place in places if not any(place.id in pair for pair in pairs))


def _has_what_it_needs(lookup: Lookup, rule: RequiresRule, option: Option, assigned: Assigned) -> bool:
    said, order = rule.requires, lookup.instance.periods.index
    return all(
        any(
            other.intervention == needed
            and _is_near(lookup, said.within, option.place, other.place)
            and (not said.before or order(other.period) < order(option.period))
            for other in assigned.values()
        )
        for needed in said.needs
    )


def _is_near(lookup: Lookup, within: str, place: str, other: str) -> bool:
    """Whether what is at another place meets a need here; neighbours are next to here, not here."""
    here, there = lookup.places[place], lookup.places[other]
    if within == "place":
        return here is there
    if within == "neighbours":
        return other in here.neighbours or place in there.neighbours
    return within == "all" or (here.group is not None and here.group == there.group)


def _is_meant(said: Filter, option: Option) -> bool:
    return all(getattr(said, field) in (None, getattr(option, field)) for field in Filter.model_fields)


def _fulfils(entry: BaselineActivity, assigned: Assigned) -> bool:
    """Whether a commitment is kept; what is only planned binds nobody."""
    if entry.status == "planned":
        return True
    option = assigned.get((entry.intervention, entry.place))
    return (
        option is not None
        and option.partner == entry.partner
        and entry.period in (None, option.period)
        and entry.level in (None, option.level)
    )


def _can_bear(lookup: Lookup, partner: Partner, options: Sequence[Option]) -> bool:
    """Whether a partner's assignments are not too many, nor use more than it has."""
    own = [option for option in options if option.partner == partner.id]
    if partner.max_activities is not None and len(own) > partner.max_activities:
        return False
    for resource, capacity in partner.capacity.items():
        used = {option: Fraction(uses(lookup, option).get(resource, 0), PICO) for option in own}
        if isinstance(capacity, Decimal):
            if sum(used.values()) > Fraction(capacity):
                return False
            continue
        for period in lookup.instance.periods:
            there = sum(amount for option, amount in used.items() if option.period == period)
            if there > Fraction(capacity.get(period, Decimal(0))):
                return False
    return True
