"""The search for one goal: ask the solver, re-check, cut off, ask again.

A goal is proven when the solver proved its bound and the plan, re-checked in integers, reaches it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Event

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.backends import CPSAT, Backend
from ciopt.engines.cpsat import refuses
from ciopt.engines.exact.candidate import Candidate, Cut, Examiner, with_cut
from ciopt.engines.exact.lower import lower
from ciopt.engines.exactness import objective_of, violations
from ciopt.engines.matrix import Incumbent, Matrix, Outcome, Parameters, Status, StoppedBy
from ciopt.engines.warm import borrow, give_back
from ciopt.engines.worker import SolverWorker
from ciopt.errors import SolverFailed
from ciopt.instance.goals import Worth, rounded, sign_of
from ciopt.program.model import Goal, Program
from ciopt.settings import Progress

MAX_ROUNDS = 200
"""Suggestions that are cut off before a goal is given up as not proven."""

CONFIRM_SECONDS = 2.0
"""For asking CP-SAT, which computes in integers, whether a float solver's optimum can be beaten by a unit."""

SETTLE_SECONDS = 60.0
"""For finding whole payments once the decisions are made."""

Array = NDArray[np.int64]
Report = Callable[[Progress], None]


@dataclass(frozen=True)
class Found:
    """How a goal went: the best plan, the bound in the goal's integers, and why it stopped."""

    candidate: Candidate | None
    bound: int | None
    proven: bool
    infeasible: bool
    stopped_by: StoppedBy | None


