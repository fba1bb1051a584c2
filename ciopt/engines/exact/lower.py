"""Lower a `Program` to a matrix: the textbook rows of its choices, thresholds and switches.

Only the links that a goal or a row pulls at are written: a product that everything wants large needs
z <= y_m, one that everything wants small needs z >= Σ y_m - (n - 1).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from math import comb

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.matrix import UNBOUNDED, Matrix
from ciopt.program.build import ragged, stack
from ciopt.program.model import NONE, Goal, Program, Ragged

Array = NDArray[np.int64]
Flags = NDArray[np.bool_]

MAX_SUBSETS = 20
"""Thresholds k of n are written subset by subset (a tight formulation) up to so many subsets."""

assert UNBOUNDED == NONE


@dataclass(frozen=True)
class _Block:
    terms: Ragged
    value: Array
    lower: Array
    upper: Array


def lower(program: Program) -> Matrix:
    """Return the program as a matrix, with an objective of zeros."""
    wants_more, wants_less = _pulls(program)
    integral = np.zeros(program.num_columns, dtype=np.bool_)
    rows = program.rows
    blocks = [
        _Block(rows.terms, rows.value, rows.lower, rows.upper),
        _choices(program),
        _switches(program),
        _switches_off(program, wants_more),
        *_thresholds(program, wants_more, wants_less, integral),
    ]
    terms = stack([block.terms for block in blocks])
    return Matrix(
        lower=np.zeros(program.num_columns, dtype=np.int64),
        upper=program.upper,
        implied=program.implied & ~integral,
        start=terms.start,
        index=terms.index,
        value=np.concatenate([block.value for block in blocks]),
        row_lower=np.concatenate([block.lower for block in blocks]),
        row_upper=np.concatenate([block.upper for block in blocks]),
        objective=np.zeros(program.num_columns, dtype=np.int64),
    )


def dense(goal: Goal, num_columns: int) -> NDArray[np.int64] | NDArray[np.object_]:
    """Return a goal's coefficients for all columns."""
    objective = np.zeros(num_columns, dtype=goal.coefficient.dtype)
    objective[goal.column] = goal.coefficient
    return objective


def _pulls(program: Program) -> tuple[Flags, Flags]:
    """Columns that some goal or row wants larger, and those that some wants smaller."""
    more, less = (np.zeros(program.num_columns, dtype=np.bool_) for _ in range(2))
    for goal in program.goals:
        more[goal.column[goal.coefficient > 0]] = True
        less[goal.column[goal.coefficient < 0]] = True
    rows = program.rows
    row = np.repeat(np.arange(len(rows.lower)), rows.terms.lengths)
    has_lower, has_upper = rows.lower[row] > -NONE, rows.upper[row] < NONE
    rises, falls = rows.value > 0, rows.value < 0
    more[rows.terms.index[(rises & has_lower) | (falls & has_upper)]] = True
    less[rows.terms.index[(rises & has_upper) | (falls & has_lower)]] = True
    _mark(program, program.switches.members.index, less)
    owners = np.repeat(program.switches.column, program.switches.members.lengths)
    _mark(program, program.switches.members.index[more[owners]], more)
    thresholds = program.thresholds
    owner = np.repeat(thresholds.column, thresholds.members.lengths)
    is_free = np.repeat(thresholds.free, thresholds.members.lengths)
    while True:  # what pulls at a threshold pulls at its members
        before = int(more.sum() + less.sum())
        _mark(program, thresholds.members.index[more[owner]], more)
        _mark(program, thresholds.members.index[less[owner] & ~is_free], less)
        if int(more.sum() + less.sum()) == before:
            return more, less


def _mark(program: Program, literals: Array, flags: Flags) -> None:
    """Set the flag of all columns of some literals."""
    chosen = np.zeros(len(program.literals), dtype=np.bool_)
    chosen[literals] = True
    flags[program.literals.index[np.repeat(chosen, program.literals.lengths)]] = True


def _choices(program: Program) -> _Block:
    """Σ_{j of a} x_j <= 1 for every activity with more than one option."""
    lengths = np.bincount(program.options.activity, minlength=program.num_activities)
    several = lengths > 1
    index = np.flatnonzero(np.repeat(several, lengths))
    start = np.concatenate([[0], np.cumsum(lengths[several])]).astype(np.int64)
    count = len(start) - 1
    return _Block(
        Ragged(start, index),
        np.ones(len(index), dtype=np.int64),
        np.full(count, -UNBOUNDED, dtype=np.int64),
        np.ones(count, dtype=np.int64),
    )


