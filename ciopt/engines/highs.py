"""HiGHS through the C API of the library that ortools ships (1.12).

The C API gives what MathOpt's wrapper does not: every improving solution, and a stop on request. The
callback's fields are read by name (`Highs_getCallbackDataOutItem`), not by their place in a struct.
"""

from __future__ import annotations

import ctypes
import importlib.util
import time
from ctypes import CFUNCTYPE, POINTER, byref, c_char_p, c_double, c_int, c_void_p, cast
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.exactness import Floats, refuted_infeasibility
from ciopt.engines.matrix import Incumbent, Listener, Matrix, Outcome, Parameters, Status, StoppedBy

IMPROVING_SOLUTION, MIP_LOGGING, MIP_INTERRUPT, SIMPLEX_INTERRUPT = 4, 5, 6, 1
MAXIMIZE, COLWISE, ROWWISE = -1, 1, 2
INFINITY = 1e30
ERROR = -1

STATUS = {
    7: (Status.OPTIMAL, None),
    8: (Status.INFEASIBLE, None),
    9: (Status.INFEASIBLE, None),  # unbounded or infeasible: all columns are bounded
    13: (Status.FEASIBLE, StoppedBy.TIME_LIMIT),
    17: (Status.FEASIBLE, StoppedBy.INTERRUPT),
    18: (Status.FEASIBLE, StoppedBy.MEMORY_LIMIT),
}
"""HighsModelStatus: our status, and why it stopped."""

_CALLBACK = CFUNCTYPE(None, c_int, c_char_p, c_void_p, c_void_p, c_void_p)


def library() -> Path | None:
    """Find the HiGHS library inside the ortools wheel."""
    spec = importlib.util.find_spec("ortools")
    for place in spec.submodule_search_locations or () if spec else ():
        for pattern in ("libhighs.so*", "libhighs*.dylib", "highs.dll"):
            found = sorted((Path(place) / ".libs").glob(pattern))
            if found:
                return found[0]
    return None


def _load() -> Any:
    path = library()
    if path is None:
        raise ImportError("no HiGHS library inside the ortools wheel")
    api = ctypes.CDLL(str(path))
    api.Highs_create.restype = c_void_p
    api.Highs_getCallbackDataOutItem.restype = c_void_p
    api.Highs_getCallbackDataOutItem.argtypes = [c_void_p, c_char_p]
    api.Highs_version.restype = c_char_p
    return api


def version() -> str:
    """Version of the library, without solving anything."""
    return str(_load().Highs_version().decode())


def solve(matrix: Matrix, parameters: Parameters, listener: Listener) -> Outcome:
    """Solve by branch and cut in floats; the answer is a suggestion that the caller re-checks."""
    return _Run(matrix, parameters, listener).outcome()


