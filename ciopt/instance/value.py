"""What a set of assignments achieves: totals, value, missed targets, and the goals of the agenda.

Totals are in 10^-6 of the indicator's unit; value and penalties in 10^-12.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, micro
from ciopt.instance.choices import Choices
from ciopt.instance.effects import (
    Assigned,
    SynergyInstance,
    achieved_synergies,
    overlap_corrections,
    synergy_effect,
)
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import half_up, minor_digits, to_minor
from ciopt.instance.options import cost, impact, participation_cost
from ciopt.instance.records import Indicator, PerPlace


@dataclass
class Movement:
    """What moves one indicator: at each place, and in each group (effects of group synergies)."""

    places: dict[str, int] = field(default_factory=dict)
    groups: dict[str, int] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """All of it."""
        return sum(self.places.values()) + sum(self.groups.values())


def movements(lookup: Lookup, assigned: Assigned, paying: Iterable[SynergyInstance]) -> dict[str, Movement]:
    """Add up what assignments, paying synergies and overlaps move each indicator by."""
    moved = {indicator: Movement() for indicator in lookup.indicators}

    def add(indicator: str, place: str | None, group: str | None, amount: int) -> None:
        ledger, key = (
            (moved[indicator].places, place) if place is not None else (moved[indicator].groups, group)
        )
        assert key is not None
        ledger[key] = ledger.get(key, 0) + amount

    impacts = {option: impact(lookup, option) for option in assigned.values()}
    for option, amounts in impacts.items():
        for indicator, amount in amounts.items():
            add(indicator, option.place, None, amount)
    for indicator, place, amount in overlap_corrections(lookup, assigned, impacts):
        add(indicator, place, None, amount)
    for instance in paying:
        group = lookup.places[instance.places[0]].group
        for indicator, amount in synergy_effect(lookup, instance).items():
            add(indicator, instance.place, group, amount)
    return moved


def saturated(amount: int, level: int) -> int:
    """u(amount): the identity up to the level, flat beyond; a negative level bounds a fall."""
    return min(amount, level) if level >= 0 else max(amount, level)


def place_level(lookup: Lookup, indicator: Indicator, place: str) -> int:
    """Saturation level at a place, in 10^-6 units."""
    assert isinstance(indicator.saturates_at, PerPlace)
    return half_up(lookup.amounts.at(indicator.saturates_at.per_place, place), MICRO)


def utility(lookup: Lookup, indicator: Indicator, movement: Movement) -> int:
    """u_k(total_k); with per-place saturation each place saturates alone, group effects count in full."""
    if indicator.saturates_at is None:
        return movement.total
    if isinstance(indicator.saturates_at, PerPlace):
        places = (
            saturated(amount, place_level(lookup, indicator, place))
            for place, amount in movement.places.items()
        )
        return sum(places) + sum(movement.groups.values())
    return saturated(movement.total, micro(indicator.saturates_at))


def value(lookup: Lookup, moved: Mapping[str, Movement]) -> int:
    """Σ_k weight_k x u_k(total_k), in 10^-12."""
    return sum(
        micro(indicator.weight) * utility(lookup, indicator, moved[indicator.id])
        for indicator in lookup.indicators.values()
    )


def target_total(lookup: Lookup, target: Target, moved: Mapping[str, Movement]) -> int:
    """What a target looks at: all movement, a group's (its places' and its own effects) or a place's."""
    movement = moved[target.indicator]
    if target.place is not None:
        return movement.places.get(target.place, 0)
    if target.group is not None:
        here = sum(movement.places.get(place, 0) for place in lookup.groups[target.group])
        return here + movement.groups.get(target.group, 0)
    return movement.total


def missing(lookup: Lookup, target: Target, moved: Mapping[str, Movement]) -> int:
    """By how much a target is missed, in 10^-6 units; 0 if it is met."""
    total = target_total(lookup, target, moved)
    if target.at_least is not None:
        return max(0, micro(target.at_least) - total)
    assert target.at_most is not None
    return max(0, total - micro(target.at_most))


def penalty(lookup: Lookup, moved: Mapping[str, Movement]) -> int:
    """Σ penalty x missing over the soft targets, in 10^-12 (of value, or of money for a cost goal)."""
    return sum(
        micro(target.penalty) * missing(lookup, target, moved)
        for target in lookup.instance.agenda.targets
        if target.soft
    )


def goal_value(lookup: Lookup, goal: str, moved: Mapping[str, Movement], total_cost: int) -> int:
    """What one goal is worth at central values, in 10^-12, larger is better (cost and penalties negative).

    One goal bears the penalties of soft targets: `Agenda.bearer`.
    """
    missed = penalty(lookup, moved)
    if goal == "targets":
        return -missed
    bears = goal == lookup.instance.agenda.bearer
    minor = 10 ** minor_digits(lookup.instance.currency)
    worth = value(lookup, moved) if goal == "value" else -total_cost * (MICRO * MICRO // minor)
    return worth - (missed if bears else 0)


def by_activity(options: Iterable[Option]) -> dict[tuple[str, str], Option]:
    """Index assignments by activity (the last wins: check for doubles before)."""
    return {option.activity: option for option in options}


def paying_synergies(lookup: Lookup, choices: Choices) -> list[SynergyInstance]:
    """Synergies that pay off: achieved, and carried by a backbone where they need one."""
    assigned = by_activity(choices.options)
    carried = {label for labels in choices.backbones.values() for label in labels}
    return [
        instance
        for instance in achieved_synergies(lookup, assigned)
        if (not instance.synergy.backbone or (instance.synergy.id, instance.at) in carried)
    ]


def total_cost(lookup: Lookup, choices: Choices) -> int:
    """Cost of assignments, participation and backbones, in minor units."""
    currency = lookup.instance.currency
    backbones = sum(
        to_minor(backbone.cost, currency)
        + len(choices.backbones[backbone.partner]) * to_minor(backbone.cost_per_synergy, currency)
        for backbone in lookup.instance.backbones
        if backbone.partner in choices.backbones
    )
    partners = {option.partner for option in choices.options}
    return (
        sum(cost(lookup, option) for option in choices.options)
        + sum(participation_cost(lookup, partner) for partner in partners)
        + backbones
    )


@dataclass(frozen=True)
class Outcome:
    """What decisions come to: synergies that pay off, movements of the indicators, cost in minor units."""

    paying: list[SynergyInstance]
    moved: dict[str, Movement]
    spent: int


def outcome(lookup: Lookup, choices: Choices) -> Outcome:
    """Add up what decisions come to."""
    paying = paying_synergies(lookup, choices)
    moved = movements(lookup, by_activity(choices.options), paying)
    return Outcome(paying, moved, total_cost(lookup, choices))
