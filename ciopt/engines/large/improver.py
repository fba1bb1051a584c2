"""`Improver`: from relaxed choices to a plan that keeps every limit, and to better ones.

Repair drops what is missed least where a limit is broken, filling adds what pays most for what it uses,
exchanges use every limit to the last unit, and chains of exchanges leave local optima.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.best import best_of
from ciopt.engines.large.chain import wander
from ciopt.engines.large.exchange import narrow, sweep
from ciopt.engines.large.flat import Flat
from ciopt.engines.large.journal import new_journal
from ciopt.engines.large.kernel import set_plan, set_to
from ciopt.engines.large.limits import limits_of, loosened, slacks
from ciopt.engines.large.plan_state import Penalties, empty_state, is_allowed, ranks, recount
from ciopt.engines.large.relaxation import Multipliers, Relaxation, Relaxed
from ciopt.engines.large.repair import fill, gains
from ciopt.engines.large.repairer import Repairer
from ciopt.engines.large.room import Limits
from ciopt.program.exact import ranges
from ciopt.program.model import Goal

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

CANDIDATES = 48
"""Options of either kind that are kept as candidates of each limit."""
WIDE, NARROWED = 300, 60
"""The same once for all, of which those are chosen; chosen anew after so many times."""
WIDTH = 24
"""Candidates on either side of an exchange."""
CHAIN_WIDTH = 16
"""The same inside a chain."""
ROUNDS = 10
"""Exchanges around one limit before the next has its turn."""
FILLS = 2
REFRESHED = 5
"""Chains a limit, about, after which candidates are chosen anew."""
PENALTY = 3.0
"""What a unit beyond a limit costs, as a multiple of its price."""
CREDIT, HEAT = 0.9, 0.01
"""Of chains: what freed units are worth, and a typical loss (in parts of a typical coefficient)."""
STRAY, NOISE = 200.0, (0.2, 1.0)
"""Random part of values, in parts of a typical coefficient: the first number by how many options a limit has,
within these bounds. Where they are few, chains find something new only far from what seems best."""
WHERE_LEFT = 0.5
"""Part of the chains that begin where most is left."""
WORTHWHILE = 1e-4
"""Part of the worth by which exchanges must improve a plan for another turn of them."""
LITTLE = 1e-6
"""Part of a typical coefficient that an exchange must bring."""


def typical_of(flat: Flat) -> float:
    """Size of a coefficient of the goal; where only measures count, of what an entry adds to one."""
    used = flat.objective[flat.objective != 0]
    if not len(used):
        used = (flat.row_value * flat.measure_objective[flat.row_index]).astype(float)
        used = used[used != 0]
    return float(np.abs(used).mean()) if len(used) else 1.0


class Improver:
    """A plan for one goal, and the prices that guide its changes.

    Parameters
    ----------
    relaxation, at, relaxed
        The structure, the prices, and the choices at them.
    seed
        Same seed, same plan after the same number of steps.
    """

    def __init__(
        self, relaxation: Relaxation, goal: Goal, at: Multipliers, relaxed: Relaxed, seed: int
    ) -> None:
        self.program, self.goal = relaxation.program, goal
        self.unit = float(goal.unit) * 1e-12
        self.flat = relaxation.flat(goal)
        self.random = np.random.default_rng(seed)
        self.typical = typical_of(self.flat)
        self.limits = limits_of(relaxation, self.flat, at, self.unit)
        self.rank = ranks(self.flat, at.funds.net)
        self.state = empty_state(self.flat, self._penalties(relaxation, at), self.rank)
        self.journal = new_journal(self.state)
        self.repairer = Repairer(
            self.program, self.flat, self.state, self.rank, self.journal, self.limits, self.random
        )
        self.wide: Limits | None = None
        self.few: Limits | None = None
        self.narrowed = 0
        self.chains = 0
        self.best: Array | None = None
        self.paid = self.state.paid.copy()
        self.total = 0
        taken = (relaxed.share > 0.5) & self.flat.allowed[relaxed.best]
        self.relaxed = relaxed.best[taken]
        """The options that the prices lead to, which may break limits."""

    def _penalties(self, relaxation: Relaxation, at: Multipliers) -> Penalties:
        priced, price = relaxation.structure.priced, self.limits.price
        rows = np.full(len(self.flat.row_lower), PENALTY * self.typical)
        count = np.maximum(np.bincount(priced.row, minlength=len(priced)), 1)
        size = np.bincount(priced.row, np.abs(priced.value), len(priced)) / count
        rows[priced.number] = np.maximum(
            PENALTY * np.abs(at.rows) / self.unit, self.typical / np.maximum(size, 1e-9)
        )
        dear = price > 0
        level = np.median(price[dear] / np.maximum(self.flat.cost[dear], 1)) if dear.any() else 1.0
        funds = np.maximum(PENALTY * at.funds.unit.max(axis=1, initial=0.0) / self.unit, 2 * level)
        counted = np.zeros(len(rows), dtype=np.bool_)
        counted[self.limits.row[self.limits.row >= 0]] = True
        return Penalties(rows, funds, counted)

    def go_by(self, relaxation: Relaxation, at: Multipliers) -> None:
        """Go by other prices, and round the limits that have one by them."""
        self._go_round(limits_of(relaxation, self.flat, at, self.unit))

    def go_round_rows(self) -> None:
        """Go round rows alone, and for nothing: what else is used is paid for in the objective."""
        limits = self.only(np.flatnonzero(self.limits.row >= 0))
        names = ("base", "unit", "price", "rows", "money")
        self._go_round(limits._replace(**{name: np.zeros_like(getattr(limits, name)) for name in names}))

    def _go_round(self, limits: Limits) -> None:
        self.limits = self.repairer.limits = limits
        self.wide = self.few = None

    @property
    def num_limits(self) -> int:
        """How many limits exchanges go round."""
        return len(self.limits.start) - 1

    def start_from(self, options: Array) -> None:
        """Go on from a plan that keeps all limits and is like the one of these options, one an activity."""
        current = np.full(self.program.num_activities, -1, dtype=np.int64)
        current[self.program.options.activity[options]] = options
        set_plan(self.flat, self.state, current)
        self.repairer.run()
        self.fill()
        self.repairer.repay()
        self.fill()
        self.keep()

    def fill(self) -> None:
        """Add what pays most for what it uses, as long as anything does."""
        price = self.limits.price
        for _ in range(FILLS):
            gain = gains(self.flat, self.state, self.limits)
            have = self.state.current
            before = np.where(have >= 0, price[have], 0.0)[self.flat.activity]
            extra = np.maximum(price - before, 1e-3 * self.typical)
            score = np.where(gain > 0, gain / extra, -1.0)
            order = np.argsort(-score, kind="stable")
            order = order[score[order] > 0]
            if not len(order) or not fill(self.flat, self.state, self.journal, self.limits, order):
                return

    def keep(self) -> bool:
        """Remember the plan if it keeps all limits and is the best so far."""
        total = int(self.state.total[0])
        if (self.best is None or total > self.total) and is_allowed(self.flat, self.state):
            self.best, self.paid, self.total = self.state.current.copy(), self.state.paid.copy(), total
            return True
        return False

    def where(self, count: int) -> Array:
        """Limits to begin at: half of them anywhere, half where most is left that has a price."""
        anywhere = self.random.integers(self.num_limits, size=count)
        left = np.maximum(slacks(self.flat, self.state, self.limits), 0.0) * self.limits.base
        if not left.sum() > 0.0:
            return anywhere
        rich = self.random.choice(self.num_limits, size=count, p=left / left.sum())
        return np.where(self.random.random(count) < WHERE_LEFT, rich, anywhere)

    def recount(self) -> None:
        """Value the best plan anew: the objective has changed."""
        self.go_back()
        recount(self.flat, self.state)
        self.total = int(self.state.total[0])

    def again(self) -> None:
        """Look at the plan at hand anew, and mend it: limits have changed."""
        self.go_back()
        recount(self.flat, self.state)
        if not is_allowed(self.flat, self.state):
            chosen, self.best = self.state.current[self.state.current >= 0], None
            self.start_from(chosen.copy())

    def go_back(self) -> None:
        """Return to the best plan."""
        if self.best is not None:
            set_to(self.flat, self.state, self.best, self.paid)

    def polish(self, goes_on: Callable[[], bool]) -> None:
        """Exchange around all limits, and let others pay for what is left, until nothing improves."""
        while goes_on() and self.num_limits:
            before = self.total
            self._exchange_all(goes_on)
            if not self._use_left() or self.total - before < WORTHWHILE * abs(self.total):
                return

    def _use_left(self) -> bool:
        """Let others pay where they can, and use what that leaves; return whether the plan got better."""
        if not self.repairer.pays_shared:
            return False
        self.repairer.repay()
        self.fill()
        return self.keep()

    def exchange(self, limits: Limits) -> int:
        """Exchange once around all limits, in random order, and keep what is better; return how often."""
        order = self.random.permutation(self.num_limits)
        made = sweep(self.flat, self.state, self.journal, limits, order, WIDTH, ROUNDS, LITTLE * self.typical)
        self.keep()
        return int(made)

    def _exchange_all(self, goes_on: Callable[[], bool]) -> None:
        """Exchange around all limits until nothing improves."""
        while goes_on():
            if not self.exchange(self._narrowed()):
                return

    def wander(self, count: int) -> bool:
        """Make some chains; return whether a better plan was found."""
        if not self.num_limits:
            return False
        if self.few is None or self.chains >= REFRESHED * self.num_limits:
            self._use_left()
            self.few, self.chains = self._narrowed(), 0
        self.chains += count
        self.few = loosened(self.flat, self.state, self.few)
        best = best_of(self.state)
        found = wander(
            self.flat,
            self.state,
            self.journal,
            self.few,
            self.where(count),
            CHAIN_WIDTH,
            self._noise() * self.typical,
            CREDIT,
            HEAT * self.typical,
            LITTLE * self.typical,
            best,
            self.random,
        )
        if found:
            set_to(self.flat, self.state, best.current, best.paid)
        return self.keep()

    def _noise(self) -> Floats:
        """How far a chain strays that begins at each limit."""
        return np.clip(STRAY / np.maximum(np.diff(self.limits.start), 1), *NOISE)

    def only(self, numbers: Array) -> Limits:
        """Return the limits with the options of a few of them."""
        lengths = np.zeros(self.num_limits, dtype=np.int64)
        lengths[numbers] = np.diff(self.limits.start)[numbers]
        entries = ranges(self.limits.start[:-1], lengths)
        start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
        return self.limits._replace(
            start=start, options=self.limits.options[entries], use=self.limits.use[entries]
        )

    def undecided(self, numbers: Array, width: int) -> Array:
        """Return the most promising options of either kind at a few limits.

        What a single change breaks of the rows that exchanges go round may be mended by another one.
        """
        counted = self.state.counted.copy()
        self.state.counted[self.limits.row[self.limits.row >= 0]] = True
        _, options, _ = narrow(self.flat, self.state, self.only(numbers), width)
        self.state.counted[:] = counted
        return np.asarray(options)

    def _narrowed(self) -> Limits:
        """Choose candidates, from those that looked good when many were looked at."""
        if self.wide is None or self.narrowed % NARROWED == 0:
            self.wide = self._chosen(self.limits, WIDE)
        self.narrowed += 1
        return self._chosen(self.wide, CANDIDATES)

    def _chosen(self, limits: Limits, width: int) -> Limits:
        limits = loosened(self.flat, self.state, limits)
        start, options, use = narrow(self.flat, self.state, limits, width)
        return limits._replace(start=start, options=options, use=use)

    def adopt(self, current: Array, paid: Array) -> bool:
        """Take a plan from elsewhere, with its payments, if it is better."""
        self.go_back()
        set_to(self.flat, self.state, current, paid)
        if self.keep():
            return True
        self.go_back()
        return False
