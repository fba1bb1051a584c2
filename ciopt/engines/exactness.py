"""Exact arithmetic on a matrix: what a solver says is checked in integers, never in floats."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.matrix import UNBOUNDED, Matrix

SAFE = 2**62
Array = NDArray[np.int64]


def row_sums(matrix: Matrix, values: Array) -> NDArray[np.int64] | NDArray[np.object_]:
    """Σ value x column of every row; Python integers where int64 might not do."""
    largest = max((abs(int(each.max(initial=0))) for each in (values, -values)), default=0)
    dtype = np.int64
    if float(np.abs(matrix.value.astype(float)).sum()) * max(1, largest) >= SAFE:
        dtype = object  # type: ignore[assignment]
    products = np.concatenate([[0], matrix.value.astype(dtype) * values[matrix.index].astype(dtype)])
    sums = np.cumsum(products)
    return np.asarray(sums[matrix.start[1:]] - sums[matrix.start[:-1]])


def violations(matrix: Matrix, values: Array) -> Array:
    """Numbers of the rows that values break."""
    sums = row_sums(matrix, values)
    below = (matrix.row_lower > -UNBOUNDED) & (sums < matrix.row_lower)
    above = (matrix.row_upper < UNBOUNDED) & (sums > matrix.row_upper)
    return np.flatnonzero(np.asarray(below | above, dtype=np.bool_))


def objective_of(matrix: Matrix, values: Array) -> int:
    """c·x as a Python integer."""
    used = np.flatnonzero((values != 0) & (matrix.objective != 0))
    return sum(
        int(factor) * int(value) for factor, value in zip(matrix.objective[used], values[used], strict=True)
    )


def power_of_two(largest: NDArray[np.float64]) -> NDArray[np.float64]:
    """Factors 2^-k that bring coefficients of that size to at most 10 (1 where they are already)."""
    with np.errstate(divide="ignore"):
        exponent = np.ceil(np.log2(np.maximum(largest, 1.0) / 10.0))
    return np.asarray(np.exp2(-np.maximum(0.0, exponent)))


class Floats:
    """A matrix for float solvers: rows, objective and money columns scaled by powers of two (exactly).

    Raw cents make float solvers claim wrong optima; coefficients of at most 10 do not. A column of money
    is scaled to at most 10 as well: a cent beside a budget would fall below the solver's tolerances. A
    solver that counts in integers behind a float interface takes the numbers as they are: ``whole``.
    """

    def __init__(self, matrix: Matrix, infinity: float, whole: bool = False) -> None:
        self.whole = whole
        self.integral = ~matrix.implied | whole
        self.column_scale = np.where(self.integral, 1.0, power_of_two(matrix.upper.astype(float)))
        row = np.repeat(np.arange(matrix.num_rows), np.diff(matrix.start))
        value = matrix.value / self.column_scale[matrix.index]
        size = np.zeros(matrix.num_rows)
        np.maximum.at(size, row, np.abs(value))
        scale = np.ones(matrix.num_rows) if whole else power_of_two(size)
        self.row = row
        self.value = value * scale[row]
        self.row_lower = np.where(matrix.row_lower > -UNBOUNDED, matrix.row_lower * scale, -infinity)
        self.row_upper = np.where(matrix.row_upper < UNBOUNDED, matrix.row_upper * scale, infinity)
        objective = matrix.objective.astype(float) / self.column_scale
        largest = np.array([0.0 if whole else np.abs(objective).max(initial=0.0)])
        self.unit = float(power_of_two(largest)[0])
        self.objective = objective * self.unit
        self.lower, self.upper = matrix.lower * self.column_scale, matrix.upper * self.column_scale
        self._bounds = matrix.lower, matrix.upper

    def rounded(self, values: NDArray[np.float64]) -> Array:
        """Return a solver's values in the matrix's own units, rounded, and clipped into their bounds."""
        return np.clip(np.rint(values / self.column_scale).astype(np.int64), *self._bounds)


def refuted_infeasibility(matrix: Matrix) -> bool:
    """Whether "infeasible" is plainly wrong: all columns at their lower bounds keep every row."""
    return not len(violations(matrix, matrix.lower))
