"""Compiled code: move activities out of a broken limit, to what is missed least for what it relieves.

Prices leave many activities undecided between options that are worth the same: another partner, another
period, nothing. Where the relaxed choice breaks a limit, some of them go elsewhere, and little is lost.
"""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.breaks import breaks
from ciopt.engines.large.compiled import allocating, inlined
from ciopt.engines.large.flat import Array, Flat, State
from ciopt.engines.large.journal import SMALL, Journal, change
from ciopt.engines.large.kernel import value_of
from ciopt.engines.large.mend import penalty_of
from ciopt.engines.large.room import Limits, spends

PARTS = 10
"""Moves are compared anew when such a part of a limit's penalty is gone."""
STALE = 1.1
"""A move is made if it still costs no more than so many times what it did when all were compared."""


@inlined
def _cost(flat: Flat, state: State, limits: Limits, activity: int, option: int) -> tuple[float, float]:
    """(what a change loses, with all that it uses at its price; the penalty that it brings)."""
    extra = breaks(flat, state, activity, option)
    lost = -value_of(flat, state, activity, option) - spends(flat, state, limits, activity)
    if option >= 0:
        lost += limits.price[option]
    return lost, extra


@allocating
def relieve(
    flat: Flat,
    state: State,
    journal: Journal,
    limits: Limits,
    limit: int,
    activities: Array,
    small: float,
) -> int:
    """Make the moves that cost least for the penalty they take away; return how many.

    About a tenth of the limit's penalty goes: then other moves may cost less.

    Parameters
    ----------
    limit, activities
        A limit, as `broken` numbers them, and the activities behind it.
    small
        A penalty up to this is rounding.
    """
    count, own = 0, penalty_of(flat, state, limit)
    if own <= small:
        return 0
    for activity in activities:
        count += flat.first[activity + 1] - flat.first[activity] + 1
    rate = np.full(count, np.inf)
    move = np.full(count, -1, dtype=np.int64)
    who = np.empty(count, dtype=np.int64)
    k = 0
    for activity in activities:
        for option in range(flat.first[activity] - 1, flat.first[activity + 1]):
            new = option if option >= flat.first[activity] else -1
            who[k], move[k] = activity, new
            if new != state.current[activity] and (new < 0 or flat.allowed[new]):
                lost, extra = _cost(flat, state, limits, activity, new)
                if extra < -small:
                    rate[k] = lost / -extra
            k += 1
    made, goal = 0, state.penalty[0] - max(own / PARTS, small)
    for k in np.argsort(rate):
        if rate[k] == np.inf or (made > 0 and state.penalty[0] <= goal):
            break
        activity, new = who[k], move[k]
        if new == state.current[activity]:
            continue
        lost, extra = _cost(flat, state, limits, activity, new)
        if extra < -small and lost <= max(STALE * rate[k], rate[k] / STALE) * -extra + SMALL:
            change(flat, state, journal, activity, new)
            journal.length[0] = 0
            made += 1
    return made
