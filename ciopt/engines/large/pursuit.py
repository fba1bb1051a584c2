"""The search for a plan where something decides by its least.

It goes on what the prices led to (see `surrogate`), and judges every plan by what was asked for:

- *floors* are limits at the level that they come to, and what they are worth tilts the objective, so that
  exchanges see what a member loses or gains before the limit tells them;
- *doubts* tilt it too, and lean towards the errors that are worst for the plan at hand (fictitious play:
  Brown 1951);
- *the least* is held where it is, as a floor, while the objective leans towards those who get the least.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.flat import set_objective
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.mix import Floors, Least, LinearForms, Mix, Smallest
from ciopt.engines.large.plan_state import column_values, recount
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.relaxation import Multipliers, Relaxation
from ciopt.engines.large.small_plans import SmallPlans
from ciopt.engines.large.structure import structure_of
from ciopt.engines.large.surrogate import PICO, scale_of, tilted, with_floors
from ciopt.program.model import Goal, Program

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

CHAINS = 100
"""Chains in a round."""
LEANS = 0.05
"""How far a round's tilt leans towards what is worst for its plan."""
ABOVE = 1.0005
"""A floor that is a part of the mean is held at a mean that is larger by this factor."""
MICRO = 1e-6
LOWEST = -1e6
"""A floor that holds nothing."""
STUCK, CLOSER, FINEST = 8, 0.7, 0.02
"""Rounds after which the level that the worst-off are to reach comes closer to where they are."""
RISES, FALLS, LEAST_PRICE, MOST_PRICE = 1.15, 0.93, 0.3, 20.0
"""Of the price of what lacks: factors, and bounds."""
LEAST_FACTOR = 3.0
MENDED, LACKING = 8, 40
"""Rounds from one time to the next that a plan in which something lacks is mended, and after which floors are
limits like any other."""


@dataclass(frozen=True)
class Found:
    """A plan as it was found: options, payments, and what it is worth, in the goal's natural unit."""

    current: Array
    paid: Array
    worth: float


class Pursuit(ABC):
    """A search for a plan: rounds, and the best so far; ``program`` has the rows that it goes by."""

    improver: Improver
    program: Program

    def __init__(self) -> None:
        self.best: Found | None = None

    @abstractmethod
    def round(self, goes_on: Callable[[], bool]) -> None:
        """Search for a while."""

    @abstractmethod
    def look(self) -> None:
        """Keep the plan at hand if it is the best by what was asked for."""

    def begin(self, found: Found | None, goes_on: Callable[[], bool]) -> None:
        """Go on from a plan if it is better than what the prices led to, and exchange until nothing helps."""
        self.look()
        if found is not None:
            self.improver.adopt(found.current, found.paid)
            self.look()
        self.improver.polish(goes_on)
        self.look()

    def back(self) -> None:
        """Make the best plan the one at hand."""
        if self.best is not None:
            self.improver.best, self.improver.paid = self.best.current.copy(), self.best.paid.copy()
            self.improver.go_back()
            self.improver.total = int(self.improver.state.total[0])

    def _keep(self, worth: float) -> None:
        current = self.improver.best
        if current is not None and (self.best is None or worth > self.best.worth):
            self.best = Found(current.copy(), self.improver.paid.copy(), worth)


class _Tilted:
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
        relaxation = Relaxation(structure_of(program, self.goal))
        at: Multipliers = search.best
        rows = np.append(at.rows, np.zeros(len(relaxation.structure.priced) - len(at.rows)))
        at = replace(at, rows=rows, mix=np.zeros(0))
        self.improver = Improver(relaxation, self.goal, at, search.relaxed, seed)

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


