"""Compiled code: settle who pays, and add what pays most where it fits."""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.compiled import allocating, compiled
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.journal import SMALL, Journal, change, undo
from ciopt.engines.large.kernel import overdrawn, pay, unpay, value_of
from ciopt.engines.large.room import Limits, fits


@compiled
def settle(flat: Flat, state: State) -> None:
    """Let others pay, if they can now, where a fund has paid more than it has."""
    for activity in range(len(state.current)):
        option = state.current[activity]
        if option < 0:
            continue
        start = flat.payer_start[flat.option_class[option]]
        end = flat.payer_start[flat.option_class[option] + 1]
        anew = state.unpaid[activity] > 0
        for place in range(end - start):
            if state.paid[activity, place].sum() > 0 and overdrawn(
                flat, state, flat.payer_index[start + place]
            ):
                anew = True
        if anew:
            unpay(flat, state, activity, option)
            pay(flat, state, activity, option)


@allocating
def gains(flat: Flat, state: State, limits: Limits) -> Floats:
    """Worth that each option would bring now; minus infinity where a limit has no room for it."""
    found = np.full(len(flat.option_class), -np.inf)
    for option in range(len(found)):
        activity = flat.activity[option]
        if state.current[activity] != option and flat.allowed[option] and fits(flat, state, limits, option):
            found[option] = value_of(flat, state, activity, option)
    return found


@compiled
def fill(flat: Flat, state: State, journal: Journal, limits: Limits, order: Array) -> int:
    """Choose options in the given order wherever worth grows; return how many."""
    made = 0
    for option in order:
        activity = flat.activity[option]
        total, penalty = state.total[0], state.penalty[0]
        if state.current[activity] == option or not fits(flat, state, limits, option):
            continue
        change(flat, state, journal, activity, option)
        if state.total[0] > total and state.penalty[0] <= penalty + SMALL:
            made += 1
            journal.length[0] = 0
        else:
            undo(flat, state, journal, 0)
    return made
