"""`Piece`: a small part of a matrix that is free, while all else stays as a plan has it.

Fixed columns and the rows without free columns are gone; what fixed columns use is taken off the rows' sides.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.matrix import UNBOUNDED, Matrix
from ciopt.program.model import Program, Ragged

Array = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Piece:
    """A part of a program's matrix, and where its columns lie in the whole.

    Parameters
    ----------
    matrix
        The part.
    columns
        Number of each of its columns in the whole.
    values
        The plan that the rest is fixed at, all columns.
    """

    matrix: Matrix
    columns: Array
    values: Array

    def whole(self, values: Array) -> Array:
        """Return a solution of the part as values of all columns."""
        found = self.values.copy()
        found[self.columns] = values
        return found


class Freedom:
    """Says which columns may change if some activities may."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.literal = np.repeat(np.arange(len(program.literals)), program.literals.lengths)
        self.built = [
            (
                structure.column,
                np.repeat(np.arange(len(structure.column)), structure.members.lengths),
                structure.members,
            )
            for structure in (program.thresholds, program.switches)
        ]

    def columns(self, free: Flags) -> Flags:
        """Return the columns that may change, from the activities that may."""
        program = self.program
        found = program.measures.copy()
        options = free[program.options.activity]
        found[: len(program.options)] |= options
        payers = program.payers
        paid_alike = np.bincount(payers.option_class[options], minlength=len(payers.class_funds)) > 0
        found[payers.pooled[paid_alike[payers.pooled[:, 0]], 3]] = True
        itemised = payers.itemised
        found[itemised[free[itemised[:, 0]], 4]] = True
        while True:
            before = int(found.sum())
            touched = (
                np.bincount(self.literal[found[program.literals.index]], minlength=len(program.literals)) > 0
            )
            for column, owner, members in self.built:
                hit = np.bincount(owner[touched[members.index]], minlength=len(column)) > 0
                found[column[hit]] = True
            carried = program.carried
            found[carried.column[found[program.carried_columns[carried.instance]]]] = True
            if int(found.sum()) == before:
                return found


def cut_out(matrix: Matrix, free: Flags, values: Array) -> Piece:
    """Return the part of a matrix whose columns are free, the others fixed at the given values."""
    rows = Ragged(matrix.start, matrix.index)
    owner = np.repeat(np.arange(matrix.num_rows), rows.lengths)
    is_free = free[matrix.index]
    used = _sums(matrix.start, np.where(is_free, 0, matrix.value * values[matrix.index]))
    kept = np.bincount(owner[is_free], minlength=matrix.num_rows) > 0
    entries = np.flatnonzero(is_free)
    columns = np.flatnonzero(free)
    position = np.cumsum(free) - 1
    lengths = np.bincount(owner[entries], minlength=matrix.num_rows)[kept]
    lower, upper = matrix.row_lower[kept], matrix.row_upper[kept]
    return Piece(
        Matrix(
            matrix.lower[columns],
            matrix.upper[columns],
            matrix.implied[columns],
            np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            position[matrix.index[entries]],
            matrix.value[entries],
            np.where(lower <= -UNBOUNDED, lower, lower - used[kept]),
            np.where(upper >= UNBOUNDED, upper, upper - used[kept]),
            matrix.objective[columns],
        ),
        columns,
        values,
    )


def _sums(start: Array, values: Array) -> Array:
    total = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(total[start[1:]] - total[start[:-1]])
