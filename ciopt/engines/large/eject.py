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

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from ciopt.engines.large.breaks import breaks
from ciopt.engines.large.compiled import allocating, inlined
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.journal import Journal, change, undo
from ciopt.engines.large.kernel import over_row, overdrawn, value_of

DEPTH = 40
"""Changes against broken limits in one chain, at most."""
DRAWN = 4
"""A chain begins with the best of so many options, or the second, or third power of it, or with any."""
COMPARED, ADDED = 8, 40
"""Changes that are compared against one limit, and options that may be added at the end, at most."""
LEARNS = 0.05
"""Part by which what is known of a limit's worth moves to what was seen last."""
LEAST = 1e-3
"""A unit of a limit stays worth so much at least, in parts of what it was first."""


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
def _weight(flat: Flat, state: State, limit: int) -> float:
    num_funds = len(flat.timing)
    if limit < num_funds:
        return float(state.fund_weight[limit])
    if limit < num_funds + len(flat.row_lower):
        return float(state.row_weight[limit - num_funds])
    return float(state.unpaid_weight[0])


@inlined
def _broken(flat: Flat, state: State, journal: Journal) -> int:
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
def _answer(
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
    """Move what a unit of a limit is worth to what it cost to give it back; only while no limit is broken."""
    num_funds = len(flat.timing)
    if limit < num_funds + len(flat.row_lower):
        weight = _weight(flat, state, limit)
        weight = max(chains.least[limit], weight + LEARNS * (max(rate, 0.0) * weight - weight))
        if limit < num_funds:
            state.fund_weight[limit] = weight
        else:
            state.row_weight[limit - num_funds] = weight


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
                for n in range(size):
                    if count == ADDED:
                        return count
                    other = chains.behind[begin + (shift + n) % size]
                    if chains.seen[other] == chains.seen[-1] or state.current[other] >= 0:
                        continue
                    chains.seen[other] = chains.seen[-1]
                    for new in range(flat.first[other], flat.first[other + 1]):
                        if count < ADDED and flat.allowed[new] and _has_room(flat, state, new):
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
def _first(flat: Flat, state: State, random: Generator) -> int:
    """Return the option that promises most of a few; if it is chosen, it should end."""
    most, best = -np.inf, 0
    for _ in range(DRAWN ** random.integers(0, 4)):
        option = int(random.integers(0, len(flat.option_class)))
        activity = flat.activity[option]
        if flat.allowed[option]:
            new = -1 if state.current[activity] == option else option
            merit = value_of(flat, state, activity, new) - breaks(flat, state, activity, new)
            if merit > most:
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

    ``limits`` and ``rates`` get what each answered, and what a unit of it cost.
    """
    option = _first(flat, state, random)
    activity = flat.activity[option]
    change(flat, state, journal, activity, -1 if state.current[activity] == option else option)
    steps, limit = 0, _broken(flat, state, journal)
    while limit >= 0 and steps < DEPTH:
        activity, new, rate = _answer(flat, state, journal, chains, limit, random)
        if activity < 0:
            break
        change(flat, state, journal, activity, new)
        limits[steps], rates[steps] = limit, rate
        steps += 1
        limit = _broken(flat, state, journal)
    return steps


@allocating
def eject(
    flat: Flat,
    state: State,
    journal: Journal,
    chains: Chains,
    heat: Floats,
    small: float,
    best: Array,
    paid: Array,
    random: Generator,
) -> bool:
    """Make chains from the plan as it is, which keeps all limits; return whether one led to a better plan.

    Parameters
    ----------
    heat
        Loss that each chain may bring, about.
    small
        A penalty up to this is rounding.
    best, paid
        They get the best plan, and its payments.
    """
    top, found = state.total[0], False
    added = np.empty(ADDED, dtype=np.int64)
    limits, rates = np.empty(DEPTH, dtype=np.int64), np.empty(DEPTH)
    for hot in heat:
        least = state.total[0] + hot * np.log(random.random())
        journal.length[0] = 0
        state.penalty[0] = 0.0
        steps = _chain(flat, state, journal, chains, limits, rates, random)
        if state.penalty[0] <= small:
            _add(flat, state, journal, chains, added, random)
        if state.penalty[0] > small or state.total[0] < least:
            undo(flat, state, journal, 0)
        elif state.total[0] > top:
            top, found = state.total[0], True
            best[:] = state.current
            paid[:] = state.paid
        for k in range(steps):
            _learn(flat, state, chains, limits[k], rates[k])
    journal.length[0] = 0
    return found
