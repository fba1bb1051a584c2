"""Compiled code: what limits leave, and what options take of them.

A fund is a limit in every period whose money it keeps apart, a row is one as it is. Several funds may pay for
one option: it takes from one of them only what the others cannot pay, and gives back what that one did pay.
"""

from __future__ import annotations

from typing import NamedTuple

from ciopt.engines.large.compiled import compiled, inlined
from ciopt.engines.large.flat import PERIODIC, Array, Flat, Floats, State
from ciopt.engines.large.kernel import room_of


class Limits(NamedTuple):
    """What exchanges go round: limits, and the options that use each.

    Parameters
    ----------
    start
        Of each limit's options.
    options, use
        Options that are candidates, and how much of the limit each uses (of a fund: if it pays alone).
    base, unit
        What a unit of each limit is worth, in the goal's integers: by the prices, and to this plan.
    price, rows
        What each option's uses of all limits are worth, paid by the cheapest; without money.
    money
        What a minor unit of each fund in each period is worth.
    of_start, of_limit, of_use
        Limits of each option, and how much it uses of them.
    row, fund, period
        What each limit is: a row, or (row -1) a fund and the last period that it looks at.
    """

    start: Array
    options: Array
    use: Array
    base: Floats
    unit: Floats
    price: Floats
    rows: Floats
    money: Floats
    of_start: Array
    of_limit: Array
    of_use: Array
    row: Array
    fund: Array
    period: Array


@inlined
def first_period(flat: Flat, limits: Limits, limit: int) -> int:
    """Return the first period that a fund's limit looks at."""
    return int(limits.period[limit]) if flat.timing[limits.fund[limit]] == PERIODIC else 0


@compiled
def slack_of(flat: Flat, state: State, limits: Limits, limit: int) -> int:
    """What a limit leaves; negative if it is broken."""
    row = limits.row[limit]
    if row >= 0:
        return int(flat.row_upper[row] - state.used[row])
    fund, last = limits.fund[limit], limits.period[limit]
    first = first_period(flat, limits, limit)
    here, rest = 0, -state.fixed[fund]
    for period in range(flat.amount.shape[1]):
        left = flat.amount[fund, period] - state.spent[fund, period]
        rest += left
        if first <= period <= last:
            here += left
    return int(min(here, rest))


@inlined
def _others(flat: Flat, state: State, option: int, fund: int, period: int) -> int:
    """What other funds can still pay for an option in a period."""
    group = flat.option_class[option]
    total = 0
    for entry in range(flat.payer_start[group], flat.payer_start[group + 1]):
        if flat.payer_index[entry] != fund:
            total += room_of(flat, state, flat.payer_index[entry], period)
    return total


@inlined
def takes(flat: Flat, state: State, limits: Limits, limit: int, option: int, use: int) -> tuple[int, float]:
    """(how much of a limit an option would take, what all that it uses is worth).

    Of a fund it takes only what no other fund can pay; ``use`` is what it uses if nobody else pays.
    """
    group = flat.option_class[option]
    if flat.payer_start[group + 1] - flat.payer_start[group] == 1:
        return use, limits.price[option]
    fund, first, last = -1, 0, -1
    if limits.row[limit] < 0:
        fund, last = limits.fund[limit], limits.period[limit]
        first = first_period(flat, limits, limit)
    total, worth = 0, limits.rows[option]
    for entry in range(flat.due_start[option], flat.due_start[option + 1]):
        period, left = flat.due_period[entry], flat.due_amount[entry]
        dearest = 0.0
        for turn in range(flat.payer_start[group], flat.payer_start[group + 1]):
            payer = flat.payer_index[flat.payer_start[group] + state.turn[turn, period]]
            dearest = max(dearest, limits.money[payer, period])
            if payer != fund and left > 0:
                amount = min(left, room_of(flat, state, payer, period))
                worth += amount * limits.money[payer, period]
                left -= amount
        worth += left * (limits.money[fund, period] if fund >= 0 else dearest)
        if first <= period <= last:
            total += left
    return (total if fund >= 0 else use), worth


@inlined
def spends(flat: Flat, state: State, limits: Limits, activity: int) -> float:
    """What all that an activity uses is worth, at the prices of those who pay."""
    option = state.current[activity]
    if option < 0:
        return 0.0
    group = flat.option_class[option]
    start, end = flat.payer_start[group], flat.payer_start[group + 1]
    if end - start == 1:
        return float(limits.price[option])
    worth = limits.rows[option]
    for place in range(end - start):
        for period in range(flat.amount.shape[1]):
            worth += (
                state.paid[activity, place, period] * limits.money[flat.payer_index[start + place], period]
            )
    return float(worth)


@inlined
def gives(flat: Flat, state: State, limits: Limits, limit: int, activity: int) -> int:
    """How much of a limit an activity gives back if it is dropped."""
    option = state.current[activity]
    if option < 0:
        return 0
    if limits.row[limit] >= 0:
        for k in range(limits.of_start[option], limits.of_start[option + 1]):
            if limits.of_limit[k] == limit:
                return int(limits.of_use[k])
        return 0
    fund, last = limits.fund[limit], limits.period[limit]
    first = first_period(flat, limits, limit)
    group, total = flat.option_class[option], 0
    for place in range(flat.payer_start[group + 1] - flat.payer_start[group]):
        if flat.payer_index[flat.payer_start[group] + place] == fund:
            for period in range(first, last + 1):
                total += state.paid[activity, place, period]
    return int(total)


@inlined
def _freed(flat: Flat, state: State, activity: int, option: int, period: int) -> int:
    """What the payers of an option get back in a period if its activity is no longer done otherwise."""
    old = state.current[activity]
    if old < 0:
        return 0
    total = 0
    mine, theirs = flat.option_class[option], flat.option_class[old]
    for place in range(flat.payer_start[theirs + 1] - flat.payer_start[theirs]):
        fund = flat.payer_index[flat.payer_start[theirs] + place]
        if state.paid[activity, place, period] > 0:
            for entry in range(flat.payer_start[mine], flat.payer_start[mine + 1]):
                if flat.payer_index[entry] == fund:
                    total += state.paid[activity, place, period]
    return total


@inlined
def fits(flat: Flat, state: State, limits: Limits, option: int) -> bool:
    """Whether the limits that an option uses have room for it, as far as a quick look tells."""
    activity = flat.activity[option]
    for k in range(limits.of_start[option], limits.of_start[option + 1]):
        limit = limits.of_limit[k]
        if limits.row[limit] >= 0:
            extra = limits.of_use[k] - gives(flat, state, limits, limit, activity)
            if extra > 0 and extra > slack_of(flat, state, limits, limit):
                return False
    for entry in range(flat.due_start[option], flat.due_start[option + 1]):
        period = flat.due_period[entry]
        have = _others(flat, state, option, -1, period) + _freed(flat, state, activity, option, period)
        if flat.due_amount[entry] > have:
            return False
    return True
