"""What changes step by step equals what is computed anew: worth, penalties, rows, payments."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from ciopt.engines.large.flat import Flat, State, flatten
from ciopt.engines.large.kernel import choose, restore, value_of
from ciopt.engines.large.payments import repay
from ciopt.engines.large.plan_state import Penalties, column_values, empty_state, is_allowed, recount
from ciopt.generate import family, generate
from ciopt.instance import parse
from ciopt.program import compile_program
from ciopt.program.decode import complete
from ciopt.program.model import NONE, Program, RowKind
from tests.models.small import instance, partner
from tests.oracle.random_instances import random_instance

Array = NDArray[np.int64]


def flat_of(program: Program) -> tuple[Flat, State]:
    flat = flatten(program, program.goals[0])
    counted = np.zeros(len(flat.row_lower), dtype=np.bool_)
    ones = Penalties(np.ones(len(flat.row_lower)), np.ones(len(flat.timing)), counted)
    return flat, empty_state(flat, ones, np.zeros(flat.amount.shape, dtype=np.int64))


def walk(program: Program, flat: Flat, state: State, seed: int, steps: int) -> None:
    """Choose options at random; every third time, go back."""
    draw = np.random.default_rng(seed)
    able = np.flatnonzero(program.upper[: len(program.options)])
    for step in range(steps):
        option = int(draw.choice(able))
        activity = int(program.options.activity[option])
        old, paid = int(state.current[activity]), state.paid[activity].copy()
        choose(flat, state, activity, -1 if draw.random() < 0.3 else option)
        if step % 3 == 2:
            restore(flat, state, activity, old, paid)
            assert (state.paid[activity] == paid).all()


@pytest.mark.parametrize("seed", range(40))
def test_a_walk_of_changes_leaves_what_the_choices_give(seed: int) -> None:
    program = compile_program(random_instance(seed, "small"))
    if not len(program.options):
        return
    flat, state = flat_of(program)
    walk(program, flat, state, seed, 60)
    values = np.zeros(program.num_columns, dtype=np.int64)
    values[state.current[state.current >= 0]] = 1
    values[program.carried_columns] = program.upper[program.carried_columns]
    follows = flat.follow[program.carried_columns]
    values[follows[follows >= 0]] = 1
    exact = complete(program, values)
    structural = ~program.measures
    structural[program.payers.pooled[:, -1]] = False
    structural[program.payers.itemised[:, -1]] = False
    assert (exact[structural] == column_values(flat, state)[structural]).all()
    total, penalty = int(state.total[0]), float(state.penalty[0])
    recount(flat, state)
    assert int(state.total[0]) == total
    assert float(state.penalty[0]) == pytest.approx(penalty)


@pytest.mark.parametrize("seed", range(40))
def test_everything_chosen_is_paid_for_to_the_unit(seed: int) -> None:
    program = compile_program(random_instance(seed, "small"))
    if not len(program.options):
        return
    flat, state = flat_of(program)
    walk(program, flat, state, seed, 40)
    for activity in range(program.num_activities):
        option = int(state.current[activity])
        due = program.payers.due
        mine = due[due[:, 0] == option]
        paid = np.zeros(flat.amount.shape[1], dtype=np.int64)
        np.add.at(paid, mine[:, 1], mine[:, 2])
        assert int(state.paid[activity].sum()) + int(state.unpaid[activity]) == int(paid.sum())
        assert (state.paid[activity].sum(axis=0) <= paid).all()
    assert state.paid.sum() == state.spent.sum()


def test_limits_that_hold_are_seen_to_hold() -> None:
    """The empty plan of an instance whose rows all allow it."""
    for seed in range(20):
        program = compile_program(random_instance(seed, "small"))
        flat, state = flat_of(program)
        rows = program.rows
        needs = (rows.kind == RowKind.LIMIT) & ((rows.lower > 0) | (rows.upper < 0)) & (rows.lower > -NONE)
        if not needs.any() and not flat.least.any():
            assert is_allowed(flat, state)


@pytest.mark.parametrize("seed", range(40))
def test_the_short_cut_says_what_the_long_way_says(seed: int) -> None:
    program = compile_program(random_instance(seed, "small"))
    if not len(program.options):
        return
    flat, state = flat_of(program)
    draw = np.random.default_rng(seed)
    long_way = flat._replace(simple=np.zeros_like(flat.simple))
    for _ in range(5):
        walk(program, flat, state, seed, 7)
        for option in range(-1, len(program.options)):
            activity = (
                int(program.options.activity[option])
                if option >= 0
                else int(draw.integers(program.num_activities))
            )
            short, long = value_of(flat, state, activity, option), value_of(long_way, state, activity, option)
            assert short == pytest.approx(long, rel=1e-12, abs=1e-6)


def test_many_options_are_simple() -> None:
    flat, _ = flat_of(compile_program(parse(generate(family("multi-period")))))
    assert flat.simple.mean() > 0.9


@pytest.mark.parametrize("ratio", [0, 1])
def test_a_fund_that_matches_nothing_pays_nothing_when_payments_are_made_anew(ratio: int) -> None:
    """The flow knows no matches; a class with one of ratio 0 was taken for a class without."""
    wells = [{"id": place} for place in "ab"]
    made = instance(
        places=wells,
        partners=[partner("p", 150), {"id": "donor", "roles": ["funding"]}],
        funds=[
            {"id": "m", "partner": "donor", "amount": 1000, "match": {"with": ["budget:p"], "ratio": ratio}}
        ],
        interventions=[{"id": "well", "cost": 100, "impact": {"k": 1}}],
        capabilities=[{"partner": "p", "intervention": "well"}],
    )
    program = compile_program(made)
    flat, state = flat_of(program)
    for option in range(len(program.options)):
        choose(flat, state, int(program.options.activity[option]), option)
    repay(flat, state, np.zeros(flat.amount.shape, dtype=np.int64))
    given: dict[str, int] = {}
    for activity, option in enumerate(state.current.tolist()):
        group = flat.option_class[option]
        for place, fund in enumerate(flat.payer_index[flat.payer_start[group] : flat.payer_start[group + 1]]):
            name = program.payers.purses[int(fund)].name
            given[name] = given.get(name, 0) + int(state.paid[activity, place].sum())
    assert sum(given.values()) + int(state.unpaid.sum()) == 200_00
    assert given["m"] <= ratio * given["budget:p"]
    assert (given["m"] > 0) == (ratio > 0)
