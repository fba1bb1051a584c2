"""The search over broken limits: what it remembers of changes is true, and its plans keep all limits."""

from __future__ import annotations

import itertools
import random
from dataclasses import replace

import numpy as np
import pytest

from ciopt.engines.large.best import Best
from ciopt.engines.large.kernel import value_of
from ciopt.engines.large.plan_state import is_allowed, recount
from ciopt.engines.large.scope import refuses
from ciopt.engines.large.small_plans import SmallPlans
from ciopt.engines.large.swing import near_of, new_memory, swing
from ciopt.generate import Wish, family, generate
from ciopt.instance import Instance, parse
from ciopt.program import compile_program
from tests.engines.improvers import improver_of
from tests.oracle.random_instances import random_instance


def _check_after_steps(instance: Instance, num_steps: int) -> None:
    improver = improver_of(instance)
    if improver.best is None:
        return
    flat, state = improver.flat, improver.state
    near, memory = near_of(improver.program, flat), new_memory(flat, 8)
    state.counted[:] = True
    recount(flat, state)
    for _ in range(num_steps):
        best = Best(improver.best.copy(), improver.paid.copy(), np.array([improver.total]))
        looks = 3 * len(memory.gain)
        swing(flat, state, improver.journal, near, memory, looks, 1e-3, best, improver.random)
        total = int(state.total[0])
        recount(flat, state)
        assert int(state.total[0]) == total
        for option in np.flatnonzero(np.isfinite(memory.gain)).tolist():
            activity = int(flat.activity[option])
            new = -1 if state.current[activity] == option else option
            assert memory.gain[option] == value_of(flat, state, activity, new)
    improver.go_back()
    before = improver.total
    small = SmallPlans(improver)
    for _ in range(2):
        small.swing()
    improver.go_back()
    assert is_allowed(flat, state)
    assert int(state.total[0]) == improver.total >= before


@pytest.mark.parametrize("seed", range(300, 330))
def test_what_is_kept_of_each_change_is_what_it_is_worth(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ciopt.engines.large.small_plans.SWUNG", 3_000)
    instance = random_instance(seed)
    if not refuses(compile_program(instance)):
        _check_after_steps(instance, 12)


@pytest.mark.parametrize("name", ["cocoa", "dense", "multi-period"])
def test_the_same_where_products_join_many(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ciopt.engines.large.small_plans.SWUNG", 20_000)
    wish: Wish = replace(family(name), activities=60, partners=4, seed=2)
    _check_after_steps(parse(generate(wish)), 25)


def test_pairs_that_cost_something_are_avoided() -> None:
    """A knapsack with forfeits: 12 items, and brute force over all sets."""
    draw = random.Random(3)
    costs, own = ([draw.randint(5, 30) for _ in range(12)] for _ in range(2))
    both = itertools.combinations(range(12), 2)
    pairs = {pair: -draw.randint(2, 15) for pair in both if draw.random() < 0.4}
    made = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "here"}],
            "indicators": [{"id": "k", "weight": 1}],
            "partners": [{"id": "p", "roles": ["implementing"], "budget": 100}],
            "interventions": [{"id": f"i{n}", "cost": costs[n], "impact": {"k": own[n]}} for n in range(12)],
            "capabilities": [{"partner": "p", "intervention": f"i{n}", "places": "*"} for n in range(12)],
            "synergies": [
                {"id": f"s{i}-{j}", "between": [f"i{i}", f"i{j}"], "adds": {"k": amount}}
                for (i, j), amount in pairs.items()
            ],
            "agenda": {"maximize": "value"},
        }
    )
    best = max(
        sum(own[n] for n in on) + sum(worth for pair, worth in pairs.items() if {*pair} <= {*on})
        for size in range(13)
        for on in itertools.combinations(range(12), size)
        if sum(costs[n] for n in on) <= 100
    )
    improver = improver_of(made)
    SmallPlans(improver).swing()
    assert improver.total * improver.unit == pytest.approx(best)
