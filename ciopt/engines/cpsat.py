"""CP-SAT: integers all through, so its word on a model it accepts is exact.

With coefficients of a boolean row that total more than 2^31 its presolve certified wrong optima
(google/or-tools#5293); the step at fault is switched off for such models. Sums of 2^62 and more are refused.
"""

from __future__ import annotations

import threading
import time
from typing import Any

import numpy as np

from ciopt.engines.exactness import SAFE
from ciopt.engines.matrix import (
    UNBOUNDED,
    Incumbent,
    Listener,
    Matrix,
    Outcome,
    Parameters,
    Status,
    StoppedBy,
)

INT32_ROOM = 2**31

STATUS = {
    "OPTIMAL": Status.OPTIMAL,
    "FEASIBLE": Status.FEASIBLE,
    "INFEASIBLE": Status.INFEASIBLE,
    "UNKNOWN": Status.NOTHING,
    "MODEL_INVALID": Status.FAILED,
}


def version() -> str:
    """Version of ortools."""
    from importlib.metadata import version as installed

    return installed("ortools")


def refuses(matrix: Matrix) -> str | None:
    """Say why CP-SAT cannot take a matrix, or None: its sums are 64-bit integers."""
    most = np.maximum(np.abs(matrix.lower), np.abs(matrix.upper)).astype(float)
    row = np.repeat(np.arange(matrix.num_rows), np.diff(matrix.start))
    sums = np.zeros(matrix.num_rows + 1)
    np.add.at(sums, row, np.abs(matrix.value).astype(float) * most[matrix.index])
    objective = float((np.abs(matrix.objective.astype(float)) * most).sum())
    if max(float(sums.max()), objective) >= SAFE:
        return (
            "a sum of the model may reach 2^62, beyond CP-SAT's integers: use larger units or fewer decimals"
        )
    return None


def solve(matrix: Matrix, parameters: Parameters, listener: Listener) -> Outcome:
    """Solve in integers."""
    from ortools.sat.python import cp_model_helper as helper

    started = time.monotonic()
    name = f"CP-SAT {version()}"
    refusal = refuses(matrix)
    if refusal is not None:
        return Outcome(Status.FAILED, None, None, None, name, refusal)
    wrapper = helper.SolveWrapper()
    wrapper.set_parameters(_parameters(helper, matrix, parameters))
    callback = _news(helper, matrix, listener, started)
    wrapper.add_solution_callback(callback)
    done = threading.Event()
    watcher = threading.Thread(target=_watch, args=(wrapper, listener, done), daemon=True)
    watcher.start()
    try:
        response: Any = wrapper.solve(_model(helper, matrix))  # type: ignore[no-untyped-call]
    finally:
        done.set()
        watcher.join()
    return _outcome(helper, matrix, parameters, listener, response, name, time.monotonic() - started)


def _parameters(helper: Any, matrix: Matrix, parameters: Parameters) -> Any:
    chosen = helper.SatParameters()
    chosen.num_workers = max(1, parameters.threads)
    chosen.interleave_search = parameters.threads == 1  # one strategy alone may never get out of a corner
    chosen.random_seed = parameters.seed % 2**31
    chosen.absolute_gap_limit = 0.0
    chosen.relative_gap_limit = parameters.gap
    chosen.catch_sigint_signal = False
    if parameters.time_limit is not None:
        chosen.max_time_in_seconds = parameters.time_limit
    if _needs_guard(matrix):
        chosen.presolve_inclusion_work_limit = 0
    return chosen


def _needs_guard(matrix: Matrix) -> bool:
    """Whether the coefficients of some row total more than 2^31."""
    row = np.repeat(np.arange(matrix.num_rows), np.diff(matrix.start))
    total = np.zeros(matrix.num_rows + 1)
    np.add.at(total, row, np.abs(matrix.value).astype(float))
    objective = float(np.abs(matrix.objective.astype(float)).sum())
    return max(float(total.max()), objective) >= INT32_ROOM


def _model(helper: Any, matrix: Matrix) -> Any:
    """Fill the model's fields from the arrays."""
    model = helper.CpModelProto()
    for low, high in zip(matrix.lower.tolist(), matrix.upper.tolist(), strict=True):
        model.variables.add().domain.extend((low, high))
    start, index, value = matrix.start.tolist(), matrix.index.tolist(), matrix.value.tolist()
    bounds = zip(matrix.row_lower.tolist(), matrix.row_upper.tolist(), strict=True)
    for row, (low, high) in enumerate(bounds):
        linear = model.constraints.add().linear
        linear.vars.extend(index[start[row] : start[row + 1]])
        linear.coeffs.extend(value[start[row] : start[row + 1]])
        linear.domain.extend((max(low, -UNBOUNDED), min(high, UNBOUNDED)))
    used = np.flatnonzero(matrix.objective)
    if len(used):
        # CP-SAT minimises
        model.objective.vars.extend(used.tolist())
        model.objective.coeffs.extend([-int(factor) for factor in matrix.objective[used]])
        model.objective.scaling_factor = -1.0
    return model


def _news(helper: Any, matrix: Matrix, listener: Listener, started: float) -> Any:
    class News(helper.SolutionCallback):  # type: ignore[misc]
        """Passes every better solution on."""

        def OnSolutionCallback(self) -> None:
            values = np.array(list(self.Response().solution), dtype=np.int64)
            listener.report(Incumbent(values, self.BestObjectiveBound(), time.monotonic() - started))

    return News()


def _watch(wrapper: Any, listener: Listener, done: threading.Event) -> None:
    """Stop the search when asked to: only another thread can."""
    while not done.wait(0.05):
        if listener.should_stop():
            wrapper.stop_search()


def _outcome(
    helper: Any,
    matrix: Matrix,
    parameters: Parameters,
    listener: Listener,
    response: Any,
    name: str,
    seconds: float,
) -> Outcome:
    status = STATUS[response.status.name]
    if status is Status.FAILED:
        return Outcome(status, None, None, None, name, str(response.solution_info), seconds)
    if status is Status.INFEASIBLE:
        return Outcome(status, None, None, None, name, "", seconds)
    values = np.array(list(response.solution), dtype=np.int64) if len(response.solution) else None
    bound = float(response.best_objective_bound) if np.any(matrix.objective) else 0.0
    if values is None:
        bound_known = status is not Status.NOTHING or abs(bound) < 2**62
        stopped = StoppedBy.INTERRUPT if listener.should_stop() else StoppedBy.TIME_LIMIT
        return Outcome(Status.NOTHING, None, bound if bound_known else None, stopped, name, "", seconds)
    if status is Status.OPTIMAL and parameters.gap and abs(bound - float(response.objective_value)) > 0.5:
        return Outcome(Status.FEASIBLE, values, bound, StoppedBy.GAP, name, "", seconds)
    stopped_by = None
    if status is Status.FEASIBLE:
        stopped_by = StoppedBy.INTERRUPT if listener.should_stop() else StoppedBy.TIME_LIMIT
    return Outcome(status, values, bound, stopped_by, name, "", seconds)
