"""The search for a plan where something decides by its least.

It goes on what the prices led to (see `surrogate`), and judges every plan by what was asked for:

- *floors* hold at the level that they come to, first by a price for what lacks, then as limits that exchanges
  go round. Where little counts for each, the search begins with them (see `settle`); else what they are worth
  tilts the objective, so that exchanges see what a member loses or gains before the limit tells them;
- *doubts* tilt the objective, and lean towards the errors that are worst for the plan at hand (fictitious
  play: Brown 1951);
- *the least* see `least_pursuit`.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.improver import Improver
from ciopt.engines.large.mix import Mix, Smallest
from ciopt.engines.large.outcomes import Floors
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.settle import settled
from ciopt.engines.large.small_plans import SmallPlans
from ciopt.engines.large.surrogate import with_floors
from ciopt.engines.large.tilt import HeldFloors, Tilted
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
FEW = 500
"""Options and products that count for a floor, on average: the search begins with floors of fewer."""
MENDED, LACKING = 8, 32
"""Rounds from one time to the next that a plan in which something lacks is mended, and after which floors are
limits like any other."""


@dataclass(frozen=True)
class Found:
    """A plan as it was found: options, payments, worth in natural units, and what it is compared by."""

    current: Array
    paid: Array
    worth: float
    rank: tuple[float, ...]


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

    def begin(self, found: Found | None, goes_on: Callable[[], bool], has_time: Callable[[], bool]) -> None:
        """Go on from a plan if it is better than what the prices led to, and exchange until nothing helps.

        What comes before that ends when there is no more time for it.
        """
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

    def _keep(self, worth: float, rank: tuple[float, ...] = ()) -> None:
        current, rank = self.improver.best, rank or (worth,)
        if current is not None and (self.best is None or rank > self.best.rank):
            self.best = Found(current.copy(), self.improver.paid.copy(), worth, rank)


class Doubts:
    """What errors take from a plan: a tilt that leans towards those that are worst for the plan at hand.

    Parameters
    ----------
    mix, at
        What decides by its least, and its weights.
    """

    def __init__(self, mix: Mix, at: Floats) -> None:
        self.parts = [
            (part, own) for part, own in zip(mix.parts, mix.split(at), strict=True) if type(part) is Smallest
        ]

    def tilt(self, num_columns: int) -> Floats:
        """What the mix of errors adds to the objective, by column."""
        found = np.zeros(num_columns)
        for part, own in self.parts:
            found += part.forms.weighted(part.mixed(own)[0], num_columns)
        return found

    def worst(self, values: Floats) -> float:
        """What the worst errors add to the worth of a plan."""
        return sum(part.worst(part.forms.of(values))[0] for part, _ in self.parts)

    def lean(self, values: Floats) -> None:
        """Give the errors that are worst for a plan more weight."""
        self.parts = [
            (part, own + LEANS * (part.worst(part.forms.of(values))[1] - own)) for part, own in self.parts
        ]


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
        self.doubts = Doubts(mix, search.best.mix)
        self.level, self.rounds = np.zeros(0), 0
        self.held: HeldFloors | None = None
        self.settles = False
        if self.floors:
            first = self.floors[0][0]
            self.settles = len(first.forms.form) < FEW * first.forms.count
            self.level = self._due(first.forms.of(search.relaxed.columns)) * self._above
            program = with_floors(program, first.forms, first.attribute * self.level)
        self.program = program
        self.tilted = Tilted(program, goal, self._tilt(), search, seed)
        self.improver = self.tilted.improver
        if self.floors:
            prices = np.sum([np.maximum(part.mixed(own)[0], 0.0) for part, own in self.floors], axis=0)
            self.held = HeldFloors(self.tilted, self.floors[0][0].forms, prices, firmly=self.settles)
        if not self.settles:
            self.improver.start_from(self.improver.relaxed)

    def begin(self, found: Found | None, goes_on: Callable[[], bool], has_time: Callable[[], bool]) -> None:
        """The same, from a plan in which nothing lacks if all else is only paid for."""
        if self.held is not None and self.settles:
            self.improver.start_from(settled(self.held, has_time))
        super().begin(found, goes_on, has_time)

    @property
    def _above(self) -> float:
        """A floor that is a part of the mean is held a little higher: the mean is not known before."""
        return ABOVE if any(part.share for part, _ in self.floors) else 1.0

    def _due(self, outcome: Floats) -> Floats:
        """Outcome per unit that everybody is due if outcomes are these."""
        mean = float(outcome.sum()) / float(self.floors[0][0].attribute.sum())
        due = [part.due(mean) + (MICRO if part.share else 0.0) for part, _ in self.floors]
        return np.asarray(np.max(due, axis=0))

    def _tilt(self) -> Floats:
        """What floors and the mix of errors add to the objective.

        Once floors are limits they are kept anyway: what they are worth would only lead to more than they ask
        for. So it would where the search begins with them.
        """
        found = self.doubts.tilt(self.program.num_columns)
        are_kept = self.settles or (self.held is not None and self.held.are_limits)
        for part, own in () if are_kept else self.floors:
            found += part.forms.weighted(part.mixed(own)[0], len(found))
        return found

    def look(self) -> None:
        if self.improver.best is None:
            return
        values = self.tilted.values
        if self.held is not None:
            first = self.floors[0][0]
            due = self._due(first.forms.of(values))
            if (due > self.level).any():
                self.level = due * self._above
                self.held.at(first.attribute * self.level)
                if self.held.are_limits:
                    self.improver.again()
            if not self.held.hold:
                return
        self._keep(self.tilted.worth(values) + self.doubts.worst(values))

    def round(self, goes_on: Callable[[], bool]) -> None:
        if self.doubts.parts and self.improver.best is not None:
            self.doubts.lean(self.tilted.values)
            self.tilted.lean(self._tilt())
        if self.held is not None:
            self.held.adapt()
        self.improver.wander(CHAINS)
        SmallPlans(self.improver).rebuild(goes_on)
        self.look()
        self.rounds += 1
        if self.held is not None and not self.held.are_limits and self.rounds % MENDED == 1:
            self._mend(self.held, goes_on)

    def _mend(self, held: HeldFloors, goes_on: Callable[[], bool]) -> None:
        """Look at what the plan at hand is worth when nothing lacks any more.

        At first the search goes on from it as it was; after some time plans may lack nothing.
        """
        best, paid, total = self.improver.best, self.improver.paid.copy(), self.improver.total
        if not held.harden():
            return
        if self.rounds >= LACKING:
            held.charge()
            self.tilted.lean(self._tilt())
            self.improver.polish(goes_on)
            self.look()
            return
        self.look()
        held.soften()
        self.improver.best, self.improver.paid, self.improver.total = best, paid, total
        self.improver.recount()
