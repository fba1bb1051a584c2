"""Compiled code: the penalty that a change of one activity would bring."""

from __future__ import annotations

from ciopt.engines.large.compiled import compiled, inlined
from ciopt.engines.large.flat import Flat, State
from ciopt.engines.large.kernel import backer, over_row, overdrawn, part_of, room_of


@inlined
def _bill(flat: Flat, state: State, option: int) -> float:
    """Penalty that paying for an option brings; period by period where several may pay."""
    group, cost = flat.option_class[option], flat.cost[option]
    start, end = flat.payer_start[group], flat.payer_start[group + 1]
    place = backer(flat, group)
    whole = flat.payer_index[start + place] if place >= 0 else -1
    total = 0.0
    if end - start == 1 and whole >= 0:
        before = overdrawn(flat, state, whole)
        for entry in range(flat.due_start[option], flat.due_start[option + 1]):
            state.spent[whole, flat.due_period[entry]] += flat.due_amount[entry]
        total = state.fund_weight[whole] * (overdrawn(flat, state, whole) - before)
        for entry in range(flat.due_start[option], flat.due_start[option + 1]):
            state.spent[whole, flat.due_period[entry]] -= flat.due_amount[entry]
        return float(total)
    for entry in range(flat.due_start[option], flat.due_start[option + 1]):
        period, left = flat.due_period[entry], flat.due_amount[entry]
        for turn in range(start, end):
            payer = flat.payer_index[start + state.turn[turn, period]]
            left -= min(part_of(flat, cost, payer), room_of(flat, state, payer, period))
        if left > 0 and whole >= 0:
            before = overdrawn(flat, state, whole)
            state.spent[whole, period] += left
            total += state.fund_weight[whole] * (overdrawn(flat, state, whole) - before)
            state.spent[whole, period] -= left
        elif left > 0:
            total += state.unpaid_weight[0] * left
    return total


@compiled
def _money(flat: Flat, state: State, activity: int, new: int) -> float:
    """Penalty of payments: apart, since its many arrays take time where there is nothing to pay."""
    old, total = state.current[activity], 0.0
    if old >= 0:
        total -= state.unpaid_weight[0] * state.unpaid[activity]
        start = flat.payer_start[flat.option_class[old]]
        for place in range(flat.payer_start[flat.option_class[old] + 1] - start):
            fund = flat.payer_index[start + place]
            before = overdrawn(flat, state, fund)
            for period in range(flat.amount.shape[1]):
                state.spent[fund, period] -= state.paid[activity, place, period]
            total += state.fund_weight[fund] * (overdrawn(flat, state, fund) - before)
    if new >= 0:
        total += _bill(flat, state, new)
    if old >= 0:
        start = flat.payer_start[flat.option_class[old]]
        for place in range(flat.payer_start[flat.option_class[old] + 1] - start):
            fund = flat.payer_index[start + place]
            for period in range(flat.amount.shape[1]):
                state.spent[fund, period] += state.paid[activity, place, period]
    return total


@inlined
def _enter(flat: Flat, state: State, option: int, sign: int) -> float:
    """Let an option come to its rows or go; return the penalty that this brings."""
    total = 0.0
    for k in range(flat.row_start[option], flat.row_start[option + 1]):
        row = flat.row_index[k]
        if not state.soft[row]:
            total -= over_row(flat, state, row)
            state.used[row] += sign * flat.row_value[k]
            total += over_row(flat, state, row)
    return total


@inlined
def breaks(flat: Flat, state: State, activity: int, new: int) -> float:
    """Penalty that a change of one activity brings, about: as if the payers paid as they could, in turn."""
    old = state.current[activity]
    total = 0.0
    if old >= 0:
        total += _enter(flat, state, old, -1)
    if new >= 0:
        total += _enter(flat, state, new, 1)
        _enter(flat, state, new, -1)
    if old >= 0:
        _enter(flat, state, old, 1)
    if (old >= 0 and flat.cost[old] > 0) or (new >= 0 and flat.cost[new] > 0):
        total += _money(flat, state, activity, new)
    return total
