"""Compiled code: change one activity whatever that breaks, and others until every limit holds again.

Where limits hang together (an item needs a set-up, which needs room, which another item must give), no single
change keeps them all. A chain does (ejection chains: Glover 1996,
https://doi.org/10.1016/0166-218X(94)00037-E): it begins with any change, goes on with the best one against
a limit that is broken, and ends with adding what has become possible. It is kept if the plan as a whole has
lost no more than chance allows (simulated annealing: Kirkpatrick et al. 1983,
https://doi.org/10.1126/science.220.4598.671).

What a unit of a limit is worth is learned on the way, from what chains lose when they give it back: prices of
a relaxation say little where one limit is small against what it could buy.
"""

from __future__ import annotations

import numpy as np
from numpy.random import Generator

from ciopt.engines.large.answer import Chains, answer_to, broken_by, was_changed
from ciopt.engines.large.best import Best, keep_better
from ciopt.engines.large.breaks import breaks
from ciopt.engines.large.compiled import allocating, inlined
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.journal import Journal, change, undo
from ciopt.engines.large.kernel import value_of

DEPTH = 40
"""Changes against broken limits in one chain, at most."""
DRAWN = 4
"""A chain begins with the best of so many options, or the second, or third power of it, or with any."""
ADDED, BEHIND = 64, 8
"""Options that may be added at the end of a chain, at most: in all, and of those that stand in one row."""
PLACES = 16
"""Options that are compared to go on in place of one that has ended, at most."""
LEARNS = 0.05
"""Part by which what is known of a limit's worth moves to what was seen last."""
LEAST = 1e-3
"""A unit of a limit stays worth so much at least, in parts of what it was first."""


@inlined
def _dear(flat: Flat, state: State, option: int) -> float:
    """Return what all that an option uses of limits is worth."""
    total, least = 0.0, np.inf
    for k in range(flat.row_start[option], flat.row_start[option + 1]):
        total += state.row_weight[flat.row_index[k]] * abs(flat.row_value[k])
    group = flat.option_class[option]
    for k in range(flat.payer_start[group], flat.payer_start[group + 1]):
        least = min(least, state.fund_weight[flat.payer_index[k]])
    return total + (least * flat.cost[option] if least < np.inf else 0.0)


@inlined
def _learn(flat: Flat, state: State, chains: Chains, limit: int, rate: float) -> None:
    """Move what a unit of a limit is worth to what it cost to give it back; only while no limit is broken.

    Parameters
    ----------
    rate
        What was lost, for the penalty that it took away.
    """
    row = limit - len(flat.timing)
    if row >= len(flat.row_lower):
        return
    weight = state.fund_weight[limit] if row < 0 else state.row_weight[row]
    weight = max(chains.least[limit], weight + LEARNS * (max(rate, 0.0) * weight - weight))
    if row < 0:
        state.fund_weight[limit] = weight
    else:
        state.row_weight[row] = weight


@inlined
def _has_room(flat: Flat, state: State, option: int) -> bool:
    """Whether the rows that an option stands in have room for it."""
    for k in range(flat.row_start[option], flat.row_start[option + 1]):
        row = flat.row_index[k]
        used = state.used[row] + flat.row_value[k]
        if (used > flat.row_upper[row] or used < flat.row_lower[row]) and not state.soft[row]:
            return False
    return True


@allocating
def _near(flat: Flat, state: State, journal: Journal, chains: Chains, found: Array, random: Generator) -> int:
    """Gather options that share a row with what a chain has changed and could be chosen; return how many."""
    num_funds, count = len(flat.timing), 0
    chains.seen[-1] += 1
    for entry in range(journal.length[0]):
        activity = journal.activity[entry]
        for option in (state.current[activity], journal.option[entry]):
            if option < 0:
                continue
            for k in range(flat.row_start[option], flat.row_start[option + 1]):
                limit = num_funds + flat.row_index[k]
                begin = chains.start[limit]
                size = chains.start[limit + 1] - begin
                shift = random.integers(0, size) if size > 0 else 0
                most = min(ADDED, count + BEHIND)
                for n in range(size):
                    if count == most:
                        break
                    other = chains.behind[begin + (shift + n) % size]
                    if chains.seen[other] == chains.seen[-1] or state.current[other] >= 0:
                        continue
                    chains.seen[other] = chains.seen[-1]
                    for new in range(flat.first[other], flat.first[other + 1]):
                        if count < most and flat.allowed[new] and _has_room(flat, state, new):
                            found[count] = new
                            count += 1
    return count


@allocating
def _add(flat: Flat, state: State, journal: Journal, chains: Chains, found: Array, random: Generator) -> None:
    """Add what a chain has made possible, the most for what it uses first."""
    count = _near(flat, state, journal, chains, found, random)
    merit, noise = np.empty(count), random.random()
    for k in range(count):
        gain = value_of(flat, state, flat.activity[found[k]], found[k])
        merit[k] = gain / (_dear(flat, state, found[k]) + 1e-3 * abs(gain)) * (1.0 + noise * random.random())
    for k in np.argsort(-merit):
        new = found[k]
        activity = flat.activity[new]
        if merit[k] <= 0:
            return
        if state.current[activity] >= 0 or not _has_room(flat, state, new):
            continue
        if breaks(flat, state, activity, new) <= 0 and value_of(flat, state, activity, new) > 0:
            change(flat, state, journal, activity, new)


