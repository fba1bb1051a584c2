"""Side conditions: what a study asks of a plan besides what the instance says.

A study of stability or of alternatives asks for plans that keep some assignments, that differ from a plan in
so many ways, or that pay for every change. None of that belongs to the instance: it is added to its program,

    x_j = 1 or 0                        what must be kept, what must not come
    lower <= Σ value x column <= upper  any rows, over columns of the program and new ones
    Σ amount x column                   added to what the first goal maximises

and a plan of the narrowed program is verified as a plan of the instance. A bound on the narrowed program is
not one on the instance.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.lookup import Option
from ciopt.program.build import ragged, stack
from ciopt.program.model import NONE, Bonus, Goal, Program, RowKind, Rows

Array = NDArray[np.int64]


class SideConditions:
    """Collects side conditions and narrows a program by them.

    Examples
    --------
    >>> side = SideConditions(program)  # doctest: +SKIP
    >>> side.add_row("at most 3 changes", columns, values, upper=3)  # doctest: +SKIP
    >>> narrowed = side.narrowed()  # doctest: +SKIP
    """

    def __init__(self, program: Program) -> None:
        self.program = program
        self.columns = {program.option(number): number for number in range(len(program.options))}
        self._forbidden: list[int] = []
        self._labels: list[str] = []
        self._upper: list[int] = []
        self._rows: list[tuple[str, Array, Array, int, int]] = []
        self._bonus: dict[int, int] = {}
        self._offset = 0

    def options_of(self, option: Option) -> list[int]:
        """Columns of all ways to do the activity of an option; none if it is not offered any more."""
        return self._by_activity.get(option.activity, [])

    @property
    def _by_activity(self) -> dict[tuple[str, str], list[int]]:
        if not hasattr(self, "_activities"):
            self._activities: dict[tuple[str, str], list[int]] = {}
            for option, number in self.columns.items():
                self._activities.setdefault(option.activity, []).append(number)
        return self._activities

    def require(self, options: Iterable[Option]) -> None:
        """Keep these assignments; each must be offered."""
        for option in options:
            self.add_row(f"keep {option.id}", [self.columns[option]], [1], lower=1)

    def forbid(self, options: Iterable[Option]) -> None:
        """Choose none of these."""
        self._forbidden += [self.columns[option] for option in options]

    def add_columns(self, labels: Sequence[str], upper: int = 1) -> Array:
        """Add whole columns from 0 to ``upper`` that stand in rows of the same conditions only."""
        first = self.program.num_columns + len(self._labels)
        self._labels += labels
        self._upper += [upper] * len(labels)
        return np.arange(first, first + len(labels), dtype=np.int64)

    def add_row(
        self,
        label: str,
        columns: Sequence[int] | Array,
        values: Sequence[int] | Array,
        lower: int | None = None,
        upper: int | None = None,
    ) -> None:
        """Ask for lower <= Σ value x column <= upper."""
        low, high = -NONE if lower is None else lower, NONE if upper is None else upper
        column, value = (np.asarray(each, dtype=np.int64) for each in (columns, values))
        if len(column):
            self._rows.append((f"side: {label}", column, value, low, high))
        elif low > 0 or high < 0:
            self._rows.append(
                (
                    f"side: {label}",
                    self.add_columns([f"nothing in {label}"], 0),
                    np.ones(1, np.int64),
                    1,
                    NONE,
                )
            )

    def reward(self, columns: Iterable[int], amount: int, offset: int = 0) -> None:
        """Add amount x Σ column + offset, in 10^-12, to what the first goal maximises."""
        for column in columns:
            self._bonus[int(column)] = self._bonus.get(int(column), 0) + amount
        self._offset += offset

    def narrowed(self) -> Program:
        """Return the program with all that was asked for."""
        program, more = self.program, len(self._labels)
        upper = np.concatenate([program.upper, np.array(self._upper, dtype=np.int64)])
        upper[self._forbidden] = 0
        none = np.zeros(more, dtype=np.bool_)
        bonus = Bonus(dict(self._bonus), self._offset)
        return replace(
            program,
            upper=upper,
            implied=np.concatenate([program.implied, none]),
            measures=np.concatenate([program.measures, none]),
            column_labels=(*program.column_labels, *self._labels),
            rows=self._all_rows(),
            own_columns=program.own_columns + more,
            goals=(_with_bonus(program.goals[0], bonus), *program.goals[1:]),
            bonus=bonus,
        )

    def _all_rows(self) -> Rows:
        rows = self.program.rows
        if not self._rows:
            return rows
        labels, columns, values, lower, upper = zip(*self._rows, strict=True)
        count = len(labels)
        return Rows(
            stack([rows.terms, ragged(columns)]),
            np.concatenate([rows.value, *values]),
            np.concatenate([rows.lower, np.array(lower, dtype=np.int64)]),
            np.concatenate([rows.upper, np.array(upper, dtype=np.int64)]),
            (*rows.labels, *labels),
            np.concatenate([rows.kind, np.full(count, RowKind.LIMIT)]),
            np.concatenate([rows.unit, np.ones(count)]),
        )


def _with_bonus(goal: Goal, bonus: Bonus) -> Goal:
    """Add what is rewarded to a goal, in the largest unit that divides everything."""
    if not bonus.amounts and not bonus.offset:
        return goal
    below = goal.unit.denominator
    unit = Fraction(gcd(goal.unit.numerator, *(amount * below for amount in bonus.amounts.values())), below)
    total: dict[int, int] = {}
    for column, coefficient in zip(goal.column.tolist(), goal.coefficient.tolist(), strict=True):
        total[column] = total.get(column, 0) + int(goal.unit / unit) * int(coefficient)
    for column, amount in bonus.amounts.items():
        total[column] = total.get(column, 0) + int(Fraction(amount) / unit)
    kept = {column: amount for column, amount in total.items() if amount}
    largest = sum(map(abs, kept.values()))
    kind: type = np.int64 if largest < 2**62 else object
    return replace(
        goal,
        column=np.array(list(kept), dtype=np.int64),
        coefficient=np.array(list(kept.values()), dtype=kind),
        unit=unit,
        offset=goal.offset + bonus.offset,
    )
