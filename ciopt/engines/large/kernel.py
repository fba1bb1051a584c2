"""Compiled code: choose an option, and everything that follows changes with it, at the cost of its degree."""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.compiled import compiled, inlined
from ciopt.engines.large.flat import ALONE, MATCHED, MATCHES, Array, Flat, State


@inlined
def over_row(flat: Flat, state: State, row: int) -> float:
    """Penalty of a row."""
    used = state.used[row]
    beyond: float = max(0, used - flat.row_upper[row], flat.row_lower[row] - used)
    return float(state.row_weight[row]) * beyond


@inlined
def measured(flat: Flat, state: State, row: int) -> int:
    """Worth of a row's utility or shortfall: objective x min(upper, max(0, base - used))."""
    amount = min(flat.measure_upper[row], max(0, flat.measure_base[row] - state.used[row]))
    worth: int = flat.measure_objective[row] * amount
    return worth


@inlined
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


@inlined
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


@inlined
def charge(flat: Flat, state: State, fund: int, period: int, amount: int) -> None:
    """Let a fund pay (or take back) an amount."""
    before = overdrawn(flat, state, fund)
    state.spent[fund, period] += amount
    state.penalty[0] += state.fund_weight[fund] * (overdrawn(flat, state, fund) - before)


@compiled
def unpay(flat: Flat, state: State, activity: int, option: int) -> None:
    """Take all payments for an assignment back."""
    state.penalty[0] -= state.unpaid_weight[0] * state.unpaid[activity]
    state.unpaid[activity] = 0
    group = flat.option_class[option]
    for place in range(flat.payer_start[group + 1] - flat.payer_start[group]):
        fund = flat.payer_index[flat.payer_start[group] + place]
        for period in range(flat.amount.shape[1]):
            amount = state.paid[activity, place, period]
            if amount != 0:
                charge(flat, state, fund, period, -amount)
                state.paid[activity, place, period] = 0


@inlined
def _from(
    flat: Flat, state: State, activity: int, option: int, period: int, left: int, role: int, most: int
) -> int:
    """Let the funds of a role (-1: all that do not match) pay in turn, as they can; return the sum."""
    group = flat.option_class[option]
    start = flat.payer_start[group]
    paid = 0
    for turn in range(start, flat.payer_start[group + 1]):
        place = state.turn[turn, period]
        fund, its = flat.payer_index[start + place], flat.payer_role[start + place]
        if its == role or (role < 0 and its in (ALONE, MATCHED)):
            room = min(state.room[place], room_of(flat, state, fund, period))
            amount = min(left - paid, most - paid, room)
            if amount > 0:
                charge(flat, state, fund, period, amount)
                state.paid[activity, place, period] += amount
                state.room[place] -= amount
                paid += amount
    return paid


@inlined
def part_of(flat: Flat, cost: int, fund: int) -> int:
    """Return the most that a fund may pay of a cost."""
    share = flat.share[fund]
    most: int = cost // 10**6 * share + cost % 10**6 * share // 10**6
    return most


@inlined
def backer(flat: Flat, group: int) -> int:
    """Place of the fund of a class that is overdrawn if need be: it may pay all of it; -1 if none may."""
    start, found = flat.payer_start[group], -1
    for entry in range(start, flat.payer_start[group + 1]):
        if flat.payer_role[entry] in (ALONE, MATCHED) and flat.share[flat.payer_index[entry]] == 10**6:
            found = entry - start
    return found


@inlined
def owe(state: State, activity: int, amount: int) -> None:
    """Leave an amount unpaid."""
    state.unpaid[activity] += amount
    state.penalty[0] += state.unpaid_weight[0] * amount


