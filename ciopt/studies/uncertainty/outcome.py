"""What a plan achieves if the estimates are off: the value of the format, with impacts that are multiplied.

The same steps as `ciopt.instance.value` in the same order (impacts, overlaps, synergies, saturation, targets,
penalties), on arrays of samples instead of integers. At multipliers of 1 the result is the exact value, up to
the rounding of single impacts to 10^-6.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Lookup
from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, EstimateRecord, micro
from ciopt.instance.choices import Choices
from ciopt.instance.effects import SynergyInstance
from ciopt.instance.estimates import Key, estimate_of
from ciopt.instance.lookup import Option
from ciopt.instance.options import impact
from ciopt.instance.records import Indicator, Overlap, PerPlace
from ciopt.instance.uncertainty import spread
from ciopt.instance.value import by_activity, paying_synergies, place_level, total_cost
from ciopt.studies.uncertainty.draws import Draws

Floats = NDArray[np.float64]
Multiplier = Callable[[Key, EstimateRecord, str], Floats]
"""Multipliers of an estimate at a place, one a sample."""


@dataclass
class Moved:
    """What moves one indicator, in its unit, by place and by group; one number a sample."""

    places: dict[str, Floats] = field(default_factory=dict)
    groups: dict[str, Floats] = field(default_factory=dict)

    def total(self, samples: int) -> Floats:
        """All of it."""
        return sum([*self.places.values(), *self.groups.values()], np.zeros(samples))


@dataclass(frozen=True)
class Outcome:
    """Samples of what a plan achieves.

    Parameters
    ----------
    value
        Σ weight x u(total).
    objective
        Of the agenda's first goal among value and cost, larger is better: penalties taken off.
    indicators
        Total of each indicator.
    targets
        What each target of the agenda looks at.
    """

    value: Floats
    objective: Floats
    indicators: dict[str, Floats]
    targets: tuple[Floats, ...]


def drawn(draws: Draws) -> Multiplier:
    """Multipliers that are drawn."""
    return lambda key, estimate, place: draws.multiplier(key, spread(estimate), place)


def constant(of: Callable[[EstimateRecord], float]) -> Multiplier:
    """One multiplier for each estimate: a single sample."""
    return lambda key, estimate, place: np.array([of(estimate)])


def outcome(lookup: Lookup, choices: Choices, samples: int, multiplier: Multiplier) -> Outcome:
    """Work out what a plan achieves at given multipliers.

    Parameters
    ----------
    lookup, choices
        The instance with its scenario, and what the plan decides.
    samples
        Length of what ``multiplier`` returns.
    """
    moved = _moved(lookup, choices, samples, multiplier)
    totals = {name: movement.total(samples) for name, movement in moved.items()}
    worth = np.zeros(samples)
    for indicator in lookup.indicators.values():
        worth += float(indicator.weight) * _utility(lookup, indicator, moved[indicator.id], totals)
    seen = tuple(_looked_at(lookup, target, moved, samples) for target in lookup.instance.agenda.targets)
    agenda = lookup.instance.agenda
    headline = next(goal for goal in agenda.goals if goal in ("value", "cost"))
    spent = total_cost(lookup, choices) / lookup.minor
    objective = worth.copy() if headline == "value" else np.full(samples, -spent)
    if agenda.bearer == headline:
        for target, total in zip(agenda.targets, seen, strict=True):
            if target.soft:
                objective -= float(target.penalty) * missing(target, total)
    return Outcome(worth, objective, totals, seen)


def missing(target: Target, total: Floats) -> Floats:
    """By how much a target is missed, 0 where it is met."""
    if target.at_least is not None:
        return np.maximum(0.0, float(target.at_least) - total)
    assert target.at_most is not None
    return np.maximum(0.0, total - float(target.at_most))


def _moved(lookup: Lookup, choices: Choices, samples: int, multiplier: Multiplier) -> dict[str, Moved]:
    moved = {indicator: Moved() for indicator in lookup.indicators}
    assigned = by_activity(choices.options)
    overlapping = {
        (overlap.indicator, member)
        for overlap in lookup.instance.overlaps
        if overlap.how != "additive"
        for member in overlap.interventions
    }
    # one multiplication for all assignments of an estimate at a place would not be faster: places differ
    for option in assigned.values():
        for indicator, amount in impact(lookup, option).items():
            if (indicator, option.intervention) not in overlapping:
                own = _times(lookup, option, indicator, amount, multiplier)
                _add(moved[indicator].places, option.place, own)
    for overlap in lookup.instance.overlaps:
        if overlap.how != "additive":
            for place in lookup.places:
                members = [
                    assigned[name, place] for name in overlap.interventions if (name, place) in assigned
                ]
                if members:
                    joint = _joint(lookup, overlap, members, multiplier) + np.zeros(samples)
                    _add(moved[overlap.indicator].places, place, joint)
    for instance in paying_synergies(lookup, choices):
        for indicator, amounts in _synergy(lookup, instance, multiplier).items():
            group = lookup.places[instance.places[0]].group
            if instance.place is not None:
                _add(moved[indicator].places, instance.place, amounts)
            else:
                assert group is not None
                _add(moved[indicator].groups, group, amounts)
    return moved


def _add(ledger: dict[str, Floats], key: str, amounts: Floats) -> None:
    ledger[key] = ledger[key] + amounts if key in ledger else amounts


def _times(lookup: Lookup, option: Option, indicator: str, amount: int, multiplier: Multiplier) -> Floats:
    """An option's impact, multiplied; an override's own range counts, the error is the intervention's."""
    estimate = estimate_of(lookup, option, indicator)
    key = Key("impact", option.intervention, indicator)
    own: Floats = (amount / MICRO) * multiplier(key, estimate, option.place)
    return own


