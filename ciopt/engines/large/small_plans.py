"""`SmallPlans`: searches that look at every option, for plans that are small enough for that.

Prices say little where one limit is small against what it could buy. A part of the plan is built up again, a
search goes back and forth over broken limits, and chains of ejections cool down; all begin at an improver's
best plan and leave it there.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from ciopt.engines.large.best import Best
from ciopt.engines.large.coolings import Coolings
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.journal import change
from ciopt.engines.large.kernel import set_to
from ciopt.engines.large.plan_state import recount
from ciopt.engines.large.rebuild import rebuild
from ciopt.engines.large.repairer import rounding_of
from ciopt.engines.large.swing import PATIENCE, Memory, Near, near_of, new_memory, swing
from ciopt.program.model import Program

REBUILT, REBUILDS, LOOKS = 3_000, 20, 400_000
"""With up to so many options, so many times a turn a plan is built up again from a part, if that takes so
many looks at an option in all: each one added is chosen among all."""
RUINED = (0.1, 0.1, 0.1, 0.2, 0.2, 0.4, 1.0)
"""Parts of the plan that are taken away for that, each as often as it stands here."""
MERIT_NOISE = 0.5
WORSE = 0.995
"""Goes on from a plan that is at least so good, against the best."""
SEARCHED, SWUNG = 20_000, 1_000_000
"""Up to so many options a plan is searched over broken limits and by chains; looks at an option a turn."""
MOST_REST = 31
"""Turns that a search rests at most which finds nothing."""
REST, AGAIN = (8, 16, 32), (0.1, 0.3, 1.0)
"""Steps for which it leaves alone what it changed, and parts of the best plan that are taken away where it
begins again."""


def is_small(program: Program) -> bool:
    """Whether searches look at every option."""
    return len(program.options) <= SEARCHED


class SmallPlans:
    """Better plans for an improver, as long as there are few options.

    Parameters
    ----------
    threads
        Processors, at most.
    left
        Seconds that are left; None if time is not limited.

    Attributes
    ----------
    hands
        Processors that are free now.
    """

    def __init__(
        self, improver: Improver, threads: int = 1, left: Callable[[], float | None] = lambda: None
    ) -> None:
        self.improver, self.threads, self.left = improver, threads, left
        self.hands = threads
        self.near: Near | None = None
        self.memory: Memory | None = None
        self.swung = improver.state.current, improver.state.paid
        self.coolings: Coolings | None = None
        self.turn = 0
        self.rest, self.free_at = [0, 0], [0, 0]

    def search(self, goes_on: Callable[[], bool]) -> None:
        """Give every search a turn; one that finds nothing rests, twice as long each time."""
        searches = (lambda: self.rebuild(goes_on)), self.swing
        for number, search in enumerate(searches):
            if self.turn >= self.free_at[number]:
                self.rest[number] = 0 if search() else min(2 * self.rest[number] + 1, MOST_REST)
                self.free_at[number] = self.turn + self.rest[number]
        self.eject()
        self.turn += 1

    @property
    def promises(self) -> bool:
        """Whether chains should go on, even if there was no better plan for a while."""
        return self.coolings is not None and self.coolings.promises

    def rebuild(self, goes_on: Callable[[], bool]) -> bool:
        """Take parts of a small plan away and build them up again; return whether a better one was found."""
        improver = self.improver
        before = improver.total
        if not improver.num_limits or len(improver.flat.option_class) > REBUILT:
            return False
        looks = 0
        for _ in range(REBUILDS):
            chosen = np.flatnonzero(improver.state.current >= 0)
            looks += len(improver.flat.option_class) * max(1, len(chosen))
            if looks > LOOKS or not goes_on():
                break
            part = max(2, int(improver.random.choice(RUINED) * len(chosen)))
            gone = improver.random.permutation(chosen)[:part]
            noise = MERIT_NOISE * improver.random.random()
            rebuild(
                improver.flat, improver.state, improver.journal, improver.limits, gone, noise, improver.random
            )
            improver.keep()
            improver.exchange(improver.limits)
            if int(improver.state.total[0]) < improver.total - (1.0 - WORSE) * abs(improver.total):
                improver.go_back()
        improver.go_back()
        return improver.total > before

    def swing(self) -> bool:
        """Search a small plan over broken limits, from where it was left; return whether it got better.

        Begins again, from the best plan without a part of it, where that has led nowhere for long.
        """
        improver = self.improver
        if improver.best is None or not is_small(improver.program):
            return False
        self.near = self.near or near_of(improver.program, improver.flat)
        memory, state = self.memory, improver.state
        if memory is None or memory.clock[0] - memory.clock[1] >= PATIENCE:
            memory = self.memory = new_memory(improver.flat, int(improver.random.choice(REST)))
            self._take_apart(float(improver.random.choice(AGAIN)))
        else:
            set_to(improver.flat, state, *self.swung)
        counted = state.counted.copy()
        state.counted[:] = True
        recount(improver.flat, state)
        small = rounding_of(state)
        best = Best(improver.best.copy(), improver.paid.copy(), np.array([improver.total]))
        found = swing(
            improver.flat, state, improver.journal, self.near, memory, SWUNG, small, best, improver.random
        )
        self.swung = state.current.copy(), state.paid.copy()
        set_to(improver.flat, state, best.current, best.paid)
        state.counted[:] = counted
        recount(improver.flat, state)
        return found and improver.keep()

    def eject(self) -> bool:
        """Make some chains of ejections; return whether a better plan was found."""
        improver = self.improver
        if improver.best is None or not is_small(improver.program):
            return False
        self.coolings = self.coolings or Coolings(improver, self.threads, self.left)
        return self.coolings.run(self.hands)

    def _take_apart(self, part: float) -> None:
        """Take a part of the best plan away."""
        improver = self.improver
        improver.go_back()
        chosen = np.flatnonzero(improver.state.current >= 0)
        for activity in improver.random.permutation(chosen)[: int(part * len(chosen))].tolist():
            change(improver.flat, improver.state, improver.journal, activity, -1)
        improver.journal.length[0] = 0