class _Run:
    """One solve. The object is new each time: HiGHS's time limit runs on over solves of one object."""

    def __init__(self, matrix: Matrix, parameters: Parameters, listener: Listener) -> None:
        self.started = time.monotonic()
        self.matrix, self.parameters, self.listener = matrix, parameters, listener
        self.api = _load()
        self.name = f"HiGHS {self.api.Highs_version().decode()}"
        self.highs = c_void_p(self.api.Highs_create())
        self.floats = Floats(matrix, INFINITY)
        self.callback = _CALLBACK(self._heard)
        self.best: NDArray[np.float64] | None = None
        self.dual = float("inf")

    def outcome(self) -> Outcome:
        """Pass the model, run, and read what came out."""
        try:
            self._set_options()
            self._pass_model()
            self.api.Highs_setCallback(self.highs, self.callback, None)
            for kind in (IMPROVING_SOLUTION, MIP_LOGGING, MIP_INTERRUPT, SIMPLEX_INTERRUPT):
                self.api.Highs_startCallback(self.highs, c_int(kind))
            returned = self.api.Highs_run(self.highs)
            return self._read(returned)
        finally:
            self.api.Highs_destroy(self.highs)

    def _set_options(self) -> None:
        numbers = {
            "mip_rel_gap": self.parameters.gap,
            "mip_abs_gap": 0.0,
            "mip_feasibility_tolerance": 1e-6,
            "primal_feasibility_tolerance": 1e-7,
            "dual_feasibility_tolerance": 1e-7,
        }
        if self.parameters.time_limit is not None:
            numbers["time_limit"] = self.parameters.time_limit
        for name, value in numbers.items():
            self.api.Highs_setDoubleOptionValue(self.highs, name.encode(), c_double(value))
        for name, whole in {"threads": self.parameters.threads, "random_seed": self.parameters.seed}.items():
            self.api.Highs_setIntOptionValue(self.highs, name.encode(), c_int(whole))
        self.api.Highs_setBoolOptionValue(self.highs, b"output_flag", c_int(0))

    def _pass_model(self) -> None:
        def doubles(values: NDArray[Any]) -> Any:
            return np.ascontiguousarray(values, dtype=np.float64).ctypes.data_as(POINTER(c_double))

        def ints(values: NDArray[Any]) -> Any:
            return np.ascontiguousarray(values, dtype=np.int32).ctypes.data_as(POINTER(c_int))

        matrix, floats = self.matrix, self.floats
        self.api.Highs_passMip(
            self.highs,
            c_int(matrix.num_columns),
            c_int(matrix.num_rows),
            c_int(len(matrix.index)),
            c_int(ROWWISE),
            c_int(MAXIMIZE),
            c_double(0.0),
            doubles(floats.objective),
            doubles(floats.lower),
            doubles(floats.upper),
            doubles(floats.row_lower),
            doubles(floats.row_upper),
            ints(matrix.start[:-1]),
            ints(matrix.index),
            doubles(floats.value),
            ints(floats.integral.astype(np.int32)),
        )

    def _heard(self, kind: int, message: bytes, out: int, into: int, data: int) -> None:
        """Pass news on, and stop when asked to."""
        if kind in (MIP_INTERRUPT, SIMPLEX_INTERRUPT):
            if self.listener.should_stop():
                cast(into, POINTER(c_int))[0] = 1  # user_interrupt is the first field
            return
        dual = self._item(out, b"mip_dual_bound")
        if dual is not None and abs(dual[0]) < INFINITY:
            self.dual = dual[0]
        values = None
        if kind == IMPROVING_SOLUTION:
            solution = self._item(out, b"mip_solution")
            if solution is not None:
                self.best = np.array(solution[: self.matrix.num_columns])
                values = self.floats.rounded(self.best)
        seconds = time.monotonic() - self.started
        self.listener.report(Incumbent(values, self._bound(self.dual), seconds))

    def _item(self, out: int, name: bytes) -> Any:
        address = self.api.Highs_getCallbackDataOutItem(out, name)
        return cast(address, POINTER(c_double)) if address else None

    def _bound(self, dual: float) -> float | None:
        return dual / self.floats.unit if abs(dual) < INFINITY else None

    def _number(self, name: bytes) -> float:
        value = c_double()
        self.api.Highs_getDoubleInfoValue(self.highs, name, byref(value))
        return value.value

    def _read(self, returned: int) -> Outcome:
        seconds = time.monotonic() - self.started
        code = self.api.Highs_getModelStatus(self.highs)
        if returned == ERROR or code not in STATUS:
            message = f"run returned {returned}, model status {code}"
            return Outcome(Status.FAILED, self._values(), None, None, self.name, message, seconds)
        status, stopped_by = STATUS[code]
        if status is Status.INFEASIBLE:
            if refuted_infeasibility(self.matrix):
                message = "called infeasible what its own lower bounds satisfy"
                return Outcome(Status.FAILED, None, None, None, self.name, message, seconds)
            return Outcome(status, None, None, None, self.name, "", seconds)
        values = self._values()
        if values is None:
            status = Status.NOTHING
        elif status is Status.OPTIMAL and self.parameters.gap and self._number(b"mip_gap") > 0:
            status, stopped_by = Status.FEASIBLE, StoppedBy.GAP
        bound = self._bound(self._number(b"mip_dual_bound"))
        if bound is None:
            bound = self._bound(self.dual)
        if status is Status.OPTIMAL and not self.floats.integral.any():
            bound = self._bound(self._number(b"objective_function_value"))
        return Outcome(status, values, bound, stopped_by, self.name, "", seconds)

    def _values(self) -> NDArray[np.int64] | None:
        """The solution at the end, or the best that was reported."""
        count = self.matrix.num_columns
        feasible = c_int()
        self.api.Highs_getIntInfoValue(self.highs, b"primal_solution_status", byref(feasible))
        if feasible.value == 2:
            values = (c_double * count)()
            self.api.Highs_getSolution(self.highs, values, None, None, None)
            return self.floats.rounded(np.array(values))
        return None if self.best is None else self.floats.rounded(self.best)
