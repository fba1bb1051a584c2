"""Utilities that saturate: u = min(t, s), nothing counts beyond a level s (max(t, s) for a negative s).

A utility that is only pulled at from the easy side needs u <= t, u <= s; pulled at from the other side it
takes one of the two arguments, chosen by a binary b:  u >= t - M b,  u >= s - M (1 - b).
"""

from __future__ import annotations

from math import gcd
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import MICRO, micro
from ciopt.instance.records import PerPlace
from ciopt.instance.value import place_level
from ciopt.program.build import Workshop, grouped
from ciopt.program.exact import Integers, common_divisor, int64
from ciopt.program.form import Form
from ciopt.program.model import Effects, RowKind

Array = NDArray[np.int64]


class Utilities:
    """u_k in all or at a place, each made once however many goals look at it.

    Parameters
    ----------
    shop, effects
        What moves the indicators.
    tight
        Whether goals or rows may want the utilities of places smaller than they are.
    """

    def __init__(self, shop: Workshop, effects: Effects, tight: bool = False) -> None:
        self.shop, self.effects, self.tight = shop, effects, tight
        self.of_indicator = [
            np.flatnonzero(effects.indicator == number) for number in range(len(shop.instance.indicators))
        ]
        self._at_places: dict[int, dict[int, Form]] = {}

    def value(self) -> Form:
        """Σ_k w_k u_k in 10^-12."""
        form = Form()
        for number, indicator in enumerate(self.shop.instance.indicators):
            weight = micro(indicator.weight)
            if not weight:
                continue
            if isinstance(indicator.saturates_at, PerPlace):
                for each in self.at_places(number).values():
                    form.extend(each)
            elif indicator.saturates_at is not None:
                rows, level = self.of_indicator[number], micro(indicator.saturates_at)
                total = of_binaries(self.effects.column[rows], self.effects.amount[rows])
                form.extend(saturated(self.shop, total, level, weight, f"{indicator.id} in all"))
            else:
                rows = self.of_indicator[number]
                form.add(self.effects.column[rows], self.effects.amount[rows], weight)
        return form

    def at_places(self, number: int) -> dict[int, Form]:
        """w_k u_k in 10^-12 at every place, saturated there; what groups move together, in full, at -1."""
        if number not in self._at_places:
            indicator = self.shop.instance.indicators[number]
            weight, found = micro(indicator.weight), {}
            for place, here in grouped(self.effects.place, self.of_indicator[number]):
                columns, amounts = self.effects.column[here], self.effects.amount[here]
                if place < 0:
                    found[place] = Form()
                    found[place].add(columns, amounts, weight)
                    continue
                name = self.shop.instance.places[place].id
                level = place_level(self.shop.lookup, indicator, name)
                label = f"{indicator.id} at {name}"
                total = of_binaries(columns, amounts)
                found[place] = saturated(self.shop, total, level, weight, label, self.tight)
            self._at_places[number] = found
        return self._at_places[number]


class Total(NamedTuple):
    """t = Σ amount x column + constant, which lies between two ends."""

    columns: Array
    amounts: Integers
    least: int
    most: int
    constant: int = 0

    def mirrored(self) -> Total:
        """Return -t."""
        return Total(self.columns, -self.amounts, -self.most, -self.least, -self.constant)


def of_binaries(columns: Array, amounts: Integers) -> Total:
    """Add up columns that are 0 or 1."""
    least, most = int(np.minimum(amounts, 0).sum()), int(np.maximum(amounts, 0).sum())
    return Total(columns, amounts, least, most)


def saturated(
    shop: Workshop, total: Total, level: int, weight: int, name: str, tight: bool = False, units: int = MICRO
) -> Form:
    """Return weight x u, u = min(t, level) (max for a negative level).

    Parameters
    ----------
    tight
        Whether u must be right even where something wants it smaller.
    units
        How many of the amounts' units make one of the indicator.
    """
    form = Form()
    if total.least >= level if level < 0 else total.most <= level:
        form.add(total.columns, total.amounts, weight)
        form.constant = total.constant * weight
        return form
    sign = 1
    if level < 0:  # max(t, s) = -min(-t, -s): everything is mirrored
        sign, total, level, weight = -1, total.mirrored(), -level, -weight
    unit = gcd(common_divisor(total.amounts), level, total.constant)
    natural = sign * unit / units
    amounts = int64(total.amounts // unit, name)
    level, least, most = level // unit, total.least // unit, total.most // unit
    base = min(least, level)  # columns start at 0: u is counted from here
    start = total.constant // unit - base
    utility = shop.add_columns([f"utility {name}"], level - base, implied=True, is_measure=True)
    terms, values = np.append(utility, total.columns), np.append(1, -amounts).astype(np.int64)
    if weight > 0 or tight:
        label = f"saturation of {name}" if weight > 0 else f"rise of {name}"
        shop.add_row(label, terms, values, None, start, RowKind.MEASURE, natural)
    if weight < 0 or tight:
        flat = shop.add_columns([f"{name} is saturated"], is_measure=True)
        big, far = most - base, level - base
        above = np.append(terms, flat), np.append(values, big)
        label = f"saturation of {name}" if weight < 0 else f"fall of {name}"
        shop.add_row(label, *above, start, None, RowKind.MEASURE, natural)
        level_terms = np.append(utility, flat), np.array([1, -far])
        shop.add_row(f"level of {name}", *level_terms, lower=0, kind=RowKind.MEASURE)
    form.add(utility, np.array([unit], dtype=object), weight)
    form.constant = base * unit * weight
    return form
