"""No plan is worth more than the bound that prices give, whatever the prices are."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import ciopt
from ciopt.engines.large.charges import FundPrices
from ciopt.engines.large.prices import LAST_STEP, PriceSearch
from ciopt.engines.large.proof import certificate_of
from ciopt.engines.large.relaxation import Multipliers, Relaxation
from ciopt.engines.large.structure import structure_of
from ciopt.generate import Wish, generate
from ciopt.instance import parse
from ciopt.program import compile_program
from tests.oracle.brute_force import brute_force
from tests.oracle.random_instances import random_instance

SEEDS = range(40)


def shaken(at: Multipliers, draw: np.random.Generator, relaxation: Relaxation) -> Multipliers:
    """Other prices with the same signs: still a bound."""
    funds = relaxation.charges.feasible(
        FundPrices(at.funds.unit * draw.uniform(0, 2, at.funds.unit.shape), at.funds.spend)
    )
    return replace(
        at,
        rows=at.rows * draw.uniform(0, 2, at.rows.shape),
        funds=funds,
        splits=at.splits * draw.uniform(-1, 2, at.splits.shape),
        switches=at.switches * draw.uniform(0, 2, at.switches.shape),
    )


@pytest.mark.parametrize("seed", SEEDS)
def test_the_bound_is_never_below_the_best_plan(seed: int) -> None:
    instance = random_instance(seed)
    program = compile_program(instance)
    if not len(program.options):
        return
    goal = program.goals[0]
    truth = brute_force(instance)
    relaxation = Relaxation(structure_of(program, goal))
    search = PriceSearch(relaxation)
    search.run(lambda: True, 60)
    if truth.status == "infeasible":
        return
    best = truth.goals[goal.name] * 1e-12
    room = 1e-6 * max(1.0, abs(best))
    assert search.relaxed.bound >= best - room
    draw = np.random.default_rng(seed)
    for _ in range(10):
        assert relaxation.evaluate(shaken(search.best, draw, relaxation)).bound >= best - room


def test_prices_come_close_to_the_linear_relaxation() -> None:
    """400 activities, budgets only: known from an LP solver, and the exact engine's optimum is below."""
    program = compile_program(parse(generate(Wish(activities=400, partners=8))))
    search = PriceSearch(Relaxation(structure_of(program, program.goals[0])))
    start = search.relaxed.bound
    search.run(lambda: True, 300)
    assert search.relaxed.bound < start
    written = certificate_of(search.relaxation, search.best, search.relaxed)
    again = PriceSearch(search.relaxation, written)
    assert again.relaxed.bound - search.relaxed.bound < 1e-3 * abs(search.relaxed.bound)
    again.run(lambda: True, 300)
    assert search.relaxed.bound - again.relaxed.bound < 1e-4 * abs(again.relaxed.bound)


def test_prices_are_found_where_everything_must_be_done() -> None:
    """General assignment: each of 30 jobs by one of 3 partners, who have about the money for what they do."""
    draw = np.random.default_rng(1)
    jobs, partners = [f"j{number}" for number in range(30)], ["p", "q", "r"]
    cost = draw.integers(20, 60, (len(partners), len(jobs)))
    made = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "here"}],
            "indicators": [{"id": "worth"}],
            "partners": [
                {"id": who, "roles": ["funding", "implementing"], "budget": int(10.5 * cost.mean())}
                for who in partners
            ],
            "interventions": [{"id": job, "cost": 0, "impact": {"worth": 0}} for job in jobs],
            "capabilities": [
                {"partner": who, "intervention": job, "places": "*"} for who in partners for job in jobs
            ],
            "options": [
                {
                    "partner": who,
                    "intervention": job,
                    "place": "here",
                    "cost": int(cost[row, column]),
                    "impact": {"worth": -int(100 - cost[row, column])},
                }
                for row, who in enumerate(partners)
                for column, job in enumerate(jobs)
            ],
            "rules": [{"id": f"must-{job}", "must": {"intervention": job, "place": "here"}} for job in jobs],
        }
    )
    best = float(ciopt.solve(made, ciopt.Settings(engine="exact")).objective or 0)
    program = compile_program(made)
    search = PriceSearch(Relaxation(structure_of(program, program.goals[0])))
    search.run(lambda: True)
    assert best < 0
    assert best - 1e-6 <= search.relaxed.bound <= best + 0.01 * abs(best)


def test_the_search_ends_where_the_bound_falls_without_end() -> None:
    """What must be done costs more than there is: any price of money proves it, a higher one even more."""
    made = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "a"}],
            "indicators": [{"id": "k"}],
            "partners": [{"id": "p", "roles": ["funding", "implementing"], "budget": 5}],
            "interventions": [{"id": "i", "cost": 10, "impact": {"k": 1}}],
            "capabilities": [{"partner": "p", "intervention": "i"}],
            "rules": [{"id": "r", "must": {"intervention": "i", "place": "a"}}],
        }
    )
    program = compile_program(made)
    search = PriceSearch(Relaxation(structure_of(program, program.goals[0])))
    search.run(lambda: True)
    assert search.is_done
    assert search.step_size >= LAST_STEP  # while it still was on its way down
    assert search.relaxed.bound < search.endless
