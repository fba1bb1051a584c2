"""`limits_of`: funds and rows of amounts, with the options that use each: what exchanges go round."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.flat import CUMULATIVE, PERIODIC, TOTAL, Flat, State
from ciopt.engines.large.relaxation import Multipliers, Relaxation
from ciopt.engines.large.room import Limits
from ciopt.program.exact import ranges
from ciopt.program.model import Program

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

_NESTED = 5
"""How deep thresholds are built on one another, at most."""


def limits_of(relaxation: Relaxation, flat: Flat, at: Multipliers, unit: float) -> Limits:
    """Gather the limits of a program at some prices.

    Floors, Σ -value x <= -level, are among them where they have a price.

    Parameters
    ----------
    relaxation, flat
        The program.
    at
        Prices, in value.
    unit
        Value of one unit of the goal's integers.
    """
    program, priced = relaxation.program, relaxation.structure.priced
    num_options = len(program.options)
    price, rows_price = _prices(relaxation, at)
    fund, period, worth = _money_limits(flat, at)
    option, limit, use = _money_uses(flat, fund, period)
    rises = np.bincount(priced.row[priced.value > 0], minlength=len(priced)) > 0
    is_floor = ~rises & np.isfinite(priced.upper) & (at.rows > 0)
    rows = np.flatnonzero(priced.packing | is_floor)
    number = np.full(len(priced), -1, dtype=np.int64)
    number[rows] = len(fund) + np.arange(len(rows))
    entries = np.flatnonzero((number[priced.row] >= 0) & (priced.column < num_options) & (priced.value != 0))
    option = np.concatenate([option, priced.column[entries]])
    limit = np.concatenate([limit, number[priced.row[entries]]])
    use = np.concatenate([use, priced.value[entries].astype(np.int64)])
    can = flat.allowed[option]
    option, limit, use = option[can], limit[can], use[can]
    by_limit = np.lexsort((option, limit))
    by_option = np.lexsort((limit, option))
    none = np.full(len(rows), -1, dtype=np.int64)
    count = len(fund) + len(rows)
    return Limits(
        np.searchsorted(limit[by_limit], np.arange(count + 1)).astype(np.int64),
        option[by_limit],
        use[by_limit],
        np.concatenate([worth, at.rows[rows]]) / unit,
        np.concatenate([worth, at.rows[rows]]) / unit,
        price / unit,
        rows_price / unit,
        at.funds.unit / unit,
        np.searchsorted(option[by_option], np.arange(num_options + 1)).astype(np.int64),
        limit[by_option],
        use[by_option],
        np.concatenate([np.full(len(fund), -1, dtype=np.int64), priced.number[rows]]),
        np.concatenate([fund, none]),
        np.concatenate([period, none]),
    )


def loosened(flat: Flat, state: State, limits: Limits) -> Limits:
    """Return the limits at prices that look at the plan: what is left over in plenty costs less.

    A unit of a limit of which more is left than a typical option uses costs in proportion less.
    """
    money = limits.row < 0
    fund, last = limits.fund[money], limits.period[money]
    slack = slacks(flat, state, limits)
    count = np.maximum(np.diff(limits.start), 1)
    owner = np.repeat(np.arange(len(count)), np.diff(limits.start))
    typical = np.abs(np.bincount(owner, limits.use, len(count))) / count
    part = np.clip(typical / np.maximum(slack, 1.0), 0.0, 1.0)
    unit = limits.base * part
    price = np.zeros(flat.amount.shape)
    price[fund, last] = unit[money]
    cumulative = flat.timing == CUMULATIVE
    price[cumulative] = np.cumsum(price[cumulative, ::-1], axis=1)[:, ::-1]
    total = flat.timing == TOTAL
    price[total] = price[total].max(axis=1, keepdims=True, initial=0.0)
    return _floors_at(limits, unit)._replace(unit=unit, money=price)


def _floors_at(limits: Limits, unit: Floats) -> Limits:
    """Count what options add to floors at other prices."""
    entry = np.flatnonzero(limits.of_use < 0)
    if not len(entry):
        return limits
    option = np.repeat(np.arange(len(limits.price)), np.diff(limits.of_start))[entry]
    change = limits.of_use[entry] * (unit - limits.unit)[limits.of_limit[entry]]
    more = np.bincount(option, change, len(limits.price))
    return limits._replace(price=limits.price + more, rows=limits.rows + more)


def slacks(flat: Flat, state: State, limits: Limits) -> Floats:
    """Return what is left of every limit."""
    money = limits.row < 0
    fund, last = limits.fund[money], limits.period[money]
    left = flat.amount - state.spent
    kept = np.where((flat.timing == PERIODIC)[:, None], left, np.cumsum(left, axis=1))
    slack = np.empty(len(limits.row))
    slack[money] = np.minimum(kept[fund, last], left.sum(axis=1)[fund] - state.fixed[fund])
    rows = limits.row[~money]
    slack[~money] = flat.row_upper[rows] - state.used[rows]
    return slack


def _money_limits(flat: Flat, at: Multipliers) -> tuple[Array, Array, Floats]:
    """(fund, last period, price) of every limit on money: one, or one a period.

    Money that is kept is limited by what came until then; what is dearer earlier is the price of that.
    """
    num_periods = flat.amount.shape[1]
    price = at.funds.unit
    later = np.concatenate([price[:, 1:], np.zeros((len(price), 1))], axis=1)
    steps = np.where((flat.timing == CUMULATIVE)[:, None], price - later, price)
    fund, period = (each.ravel() for each in np.indices(flat.amount.shape))
    kept = (flat.timing[fund] != TOTAL) | (period == num_periods - 1)
    return fund[kept], period[kept], steps[fund[kept], period[kept]]


def _money_uses(flat: Flat, fund: Array, period: Array) -> tuple[Array, Array, Array]:
    """(option, limit, amount): what options use of the money of each fund that may pay for them, if alone."""
    group = flat.option_class
    due = np.zeros((len(group), flat.amount.shape[1]), dtype=np.int64)
    due[np.repeat(np.arange(len(group)), np.diff(flat.due_start)), flat.due_period] = flat.due_amount
    until = np.cumsum(due, axis=1)
    number = np.full(flat.amount.shape, -1, dtype=np.int64)
    number[fund, period] = np.arange(len(fund))
    payer_option, payer, _ = _paid_by(flat)
    found = []
    for when in range(flat.amount.shape[1]):
        limit = number[payer, when]
        amount = np.where(flat.timing[payer] == PERIODIC, due[payer_option, when], until[payer_option, when])
        used = np.flatnonzero((limit >= 0) & (amount > 0))
        found.append(np.stack([payer_option[used], limit[used], amount[used]]))
    option, limit, amount = np.concatenate(found, axis=1) if found else np.zeros((3, 0), dtype=np.int64)
    return option, limit, amount


def behind(program: Program, flat: Flat) -> tuple[Array, Array]:
    """Return (start, activities): what decides about each fund, each row, and each activity's payments."""
    num_funds = len(flat.timing)
    option, fund, _ = _paid_by(flat)
    rows = program.rows
    row = np.repeat(np.arange(len(rows.lower)), rows.terms.lengths)
    limit, column = num_funds + row, rows.terms.index
    found = [np.stack([fund, program.options.activity[option]])]
    for _ in range(_NESTED):
        is_option = column < len(program.options)
        found.append(np.stack([limit[is_option], program.options.activity[column[is_option]]]))
        limit, column = _members(program, limit[~is_option], column[~is_option])
    itself = np.arange(program.num_activities)
    found.append(np.stack([num_funds + len(rows.lower) + itself, itself]))
    of, activity = np.concatenate(found, axis=1)
    width = program.num_activities
    of, activity = np.divmod(np.unique(of * width + activity), width)
    count = num_funds + len(rows.lower) + width
    return np.searchsorted(of, np.arange(count + 1)).astype(np.int64), activity


