"""What movement is worth under prices: weights, slopes of what saturates, prices of targets.

Amounts here are integers of 10^-30 of the goal's unit (`FINE`): a price of 18 digits times 10^-12.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from ciopt.certificate.record import PRICE_DIGITS, Certificate
from ciopt.instance.base import micro
from ciopt.instance.effects import instances_of, synergy_effect
from ciopt.instance.lookup import Lookup
from ciopt.instance.options import impact
from ciopt.instance.records import Indicator, PerPlace
from ciopt.instance.value import place_level

FINE = 10**30
_PER_MICRO = 10**6
"""From (10^-6 units) x (10^-18 of value a unit) to 10^-30."""


def price18(price: Decimal) -> int:
    """Return a price as an integer of 10^-18; more digits are cut off (any price proves a bound)."""
    return int(price.scaleb(PRICE_DIGITS))


@dataclass
class Slopes:
    """What one unit of each indicator is worth, in 10^-18: everywhere, at places, in groups.

    Parameters
    ----------
    constant
        What saturation and targets are worth in themselves, in 10^-30.
    """

    everywhere: dict[str, int] = field(default_factory=dict)
    places: dict[tuple[str, str], int] = field(default_factory=dict)
    groups: dict[tuple[str, str], int] = field(default_factory=dict)
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
        return self.everywhere[indicator] + self.groups.get((indicator, group), 0)


def slopes(lookup: Lookup, certificate: Certificate, potential: Callable[[], Potential]) -> Slopes:
    """Put weights, saturation and targets together."""
    found = Slopes()
    for indicator in lookup.indicators.values():
        weight = micro(indicator.weight) * 10**12 if certificate.goal == "value" else 0
        found.everywhere[indicator.id] = weight
        if weight and indicator.saturates_at is not None:
            _saturation(lookup, certificate, indicator, weight, found, potential)
    for number, target in enumerate(lookup.instance.agenda.targets):
        bears = certificate.goal == lookup.instance.agenda.bearer
        # t >= b; a target from above is one from below with all signs changed
        sign, said = (1, target.at_least) if target.at_least is not None else (-1, target.at_most)
        assert said is not None
        price = max(0, -price18(certificate.prices.get(f"target {target.id or number}", Decimal(0))))
        if target.soft:
            price = min(price, micro(target.penalty) * 10**12 if bears else 0)
        if not price:
            continue
        found.constant -= price * sign * micro(said) * _PER_MICRO
        if target.place is not None:
            key = target.indicator, target.place
            found.places[key] = found.places.get(key, 0) + sign * price
        elif target.group is not None:
            key = target.indicator, target.group
            found.groups[key] = found.groups.get(key, 0) + sign * price
        else:
            found.everywhere[target.indicator] += sign * price
    return found


def _saturation(
    lookup: Lookup,
    certificate: Certificate,
    indicator: Indicator,
    weight: int,
    found: Slopes,
    potential: Callable[[], Potential],
) -> None:
    """W u(t) <= σ t + c for any σ, with c = max_t (w u(t) - σ t) over the totals that are possible."""
    if isinstance(indicator.saturates_at, PerPlace):
        for place in lookup.places:
            level = place_level(lookup, indicator, place)
            slope = _slope(certificate, f"{indicator.id} at {place}", weight)
            found.places[indicator.id, place] = slope - weight
            found.constant += _intercept(weight, level, slope, potential().at(indicator.id, place))
        return
    assert indicator.saturates_at is not None
    slope = _slope(certificate, f"{indicator.id} in all", weight)
    found.everywhere[indicator.id] = slope
    level = micro(indicator.saturates_at)
    found.constant += _intercept(weight, level, slope, potential().of(indicator.id))


def _slope(certificate: Certificate, name: str, weight: int) -> int:
    price = certificate.prices.get(f"saturation of {name}")
    return weight if price is None else price18(price)


def _intercept(weight: int, level: int, slope: int, possible: tuple[int, int]) -> int:
    """max_t (w u(t) - σ t): at the ends of what is possible, or where u bends."""
    low, high = possible
    bends = [low, high] + ([level] if low < level < high else [])

    def utility(total: int) -> int:
        return min(total, level) if level >= 0 else max(total, level)

    return max(weight * utility(total) - slope * total for total in bends) * _PER_MICRO


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
