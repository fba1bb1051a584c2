"""Compiled code: choose an option, and everything that follows changes with it, at the cost of its degree."""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.compiled import compiled
from ciopt.engines.large.flat import Array, Flat, State


@compiled
def over_row(flat: Flat, state: State, row: int) -> float:
    """Penalty of a row."""
    used = state.used[row]
    beyond: float = max(0, used - flat.row_upper[row], flat.row_lower[row] - used)
    return float(state.row_weight[row]) * beyond


@compiled
def measured(flat: Flat, state: State, row: int) -> int:
    """Worth of a row's utility or shortfall: objective x min(upper, max(0, base - used))."""
    amount = min(flat.measure_upper[row], max(0, flat.measure_base[row] - state.used[row]))
    worth: int = flat.measure_objective[row] * amount
    return worth


@compiled
def overdrawn(flat: Flat, state: State, fund: int) -> float:
    """Units that a fund pays more than it has, or less than it must."""
    paid, have, worst = 0, 0, 0
    for period in range(flat.amount.shape[1]):
        spent = state.spent[fund, period]
        paid += spent
        have += flat.amount[fund, period]
        if flat.timing[fund] == 2:
            worst += max(0, spent - flat.amount[fund, period])
        elif flat.timing[fund] == 1:
            worst = max(worst, paid - have)
    paid += state.fixed[fund]
    over = max(worst, paid - have)
    if paid < flat.least[fund]:
        over = max(over, 0) + flat.least[fund] - paid
    return float(max(over, 0))


@compiled
def room_of(flat: Flat, state: State, fund: int, period: int) -> int:
    """What a fund can still pay in a period."""
    have, paid, room = 0, state.fixed[fund], np.int64(2**62)
    for when in range(flat.amount.shape[1]):
        have += flat.amount[fund, when]
        paid += state.spent[fund, when]
        if flat.timing[fund] == 1 and when >= period:
            room = min(room, have - paid)
    if flat.timing[fund] == 2:
        room = min(room, flat.amount[fund, period] - state.spent[fund, period])
    left: int = max(0, min(room, have - paid))
    return left


@compiled
def charge(flat: Flat, state: State, fund: int, period: int, amount: int) -> None:
    """Let a fund pay (or take back) an amount."""
    before = overdrawn(flat, state, fund)
    state.spent[fund, period] += amount
    state.penalty[0] += state.fund_weight[fund] * (overdrawn(flat, state, fund) - before)


@compiled
def unpay(flat: Flat, state: State, activity: int, option: int) -> None:
    """Take all payments for an assignment back."""
    group = flat.option_class[option]
    for place in range(flat.payer_start[group + 1] - flat.payer_start[group]):
        fund = flat.payer_index[flat.payer_start[group] + place]
        for period in range(flat.amount.shape[1]):
            amount = state.paid[activity, place, period]
            if amount != 0:
                charge(flat, state, fund, period, -amount)
                state.paid[activity, place, period] = 0


@compiled
def pay(flat: Flat, state: State, activity: int, option: int) -> None:
    """Pay for an assignment: the cheapest funds first, as far as they reach; the last is overdrawn."""
    group = flat.option_class[option]
    start, end = flat.payer_start[group], flat.payer_start[group + 1]
    cost = flat.cost[option]
    last = end - start - 1
    for place in range(end - start):
        fund = flat.payer_index[start + place]
        part = min(flat.share[fund], flat.match_share[fund])
        state.room[place] = cost // 10**6 * part + cost % 10**6 * part // 10**6
    for place in range(end - start):
        if state.room[place] >= cost:
            last = place
    for entry in range(flat.due_start[option], flat.due_start[option + 1]):
        period, left = flat.due_period[entry], flat.due_amount[entry]
        for place in range(end - start):
            fund = flat.payer_index[start + place]
            amount = min(left, state.room[place], room_of(flat, state, fund, period))
            if amount > 0:
                charge(flat, state, fund, period, amount)
                state.paid[activity, place, period] += amount
                state.room[place] -= amount
                left -= amount
        if left > 0:
            charge(flat, state, flat.payer_index[start + last], period, left)
            state.paid[activity, last, period] += left