@allocating
def _instead(
    flat: Flat, state: State, journal: Journal, chains: Chains, option: int, random: Generator
) -> None:
    """Add the best of what could be done in place of an option that has ended, if it is worth what it breaks.

    That is what a row lets be done only once with it: often the same, elsewhere or later.
    """
    most, best, looked = 0.0, -1, 0
    for k in range(flat.row_start[option], flat.row_start[option + 1]):
        row = flat.row_index[k]
        if flat.row_upper[row] - state.used[row] != flat.row_value[k]:
            continue
        begin = chains.start[len(flat.timing) + row]
        size = chains.start[len(flat.timing) + row + 1] - begin
        shift = random.integers(0, size) if size > 0 else 0
        for n in range(size):
            activity = chains.behind[begin + (shift + n) % size]
            if looked == PLACES or state.current[activity] >= 0 or was_changed(journal, activity):
                continue
            for new in range(flat.first[activity], flat.first[activity + 1]):
                if not flat.allowed[new]:
                    continue
                looked += 1
                merit = value_of(flat, state, activity, new) - breaks(flat, state, activity, new)
                if merit > most:
                    most, best = merit, new
    if best >= 0:
        change(flat, state, journal, flat.activity[best], best)


@allocating
def _first(flat: Flat, state: State, random: Generator) -> int:
    """Return the option that promises most of a few (chosen: it should end); -1 if none may be chosen.

    One that changes nothing promises nothing: it counts only where it is the only one drawn.
    """
    most, best = -np.inf, -1
    draws = DRAWN ** random.integers(0, 4)
    for _ in range(draws):
        option = int(random.integers(0, len(flat.option_class)))
        activity = flat.activity[option]
        if flat.allowed[option]:
            new = -1 if state.current[activity] == option else option
            gain = value_of(flat, state, activity, new)
            merit = gain - breaks(flat, state, activity, new)
            if merit > most and (gain != 0 or draws == 1):
                most, best = merit, option
    return best


@allocating
def _chain(
    flat: Flat,
    state: State,
    journal: Journal,
    chains: Chains,
    limits: Array,
    rates: Floats,
    random: Generator,
) -> int:
    """Change one activity and answer what that breaks; return how many answers there were.

    ``limits`` and ``rates`` get what each answered, and what it lost for the penalty that it took away.
    """
    option = _first(flat, state, random)
    if option < 0:
        return 0
    activity = flat.activity[option]
    change(flat, state, journal, activity, -1 if state.current[activity] == option else option)
    steps, limit = 0, broken_by(flat, state, journal)
    while limit >= 0 and steps < DEPTH:
        activity, new, rate = answer_to(flat, state, journal, chains, limit, random)
        if activity < 0:
            break
        old = state.current[activity]
        change(flat, state, journal, activity, new)
        limits[steps], rates[steps] = limit, rate
        steps += 1
        if new < 0:
            _instead(flat, state, journal, chains, old, random)
        limit = broken_by(flat, state, journal)
    return steps


@allocating
def brought(flat: Flat, state: State) -> Floats:
    """Return what would change if each activity of the plan ended."""
    chosen = np.flatnonzero(state.current >= 0)
    worth = np.empty(len(chosen))
    for k in range(len(chosen)):
        worth[k] = value_of(flat, state, chosen[k], -1)
    return worth


@allocating
def eject(
    flat: Flat,
    state: State,
    journal: Journal,
    chains: Chains,
    count: int,
    heat: float,
    small: float,
    best: Best,
    random: Generator,
) -> int:
    """Make chains from the plan as it is, which keeps all limits.

    Returns how many were kept that changed what the plan is worth.

    Parameters
    ----------
    count
        Chains.
    heat
        Loss that a chain may bring, about.
    small
        A penalty up to this is rounding.
    """
    kept = 0
    added = np.empty(ADDED, dtype=np.int64)
    limits, rates = np.empty(DEPTH, dtype=np.int64), np.empty(DEPTH)
    for _ in range(count):
        before = state.total[0]
        least = before + heat * np.log(random.random())
        journal.length[0] = 0
        state.penalty[0] = 0.0
        steps = _chain(flat, state, journal, chains, limits, rates, random)
        if state.penalty[0] <= small:
            _add(flat, state, journal, chains, added, random)
        if state.penalty[0] > small or state.total[0] < least:
            undo(flat, state, journal, 0)
        else:
            kept += state.total[0] != before
            keep_better(state, best)
        for k in range(steps):
            _learn(flat, state, chains, limits[k], rates[k])
    journal.length[0] = 0
    return kept