def _links(program: Program, column: Array, literals: Array, factor: int, own: int, most: int) -> _Block:
    """Write factor x Σ_m literal_rm + own x column_r <= most for each column r; literals: (rows, m)."""
    flat = literals.ravel()
    lengths = program.literals.lengths[flat]
    per_row = lengths.reshape(literals.shape).sum(axis=1) + 1
    start = np.concatenate([[0], np.cumsum(per_row)]).astype(np.int64)
    last = start[1:] - 1
    is_literal = np.ones(start[-1], dtype=np.bool_)
    is_literal[last] = False
    index = np.empty(start[-1], dtype=np.int64)
    offsets = np.arange(int(lengths.sum())) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    index[is_literal] = program.literals.index[np.repeat(program.literals.start[flat], lengths) + offsets]
    index[last] = column
    return _Block(
        Ragged(start, index),
        np.where(is_literal, factor, own).astype(np.int64),
        np.full(len(column), -UNBOUNDED, dtype=np.int64),
        np.full(len(column), most, dtype=np.int64),
    )


def _switches(program: Program) -> _Block:
    """Literal <= s for every member of a switch."""
    switches = program.switches
    column = np.repeat(switches.column, switches.members.lengths)
    return _links(program, column, switches.members.index[:, None], 1, -1, 0)


def _switches_off(program: Program, more: Flags) -> _Block:
    """S <= Σ literals for switches that something wants larger: nobody pays to take no part."""
    switches = program.switches
    rows = [number for number in range(len(switches.column)) if more[switches.column[number]]]
    columns = [
        np.concatenate([program.literals.row(each) for each in switches.members.row(number)])
        if len(switches.members.row(number))
        else np.zeros(0, dtype=np.int64)
        for number in rows
    ]
    terms = ragged([np.append(own, switches.column[row]) for own, row in zip(columns, rows, strict=True)])
    value = np.full(len(terms.index), -1, dtype=np.int64)
    value[terms.start[1:] - 1] = 1
    return _Block(
        terms,
        value,
        np.full(len(rows), -UNBOUNDED, dtype=np.int64),
        np.zeros(len(rows), dtype=np.int64),
    )


def _thresholds(program: Program, more: Flags, less: Flags, integral: Flags) -> list[_Block]:
    """Write z = [Σ y_m >= k], from above where it is wanted larger, from below where it is wanted smaller.

    Each subset T of n - k + 1 members gives z <= Σ_T y_m, each of k members z >= Σ_T y_m - (k - 1).
    """
    thresholds = program.thresholds
    size = thresholds.members.lengths
    integral[thresholds.column[thresholds.free]] = True
    blocks = []
    shapes = sorted(set(zip(size.tolist(), thresholds.needed.tolist(), strict=True)))
    for n, k in shapes:
        rows = np.flatnonzero((size == n) & (thresholds.needed == k))
        column = thresholds.column[rows]
        members = thresholds.members.index[thresholds.members.start[rows][:, None] + np.arange(n)]
        up, down = more[column], less[column] & ~thresholds.free[rows]
        blocks += _from_above(program, column[up], members[up], n, k, integral)
        blocks += _from_below(program, column[down], members[down], n, k, integral)
    return blocks


def _from_above(
    program: Program, column: Array, members: Array, n: int, k: int, integral: Flags
) -> list[_Block]:
    if k == n:
        return [_links(program, np.repeat(column, n), members.reshape(-1, 1), -1, 1, 0)]
    if comb(n, k - 1) <= MAX_SUBSETS:
        subsets = [np.array(subset) for subset in combinations(range(n), n - k + 1)]
        return [_links(program, column, members[:, subset], -1, 1, 0) for subset in subsets]
    integral[column] = True
    return [_links(program, column, members, -1, k, 0)]


def _from_below(
    program: Program, column: Array, members: Array, n: int, k: int, integral: Flags
) -> list[_Block]:
    if k == 1:
        return [_links(program, np.repeat(column, n), members.reshape(-1, 1), 1, -1, 0)]
    if comb(n, k) <= MAX_SUBSETS:
        subsets = [np.array(subset) for subset in combinations(range(n), k)]
        return [_links(program, column, members[:, subset], 1, -1, k - 1) for subset in subsets]
    integral[column] = True
    return [_links(program, column, members, 1, k - 1 - n, k - 1)]
