"""Compiled code: the best plan that a search has met."""

from __future__ import annotations

from typing import NamedTuple

from ciopt.engines.large.compiled import inlined
from ciopt.engines.large.flat import Array, State


class Best(NamedTuple):
    """A plan, its payments, and its worth (one number)."""

    current: Array
    paid: Array
    total: Array


def best_of(state: State) -> Best:
    """Begin with the plan as it stands."""
    return Best(state.current.copy(), state.paid.copy(), state.total.copy())


@inlined
def keep_better(state: State, best: Best) -> bool:
    """Keep the plan as it stands if it is worth more than the best; return whether it is."""
    if state.total[0] <= best.total[0]:
        return False
    for activity in range(len(state.current)):
        best.current[activity] = state.current[activity]
        for place in range(state.paid.shape[1]):
            for period in range(state.paid.shape[2]):
                best.paid[activity, place, period] = state.paid[activity, place, period]
    best.total[0] = state.total[0]
    return True
