"""Known answers that solver libraries have got wrong: a back-end that misses one is not used.

Every worker asks its back-end these small questions before it serves, and ``ciopt doctor`` shows the
answers. A back-end is asked as the exact engine asks it: a suggestion that overspends by a tolerance is cut
off and the question put again; a claim that stands must be the true optimum.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import sys
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from ciopt.engines.exactness import objective_of, violations
from ciopt.engines.matrix import UNBOUNDED, Backend, Listener, Matrix, Outcome, Parameters, Status

MAX_CUTS = 10


@dataclass(frozen=True)
class Case:
    """A matrix with its known optimum (None: infeasible), and what it is there for."""

    name: str
    matrix: Matrix
    optimum: int | None


@dataclass(frozen=True)
class SelfTest:
    """How a back-end did.

    Parameters
    ----------
    solver
        Its own name and version.
    failures
        ``case: what it said``; empty if it may be used.
    """

    solver: str
    failures: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it answered everything right."""
        return not self.failures


def _matrix(
    objective: list[int],
    upper: list[int],
    rows: list[tuple[list[int], int, int]],
    lower: list[int] | None = None,
) -> Matrix:
    """Write a small matrix densely: rows are (coefficients, lower, upper)."""
    entries = [[(c, v) for c, v in enumerate(values) if v] for values, _, _ in rows]
    return Matrix(
        lower=np.array(lower or [0] * len(upper), dtype=np.int64),
        upper=np.array(upper, dtype=np.int64),
        implied=np.zeros(len(upper), dtype=np.bool_),
        start=np.cumsum([0, *(len(row) for row in entries)]).astype(np.int64),
        index=np.array([c for row in entries for c, _ in row], dtype=np.int64),
        value=np.array([v for row in entries for _, v in row], dtype=np.int64),
        row_lower=np.array([low for _, low, _ in rows], dtype=np.int64),
        row_upper=np.array([high for _, _, high in rows], dtype=np.int64),
        objective=np.array(objective, dtype=np.int64),
    )


def cases() -> Iterator[Case]:
    """The questions."""
    no = UNBOUNDED
    # min 2x + 3z, x + z >= 4.5, with x in halves
    yield Case("halves", _matrix([-1, -3], [20, 10], [([1, 2], 9, no)]), -9)
    # min 2b + 99999y, a + b = 10, a <= 100y (highspy 1.14 said 99999, HiGHS#2975)
    rows = [([1, 1, 0], 10, 10), ([1, 0, -100], -no, 0)]
    yield Case("fixed charge", _matrix([0, -2, -99999], [10, 10, 1], rows), -20)
    # max t, t - x <= 75999993 (SCIP said 76000000)
    leak = _matrix([1, 0], [76000000, 1], [([1, -1], -no, 75999993)], [75999993, 0])
    yield Case("tight difference", leak, 75999994)
    # only <= rows: doing nothing is feasible (CBC called such models infeasible)
    cents = [199999999, 150000001, 250000003]  # the last two cost 3 cents too much
    yield Case("cents", _matrix([5, 4, 6], [1, 1, 1], [(cents, -no, 400000001)]), 9)
    yield Case("infeasible", _matrix([1, 1], [1, 1], [([1, 1], 3, no)]), None)
    # a boolean row that totals more than 2^31 (CP-SAT certified wrong optima, or-tools#5293)
    weights = [1073741827, 536870923, 805306457, 268435459, 671088667, 402653189]
    profits = [21, 11, 16, 5, 13, 8]
    limit = 2147483659
    best = _knapsack(profits, weights, limit)
    yield Case("2^31", _matrix(profits, [1] * 6, [(weights, -no, limit)]), best)


def _knapsack(profits: list[int], weights: list[int], limit: int) -> int:
    """Best profit by enumeration."""
    count = len(profits)
    best = 0
    for chosen in range(2**count):
        taken = [n for n in range(count) if chosen >> n & 1]
        if sum(weights[n] for n in taken) <= limit:
            best = max(best, sum(profits[n] for n in taken))
    return best


def check(solve: Backend) -> SelfTest:
    """Ask a back-end all questions."""
    name, failures = "", []
    for case in cases():
        try:
            outcome = _ask(solve, case.matrix)
        except Exception as error:
            return SelfTest(name, (f"{case.name}: {type(error).__name__}: {error}",))
        name = outcome.solver
        if outcome.status is Status.FAILED:
            return SelfTest(name, (outcome.message or f"{case.name}: failed",))
        wrong = judge(case, outcome)
        if wrong:
            failures.append(f"{case.name}: {wrong}")
    return SelfTest(name, tuple(failures))


def _ask(solve: Backend, matrix: Matrix) -> Outcome:
    """Ask, and ask again without a 0-1 suggestion that breaks a row."""
    for _ in range(MAX_CUTS):
        outcome = solve(matrix, Parameters(time_limit=20.0), Listener(lambda news: None, lambda: False))
        if outcome.values is None or not len(violations(matrix, outcome.values)) or matrix.upper.max() > 1:
            break
        chosen = outcome.values > 0
        matrix = replace(
            matrix,
            start=np.append(matrix.start, matrix.start[-1] + matrix.num_columns),
            index=np.append(matrix.index, np.arange(matrix.num_columns)),
            value=np.append(matrix.value, np.where(chosen, 1, -1)),
            row_lower=np.append(matrix.row_lower, -UNBOUNDED),
            row_upper=np.append(matrix.row_upper, int(chosen.sum()) - 1),
        )
    return outcome


def judge(case: Case, outcome: Outcome) -> str:
    """Say what is wrong with an answer; empty if it is right."""
    if case.optimum is None:
        return "" if outcome.status is Status.INFEASIBLE else f"{outcome.status} instead of infeasible"
    if outcome.values is None or outcome.status is not Status.OPTIMAL:
        return f"{outcome.status} {outcome.message}".strip()
    if len(violations(case.matrix, outcome.values)):
        return f"the solution {outcome.values.tolist()} breaks a row"
    reached = objective_of(case.matrix, outcome.values)
    return "" if reached == case.optimum else f"{reached} instead of {case.optimum}"


def clashes() -> list[str]:
    """What is installed that does not go together, in words."""
    found = []
    if importlib.util.find_spec("highspy") is not None and importlib.util.find_spec("ortools") is not None:
        version = importlib.metadata.version("highspy")
        found.append(
            f"highspy {version} and ortools cannot be imported in one process (google/or-tools#5246); "
            "ciopt keeps them apart in worker processes, your own program has to"
        )
        if version.startswith("1.14.0"):
            found.append("highspy 1.14.0 reports wrong optima (HiGHS#2975): upgrade it")
    if sys.version_info < (3, 12):
        found.append("PuLP 4 needs Python 3.12; with this Python, PuLP 3 is used")
    return found
