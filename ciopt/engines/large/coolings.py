"""`Coolings`: one after the other, each longer than the last, two side by side."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from ciopt.engines.large.best import Best
from ciopt.engines.large.cooling import Cooling
from ciopt.engines.large.improver import Improver

FIRST, CHAINS = 4, 2_000
"""Chains for each option of the first cooling; and chains a turn."""
LONGER, LAST = 4, 4
"""How much longer each is than the last; one takes all the time that is left if it is less than so many such
would take."""
WHOLE, LONGEST = (16, 512), (128, 4_096)
"""Chains for each option of a cooling that is long enough to tell, and of the longest: without a limit of
time, and with one, which asks for what can be found in it."""
FAILED = 4
"""Coolings that are long enough to tell after which they promise nothing more."""


class Coolings:
    """Better plans for an improver by chains of ejections.

    Parameters
    ----------
    threads
        Coolings side by side: compiled code leaves the interpreter to others.
    left
        Seconds that are left; None if time is not limited.
    """

    def __init__(self, improver: Improver, threads: int, left: Callable[[], float | None]) -> None:
        self.improver, self.left = improver, left
        self.options = len(improver.flat.option_class)
        is_timed = left() is not None
        self.whole, self.longest = WHOLE[is_timed] * self.options, LONGEST[is_timed] * self.options
        self.started, self.done, self.failed = time.monotonic(), 0, 0
        self.sides = [Cooling(improver, FIRST * self.options) for _ in range(threads)]
        self.pool = ThreadPoolExecutor(threads)

    @property
    def promises(self) -> bool:
        """Whether they should go on, even if there was no better plan for a while."""
        return self.failed < FAILED

    def run(self, hands: int) -> bool:
        """Go on with so many of them; return whether a better plan was found."""
        for side, cooling in enumerate(self.sides):
            if cooling.is_done:
                self.sides[side] = self._after(cooling)
        others = [self.pool.submit(cooling.run, CHAINS) for cooling in self.sides[1:hands]]
        found = [self.sides[0].run(CHAINS), *(other.result() for other in others)]
        self.done += CHAINS
        return self._adopt(max(found, key=lambda best: int(best.total[0])))

    def _adopt(self, best: Best) -> bool:
        improver = self.improver
        return int(best.total[0]) > improver.total and improver.adopt(best.current, best.paid)

    def _after(self, last: Cooling) -> Cooling:
        """Begin again, at the best plan."""
        if self.improver.total > last.first:
            self.failed = 0
        elif last.count >= self.whole:
            self.failed += 1
        return Cooling(self.improver, self._length(min(LONGER * last.count, self.longest)))

    def _length(self, count: int) -> int:
        """Return how many chains there is time for, of so many."""
        seconds = self.left()
        if seconds is None:
            return count
        fits = int(seconds * self.done / max(time.monotonic() - self.started, 1e-3))
        return max(CHAINS, fits) if fits < LAST * count else count
