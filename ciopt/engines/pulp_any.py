"""Any solver that PuLP finds, on PuLP 3 and 4: the one place that knows how they differ.

PuLP 3 says "Optimal" of a solution that a limit cut off; only `sol_status` tells. Names are neutral,
because PuLP maps ``x+`` and ``x-`` to one. Nothing of ortools may be imported in this process by us: it
clashes with highspy.
"""

from __future__ import annotations

import time
import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.exactness import Floats, objective_of, refuted_infeasibility
from ciopt.engines.matrix import Listener, Matrix, Outcome, Parameters, Status, StoppedBy

INFINITY = 1e30

IN_INTEGERS = ("CPSAT",)
"""Solvers that take whole columns and coefficients only."""

CBC_OPTIONS = ["preprocess off"]
"""CBC 2.10 preprocesses 29x - 28y, 16 <= 21y - 42x <= 25, 0 <= x <= 1, 1 <= y <= 4 to a wrong optimum."""

STARTS_PROCESSES = True
"""CBC and its like run as programs of their own: the worker has to live long enough to end them."""


def installed() -> list[str]:
    """Names of the solvers that PuLP finds here. Imports PuLP: call it in a process of its own."""
    import pulp

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return list(pulp.listSolvers(onlyAvailable=True))


def solve(matrix: Matrix, parameters: Parameters, listener: Listener, argument: str) -> Outcome:
    """Solve with the PuLP solver ``argument``; the answer is a suggestion that the caller re-checks."""
    import pulp

    started = time.monotonic()
    name = f"{argument} (PuLP {pulp.__version__})"
    if argument not in installed():
        known = ", ".join(installed()) or "none"
        message = f"PuLP does not find {argument!r} here; it finds: {known}"
        return Outcome(Status.FAILED, None, None, None, name, message)
    floats = Floats(matrix, INFINITY, whole=argument in IN_INTEGERS)
    problem, columns = _problem(pulp, matrix, floats)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        solver = _solver(pulp, argument, parameters)
        answer = problem.solve(solver)
    status, has_values = _ending(pulp, problem, answer)
    seconds = time.monotonic() - started
    late = parameters.time_limit is not None and seconds >= 0.9 * parameters.time_limit
    if status is Status.INFEASIBLE:
        if refuted_infeasibility(matrix):
            message = "called infeasible what its own lower bounds satisfy"
            return Outcome(Status.FAILED, None, None, None, name, message, seconds)
        return Outcome(status, None, None, None, name, "", seconds)
    values = _values(floats, columns) if has_values else None
    if values is None:
        if not late:
            return Outcome(Status.FAILED, None, None, None, name, "ended without an answer", seconds)
        return Outcome(Status.NOTHING, None, None, StoppedBy.TIME_LIMIT, name, "", seconds)
    if status is Status.OPTIMAL and not parameters.gap:
        return Outcome(status, values, float(objective_of(matrix, values)), None, name, "", seconds)
    # PuLP tells no bound: what is not optimal comes without one
    reason = StoppedBy.TIME_LIMIT if late or status is not Status.OPTIMAL else StoppedBy.GAP
    return Outcome(Status.FEASIBLE, values, None, reason, name, "", seconds)


def _problem(pulp: Any, matrix: Matrix, floats: Floats) -> tuple[Any, list[Any]]:
    """Build the problem with whatever names this PuLP has for it."""
    problem = pulp.LpProblem("ciopt", pulp.LpMaximize)
    bounds = zip(floats.lower.tolist(), floats.upper.tolist(), floats.integral.tolist(), strict=True)
    columns = [
        problem.add_variable(f"x{n}", low, high, pulp.LpInteger if whole else pulp.LpContinuous)
        for n, (low, high, whole) in enumerate(bounds)
    ]
    used = np.flatnonzero(floats.objective).tolist()
    problem += pulp.lpSum(float(floats.objective[n]) * columns[n] for n in used)
    start, index, value = matrix.start.tolist(), matrix.index.tolist(), floats.value.tolist()
    for row, (low, high) in enumerate(zip(floats.row_lower.tolist(), floats.row_upper.tolist(), strict=True)):
        terms = [value[k] * columns[index[k]] for k in range(start[row], start[row + 1])]
        terms = terms or [0.0 * columns[0]]
        if low == high:
            problem += pulp.lpSum(terms) == low, f"r{row}"
        elif low > -INFINITY and high < INFINITY:
            # one row and a column for its value: CBC ends abnormally on a row given once in each sense
            kind = pulp.LpInteger if floats.whole else pulp.LpContinuous
            problem += pulp.lpSum([*terms, -problem.add_variable(f"s{row}", low, high, kind)]) == 0, f"r{row}"
        elif low > -INFINITY:
            problem += pulp.lpSum(terms) >= low, f"r{row}"
        elif high < INFINITY:
            problem += pulp.lpSum(terms) <= high, f"r{row}"
    return problem, columns


def _solver(pulp: Any, name: str, parameters: Parameters) -> Any:
    """Make the solver with as many of our parameters as it takes; a gap of 0 is asked of all."""
    wanted: dict[str, Any] = {"msg": False, "gapRel": parameters.gap, "gapAbs": 0}
    if parameters.time_limit is not None:
        wanted["timeLimit"] = max(1, int(parameters.time_limit)) if "CBC" in name else parameters.time_limit
    if "CBC" in name or name.startswith("COIN"):
        wanted["options"] = CBC_OPTIONS
    if name in IN_INTEGERS:
        wanted["relative_gap_limit"] = wanted.pop("gapRel")
    # CBC 2.10 with threads, even one, now and then sleeps until its time limit over a question of a moment
    alternatives = ({},) if "CBC" in name else ({"threads": parameters.threads}, {})
    for extra in alternatives:
        try:
            return pulp.getSolver(name, **wanted, **extra)
        except TypeError:
            continue
    return pulp.getSolver(name, msg=False)


def _ending(pulp: Any, problem: Any, answer: Any) -> tuple[Status, bool]:
    """(status, whether there is a solution), on both PuLPs."""
    if hasattr(pulp, "LpSolveStatus"):
        if answer.status == pulp.LpSolveStatus.Infeasible:
            return Status.INFEASIBLE, False
        is_optimal = answer.status == pulp.LpSolveStatus.Optimal
        return (Status.OPTIMAL if is_optimal else Status.FEASIBLE), bool(answer.has_solution)
    if problem.sol_status == pulp.LpSolutionOptimal:
        return Status.OPTIMAL, True
    if problem.sol_status == pulp.LpSolutionIntegerFeasible:
        return Status.FEASIBLE, True
    if problem.status == pulp.LpStatusInfeasible:
        return Status.INFEASIBLE, False
    return Status.NOTHING, False


def _values(floats: Floats, columns: list[Any]) -> NDArray[np.int64] | None:
    found = [column.value() for column in columns]
    # a column that appears nowhere may come back without a value
    return floats.rounded(np.array([0.0 if value is None else value for value in found]))