def _joint(lookup: Lookup, overlap: Overlap, members: list[Option], multiplier: Multiplier) -> Floats:
    """Joint impact of members that overlap: Σ impact_i x Π_{stronger j} (1 - r_j), sample by sample."""
    amounts, reach = [], []
    for option in members:
        amount = impact(lookup, option).get(overlap.indicator, 0)
        if amount:
            amounts.append(_times(lookup, option, overlap.indicator, amount, multiplier))
            reach.append(float(overlap.reach[option.intervention]) if overlap.how == "random" else 1.0)
    total = np.zeros(1)
    for i, mine in enumerate(amounts):
        counted = mine
        for j, theirs in enumerate(amounts):
            if i != j:
                # equals are ordered as the overlap lists them, which is the order of members
                strength, other = np.abs(mine) * reach[j], np.abs(theirs) * reach[i]
                stronger = other >= strength if j < i else other > strength
                counted = np.where(stronger, counted * (1 - reach[j]), counted)
        total = total + counted
    return total


def _synergy(lookup: Lookup, instance: SynergyInstance, multiplier: Multiplier) -> dict[str, Floats]:
    """What a synergy moves: ``adds`` err on their own, ``boost`` errs with its members."""
    synergy, at = instance.synergy, lookup.amounts.at
    parts: dict[str, list[Floats]] = defaultdict(list)
    pico = MICRO * MICRO
    for indicator, estimate in synergy.adds.items():
        key = Key("adds", synergy.id, indicator)
        for place in instance.places:
            parts[indicator].append(at(estimate, place) / pico * multiplier(key, estimate, place))
    if synergy.boost is not None:
        for member in synergy.between:
            for indicator, estimate in lookup.interventions[member].impact.items():
                if synergy.on and indicator not in synergy.on:
                    continue
                key = Key("impact", member, indicator)
                for place in instance.places:
                    central = float(synergy.boost) * at(estimate, place) / pico
                    parts[indicator].append(central * multiplier(key, estimate, place))
    return {indicator: sum(amounts[1:], amounts[0]) for indicator, amounts in parts.items()}


def _utility(lookup: Lookup, indicator: Indicator, movement: Moved, totals: dict[str, Floats]) -> Floats:
    level = indicator.saturates_at
    if level is None:
        return totals[indicator.id]
    if isinstance(level, PerPlace):
        amounts: Iterable[Floats] = (
            saturated(amount, place_level(lookup, indicator, place) / MICRO)
            for place, amount in movement.places.items()
        )
        samples = len(totals[indicator.id])
        return sum([*amounts, *movement.groups.values()], np.zeros(samples))
    return saturated(totals[indicator.id], micro(level) / MICRO)


def saturated(amount: Floats, level: float) -> Floats:
    """u(amount): the identity up to the level, flat beyond; a negative level bounds a fall."""
    return np.minimum(amount, level) if level >= 0 else np.maximum(amount, level)


def _looked_at(lookup: Lookup, target: Target, moved: dict[str, Moved], samples: int) -> Floats:
    movement, nothing = moved[target.indicator], np.zeros(samples)
    if target.place is not None:
        return movement.places.get(target.place, nothing)
    if target.group is not None:
        here = [movement.places.get(place, nothing) for place in lookup.groups[target.group]]
        return sum(here, movement.groups.get(target.group, nothing))
    return movement.total(samples)
