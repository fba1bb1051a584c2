"""`Structure`: what a program looks like once its limits have prices.

Rows are priced, except those that a minimum cut holds exactly:

    requires     y_i <= y_j              an arc without limit
    excludes     y_i + y_j <= 1          an arc without limit to the complement
    product      z = y_i AND y_j         an arc; of three or more: a node with arcs to its members

Everything else that couples activities (k of n, same or different partner, OR, losses of three or more,
participation, backbones) gets a copy of its members and prices for their agreement: a *block*.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.mix import Mix, no_mix
from ciopt.program.exact import ranges
from ciopt.program.model import NONE, Goal, Program, Ragged, RowKind

Array = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Priced:
    """Rows that have prices: lower <= Σ value x column <= upper, entry by entry.

    Parameters
    ----------
    number
        Number of each in the program's rows.
    row, column, value
        Entries.
    lower, upper
        Infinite where there is none.
    packing
        Rows of amounts that share an upper limit: their prices change by factors.
    """

    number: Array
    row: Array
    column: Array
    value: Floats
    lower: Floats
    upper: Floats
    packing: Flags

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True)
class Links:
    """What the cut holds exactly, between activities.

    Parameters
    ----------
    pair
        Threshold, activity i, activity j of each product of two.
    group, group_of, group_member
        Threshold of each product of more; then entries (position of the group, activity).
    implied
        Row, i, j: y_i <= y_j.
    excluded
        Row, i, j: y_i + y_j <= 1.
    """

    pair: Array
    group: Array
    group_of: Array
    group_member: Array
    implied: Array
    excluded: Array


@dataclass(frozen=True)
class Blocks:
    """Thresholds with priced copies of their members: entry (block, literal), sorted by block.

    Parameters
    ----------
    threshold
        Number of each in the program's thresholds.
    needed, size
        k and n.
    block, literal
        Entries.
    """

    threshold: Array
    needed: Array
    size: Array
    block: Array
    literal: Array


@dataclass(frozen=True)
class Structure:
    """A program for one goal.

    Parameters
    ----------
    objective
        Per column, natural units (10^-12 integers x 10^-12).
    constant
        Of the goal.
    forced
        Activities of which some option must be chosen.
    allowed
        Options that may be chosen.
    mix
        What decides by its least.
    """

    program: Program
    objective: Floats
    constant: float
    forced: Flags
    allowed: Flags
    priced: Priced
    links: Links
    blocks: Blocks
    mix: Mix


def structure_of(program: Program, goal: Goal, mix: Mix | None = None) -> Structure:
    """Sort the rows and thresholds of a program into what is priced and what the cut holds.

    The objective and its constant are those at the weights with which the mix begins.
    """
    mix = mix or no_mix(program.num_columns)
    objective = np.zeros(program.num_columns)
    objective[goal.column] = goal.coefficient.astype(float) * float(goal.unit) * 1e-12
    objective += mix.base
    thresholds = program.thresholds
    objective[thresholds.column[thresholds.free & (program.upper[thresholds.column] == 0)]] = 0.0
    rows = _RowShapes(program)
    is_forced, is_implied, is_excluded = rows.forcing(), rows.implying(), rows.excluding()
    forced = np.zeros(program.num_activities, dtype=np.bool_)
    allowed = program.upper[: len(program.options)] > 0
    for row in np.flatnonzero(is_forced).tolist():
        columns = program.rows.terms.row(row)
        activity = int(program.options.activity[columns[0]])
        forced[activity] = True
        others = program.options.activity == activity
        others[columns] = False
        allowed[np.flatnonzero(others)] = False
    handled = is_forced | is_implied | is_excluded
    handled |= np.isin(program.rows.kind, (RowKind.MONEY, RowKind.CARRY))
    links, in_cut = _links(program, objective, rows, is_implied, is_excluded)
    return Structure(
        program,
        objective,
        float(goal.offset) * 1e-12 + mix.base_constant,
        forced,
        allowed,
        _priced(program, ~handled),
        links,
        _blocks(program, np.flatnonzero(~in_cut)),
        mix,
    )


class _RowShapes:
    """Recognises rows by their shape."""

    def __init__(self, program: Program) -> None:
        rows, options = program.rows, program.options
        self.program = program
        self.row = np.repeat(np.arange(len(rows.lower)), rows.terms.lengths)
        self.count = len(rows.lower)
        column = rows.terms.index
        is_option = column < len(options)
        self.activity = (
            np.where(is_option, options.activity[np.where(is_option, column, 0)], -1)
            if len(options)
            else np.full(len(column), -1)
        )
        self.only_options = self._all(is_option)
        self.plus = rows.value == 1
        self.minus = rows.value == -1
        size = np.bincount(options.activity, minlength=program.num_activities)
        # entries of one row and activity: whole if they are all of its options
        key = self.row * (program.num_activities + 1) + self.activity + 1
        _, inverse, count = np.unique(key, return_inverse=True, return_counts=True)
        whole = count[inverse.ravel()] == np.where(self.activity >= 0, size[self.activity], -1)
        self.whole = self._all(whole)

    def _all(self, holds: Flags) -> Flags:
        """Rows all of whose entries have a property; not the empty ones."""
        bad = np.bincount(self.row[~holds], minlength=self.count) > 0
        return ~bad & (self.program.rows.terms.lengths > 0)

    def _activities(self, chosen: Flags) -> tuple[Array, Array]:
        """(number of different activities, smallest one) of each row's chosen entries."""
        most = self.program.num_activities
        low = np.full(self.count, most)
        high = np.full(self.count, -1)
        np.minimum.at(low, self.row[chosen], self.activity[chosen])
        np.maximum.at(high, self.row[chosen], self.activity[chosen])
        return np.where(high < 0, 0, np.where(low == high, 1, 2)), low

    def forcing(self) -> Flags:
        """Σ x_j >= 1 over options of one activity."""
        rows = self.program.rows
        distinct, _ = self._activities(np.ones(len(self.row), dtype=np.bool_))
        shape = self.only_options & self._all(self.plus) & (distinct == 1)
        return np.asarray(shape & (rows.lower == 1) & (rows.upper >= 1) & (rows.kind == RowKind.LIMIT))

    def implying(self) -> Flags:
        """y_i - y_j <= 0, both whole activities."""
        rows = self.program.rows
        up, _ = self._activities(self.plus)
        down, _ = self._activities(self.minus)
        shape = self.only_options & self.whole & self._all(self.plus | self.minus) & (up == 1) & (down == 1)
        return np.asarray(shape & (rows.upper == 0) & (rows.lower <= -NONE) & (rows.kind == RowKind.LIMIT))

    def excluding(self) -> Flags:
        """y_i + y_j <= 1, both whole activities."""
        rows = self.program.rows
        every = np.ones(len(self.row), dtype=np.bool_)
        low = self._activities(every)[1]
        high = np.full(self.count, -1)
        np.maximum.at(high, self.row, self.activity)
        inside = self._all((self.activity == low[self.row]) | (self.activity == high[self.row]))
        shape = self.only_options & self.whole & self._all(self.plus) & inside & (low < high)
        return np.asarray(shape & (rows.upper == 1) & (rows.lower <= -NONE) & (rows.kind == RowKind.LIMIT))

    def ends(self, chosen: Flags) -> tuple[Array, Array]:
        """First (positive or smaller) and second activity of rows that relate two."""
        numbers = np.flatnonzero(chosen)
        low = np.full(self.count, self.program.num_activities)
        high = np.full(self.count, -1)
        np.minimum.at(low, self.row, self.activity)
        np.maximum.at(high, self.row, self.activity)
        return low[numbers], high[numbers]


