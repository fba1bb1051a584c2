"""`Cooling`: chains of ejections that may lose much at first, and less and less."""

from __future__ import annotations

import math
from copy import deepcopy

import numpy as np

from ciopt.engines.large.answer import Chains
from ciopt.engines.large.best import Best, best_of
from ciopt.engines.large.eject import LEAST, brought, eject
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.journal import new_journal
from ciopt.engines.large.plan_state import recount
from ciopt.engines.large.repairer import rounding_of

HOT, COLD = 0.35, 0.01
"""Heat falls quickly while more than this part of the chains are kept that gain or lose, and a cooling ends
where fewer than that are."""
QUICKLY, SPAN = 0.8, 2.5
"""The factor by which it falls quickly; and the logarithm of the range that the rest goes through, about."""
LEVELS, MOST = 60, 2_000
"""Heats that a cooling goes through; chains at one heat, at most."""
SMOOTH = 0.3
"""Part by which what is known of the chains kept moves to what was seen at the last heat."""
FROZEN = 1e-5
"""Part of the first heat at which it ends whatever is kept."""


class Cooling:
    """One cooling, with a state of its own: several can go on side by side.

    Parameters
    ----------
    improver
        It begins at its best plan.
    count
        Chains, about: as many as it takes to go through the heats that matter.

    Attributes
    ----------
    first
        Worth of the plan that it began with.
    best
        The best plan that it met.
    """

    def __init__(self, improver: Improver, count: int) -> None:
        improver.go_back()
        self.flat, self.count, self.done = improver.flat, count, 0
        self.state = deepcopy(improver.state)
        self.state.counted[:] = True
        recount(self.flat, self.state)
        self.journal = new_journal(self.state)
        self.random = np.random.default_rng(int(improver.random.integers(2**62)))
        self.first, self.best = improver.total, best_of(self.state)
        self.small = LEAST * rounding_of(self.state)
        floors = LEAST * np.concatenate([self.state.fund_weight, self.state.row_weight])
        seen = np.zeros(len(self.state.current) + 1, dtype=np.int64)
        self.chains = Chains(*improver.repairer.behind, floors, seen)
        brings = np.abs(brought(self.flat, self.state))
        self.heat = max(float(brings.mean()) if len(brings) else 0.0, improver.typical)
        self.frozen, self.kept = FROZEN * self.heat, 1.0
        self.each = min(max(count // LEVELS, 1), MOST)

    @property
    def is_done(self) -> bool:
        """Whether hardly any chain is kept any more."""
        return self.kept < COLD or self.heat < self.frozen

    def run(self, count: int) -> Best:
        """Make so many chains, or as many as are left; return the best plan so far."""
        end = self.done + count
        while self.done < end and not self.is_done:
            kept = eject(
                self.flat,
                self.state,
                self.journal,
                self.chains,
                self.each,
                self.heat,
                self.small,
                self.best,
                self.random,
            )
            self.done += self.each
            now = kept / self.each
            self.kept += SMOOTH * (now - self.kept)
            self.heat *= QUICKLY if now > HOT else math.exp(-SPAN * self.each / self.count)
        return self.best
