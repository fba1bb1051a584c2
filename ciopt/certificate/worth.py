"""Amounts of certificates: prices and weights as integers, and how far indicators can move.

Amounts here are integers of 10^-30 of the goal's unit (`FINE`): a price of 18 digits times 10^-12.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from ciopt.certificate.record import PRICE_DIGITS
from ciopt.instance.effects import instances_of, synergy_effect
from ciopt.instance.lookup import Lookup
from ciopt.instance.options import impact

FINE = 10**30
WHOLE = 10**12
"""A weight of 1."""
PER_MICRO = 10**6
"""From (10^-6 units) x (10^-18 of value a unit) to 10^-30."""


def price18(price: Decimal) -> int:
    """Return a price as an integer of 10^-18; more digits are cut off (any price proves a bound)."""
    return int(price.scaleb(PRICE_DIGITS))


def price12(prices: Mapping[str, Decimal], name: str) -> int:
    """Return a weight as an integer of 10^-12, at least 0; more digits are cut off."""
    price = prices.get(name)
    return 0 if price is None else max(0, int(price.scaleb(12)))


def summing(weights: Sequence[int], total: int) -> list[int]:
    """Cut weights of 10^-12 off at 1, and give or take in order what they lack of a total or exceed it by.

    Examples
    --------
    >>> summing([10**12, 3 * 10**12, 0], 10**12)
    [0, 1000000000000, 0]
    """
    found = [min(weight, WHOLE) for weight in weights]
    lacks = total - sum(found)
    for number, weight in enumerate(found):
        change = max(-weight, min(WHOLE - weight, lacks))
        found[number] += change
        lacks -= change
    return found


@dataclass
class Slopes:
    """What one unit of each indicator is worth, in 10^-18: everywhere, at places, in groups.

    ``together`` is what only the effects of a group's own synergies are worth in addition.

    Parameters
    ----------
    constant
        What saturation and targets are worth in themselves, in 10^-30.
    """

    everywhere: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    groups: dict[tuple[str, str], int] = field(default_factory=dict)
    together: dict[tuple[str, str], int] = field(default_factory=dict)
    constant: int = 0

    def at(self, indicator: str, place: str, group: str | None) -> int:
        """Worth of a unit at a place."""
        return (
            self.everywhere[indicator]
            + self.places.get((indicator, place), 0)
            + (self.groups.get((indicator, group), 0) if group is not None else 0)
        )

    def of_group(self, indicator: str, group: str) -> int:
        """Worth of a unit that a group moves together, at no place."""
        key = indicator, group
        return self.everywhere[indicator] + self.groups.get(key, 0) + self.together.get(key, 0)


class Potential:
    """How far each indicator can move at most, down and up: sums over everything that could be done.

    With overlaps an assignment still counts for something between nothing and its own impact.
    """

    def __init__(self, lookup: Lookup) -> None:
        best: dict[tuple[str, str, str], tuple[int, int]] = {}
        for option in lookup.options():
            for indicator, amount in impact(lookup, option).items():
                key = indicator, option.intervention, option.place
                low, high = best.get(key, (0, 0))
                best[key] = min(low, amount), max(high, amount)
        self._places: dict[tuple[str, str], tuple[int, int]] = {}
        self._all: dict[str, tuple[int, int]] = dict.fromkeys(lookup.indicators, (0, 0))
        for (indicator, _, place), (low, high) in best.items():
            self._add(indicator, place, low, high)
        for synergy in lookup.instance.synergies:
            for instance in instances_of(lookup, synergy):
                for indicator, amount in synergy_effect(lookup, instance).items():
                    self._add(indicator, instance.place, min(0, amount), max(0, amount))

    def _add(self, indicator: str, place: str | None, low: int, high: int) -> None:
        before = self._all[indicator]
        self._all[indicator] = before[0] + low, before[1] + high
        if place is not None:
            here = self._places.get((indicator, place), (0, 0))
            self._places[indicator, place] = here[0] + low, here[1] + high

    def at(self, indicator: str, place: str) -> tuple[int, int]:
        """Least and most at a place, in 10^-6."""
        return self._places.get((indicator, place), (0, 0))

    def of(self, indicator: str) -> tuple[int, int]:
        """Least and most in all, in 10^-6."""
        return self._all[indicator]
