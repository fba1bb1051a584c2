"""The search for prices: demand above supply raises a price, demand below lowers it.

The bound is convex in the prices, and its least value is that of the linear relaxation. Prices of amounts
that share a limit change by factors (tâtonnement), all others by steps. Every coordinate has its own pace:
the smoothed direction over its smoothed size (Kingma & Ba 2015), since prices of cents, staff days and
villages have nothing in common. Steps shrink whenever the bound stops falling.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate import Certificate
from ciopt.engines.large.charges import FundPrices
from ciopt.engines.large.relaxation import Multipliers, Relaxation, Relaxed
from ciopt.engines.large.resume import resumed

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

FIRST_STEP, LAST_STEP = 0.12, 2e-5
LITTLE = 0.01
"""First price of money where options bring losses only: this part of the typical loss a unit."""
AGAIN = 0.02
"""First step from given prices."""
SHRINK = 0.75
HASTE, PATIENCE = 4, 10
"""Iterations without progress before steps shrink: where time is short, and where there is enough."""
ITERATIONS_EACH = 45
"""Iterations in all for each of those, about."""
PROGRESS = 1e-2
"""An iteration is progress if the bound falls by more than this part of the step, relatively."""
ENDLESS = 1e6
"""A bound so many times as far below 0 as it was at first, or as all columns are worth, falls without end."""
SMOOTH, SIZE = 0.8, 0.95
"""Memory of direction and of size."""


RECENT = 0.05
"""Part of the average choice that is the newest."""


@dataclass(frozen=True)
class Excess:
    """By how much demand exceeds supply: minus the bound's gradient, part by part."""

    rows: Floats
    funds: Floats
    spend: Floats
    splits: Floats
    switches: Floats
    mix: Floats

    def combine(self, other: Excess, function: Callable[[Floats, Floats], Floats]) -> Excess:
        """Apply a function part by part."""
        return Excess(*(function(getattr(self, f.name), getattr(other, f.name)) for f in fields(self)))