class _Floors:
    """Floors under forms, the last rows of a program.

    What is lacking has a price, so that exchanges may pass through plans in which something is: it rises as
    long as something lacks, and falls while nothing does.

    Parameters
    ----------
    prices
        What a unit of each form's outcome is worth.
    """

    def __init__(self, tilted: _Tilted, forms: LinearForms, prices: Floats) -> None:
        self.tilted, self.improver, self.forms, self.scale = tilted, tilted.improver, forms, scale_of(forms)
        self.rows = slice(len(self.improver.flat.row_lower) - forms.count, None)
        typical = float(prices.mean()) or 1.0 / max(float(np.abs(forms.value).mean()), 1e-300)
        self.prices, self.factor = prices + typical, 1.0
        self.improver.state.soft[self.rows] = True
        self.price()

    def price(self) -> None:
        """Put the prices down; what the plan at hand is worth changes with them."""
        unit = float(self.tilted.goal.unit) * PICO * self.scale
        self.improver.state.row_weight[self.rows] = np.rint(np.maximum(1.0, self.factor * self.prices / unit))
        self.improver.recount()

    def at(self, levels: Floats) -> None:
        """Hold the forms at other levels."""
        self.improver.flat.row_lower[self.rows] = np.ceil(levels * self.scale).astype(np.int64)
        self.improver.recount()

    @property
    def hold(self) -> bool:
        """Whether nothing lacks in the plan at hand."""
        flat, state = self.improver.flat, self.improver.state
        return bool((state.used[self.rows] >= flat.row_lower[self.rows]).all())

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

    def soften(self) -> None:
        """Let plans lack something again."""
        self.improver.state.soft[self.rows] = True
        recount(self.improver.flat, self.improver.state)

    def adapt(self) -> None:
        """Let prices rise or fall, as long as plans may lack something."""
        if self.are_limits:
            return
        change = FALLS if self.hold else RISES
        self.factor = min(max(self.factor * change, LEAST_PRICE), MOST_PRICE)
        self.price()


class ValuePursuit(Pursuit):
    """The best plan for a goal that is a sum, with floors and doubts.

    Parameters
    ----------
    program, goal, mix
        Without fairness and risk; and what stands for them.
    search
        Prices and weights.
    """

    def __init__(self, program: Program, goal: Goal, mix: Mix, search: PriceSearch, seed: int) -> None:
        super().__init__()
        parts = list(zip(mix.parts, mix.split(search.best.mix), strict=True))
        self.floors = [(part, own) for part, own in parts if isinstance(part, Floors)]
        doubts = [(part, own) for part, own in parts if isinstance(part, Smallest)]
        self.doubt = doubts[0][0] if doubts else None
        self.weights: Floats = doubts[0][1] if doubts else np.zeros(0)
        self.level, self.rounds = 0.0, 0
        self.held: _Floors | None = None
        if self.floors:
            first = self.floors[0][0]
            self.level = self._due(first.forms.of(search.relaxed.columns)) * self._above
            program = with_floors(program, first.forms, first.attribute * self.level)
        self.program = program
        self.tilted = _Tilted(program, goal, self._tilt(), search, seed)
        self.improver = self.tilted.improver
        if self.floors:
            prices = np.sum([np.maximum(part.mixed(own)[0], 0.0) for part, own in self.floors], axis=0)
            self.held = _Floors(self.tilted, self.floors[0][0].forms, prices)
        self.improver.start_from(self.improver.relaxed)

    @property
    def _above(self) -> float:
        """A floor that is a part of the mean is held a little higher: the mean is not known before."""
        return ABOVE if any(part.floor is None for part, _ in self.floors) else 1.0

    def _due(self, outcome: Floats) -> float:
        """Outcome per unit that everybody is due if outcomes are these."""
        mean = float(outcome.sum()) / float(self.floors[0][0].attribute.sum())
        return max(part.share * mean + MICRO if part.floor is None else part.floor for part, _ in self.floors)

    def _tilt(self) -> Floats:
        """What floors and the mix of errors add to the objective."""
        found = np.zeros(self.program.num_columns)
        for part, own in self.floors if self.held is None or not self.held.are_limits else ():
            found += part.forms.weighted(part.mixed(own)[0], len(found))
        if self.doubt is not None:
            found += self.doubt.forms.weighted(self.doubt.mixed(self.weights)[0], len(found))
        return found

    def look(self) -> None:
        if self.improver.best is None:
            return
        values = self.tilted.values
        if self.held is not None:
            first = self.floors[0][0]
            due = self._due(first.forms.of(values))
            if due > self.level:
                self.level = due * self._above
                self.held.at(first.attribute * self.level)
                if self.held.are_limits:
                    self.improver.again()
            if not self.held.hold:
                return
        worth = self.tilted.worth(values)
        if self.doubt is not None:
            worth += self.doubt.worst(self.doubt.forms.of(values))[0]
        self._keep(worth)

    def round(self, goes_on: Callable[[], bool]) -> None:
        if self.doubt is not None and self.improver.best is not None:
            _, worst = self.doubt.worst(self.doubt.forms.of(self.tilted.values))
            self.weights = self.weights + LEANS * (worst - self.weights)
            self.tilted.lean(self._tilt())
        if self.held is not None:
            self.held.adapt()
        self.improver.wander(CHAINS)
        SmallPlans(self.improver).rebuild(goes_on)
        self.look()
        self.rounds += 1
        if self.held is not None and not self.held.are_limits and self.rounds % MENDED == 1:
            self._mend(self.held, goes_on)

    def _mend(self, held: _Floors, goes_on: Callable[[], bool]) -> None:
        """Look at what the plan at hand is worth when nothing lacks any more.

        At first the search goes on from it as it was; after some time plans may lack nothing.
        """
        best, paid, total = self.improver.best, self.improver.paid.copy(), self.improver.total
        if not held.harden():
            return
        if self.rounds >= LACKING:
            # limits are kept anyway: what floors are worth would only lead to more than they ask for
            self.tilted.lean(self._tilt())
            self.improver.polish(goes_on)
            self.look()
            return
        self.look()
        held.soften()
        self.improver.best, self.improver.paid, self.improver.total = best, paid, total
        self.improver.recount()


