"""Small matrices with their true optimum, by enumeration."""

from __future__ import annotations

import itertools
import random

import numpy as np

from ciopt.engines.exactness import objective_of, violations
from ciopt.engines.matrix import UNBOUNDED, Matrix


def matrix(
    objective: list[int], upper: list[int], rows: list[tuple[list[int], int | None, int | None]]
) -> Matrix:
    """Write a matrix densely: rows are (coefficients, lower or None, upper or None)."""
    entries = [[(column, value) for column, value in enumerate(values) if value] for values, _, _ in rows]
    return Matrix(
        lower=np.zeros(len(upper), dtype=np.int64),
        upper=np.array(upper, dtype=np.int64),
        implied=np.zeros(len(upper), dtype=np.bool_),
        start=np.cumsum([0, *(len(row) for row in entries)]).astype(np.int64),
        index=np.array([column for row in entries for column, _ in row], dtype=np.int64),
        value=np.array([value for row in entries for _, value in row], dtype=np.int64),
        row_lower=np.array([-UNBOUNDED if low is None else low for _, low, _ in rows], dtype=np.int64),
        row_upper=np.array([UNBOUNDED if high is None else high for _, _, high in rows], dtype=np.int64),
        objective=np.array(objective, dtype=np.int64),
    )


def random_matrix(seed: int) -> Matrix:
    """Draw a few columns and rows of every sense, with coefficients from ones to cents of millions."""
    draw = random.Random(seed)
    columns = draw.randint(1, 7)
    size = draw.choice([3, 50, 10**4, 10**8])
    upper = [draw.choice([1, 1, 1, 3]) for _ in range(columns)]
    rows: list[tuple[list[int], int | None, int | None]] = []
    for _ in range(draw.randint(1, 4)):
        values = [draw.choice([0, draw.randint(1, size), draw.randint(-size, size)]) for _ in range(columns)]
        middle = sum(value * draw.randint(0, most) for value, most in zip(values, upper, strict=True))
        kind = draw.choice(["most", "most", "least", "both", "equal"])
        low = None if kind == "most" else middle - (0 if kind == "equal" else draw.randint(0, size))
        high = None if kind == "least" else middle + (0 if kind == "equal" else draw.randint(0, size))
        rows.append((values, low, high))
    return matrix([draw.randint(-20, 40) for _ in range(columns)], upper, rows)


def optimum(problem: Matrix) -> int | None:
    """Best objective over all vectors, None if no vector keeps all rows."""
    ranges = [range(most + 1) for most in problem.upper.tolist()]
    vectors = (np.array(vector, dtype=np.int64) for vector in itertools.product(*ranges))
    return max(
        (objective_of(problem, each) for each in vectors if not len(violations(problem, each))), default=None
    )


def hard_knapsack(columns: int = 60) -> Matrix:
    """A market-split matrix: equalities that branch and bound cannot settle in seconds."""
    draw = random.Random(7)
    rows: list[tuple[list[int], int | None, int | None]] = []
    for _ in range(6):
        values = [draw.randint(1, 100) for _ in range(columns)]
        rows.append((values, None, sum(values) // 2))
        rows.append((values, sum(values) // 2 - 1, None))
    return matrix([draw.randint(1, 100) for _ in range(columns)], [1] * columns, rows)
