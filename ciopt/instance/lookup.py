"""`Lookup`: find records by id, and what follows from where things are: groups, neighbours, options."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from ciopt.instance.amounts import Amounts
from ciopt.instance.base import MICRO, micro
from ciopt.instance.facts import Facts, facts_of
from ciopt.instance.model import Instance
from ciopt.instance.money import minor_digits
from ciopt.instance.records import Capability, OptionOverride
from ciopt.instance.rules import Filter


class Option(NamedTuple):
    """One way to do an activity: who, what, where, when, at which level (None if there are none)."""

    partner: str
    intervention: str
    place: str
    period: str
    level: str | None = None

    @property
    def id(self) -> str:
        """The option's id; sorted ids break ties between equally good plans.

        Examples
        --------
        >>> Option("mars", "training", "soubre", "2027").id
        'mars/training/soubre/2027'
        """
        return "/".join(part for part in self if part is not None)

    @property
    def activity(self) -> tuple[str, str]:
        """Intervention and place: what at most one assignment does."""
        return self.intervention, self.place


class Scope(NamedTuple):
    """Places that a rule looks at together, and what people call them."""

    name: str
    places: tuple[str, ...]


class Factors(NamedTuple):
    """What a partner's capability and a level multiply cost and impact by, in 10^-12."""

    cost: int
    impact: int


