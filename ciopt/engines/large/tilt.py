"""An improver whose objective is tilted, and floors that are held by prices first and as limits later."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.flat import set_objective
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.mix import LinearForms
from ciopt.engines.large.plan_state import column_values, recount
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.relaxation import Multipliers, Relaxation
from ciopt.engines.large.structure import structure_of
from ciopt.engines.large.surrogate import PICO, floors_of, scale_of, tilted
from ciopt.program.model import Goal, Program

Floats = NDArray[np.float64]

FIRMLY, GENTLY = (3.0, 3.0), (1.0, 1.15)
"""The price of what lacks at first, as a multiple of the floor's own, and the factor by which it rises: where
a plan lacks little and should not begin to, and where it comes from choices that lack much."""
FALLS, LEAST_PRICE, MOST_PRICE = 0.93, 0.3, 1000.0
"""The factor by which it falls; and its bounds."""


class Tilted:
    """An improver whose objective can be tilted, with a floor under every form.

    Parameters
    ----------
    program, goal
        What is tilted: without fairness and risk.
    search
        Prices.
    """

    def __init__(self, program: Program, goal: Goal, tilt: Floats, search: PriceSearch, seed: int) -> None:
        self.program, self.plain, self.tilt = program, goal, tilt
        self.is_tilted = bool(tilt.any())
        self.goal = tilted(program, goal, tilt)
        self.relaxation = Relaxation(structure_of(program, self.goal))
        at: Multipliers = search.best
        rows = np.append(at.rows, np.zeros(len(self.relaxation.structure.priced) - len(at.rows)))
        self.at = replace(at, rows=rows, mix=np.zeros(0))
        self.improver = Improver(self.relaxation, self.goal, self.at, search.relaxed, seed)

    def charge(self, prices: Floats) -> None:
        """Put prices on the last rows: exchanges go round those that have one."""
        self.at.rows[len(self.at.rows) - len(prices) :] = prices
        self.improver.go_by(self.relaxation, self.at)

    def lean(self, tilt: Floats) -> None:
        """Tilt the objective otherwise; without a tilt exact pieces go by the plain goal."""
        self.tilt, self.is_tilted = tilt, bool(tilt.any())
        self.improver.goal = self.goal if self.is_tilted else self.plain
        objective = np.zeros(self.program.num_columns)
        objective[self.plain.column] = self.plain.coefficient.astype(float) * float(self.plain.unit)
        objective = (objective + tilt / PICO) / float(self.goal.unit)
        tilted = np.where(self.program.measures, 0, np.rint(objective).astype(np.int64))
        set_objective(self.improver.flat, tilted)
        self.improver.recount()

    @property
    def values(self) -> Floats:
        """Columns of the best plan, without measures."""
        self.improver.go_back()
        return column_values(self.improver.flat, self.improver.state).astype(float)

    def worth(self, values: Floats) -> float:
        """Worth of the best plan without the tilt."""
        tilt = float(self.tilt @ values) if self.is_tilted else 0.0
        return self.improver.total * float(self.goal.unit) * PICO - tilt


class HeldFloors:
    """Floors under forms, the last rows of a program.

    What is lacking has a price, so that exchanges may pass through plans in which something is: it rises as
    long as something lacks, and falls while nothing does.

    Parameters
    ----------
    prices
        What a unit of each form's outcome is worth; what lacks costs more, and never nothing.
    firmly
        Whether what lacks is dear from the beginning.
    """

    def __init__(self, tilted: Tilted, forms: LinearForms, prices: Floats, *, firmly: bool) -> None:
        self.tilted, self.improver, self.forms, self.scale = tilted, tilted.improver, forms, scale_of(forms)
        self.rows = slice(len(self.improver.flat.row_upper) - forms.count, None)
        size = float(np.abs(forms.value).mean()) if len(forms.value) else 1.0
        typical = float(prices.mean()) or 1.0 / max(size, 1e-300)
        self.own, self.prices = prices, prices + typical
        self.factor, self.rises = FIRMLY if firmly else GENTLY
        self.improver.state.soft[self.rows] = True
        self.price()

    def price(self) -> None:
        """Put the prices down; what the plan at hand is worth changes with them."""
        unit = float(self.tilted.goal.unit) * PICO * self.scale
        self.improver.state.row_weight[self.rows] = np.rint(np.maximum(1.0, self.factor * self.prices / unit))
        self.improver.recount()

    def at(self, levels: Floats) -> None:
        """Hold the forms at other levels."""
        self.improver.flat.row_upper[self.rows] = -floors_of(levels, self.scale)
        self.improver.recount()

    @property
    def hold(self) -> bool:
        """Whether nothing lacks in the plan at hand."""
        flat, state = self.improver.flat, self.improver.state
        return bool((state.used[self.rows] <= flat.row_upper[self.rows]).all())

    @property
    def penalty(self) -> float:
        """What the plan at hand is charged for what lacks, in natural units."""
        flat, state = self.improver.flat, self.improver.state
        over = np.maximum(0, state.used[self.rows] - flat.row_upper[self.rows]).astype(float)
        return float(over @ state.row_weight[self.rows]) * float(self.tilted.goal.unit) * PICO

    @property
    def are_limits(self) -> bool:
        """Whether no plan may lack anything any more."""
        return not self.improver.state.soft[self.rows].any()

    def harden(self) -> bool:
        """Make the plan at hand one in which nothing lacks, and floors limits from now on, if that can be."""
        improver = self.improver
        before = improver.best, improver.paid.copy(), improver.total
        chosen = improver.state.current[improver.state.current >= 0].copy()
        improver.state.soft[self.rows] = False
        improver.best = None
        recount(improver.flat, improver.state)
        improver.start_from(chosen)
        if improver.best is not None:
            return True
        improver.state.soft[self.rows] = True
        improver.best, improver.paid, improver.total = before
        improver.recount()
        return False

    def charge(self, *, free: bool = False) -> None:
        """Let exchanges go round the floors, by what they are worth; or no longer."""
        self.tilted.charge(np.zeros(len(self.own)) if free else self.own / self.scale)

    def soften(self) -> None:
        """Let plans lack something again."""
        self.improver.state.soft[self.rows] = True
        recount(self.improver.flat, self.improver.state)

    def adapt(self) -> None:
        """Let prices rise or fall, as long as plans may lack something."""
        if self.are_limits:
            return
        change = FALLS if self.hold else self.rises
        self.factor = min(max(self.factor * change, LEAST_PRICE), MOST_PRICE)
        self.price()
