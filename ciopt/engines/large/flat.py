"""A program as plain arrays for compiled code, and the state of a plan over it.

All that follows from the chosen options is kept up to date: literals, thresholds, switches, rows, measures
and payments. Limits may be broken while a plan is repaired; every broken unit costs a penalty.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.charges import Charges
from ciopt.instance.base import micro
from ciopt.program.model import NONE, Goal, Program, RowKind
from ciopt.program.purse import Timing

Array = NDArray[np.int64]
Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]

TOTAL, CUMULATIVE, PERIODIC = 0, 1, 2
ALONE, MATCHED, MATCHES, UNUSED = 0, 1, 2, 3
"""Of a fund that may pay for a class of options: alone, matched by the one that matches; a second match."""
_NEVER = 2**62
"""So many members never hold: the threshold of a synergy that no backbone can carry."""
_TIMING = {Timing.TOTAL: TOTAL, Timing.CUMULATIVE: CUMULATIVE, Timing.PERIODIC: PERIODIC}


class Flat(NamedTuple):
    """A program that does not change; ``x_start`` and ``x_index`` are rows of different length.

    ``simple`` are the options from which nothing follows but products of activities: see `kernel.value_of`.
    ``pair_other`` and ``pair_worth`` are who each literal is in a product with, and what that brings: pairs
    are products of two from which nothing follows. ``pair_column`` and ``threshold_column`` are the columns.
    """

    allowed: Flags
    simple: Flags
    activity: Array
    first: Array
    cost: Array
    objective: Array
    row_start: Array
    row_index: Array
    row_value: Array
    row_lower: Array
    row_upper: Array
    measure_objective: Array
    measure_upper: Array
    measure_base: Array
    literal_start: Array
    literal_index: Array
    pair_start: Array
    pair_other: Array
    pair_worth: Array
    pair_column: Array
    threshold_start: Array
    threshold_index: Array
    threshold_column: Array
    needed: Array
    switch_start: Array
    switch_index: Array
    switch_column: Array
    follow: Array
    fixed_fund: Array
    fixed_amount: Array
    due_start: Array
    due_period: Array
    due_amount: Array
    option_class: Array
    payer_start: Array
    payer_index: Array
    payer_role: Array
    match_ratio: Array
    share: Array
    timing: Array
    amount: Array
    least: Array


class State(NamedTuple):
    """A plan: what is chosen, and all that follows. Arrays of one element are numbers that change.

    ``held`` says which literals hold, and ``support`` what each literal's pairs with those bring, or would
    bring; ``value`` leaves pairs out. ``lack`` is how many more members each threshold needs: it holds from 0
    on down.
    ``turn`` says in which order the payers of a class pay in each period, ``counted`` which rows exchanges
    go round; ``broken`` is the penalty of the others. What a ``soft`` row is broken by is taken off the worth
    itself, and is no penalty.
    """

    current: Array
    held: Array
    support: Array
    lack: Array
    members_on: Array
    value: Array
    used: Array
    spent: Array
    fixed: Array
    paid: Array
    unpaid: Array
    room: Array
    turn: Array
    stack: Array
    total: Array
    penalty: Floats
    broken: Floats
    counted: Flags
    soft: Flags
    row_weight: Floats
    fund_weight: Floats
    unpaid_weight: Floats


def flatten(program: Program, goal: Goal) -> Flat:
    """Lay a program out for compiled code."""
    options, payers = program.options, program.payers
    objective = np.zeros(program.num_columns, dtype=np.int64)
    objective[goal.column] = goal.coefficient
    rows = _rows(program, objective)
    literal = np.repeat(np.arange(len(program.literals)), program.literals.lengths)
    switches = program.switches
    switch = np.repeat(np.arange(len(switches.column)), switches.members.lengths)
    follow = np.full(program.num_columns, -1, dtype=np.int64)
    carried = program.carried
    own = program.carried_columns[carried.instance] if len(carried.instance) else carried.instance
    several = carried.column != own
    follow[own[several][::-1]] = carried.column[several][::-1]
    fixed_fund = np.full(program.num_columns, -1, dtype=np.int64)
    fixed_amount = np.zeros(program.num_columns, dtype=np.int64)
    fixed_fund[payers.fixed[:, 1]] = payers.fixed[:, 0]
    fixed_amount[payers.fixed[:, 1]] = payers.fixed[:, 2]
    charges = Charges(program)
    funds = [np.array(each, dtype=np.int64) for each in payers.class_funds]
    lengths = np.array([len(each) for each in funds], dtype=np.int64)
    literal_start, literal_index = sorted_by(program.literals.index, literal, program.num_columns)
    switch_start, switch_index = sorted_by(switches.members.index, switch, len(program.literals))
    own_worth = np.where(program.measures, 0, objective)
    alone = (follow < 0) & (fixed_fund < 0)
    ends = alone & (np.diff(rows[0]) == 0) & (np.diff(literal_start) == 0)
    flat = Flat(
        program.upper[: len(options)] > 0,
        np.zeros(len(options), dtype=np.bool_),
        options.activity,
        np.append(np.searchsorted(options.activity, np.arange(program.num_activities)), len(options)).astype(
            np.int64
        ),
        options.cost,
        own_worth,
        *rows,
        literal_start,
        literal_index,
        *_products(program, own_worth, ends),
        switch_start,
        switch_index,
        switches.column,
        follow,
        fixed_fund,
        fixed_amount,
        np.searchsorted(payers.due[:, 0], np.arange(len(options) + 1)).astype(np.int64),
        np.ascontiguousarray(payers.due[:, 1]),
        np.ascontiguousarray(payers.due[:, 2]),
        payers.option_class,
        np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
        np.concatenate(funds) if funds else np.zeros(0, dtype=np.int64),
        *_matches(program),
        *_conditions(program),
        charges.amounts.astype(np.int64),
        charges.least.astype(np.int64),
    )
    return flat._replace(simple=_simple(flat, alone, ends))


def _products(
    program: Program, worth: Array, ends: Flags
) -> tuple[Array, Array, Array, Array, Array, Array, Array, Array]:
    """Pairs by literal, other thresholds by literal, the columns of those and how many members they need."""
    thresholds, count = program.thresholds, len(program.literals)
    members, column = thresholds.members, thresholds.column
    is_open = program.upper[column] > 0
    is_pair = ends[column] & is_open & (members.lengths == 2) & (thresholds.needed == 2)
    pairs = np.flatnonzero(is_pair)
    both = members.index[members.start[pairs, None] + np.arange(2)]
    is_pair[pairs[both[:, 0] == both[:, 1]]] = False
    both, pairs = both[both[:, 0] != both[:, 1]], np.flatnonzero(is_pair)
    pair_start, entry = sorted_by(both.ravel(), np.arange(2 * len(pairs)), count)
    pair_column = column[pairs[entry // 2]]
    number = np.cumsum(~is_pair) - 1
    owner = np.repeat(np.arange(len(column)), members.lengths)
    others = ~is_pair[owner]
    return (
        pair_start,
        both.ravel()[entry ^ 1],
        worth[pair_column],
        pair_column,
        *sorted_by(members.index[others], number[owner[others]], count),
        column[~is_pair],
        np.where(is_open, thresholds.needed, _NEVER)[~is_pair],
    )


def set_objective(flat: Flat, objective: Array) -> None:
    """Give every column another worth; measures are worth what they were. Plans must be counted anew."""
    flat.objective[:] = objective
    flat.pair_worth[:] = objective[flat.pair_column]


def _simple(flat: Flat, alone: Flags, ends: Flags) -> Flags:
    """Find the options that stand in no measure and of which only products follow that end there."""
    columns, options = np.arange(len(flat.follow)), len(flat.activity)
    rows, literals = np.diff(flat.row_start), np.diff(flat.literal_start)
    plain = np.diff(flat.switch_start) == 0
    literal = np.repeat(np.arange(len(plain)), np.diff(flat.threshold_start))
    plain[literal[~ends[flat.threshold_column[flat.threshold_index]]]] = False
    found = alone & (literals == 1)
    found[np.repeat(columns, rows)[flat.measure_objective[flat.row_index] != 0]] = False
    found = found[:options]
    found[found] = plain[flat.literal_index[flat.literal_start[:options][found]]]
    return np.asarray(found)


def sorted_by(key: Array, value: Array, count: int) -> tuple[Array, Array]:
    """Values of each key, as rows of different length."""
    order = np.argsort(key, kind="stable")
    return np.searchsorted(key[order], np.arange(count + 1)).astype(np.int64), value[order].astype(np.int64)


def _rows(
    program: Program, objective: Array
) -> tuple[Array, Array, Array, Array, Array, Array, Array, Array]:
    """Rows by column (without those of money), their sides, and what their measures are worth."""
    rows = program.rows
    count = len(rows.lower)
    row = np.repeat(np.arange(count), rows.terms.lengths)
    column = rows.terms.index
    is_several = (
        np.char.startswith(np.array(rows.labels or [""]), "carried ")[:count] if count else np.zeros(0, bool)
    )
    skipped = (rows.kind == RowKind.MONEY) | ((rows.kind == RowKind.CARRY) & is_several)
    is_measure = program.measures[column]
    worth, upper, base = (np.zeros(count, dtype=np.int64) for _ in range(3))
    # the first measure of a row is its utility or shortfall, with coefficient 1: it takes what the row leaves
    main = np.flatnonzero(is_measure & (rows.kind[row] == RowKind.MEASURE) & (objective[column] != 0))
    worth[row[main]], upper[row[main]] = objective[column[main]], program.upper[column[main]]
    is_level = (rows.kind == RowKind.MEASURE) & (np.bincount(row[~is_measure], minlength=count) == 0)
    worth[is_level] = 0
    base = np.where(rows.upper < NONE, rows.upper, rows.lower)
    free = skipped | (rows.kind == RowKind.MEASURE)
    kept = ~skipped[row] & ~is_measure & ~is_level[row]
    order = np.argsort(column[kept], kind="stable")
    return (
        np.searchsorted(column[kept][order], np.arange(program.num_columns + 1)).astype(np.int64),
        row[kept][order],
        rows.value[kept][order],
        np.where(free, -NONE, rows.lower),
        np.where(free, NONE, rows.upper),
        worth,
        upper,
        np.where(worth != 0, base, 0),
    )


def _conditions(program: Program) -> tuple[Array, Array]:
    """Share of each fund (parts of 10^6), and how its money lies in time."""
    purses = program.payers.purses
    share = [10**6 if purse.record is None else micro(purse.record.max_share) for purse in purses]
    timing = [_TIMING[purse.timing] for purse in purses]
    return np.array(share, dtype=np.int64), np.array(timing, dtype=np.int64)


def _matches(program: Program) -> tuple[Array, Array]:
    """Role of each fund in each class of options, and the ratio (10^6) of the one that matches there."""
    payers = program.payers
    roles: list[int] = []
    ratios = np.zeros(len(payers.class_funds), dtype=np.int64)
    for number, funds in enumerate(payers.class_funds):
        records = [payers.purses[fund].record for fund in funds]
        matches = [record.match if record is not None else None for record in records]
        main = next((match for match in matches if match is not None), None)
        if main is not None:
            ratios[number] = micro(main.ratio)
        for fund, match in zip(funds, matches, strict=True):
            if match is not None:
                roles.append(MATCHES if match is main else UNUSED)
            else:
                name = payers.purses[fund].name
                roles.append(MATCHED if main is not None and name in main.with_ else ALONE)
    return np.array(roles, dtype=np.int64), ratios
