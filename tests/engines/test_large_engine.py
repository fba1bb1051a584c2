"""The large engine against brute force: bound >= optimum >= plan, and every plan verified."""

from __future__ import annotations

import os
import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from threading import Event, Timer

import numpy as np
import pytest

import ciopt
from ciopt.certificate import certified_bound
from ciopt.engines.backends import HIGHS
from ciopt.engines.large.best import best_of
from ciopt.engines.large.chain import wander
from ciopt.engines.large.columns import columns_of
from ciopt.engines.large.improver import NOISE, Improver
from ciopt.engines.large.neighbourhood import Neighbourhoods
from ciopt.engines.large.plan_state import is_allowed, recount
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.structure import structure_of
from ciopt.engines.matrix import Parameters
from ciopt.engines.worker import SolverWorker
from ciopt.generate import Wish, family, generate
from ciopt.instance import Instance, Lookup, parse
from ciopt.plan import Plan
from ciopt.program import compile_program
from tests.engines.improvers import improver_of
from tests.oracle.brute_force import brute_force
from tests.oracle.random_instances import random_instance

LARGE = ciopt.Settings(engine="large", threads=1, iterations=5)
"""So many rounds find what these tiny instances have; to stall takes ten times as long."""


@pytest.mark.parametrize("seed", [*range(300, 336), 342, 366])
def test_the_truth_lies_between_plan_and_bound(seed: int) -> None:
    """`python -m benchmarks.sweep --engines large` does the same for any seeds."""
    instance = random_instance(seed)
    truth = brute_force(instance)
    plan = ciopt.solve(instance, LARGE)
    if truth.status == "infeasible":
        assert not plan.has_plan
        return
    goal = plan.goals[0]
    assert goal.objective is not None
    assert goal.bound is not None
    sign = 1 if goal.goal == "value" else -1
    optimum = Decimal(truth.goals[goal.goal]).scaleb(-12)
    assert sign * goal.bound >= optimum >= sign * goal.objective
    assert ciopt.verify(instance, plan).is_valid


@pytest.fixture(scope="module")
def made() -> Instance:
    return parse(generate(Wish(activities=600, partners=8, seed=3)))


@pytest.fixture(scope="module")
def solved(made: Instance) -> Plan:
    return ciopt.solve(made, ciopt.Settings(engine="large", gap=0.01, time_limit=60))


def test_the_certificate_stands_in_the_plan(made: Instance, solved: Plan) -> None:
    assert solved.proof == "certificate"
    assert solved.stopped_by == "gap"
    assert solved.gap is not None
    assert solved.gap <= Decimal("0.01")
    assert ciopt.verify(made, solved).is_valid


def test_a_corrupted_certificate_never_claims_too_much(made: Instance, solved: Plan) -> None:
    """It proves another bound, which holds too; a plan that claims the old one is refused."""
    certificate = solved.certificate
    assert certificate is not None
    fund, prices = next((fund, prices) for fund, prices in certificate.money.items() if any(prices.values()))
    dearer = {period: 2 * price for period, price in prices.items()}
    synergy, splits = next((name, splits) for name, splits in certificate.synergies.items() if splits)
    bound, refused = solved.goals[0].bound, 0
    assert bound is not None
    for changed in (
        certificate.model_copy(update={"money": {**certificate.money, fund: dearer}}),
        certificate.model_copy(
            update={"synergies": {**certificate.synergies, synergy: (splits[0] + 10**12, *splits[1:])}}
        ),
        certificate.model_copy(update={"money": {}}),
    ):
        proven = certified_bound(Lookup(made), changed)
        assert proven is not None
        assert solved.objective is not None
        assert proven >= Fraction(solved.objective)
        verdict = ciopt.verify(made, solved.model_copy(update={"certificate": changed}))
        is_other = int(proven * 10**12) != int(bound.scaleb(12))
        assert [problem.code for problem in verdict.problems] == ["E546"] * is_other
        refused += is_other
    assert refused


def test_same_seed_same_steps_same_plan(made: Instance) -> None:
    program = compile_program(made)
    relaxation = Relaxation(structure_of(program, program.goals[0]))
    search = PriceSearch(relaxation)
    search.run(lambda: True, 60)

    def after_steps() -> tuple[int, list[int]]:
        improver = Improver(relaxation, program.goals[0], search.best, search.relaxed, 5)
        improver.start_from(improver.relaxed)
        for _ in range(3):
            improver.wander(40)
        assert improver.best is not None
        return improver.total, improver.best.tolist()

    assert after_steps() == after_steps()


