"""Compiled code: exchanges around one limit, so that what it allows is used to the last unit.

For one limit, a few options that use it and are chosen (those that are missed least) may go, a few others may
come, up to two of each. All combinations are valued by their single changes; the best are tried exactly.
"""

from __future__ import annotations

import numpy as np

from ciopt.engines.large.compiled import compiled
from ciopt.engines.large.flat import Array, Flat, Floats, State
from ciopt.engines.large.kernel import choose, restore

MOST = 4
"""Activities that one exchange changes."""
SMALL = 1e-3
"""Rounding of penalties, which are sums of floats."""
TRIED = 12
"""Combinations that are tried exactly, one after the other."""


@compiled
def merit(state: State) -> float:
    """Worth less penalties."""
    worth: float = state.total[0] - state.penalty[0]
    return worth


@compiled
def attempt(
    flat: Flat, state: State, activities: Array, options: Array, count: int, least: float, saved: Array
) -> bool:
    """Make up to four changes; keep them if merit grows by more than ``least``, else go back exactly."""
    before, penalty = merit(state), state.penalty[0]
    olds = np.empty(count, dtype=np.int64)
    for n in range(count):
        activity = activities[n]
        olds[n] = state.current[activity]
        saved[n] = state.paid[activity]
        choose(flat, state, activity, options[n])
    if merit(state) - before > least and state.penalty[0] <= penalty + SMALL:
        return True
    for n in range(count - 1, -1, -1):
        restore(flat, state, activities[n], olds[n], saved[n])
    return False


@compiled
def score(flat: Flat, state: State, options: Array, price: Floats, change: Floats, saved: Array) -> Floats:
    """What changing each option would leave after paying for all limits; ``change`` gets the worth itself."""
    scores = np.empty(len(options))
    penalty = state.penalty[0]
    for n in range(len(options)):
        option = options[n]
        activity = flat.activity[option]
        old = state.current[activity]
        total = state.total[0]
        saved[0] = state.paid[activity]
        choose(flat, state, activity, -1 if old == option else option)
        change[n] = state.total[0] - total
        restore(flat, state, activity, old, saved[0])
        scores[n] = change[n] + (price[old] if old >= 0 else 0.0)
        if old != option:
            scores[n] -= price[option]
    state.penalty[0] = penalty
    return scores


@compiled
def promising(flat: Flat, state: State, options: Array, scores: Floats, width: int) -> Array:
    """Positions of the options that are missed least or wanted most, so many of either kind."""
    picked = np.empty(2 * width, dtype=np.int64)
    outs, ins, count = 0, 0, 0
    for n in np.argsort(-scores):
        chosen = state.current[flat.activity[options[n]]] == options[n]
        if chosen and outs < width:
            outs += 1
        elif not chosen and ins < width:
            ins += 1
        else:
            continue
        picked[count] = n
        count += 1
    return picked[:count]


@compiled
def around(
    flat: Flat,
    state: State,
    options: Array,
    use: Array,
    slack: int,
    price: Floats,
    width: int,
    least: float,
    saved: Array,
) -> int:
    """Make the best exchange among a few options that use one limit; return 1 if there was one.

    Parameters
    ----------
    options, use
        Options that use the limit, and how much.
    slack
        What the limit leaves.
    price
        What each option's uses of all limits are worth.
    width
        Candidates on either side.
    least
        Worth that an exchange must bring.
    """
    change = np.empty(len(options))
    scores = score(flat, state, options, price, change, saved)
    picked = promising(flat, state, options, scores, width)
    outs = np.empty(len(picked), dtype=np.int64)
    ins = np.empty(len(picked), dtype=np.int64)
    num_outs, num_ins = 0, 0
    for n in picked:
        if state.current[flat.activity[options[n]]] == options[n]:
            outs[num_outs] = n
            num_outs += 1
        else:
            ins[num_ins] = n
            num_ins += 1
    return _combine(flat, state, options, use, change, outs[:num_outs], ins[:num_ins], slack, least, saved)


@compiled
def _sets(picked: Array, use: Array, change: Floats, sign: int) -> tuple[Array, Array, Floats]:
    """The empty set, single ones and pairs: (members, use, change)."""
    n = len(picked)
    size = 1 + n + n * (n - 1) // 2
    members = np.full((size, 2), -1, dtype=np.int64)
    uses = np.zeros(size, dtype=np.int64)
    changes = np.zeros(size)
    row = 1
    for i in range(n):
        members[row, 0] = picked[i]
        uses[row] = sign * use[picked[i]]
        changes[row] = change[picked[i]]
        row += 1
    for i in range(n):
        for j in range(i):
            members[row, 0], members[row, 1] = picked[i], picked[j]
            uses[row] = sign * (use[picked[i]] + use[picked[j]])
            changes[row] = change[picked[i]] + change[picked[j]]
            row += 1
    return members, uses, changes


