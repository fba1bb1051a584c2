"""Between which ends the best value lies when one estimate is known: f(z) = max over plans of v(plan, z).

z runs through the quantiles of the estimate's error, the other estimates at their means. From below f is at
least what the best known plan is worth. From above it is bounded where it was solved; and between, where
value is linear in the estimate, by the chord: f is then a maximum of functions that are linear on either side
of the median, hence convex there. It also cannot climb faster than all options together:

    f(z) <= f at the mean + R |M(z) - mean M|,      R = Σ over activities of the largest |slope x impact|

Where value bends with the estimate (saturation, overlaps, penalties of soft targets) chords are no proof, and
only the last bound is one.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np

from ciopt.instance import Lookup
from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, EstimateRecord
from ciopt.instance.effects import synergy_instances
from ciopt.instance.estimates import Key
from ciopt.instance.options import impact
from ciopt.studies.uncertainty.draws import Floats
from ciopt.studies.uncertainty.question import QUANTILES

MIDDLE = len(QUANTILES) // 2
_PICO = MICRO * MICRO


class Envelope:
    """What is known of f for one estimate.

    Parameters
    ----------
    offsets
        |M(z) - mean M| at each quantile.
    reach
        R.
    is_linear
        Whether value is linear in the estimate.
    at_mean
        No plan is worth more with all estimates at their means.
    """

    def __init__(self, offsets: Floats, reach: float, *, is_linear: bool, at_mean: float) -> None:
        self.is_linear = is_linear
        self._climb = at_mean + reach * offsets
        self.most_gain = reach * float(offsets.mean()) / (2 if is_linear else 1)
        """Knowing the estimate is proven to be worth no more, whatever is solved."""
        self.solved: dict[int, float] = {}

    @property
    def starts(self) -> tuple[int, ...]:
        """Where to solve first: both ends, and the median, where the slope of a multiplier may change."""
        return (0, MIDDLE, len(QUANTILES) - 1)

    def add(self, at: int, bound: float) -> None:
        """Add a proven bound at a quantile."""
        self.solved[at] = min(bound, self.solved.get(at, bound))

    def upper(self) -> Floats:
        """Return the upper end at each quantile; by chords that are a proof only if value is linear."""
        nodes = {at: float(self._climb[at]) for at in self.starts}
        nodes |= {at: min(bound, nodes.get(at, bound)) for at, bound in self.solved.items()}
        order = sorted(nodes)
        chord = np.interp(QUANTILES, QUANTILES[order], [nodes[at] for at in order])
        return np.minimum(chord, self._climb)

    def next_point(self, lower: Floats, tolerance: float) -> int | None:
        """Return where to solve next; None if no single solve can gain more than the tolerance on average.

        The place where both ends are farthest apart, beyond what the ends of its stretch are apart.
        """
        for at in self.starts:
            if at not in self.solved and at != MIDDLE:
                return at
        apart = np.maximum(self.upper(), lower) - lower
        order = sorted({*self.solved, *self.starts})
        excess = apart - np.interp(QUANTILES, QUANTILES[order], apart[order])
        best, gained = None, tolerance
        for first, last in pairwise(order):
            inside = excess[first : last + 1]
            area = float(inside.sum()) / len(QUANTILES)
            if area > gained and last - first > 1:
                best, gained = first + int(inside.argmax()), area
        return best


def is_linear(lookup: Lookup, key: Key) -> bool:
    """Whether the value of any plan is linear in an estimate while the others stay."""
    indicator = lookup.indicators[key.indicator]
    if indicator.saturates_at is not None:
        return False
    if any(target.soft and target.indicator == key.indicator for target in lookup.instance.agenda.targets):
        return False
    return key.kind != "impact" or not any(
        overlap.how != "additive"
        and overlap.indicator == key.indicator
        and key.source in overlap.interventions
        for overlap in lookup.instance.overlaps
    )


def reaches(lookup: Lookup, keys: list[Key]) -> dict[Key, float]:
    """Return R of each estimate: how fast any plan's objective can move with its multiplier, at most."""
    found = dict.fromkeys(keys, 0.0)
    largest: dict[tuple[Key, str], int] = {}
    for option in lookup.options():
        for indicator, amount in impact(lookup, option).items():
            known = Key("impact", option.intervention, indicator), option.place
            largest[known] = max(largest.get(known, 0), abs(amount))
    for (key, _), most in largest.items():
        if key in found:
            found[key] += most / MICRO
    for key, added in _synergies(lookup):
        if key in found:
            found[key] += added
    return {key: reach * _slope(lookup, key.indicator) for key, reach in found.items()}


def _synergies(lookup: Lookup) -> Iterator[tuple[Key, float]]:
    """What each synergy adds where it may arise, by estimate; a boost moves with its members' estimates."""

    def at(amounts: EstimateRecord, places: tuple[str, ...]) -> float:
        return float(abs(sum(lookup.amounts.at(amounts, place) for place in places)) / _PICO)

    for instance in synergy_instances(lookup):
        synergy, places = instance.synergy, instance.places
        for indicator, amounts in synergy.adds.items():
            yield Key("adds", synergy.id, indicator), at(amounts, places)
        if synergy.boost is not None:
            for member in synergy.between:
                for indicator, amounts in lookup.interventions[member].impact.items():
                    if not synergy.on or indicator in synergy.on:
                        yield (
                            Key("impact", member, indicator),
                            abs(float(synergy.boost)) * at(amounts, places),
                        )


def _slope(lookup: Lookup, indicator: str) -> float:
    """How much the objective moves with an indicator, at most: its weight, and penalties."""

    def looks(target: Target) -> bool:
        return target.soft and target.indicator == indicator

    penalties = sum(float(target.penalty) for target in lookup.instance.agenda.targets if looks(target))
    weighs = 0.0 if lookup.instance.agenda.minimize else abs(float(lookup.indicators[indicator].weight))
    return weighs + penalties