def test_worth_and_payments_after_many_chains_are_what_they_are_anew(made: Instance) -> None:
    improver = improver_of(made, 60)
    for _ in range(5):
        improver.wander(40)
        total = int(improver.state.total[0])
        recount(improver.flat, improver.state)
        assert int(improver.state.total[0]) == total
        assert is_allowed(improver.flat, improver.state)


def test_chains_stray_as_far_as_the_limit_that_they_begin_at_says(made: Instance) -> None:
    improver = improver_of(made, 60)
    flat, state, best = improver.flat, improver.state, improver.best
    assert best is not None
    limits = improver._narrowed()
    wide, narrow = np.argsort(-np.diff(improver.limits.start), kind="stable")[[0, -1]].tolist()
    noise = improver._noise()
    assert noise[wide] < noise[narrow]
    assert noise.min() >= min(NOISE)
    assert noise.max() <= max(NOISE)

    def plans(begin: int, strays: int) -> set[bytes]:
        """What one chain leads to, for ten seeds, if chains stray that begin at one of the limits."""
        found = set()
        far = np.zeros(improver.num_limits)
        far[strays] = 10.0 * improver.typical
        for seed in range(10):
            improver.go_back()
            draws, random = np.array([begin]), np.random.default_rng(seed)
            kept = best_of(state)
            wander(flat, state, improver.journal, limits, draws, 16, far, 0.9, 1e15, 1.0, kept, random)
            found.add(state.current.tobytes())
        return found

    assert len(plans(wide, wide)) > 1
    assert len(plans(wide, narrow)) == 1


def test_a_ceiling_on_all_costs_has_a_price_in_the_certificate() -> None:
    """Half of the money that the budgets hold: without the price the bound would be that of all of it."""
    data = generate(Wish(activities=400, partners=6, seed=3))
    money = sum(each.get("budget", 0) for each in data["partners"])
    data["agenda"]["max_cost"] = int(money / 2)
    made = parse(data)
    plan = ciopt.solve(made, ciopt.Settings(engine="large", iterations=2))
    assert plan.proof == "certificate"
    assert plan.certificate is not None
    assert plan.certificate.prices["max_cost"] > 0
    assert plan.gap is not None
    assert plan.gap < Decimal("0.01")
    assert plan.cost is not None
    assert plan.cost <= money / 2


def test_what_must_be_done_counts_in_full_where_it_loses_worth() -> None:
    """It counted as -1 at most: the bound of generalised assignment problems was nearly 0."""
    instance = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": place} for place in "abcd"],
            "indicators": [{"id": "harm", "weight": 1}],
            "partners": [{"id": "p", "roles": ["implementing"], "budget": 1000}],
            "interventions": [{"id": "dam", "cost": 100, "impact": {"harm": -30}}],
            "capabilities": [{"partner": "p", "intervention": "dam"}],
            "rules": [{"id": f"must-{at}", "must": {"intervention": "dam", "place": at}} for at in "abcd"],
            "agenda": {"maximize": "value"},
        }
    )
    plan = ciopt.solve(instance, LARGE)
    assert plan.objective == -120
    assert plan.bound is not None
    assert -120 <= plan.bound < -119


def test_several_goals_go_to_the_exact_engine() -> None:
    data = generate(Wish(activities=12, partners=2))
    data["agenda"] = {"priorities": ["value", "cost"]}
    plan = ciopt.solve(parse(data), ciopt.Settings(engine="large", gap=0.05))
    assert plan.run.engine == "exact"
    assert any("several goals" in note for note in plan.run.notes)


def test_prices_prove_a_bound_on_cost_too() -> None:
    """Four villages need 30 in all; training gives 10 each for 100."""
    instance = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": place} for place in "abcd"],
            "indicators": [{"id": "skill", "weight": 1}],
            "partners": [{"id": "p", "roles": ["implementing"], "budget": 1000}],
            "interventions": [{"id": "train", "cost": 100, "impact": {"skill": 10}}],
            "capabilities": [{"partner": "p", "intervention": "train"}],
            "agenda": {"minimize": "cost", "targets": [{"indicator": "skill", "at_least": 30}]},
        }
    )
    plan = ciopt.solve(instance, LARGE)
    assert plan.objective == 300
    assert plan.bound is not None
    assert 280 < plan.bound <= 300