@compiled
def _combine(
    flat: Flat,
    state: State,
    options: Array,
    use: Array,
    change: Floats,
    outs: Array,
    ins: Array,
    slack: int,
    least: float,
    saved: Array,
) -> int:
    """Pair sets that go with sets that come; try the most promising."""
    gone, freed, lost = _sets(outs, use, change, 1)
    come, taken, won = _sets(ins, use, change, 1)
    best = np.full(TRIED, least)
    pair = np.full((TRIED, 2), -1, dtype=np.int64)
    for i in range(len(come)):
        for j in range(len(gone)):
            worth = won[i] + lost[j]
            if worth > best[TRIED - 1] and taken[i] - freed[j] <= slack:
                place = TRIED - 1
                while place > 0 and best[place - 1] < worth:
                    best[place] = best[place - 1]
                    pair[place] = pair[place - 1]
                    place -= 1
                best[place] = worth
                pair[place, 0], pair[place, 1] = i, j
    activities = np.empty(MOST, dtype=np.int64)
    wanted = np.empty(MOST, dtype=np.int64)
    for n in range(TRIED):
        if pair[n, 0] < 0:
            break
        count = 0
        twice = False
        for side in range(2):
            members = gone[pair[n, 1]] if side == 0 else come[pair[n, 0]]
            for k in range(2):
                if members[k] >= 0:
                    option = options[members[k]]
                    activity = flat.activity[option]
                    for m in range(count):
                        if activities[m] == activity:
                            twice = True
                    activities[count] = activity
                    wanted[count] = -1 if side == 0 else option
                    count += 1
        if not twice and count > 0 and attempt(flat, state, activities, wanted, count, least, saved):
            return 1
    return 0


@compiled
def sweep(
    flat: Flat,
    state: State,
    start: Array,
    options: Array,
    use: Array,
    limit: Array,
    order: Array,
    price: Floats,
    width: int,
    rounds: int,
    least: float,
    saved: Array,
) -> int:
    """Go round the limits in the given order; return the number of exchanges made.

    ``start``, ``options`` and ``use`` list the options of each limit, ``limit`` what it allows in all.
    """
    made = 0
    for n in order:
        mine, uses = options[start[n] : start[n + 1]], use[start[n] : start[n + 1]]
        scores = score(flat, state, mine, price, np.empty(len(mine)), saved)
        picked = promising(flat, state, mine, scores, 2 * width)
        for _ in range(rounds):
            slack = limit[n]
            for k in range(len(mine)):
                if state.current[flat.activity[mine[k]]] == mine[k]:
                    slack -= uses[k]
            if around(flat, state, mine[picked], uses[picked], slack, price, width, least, saved) == 0:
                break
            made += 1
    return made


@compiled
def drop(
    flat: Flat, state: State, options: Array, use: Array, price: Floats, over: int, saved: Array
) -> None:
    """Take options of an overdrawn limit away until it holds, those that are missed least first."""
    while over > 0:
        best, where = np.inf, -1
        for k in range(len(options)):
            option = options[k]
            activity = flat.activity[option]
            if state.current[activity] != option or use[k] <= 0:
                continue
            total = state.total[0]
            saved[0] = state.paid[activity]
            choose(flat, state, activity, -1)
            loss = total - state.total[0] - price[option]
            restore(flat, state, activity, option, saved[0])
            rate = loss / min(use[k], over)
            if rate < best:
                best, where = rate, k
        if where < 0:
            return
        choose(flat, state, flat.activity[options[where]], -1)
        over -= use[where]


@compiled
def gains(flat: Flat, state: State, saved: Array) -> Floats:
    """Worth that each option would bring now; minus infinity where a limit would be broken."""
    found = np.full(len(flat.option_class), -np.inf)
    for option in range(len(found)):
        activity = flat.activity[option]
        old = state.current[activity]
        if old == option:
            continue
        total, penalty = state.total[0], state.penalty[0]
        saved[0] = state.paid[activity]
        choose(flat, state, activity, option)
        if state.penalty[0] <= penalty + SMALL:
            found[option] = state.total[0] - total
        restore(flat, state, activity, old, saved[0])
        state.penalty[0] = penalty
    return found


@compiled
def fill(flat: Flat, state: State, order: Array, saved: Array) -> int:
    """Choose options in the given order wherever merit grows; return how many."""
    made = 0
    for option in order:
        activity = flat.activity[option]
        total, penalty, old = state.total[0], state.penalty[0], state.current[activity]
        if old == option:
            continue
        saved[0] = state.paid[activity]
        choose(flat, state, activity, option)
        if state.total[0] > total and state.penalty[0] <= penalty + SMALL:
            made += 1
        else:
            restore(flat, state, activity, old, saved[0])
    return made
