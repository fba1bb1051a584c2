"""The agenda: targets, and the goals in order.

value      Σ_k w_k u_k (see `ciopt.program.saturation`), or what risk counts instead, or mixed by a dial
fairness   see `ciopt.program.fairness`
targets    t >= b                   hard
t + m >= b, m >= 0       soft, at penalty p m
cost       Σ cost_j x_j + Σ participation + Σ backbones  <= max_cost
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, micro
from ciopt.instance.estimates import Estimated
from ciopt.instance.goals import stages_of
from ciopt.instance.money import minor_digits, to_minor
from ciopt.program.build import Workshop
from ciopt.program.exact import common_divisor
from ciopt.program.fairness import Fairness, wants_exact_outcomes
from ciopt.program.form import Form
from ciopt.program.model import Effects, Floor, Goal, Ordered, RowKind
from ciopt.program.risk import compile_reserve, compile_risk
from ciopt.program.saturation import Utilities

Array = NDArray[np.int64]
_PICO = MICRO * MICRO


@dataclass(frozen=True)
class Agreed:
    """What the agenda makes of a program."""

    goals: tuple[Goal, ...]
    ordered: tuple[Ordered, ...]
    floor: Floor | None


def compile_agenda(
    shop: Workshop,
    effects: Effects,
    estimates: tuple[Estimated, ...],
    bill: tuple[Array, Array],
    bills: Mapping[int, Form],
) -> Agreed:
    """Add utilities, targets, shortfalls and what is fair; return the goals in order, cost last as tie-break.

    Parameters
    ----------
    effects, estimates
        What moves the indicators, and what it errs with.
    bill
        Columns and amounts of the cost of all together.
    bills
        What every partner has to pay for: see `ciopt.program.fairness.bills_of`.
    """
    agenda = shop.instance.agenda
    utilities = Utilities(shop, effects, wants_exact_outcomes(shop))
    value, ordered = compile_risk(shop, effects, estimates, utilities)
    fairness = Fairness(shop, effects, utilities, bills)
    forms = {"value": _mixed(shop, value, fairness), **fairness.goals}
    forms |= {goal: Form() for goal in ("targets", "cost", "total_cost")}
    for goal in ("cost", "total_cost"):
        forms[goal].add(*bill, -(_PICO // 10 ** minor_digits(shop.instance.currency)))
    if agenda.max_cost is not None:
        most = to_minor(agenda.max_cost, shop.instance.currency)
        unit = 1 / 10 ** minor_digits(shop.instance.currency)
        shop.add_row("max_cost", *bill, upper=most, unit=unit)
    ordered += compile_reserve(shop, bill)
    forms[agenda.bearer].extend(_penalties(shop, effects, utilities.of_indicator))
    goals = tuple(forms[stage].goal(stage) for stage in stages_of(shop.lookup))
    return Agreed(goals, (*ordered, *fairness.ordered), fairness.floor)


def _mixed(shop: Workshop, value: Form, fairness: Fairness) -> Form:
    """(1 - dial) x value + dial x (Σ attribute) x (outcome of the worst-off); value alone without a dial."""
    agreed = shop.instance.agenda.fairness
    if agreed is None or agreed.how != "dial":
        return value
    assert agreed.dial is not None
    dial = micro(agreed.dial)
    form = Form()
    form.extend(value, MICRO - dial)
    form.extend(fairness.worst, dial)
    form.scale *= MICRO
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
