"""Random small matrices: rows of every sense, general integers, cents of millions, columns of money."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np

from ciopt.engines.matrix import Matrix
from tests.engines.matrices import matrix

SIZES = {"units": 3, "tens": 50, "thousands": 10**4, "cents": 10**8}


def random_model(seed: int, size: str) -> Matrix:
    """Draw up to six columns of up to five values each, some not from 0, some negative; one to five rows."""
    draw = random.Random(f"{size}{seed}")
    largest = SIZES[size]
    count = draw.randint(1, 6)
    upper = [draw.choice([1, 1, 2, 4]) for _ in range(count)]
    lower = [draw.choice([0, 0, 0, 1, -2]) if most > 1 else 0 for most in upper]
    inside = [draw.randint(low, most) for low, most in zip(lower, upper, strict=True)]
    rows: list[tuple[list[int], int | None, int | None]] = []
    for _ in range(draw.randint(1, 5)):
        values = [draw.choice([0, draw.randint(1, largest), draw.randint(-largest, largest)]) for _ in upper]
        reached = sum(value * where for value, where in zip(values, inside, strict=True))
        # one unit decides: what a float solver forgives
        slack = draw.choice([0, 0, 1, draw.randint(0, largest)])
        off = draw.choice([0, 0, 0, 1])
        kind = draw.choice(["most", "most", "least", "range", "equal"])
        low = None if kind == "most" else reached - (0 if kind == "equal" else slack)
        high = None if kind == "least" else reached + (0 if kind == "equal" else slack) - off
        rows.append((values, low, high if low is None or high is None else max(low, high)))
    objective = [draw.randint(-largest, largest) if draw.random() < 0.9 else 0 for _ in upper]
    return replace(matrix(objective, upper, rows), lower=np.array(lower, dtype=np.int64))


def with_payments(seed: int) -> Matrix:
    """Draw a knapsack in which every chosen activity is paid to the cent by three funds: columns of money.

    Σ_f pay_fj = cost_j x_j; Σ_j pay_fj <= amount_f; pay_0j <= cost_j // 3; x_j in {0, 1}, pay_fj whole.
    """
    draw = random.Random(seed)
    costs = [draw.randint(1, 10**7) for _ in range(3)]
    amounts = [draw.randint(0, sum(costs)) // 2 for _ in range(3)]
    width = 3 + 9
    rows: list[tuple[list[int], int | None, int | None]] = []
    for j, cost in enumerate(costs):
        row = [0] * width
        row[j] = -cost
        for fund in range(3):
            row[3 + 3 * fund + j] = 1
        rows.append((row, 0, 0))
    for fund, amount in enumerate(amounts):
        row = [0] * width
        row[3 + 3 * fund : 6 + 3 * fund] = [1, 1, 1]
        rows.append((row, None, amount))
    upper = [1, 1, 1, *(cost // 3 for cost in costs), *costs, *costs]
    made = matrix([draw.randint(1, 50) for _ in costs] + [0] * 9, upper, rows)
    return replace(made, implied=np.array([False] * 3 + [True] * 9))


def best_payable(problem: Matrix) -> int:
    """Best objective of `with_payments`: of eight choices, those whose costs the funds can share.

    A choice can be paid if, for each set of its activities, what fund 0 may pay of them and what the others
    have is enough (the cut of the flow: three funds, shares only in fund 0).
    """
    costs = [-int(problem.value[problem.start[j] : problem.start[j + 1]].min()) for j in range(3)]
    amounts = problem.row_upper[3:].tolist()
    best = 0
    for chosen in range(8):
        taken = [j for j in range(3) if chosen >> j & 1]
        from_first = min(amounts[0], sum(costs[j] // 3 for j in taken))
        if sum(costs[j] for j in taken) <= from_first + amounts[1] + amounts[2]:
            best = max(best, sum(int(problem.objective[j]) for j in taken))
    return best
