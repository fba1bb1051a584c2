"""Compiled code: chains of exchanges over several limits.

An activity that moves from one partner to another frees money at the first. A chain begins with an exchange
at one limit that is worth most when the freed units of other limits count at their prices, and goes on with
exchanges at the limits that were freed. It is kept if the plan as a whole has lost no more than ``heat``
allows (a random threshold: Dueck & Scheuer 1990), else all of it is taken back.
"""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.best import Best, keep_better
from ciopt.engines.large.compiled import allocating
from ciopt.engines.large.exchange import (
    MOST,
    TRIED,
    around,
    combinations,
    make,
    promising,
    value_all,
)
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.journal import Journal, undo
from ciopt.engines.large.room import Limits, slack_of

TOUCHED = 12
"""Limits that a chain visits at most."""


@allocating
def chain(
    flat: Flat,
    state: State,
    journal: Journal,
    limits: Limits,
    limit: int,
    width: int,
    noise: float,
    credit: float,
    little: float,
    random: np.random.Generator,
) -> None:
    """Make one chain that begins at a limit; the journal tells what it changed."""
    options = limits.options[limits.start[limit] : limits.start[limit + 1]]
    worth, merit = np.empty(len(options)), np.empty(len(options))
    more = np.empty(len(options), dtype=np.int64)
    value_all(flat, state, limits, limit, worth, merit, more)
    value = worth + credit * (merit - worth) + noise * random.standard_normal(len(options))
    outs, ins = promising(flat, state, options, value - limits.unit[limit] * more, width)
    slack = slack_of(flat, state, limits, limit)
    found, _ = combinations(outs, ins, more, value, slack, -1e300)
    for n in range(TRIED):
        if found[n].max() < 0 or make(flat, state, journal, options, found[n], -1e300):
            break
    visited = np.full(TOUCHED, -1, dtype=np.int64)
    visited[0] = limit
    seen, entry = 1, 0
    while entry < journal.length[0] and journal.length[0] < len(journal.activity) - 2 * MOST:
        old = journal.option[entry]
        entry += 1
        if old < 0:
            continue
        for k in range(limits.of_start[old], limits.of_start[old + 1]):
            other = limits.of_limit[k]
            is_new = seen < TOUCHED
            for m in range(seen):
                if visited[m] == other:
                    is_new = False
            if is_new and slack_of(flat, state, limits, other) > 0:
                visited[seen] = other
                seen += 1
                while journal.length[0] < len(journal.activity) - 2 * MOST and around(
                    flat, state, journal, limits, other, width, little
                ):
                    pass
    while journal.length[0] < len(journal.activity) - 2 * MOST and around(
        flat, state, journal, limits, limit, width, little
    ):
        pass


@allocating
def wander(
    flat: Flat,
    state: State,
    journal: Journal,
    limits: Limits,
    draws: Array,
    width: int,
    noise: Floats,
    credit: float,
    heat: float,
    little: float,
    best: Best,
    random: np.random.Generator,
) -> bool:
    """Make chains from the given limits one after the other; return whether there was a better plan.

    ``noise`` is how far chains stray that begin at each limit; see `chain` for the others.
    """
    found = False
    for limit in draws:
        if limits.start[limit] == limits.start[limit + 1]:
            continue
        total, penalty = state.total[0], state.penalty[0]
        journal.length[0] = 0
        strays = noise[limit] * random.random()
        chain(flat, state, journal, limits, limit, width, strays, credit, little, random)
        if state.total[0] < total + heat * np.log(random.random()) or state.penalty[0] > penalty + 1e-3:
            undo(flat, state, journal, 0)
            continue
        found |= keep_better(state, best)
    journal.length[0] = 0
    return found
