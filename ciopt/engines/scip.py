"""SCIP through ortools MathOpt; its model is filled from arrays.

Its floats claim optima below the truth on raw cents, and at tight coefficients even on scaled ones: a
claim of SCIP is labelled so, and its plan is re-checked like any other.
"""

from __future__ import annotations

import datetime
import threading
import time
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.exactness import Floats, refuted_infeasibility
from ciopt.engines.matrix import Listener, Matrix, Outcome, Parameters, Status, StoppedBy

NAME = "SCIP 10.0"
"""The version inside ortools 9.15 (the wheel does not tell)."""

STATUS = {
    "OPTIMAL": Status.OPTIMAL,
    "FEASIBLE": Status.FEASIBLE,
    "INFEASIBLE": Status.INFEASIBLE,
    "INFEASIBLE_OR_UNBOUNDED": Status.INFEASIBLE,  # all columns are bounded
    "NO_SOLUTION_FOUND": Status.NOTHING,
}


def version() -> str:
    """Version of the library."""
    return NAME.removeprefix("SCIP ")


def solve(matrix: Matrix, parameters: Parameters, listener: Listener) -> Outcome:
    """Solve by branch, cut and price in floats; the answer is a suggestion that the caller re-checks."""
    from ortools.math_opt.python import mathopt
    from ortools.util.python.solve_interrupter import SolveInterrupter

    started = time.monotonic()
    floats = Floats(matrix, float("inf"))
    interrupter, done = SolveInterrupter(), threading.Event()
    watcher = threading.Thread(target=_watch, args=(interrupter, listener, done), daemon=True)
    watcher.start()
    try:
        result = mathopt.solve(
            _model(mathopt, matrix, floats),
            mathopt.SolverType.GSCIP,
            params=_parameters(mathopt, parameters),
            interrupter=interrupter,
        )
    finally:
        done.set()
        watcher.join()
    return _outcome(matrix, parameters, floats, result, time.monotonic() - started)


def _parameters(mathopt: Any, parameters: Parameters) -> Any:
    chosen = mathopt.SolveParameters(
        relative_gap_tolerance=parameters.gap,
        absolute_gap_tolerance=0.0,
        threads=1,  # this build of SCIP has no parallel search
        random_seed=parameters.seed,
        enable_output=False,
    )
    if parameters.time_limit is not None:
        chosen.time_limit = datetime.timedelta(seconds=parameters.time_limit)
    chosen.gscip.real_params["numerics/feastol"] = 1e-9
    chosen.gscip.real_params["numerics/dualfeastol"] = 1e-9
    return chosen


def _model(mathopt: Any, matrix: Matrix, floats: Floats) -> Any:
    from ortools.math_opt import model_pb2

    model = model_pb2.ModelProto()
    model.variables.ids.extend(range(matrix.num_columns))
    model.variables.lower_bounds.extend(floats.lower)
    model.variables.upper_bounds.extend(floats.upper)
    model.variables.integers.extend(floats.integral.tolist())
    model.linear_constraints.ids.extend(range(matrix.num_rows))
    model.linear_constraints.lower_bounds.extend(floats.row_lower)
    model.linear_constraints.upper_bounds.extend(floats.row_upper)
    order = np.lexsort((matrix.index, floats.row))
    model.linear_constraint_matrix.row_ids.extend(floats.row[order])
    model.linear_constraint_matrix.column_ids.extend(matrix.index[order])
    model.linear_constraint_matrix.coefficients.extend(floats.value[order])
    used = np.flatnonzero(floats.objective)
    model.objective.maximize = True
    model.objective.linear_coefficients.ids.extend(used)
    model.objective.linear_coefficients.values.extend(floats.objective[used])
    return mathopt.Model.from_model_proto(model)


def _watch(interrupter: Any, listener: Listener, done: threading.Event) -> None:
    """Stop the search when asked to."""
    while not done.wait(0.05):
        if listener.should_stop():
            interrupter.interrupt()
            return


def _outcome(matrix: Matrix, parameters: Parameters, floats: Floats, result: Any, seconds: float) -> Outcome:
    termination = result.termination
    status = STATUS.get(termination.reason.name, Status.FAILED)
    if status is Status.FAILED:
        return Outcome(status, None, None, None, NAME, str(termination.detail), seconds)
    if status is Status.INFEASIBLE:
        if refuted_infeasibility(matrix):
            message = "called infeasible what its own lower bounds satisfy"
            return Outcome(Status.FAILED, None, None, None, NAME, message, seconds)
        return Outcome(status, None, None, None, NAME, "", seconds)
    dual = termination.objective_bounds.dual_bound
    bound = float(dual) / floats.unit if abs(dual) < 1e100 else None
    stopped_by = None
    if status is not Status.OPTIMAL:
        limit = termination.limit.name if termination.limit is not None else ""
        stopped_by = StoppedBy.INTERRUPT if limit == "INTERRUPTED" else StoppedBy.TIME_LIMIT
    values = _values(floats, result)
    if status is Status.OPTIMAL and parameters.gap and bound is not None:
        reached = float(termination.objective_bounds.primal_bound) / floats.unit
        if bound > reached + 1e-9 * max(1.0, abs(reached)):
            status, stopped_by = Status.FEASIBLE, StoppedBy.GAP
    return Outcome(status, values, bound, stopped_by, NAME, "", seconds)


def _values(floats: Floats, result: Any) -> NDArray[np.int64] | None:
    if not result.has_primal_feasible_solution():
        return None
    by_column = result.variable_values()
    values = np.zeros(len(floats.objective))
    for variable, value in by_column.items():
        values[variable.id] = value
    return floats.rounded(values)
