"""Rows of integers over columns: the plain part of a program."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

NONE = 2**62
"""``±NONE`` in row bounds: no bound."""


@dataclass(frozen=True)
class Ragged:
    """Rows of different length: row r is ``index[start[r]:start[r + 1]]``."""

    start: NDArray[np.int64]
    index: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.start) - 1

    def row(self, number: int) -> NDArray[np.int64]:
        """One row."""
        return self.index[self.start[number] : self.start[number + 1]]

    @property
    def lengths(self) -> NDArray[np.int64]:
        """Length of each row."""
        return np.diff(self.start)


class RowKind(IntEnum):
    """What a row is about: engines that know a structure themselves pass over its rows."""

    LIMIT = 0
    """A limit, rule or target over options, thresholds and switches."""
    MEASURE = 1
    """Ties a utility or shortfall to what it measures."""
    MONEY = 2
    """Payments: see `Payers`."""
    CARRY = 3
    """Which backbone carries a synergy: see `Carried`."""
    ORDERED = 4
    """Sums of the smallest of several forms: see `Ordered`."""


@dataclass(frozen=True)
class Rows:
    """lower <= Σ value x column <= upper, divided by the greatest common divisor.

    Parameters
    ----------
    labels
        Name the rule; no two rows have the same.
    kind
        A `RowKind` for each row.
    unit
        What one unit of the row is in natural units (staff days, units of the indicator, assignments);
        negative where the row has all signs changed.
    """

    terms: Ragged
    value: NDArray[np.int64]
    lower: NDArray[np.int64]
    upper: NDArray[np.int64]
    labels: tuple[str, ...]
    kind: NDArray[np.int64]
    unit: NDArray[np.float64]