class Search:
    """One solve: the workers, the clock, and the matrix that grows by cuts and pins."""

    def __init__(
        self, program: Program, backend: Backend, parameters: Parameters, report: Report, interrupt: Event
    ) -> None:
        self.program, self.backend, self.parameters = program, backend, parameters
        self.report, self.interrupt = report, interrupt
        self.started = time.monotonic()
        self.workers: dict[str, SolverWorker] = {}
        self.solver = ""
        self.before = ""
        self.failure = ""
        self.notes: list[str] = []
        self.matrix = lower(program)
        self.examiner = Examiner(program, self.matrix, self._settle)

    def worker(self, backend: Backend) -> SolverWorker:
        """Return the worker of a back-end, started when first needed and kept warm."""
        if backend.name not in self.workers:
            self.workers[backend.name] = borrow(backend, self.parameters.threads)
        return self.workers[backend.name]

    def close(self) -> None:
        """Stop all workers, or keep them for the next solve: see `ciopt.engines.warm`."""
        for worker in self.workers.values():
            give_back(worker)

    def remaining(self) -> float | None:
        """Seconds left, or None without a limit."""
        limit = self.parameters.time_limit
        return None if limit is None else max(0.0, limit - self.seconds())

    def seconds(self) -> float:
        """Seconds since the search began."""
        return time.monotonic() - self.started

    def _settle(self, matrix: Matrix) -> Outcome:
        """Whole payments for given decisions, by the solver that computes in integers."""
        parameters = replace(self.parameters, time_limit=SETTLE_SECONDS, gap=0.0, threads=1)
        return self.worker(CPSAT).run(matrix, parameters)

    def given(self, options: Array) -> Candidate | None:
        """Return the plan of the given options, if it keeps every limit."""
        if not len(options):
            return None
        values = np.zeros(self.program.num_columns, dtype=np.int64)
        values[options] = 1
        values[self.program.carried_columns] = self.program.upper[self.program.carried_columns]
        result = self.examiner.examine(values)
        return result if isinstance(result, Candidate) else None

    def run(self, matrix: Matrix, name: str, goal: Goal | None, gap: float) -> Outcome:
        """Ask the solver once, and pass its news on."""
        if not matrix.num_columns:
            return _nothing_to_decide(matrix)

        def on_incumbent(news: Incumbent) -> None:
            self._tell(name, goal, matrix, news)

        parameters = replace(self.parameters, time_limit=self.remaining(), gap=gap)
        outcome = self.worker(self.backend).run(
            matrix, parameters, on_incumbent=on_incumbent, interrupt=self.interrupt
        )
        self.solver = f"{self.before}, then {outcome.solver}" if self.before else outcome.solver
        return outcome

    def _tell(self, name: str, goal: Goal | None, matrix: Matrix, news: Incumbent) -> None:
        objective = bound = None
        if goal is not None:
            if news.values is not None:
                objective = _natural(goal, objective_of(matrix, news.values))
            if news.bound is not None and abs(news.bound) < 1e300:
                bound = _natural(goal, int(news.bound))
        gap = None
        if objective is not None and bound is not None:
            gap = abs(bound - objective) / max(abs(objective), Decimal("0.000001"))
        self.report(Progress(self.seconds(), name, objective, bound, gap))

    def maximise(self, matrix: Matrix, name: str, goal: Goal | None, gap: float = 0.0) -> Found:
        """Find the best exact plan of a matrix with its objective, cutting off what does not hold."""
        best: Candidate | None = None
        bound: int | None = None
        for _ in range(MAX_ROUNDS):
            if self.remaining() == 0.0:
                return Found(best, bound, False, False, StoppedBy.TIME_LIMIT)
            outcome = self.run(matrix, name, goal, gap)
            if outcome.status is Status.FAILED:
                return self._failed(outcome, best, bound)
            if outcome.bound is not None and abs(outcome.bound) < 1e300:
                claimed = _floor(outcome.bound)
                bound = claimed if bound is None else min(bound, claimed)
            if outcome.status is Status.INFEASIBLE:
                if best is None or goal is None:
                    return Found(best, bound, best is not None, best is None, None)
                better = self._better(matrix, goal, best)
                if better is None:
                    return Found(best, units(goal, best.worth[goal.name]), True, False, None)
                best, bound = better, None
                matrix = pin(matrix, goal, units(goal, best.worth[goal.name]) + 1)
                continue
            if outcome.values is None:
                return Found(best, bound, False, False, outcome.stopped_by)
            result = self.examiner.examine(outcome.values)
            if result is None:
                self._note("whole payments for a suggestion of the solver were not found in the time")
                return Found(best, bound, False, False, outcome.stopped_by or StoppedBy.SOLVER_FAILURE)
            if isinstance(result, Cut):
                if outcome.stopped_by is not None:
                    return Found(best, bound, False, False, outcome.stopped_by)
                matrix, self.matrix = with_cut(matrix, result), with_cut(self.matrix, result)
                self._note("a suggestion of the solver that did not hold to the unit was cut off")
                continue
            reached = objective_of(matrix, outcome.values)
            achieved = reached if goal is None else units(goal, result.worth[goal.name])
            is_better = best is None or goal is None or result.worth[goal.name] > best.worth[goal.name]
            if is_better:
                best = result
            if outcome.status is not Status.OPTIMAL:
                return Found(best, bound, False, False, outcome.stopped_by)
            if goal is None:
                return Found(best, achieved, True, False, None)
            if achieved == reached and is_better:
                better = self._better(matrix, goal, result)
                if better is None:
                    return Found(best, achieved, True, False, None)
                best, achieved, bound = better, units(goal, better.worth[goal.name]), None
            # The solver's own sum does not hold: rule out these decisions, ask whether there is more.
            if achieved != reached or not is_better:
                matrix = with_cut(matrix, self.examiner.without(result.values))
            if is_better:
                matrix = pin(matrix, goal, achieved + 1)
        self.notes.append(
            f"{name}: {MAX_ROUNDS} suggestions did not hold to the unit; the goal is not proven"
        )
        return Found(best, bound, False, False, StoppedBy.SOLVER_FAILURE)

    def _better(self, matrix: Matrix, goal: Goal, best: Candidate) -> Candidate | None:
        """Return a better plan if the solver that computes in integers finds one in the time it is given."""
        if self.backend.is_exact or refuses(matrix) is not None:
            return None
        left = self.remaining()
        seconds = CONFIRM_SECONDS if left is None else min(CONFIRM_SECONDS, left)
        parameters = replace(self.parameters, time_limit=seconds, gap=0.0, threads=1)
        more = pin(matrix, goal, units(goal, best.worth[goal.name]) + 1)
        outcome = self.worker(CPSAT).run(more, parameters)
        result = None if outcome.values is None else self.examiner.examine(outcome.values)
        return result if isinstance(result, Candidate) else None

    def takes_over(self) -> bool:
        """Let the solver that computes in integers go on where a float solver loses sight of a known plan."""
        if self.backend.is_exact or refuses(self.matrix) is not None:
            return False
        self._note(f"{self.backend.name} did not see the plan that it had found; {CPSAT.name} went on")
        self.before, self.backend = self.solver, CPSAT
        return True

    def forget(self, parameters: Parameters, matrix: Matrix) -> None:
        """Go back to where no goal was pinned."""
        self.parameters, self.matrix = parameters, matrix
        self.examiner.pinned.clear()

    def pin(self, goal: Goal, best: Candidate) -> None:
        """Hold a goal at what it achieved, in the matrix and in the examination."""
        achieved = best.worth[goal.name]
        self.matrix = pin(self.matrix, goal, units(goal, achieved))
        self.examiner.pinned[goal.name] = achieved

    def _note(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _failed(self, outcome: Outcome, best: Candidate | None, bound: int | None) -> Found:
        """Keep what there is; whether that is nothing, the engine sees."""
        self.failure = f"{outcome.solver or self.backend.name}: {outcome.message}"
        self._note(f"a solver failed: {self.failure}")
        return Found(best, bound, False, False, StoppedBy.SOLVER_FAILURE)


def _nothing_to_decide(matrix: Matrix) -> Outcome:
    """The outcome of a program without columns: the empty plan, if no row asks for more."""
    empty = np.zeros(0, dtype=np.int64)
    if len(violations(matrix, empty)):
        return Outcome(Status.INFEASIBLE, None, None, None, "")
    return Outcome(Status.OPTIMAL, empty, 0.0, None, "no solver: nothing to decide")


def _floor(bound: float) -> int:
    """Whole part of a solver's bound, with room for the last bits of a double."""
    return int(np.floor(bound + 1e-6 + 1e-12 * abs(bound)))


def units(goal: Goal, worth: Worth) -> int:
    """A goal's worth in 10^-12 as the integer that its coefficients add up to."""
    whole = (worth - goal.offset) / goal.unit
    assert whole.denominator == 1, f"{goal.name}: {worth} is not a multiple of {goal.unit}"
    return int(whole)


def worth(goal: Goal, number: int) -> int:
    """The reverse: from the goal's integers to 10^-12, rounded down."""
    return rounded(number * goal.unit + goal.offset)


def _natural(goal: Goal, number: int) -> Decimal:
    """A goal's integer in the user's units, as a positive number for cost and penalties."""
    return sign_of(goal.name) * Decimal(worth(goal, number)).scaleb(-12)


def pin(matrix: Matrix, goal: Goal, achieved: int) -> Matrix:
    """Σ coefficient x column >= what was achieved: later goals cost earlier ones nothing."""
    coefficient = goal.coefficient
    if coefficient.dtype == object:
        raise SolverFailed(
            f"the coefficients of {goal.name!r} are too large to pin it: use larger units or fewer decimals"
        )
    return with_cut(matrix, Cut(goal.column, -coefficient, -achieved))
