"""Compiled code: exchanges around one limit, so that what it allows is used to the last unit.

For one limit, a few options that use it and are chosen (those that are missed least) may go, a few others may
come, up to two of each. All combinations are valued by their single changes; the best are tried exactly.
"""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.compiled import allocating, compiled
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.journal import SMALL, Journal, change, undo
from ciopt.engines.large.kernel import value_of
from ciopt.engines.large.room import Limits, gives, slack_of, spends, takes

MOST = 4
"""Activities that one exchange changes."""
TRIED = 12
"""Combinations that are tried exactly, one after the other."""


@compiled
def value_all(
    flat: Flat,
    state: State,
    limits: Limits,
    limit: int,
    worth: Floats,
    merit: Floats,
    more: Array,
) -> None:
    """What changing each candidate of a limit brings (a chosen one: dropping it).

    ``worth`` gets the change itself, ``merit`` the change with all other limits' units at their prices, and
    ``more`` what it takes of the limit.
    """
    start, row = limits.start[limit], limits.row[limit]
    counted = row < 0 or state.counted[row]
    if row >= 0:
        state.counted[row] = True  # what breaks this limit is not for single changes to say
    for k in range(start, limits.start[limit + 1]):
        option = limits.options[k]
        activity = flat.activity[option]
        old = state.current[activity]
        new = -1 if old == option else option
        n = k - start
        worth[n] = value_of(flat, state, activity, new)
        more[n] = -gives(flat, state, limits, limit, activity)
        uses = -spends(flat, state, limits, activity)
        if new >= 0:
            taken, spent = takes(flat, state, limits, limit, new, limits.use[k])
            more[n] += taken
            uses += spent
        merit[n] = worth[n] + limits.unit[limit] * more[n] - uses
    if row >= 0:
        state.counted[row] = counted


@allocating
def promising(flat: Flat, state: State, options: Array, score: Floats, width: int) -> tuple[Array, Array]:
    """Positions of the chosen options that are missed least, and of the others that are wanted most."""
    outs = np.empty(width, dtype=np.int64)
    ins = np.empty(width, dtype=np.int64)
    num_outs, num_ins = 0, 0
    for n in np.argsort(-score):
        if state.current[flat.activity[options[n]]] == options[n]:
            if num_outs < width:
                outs[num_outs] = n
                num_outs += 1
        elif num_ins < width:
            ins[num_ins] = n
            num_ins += 1
        if num_outs == width and num_ins == width:
            break
    return outs[:num_outs], ins[:num_ins]


@allocating
def _sets(picked: Array, more: Array, worth: Floats) -> tuple[Array, Array, Floats]:
    """The empty set, single ones and pairs: (members, what they take, worth)."""
    n = len(picked)
    size = 1 + n + n * (n - 1) // 2
    members = np.full((size, 2), -1, dtype=np.int64)
    takes = np.zeros(size, dtype=np.int64)
    worths = np.zeros(size)
    row = 1
    for i in range(n):
        for j in range(-1, i):
            members[row, 0] = picked[i]
            takes[row] = more[picked[i]]
            worths[row] = worth[picked[i]]
            if j >= 0:
                members[row, 1] = picked[j]
                takes[row] += more[picked[j]]
                worths[row] += worth[picked[j]]
            row += 1
    return members, takes, worths


