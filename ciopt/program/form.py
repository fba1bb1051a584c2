"""Linear forms that are put together piece by piece, in exact integers."""

from __future__ import annotations

from fractions import Fraction
from math import lcm

import numpy as np
from numpy.typing import NDArray

from ciopt.program.build import concatenated
from ciopt.program.exact import Integers, common_divisor, slim
from ciopt.program.model import Goal

Array = NDArray[np.int64]


class Form:
    """(Σ factor x column + constant) / scale.

    Parameters
    ----------
    scale
        What everything that is added is divided by.
    """

    def __init__(self, scale: int = 1) -> None:
        self.columns: list[Array] = []
        self.factors: list[Integers] = []
        self.constant = 0
        self.scale = scale

    def add(self, columns: Array, factors: Integers, times: int = 1) -> None:
        """Add ``times`` x Σ factor x column / scale."""
        self.columns.append(columns)
        self.factors.append(factors.astype(object) * times)

    def extend(self, other: Form, times: int = 1) -> None:
        """Add ``times`` x another form, in a scale that both fit."""
        common = lcm(self.scale, other.scale)
        if common != self.scale:
            self.factors = [each * (common // self.scale) for each in self.factors]
            self.constant *= common // self.scale
            self.scale = common
        times *= self.scale // other.scale
        self.columns += other.columns
        self.factors += other.factors if times == 1 else [each * times for each in other.factors]
        self.constant += times * other.constant

    def summed(self) -> tuple[Array, Integers]:
        """Columns and their factors in Python integers, what stands for the same column added up."""
        columns = concatenated(self.columns)
        factors = np.concatenate(self.factors) if self.factors else np.zeros(0, dtype=object)
        columns, inverse = np.unique(columns, return_inverse=True)
        total = np.zeros(len(columns), dtype=object)
        np.add.at(total, inverse, factors)
        kept = total != 0
        return columns[kept], total[kept]

    def goal(self, name: str) -> Goal:
        """Make a goal of it, with the common divisor taken out."""
        columns, total = self.summed()
        divisor = common_divisor(total)
        offset = Fraction(self.constant, self.scale)
        whole = offset.numerator if offset.denominator == 1 else offset
        return Goal(name, columns, slim(total // divisor), Fraction(divisor, self.scale), whole)
