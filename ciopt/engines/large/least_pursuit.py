"""The search for a plan where the least outcomes are the goal, or a part of it.

Members are held at levels, as floors, while the objective leans towards those who get the least. A level that
plans reach is raised; one that they do not reach for long comes closer to where they are.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.mix import Mix
from ciopt.engines.large.outcomes import HeldSums, Least
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.pursuit import CHAINS, Doubts, Found, Pursuit
from ciopt.engines.large.small_plans import SmallPlans
from ciopt.engines.large.surrogate import with_floors
from ciopt.engines.large.tilt import HeldFloors, Tilted
from ciopt.program.model import Goal, Program

Floats = NDArray[np.float64]

LOWEST = -1e6
"""A floor that holds nothing."""
STUCK, CLOSER, FINEST = 8, 0.7, 0.02
"""Rounds after which the level that the worst-off are to reach comes closer to where they are."""
AROUND = (1.0, 0.5, 0.2, 0.0, -0.2, -0.5)
"""Levels that a mix of value and the worst-off is tried at: from where they are to what weights promise."""
LITTLE = 0.02
"""Weights promise at least so much more, relatively."""
_WHOLE, _NEARLY = 1e6, 1e-3
"""Outcomes per unit are compared in whole 10^-6, rounded down but for what doubles lose."""


class LeastPursuit(Pursuit):
    """The plan of which the worst-off get the most: one of them, or several together after those before.

    The worst-off of the plan found so far stay where they are, one by one; all others are raised together.

    Parameters
    ----------
    program, goal, mix
        Without fairness; and the outcomes whose least count.
    search
        Prices and weights.
    """

    def __init__(self, program: Program, goal: Goal, mix: Mix, search: PriceSearch, seed: int) -> None:
        super().__init__()
        self.part = next(part for part in mix.parts if isinstance(part, Least))
        self.kept = next((part for part in mix.parts if isinstance(part, HeldSums)), None)
        forms, weights = self.part.forms, np.zeros(self.part.forms.count)
        for part, own in zip(mix.parts, mix.split(search.best.mix), strict=True):
            weights += part.mixed(own)[0]
        program = with_floors(program, forms, np.full(forms.count, LOWEST))
        self.program, self.rounds, self.step = program, 0, 1.0
        tilt = forms.weighted(weights, program.num_columns)
        self.tilted = Tilted(program, goal, tilt, search, seed)
        self.improver = self.tilted.improver
        self.held = HeldFloors(self.tilted, forms, weights, firmly=True)
        before = 0.0 if self.kept is None else float(self.kept.sums[self.part.least - 2])
        self.promised = search.relaxed.bound / self.part.size - before
        if self.kept is None:
            self._raise_to(self.promised)
            self.improver.start_from(self.improver.relaxed)

    def begin(self, found: Found | None, goes_on: Callable[[], bool], has_time: Callable[[], bool]) -> None:
        """The same, at levels that the plan found before allows."""
        if self.kept is not None and found is not None:
            self._raise_to(LOWEST)
            self.improver.adopt(found.current, found.paid)
            self.look()
            self._aim()
        super().begin(found, goes_on, has_time)

    def _raise_to(self, level: float) -> None:
        """Hold everybody at a level, and the worst-off of the plan before where they are."""
        levels = np.full(self.part.forms.count, level)
        if self.kept is not None:
            levels = np.where(self.kept.pinned, self.kept.levels, np.maximum(level, self.kept.levels))
        self.held.at(self.part.attribute * levels)

    def _each(self) -> Floats:
        """Outcomes per unit, the least first."""
        return np.sort(self.part.forms.of(self.tilted.values) / self.part.attribute)

    def look(self) -> None:
        if self.improver.best is not None:
            each = self._each()
            rank = np.floor(each * _WHOLE + _NEARLY).tolist()
            self._keep(float(each[: self.part.least].sum()), tuple(rank))

    def _aim(self) -> None:
        """Raise the level from where the best plan is towards what the weights promise."""
        if self.best is not None:
            reached = self.best.rank[self.part.least - 1] / _WHOLE
            self._raise_to(reached + self.step * max(self.promised - reached, 0.0))

    def round(self, goes_on: Callable[[], bool]) -> None:
        self.improver.wander(CHAINS)
        SmallPlans(self.improver).rebuild(goes_on)
        self.look()
        self.rounds += 1
        if self.held.hold or self.rounds % STUCK == 0:
            if self.held.hold:
                self.step = min(1.0, self.step / CLOSER)
            else:
                self.step = max(FINEST, self.step * CLOSER)
            self._aim()


class DialPursuit(Pursuit):
    """The best mix of value and the outcome of the worst-off: levels around those of the best plan.

    Parameters
    ----------
    program, goal, mix
        Without fairness and risk, the value scaled by its part; and what stands for them.
    search
        Prices and weights.
    """

    def __init__(self, program: Program, goal: Goal, mix: Mix, search: PriceSearch, seed: int) -> None:
        super().__init__()
        parts = list(zip(mix.parts, mix.split(search.best.mix), strict=True))
        self.part, own = next((part, own) for part, own in parts if isinstance(part, Least))
        self.doubts = Doubts(mix, search.best.mix)
        forms = self.part.forms
        self.program = with_floors(program, forms, np.full(forms.count, LOWEST))
        self.tilted = Tilted(self.program, goal, self.doubts.tilt(self.program.num_columns), search, seed)
        self.improver = self.tilted.improver
        self.held = HeldFloors(self.tilted, forms, self.part.mixed(own)[0], firmly=True)
        self.promised = float(own @ (forms.of(search.relaxed.columns) / self.part.attribute))
        self.turn = self.idle = 0
        self.held.at(self.part.attribute * self.promised)
        self.improver.start_from(self.improver.relaxed)

    def _least(self, values: Floats) -> float:
        """Outcome per unit of the worst-off."""
        return float((self.part.forms.of(values) / self.part.attribute).min())

    def look(self) -> None:
        if self.improver.best is None:
            return
        values = self.tilted.values
        worth = self.tilted.worth(values) + self.held.penalty + self.part.size * self._least(values)
        self._keep(worth + self.doubts.worst(values))

    def round(self, goes_on: Callable[[], bool]) -> None:
        before = self.best
        if self.doubts.parts and self.improver.best is not None:
            self.doubts.lean(self.tilted.values)
            self.tilted.lean(self.doubts.tilt(self.program.num_columns))
        self.improver.wander(CHAINS)
        SmallPlans(self.improver).rebuild(goes_on)
        self.look()
        self.idle = 0 if self.best is not before else self.idle + 1
        if self.best is not None and self.idle % STUCK == STUCK - 1:
            self._try_another_level()

    def _try_another_level(self) -> None:
        """Go on from the best plan, with the worst-off held a little above or below where they are there."""
        self.back()
        reached = self._least(self.tilted.values)
        more = max(self.promised - reached, LITTLE * abs(reached))
        self.turn = (self.turn + 1) % len(AROUND)
        self.held.at(self.part.attribute * (reached + AROUND[self.turn] * more))