@allocating
def combinations(
    outs: Array, ins: Array, more: Array, worth: Floats, slack: int, least: float
) -> tuple[Array, Floats]:
    """Return the best sets that come and go: (TRIED, 4) positions or -1, the best first, and their worth.

    Each set that comes is paired with the one that is missed least of those that free enough for it.
    """
    gone, freed, lost = _sets(outs, more, worth)
    come, taken, won = _sets(ins, more, worth)
    order = np.argsort(freed)  # those that free most come first
    top = np.empty(len(order), dtype=np.int64)
    for k in range(len(order)):
        top[k] = order[k] if k == 0 or lost[order[k]] > lost[top[k - 1]] else top[k - 1]
    amounts = freed[order]
    best = np.full(TRIED, least)
    pair = np.full((TRIED, 2), -1, dtype=np.int64)
    for i in range(len(come)):
        enough = np.searchsorted(amounts, slack - taken[i], side="right")
        if enough == 0:
            continue
        j = top[enough - 1]
        both = won[i] + lost[j]
        if both > best[TRIED - 1] and i + j > 0:
            place = TRIED - 1
            while place > 0 and best[place - 1] < both:
                best[place] = best[place - 1]
                pair[place] = pair[place - 1]
                place -= 1
            best[place] = both
            pair[place, 0], pair[place, 1] = i, j
    found = np.full((TRIED, MOST), -1, dtype=np.int64)
    for n in range(TRIED):
        if pair[n, 0] >= 0:
            found[n, :2] = gone[pair[n, 1]]
            found[n, 2:] = come[pair[n, 0]]
    return found, best


@compiled
def make(flat: Flat, state: State, journal: Journal, options: Array, positions: Array, least: float) -> bool:
    """Make an exchange; take it back unless it brings more than ``least`` and breaks no limit.

    Of two options of one activity neither is taken.
    """
    mark = journal.length[0]
    total, penalty = state.total[0], state.penalty[0]
    changed = False
    for k in range(MOST):
        if positions[k] >= 0:
            option = options[positions[k]]
            activity = flat.activity[option]
            for entry in range(mark, journal.length[0]):
                if journal.activity[entry] == activity:
                    undo(flat, state, journal, mark)
                    return False
            old = state.current[activity]
            change(flat, state, journal, activity, -1 if old == option else option)
            changed = True
    if changed and state.total[0] - total > least and state.penalty[0] <= penalty + SMALL:
        return True
    undo(flat, state, journal, mark)
    return False


@allocating
def around(
    flat: Flat, state: State, journal: Journal, limits: Limits, limit: int, width: int, least: float
) -> bool:
    """Make the best exchange among the candidates of one limit that brings more than ``least``."""
    options = limits.options[limits.start[limit] : limits.start[limit + 1]]
    worth, merit = np.empty(len(options)), np.empty(len(options))
    more = np.empty(len(options), dtype=np.int64)
    value_all(flat, state, limits, limit, worth, merit, more)
    score = merit - limits.unit[limit] * more
    outs, ins = promising(flat, state, options, score, width)
    slack = slack_of(flat, state, limits, limit)
    found, _ = combinations(outs, ins, more, worth, slack, least)
    for n in range(TRIED):
        if found[n].max() < 0:
            return False
        if make(flat, state, journal, options, found[n], least):
            return True
    return False


@allocating
def sweep(
    flat: Flat,
    state: State,
    journal: Journal,
    limits: Limits,
    order: Array,
    width: int,
    rounds: int,
    least: float,
) -> int:
    """Go round the limits in the given order; return the number of exchanges made."""
    made = 0
    for limit in order:
        for _ in range(rounds):
            if not around(flat, state, journal, limits, limit, width, least):
                break
            journal.length[0] = 0
            made += 1
    return made


@allocating
def narrow(flat: Flat, state: State, limits: Limits, width: int) -> tuple[Array, Array, Array]:
    """Return (start, options, use) of the most promising candidates of each limit, so many of either kind."""
    count = len(limits.start) - 1
    start = np.zeros(count + 1, dtype=np.int64)
    kept = np.empty(min(len(limits.options), 2 * width * count), dtype=np.int64)
    for limit in range(count):
        first = limits.start[limit]
        options = limits.options[first : limits.start[limit + 1]]
        worth, merit = np.empty(len(options)), np.empty(len(options))
        more = np.empty(len(options), dtype=np.int64)
        value_all(flat, state, limits, limit, worth, merit, more)
        outs, ins = promising(flat, state, options, merit - limits.unit[limit] * more, width)
        end = start[limit]
        kept[end : end + len(outs)] = first + outs
        kept[end + len(outs) : end + len(outs) + len(ins)] = first + ins
        start[limit + 1] = end + len(outs) + len(ins)
    kept = kept[: start[count]]
    return start, limits.options[kept], limits.use[kept]