@compiled
def pay(flat: Flat, state: State, activity: int, option: int) -> None:
    """Pay for an assignment: what is matched, its match, then the others.

    A fund that may pay all of it is overdrawn if need be; without one, something stays unpaid.
    """
    group = flat.option_class[option]
    start, end = flat.payer_start[group], flat.payer_start[group + 1]
    cost = flat.cost[option]
    last = backer(flat, group)
    for place in range(end - start):
        state.room[place] = part_of(flat, cost, flat.payer_index[start + place])
    ratio = flat.match_ratio[group]
    for entry in range(flat.due_start[option], flat.due_start[option + 1]):
        period, left = flat.due_period[entry], flat.due_amount[entry]
        if ratio > 0:
            first = left - left * ratio // (10**6 + ratio)
            matched = _from(flat, state, activity, option, period, left, MATCHED, first)
            left -= matched
            left -= _from(flat, state, activity, option, period, left, MATCHES, matched * ratio // 10**6)
        left -= _from(flat, state, activity, option, period, left, -1, left)
        if left > 0 and last >= 0:
            charge(flat, state, flat.payer_index[start + last], period, left)
            state.paid[activity, last, period] += left
        elif left > 0:
            owe(state, activity, left)


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
            beyond = over_row(flat, state, row)
            state.total[0] -= measured(flat, state, row)
            state.used[row] += change * flat.row_value[entry]
            beyond = over_row(flat, state, row) - beyond
            state.total[0] += measured(flat, state, row)
            if state.soft[row]:
                state.total[0] -= np.int64(beyond)
                continue
            state.penalty[0] += beyond
            if not state.counted[row]:
                state.broken[0] += beyond
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


@inlined
def _literal(flat: Flat, state: State, literal: int, change: int, height: int) -> int:
    """Count a literal that has come to hold, or ceased to; put the columns that flip on the stack."""
    state.held[literal] += change
    state.total[0] += change * state.support[literal]
    for entry in range(flat.pair_start[literal], flat.pair_start[literal + 1]):
        state.support[flat.pair_other[entry]] += change * flat.pair_worth[entry]
    for entry in range(flat.threshold_start[literal], flat.threshold_start[literal + 1]):
        threshold = flat.threshold_index[entry]
        before = state.lack[threshold]
        state.lack[threshold] = before - change
        holds = before - change <= 0
        # members that flip more than once in a cascade cancel out on the stack
        if holds != (before <= 0):
            state.stack[height] = flat.threshold_column[threshold] * 2 + (1 if holds else 0)
            height += 1
    for entry in range(flat.switch_start[literal], flat.switch_start[literal + 1]):
        switch = flat.switch_index[entry]
        before = state.members_on[switch]
        state.members_on[switch] = before + change
        if (before > 0) != (before + change > 0):
            state.stack[height] = flat.switch_column[switch] * 2 + (1 if change > 0 else 0)
            height += 1
    return height


@inlined
def value_of(flat: Flat, state: State, activity: int, option: int) -> float:
    """Return what choosing an option (-1: none) would bring; the plan stays as it is.

    Less what it breaks of the rows that exchanges do not count; of money and of other limits nothing is said.
    """
    old = state.current[activity]
    if (old < 0 or flat.simple[old]) and (option < 0 or flat.simple[option]):
        return _simple_value(flat, state, old, option)
    return _toggled_value(flat, state, old, option)


@compiled
def _toggled_value(flat: Flat, state: State, old: int, option: int) -> float:
    """Change the plan, look, and change it back."""
    total, penalty, broken = state.total[0], state.penalty[0], state.broken[0]
    if old >= 0:
        toggle(flat, state, old, -1)
    if option >= 0:
        toggle(flat, state, option, 1)
    worth: float = state.total[0] - total - (state.broken[0] - broken)
    if option >= 0:
        toggle(flat, state, option, -1)
    if old >= 0:
        toggle(flat, state, old, 1)
    state.penalty[0], state.broken[0] = penalty, broken
    return worth


@inlined
def _simple_value(flat: Flat, state: State, old: int, option: int) -> float:
    """Return the same where nothing follows from the options but products of their activity."""
    if old == option:
        return 0.0
    worth = 0.0
    if option >= 0:
        worth += flat.objective[option] - _broken(flat, state, option, 1, old)
    if old >= 0:
        worth -= flat.objective[old] + _broken(flat, state, old, -1, option)
    if old >= 0 and option >= 0:
        return worth
    literal = flat.literal_index[flat.literal_start[max(old, option)]]
    change = 1 if option >= 0 else -1
    worth += change * state.support[literal]
    for entry in range(flat.threshold_start[literal], flat.threshold_start[literal + 1]):
        threshold = flat.threshold_index[entry]
        lack = state.lack[threshold]
        if (change > 0 and lack == 1) or (change < 0 and lack == 0):
            worth += change * flat.objective[flat.threshold_column[threshold]]
    return float(worth)


@inlined
def _broken(flat: Flat, state: State, option: int, change: int, other: int) -> float:
    """What an option that comes or goes adds to the penalties of rows that exchanges do not count.

    A row that the other option of the exchange stands in too is left to it if that one comes.
    """
    total = 0.0
    for entry in range(flat.row_start[option], flat.row_start[option + 1]):
        row = flat.row_index[entry]
        if state.counted[row]:
            continue
        extra = change * flat.row_value[entry]
        if other >= 0:
            for its in range(flat.row_start[other], flat.row_start[other + 1]):
                if flat.row_index[its] == row:
                    extra -= change * flat.row_value[its]
            if change < 0 and extra != -flat.row_value[entry]:
                continue
        before = over_row(flat, state, row)
        state.used[row] += extra
        total += over_row(flat, state, row) - before
        state.used[row] -= extra
    return total


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
        owed = 0
        for entry in range(flat.due_start[option], flat.due_start[option + 1]):
            owed += flat.due_amount[entry]
        group = flat.option_class[option]
        for place in range(flat.payer_start[group + 1] - flat.payer_start[group]):
            fund = flat.payer_index[flat.payer_start[group] + place]
            for period in range(flat.amount.shape[1]):
                if paid[place, period] != 0:
                    charge(flat, state, fund, period, paid[place, period])
                    state.paid[activity, place, period] = paid[place, period]
                    owed -= paid[place, period]
        if owed > 0:
            owe(state, activity, owed)
    state.current[activity] = option


@compiled
def set_to(flat: Flat, state: State, current: Array, paid: Array) -> None:
    """Make the plan the given one, with its payments."""
    for activity in range(len(current)):
        same = state.current[activity] == current[activity]
        for place in range(paid.shape[1]):
            for period in range(paid.shape[2]):
                if state.paid[activity, place, period] != paid[activity, place, period]:
                    same = False
        if not same:
            choose(flat, state, activity, -1)
    for activity in range(len(current)):
        if state.current[activity] != current[activity]:
            restore(flat, state, activity, current[activity], paid[activity])


@compiled
def set_plan(flat: Flat, state: State, current: Array) -> None:
    """Make the plan the given one; each assignment is paid for anew."""
    for activity in range(len(current)):
        if state.current[activity] != current[activity]:
            choose(flat, state, activity, current[activity])
