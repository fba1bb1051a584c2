"""What every solver back-end is given, and what it answers: plain arrays, no ciopt words.

A back-end is a function ``solve(matrix, parameters, listener) -> Outcome``. It runs inside a worker
process, and its answer is a suggestion: the caller re-checks it against the same integers.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

UNBOUNDED = 2**62
"""A row bound of ``±UNBOUNDED`` means that there is none."""


@dataclass(frozen=True)
class Matrix:
    """maximise c·x subject to row_lower <= A x <= row_upper, lower <= x <= upper, x integer.

    Parameters
    ----------
    lower, upper
        Finite bounds of the columns, int64 of shape (num_columns,).
    implied
        Columns whose integrality follows from the others' in some optimal solution, or only rounds them
        down; a back-end may leave them continuous. Boolean, shape (num_columns,).
    start, index, value
        The rows, compressed: row r has columns ``index[start[r]:start[r + 1]]`` with coefficients
        ``value[...]``; int64, every row divided by its greatest common divisor.
    row_lower, row_upper
        int64, shape (num_rows,); ``±UNBOUNDED`` where there is none.
    objective
        int64, or Python integers in an object array where they do not fit; divided by their greatest
        common divisor.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    implied: NDArray[np.bool_]
    start: NDArray[np.int64]
    index: NDArray[np.int64]
    value: NDArray[np.int64]
    row_lower: NDArray[np.int64]
    row_upper: NDArray[np.int64]
    objective: NDArray[np.int64] | NDArray[np.object_]

    @property
    def num_columns(self) -> int:
        """Number of columns."""
        return len(self.lower)

    @property
    def num_rows(self) -> int:
        """Number of rows."""
        return len(self.row_lower)


@dataclass(frozen=True)
class Parameters:
    """How to solve: one small record, translated once by each back-end.

    Parameters
    ----------
    time_limit
        Seconds, or None for no limit.
    gap
        Relative gap at which to stop; 0 asks for the proven optimum.
    threads, seed
        Passed to the solver, recorded in the plan.
    memory_limit
        Bytes of address space that a worker may use, or None.
    iterations
        Rounds of the large engine, or None for as many as time allows.
    """

    time_limit: float | None = None
    gap: float = 0.0
    threads: int = 1
    seed: int = 0
    memory_limit: int | None = None
    iterations: int | None = None


class Status(StrEnum):
    """What a back-end claims about the matrix."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    NOTHING = "nothing"
    FAILED = "failed"


class StoppedBy(StrEnum):
    """Why a run ended before a proof."""

    GAP = "gap"
    TIME_LIMIT = "time_limit"
    MEMORY_LIMIT = "memory_limit"
    INTERRUPT = "interrupt"
    SOLVER_FAILURE = "solver_failure"
    STALLED = "stalled"
    ITERATIONS = "iterations"


@dataclass(frozen=True)
class Outcome:
    """What came back: whether there is a solution, how good it can be, and why the run stopped.

    Parameters
    ----------
    status
        The solver's claim. ``OPTIMAL`` only without a limit hit and with a zero gap asked for.
    values
        The best solution found, int64 of shape (num_columns,), already rounded; None if there is none.
    bound
        The solver's upper bound on the objective (a float claims it, so it is the solver's word);
        None if it gave none.
    stopped_by
        None if the search ended by itself.
    solver
        Name and version: ``"HiGHS 1.12.0"``.
    message
        The solver's own words on a failure.
    seconds
        Wall time inside the back-end.
    """

    status: Status
    values: NDArray[np.int64] | None
    bound: float | None
    stopped_by: StoppedBy | None
    solver: str
    message: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Incumbent:
    """News from a running back-end: a better solution, a better bound, or both."""

    values: NDArray[np.int64] | None
    bound: float | None
    seconds: float


@dataclass(frozen=True)
class Listener:
    """The line between a running back-end and its caller.

    ``report`` sends an `Incumbent`; ``should_stop`` becomes true when the back-end shall stop and
    return the best it has.
    """

    report: Callable[[Incumbent], None]
    should_stop: Callable[[], bool]


Backend = Callable[[Matrix, Parameters, Listener], Outcome]
