"""Who pays for what when a solver has said how much each fund pays to each class of options."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.compiled import compiled
from ciopt.engines.large.flat import Flat
from ciopt.program.model import Program

Array = NDArray[np.int64]


class PaymentColumns:
    """Reads the payment columns of a program as amounts by activity, payer and period.

    Parameters
    ----------
    program, flat
        The program, and the same laid out flat.
    """

    def __init__(self, program: Program, flat: Flat) -> None:
        payers = program.payers
        self.flat, self.unit = flat, payers.unit
        self.shape = (
            program.num_activities,
            int(np.diff(flat.payer_start).max(initial=1)),
            flat.amount.shape[1],
        )
        lengths = np.diff(flat.payer_start)
        place = np.full((len(lengths), flat.amount.shape[0]), -1, dtype=np.int64)
        group = np.repeat(np.arange(len(lengths)), lengths)
        place[group, flat.payer_index] = np.arange(len(group)) - np.repeat(flat.payer_start[:-1], lengths)
        self.pooled, self.itemised = payers.pooled, payers.itemised
        self.pooled_place = place[payers.pooled[:, 0], payers.pooled[:, 2]]
        self.itemised_place = place[payers.itemised[:, 1], payers.itemised[:, 3]]
        has_columns = np.zeros(place.shape, dtype=np.bool_)
        has_columns[payers.pooled[:, 0], payers.pooled[:, 2]] = True
        has_columns[payers.itemised[:, 1], payers.itemised[:, 3]] = True
        self.last = np.array(
            [
                next((at for at, fund in enumerate(funds) if not has_columns[number, fund]), -1)
                for number, funds in enumerate(payers.class_funds)
            ],
            dtype=np.int64,
        )

    def paid(self, current: Array, values: Array) -> Array:
        """Return what each payer pays for each activity in each period: (activities, payers, periods).

        Parameters
        ----------
        current
            Option of each activity, -1 for none.
        values
            All columns.
        """
        activities, width, periods = self.shape
        pool = np.zeros((len(self.last), width, periods + 1), dtype=np.int64)
        group, period, _, column = self.pooled.T
        pool[group, self.pooled_place, period] = values[column] * self.unit
        single = np.zeros((activities, width, periods + 1), dtype=np.int64)
        if len(self.itemised):
            activity, group, period, _, column = self.itemised.T
            option = current[activity]
            own = (option >= 0) & (self.flat.option_class[option] == group)
            single[activity[own], self.itemised_place[own], period[own]] = values[column[own]] * self.unit
        paid = np.zeros(self.shape, dtype=np.int64)
        _share_out(self.flat, current, pool, single, self.last, paid)
        return paid


@compiled
def _share_out(flat: Flat, current: Array, pool: Array, single: Array, last: Array, paid: Array) -> None:
    """Take what is due from the activity's own amounts, then from its class's, of one period before any."""
    periods = paid.shape[2]
    for activity in range(len(current)):
        option = current[activity]
        if option < 0:
            continue
        group = flat.option_class[option]
        width = flat.payer_start[group + 1] - flat.payer_start[group]
        for entry in range(flat.due_start[option], flat.due_start[option + 1]):
            period, due = flat.due_period[entry], flat.due_amount[entry]
            for source in (single[activity], pool[group]):
                for when in (period, periods):
                    for place in range(width):
                        part = min(due, source[place, when])
                        paid[activity, place, period] += part
                        source[place, when] -= part
                        due -= part
            if last[group] >= 0:
                paid[activity, last[group], period] += due
