"""From a solver's suggestion to a plan that holds to the cent, or to a cut that rules it out.

A float solver may overspend by a cent, or round a product the wrong way. So only its decisions are read:
everything that follows from them is computed anew in integers, every row is checked exactly, and where only
payments are off they are found again by exact search. What still does not hold is cut off, and the solver
is asked again; cuts remove nothing that is feasible, so its bound stays valid.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.exactness import violations
from ciopt.engines.matrix import UNBOUNDED, Matrix, Outcome, Status
from ciopt.instance.choices import Choices
from ciopt.instance.goals import Worth, goal_values, keeps_agreements
from ciopt.program.decode import complete, decode
from ciopt.program.model import Program

Array = NDArray[np.int64]


@dataclass(frozen=True)
class Candidate:
    """A plan that holds exactly, and what it is worth for each goal in 10^-12."""

    values: Array
    choices: Choices
    worth: dict[str, Worth]


@dataclass(frozen=True)
class Cut:
    """Σ value x column <= upper: rules out a vector that cannot be a plan."""

    column: Array
    value: Array
    upper: int


class Examiner:
    """Checks suggestions against the rows that decide feasibility.

    Parameters
    ----------
    program, matrix
        The program and its lowered rows.
    settle
        Solves a small matrix exactly: finds whole payments for given decisions.
    """

    def __init__(self, program: Program, matrix: Matrix, settle: Callable[[Matrix], Outcome]) -> None:
        self.program, self.settle = program, settle
        self.pinned: dict[str, Worth] = {}
        row = np.repeat(np.arange(matrix.num_rows), np.diff(matrix.start))
        binds = np.ones(matrix.num_rows, dtype=np.bool_)
        binds[row[program.measures[matrix.index]]] = False
        self.matrix = with_rows(matrix, np.flatnonzero(binds))
        self.is_payment = np.zeros(program.num_columns, dtype=np.bool_)
        self.is_payment[program.payers.pooled[:, -1]] = True
        self.is_payment[program.payers.itemised[:, -1]] = True

    def examine(self, values: Array) -> Candidate | Cut | None:
        """Return the exact plan behind a suggestion, or a cut; None if its payments could not be settled."""
        exact = self.completed(np.minimum(np.maximum(values, 0), self.program.upper))
        broken = violations(self.matrix, exact)
        if len(broken) and self._only_payments(broken):
            status, settled = self._settled(exact)
            if settled is not None:
                exact, broken = settled, broken[:0]
            elif status is not Status.INFEASIBLE:
                return None
        if len(broken):
            return self._cut(exact, broken)
        choices = decode(self.program, exact)
        if not keeps_agreements(self.program.lookup, choices):
            return self.without(exact)
        worth = goal_values(self.program.lookup, choices)
        worth[self.program.goals[0].name] += self.program.bonus.of(exact)
        if any(worth[goal] < achieved for goal, achieved in self.pinned.items()):
            return self.without(exact)
        return Candidate(exact, choices, worth)

    def completed(self, values: Array) -> Array:
        """Return the vector with all that follows from its decisions."""
        return complete(self.program, values)

    def canonical(self, candidate: Candidate) -> Candidate:
        """Return the same decisions with the payments that one deterministic search finds for them."""
        if not self.is_payment.any():
            return candidate
        _, settled = self._settled(candidate.values)
        if settled is None:
            return candidate
        return replace(candidate, values=settled, choices=decode(self.program, settled))

    def _row(self, number: int) -> tuple[Array, Array]:
        start, end = self.matrix.start[number], self.matrix.start[number + 1]
        return self.matrix.index[start:end], self.matrix.value[start:end]

    def _only_payments(self, broken: Array) -> bool:
        return all(self.is_payment[self._row(row)[0]].any() for row in broken.tolist())

    def _settled(self, exact: Array) -> tuple[Status, Array | None]:
        """Find whole payments for the decisions of a vector; None if there are none, or none was found."""
        outcome = self.settle(restricted(self.matrix, self.is_payment, exact))
        if outcome.values is None:
            return outcome.status, None
        settled = exact.copy()
        settled[self.is_payment] = outcome.values
        broken = violations(self.matrix, settled)
        return (Status.INFEASIBLE, None) if len(broken) else (outcome.status, settled)

    def _cut(self, exact: Array, broken: Array) -> Cut:
        """A cover of an overspent row if there is one, otherwise the vector of decisions itself."""
        for row in broken.tolist():
            column, value = self._row(row)
            limit = int(self.matrix.row_upper[row])
            taken = (value > 0) & (exact[column] > 0)
            least = int((np.minimum(value, 0) * self.program.upper[column]).sum())
            binary = bool((self.program.upper[column] <= 1).all())
            if binary and limit < UNBOUNDED and int(value[taken].sum()) + least > limit:
                cover = column[taken]
                return Cut(cover, np.ones(len(cover), dtype=np.int64), len(cover) - 1)
        return self.without(exact)

    def without(self, exact: Array) -> Cut:
        """Rule out one vector of decisions."""
        decisions = np.unique(
            np.concatenate([np.arange(len(self.program.options)), self.program.carried.column])
        )
        chosen = exact[decisions] > 0
        return Cut(decisions, np.where(chosen, 1, -1).astype(np.int64), int(chosen.sum()) - 1)


def with_rows(matrix: Matrix, rows: Array) -> Matrix:
    """Keep some rows."""
    lengths = np.diff(matrix.start)[rows]
    start = np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64)
    entries = np.repeat(matrix.start[rows] - start[:-1], lengths) + np.arange(int(start[-1]))
    return replace(
        matrix,
        start=start,
        index=matrix.index[entries],
        value=matrix.value[entries],
        row_lower=matrix.row_lower[rows],
        row_upper=matrix.row_upper[rows],
    )


def with_cut(matrix: Matrix, cut: Cut) -> Matrix:
    """Add a row."""
    return replace(
        matrix,
        start=np.append(matrix.start, matrix.start[-1] + len(cut.column)),
        index=np.append(matrix.index, cut.column),
        value=np.append(matrix.value, cut.value),
        row_lower=np.append(matrix.row_lower, -UNBOUNDED),
        row_upper=np.append(matrix.row_upper, cut.upper),
    )


def restricted(matrix: Matrix, free: NDArray[np.bool_], values: Array) -> Matrix:
    """Keep the free columns and the rows they are in; the others have their values."""
    row = np.repeat(np.arange(matrix.num_rows), np.diff(matrix.start))
    is_free = free[matrix.index]
    spent = np.zeros(matrix.num_rows, dtype=np.int64)
    np.add.at(spent, row[~is_free], matrix.value[~is_free] * values[matrix.index[~is_free]])
    kept = np.unique(row[is_free])
    position = np.cumsum(free) - 1
    count = np.bincount(row[is_free], minlength=matrix.num_rows)[kept]
    lower, upper = matrix.row_lower[kept], matrix.row_upper[kept]
    return Matrix(
        lower=matrix.lower[free],
        upper=matrix.upper[free],
        implied=matrix.implied[free],
        start=np.concatenate([[0], np.cumsum(count)]).astype(np.int64),
        index=position[matrix.index[is_free]],
        value=matrix.value[is_free],
        row_lower=np.where(lower > -UNBOUNDED, lower - spent[kept], lower),
        row_upper=np.where(upper < UNBOUNDED, upper - spent[kept], upper),
        objective=np.zeros(int(free.sum()), dtype=np.int64),
    )
