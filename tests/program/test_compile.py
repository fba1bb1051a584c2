"""The compiler and the words say the same of every option, synergy and overlap.

The words compute one option at a time with Python integers, the compiler all at once with arrays: two ways
that share no code.
"""

from __future__ import annotations

import random
from collections import defaultdict

import numpy as np
import pytest

from ciopt.instance import Lookup
from ciopt.instance.options import cost, cost_by_period, impact
from ciopt.instance.value import by_activity, movements, paying_synergies
from ciopt.program import Program, compile_program
from ciopt.program.decode import complete, decode
from ciopt.program.options import compile_options, spread_costs
from tests.oracle.random_instances import random_instance

SEEDS = range(150)


@pytest.mark.parametrize("seed", SEEDS)
def test_options_cost_and_move_what_the_words_say(seed: int) -> None:
    instance = random_instance(seed)
    lookup = Lookup(instance)
    program = compile_program(instance)
    _, blocks = compile_options(lookup)
    moved: dict[int, dict[str, int]] = defaultdict(dict)
    for columns, indicator, amounts in blocks:
        for column, amount in zip(columns.tolist(), amounts.tolist(), strict=True):
            if amount:
                moved[column][instance.indicators[indicator].id] = amount
    spread: dict[int, dict[str, int]] = defaultdict(dict)
    for column, period, amount in zip(*map(list, spread_costs(lookup, program.options)), strict=True):
        spread[int(column)][instance.periods[int(period)]] = int(amount)
    options = [program.option(number) for number in range(len(program.options))]
    assert set(options) == set(lookup.options())
    for number, option in enumerate(options):
        assert int(program.options.cost[number]) == cost(lookup, option)
        assert spread[number] == cost_by_period(lookup, option)
        assert moved[number] == impact(lookup, option)


@pytest.mark.parametrize("seed", SEEDS)
def test_any_assignment_moves_what_the_words_say(seed: int) -> None:
    """Thresholds and overlap products add up to synergies and joint impacts, for any choice of options."""
    program = compile_program(random_instance(seed))
    draw = random.Random(seed)
    for _ in range(5):
        values = complete(program, random_choice(program, draw))
        choices = decode(program, values)
        paying = paying_synergies(program.lookup, choices)
        moved = movements(program.lookup, by_activity(choices.options), paying)
        compiled = compiled_movements(program, values)
        for indicator, movement in moved.items():
            places = {place: amount for place, amount in movement.places.items() if amount}
            groups = {group: amount for group, amount in movement.groups.items() if amount}
            assert compiled[indicator] == (places, groups)


def random_choice(program: Program, draw: random.Random) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """One option, or none, an activity; synergies that may be carried are carried or not."""
    values = np.zeros(program.num_columns, dtype=np.int64)
    for activity in range(program.num_activities):
        options = np.flatnonzero(program.options.activity == activity).tolist()
        chosen = draw.choice([None, *options, *options])
        if chosen is not None:
            values[chosen] = 1
    impossible = {label.partition(" has no ")[0] for label in program.rows.labels if " has no " in label}
    for instance in set(program.carried.instance.tolist()):
        if program.label(int(program.carried_columns[instance])) in impossible:
            continue  # a row says so: no partner, or no second one, can do the members
        able = program.carried.column[program.carried.instance == instance].tolist()
        if draw.random() < 0.7:
            values[draw.choice(able)] = 1
            values[program.carried_columns[instance]] = 1
    return np.minimum(values, program.upper)


def compiled_movements(
    program: Program, values: np.ndarray[tuple[int], np.dtype[np.int64]]
) -> dict[str, tuple[dict[str, int], dict[str, int]]]:
    """Add up the program's effects by place and by group."""
    found: dict[str, tuple[dict[str, int], dict[str, int]]] = {
        indicator.id: ({}, {}) for indicator in program.instance.indicators
    }
    effects, groups = program.effects, list(program.lookup.groups)
    fields = (effects.column, effects.indicator, effects.place, effects.group, effects.amount)
    for column, indicator, place, group, amount in zip(*(field.tolist() for field in fields), strict=True):
        if values[column]:
            ledgers = found[program.instance.indicators[indicator].id]
            ledger = ledgers[0] if place >= 0 else ledgers[1]
            key = program.instance.places[place].id if place >= 0 else groups[group]
            ledger[key] = ledger.get(key, 0) + amount
    return {
        indicator: ({k: v for k, v in places.items() if v}, {k: v for k, v in in_groups.items() if v})
        for indicator, (places, in_groups) in found.items()
    }


@pytest.mark.parametrize("seed", range(40))
def test_compiling_twice_gives_the_same_program(seed: int) -> None:
    one, other = (compile_program(random_instance(seed)) for _ in range(2))
    assert one.rows.labels == other.rows.labels
    for name in ("value", "lower", "upper"):
        assert (getattr(one.rows, name) == getattr(other.rows, name)).all()
    assert (one.upper == other.upper).all()
    for goal, again in zip(one.goals, other.goals, strict=True):
        assert (goal.column == again.column).all()
        assert (goal.coefficient == again.coefficient).all()