def test_rounds_lead_to_the_same_plan_however_many_processors_there_are() -> None:
    instance = parse(generate(replace(family("cocoa"), activities=200, partners=4, seed=2)))
    settings = ciopt.Settings(engine="large", iterations=5, seed=1)
    plans = [ciopt.solve(instance, replace(settings, threads=threads)) for threads in (1, 3)]
    assert plans[0].objective == plans[1].objective
    assert plans[0].assignments == plans[1].assignments


def test_counted_rounds_give_the_same_plan_whatever_the_clock_says() -> None:
    instance = parse(generate(Wish(activities=500, partners=8, seed=4)))
    settings = ciopt.Settings(engine="large", iterations=3, seed=7)
    first, second = ciopt.solve(instance, settings), ciopt.solve(instance, settings)
    assert first.stopped_by == "iterations"
    same = {"run": second.run}
    assert first.model_copy(update=same) == second
    more = ciopt.solve(instance, ciopt.Settings(engine="large", iterations=9, seed=7))
    assert more.value is not None
    assert first.value is not None
    assert more.value >= first.value


def with_shared_funds() -> Improver:
    made = parse(generate(replace(family("multi-period"), activities=400, partners=6, seed=2)))
    program = compile_program(made)
    relaxation = Relaxation(structure_of(program, program.goals[0]))
    search = PriceSearch(relaxation)
    search.run(lambda: True, 60)
    improver = Improver(relaxation, program.goals[0], search.best, search.relaxed, 1)
    improver.start_from(search.usual())
    return improver


def test_a_piece_that_begins_as_the_search_ends_leaves_no_process() -> None:
    go_on = Event()
    with Neighbourhoods(with_shared_funds(), Parameters(threads=2), Event()) as pieces:
        pieces.pool.submit(go_on.wait)
        pieces.turn()
        Timer(0.5, go_on.set).start()
    assert pieces.worker is not None
    with pytest.raises(ProcessLookupError):
        os.kill(pieces.worker.pid, 0)


def test_a_piece_is_taken_over_with_the_payments_that_its_solver_found() -> None:
    """Paying anew, fund after fund, broke limits, and no piece of a plan with shared funds was ever kept."""
    improver = with_shared_funds()
    program = improver.program
    with Neighbourhoods(improver, Parameters(threads=1), Event()) as pieces:
        taken = 0
        for _ in range(4):
            before = improver.total
            piece = pieces.draw(columns_of(program, improver), 4, 6)
            assert piece is not None
            with SolverWorker(HIGHS) as worker:
                outcome = worker.run(piece.matrix, Parameters(gap=0.01, time_limit=60), interrupt=Event())
            assert outcome.values is not None
            won = int((outcome.values - piece.values[piece.columns]) @ piece.matrix.objective)
            pieces.piece = piece
            pieces.take_over(outcome)
            assert improver.total == before + max(won, 0)
            assert is_allowed(improver.flat, improver.state)
            taken += won > 0
        assert taken


def test_plans_are_rebuilt_where_one_small_limit_holds_many_products() -> None:
    """Prices jump from nothing to everything there; brute force knows the best of 2^14 choices."""
    draw = random.Random(5)
    costs = [draw.randint(1, 50) for _ in range(14)]
    pairs = {(i, j): draw.randint(1, 100) for i in range(14) for j in range(i) if draw.random() < 0.75}
    made = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "here"}],
            "indicators": [{"id": "k", "weight": 1}],
            "partners": [{"id": "p", "roles": ["implementing"], "budget": 60}],
            "interventions": [
                {"id": f"i{n}", "cost": cost, "impact": {"k": draw.randint(1, 100)}}
                for n, cost in enumerate(costs)
            ],
            "capabilities": [{"partner": "p", "intervention": f"i{n}", "places": "*"} for n in range(14)],
            "synergies": [
                {"id": f"s{i}-{j}", "between": [f"i{i}", f"i{j}"], "within": "place", "adds": {"k": amount}}
                for (i, j), amount in pairs.items()
            ],
            "agenda": {"maximize": "value"},
        }
    )
    own = [int(each.impact["k"].fixed) for each in made.interventions]
    best = 0
    for chosen in range(2**14):
        on = [n for n in range(14) if chosen >> n & 1]
        if sum(costs[n] for n in on) <= 60:
            worth = sum(own[n] for n in on) + sum(pairs.get((i, j), 0) for i in on for j in on)
            best = max(best, worth)
    plan = ciopt.solve(made, ciopt.Settings(engine="large", iterations=10))
    assert plan.objective == best
