"""Compiled code: changes that mend broken limits one by one, whatever kind they are.

A broken limit is drawn, a few changes of the activities behind it are tried, and the best one is made: worth
less penalties, and no activity twice in a row (Glover 1989). Where nothing helps, what is broken becomes
dearer (Morris 1993), so that limits that are hard to keep together come to decide.
"""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.compiled import allocating, compiled
from ciopt.engines.large.flat import Array, Flat, State
from ciopt.engines.large.journal import Journal, change, undo
from ciopt.engines.large.kernel import over_row, overdrawn

TRIED = 40
"""Changes that are tried for one broken limit."""
DEARER = 1.3
REST = 8
"""Steps for which a changed activity rests, at most."""


@allocating
def broken(flat: Flat, state: State) -> Array:
    """Numbers of the broken limits: funds first, then rows, then activities that are not paid for."""
    num_funds = len(flat.timing)
    num_rows = len(flat.row_lower)
    found = np.empty(num_funds + num_rows + len(state.current), dtype=np.int64)
    count = 0
    for fund in range(num_funds):
        if overdrawn(flat, state, fund) > 0:
            found[count] = fund
            count += 1
    for row in range(num_rows):
        is_broken = state.used[row] > flat.row_upper[row] or state.used[row] < flat.row_lower[row]
        if is_broken and not state.soft[row]:
            found[count] = num_funds + row
            count += 1
    for activity in np.flatnonzero(state.unpaid):
        found[count] = num_funds + num_rows + activity
        count += 1
    return found[:count]


@compiled
def penalty_of(flat: Flat, state: State, limit: int) -> float:
    """Return the penalty of one limit, as `broken` numbers them."""
    num_funds, num_rows = len(flat.timing), len(flat.row_lower)
    if limit < num_funds:
        return float(state.fund_weight[limit] * overdrawn(flat, state, limit))
    if limit < num_funds + num_rows:
        return float(over_row(flat, state, limit - num_funds))
    return float(state.unpaid_weight[0] * state.unpaid[limit - num_funds - num_rows])


@compiled
def dearer(flat: Flat, state: State, limits: Array) -> None:
    """Raise the penalties of some limits; an activity without money can always be dropped."""
    num_funds, num_rows = len(flat.timing), len(flat.row_lower)
    for limit in limits:
        if limit < num_funds + num_rows:
            state.penalty[0] += (DEARER - 1) * penalty_of(flat, state, limit)
        if limit < num_funds:
            state.fund_weight[limit] *= DEARER
        elif limit < num_funds + num_rows:
            state.row_weight[limit - num_funds] *= DEARER


@allocating
def mend(
    flat: Flat,
    state: State,
    journal: Journal,
    start: Array,
    behind: Array,
    steps: int,
    random: np.random.Generator,
) -> bool:
    """Change activities until no limit is broken; return whether that is so.

    Parameters
    ----------
    start, behind
        The activities behind each limit, as `broken` numbers them.
    steps
        Changes at most.
    """
    free_at = np.zeros(len(state.current), dtype=np.int64)
    for step in range(steps):
        limits = broken(flat, state)
        if not len(limits):
            return True
        limit = limits[random.integers(0, len(limits))]
        activities = behind[start[limit] : start[limit + 1]]
        if not len(activities):
            continue
        merit = state.total[0] - state.penalty[0]
        best, best_activity, best_option = -np.inf, -1, -1
        for _ in range(min(TRIED, 3 * len(activities))):
            activity = activities[random.integers(0, len(activities))]
            options = flat.first[activity + 1] - flat.first[activity]
            option = flat.first[activity] + random.integers(-1, options)
            if option < flat.first[activity]:
                option = -1
            if free_at[activity] > step or option == state.current[activity]:
                continue
            if option >= 0 and not flat.allowed[option]:
                continue
            change(flat, state, journal, activity, option)
            gain = state.total[0] - state.penalty[0] - merit
            undo(flat, state, journal, 0)
            if gain > best:
                best, best_activity, best_option = gain, activity, option
        if best <= 0:
            dearer(flat, state, limits)
        if best_activity >= 0:
            change(flat, state, journal, best_activity, best_option)
            journal.length[0] = 0
            free_at[best_activity] = step + 1 + random.integers(1, REST)
    return not len(broken(flat, state))
