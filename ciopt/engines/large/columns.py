"""`columns_of`: an improver's best plan as values of all columns of the program."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.improver import Improver
from ciopt.engines.large.plan_state import column_values
from ciopt.program.model import Program

Array = NDArray[np.int64]


def columns_of(program: Program, improver: Improver) -> Array:
    """Return options, all that follows from them except utilities and shortfalls, and payments."""
    improver.go_back()
    state, flat, payers = improver.state, improver.flat, program.payers
    values = np.zeros(program.num_columns, dtype=np.int64)
    values[: len(state.value)] = column_values(flat, state)
    activity, place, period = np.nonzero(state.paid)
    group = flat.option_class[state.current[activity]]
    fund = flat.payer_index[flat.payer_start[group] + place]
    amount = state.paid[activity, place, period]
    num_funds, num_periods = flat.amount.shape
    pooled = np.zeros((len(payers.class_funds), num_periods + 1, num_funds), dtype=np.int64)
    np.add.at(pooled, (group, period, fund), amount)
    pooled[:, -1] = pooled.sum(axis=1)
    values[payers.pooled[:, 3]] = pooled[tuple(payers.pooled[:, :3].T)] // payers.unit
    if len(payers.itemised):
        single = np.zeros((program.num_activities, num_periods + 1, num_funds), dtype=np.int64)
        np.add.at(single, (activity, period, fund), amount)
        single[:, -1] = single.sum(axis=1)
        owner, number, when, who, column = payers.itemised.T
        current = state.current[owner]
        is_paid = (current >= 0) & (payers.option_class[current] == number)
        values[column] = np.where(is_paid, single[owner, when, who], 0) // payers.unit
    return values
