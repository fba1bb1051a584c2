"""Rows and goals that stand for what decides by its least while a plan is searched.

The search for a plan knows sums, limits and targets. So a floor becomes a target for every member at the
level that it will come to, the least outcome likewise at the level that it may reach, and doubts become the
objective at the worst mix of errors. What is found is judged by what was asked for.
"""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.mix import LinearForms
from ciopt.program.build import stack
from ciopt.program.model import NONE, Goal, Program, Ragged, RowKind, Rows

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

_BITS, _FEWER = 50, 34
"""Sums of scaled coefficients stay below 2^50: exact in a double, far from the ends of int64. Those of
outcomes stay below 2^34, so that they can be multiplied."""
PICO = 1e-12


def scale_of(forms: LinearForms) -> float:
    """Integers that a unit of outcome is, so that no member's sum is too large."""
    most = np.bincount(forms.form, np.abs(forms.value), forms.count).max(initial=0.0)
    return float(2.0 ** np.floor(_FEWER - np.log2(most))) if most > 0 else 1.0


def floors_of(levels: Floats, scale: float) -> Array:
    """Levels as integers of a scale, rounded up; what is far beyond all outcomes stays an integer."""
    return np.clip(np.ceil(levels * scale), -float(NONE), float(NONE)).astype(np.int64)


def with_floors(program: Program, forms: LinearForms, levels: Floats) -> Program:
    """Add Σ -value x column <= -level for every form, rounded to the safe side."""
    scale = scale_of(forms)
    value = -np.floor(forms.value * scale).astype(np.int64)
    upper = -floors_of(levels, scale)
    return with_rows(program, "floor of", forms, value, upper, RowKind.LIMIT, 1.0 / scale)


def with_rows(
    program: Program, kind: str, forms: LinearForms, value: Array, upper: Array, row: RowKind, unit: float
) -> Program:
    """Add a row of one kind for each form."""
    order = np.lexsort((forms.column, forms.form))
    start = np.searchsorted(forms.form[order], np.arange(forms.count + 1)).astype(np.int64)
    rows, count = program.rows, forms.count
    return replace(
        program,
        rows=Rows(
            stack([rows.terms, Ragged(start, forms.column[order])]),
            np.append(rows.value, value[order]),
            np.append(rows.lower, np.full(count, -NONE, dtype=np.int64)),
            np.append(rows.upper, upper),
            (*rows.labels, *(f"{kind} {number}" for number in range(count))),
            np.append(rows.kind, np.full(count, row)),
            np.append(rows.unit, np.full(count, unit)),
        ),
    )


def tilted(program: Program, goal: Goal, more: Floats) -> Goal:
    """Add something to a goal's coefficients; scaled and rounded, since it guides only."""
    objective = more.copy()
    objective[goal.column] += goal.coefficient.astype(float) * float(goal.unit) * PICO
    column = np.flatnonzero(objective)
    most = float(np.abs(objective[column]) @ program.upper[column].astype(float))
    unit = 2.0 ** np.ceil(np.log2(most) - _BITS) if most > 0 else 1.0
    coefficient = np.rint(objective[column] / unit).astype(np.int64)
    return Goal(goal.name, column, coefficient, Fraction(float(unit) / PICO), goal.offset)
