"""Who pays for a given set of assignments: one flow from what they owe to the funds that may pay.

What the assignments of a class owe in a period goes to the funds of the class, and from there to what each
fund has: a period's money, all of it, or what earlier periods left. Each assignment then gets its part of
what its class was given. Shares of single assignments are kept while it is handed out; classes with matched
money are paid one by one.

References
----------
Ford, L. R., Fulkerson, D. R.: Maximal flow through a network, 1956. doi:10.4153/CJM-1956-045-5.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.compiled import compiled
from ciopt.engines.large.flat import ALONE, CUMULATIVE, PERIODIC, TOTAL, Flags, Flat, State
from ciopt.engines.large.kernel import charge, owe, pay, room_of, unpay

Array = NDArray[np.int64]


def repay(flat: Flat, state: State) -> None:
    """Pay for all assignments anew, so that as much as possible is paid by funds that have it."""
    if not (np.diff(flat.payer_start) > 1).any():
        return
    groups = len(flat.payer_start) - 1
    owner = np.repeat(np.arange(groups), np.diff(flat.payer_start))
    is_plain = np.bincount(owner[flat.payer_role != ALONE], minlength=groups) == 0
    owed = np.zeros((groups, flat.amount.shape[1]), dtype=np.int64)
    _owed(flat, state, is_plain, owed)
    _hand_out(flat, state, is_plain, _flow(flat, state, owed), owed)


@compiled
def _owed(flat: Flat, state: State, is_plain: Flags, owed: Array) -> None:
    """Add up what each class without matches owes in each period."""
    for option in state.current:
        if option >= 0 and is_plain[flat.option_class[option]]:
            for entry in range(flat.due_start[option], flat.due_start[option + 1]):
                owed[flat.option_class[option], flat.due_period[entry]] += flat.due_amount[entry]


def _flow(flat: Flat, state: State, owed: Array) -> Array:
    """Return what each payer (of a class, as ``payer_index`` has them) gives in each period."""
    from ortools.graph.python.max_flow import SimpleMaxFlow

    num_funds, periods = flat.amount.shape
    groups = len(owed)
    group = np.repeat(np.arange(groups), np.diff(flat.payer_start))
    fund = groups * periods
    source, sink = fund + num_funds * periods, fund + num_funds * periods + 1
    network = SimpleMaxFlow()
    when = np.arange(periods)
    network.add_arcs_with_capacity(np.full(owed.size, source), np.arange(owed.size), owed.ravel())
    most = owed[group].astype(object) * flat.share[flat.payer_index][:, None] // 10**6
    payers = network.add_arcs_with_capacity(
        (group[:, None] * periods + when).ravel(),
        (fund + flat.payer_index[:, None] * periods + when).ravel(),
        most.astype(np.int64).ravel(),
    )
    amount = np.maximum(flat.amount, 0)
    amount[:, 0] = np.maximum(0, amount[:, 0] - np.where(flat.timing == PERIODIC, 0, state.fixed))
    node = fund + np.arange(num_funds)[:, None] * periods + when
    network.add_arcs_with_capacity(node.ravel(), np.full(node.size, sink), amount.ravel())
    kept = np.flatnonzero(np.isin(flat.timing, (CUMULATIVE, TOTAL)))
    if periods > 1 and len(kept):
        later, earlier = node[kept, 1:].ravel(), node[kept, :-1].ravel()
        network.add_arcs_with_capacity(later, earlier, np.repeat(flat.amount[kept].sum(axis=1), periods - 1))
    if network.solve(source, sink) != network.OPTIMAL:
        raise ArithmeticError("the flow of payments did not end")
    found: Array = network.flows(payers).astype(np.int64).reshape(-1, periods)
    return found


@compiled
def _hand_out(flat: Flat, state: State, is_plain: Flags, pool: Array, owed: Array) -> None:
    """Give each assignment its part of what its class was given; what is missing is paid as usual."""
    for activity in range(len(state.current)):
        if state.current[activity] >= 0:
            unpay(flat, state, activity, state.current[activity])
    for activity in range(len(state.current)):
        option = state.current[activity]
        if option < 0:
            continue
        group, cost = flat.option_class[option], flat.cost[option]
        if not is_plain[group]:
            continue
        start, end = flat.payer_start[group], flat.payer_start[group + 1]
        for place in range(end - start):
            part = flat.share[flat.payer_index[start + place]]
            state.room[place] = cost // 10**6 * part + cost % 10**6 * part // 10**6
        for entry in range(flat.due_start[option], flat.due_start[option + 1]):
            period, due = flat.due_period[entry], flat.due_amount[entry]
            left, rest = due, owed[group, period]
            for place in range(end - start):
                given = pool[start + place, period]
                amount = min(left, given, state.room[place], -(-given * due // max(rest, 1)))
                pool[start + place, period] -= amount
                state.room[place] -= amount
                left -= amount
                charge(flat, state, flat.payer_index[start + place], period, amount)
                state.paid[activity, place, period] = amount
            owed[group, period] -= due
            _pay_rest(flat, state, activity, option, period, left)
    for activity in range(len(state.current)):
        option = state.current[activity]
        if option >= 0 and not is_plain[flat.option_class[option]]:
            pay(flat, state, activity, option)


@compiled
def _pay_rest(flat: Flat, state: State, activity: int, option: int, period: int, left: int) -> None:
    """Let whoever has money pay; else a fund that may pay all is overdrawn, or the rest stays unpaid."""
    group = flat.option_class[option]
    start, end = flat.payer_start[group], flat.payer_start[group + 1]
    last = -1
    for place in range(end - start):
        fund = flat.payer_index[start + place]
        if flat.share[fund] == 10**6:
            last = place
        amount = min(left, state.room[place], room_of(flat, state, fund, period))
        if amount > 0:
            charge(flat, state, fund, period, amount)
            state.paid[activity, place, period] += amount
            state.room[place] -= amount
            left -= amount
    if left > 0 and last >= 0:
        charge(flat, state, flat.payer_index[start + last], period, left)
        state.paid[activity, last, period] += left
    elif left > 0:
        owe(state, activity, left)
