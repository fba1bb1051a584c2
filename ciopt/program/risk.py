"""Risk: what the goal ``value`` counts instead of the central value.

    robust    V + Σ of the Γ smallest y_e,  y_e <= -c_e (1 - low_e), y_e <= -c_e (1 - high_e), y_e <= 0
    cvar      (Σ of the K smallest V_s) / K,  V_s = Σ_k w_k u_k(Σ_e M_es t_ek)

y_e and V_s are whole numbers of 10^-6, rounded down (see `ciopt.instance.risk`). t_ek, what comes from
an estimate, has a column of its own unless places saturate each alone.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import MICRO, micro
from ciopt.instance.estimates import Estimated, Key
from ciopt.instance.records import Indicator, PerPlace
from ciopt.instance.risk import money_limit, overrun, tail
from ciopt.instance.sampling import MILLI, multipliers
from ciopt.instance.value import place_level
from ciopt.program.build import Workshop, concatenated, grouped
from ciopt.program.exact import common_divisor
from ciopt.program.fairness import smallest
from ciopt.program.form import Form
from ciopt.program.model import Effects, Ordered, RowKind
from ciopt.program.ordered import Piece, add_forms, add_ordered
from ciopt.program.saturation import Total, Utilities, of_binaries, saturated

RESERVE = "reserve"
"""Label of the row that keeps money for overruns of costs: within ``max_cost``, or all money there is."""
OVERRUN = "overrun"
"""What the sum of the overruns that money is kept for is called in `Program.ordered`."""

Array = NDArray[np.int64]
_Moved = tuple[Array, Array, int, int]
"""(columns, amounts, estimate, constant): what comes from one estimate, in 10^-6."""


def compile_risk(
    shop: Workshop, effects: Effects, estimates: tuple[Estimated, ...], utilities: Utilities
) -> tuple[Form, tuple[Ordered, ...]]:
    """Return what the goal ``value`` counts before penalties, in 10^-12, and the structure behind it."""
    risk = shop.instance.agenda.risk
    if risk is None or risk.how == "expected":
        return utilities.value(), ()
    if risk.how == "robust":
        if risk.gamma is None:
            return utilities.value(), ()
        value, pieces = utilities.value(), _losses(shop, effects, estimates)
        least = min(int(risk.gamma), len(pieces))
        if not least:
            return value, ()
        forms = add_forms(shop, "loss", ["/".join(key) for key in pieces], list(pieces.values()))
        found = add_ordered(shop, "robust", forms, least)
        value.extend(smallest(found))
        return value, (found,)
    count, samples = tail(risk)
    sampled = _Samples(shop, effects, estimates, samples).pieces()
    forms = add_forms(shop, "value", [f"sample {number + 1}" for number in range(samples)], sampled)
    found = add_ordered(shop, "cvar", forms, count)
    return smallest(found, shared_by=count), (found,)


def compile_reserve(shop: Workshop, bill: tuple[Array, Array]) -> tuple[Ordered, ...]:
    """Add cost - Σ of the smallest y_i <= limit,  y_i = -Σ overrun_j x_j over the options of an intervention.

    In minor units.
    """
    risk = shop.instance.agenda.risk
    if risk is None or risk.cost_gamma is None:
        return ()
    labels, pieces = [], []
    for number, own in grouped(shop.options.intervention, np.arange(len(shop.options), dtype=np.int64)):
        record = shop.instance.interventions[number]
        amounts = np.array([overrun(record, cost) for cost in shop.options.cost[own].tolist()], dtype=object)
        if amounts.any():
            form = Form()
            form.add(own, amounts, -1)
            labels.append(record.id)
            pieces.append([(form, 1)])
    least, limit = min(int(risk.cost_gamma), len(pieces)), money_limit(shop.lookup)
    if not least:
        shop.add_row(RESERVE, *bill, upper=limit)
        return ()
    forms = add_forms(shop, OVERRUN, labels, pieces)
    found = add_ordered(shop, OVERRUN, forms, least)
    columns, amounts = np.append(bill[0], found.column), np.append(bill[1], -forms.unit)
    shop.add_row(RESERVE, columns, amounts, upper=limit + found.base * forms.unit, kind=RowKind.MEASURE)
    return (found,)


def _losses(shop: Workshop, effects: Effects, estimates: tuple[Estimated, ...]) -> dict[Key, list[Piece]]:
    """-D_e of every estimate: the least of both ends and 0, each in 10^-18."""
    ends: dict[Key, tuple[Form, Form]] = {}
    weights = np.array([micro(each.weight) for each in shop.instance.indicators], dtype=object)
    for number, rows in grouped(effects.estimate, np.arange(len(effects.estimate), dtype=np.int64)):
        if number >= 0:
            source = estimates[number]
            both = ends.setdefault(source.key, (Form(), Form()))
            worth = effects.amount[rows].astype(object) * weights[effects.indicator[rows]]
            for form, end in zip(both, source.spread, strict=True):
                form.add(effects.column[rows], worth, micro(end) - MICRO)
    pieces: dict[Key, list[Piece]] = {}
    for key, both in ends.items():
        moving = [form for form in both if len(form.summed()[0])]
        if moving:
            pieces[key] = [(form, MICRO**2) for form in (*moving, Form())]
    return pieces


class _Samples:
    """V_s of every sample, in 10^-15."""

    def __init__(
        self, shop: Workshop, effects: Effects, estimates: tuple[Estimated, ...], samples: int
    ) -> None:
        self.shop, self.effects = shop, effects
        self.factors = np.array([*(multipliers(each, samples) for each in estimates), (MILLI,) * samples])
        self.found = [Form() for _ in range(samples)]
        for number, indicator in enumerate(shop.instance.indicators):
            rows = np.flatnonzero(effects.indicator == number)
            if indicator.weight and len(rows):
                self._add(indicator, rows)

    def pieces(self) -> list[list[Piece]]:
        """Every V_s, in 10^-6 when divided."""
        return [[(form, MICRO * MILLI)] for form in self.found]

    def _add(self, indicator: Indicator, rows: Array) -> None:
        """Add what one indicator is worth in every sample."""
        weight, effects = micro(indicator.weight), self.effects
        if not isinstance(indicator.saturates_at, PerPlace):
            level = None if indicator.saturates_at is None else micro(indicator.saturates_at)
            self._add_moved(self._moved(rows, indicator.id), weight, level, f"{indicator.id} in all")
            return
        for place, here in grouped(effects.place, rows):
            level, label = None, ""
            if place >= 0:
                name = self.shop.instance.places[place].id
                level, label = place_level(self.shop.lookup, indicator, name), f"{indicator.id} at {name}"
            direct = [
                (effects.column[at], effects.amount[at], number, 0)
                for number, at in grouped(effects.estimate, here)
            ]
            self._add_moved(direct, weight, level, label)

    def _moved(self, rows: Array, name: str) -> list[_Moved]:
        """What comes from each estimate, in a column of its own: so that the rows of samples are short."""
        found: list[_Moved] = []
        for number, here in grouped(self.effects.estimate, rows):
            columns, amounts = self.effects.column[here], self.effects.amount[here]
            if number < 0 or len(here) == 1:
                found.append((columns, amounts, number, 0))
                continue
            total = of_binaries(columns, amounts)
            unit = common_divisor(amounts)
            least, room = total.least // unit, (total.most - total.least) // unit
            label = f"{name} from estimate {number + 1}"
            own = self.shop.add_columns([label], room, implied=True, is_measure=True)
            terms = np.append(own, columns), np.append(1, -amounts // unit).astype(np.int64)
            self.shop.add_row(label, *terms, -least, -least, RowKind.MEASURE)
            found.append((own, np.array([unit], dtype=np.int64), number, total.least))
        return found

    def _add_moved(self, moved: list[_Moved], weight: int, level: int | None, label: str) -> None:
        """Add weight x u(Σ_e M_es t_e) to every sample, t_e = Σ amount x column + constant."""
        columns = concatenated([each[0] for each in moved])
        amounts = np.concatenate([each[1] for each in moved]).astype(object)
        upper = self.shop.upper()[columns].astype(object)
        sources = np.repeat([each[2] for each in moved], [len(each[0]) for each in moved])
        for number, form in enumerate(self.found):
            sampled = amounts * self.factors[sources, number]
            constant = sum(int(self.factors[each[2], number]) * each[3] for each in moved)
            if level is None:
                form.add(columns, sampled, weight)
                form.constant += weight * constant
                continue
            reach = sampled * upper
            low, high = (sum(each for each in reach if (each > 0) == is_most) for is_most in (False, True))
            total = Total(columns, sampled, constant + low, constant + high, constant)
            name = f"{label} in sample {number + 1}"
            form.extend(saturated(self.shop, total, level * MILLI, weight, name, units=MICRO * MILLI))
