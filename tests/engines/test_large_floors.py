"""Floors in the large engine: the search begins with them, exchanges go round them, money comes second."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

import ciopt
from ciopt.engines.large.agenda import bare_program, goal_of, mix_of
from ciopt.engines.large.exchange import narrow, value_all
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.kernel import set_plan, value_of
from ciopt.engines.large.limits import loosened, slacks
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.pursuit import ValuePursuit
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.settle import settled
from ciopt.engines.large.structure import structure_of
from ciopt.engines.large.tilt import HeldFloors
from ciopt.generate import Wish, generate
from ciopt.instance import Instance, parse
from ciopt.program import compile_program


def fair(seed: int = 1) -> Instance:
    """Everybody gets half of the mean, place by place: a few activities count for each floor."""
    data = generate(Wish(activities=200, partners=3, seed=seed))
    data["agenda"]["fairness"] = {"over": "places", "per": "people", "how": "floor", "share": Decimal("0.5")}
    return parse(data)


def pursuit_of(made: Instance) -> tuple[ValuePursuit, HeldFloors]:
    whole = compile_program(made)
    bare = bare_program(whole)
    goal = goal_of(whole, bare, "value")
    mix = mix_of(whole, bare, goal, {})
    search = PriceSearch(Relaxation(structure_of(bare, goal, mix)))
    for _ in range(60):
        search.step()
    pursuit = ValuePursuit(bare, goal, mix, search, 1)
    assert pursuit.held is not None
    return pursuit, pursuit.held


@pytest.mark.parametrize("seed", range(1, 4))
def test_settled_choices_keep_every_floor_and_leave_the_search_as_it_was(seed: int) -> None:
    pursuit, held = pursuit_of(fair(seed))
    improver = pursuit.improver
    flat, state, limits = improver.flat, improver.state, improver.limits
    amount, objective = flat.amount.copy(), flat.objective.copy()
    options = settled(held, lambda: True)
    assert (flat.amount == amount).all()
    assert (flat.objective == objective).all()
    assert state.soft[held.rows].all()
    assert improver.num_limits == len(limits.start) - 1
    assert improver.best is None
    current = np.full(len(state.current), -1, dtype=np.int64)
    current[flat.activity[options]] = options
    set_plan(flat, state, current)
    assert held.hold


def test_floors_are_limits_of_exchanges_where_they_have_a_price() -> None:
    _, held = pursuit_of(fair())
    improver, priced = held.improver, int((held.own > 0).sum())
    before = improver.num_limits
    assert priced
    held.charge()
    assert improver.num_limits == before + priced
    rows = improver.limits.row[before:]
    assert (improver.limits.of_use < 0).any()
    slack = improver.flat.row_upper[rows] - improver.state.used[rows]
    assert (slacks(improver.flat, improver.state, improver.limits)[before:] == slack).all()
    held.charge(free=True)
    assert improver.num_limits == before


def test_what_lies_far_above_its_floor_is_no_longer_dear() -> None:
    """An option that helps to keep a floor is worth its price; as soon as much more is reached, less."""
    _, held = pursuit_of(fair())
    improver = held.improver
    held.charge()
    improver.start_from(improver.relaxed)
    limits = improver.limits
    improver.flat.row_upper[held.rows] += 10**9  # every floor is far below what is reached
    loose = loosened(improver.flat, improver.state, limits)
    helps = np.unique(np.repeat(np.arange(len(limits.price)), np.diff(limits.of_start))[limits.of_use < 0])
    assert (loose.price[helps] > limits.price[helps]).all()
    others = np.setdiff1d(np.arange(len(limits.price)), helps)
    assert (loose.price[others] == limits.price[others]).all()


def kept(seed: int = 1) -> Improver:
    """A plan that keeps all floors, which are limits that exchanges go round."""
    pursuit, held = pursuit_of(fair(seed))
    pursuit.begin(None, lambda: True, lambda: True)
    assert held.harden()
    held.charge()
    return pursuit.improver


def missed(improver: Improver) -> set[int]:
    """Chosen options without which a floor that has a price would be broken."""
    flat, state, limits = improver.flat, improver.state, improver.limits
    found = set()
    for option in state.current[state.current >= 0].tolist():
        for entry in range(limits.of_start[option], limits.of_start[option + 1]):
            row = limits.row[limits.of_limit[entry]]
            if row >= 0 and state.used[row] - limits.of_use[entry] > flat.row_upper[row]:
                found.add(option)
    return found


def test_pieces_free_what_alone_would_break_a_floor() -> None:
    improver = kept()
    counted, budgets = improver.state.counted.copy(), np.flatnonzero(improver.limits.row < 0)
    free = set(improver.undecided(budgets, 12).tolist())
    assert (improver.state.counted == counted).all()
    _, alone, _ = narrow(improver.flat, improver.state, improver.only(budgets), 12)
    assert missed(improver) & free - set(alone.tolist())


def test_an_exchange_around_a_floor_does_not_count_what_single_changes_break_of_it() -> None:
    improver = kept()
    flat, state, limits, needed = improver.flat, improver.state, improver.limits, missed(improver)
    seen = 0
    for limit in np.flatnonzero(limits.row >= 0).tolist():
        options = limits.options[limits.start[limit] : limits.start[limit + 1]]
        worth, merit, more = np.empty(len(options)), np.empty(len(options)), np.empty(len(options), np.int64)
        value_all(flat, state, limits, limit, worth, merit, more)
        assert not state.counted[limits.row[limit]]
        for n, option in enumerate(options.tolist()):
            if option in needed:
                assert worth[n] > value_of(flat, state, flat.activity[option], -1)
                seen += 1
    assert seen


@pytest.mark.parametrize("seed", range(1, 4))
def test_a_floor_under_every_place_is_certified_closely(seed: int) -> None:
    made = fair(seed)
    plan = ciopt.solve(made, ciopt.Settings(engine="large", iterations=60))
    assert plan.objective is not None
    assert plan.bound is not None
    assert plan.objective <= plan.bound <= plan.objective * Decimal("1.015")
    assert ciopt.verify(made, plan).problems == ()
