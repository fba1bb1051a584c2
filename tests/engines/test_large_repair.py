"""A plan that breaks limits is repaired: moves relieve what they say, and flexible money is left over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from ciopt.engines.large.breaks import breaks
from ciopt.engines.large.flat import ALONE
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.kernel import choose, set_plan
from ciopt.engines.large.mend import broken
from ciopt.engines.large.plan_state import is_allowed, recount
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.relieve import relieve
from ciopt.engines.large.repairer import rounding_of
from ciopt.engines.large.structure import structure_of
from ciopt.generate import family, generate
from ciopt.instance import Instance, parse
from ciopt.program import compile_program
from tests.oracle.random_instances import random_instance

Array = NDArray[np.int64]


def improver_of(made: Instance, steps: int = 40) -> Improver:
    program = compile_program(made)
    search = PriceSearch(Relaxation(structure_of(program, program.goals[0])))
    for _ in range(steps):
        search.step()
    return Improver(search.relaxation, program.goals[0], search.best, search.relaxed, 0)


def crowded(improver: Improver, draw: np.random.Generator) -> None:
    """Do everything in some way, whatever it breaks."""
    first = improver.flat.first
    count = np.diff(first)
    some = first[:-1] + (draw.random(len(count)) * count).astype(np.int64)
    set_plan(improver.flat, improver.state, np.where(count > 0, some, -1))
    improver.state.counted[:] = True
    recount(improver.flat, improver.state)


def own_rows(improver: Improver, old: int, new: int) -> Array:
    """What the rows of two options alone change."""
    flat = improver.flat
    found = np.zeros(len(flat.row_lower), dtype=np.int64)
    for option, sign in ((old, -1), (new, 1)):
        if option >= 0:
            entries = slice(flat.row_start[option], flat.row_start[option + 1])
            np.add.at(found, flat.row_index[entries], sign * flat.row_value[entries])
    return found


def test_a_change_breaks_what_it_was_said_to_break() -> None:
    """Exactly so where one fund pays and no row follows from others; else it is only guessed before."""
    compared = broke = 0
    for seed in range(30):
        improver = improver_of(random_instance(seed, "small"), steps=5)
        flat, state, draw = improver.flat, improver.state, np.random.default_rng(seed)
        if not len(flat.option_class):
            continue
        crowded(improver, draw)
        pays_whole = (flat.share == 10**6)[flat.payer_index] & (flat.payer_role == ALONE)
        alone = (np.diff(flat.payer_start) == 1) & pays_whole[flat.payer_start[:-1]]
        for option in draw.permutation(len(flat.option_class))[:20].tolist():
            activity = int(flat.activity[option])
            old, used, fixed = int(state.current[activity]), state.used.copy(), state.fixed.copy()
            said, before = breaks(flat, state, activity, option), float(state.penalty[0])
            choose(flat, state, activity, option)
            is_direct = (state.used - used == own_rows(improver, old, option)).all()
            paid_alone = alone[flat.option_class[[option] if old < 0 else [old, option]]].all()
            if is_direct and paid_alone and (state.fixed == fixed).all():
                change = float(state.penalty[0]) - before
                assert change == pytest.approx(said, rel=1e-9, abs=1e-3 + 1e-9 * before)
                compared += 1
                broke += change != 0
    assert compared > 50
    assert broke > 20


@pytest.mark.parametrize("seed", range(6))
def test_moves_relieve_and_repair_ends_in_a_plan(seed: int) -> None:
    made = parse(generate(replace(family("multi-period"), activities=200, partners=8, seed=seed)))
    improver = improver_of(made)
    flat, state = improver.flat, improver.state
    crowded(improver, np.random.default_rng(seed))
    start, activities = improver.repairer.behind
    limits = broken(flat, state)
    assert len(limits)
    for limit in limits.tolist():
        before = float(state.penalty[0])
        near = activities[start[limit] : start[limit + 1]]
        made_moves = relieve(flat, state, improver.journal, improver.limits, limit, near, rounding_of(state))
        assert float(state.penalty[0]) < before if made_moves else float(state.penalty[0]) == before
    improver.repairer.run()
    assert is_allowed(flat, state)


def test_money_that_may_pay_for_most_is_left_over() -> None:
    """Own money pays first, although the fund could have paid everything."""
    partners: list[dict[str, Any]] = [
        {"id": who, "roles": ["implementing"], "budget": 10} for who in ("p", "q")
    ]
    made = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "a"}],
            "indicators": [{"id": "k"}],
            "partners": [*partners, {"id": "g", "roles": ["funding"]}],
            "funds": [{"id": "all", "partner": "g", "amount": 20}],
            "interventions": [
                {"id": "i", "cost": 10, "impact": {"k": 1}},
                {"id": "j", "cost": 10, "impact": {"k": 1}},
            ],
            "capabilities": [{"partner": "p", "intervention": "i"}, {"partner": "q", "intervention": "j"}],
        }
    )
    improver = improver_of(made, steps=0)  # all money is equally dear
    flat, state = improver.flat, improver.state
    shared = int(np.bincount(flat.payer_index).argmax())
    assert np.bincount(flat.payer_index)[shared] == 2
    set_plan(flat, state, flat.first[:-1].copy())
    for activity in (0, 1):  # as if the fund had paid
        own = flat.payer_index[flat.payer_start[flat.option_class[state.current[activity]]] :]
        place = int(np.flatnonzero(own == shared)[0])
        amount = state.paid[activity].sum()
        for its in range(state.paid.shape[1]):
            fund = own[its] if its < len(own) else -1
            if state.paid[activity, its].sum() > 0:
                state.spent[fund, 0] -= state.paid[activity, its, 0]
        state.paid[activity] = 0
        state.paid[activity, place, 0] = amount
        state.spent[shared, 0] += amount
    assert state.spent[shared].sum() == flat.cost.sum()
    improver.repairer.repay()
    assert state.spent[shared].sum() == 0
    assert state.unpaid.sum() == 0