class Lookup:
    """Indexes over an instance, made once and only read.

    Parameters
    ----------
    instance
        A checked instance.
    """

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.periods = {period: number for number, period in enumerate(instance.periods)}
        self.places = {place.id: place for place in instance.places}
        self.indicators = {indicator.id: indicator for indicator in instance.indicators}
        self.partners = {partner.id: partner for partner in instance.partners}
        self.funds = {fund.id: fund for fund in instance.funds}
        self.interventions = {intervention.id: intervention for intervention in instance.interventions}
        self.capabilities: dict[tuple[str, str], list[Capability]] = {}
        for capability in instance.capabilities:
            if "implementing" in self.partners[capability.partner].roles:
                key = capability.partner, capability.intervention
                self.capabilities.setdefault(key, []).append(capability)

    @cached_property
    def groups(self) -> dict[str, tuple[str, ...]]:
        """Groups in order of their first place, each with its places."""
        groups: dict[str, list[str]] = {}
        for place in self.instance.places:
            if place.group is not None:
                groups.setdefault(place.group, []).append(place.id)
        return {group: tuple(places) for group, places in groups.items()}

    @cached_property
    def universal_attributes(self) -> set[str]:
        """Attributes that every place has."""
        every = [set(place.attributes) for place in self.instance.places]
        return set.intersection(*every) if every else set()

    @cached_property
    def neighbours(self) -> dict[str, tuple[str, ...]]:
        """Neighbours of each place, in table order; the relation is made symmetric."""
        near: dict[str, set[str]] = {place.id: set() for place in self.instance.places}
        for place in self.instance.places:
            for other in place.neighbours:
                near[place.id].add(other)
                near[other].add(place.id)
        order = {place: number for number, place in enumerate(near)}
        return {place: tuple(sorted(others, key=order.__getitem__)) for place, others in near.items()}

    @cached_property
    def neighbour_pairs(self) -> list[tuple[str, str]]:
        """All ordered pairs of neighbouring places."""
        return [(here, there) for here, others in self.neighbours.items() for there in others]

    @cached_property
    def activities(self) -> set[tuple[str, str]]:
        """All (intervention, place) for which an option exists, shared like the facts; only to read."""
        known: set[tuple[str, str]] | None = self.facts.others.get("activities")
        if known is not None:
            return known
        found: set[tuple[str, str]] = set()
        for (_, intervention), capabilities in self.capabilities.items():
            for capability in capabilities:
                if capability.periods:
                    found.update((intervention, place) for place in self.places_of(capability))
        self.facts.others["activities"] = found
        return found

    @cached_property
    def _place_sets(self) -> dict[int, frozenset[str]]:
        return {
            id(capability): frozenset(capability.places)
            for capabilities in self.capabilities.values()
            for capability in capabilities
            if capability.places != "*"
        }

    @cached_property
    def _overrides(self) -> dict[tuple[str, str, str], list[OptionOverride]]:
        found: dict[tuple[str, str, str], list[OptionOverride]] = {}
        for override in self.instance.options:
            found.setdefault((override.partner, override.intervention, override.place), []).append(override)
        return found

    def places_of(self, capability: Capability) -> tuple[str, ...]:
        """Places of a capability, ``"*"`` resolved."""
        return tuple(self.places) if capability.places == "*" else capability.places

    def periods_of(self, capability: Capability) -> tuple[str, ...]:
        """Start periods of a capability, ``"*"`` resolved."""
        return self.instance.periods if capability.periods == "*" else capability.periods

    @cached_property
    def minor(self) -> int:
        """Minor units of money in one unit."""
        return int(10 ** minor_digits(self.instance.currency))

    @cached_property
    def facts(self) -> Facts:
        """What follows from the tables of work alone, shared with other lookups that have the same."""
        return facts_of(self.instance)

    @cached_property
    def amounts(self) -> Amounts:
        """Quantities at places as exact integers."""
        return self.facts.amounts

    @cached_property
    def _levels(self) -> dict[str, tuple[str | None, ...]]:
        return {
            intervention.id: tuple(level.id for level in intervention.levels) or (None,)
            for intervention in self.instance.interventions
        }

    def levels_of(self, intervention: str) -> tuple[str | None, ...]:
        """Level ids of an intervention, or (None,) if it has none."""
        return self._levels[intervention]

    @cached_property
    def _factors(self) -> dict[tuple[int, str | None], Factors]:
        return {}

    def factors_of(self, option: Option) -> Factors:
        """Return what multiplies an option's cost and impact: of its capability and of its level."""
        capability = self.capability_of(option)
        assert capability is not None, f"no such option: {option.id}"
        key = id(capability), option.level
        if key not in self._factors:
            cost, impact = micro(capability.cost_factor), micro(capability.impact_factor)
            levels = self.interventions[option.intervention].levels
            level = next((each for each in levels if each.id == option.level), None)
            self._factors[key] = Factors(
                cost * (micro(level.cost_factor) if level else MICRO),
                impact * (micro(level.impact_factor) if level else MICRO),
            )
        return self._factors[key]

    def capability_of(self, option: Option) -> Capability | None:
        """Return the capability that makes an option exist, or None if there is no such option."""
        if option.place not in self.places or option.period not in self.periods:
            return None
        if option.intervention not in self.interventions or option.level not in self.levels_of(
            option.intervention
        ):
            return None
        for capability in self.capabilities.get((option.partner, option.intervention), ()):
            covered = capability.places == "*" or option.place in self._place_sets[id(capability)]
            if covered and option.period in self.periods_of(capability):
                return capability
        return None

    def override_of(self, option: Option) -> OptionOverride | None:
        """Return the override of an option's numbers, if any."""
        for override in self._overrides.get((option.partner, option.intervention, option.place), ()):
            if override.period in (None, option.period) and override.level == option.level:
                return override
        return None

    def options(self) -> Iterator[Option]:
        """All options, capability by capability."""
        for (partner, intervention), capabilities in self.capabilities.items():
            levels = self.levels_of(intervention)
            for capability in capabilities:
                for place in self.places_of(capability):
                    for period in self.periods_of(capability):
                        for level in levels:
                            yield Option(partner, intervention, place, period, level)

    def scopes(self, within: str) -> list[Scope]:
        """Sets of places that a rule ``within`` place, neighbours, group or all looks at together."""
        if within == "place":
            return [Scope(place, (place,)) for place in self.places]
        if within == "group":
            return [Scope(group, places) for group, places in self.groups.items()]
        if within == "all":
            return [Scope("all places", tuple(self.places))]
        alone = [Scope(place, (place,)) for place, others in self.neighbours.items() if not others]
        order = {place: number for number, place in enumerate(self.places)}
        pairs = [Scope(f"{a}+{b}", (a, b)) for a, b in self.neighbour_pairs if order[a] < order[b]]
        return alone + pairs

    def needed_places(self, within: str, place: str) -> tuple[str, ...]:
        """Places at which a prerequisite of an activity at ``place`` may be met."""
        if within == "place":
            return (place,)
        if within == "neighbours":
            return self.neighbours[place]
        if within == "all":
            return tuple(self.places)
        group = self.places[place].group
        return self.groups[group] if group is not None else ()


def matches(said: Filter, option: Option) -> bool:
    """Whether an option matches everything that a filter says."""
    return (
        said.partner in (None, option.partner)
        and said.intervention in (None, option.intervention)
        and said.place in (None, option.place)
        and said.period in (None, option.period)
        and said.level in (None, option.level)
    )
