"""Compiled code: take a part of the plan away and build it up again, option by option.

Prices say little where one limit is small against what it could buy: the relaxed choice then jumps from
nothing to everything. Adding, one after another, what brings most for what it uses, synergies with what is
there already included, does not depend on it (ruin and recreate: Schrimpf et al. 2000,
https://doi.org/10.1006/jcph.1999.6413).
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ciopt.engines.large.compiled import allocating
from ciopt.engines.large.flat import Array, Flat, State
from ciopt.engines.large.journal import SMALL, Journal, change, undo
from ciopt.engines.large.kernel import value_of
from ciopt.engines.large.room import Limits, fits

TINY = 1e-9


@allocating
def rebuild(
    flat: Flat, state: State, journal: Journal, limits: Limits, gone: Array, noise: float, random: Generator
) -> None:
    """Drop some activities; then add the best option by value for what it uses, until none brings anything.

    Parameters
    ----------
    gone
        Activities to drop first.
    noise
        Random part of each option's merit.
    """
    for activity in gone:
        change(flat, state, journal, activity, -1)
    journal.length[0] = 0
    closed = np.zeros(len(flat.option_class), dtype=np.bool_)
    while True:
        most, best = 0.0, -1
        for option in range(len(flat.option_class)):
            activity = flat.activity[option]
            if closed[option] or state.current[activity] >= 0 or not flat.allowed[option]:
                continue
            if fits(flat, state, limits, option):
                worth = value_of(flat, state, activity, option)
                merit = worth / max(limits.price[option], TINY) * (1.0 + noise * random.random())
                if worth > 0.0 and merit > most:
                    most, best = merit, option
        if best < 0:
            return
        penalty = state.penalty[0]
        change(flat, state, journal, flat.activity[best], best)
        if state.penalty[0] > penalty + SMALL:
            undo(flat, state, journal, 0)
            closed[best] = True
        journal.length[0] = 0