def _members(program: Program, limit: Array, column: Array) -> tuple[Array, Array]:
    """Replace thresholds, switches and carried synergies by the columns that they are built on."""
    parents, children = [], []
    for structure in (program.thresholds, program.switches):
        members = structure.members
        owner = np.repeat(structure.column, members.lengths)
        lengths = program.literals.lengths[members.index]
        parents.append(np.repeat(owner, lengths))
        children.append(program.literals.index[ranges(program.literals.start[:-1][members.index], lengths)])
    carried = program.carried
    parents.append(carried.column)
    children.append(program.carried_columns[carried.instance])
    parent, child = np.concatenate(parents), np.concatenate(children)
    order = np.argsort(parent, kind="stable")
    parent, child = parent[order], child[order]
    low, high = np.searchsorted(parent, column), np.searchsorted(parent, column, side="right")
    lengths = high - low
    return np.repeat(limit, lengths), child[ranges(low, lengths)]


def _paid_by(flat: Flat) -> tuple[Array, Array, Array]:
    """(option, fund, cost) of every fund that may pay for an option."""
    group = flat.option_class
    counts = np.diff(flat.payer_start)[group]
    option = np.repeat(np.arange(len(group)), counts)
    return option, flat.payer_index[ranges(flat.payer_start[group], counts)], flat.cost[option]


def _prices(relaxation: Relaxation, at: Multipliers) -> tuple[Floats, Floats]:
    """What each option's use of all limits is worth, with money and without."""
    priced, count = relaxation.structure.priced, len(relaxation.program.options)
    dear = at.rows[priced.row] * priced.value
    rows = np.asarray(np.bincount(priced.column, dear, relaxation.program.num_columns)[:count], float)
    return rows + relaxation.charges.of_options(relaxation.charges.cheapest(at.funds)), rows
