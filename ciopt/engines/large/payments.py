"""Who pays for a given set of assignments: a flow of least cost from what they owe to the funds that may pay.

As much as can be is paid, and the dearest money is left over; of equally dear money that of the fund that
may pay for most, which others can use.

What the assignments of a class owe in a period goes to the funds of the class, and from there to what each
fund has: a period's money, all of it, or what earlier periods left. Each assignment then gets its part of
what its class was given. Shares of single assignments are kept while it is handed out; classes with matched
money are paid one by one.

References
----------
Goldberg, A. V.: An efficient implementation of a scaling minimum-cost flow algorithm, 1997.
doi:10.1006/jagm.1995.0805.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.compiled import compiled
from ciopt.engines.large.flat import ALONE, CUMULATIVE, PERIODIC, TOTAL, Flags, Flat, State
from ciopt.engines.large.kernel import backer, charge, owe, part_of, pay, room_of, unpay

Array = NDArray[np.int64]


def repay(flat: Flat, state: State, rank: Array) -> None:
    """Pay for all assignments anew, so that as much as possible is paid by funds that have it.

    Parameters
    ----------
    rank
        Which money goes first: (funds, periods).
    """
    groups = len(flat.payer_start) - 1
    owner = np.repeat(np.arange(groups), np.diff(flat.payer_start))
    is_plain = np.bincount(owner[flat.payer_role != ALONE], minlength=groups) == 0
    owed = np.zeros((groups, flat.amount.shape[1]), dtype=np.int64)
    _owed(flat, state, is_plain, owed)
    _hand_out(flat, state, is_plain, _flow(flat, state, owed, rank), owed)


@compiled
def _owed(flat: Flat, state: State, is_plain: Flags, owed: Array) -> None:
    """Add up what each class without matches owes in each period."""
    for option in state.current:
        if option >= 0 and is_plain[flat.option_class[option]]:
            for entry in range(flat.due_start[option], flat.due_start[option + 1]):
                owed[flat.option_class[option], flat.due_period[entry]] += flat.due_amount[entry]


def _flow(flat: Flat, state: State, owed: Array, rank: Array) -> Array:
    """Return what each payer (of a class, as ``payer_index`` has them) gives in each period."""
    from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

    num_funds, periods = flat.amount.shape
    group = np.repeat(np.arange(len(owed)), np.diff(flat.payer_start))
    due = np.arange(owed.size).reshape(owed.shape)
    node = owed.size + np.arange(num_funds * periods).reshape(num_funds, periods)
    source, sink = owed.size + node.size, owed.size + node.size + 1
    network = SimpleMinCostFlow()

    def arcs(tails: Array, heads: Array, capacities: Array, costs: Array) -> Array:
        each = (np.broadcast_to(part, capacities.shape).ravel() for part in (tails, heads, capacities, costs))
        found: Array = network.add_arcs_with_capacity_and_unit_cost(*each)
        return found

    free = np.zeros(1, dtype=np.int64)
    arcs(np.array([source]), due, owed, free)
    most = owed[group].astype(object) * flat.share[flat.payer_index][:, None] // 10**6
    payers = arcs(due[group], node[flat.payer_index], most.astype(np.int64), free)
    amount = np.maximum(flat.amount, 0)
    amount[:, 0] = np.maximum(0, amount[:, 0] - np.where(flat.timing == PERIODIC, 0, state.fixed))
    arcs(node, np.array([sink]), amount, rank)
    kept = np.isin(flat.timing, (CUMULATIVE, TOTAL))
    all_money = np.broadcast_to(flat.amount[kept].sum(axis=1)[:, None], node[kept, 1:].shape)
    arcs(node[kept, 1:], node[kept, :-1], all_money, free)
    network.set_node_supply(source, int(owed.sum()))
    network.set_node_supply(sink, -int(owed.sum()))
    if network.solve_max_flow_with_min_cost() != network.OPTIMAL:
        raise ArithmeticError("the flow of payments did not end")
    flows: Array = network.flows(payers).astype(np.int64).reshape(-1, periods)
    return flows


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
            state.room[place] = part_of(flat, cost, flat.payer_index[start + place])
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
    last = backer(flat, group)
    for place in range(end - start):
        fund = flat.payer_index[start + place]
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
