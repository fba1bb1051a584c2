"""Chains of ejections: the plans they lead to keep all limits, and are worth what they say."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from ciopt.engines.large.answer import Chains
from ciopt.engines.large.best import best_of
from ciopt.engines.large.cooling import Cooling
from ciopt.engines.large.eject import eject
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.journal import change
from ciopt.engines.large.kernel import set_to
from ciopt.engines.large.plan_state import is_allowed, recount
from ciopt.engines.large.scope import refuses
from ciopt.engines.large.small_plans import SmallPlans
from ciopt.generate import Wish, family, generate
from ciopt.instance import Instance, parse
from ciopt.program import compile_program
from tests.engines.improvers import improver_of
from tests.oracle.random_instances import random_instance


def _check_chain_by_chain(improver: Improver, count: int) -> None:
    """After every chain the plan keeps all limits, and worth and penalty are what a recount says."""
    flat, state = improver.flat, improver.state
    floors = np.full(len(flat.timing) + len(flat.row_lower), 1e-6)
    chains = Chains(*improver.repairer.behind, floors, np.zeros(len(state.current) + 1, dtype=np.int64))
    state.counted[:] = True
    recount(flat, state)
    hot = 10.0 * improver.typical
    for _ in range(count):
        eject(flat, state, improver.journal, chains, 1, hot, 1e-9, best_of(state), improver.random)
        total = int(state.total[0])
        assert is_allowed(flat, state)
        recount(flat, state)
        assert int(state.total[0]) == total
        assert state.penalty[0] == 0.0


def _check(instance: Instance, count: int) -> None:
    improver = improver_of(instance)
    if improver.best is None:
        return
    before = improver.total
    cooling = Cooling(improver, count)
    best = cooling.run(count)
    assert int(best.total[0]) >= before
    set_to(improver.flat, improver.state, best.current, best.paid)
    assert is_allowed(improver.flat, improver.state)
    assert int(improver.state.total[0]) == int(best.total[0])
    _check_chain_by_chain(improver, count)


@pytest.mark.parametrize("seed", range(600, 640))
def test_every_chain_keeps_all_limits(seed: int) -> None:
    instance = random_instance(seed)
    if not refuses(compile_program(instance)):
        _check(instance, 60)


@pytest.mark.parametrize("name", ["cocoa", "dense", "multi-period"])
def test_the_same_where_products_join_many(name: str) -> None:
    wish: Wish = replace(family(name), activities=60, partners=4, seed=2)
    _check(parse(generate(wish)), 200)


def test_what_may_not_be_chosen_never_is() -> None:
    improver = improver_of(parse(generate(replace(family("cocoa"), activities=60, partners=4, seed=2))))
    assert improver.best is not None
    flat, state = improver.flat, improver.state
    change(flat, state, improver.journal, int(flat.activity[0]), -1)
    flat.allowed[:] = False
    flat.allowed[state.current[state.current >= 0]] = True
    improver.best = None
    assert improver.keep()
    cooling = Cooling(improver, 400)
    best = cooling.run(400)
    for plan in (best.current, cooling.state.current):
        assert flat.allowed[plan[plan >= 0]].all()


def _set_ups(seed: int) -> tuple[Instance, float]:
    """Items need the set-up of their class where they are done, and staff is short; and the best value."""
    draw = random.Random(seed)
    own = [draw.randint(5, 30) for _ in range(6)]
    uses = [draw.randint(2, 6) for _ in range(6)]
    staff, set_up = 11, 3
    pairs = {pair: draw.randint(0, 9) for pair in itertools.combinations(range(6), 2)}
    instance = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "a"}, {"id": "b"}],
            "indicators": [{"id": "k", "weight": 1}],
            "partners": [
                {"id": f"at-{place}", "roles": ["implementing"], "budget": 0, "capacity": {"staff": staff}}
                for place in "ab"
            ],
            "interventions": [
                *({"id": f"c{n}", "cost": 0, "uses": {"staff": set_up}, "impact": {}} for n in range(2)),
                *(
                    {"id": f"i{n}", "cost": 0, "uses": {"staff": uses[n]}, "impact": {"k": own[n]}}
                    for n in range(6)
                ),
            ],
            "capabilities": [
                {"partner": f"at-{place}", "intervention": name, "places": [place]}
                for place in "ab"
                for name in ("c0", "c1", *(f"i{n}" for n in range(6)))
            ],
            "synergies": [
                {"id": f"s{i}-{j}", "between": [f"i{i}", f"i{j}"], "adds": {"k": worth}}
                for (i, j), worth in pairs.items()
                if worth
            ],
            "rules": [
                *({"id": f"once-{n}", "at_most": 1, "of": [f"i{n}"], "within": "all"} for n in range(6)),
                *(
                    {"id": f"ready-{n}", "requires": {"intervention": f"i{n}", "needs": [f"c{n % 2}"]}}
                    for n in range(6)
                ),
            ],
            "agenda": {"maximize": "value"},
        }
    )
    best = 0.0
    for where in itertools.product((None, 0, 1), repeat=6):
        worth = 0.0
        for place in range(2):
            here = [n for n in range(6) if where[n] == place]
            if sum(uses[n] for n in here) + set_up * len({n % 2 for n in here}) > staff:
                worth = -1e9
            worth += sum(own[n] for n in here)
            worth += sum(pairs[pair] for pair in itertools.combinations(here, 2))
        best = max(best, worth)
    return instance, best


@pytest.mark.parametrize("seed", range(6))
def test_set_ups_and_items_move_together(seed: int) -> None:
    """Without chains a set-up brings nothing, and an item without it is forbidden."""
    instance, best = _set_ups(seed)
    improver = improver_of(instance)
    small = SmallPlans(improver)
    for _ in range(10):
        small.eject()
    assert improver.total * improver.unit == pytest.approx(best)