def _links(
    program: Program, objective: Floats, rows: _RowShapes, is_implied: Flags, is_excluded: Flags
) -> tuple[Links, Flags]:
    """Find products of whole activities; those of three or more only where they are gains."""
    thresholds = program.thresholds
    size = thresholds.members.lengths
    owner = np.repeat(np.arange(len(size)), size)
    literal = thresholds.members.index
    simple = np.bincount(owner[literal >= program.num_activities], minlength=len(size)) == 0
    nested = np.zeros(program.num_columns, dtype=np.bool_)
    nested[program.literals.index] = True
    simple &= (thresholds.needed == size) & ~nested[thresholds.column] & (size >= 2)
    is_pair = simple & (size == 2)
    is_group = simple & (size > 2) & (objective[thresholds.column] >= 0)
    start = thresholds.members.start[:-1]
    pairs = np.flatnonzero(is_pair)
    pair = np.stack([pairs, literal[start[pairs]], literal[start[pairs] + 1]])
    groups = np.flatnonzero(is_group)
    members = literal[ranges(start[groups], size[groups])]
    return (
        Links(
            pair,
            groups,
            np.repeat(np.arange(len(groups)), size[groups]),
            members,
            np.stack([np.flatnonzero(is_implied), *_directed(rows, is_implied)]),
            np.stack([np.flatnonzero(is_excluded), *rows.ends(is_excluded)]),
        ),
        is_pair | is_group,
    )


def _directed(rows: _RowShapes, chosen: Flags) -> tuple[Array, Array]:
    """Activities with the positive and with the negative entries."""
    numbers = np.flatnonzero(chosen)
    first, second = (np.full(rows.count, -1) for _ in range(2))
    first[rows.row[rows.plus]] = rows.activity[rows.plus]
    second[rows.row[rows.minus]] = rows.activity[rows.minus]
    return first[numbers], second[numbers]


def _priced(program: Program, chosen: Flags) -> Priced:
    rows = program.rows
    numbers = np.flatnonzero(chosen)
    entries = ranges(rows.terms.start[:-1][numbers], rows.terms.lengths[numbers])
    row = np.repeat(np.arange(len(numbers)), rows.terms.lengths[numbers])
    value = rows.value[entries].astype(float)
    lower = np.where(rows.lower[numbers] <= -NONE, -np.inf, rows.lower[numbers])
    upper = np.where(rows.upper[numbers] >= NONE, np.inf, rows.upper[numbers])
    falls = np.bincount(row[value < 0], minlength=len(numbers)) > 0
    packing = ~falls & np.isinf(lower) & (upper > 0)
    return Priced(numbers, row, rows.terms.index[entries], value, lower, upper, packing)


def _blocks(program: Program, numbers: Array) -> Blocks:
    members: Ragged = program.thresholds.members
    size = members.lengths[numbers]
    return Blocks(
        numbers,
        program.thresholds.needed[numbers],
        size,
        np.repeat(np.arange(len(numbers)), size),
        members.index[ranges(members.start[:-1][numbers], size)],
    )
