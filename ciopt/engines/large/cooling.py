"""`Cooling`: chains of ejections that may lose much at first, and less and less."""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.answer import Chains
from ciopt.engines.large.eject import LEAST, eject
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.kernel import set_to, value_of
from ciopt.engines.large.plan_state import recount
from ciopt.engines.large.repairer import rounding_of

HOT, COLD = (0.3, 1.0), 0.02
"""What a chain may lose at first, in parts of what an activity brings, drawn for each cooling; and the part
of it that one may lose at last."""


class Cooling:
    """One cooling: the plan it has come to, what it has learned, and the heat of every chain.

    Parameters
    ----------
    improver
        It begins at its best plan, and leaves it there.
    count
        Chains.

    Attributes
    ----------
    first
        Worth of the plan that it began with.
    """

    def __init__(self, improver: Improver, count: int) -> None:
        self.improver, self.done = improver, 0
        improver.go_back()
        flat, state = improver.flat, improver.state
        self.first, self.plan = improver.total, (state.current.copy(), state.paid.copy())
        self.weights = state.row_weight.copy(), state.fund_weight.copy()
        floors = LEAST * np.concatenate([state.fund_weight, state.row_weight])
        seen = np.zeros(len(state.current) + 1, dtype=np.int64)
        self.chains = Chains(*improver.repairer.behind, floors, seen)
        chosen = np.flatnonzero(state.current >= 0).tolist()
        brings = [abs(value_of(flat, state, activity, -1)) for activity in chosen]
        hot = float(improver.random.choice(HOT)) * max(float(np.mean(brings or [0.0])), improver.typical)
        self.heat = np.geomspace(hot, COLD * hot, count)

    @property
    def is_done(self) -> bool:
        """Whether all chains were made."""
        return self.done >= len(self.heat)

    def run(self, count: int) -> bool:
        """Make so many chains; return whether the improver got a better plan."""
        improver = self.improver
        flat, state = improver.flat, improver.state
        kept = state.row_weight.copy(), state.fund_weight.copy(), state.counted.copy()
        set_to(flat, state, *self.plan)
        state.row_weight[:], state.fund_weight[:] = self.weights
        state.counted[:] = True
        recount(flat, state)
        best, paid = self.plan[0].copy(), self.plan[1].copy()
        heat = self.heat[self.done : self.done + count]
        small = LEAST * rounding_of(state)
        found = eject(flat, state, improver.journal, self.chains, heat, small, best, paid, improver.random)
        self.done += count
        self.plan = state.current.copy(), state.paid.copy()
        self.weights = state.row_weight.copy(), state.fund_weight.copy()
        if found:
            set_to(flat, state, best, paid)
        state.row_weight[:], state.fund_weight[:], state.counted[:] = kept
        recount(flat, state)
        is_better = found and improver.keep()
        improver.go_back()
        return is_better