@compiled
def toggle(flat: Flat, state: State, option: int, sign: int) -> None:
    """Add an option's column or take it away, with all that is built on it."""
    state.stack[0] = option * 2 + (1 if sign > 0 else 0)
    height = 1
    while height > 0:
        height -= 1
        column, change = state.stack[height] // 2, 1 if state.stack[height] % 2 else -1
        state.value[column] += change
        state.total[0] += change * flat.objective[column]
        for entry in range(flat.row_start[column], flat.row_start[column + 1]):
            row = flat.row_index[entry]
            state.penalty[0] -= over_row(flat, state, row)
            state.total[0] -= measured(flat, state, row)
            state.used[row] += change * flat.row_value[entry]
            state.penalty[0] += over_row(flat, state, row)
            state.total[0] += measured(flat, state, row)
        fund = flat.fixed_fund[column]
        if fund >= 0:
            before = overdrawn(flat, state, fund)
            state.fixed[fund] += change * flat.fixed_amount[column]
            state.penalty[0] += state.fund_weight[fund] * (overdrawn(flat, state, fund) - before)
        if flat.follow[column] >= 0:
            state.stack[height] = flat.follow[column] * 2 + (1 if change > 0 else 0)
            height += 1
        for entry in range(flat.literal_start[column], flat.literal_start[column + 1]):
            height = _literal(flat, state, flat.literal_index[entry], change, height)


@compiled
def _literal(flat: Flat, state: State, literal: int, change: int, height: int) -> int:
    """Count a literal that has come to hold, or ceased to; put the columns that flip on the stack."""
    for entry in range(flat.threshold_start[literal], flat.threshold_start[literal + 1]):
        threshold = flat.threshold_index[entry]
        state.reached[threshold] += change
        column = flat.threshold_column[threshold]
        holds = 1 if state.reached[threshold] >= flat.needed[threshold] and state.carry[threshold] else 0
        # members that flip more than once in a cascade cancel out on the stack
        if holds != state.held[threshold]:
            state.held[threshold] = holds
            state.stack[height] = column * 2 + holds
            height += 1
    for entry in range(flat.switch_start[literal], flat.switch_start[literal + 1]):
        switch = flat.switch_index[entry]
        before = state.members_on[switch]
        state.members_on[switch] = before + change
        if (before > 0) != (before + change > 0):
            state.stack[height] = flat.switch_column[switch] * 2 + (1 if change > 0 else 0)
            height += 1
    return height


@compiled
def choose(flat: Flat, state: State, activity: int, option: int) -> None:
    """Choose an option for an activity (-1: none) and pay for it."""
    old = state.current[activity]
    if old >= 0:
        toggle(flat, state, old, -1)
        unpay(flat, state, activity, old)
    if option >= 0:
        toggle(flat, state, option, 1)
        pay(flat, state, activity, option)
    state.current[activity] = option


@compiled
def restore(flat: Flat, state: State, activity: int, option: int, paid: Array) -> None:
    """Go back to an option as it was paid for."""
    old = state.current[activity]
    if old >= 0:
        toggle(flat, state, old, -1)
        unpay(flat, state, activity, old)
    if option >= 0:
        toggle(flat, state, option, 1)
        group = flat.option_class[option]
        for place in range(flat.payer_start[group + 1] - flat.payer_start[group]):
            fund = flat.payer_index[flat.payer_start[group] + place]
            for period in range(flat.amount.shape[1]):
                if paid[place, period] != 0:
                    charge(flat, state, fund, period, paid[place, period])
                    state.paid[activity, place, period] = paid[place, period]
    state.current[activity] = option
