"""`PlanState`: a plan that can be changed option by option, from Python."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.compiled import compiled
from ciopt.engines.large.flat import Flat, State
from ciopt.engines.large.kernel import over_row, overdrawn

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

_ALIKE = 1e-3
"""Prices that differ by less than this part of the highest are the same."""


@dataclass(frozen=True)
class Penalties:
    """What a unit beyond a limit costs, in the goal's integers, and which rows exchanges go round."""

    rows: Floats
    funds: Floats
    counted: NDArray[np.bool_]


def ranks(flat: Flat, price: Floats) -> Array:
    """Return which money goes first in each period: (funds, periods), the cheapest is 0.

    Of equals that of the fund which may pay for the least goes first: what others need is left to them.

    Parameters
    ----------
    price
        Of each fund's money: (funds, periods).
    """
    group = np.repeat(np.arange(len(flat.payer_start) - 1), np.diff(flat.payer_start))
    weight = np.bincount(flat.option_class, flat.cost, len(flat.payer_start) - 1)
    reach = np.bincount(flat.payer_index, weight[group], len(flat.timing))
    rounded = np.round(price / (_ALIKE * max(price.max(initial=0.0), 1e-300)))
    found = np.empty(price.shape, dtype=np.int64)
    for period in range(price.shape[1]):
        found[np.lexsort((reach, rounded[:, period])), period] = np.arange(len(reach))
    return found


def turns(flat: Flat, rank: Array) -> Array:
    """Return in which order the payers of each class pay in each period."""
    lengths = np.diff(flat.payer_start)
    group = np.repeat(np.arange(len(lengths)), lengths)
    place = np.arange(len(group)) - flat.payer_start[group]
    found = np.empty((len(group), rank.shape[1]), dtype=np.int64)
    for period in range(rank.shape[1]):
        found[:, period] = place[np.lexsort((rank[flat.payer_index, period], group))]
    return found


def empty_state(flat: Flat, penalties: Penalties, rank: Array) -> State:
    """Return the plan in which nothing is done; funds of a lower rank pay first."""
    num_funds, num_periods = flat.amount.shape
    width = int(np.diff(flat.payer_start).max(initial=1))
    num_columns = len(flat.row_start) - 1
    state = State(
        current=np.full(len(flat.first) - 1, -1, dtype=np.int64),
        held=np.zeros(len(flat.pair_start) - 1, dtype=np.int64),
        support=np.zeros(len(flat.pair_start) - 1, dtype=np.int64),
        lack=flat.needed.copy(),
        members_on=np.zeros(len(flat.switch_column), dtype=np.int64),
        value=np.zeros(num_columns, dtype=np.int64),
        used=np.zeros(len(flat.row_lower), dtype=np.int64),
        spent=np.zeros((num_funds, num_periods), dtype=np.int64),
        fixed=np.zeros(num_funds, dtype=np.int64),
        paid=np.zeros((len(flat.first) - 1, width, num_periods), dtype=np.int64),
        unpaid=np.zeros(len(flat.first) - 1, dtype=np.int64),
        room=np.zeros(width, dtype=np.int64),
        turn=turns(flat, rank),
        stack=np.zeros(max(64, 4 * (len(flat.needed) + len(flat.switch_column)) + 64), dtype=np.int64),
        total=np.zeros(1, dtype=np.int64),
        penalty=np.zeros(1),
        broken=np.zeros(1),
        counted=penalties.counted,
        soft=np.zeros(len(flat.row_lower), dtype=np.bool_),
        row_weight=penalties.rows,
        fund_weight=penalties.funds,
        unpaid_weight=np.array([penalties.funds.max(initial=1.0)]),
    )
    recount(flat, state)
    return state


def recount(flat: Flat, state: State) -> None:
    """Compute worth and penalty from what the state says of rows, columns, literals and funds."""
    _support(flat, state)
    amount = np.clip(flat.measure_base - state.used, 0, flat.measure_upper)
    measured, own = (flat.measure_objective * amount).sum(), (flat.objective * state.value).sum()
    twice = (state.support * state.held).sum()  # every pair that holds, at both ends
    state.total[0] = int(measured + own + twice // 2)
    state.penalty[0] = 0.0
    _penalize(flat, state)


def column_values(flat: Flat, state: State) -> Array:
    """Return the plan as values of all columns, without measures and payments."""
    values = state.value.copy()
    literal = np.repeat(np.arange(len(state.held)), np.diff(flat.pair_start))
    values[flat.pair_column] = state.held[literal] & state.held[flat.pair_other]
    return values


@compiled
def _support(flat: Flat, state: State) -> None:
    """Add up what each literal's products with those that hold bring."""
    for literal in range(len(state.held)):
        state.support[literal] = 0
        for entry in range(flat.pair_start[literal], flat.pair_start[literal + 1]):
            state.support[literal] += flat.pair_worth[entry] * state.held[flat.pair_other[entry]]


@compiled
def _penalize(flat: Flat, state: State) -> None:
    """Add what is broken to the penalty; what soft rows are broken by is taken off the worth."""
    for row in range(len(flat.row_lower)):
        over = over_row(flat, state, row)
        if state.soft[row]:
            state.total[0] -= np.int64(over)
        else:
            state.penalty[0] += over
    for fund in range(len(flat.timing)):
        state.penalty[0] += state.fund_weight[fund] * overdrawn(flat, state, fund)
    for activity in range(len(state.unpaid)):
        state.penalty[0] += state.unpaid_weight[0] * state.unpaid[activity]


@compiled
def is_allowed(flat: Flat, state: State) -> bool:
    """Whether all limits hold that are not soft."""
    for row in range(len(flat.row_lower)):
        used = state.used[row]
        if (used > flat.row_upper[row] or used < flat.row_lower[row]) and not state.soft[row]:
            return False
    for fund in range(len(flat.timing)):
        if overdrawn(flat, state, fund) > 0:
            return False
    return not state.unpaid.any()
