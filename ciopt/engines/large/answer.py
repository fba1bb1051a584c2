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
def _relief(flat: Flat, state: State, limit: int, activity: int, new: int, extra: float) -> float:
    """Part of the penalty of one limit that a change takes away; ``extra`` is what it brings in all."""
    row = limit - len(flat.timing)
    if 0 <= row < len(flat.row_lower):
        more, old = 0, state.current[activity]
        if new >= 0:
            for k in range(flat.row_start[new], flat.row_start[new + 1]):
                if flat.row_index[k] == row:
                    more += flat.row_value[k]
        if old >= 0:
            for k in range(flat.row_start[old], flat.row_start[old + 1]):
                if flat.row_index[k] == row:
                    more -= flat.row_value[k]
        used = state.used[row] + more
        before = max(0, state.used[row] - flat.row_upper[row], flat.row_lower[row] - state.used[row])
        after = max(0, used - flat.row_upper[row], flat.row_lower[row] - used)
        return float(state.row_weight[row] * (before - after))
    return -extra


@allocating
def answer_to(
    flat: Flat, state: State, journal: Journal, chains: Chains, limit: int, random: Generator
) -> tuple[int, int, float]:
    """(activity, option, loss for a unit) of the best change against a broken limit; activity -1: none helps.

    What it breaks elsewhere counts as lost.
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
        changed = False
        for entry in range(journal.length[0]):
            changed = changed or journal.activity[entry] == activity
        if changed:
            continue
        for option in range(flat.first[activity] - 1, flat.first[activity + 1]):
            new = option if option >= flat.first[activity] else -1
            if new == state.current[activity] or (new >= 0 and not flat.allowed[new]):
                continue
            if is_row and _relief(flat, state, limit, activity, new, 0.0) <= 0:
                continue
            extra = breaks(flat, state, activity, new)
            relief = _relief(flat, state, limit, activity, new, extra)
            if relief <= 0:
                continue
            lost = extra + relief - value_of(flat, state, activity, new)
            rate = lost / relief if lost > 0 else lost
            looked += 1
            if rate < least:
                least, best, its = rate, activity, new
    return best, its, least
