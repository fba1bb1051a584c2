"""The agenda: totals of indicators, saturation, targets, and the goals in order.

    value      Σ_k w_k u_k,   u_k = t_k,  or min(t_k, s_k): nothing counts beyond (max for a negative s_k)
    targets    t >= b                   hard
               t + m >= b, m >= 0       soft, at penalty p m
    cost       Σ cost_j x_j + Σ participation + Σ backbones  <= max_cost

A utility that the goal pulls at from the easy side needs only u <= t, u <= s; pulled at from the other
side it takes one of the two arguments, chosen by a binary b:  u >= t - M b,  u >= s - M (1 - b).
"""

from __future__ import annotations

from fractions import Fraction
from math import gcd
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, micro
from ciopt.instance.money import minor_digits, to_minor
from ciopt.instance.records import PerPlace
from ciopt.instance.value import place_level
from ciopt.program.build import Workshop, concatenated, grouped
from ciopt.program.exact import Integers, common_divisor, slim
from ciopt.program.model import Effects, Goal, RowKind

Array = NDArray[np.int64]
_PICO = MICRO * MICRO
GoalName = Literal["targets", "value", "cost", "total_cost"]


class Form:
    """A linear form that is put together piece by piece, in exact integers."""

    def __init__(self) -> None:
        self.columns: list[Array] = []
        self.factors: list[Integers] = []
        self.constant = 0

    def add(self, columns: Array, factors: Integers, times: int = 1) -> None:
        """Add ``times`` x Σ factor x column."""
        self.columns.append(columns)
        self.factors.append(factors.astype(object) * times)

    def extend(self, other: Form) -> None:
        """Add another form."""
        self.columns += other.columns
        self.factors += other.factors
        self.constant += other.constant

    def goal(self, name: GoalName) -> Goal:
        """Add up what stands for the same column, and take the common divisor out."""
        columns = concatenated(self.columns)
        factors = np.concatenate(self.factors) if self.factors else np.zeros(0, dtype=object)
        columns, inverse = np.unique(columns, return_inverse=True)
        total = np.zeros(len(columns), dtype=object)
        np.add.at(total, inverse, factors)
        kept = total != 0
        columns, total = columns[kept], total[kept]
        divisor = common_divisor(total)
        return Goal(name, columns, slim(total // divisor), Fraction(divisor), self.constant)


def compile_agenda(
    shop: Workshop, effects: Effects, cost_column: Array, cost_amount: Array
) -> tuple[Goal, ...]:
    """Add utilities, targets and shortfalls; return the goals in order, cost last as tie-break."""
    of_indicator = _by_indicator(shop, effects)
    money = _PICO // 10 ** minor_digits(shop.instance.currency)
    forms: dict[GoalName, Form] = {
        "value": _value(shop, effects, of_indicator),
        "cost": Form(),
        "total_cost": Form(),
        "targets": Form(),
    }
    forms["cost"].add(cost_column, cost_amount, -money)
    forms["total_cost"].add(cost_column, cost_amount, -money)
    agenda = shop.instance.agenda
    if agenda.max_cost is not None:
        most = to_minor(agenda.max_cost, shop.instance.currency)
        unit = 1 / 10 ** minor_digits(shop.instance.currency)
        shop.add_row("max_cost", cost_column, cost_amount, upper=most, unit=unit)
    if agenda.bearer != "fairness":
        forms[agenda.bearer].extend(_penalties(shop, effects, of_indicator))
    return tuple(forms[stage].goal(stage) for stage in agenda.stages if stage != "fairness")


def _by_indicator(shop: Workshop, effects: Effects) -> list[Array]:
    """Positions in the effects of each indicator."""
    return [np.flatnonzero(effects.indicator == number) for number in range(len(shop.instance.indicators))]


def _value(shop: Workshop, effects: Effects, of_indicator: list[Array]) -> Form:
    """Σ_k w_k u_k in 10^-12."""
    form = Form()
    for number, indicator in enumerate(shop.instance.indicators):
        weight = micro(indicator.weight)
        rows = of_indicator[number]
        if not weight:
            continue
        if isinstance(indicator.saturates_at, PerPlace):
            for place, here in grouped(effects.place, rows):
                if place < 0:
                    form.add(effects.column[here], effects.amount[here], weight)
                else:
                    name = shop.instance.places[place].id
                    level = place_level(shop.lookup, indicator, name)
                    form.extend(_saturated(shop, effects, here, level, weight, f"{indicator.id} at {name}"))
        elif indicator.saturates_at is not None:
            level = micro(indicator.saturates_at)
            form.extend(_saturated(shop, effects, rows, level, weight, f"{indicator.id} in all"))
        else:
            form.add(effects.column[rows], effects.amount[rows], weight)
    return form


def _saturated(shop: Workshop, effects: Effects, rows: Array, level: int, weight: int, name: str) -> Form:
    """Return weight x u, u = min(t, level) (max for a negative level), in 10^-12."""
    form = Form()
    columns, amounts = effects.column[rows], effects.amount[rows]
    lowest, highest = int(np.minimum(amounts, 0).sum()), int(np.maximum(amounts, 0).sum())
    if lowest >= level if level < 0 else highest <= level:
        form.add(columns, amounts, weight)
        return form
    sign = 1
    if level < 0:  # max(t, s) = -min(-t, -s): everything is mirrored
        sign = -1
        amounts, level, weight = -amounts, -level, -weight
        lowest, highest = -highest, -lowest
    unit = gcd(common_divisor(amounts), level)
    natural = sign * unit / MICRO
    amounts, level, lowest, highest = amounts // unit, level // unit, lowest // unit, highest // unit
    base = min(lowest, level)  # columns start at 0: u is counted from here
    utility = shop.add_columns([f"utility {name}"], level - base, implied=True, is_measure=True)
    terms, values = np.append(utility, columns), np.append(1, -amounts).astype(np.int64)
    if weight > 0:
        shop.add_row(f"saturation of {name}", terms, values, None, -base, RowKind.MEASURE, natural)
    else:
        flat = shop.add_columns([f"{name} is saturated"], is_measure=True)
        big, far = highest - base, level - base
        above = np.append(terms, flat), np.append(values, big)
        shop.add_row(f"saturation of {name}", *above, -base, None, RowKind.MEASURE, natural)
        level_terms = np.append(utility, flat), np.array([1, -far])
        shop.add_row(f"level of {name}", *level_terms, lower=0, kind=RowKind.MEASURE)
    form.add(utility, np.array([unit], dtype=object), weight)
    form.constant = base * unit * weight
    return form


def _penalties(shop: Workshop, effects: Effects, of_indicator: list[Array]) -> Form:
    """Add the rows of all targets; return the penalties of soft ones in 10^-12, negative."""
    form = Form()
    numbers = {name: n for n, name in enumerate(shop.lookup.indicators)}
    for number, target in enumerate(shop.instance.agenda.targets):
        rows = _looked_at(shop, effects, target, of_indicator[numbers[target.indicator]])
        # t >= b; a target from above is one from below with all signs changed
        sign, bound = (1, target.at_least) if target.at_least is not None else (-1, target.at_most)
        assert bound is not None
        columns, amounts, least = effects.column[rows], sign * effects.amount[rows], sign * micro(bound)
        label = f"target {target.id or number}"
        if not target.soft:
            shop.add_row(label, columns, amounts, lower=least, unit=1 / MICRO)
            continue
        unit = gcd(common_divisor(amounts), least)
        most = max(0, least - int(np.minimum(amounts, 0).sum())) // unit
        missing = shop.add_columns([f"missing {label}"], most, implied=True, is_measure=True)
        values = np.append(amounts // unit, 1).astype(np.int64)
        terms = np.append(columns, missing)
        shop.add_row(label, terms, values, least // unit, None, RowKind.MEASURE, unit / MICRO)
        form.add(missing, np.array([unit], dtype=object), -micro(target.penalty))
    return form


def _looked_at(shop: Workshop, effects: Effects, target: Target, rows: Array) -> Array:
    """Effects that count for a target: all, at a place, or in a group."""
    if target.place is not None:
        return np.asarray(rows[effects.place[rows] == shop.place_number(target.place)])
    if target.group is not None:
        places = np.array(
            [shop.place_number(place) for place in shop.lookup.groups[target.group]], dtype=np.int64
        )
        group = list(shop.lookup.groups).index(target.group)
        return np.asarray(rows[np.isin(effects.place[rows], places) | (effects.group[rows] == group)])
    return rows