class PriceSearch:
    """Lowers the bound of a relaxation step by step; `best` and `relaxed` are the best so far.

    Parameters
    ----------
    relaxation
        Of the program, for one goal.
    start
        Prices to begin with; small steps from there.
    """

    def __init__(self, relaxation: Relaxation, start: Certificate | None = None) -> None:
        self.relaxation = relaxation
        self._scale()
        self.at = self._guess() if start is None else resumed(relaxation, self._guess(), start)
        self.current = relaxation.evaluate(self.at)
        self.best, self.relaxed = self.at, self.current
        objective, upper = relaxation.structure.objective, relaxation.program.upper
        self.endless = -ENDLESS * (1.0 + abs(self.current.bound) + float(np.abs(objective) @ upper))
        self.step_size = FIRST_STEP if start is None else AGAIN
        self.iterations = self.stalled = 0
        self.shares = self.current.columns[: len(relaxation.program.options)].copy()
        """How much of each option was chosen of late, on average: nearer to the limits than one choice."""
        self.patience = PATIENCE
        self.direction: Excess | None = None
        self.size: Excess | None = None

    def _scale(self) -> None:
        """How large steps of each kind are, in value."""
        structure, program = self.relaxation.structure, self.relaxation.program
        priced, blocks = structure.priced, structure.blocks
        objective = np.abs(structure.objective)
        self.typical = float(np.mean(objective[objective > 0])) if (objective > 0).any() else 1.0
        count = np.maximum(np.bincount(priced.row, minlength=len(priced)), 1)
        size = np.bincount(priced.row, np.abs(priced.value), len(priced)) / count
        self.measured = np.zeros(len(priced))
        is_measure = program.measures[priced.column]
        np.maximum.at(self.measured, priced.row[is_measure], objective[priced.column[is_measure]])
        self.row_unit = np.where(self.measured > 0, self.measured / 4, self.typical / np.maximum(size, 1e-12))
        weight = objective[program.thresholds.column[blocks.threshold]]
        weight = np.where(weight > 0, weight, self.typical / 4)
        self.split_unit = weight[blocks.block] if len(blocks.block) else np.zeros(0)

    def _guess(self) -> Multipliers:
        """Every limit about as dear as what it allows is worth."""
        start = self.relaxation.start()
        charges, priced = self.relaxation.charges, self.relaxation.structure.priced
        worth = self.relaxation.structure.objective[: len(charges.cost)]
        density = worth / np.maximum(charges.cost, 1.0)
        level = 0.0
        if (density > 0).any():
            level = float(np.median(density[density > 0]))
        elif (density < 0).any():  # prices that change by factors would never leave 0
            level = LITTLE * float(np.median(-density[density < 0]))
        unit = charges.feasible(FundPrices(np.full(start.funds.unit.shape, level), start.funds.spend))
        rows = np.where(priced.packing, 0.1 * self.row_unit, 0.0)
        rows = np.where((self.measured > 0) & np.isfinite(priced.upper), self.measured, rows)
        return replace(start, rows=rows, funds=unit)

    @property
    def is_done(self) -> bool:
        """Whether steps have become too small to matter, or the bound falls without end: there is no plan."""
        return self.step_size < LAST_STEP or self.relaxed.bound < self.endless

    def step(self) -> None:
        """Move once along the smoothed direction and evaluate."""
        excess = self._excess(self.current)
        squared = excess.combine(excess, lambda one, other: one * other)
        if self.direction is None or self.size is None:
            self.direction, self.size = excess, squared
        else:
            self.direction = self.direction.combine(
                excess, lambda old, new: SMOOTH * old + (1 - SMOOTH) * new
            )
            self.size = self.size.combine(squared, lambda old, new: SIZE * old + (1 - SIZE) * new)
        pace = self.direction.combine(self.size, lambda d, v: self.step_size * d / np.sqrt(v + 1e-18))
        self.at = self._moved(self.at, pace)
        self.current = self.relaxation.evaluate(self.at)
        self.shares += RECENT * (self.current.columns[: len(self.shares)] - self.shares)
        self.iterations += 1
        enough = PROGRESS * self.step_size * max(1e-9, abs(self.relaxed.bound))
        self.stalled = 0 if self.current.bound < self.relaxed.bound - enough else self.stalled + 1
        if self.current.bound < self.relaxed.bound:
            self.best, self.relaxed = self.at, self.current
        if self.stalled >= self.patience:
            self.step_size *= SHRINK
            self.stalled = 0

    def usual(self) -> Array:
        """Return the options that were chosen more often than not, one an activity at most."""
        likely = self.shares > 0.5
        return np.flatnonzero(likely & self.relaxation.structure.allowed)

    def hurry(self, iterations: float) -> None:
        """Be as patient as so many iterations allow: haste ends some thousandths above the least bound."""
        self.patience = min(max(HASTE, int(iterations / ITERATIONS_EACH)), PATIENCE)

    def run(self, goes_on: Callable[[], bool], most: int = 10_000) -> None:
        """Step until done, or told to stop."""
        for _ in range(most):
            if self.is_done or not goes_on():
                return
            self.step()

    def _excess(self, relaxed: Relaxed) -> Excess:
        structure, charges = self.relaxation.structure, self.relaxation.charges
        priced, program = structure.priced, self.relaxation.program
        used = np.bincount(priced.row, relaxed.columns[priced.column] * priced.value, len(priced))
        upper = np.isfinite(priced.upper) & (np.isinf(priced.lower) | (used > priced.lower))
        side = np.where(upper, priced.upper, priced.lower)
        held = np.bincount(
            self.relaxation.literal_owner, relaxed.columns[program.literals.index], len(program.literals)
        )
        spent = relaxed.spent.sum(axis=1)
        return Excess(
            np.where(np.isfinite(side), used - side, 0.0) / np.maximum(np.abs(side), 1.0),
            charges.limited(relaxed.spent - charges.amounts)
            / np.maximum(charges.amounts.max(axis=1, keepdims=True, initial=1.0), 1.0),
            np.where(charges.least > 0, charges.least - spent, 0.0) / np.maximum(charges.least, 1.0),
            relaxed.splits - held[structure.blocks.literal],
            held[self.relaxation.switch_blocks.literal] - relaxed.switches,
            structure.mix.excess(self.at.mix, relaxed.columns),
        )

    def _moved(self, at: Multipliers, pace: Excess) -> Multipliers:
        priced = self.relaxation.structure.priced
        rows = np.where(priced.packing, at.rows * np.exp(pace.rows), at.rows + self.row_unit * pace.rows)
        rows = np.where(np.isfinite(priced.upper), rows, np.minimum(rows, 0.0))
        rows = np.where(np.isfinite(priced.lower), rows, np.maximum(rows, 0.0))
        charges, unit = self.relaxation.charges, at.funds.unit
        level = unit.mean(axis=1) if unit.size else np.zeros(0)
        steps = charges.steps(unit)
        # of money that is kept few limits bind, and any may begin to: their prices must come and go
        steps = np.where(
            charges.is_kept[:, None],
            np.maximum(0.0, steps + level[:, None] * pace.funds),
            steps * np.exp(pace.funds),
        )
        funds = FundPrices(charges.units(steps), at.funds.spend + level * pace.spend)
        return Multipliers(
            rows,
            charges.feasible(funds),
            at.splits + self.split_unit * pace.splits,
            np.maximum(0.0, at.switches + self.typical / 4 * pace.switches),
            self.relaxation.structure.mix.moved(at.mix, pace.mix),
        )
