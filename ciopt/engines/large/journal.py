"""Compiled code: changes that can be taken back, exactly and in order."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from ciopt.engines.large.compiled import compiled
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.kernel import choose, restore

SMALL = 1e-3
"""Rounding of penalties, which are sums of floats."""
ROOM = 4096
"""Changes that can be taken back."""


class Journal(NamedTuple):
    """What was changed since the journal was begun: activities, options before, their payments."""

    activity: Array
    option: Array
    paid: Array
    penalty: Floats
    length: Array


def new_journal(state: State) -> Journal:
    """Return an empty journal for a plan."""
    return Journal(
        np.zeros(ROOM, dtype=np.int64),
        np.zeros(ROOM, dtype=np.int64),
        np.zeros((ROOM, *state.paid.shape[1:]), dtype=np.int64),
        np.zeros(ROOM),
        np.zeros(1, dtype=np.int64),
    )


@compiled
def change(flat: Flat, state: State, journal: Journal, activity: int, option: int) -> None:
    """Choose an option (-1: none) and remember what was."""
    k = journal.length[0]
    journal.activity[k] = activity
    journal.option[k] = state.current[activity]
    for place in range(state.paid.shape[1]):
        for period in range(state.paid.shape[2]):
            journal.paid[k, place, period] = state.paid[activity, place, period]
    journal.penalty[k] = state.penalty[0]
    journal.length[0] = k + 1
    choose(flat, state, activity, option)


@compiled
def undo(flat: Flat, state: State, journal: Journal, mark: int) -> None:
    """Take all changes since a mark back, the last one first."""
    while journal.length[0] > mark:
        k = journal.length[0] - 1
        journal.length[0] = k
        restore(flat, state, journal.activity[k], journal.option[k], journal.paid[k])
        state.penalty[0] = journal.penalty[k]
