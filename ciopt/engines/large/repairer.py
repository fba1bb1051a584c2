"""`Repairer`: makes a plan keep every limit, at as little loss as it can.

Moves out of what is broken come first, all compared by what they lose for what they relieve; then who pays is
settled anew by one flow. What resists grows dearer until moves pay, and is mended by random changes at last.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.flat import Flat, State
from ciopt.engines.large.journal import SMALL, Journal
from ciopt.engines.large.kernel import set_to
from ciopt.engines.large.limits import behind
from ciopt.engines.large.mend import broken, dearer, mend
from ciopt.engines.large.payments import repay
from ciopt.engines.large.plan_state import is_allowed, recount
from ciopt.engines.large.relieve import relieve
from ciopt.engines.large.repair import settle
from ciopt.engines.large.room import Limits
from ciopt.program.model import Program

Array = NDArray[np.int64]

ROUNDS = 40
"""Times that all broken limits are relieved, at most."""
TURNS = 30
"""Times that moves out of a limit are compared before the next limit has its turn."""
MEND_STEPS, MEND_STEPS_EACH = 5_000, 20
ROUNDING = 0.4
"""Part of the smallest penalty below which nothing is broken."""


def rounding_of(state: State) -> float:
    """Return the penalty up to which nothing is broken: penalties are sums of floats."""
    weights = np.concatenate([state.row_weight, state.fund_weight])
    return ROUNDING * float(weights[weights > 0].min(initial=1.0))


class Repairer:
    """Repairs the plan of a state, guided by prices of its limits; money of a low rank goes first."""

    def __init__(
        self,
        program: Program,
        flat: Flat,
        state: State,
        rank: Array,
        journal: Journal,
        limits: Limits,
        random: np.random.Generator,
    ) -> None:
        self.program, self.flat, self.state, self.rank = program, flat, state, rank
        self.journal, self.limits, self.random = journal, limits, random

    @cached_property
    def behind(self) -> tuple[Array, Array]:
        """The activities that decide about each limit."""
        return behind(self.program, self.flat)

    @cached_property
    def pays_shared(self) -> bool:
        """Whether there is anything that several may pay for."""
        return bool((np.diff(self.flat.payer_start) > 1).any())

    def repay(self) -> None:
        """Divide what is to be paid anew among those who may pay it, unless that breaks more."""
        if not self.pays_shared:
            return
        penalty, paid = self.state.penalty[0] + SMALL, self.state.paid.copy()
        repay(self.flat, self.state, self.rank)
        settle(self.flat, self.state)
        if self.state.penalty[0] > penalty:
            set_to(self.flat, self.state, self.state.current.copy(), paid)

    def run(self) -> None:
        """Change the plan until every limit holds, or it takes too long."""
        self.repay()
        if is_allowed(self.flat, self.state):
            return
        state = self.state
        kept = state.row_weight.copy(), state.fund_weight.copy(), state.counted.copy()
        state.counted[:] = ~state.soft
        recount(self.flat, state)
        self._relieve()
        state.counted[:] = kept[2]
        recount(self.flat, state)
        if not is_allowed(self.flat, state):
            steps = MEND_STEPS + MEND_STEPS_EACH * len(broken(self.flat, state))
            mend(self.flat, state, self.journal, *self.behind, steps, self.random)
        state.row_weight[:], state.fund_weight[:] = kept[:2]
        recount(self.flat, state)

    def _relieve(self) -> None:
        """Move activities out of broken limits, one limit after another."""
        start, activities = self.behind
        for _ in range(ROUNDS):
            small, stuck = rounding_of(self.state), []
            for limit in self.random.permutation(broken(self.flat, self.state)).tolist():
                near = activities[start[limit] : start[limit + 1]]
                for turn in range(TURNS):
                    if not relieve(self.flat, self.state, self.journal, self.limits, limit, near, small):
                        if turn == 0:
                            stuck.append(limit)
                        break
            settle(self.flat, self.state)
            self.repay()
            left = broken(self.flat, self.state)
            if not len(left):
                return
            # moves out of another limit, or other payers, may have helped meanwhile
            dearer(self.flat, self.state, np.intersect1d(left, np.array(stuck, dtype=np.int64)))