class LeastPursuit(Pursuit):
    """The plan of which the worst-off get the most.

    Parameters
    ----------
    program, part
        Without fairness; and the outcomes whose least counts.
    search
        Prices and weights.
    """

    def __init__(self, program: Program, goal: Goal, part: Least, search: PriceSearch, seed: int) -> None:
        super().__init__()
        self.part, self.rounds = part, 0
        self.even = search.best.mix
        program = with_floors(program, part.forms, np.full(part.forms.count, LOWEST))
        self.program = program
        self.tilted = _Tilted(program, goal, self._tilt(self.even), search, seed)
        self.improver = self.tilted.improver
        self.level, self.step = search.relaxed.bound / part.size, 1.0
        self.held = _Floors(self.tilted, part.forms, part.mixed(self.even)[0])
        self.held.factor = LEAST_FACTOR
        self.held.price()
        self.bound = self.level
        self.held.at(part.attribute * self.level)
        self.improver.start_from(self.improver.relaxed)

    def _tilt(self, weights: Floats) -> Floats:
        return self.part.forms.weighted(self.part.mixed(weights)[0], self.program.num_columns)

    def _each(self) -> Floats:
        """Outcome per unit of everybody."""
        return np.asarray(self.part.forms.of(self.tilted.values) / self.part.attribute)

    def look(self) -> None:
        if self.improver.best is not None:
            self._keep(float(self._each().min()))

    def round(self, goes_on: Callable[[], bool]) -> None:
        before = -np.inf if self.best is None else self.best.worth
        self.improver.wander(CHAINS)
        SmallPlans(self.improver).rebuild(goes_on)
        self.look()
        self.rounds += 1
        best = before if self.best is None else self.best.worth
        if self.best is not None and (self.held.hold or self.rounds % STUCK == 0):
            if self.held.hold:
                self.step = min(1.0, self.step / CLOSER)
            else:
                self.step = max(FINEST, self.step * CLOSER)
            self.level = best + self.step * max(self.bound - best, 0.0)
            self.held.at(self.part.attribute * self.level)
