"""Compiled code: a limit that a chain of changes has broken, and the best change against it."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from ciopt.engines.large.breaks import breaks
from ciopt.engines.large.compiled import allocating, inlined
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.journal import Journal
from ciopt.engines.large.kernel import over_row, overdrawn, value_of

COMPARED = 8
"""Changes that are compared against one limit."""


class Chains(NamedTuple):
    """What chains need to know, and what they learn.

    Parameters
    ----------
    start, behind
        The activities behind each limit, as `mend.broken` numbers them.
    least
        What a unit of each fund and each row is worth at least.
    seen
        Chain in which each activity was looked at last; its last element is the number of chains.
    """

    start: Array
    behind: Array
    least: Floats
    seen: Array


@inlined
def broken_by(flat: Flat, state: State, journal: Journal) -> int:
    """Return a limit that the chain has broken, of its last changes first; -1 if none is found."""
    num_funds, num_rows = len(flat.timing), len(flat.row_lower)
    for entry in range(journal.length[0] - 1, -1, -1):
        activity = journal.activity[entry]
        for option in (state.current[activity], journal.option[entry]):
            if option < 0:
                continue
            for k in range(flat.row_start[option], flat.row_start[option + 1]):
                row = flat.row_index[k]
                if not state.soft[row] and over_row(flat, state, row) > 0:
                    return int(num_funds + row)
            group = flat.option_class[option]
            for k in range(flat.payer_start[group], flat.payer_start[group + 1]):
                if overdrawn(flat, state, flat.payer_index[k]) > 0:
                    return int(flat.payer_index[k])
        if state.unpaid[activity] > 0:
            return int(num_funds + num_rows + activity)
    return -1


@inlined
def was_changed(journal: Journal, activity: int) -> bool:
    """Whether the chain has changed an activity."""
    changed = False
    for entry in range(journal.length[0]):
        changed = changed or journal.activity[entry] == activity
    return changed


@inlined
def _use(flat: Flat, option: int, row: int) -> int:
    """What an option (-1: none) uses of a row."""
    total = 0
    if option >= 0:
        for k in range(flat.row_start[option], flat.row_start[option + 1]):
            if flat.row_index[k] == row:
                total += flat.row_value[k]
    return total


@inlined
def _relief(flat: Flat, state: State, row: int, old: int, new: int) -> float:
    """Return the penalty of a row that an exchange of two options takes away."""
    more = _use(flat, new, row) - _use(flat, old, row)
    before = over_row(flat, state, row)
    state.used[row] += more
    after = over_row(flat, state, row)
    state.used[row] -= more
    return float(before - after)


@allocating
def answer_to(
    flat: Flat, state: State, journal: Journal, chains: Chains, limit: int, random: Generator
) -> tuple[int, int, float]:
    """(activity, option, rate) of the best change against a broken limit; activity -1 if none helps.

    The rate is what it loses for the penalty that it takes away; what it breaks elsewhere counts as lost.
    """
    least, best, its, looked = np.inf, -1, -1, 0
    row = limit - len(flat.timing)
    is_row = 0 <= row < len(flat.row_lower)
    ends = not is_row and (row >= 0 or flat.least[limit] == 0)
    begin = chains.start[limit]
    count = chains.start[limit + 1] - begin
    shift = random.integers(0, count) if count > 0 else 0
    for k in range(count):
        if looked >= COMPARED:
            break
        activity = chains.behind[begin + (shift + k if shift + k < count else shift + k - count)]
        if ends and state.current[activity] < 0:
            continue
        if was_changed(journal, activity):
            continue
        for option in range(flat.first[activity] - 1, flat.first[activity + 1]):
            new = option if option >= flat.first[activity] else -1
            if new == state.current[activity] or (new >= 0 and not flat.allowed[new]):
                continue
            relief, extra = 0.0, 0.0
            if is_row:
                relief = _relief(flat, state, row, state.current[activity], new)
                if relief > 0:
                    extra = breaks(flat, state, activity, new)
            else:
                extra = breaks(flat, state, activity, new)
                relief = -extra
            if relief <= 0:
                continue
            lost = extra + relief - value_of(flat, state, activity, new)
            rate = lost / relief if lost > 0 else lost
            looked += 1
            if rate < least:
                least, best, its = rate, activity, new
    return best, its, least
