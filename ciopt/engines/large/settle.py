"""A first plan under floors: each is kept at the least loss, as if all else that is limited were for sale.

At fixed prices λ of money the choices under different floors hang together only by synergies, and

    max Σ (value - λ cost) x   with every floor kept

is where exchanges around the floors lead quickly. Relaxed choices lie below a floor or far above it: to mend
them one by one within tight budgets costs much more than to bring the budgets in order afterwards.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.tilt import HeldFloors

Array = NDArray[np.int64]

CHAINS, EACH = 500, 250
"""Chains between two looks at the clock, and for each limit."""
_PLENTY = 2**50
"""An amount that no plan spends."""


def settled(held: HeldFloors, has_time: Callable[[], bool]) -> Array:
    """Return the options of such a plan; the relaxed choices if there is none.

    The improver's best plan stays what it was.
    """
    improver, tilted = held.improver, held.tilted
    flat, tilt, amount = improver.flat, tilted.tilt, improver.flat.amount.copy()
    before = improver.best, improver.paid.copy(), improver.total
    prices = np.zeros(len(tilt))
    prices[: len(improver.limits.price)] = improver.limits.price * improver.unit
    flat.amount[:] = _PLENTY
    improver.state.soft[held.rows] = False
    improver.best = None
    held.charge()
    improver.go_round_rows()
    tilted.lean(tilt - prices)
    improver.start_from(improver.relaxed)
    improver.polish(has_time)
    for _ in range(1 + EACH * improver.num_limits // CHAINS):
        if improver.best is None or not has_time():
            break
        improver.wander(CHAINS)
    found = improver.relaxed if improver.best is None else improver.best[improver.best >= 0].copy()
    flat.amount[:] = amount
    held.charge(free=True)
    improver.best, improver.paid, improver.total = before
    held.soften()
    tilted.lean(tilt)
    return found
