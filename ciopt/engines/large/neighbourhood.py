"""Neighbourhoods: a few limits' undecided activities are freed, to be solved exactly by a MIP back-end."""

from __future__ import annotations

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from threading import Event
from types import TracebackType

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.backends import HIGHS
from ciopt.engines.exact.lower import dense, lower
from ciopt.engines.large.columns import columns_of
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.piece import Freedom, Piece, cut_out
from ciopt.engines.large.sharing import PaymentColumns
from ciopt.engines.matrix import Outcome, Parameters, StoppedBy
from ciopt.engines.worker import SolverWorker

Array = NDArray[np.int64]


PIECE_LIMITS, PIECE_WIDTH, PIECE_SECONDS = 6.0, 20, 3.0
"""A piece: limits at first, options of either kind at each, and seconds for it."""
FEWEST, MOST, GROWS, SHRINKS = 1.0, 30.0, 1.25, 0.85
"""Limits of a piece: more after one that was solved, fewer after one that took too long and gave nothing."""
VAIN, VAIN_AT_FIRST = 10, 4
"""Pieces without a better plan before no more is hoped for from them; before others go first, if none has led
to one."""
ALONE = 20
"""With one thread, every so manieth turn solves a piece, while all else waits."""


class Neighbourhoods:
    """Pieces of a program around the best plan of an improver, solved by HiGHS in a process of its own."""

    def __init__(self, improver: Improver, parameters: Parameters, interrupt: Event) -> None:
        self.improver, self.program = improver, improver.program
        self.parameters, self.interrupt = parameters, interrupt
        self.turns, self.num_limits = 0, PIECE_LIMITS
        self.vain, self.have_helped = 0, False
        self.pool = ThreadPoolExecutor(1)
        self.worker: SolverWorker | None = None
        self.running: Future[Outcome] | None = None
        self.piece: Piece | None = None
        self.goal = improver.goal
        self.matrix = replace(lower(self.program), objective=dense(self.goal, self.program.num_columns))
        self.freedom = Freedom(self.program)
        self.payments = PaymentColumns(self.program, improver.flat)
        limits = improver.limits
        owner = np.repeat(np.arange(improver.num_limits), np.diff(limits.start))
        self.sharing = _Sharing(owner, self.program.options.activity[limits.options], improver.num_limits)
        self.used = np.flatnonzero(np.diff(limits.start) > 0)

    def __enter__(self) -> Neighbourhoods:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.worker is not None:
            self.worker.close()
        self.pool.shutdown(cancel_futures=True)
        if self.worker is not None:
            self.worker.close()  # a piece that was just about to begin has started the process anew

    @property
    def are_in_vain(self) -> bool:
        """Whether the last pieces have led to nothing."""
        return self.vain >= VAIN

    @property
    def come_last(self) -> bool:
        """Whether what else promises better plans should have the processors."""
        return self.vain >= (VAIN if self.have_helped else VAIN_AT_FIRST)

    @property
    def are_running(self) -> bool:
        """Whether a process solves a piece now."""
        return self.running is not None

    def turn(self) -> None:
        """Take over what the last piece gave, and begin the next one."""
        self.turns += 1
        if self.running is None:
            if self.parameters.threads > 1 or self.turns % ALONE == 0:
                self._begin()
            if self.parameters.threads > 1 or self.running is None:
                return
        if self.parameters.threads == 1 or self.running.done():
            self.take_over(self.running.result())
            self.running = None

    def _begin(self) -> None:
        values, goal = columns_of(self.program, self.improver), self.improver.goal
        if goal is not self.goal:
            self.goal = goal
            self.matrix = replace(self.matrix, objective=dense(goal, self.program.num_columns))
        self.piece = self.draw(values, int(self.num_limits), PIECE_WIDTH)
        if self.piece is None:
            self.vain += 1
        else:
            self.worker = self.worker or SolverWorker(HIGHS)
            parameters = replace(self.parameters, time_limit=PIECE_SECONDS, gap=1e-6, threads=1)
            run = partial(self.worker.run, self.piece.matrix, parameters, interrupt=self.interrupt)
            self.running = self.pool.submit(run)

    def take_over(self, outcome: Outcome) -> None:
        """Let the best plan do in the piece what was found for it."""
        best = self.improver.best
        self.vain += 1
        is_solved = outcome.stopped_by in (None, StoppedBy.GAP)
        if is_solved:
            self.num_limits = min(self.num_limits * GROWS, MOST)
        if self.piece is None or outcome.values is None or best is None:
            return
        options = np.flatnonzero(self.piece.columns < len(self.program.options))
        activity = self.program.options.activity[self.piece.columns[options]]
        current = best.copy()
        current[activity] = -1
        chosen = options[outcome.values[options] > 0]
        current[self.program.options.activity[self.piece.columns[chosen]]] = self.piece.columns[chosen]
        paid = self.payments.paid(current, self.piece.whole(outcome.values))
        if self.improver.adopt(current, paid):
            self.vain, self.have_helped = 0, True
        elif not is_solved:
            self.num_limits = max(self.num_limits * SHRINKS, FEWEST)

    def draw(self, values: Array, num_limits: int, width: int) -> Piece | None:
        """Free the undecided activities of a limit and of those that share most with it.

        Of half the pieces it is one of which much is left.

        Parameters
        ----------
        values
            The best plan, all columns.
        num_limits, width
            How many limits, and options of either kind at each.
        """
        if not len(self.used):
            return None
        limit = int(self.improver.where(1)[0])
        if limit not in self.used:
            limit = int(self.improver.random.choice(self.used))
        near = self.sharing.nearest(limit, num_limits)
        options = self.improver.undecided(near, width)
        free = np.zeros(self.program.num_activities, dtype=np.bool_)
        free[self.program.options.activity[options]] = True
        return cut_out(self.matrix, self.freedom.columns(free), values)


class _Sharing:
    """Which limits are used by the same activities."""

    def __init__(self, limit: Array, activity: Array, num_limits: int) -> None:
        self.num_limits = num_limits
        pairs = np.unique(np.stack([limit, activity]), axis=1)
        self.limit, self.activity = pairs[:, np.argsort(pairs[1], kind="stable")]
        self.start = np.searchsorted(self.activity, np.arange(int(activity.max(initial=-1)) + 2))
        self.own = [self.activity[self.limit == number] for number in range(num_limits)]

    def nearest(self, limit: int, count: int) -> Array:
        """Return the limit and those that share most activities with it."""
        mine = self.own[limit]
        lengths = self.start[mine + 1] - self.start[mine]
        offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        others = self.limit[np.repeat(self.start[mine], lengths) + offsets]
        shared = np.bincount(others, minlength=self.num_limits)
        shared[limit] = shared.max(initial=0) + 1
        order = np.argsort(-shared, kind="stable")[:count]
        return np.asarray(order[shared[order] > 0])
