"""Compiled code: the best change of one activity again and again, over broken limits too.

Each change is the best there is for the plan as it stands: worth, less penalties for what it breaks. What was
changed rests for a while (Glover 1989, https://doi.org/10.1287/ijoc.1.3.190), so that the search leaves local
optima. Penalties count less as long as the plan keeps all limits, and more as long as it breaks some: the
search swings about the border, where the good plans are (strategic oscillation: Glover & Hao 2011).

What each change would be worth is kept, and computed anew only near what was changed.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.random import Generator

from ciopt.engines.large.best import Best, keep_better
from ciopt.engines.large.breaks import breaks
from ciopt.engines.large.compiled import allocating, compiled, inlined
from ciopt.engines.large.flat import Array, Flags, Flat, Floats, State, sorted_by
from ciopt.engines.large.journal import Journal, change
from ciopt.engines.large.kernel import value_of
from ciopt.program.model import Program

SWING = 1.1
"""Factor of penalties after a step that ends with broken limits, or divisor after one without."""
LIGHT, HEAVY = 0.02, 50.0
"""Penalties count at least and at most so much."""
PATIENCE = 10_000
"""Steps without a better plan before a search ends."""
STEPS, LAST, REST = 0, 1, 2
"""Places of `Memory.clock`: steps made, those when a better plan was found last, and the steps for which what
was changed rests, at least."""


class Near(NamedTuple):
    """Who is touched when an option changes: members of thresholds, options of literals.

    ``plain`` are the options that touch only members of their thresholds which are options themselves.
    """

    plain: Flags
    member_start: Array
    member_index: Array
    holder_start: Array
    holder_index: Array


class Memory(NamedTuple):
    """What a search knows of its way.

    Parameters
    ----------
    gain
        What each option's change is worth.
    free_at
        Step until which each activity rests.
    heft
        How much penalties count (one number).
    clock
        Numbers that `STEPS` and those beside it explain.
    """

    gain: Floats
    free_at: Array
    heft: Floats
    clock: Array


def new_memory(flat: Flat, rest: int) -> Memory:
    """Begin a search; what was changed rests for so many steps at least, and three times as many at most."""
    return Memory(
        np.full(len(flat.option_class), -np.inf),
        np.zeros(len(flat.first) - 1, dtype=np.int64),
        np.ones(1),
        np.array([0, 0, rest], dtype=np.int64),
    )


def near_of(program: Program, flat: Flat) -> Near:
    """Find who is touched when an option changes."""
    literals, count = program.literals, len(program.options)
    member = np.repeat(np.arange(len(literals)), np.diff(flat.threshold_start))
    member_start, member_index = sorted_by(flat.threshold_index, member, len(flat.needed))
    owner = np.repeat(np.arange(len(literals)), literals.lengths)
    is_option = literals.index < count
    of = program.options.activity[np.where(is_option, literals.index, 0)]
    single = (literals.lengths > 0) & (np.bincount(owner[~is_option], minlength=len(literals)) == 0)
    first = of[np.minimum(literals.start[:-1], max(0, len(of) - 1))]
    single[owner[of != first[owner]]] = False
    mixed = np.zeros(len(flat.needed), dtype=np.bool_)
    mixed[flat.threshold_index[~single[member]]] = True
    touches = np.zeros(len(literals), dtype=np.bool_)
    touches[member[mixed[flat.threshold_index]]] = True
    touches[flat.pair_other[~single[np.repeat(np.arange(len(literals)), np.diff(flat.pair_start))]]] = True
    plain = flat.simple.copy()
    plain[literals.index[touches[owner] & is_option]] = False
    return Near(plain, member_start, member_index, literals.start, literals.index)


@compiled
def _look(flat: Flat, state: State, near: Near, gain: Floats, activity: int, literal: int) -> None:
    """Compute what the changes of an activity are worth; those of a literal's options, if one is named.

    If the chosen option is among them, all changes are touched.
    """
    current = state.current[activity]
    first, count = flat.first[activity], flat.first[activity + 1] - flat.first[activity]
    whole = literal < 0
    if not whole:
        start, end = near.holder_start[literal], near.holder_start[literal + 1]
        for k in range(start, end):
            whole = whole or near.holder_index[k] == current
        if not whole:
            count = end - start
    for k in range(count):
        option = first + k if whole else near.holder_index[start + k]
        if flat.allowed[option] or option == current:
            gain[option] = value_of(flat, state, activity, -1 if option == current else option)


@inlined
def _look_at_holders(flat: Flat, state: State, near: Near, gain: Floats, activity: int, literal: int) -> None:
    """Compute what the changes of another activity are worth that holds a literal."""
    if near.holder_start[literal] < near.holder_start[literal + 1]:
        other = flat.activity[near.holder_index[near.holder_start[literal]]]
        if other != activity:
            _look(flat, state, near, gain, other, literal)


@compiled
def _look_near(flat: Flat, state: State, near: Near, gain: Floats, activity: int, old: int) -> None:
    """Compute anew what a change of one activity (from ``old`` to what it is now) has touched."""
    _look(flat, state, near, gain, activity, -1)
    for option in (old, state.current[activity]):
        if option < 0:
            continue
        for k in range(flat.literal_start[option], flat.literal_start[option + 1]):
            literal = flat.literal_index[k]
            for m in range(flat.pair_start[literal], flat.pair_start[literal + 1]):
                _look_at_holders(flat, state, near, gain, activity, flat.pair_other[m])
            for m in range(flat.threshold_start[literal], flat.threshold_start[literal + 1]):
                threshold = flat.threshold_index[m]
                for n in range(near.member_start[threshold], near.member_start[threshold + 1]):
                    _look_at_holders(flat, state, near, gain, activity, near.member_index[n])


@compiled
def _best_change(flat: Flat, state: State, memory: Memory, top: int, small: float) -> int:
    """Option whose choice (if it is chosen: whose end) is the best change now; -1 if all rest.

    What would lead to a plan that is worth more than ``top`` need not rest.
    """
    most, best = -np.inf, -1
    heft = memory.heft[0]
    relief = heft * state.penalty[0]
    for option in range(len(memory.gain)):
        gain = memory.gain[option]
        activity = flat.activity[option]
        rests = memory.free_at[activity] > memory.clock[STEPS]
        if gain == -np.inf or gain + relief <= most or (rests and state.total[0] + gain <= top):
            continue
        broken = breaks(flat, state, activity, -1 if state.current[activity] == option else option)
        if rests and state.penalty[0] + broken > small:
            continue
        merit = gain - heft * broken
        if merit > most:
            most, best = merit, option
    return best


@allocating
def swing(
    flat: Flat,
    state: State,
    journal: Journal,
    near: Near,
    memory: Memory,
    looks: int,
    small: float,
    best: Best,
    random: Generator,
) -> bool:
    """Go on from the plan as it is; return whether there was a better one on the way.

    Parameters
    ----------
    looks
        Looks at an option, about, before it ends.
    small
        A penalty up to this is rounding.
    best
        It gets the best plan that keeps all limits.
    """
    made, found = len(memory.gain), False
    for activity in range(len(state.current)):
        _look(flat, state, near, memory.gain, activity, -1)
    while made < looks and memory.clock[STEPS] - memory.clock[LAST] < PATIENCE:
        made += len(memory.gain)
        memory.clock[STEPS] += 1
        option = _best_change(flat, state, memory, best.total[0], small)
        if option >= 0:
            activity = flat.activity[option]
            old = state.current[activity]
            new = -1 if old == option else option
            change(flat, state, journal, activity, new)
            journal.length[0] = 0
            rest = random.integers(memory.clock[REST], 3 * memory.clock[REST] + 1)
            memory.free_at[activity] = memory.clock[STEPS] + rest
            is_plain = (old < 0 or near.plain[old]) and (new < 0 or near.plain[new])
            if is_plain:
                _look_near(flat, state, near, memory.gain, activity, old)
            else:
                made += len(memory.gain)
                for other in range(len(state.current)):
                    _look(flat, state, near, memory.gain, other, -1)
        if state.penalty[0] > small:
            memory.heft[0] = min(memory.heft[0] * SWING, HEAVY)
            continue
        memory.heft[0] = max(memory.heft[0] / SWING, LIGHT)
        if keep_better(state, best):
            found = True
            memory.clock[LAST] = memory.clock[STEPS]
    return found
