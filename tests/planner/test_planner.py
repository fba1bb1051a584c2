"""`ciopt.solve` as its users meet it: instances from files, every engine, limits, scenarios, threads."""

from __future__ import annotations

import pickle
import threading
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import ciopt
from ciopt.engines.backends import CPSAT
from ciopt.engines.doctor import pulp_solvers
from ciopt.engines.exact.candidate import Candidate, Examiner
from ciopt.engines.exact.lower import lower
from ciopt.engines.matrix import Parameters
from ciopt.engines.worker import SolverWorker
from ciopt.program import compile_program
from ciopt.settings import Progress
from tests.oracle.random_instances import random_instance

INSTANCES = Path(__file__).parents[2] / "instances"
BY_HAND = {
    "backbone": (110, 720),
    "cheapest": (120, 110),
    "fair-shares": (1650, 40000),
    "falling-indicator": (140, 85),
    "matched-fund": (10, 1000),
    "random-reach": (Decimal("45.4"), 60),
    "timing": (22, Decimal("150.01")),
    "two-villages": (390, 200000),
    "who-does-what": (28, 33),
}
"""Objective and cost, worked out in instances/README.md."""

ENGINES = ["auto", "exact", "highs", "scip", "cpsat", *(f"pulp:{name}" for name in pulp_solvers())]


def small(name: str) -> ciopt.Instance:
    return ciopt.load(INSTANCES / "small" / f"{name}.json")


@pytest.mark.parametrize("name", sorted(BY_HAND))
@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_finds_what_was_worked_out_by_hand(name: str, engine: str) -> None:
    plan = ciopt.solve(small(name), ciopt.Settings(engine=engine, threads=1))
    assert plan.status == "optimal"
    assert (plan.objective, plan.cost) == BY_HAND[name]
    assert plan.bound == plan.objective
    assert plan.gap == 0
    assert plan.proof == f"solver {plan.run.solver}"
    # how many ties a solver that starts a process for each question settles in time is the machine's affair
    assert all(stage.proven for stage in plan.goals if stage.goal != "option_ids")


def test_the_reason_why_there_is_no_plan_has_amounts() -> None:
    plan = ciopt.solve(small("infeasible-baseline"))
    assert plan.status == "infeasible"
    assert plan.reasons == (
        "committed baseline of government costs 150,000.00 USD, its funds (roads) allow 140,000.00 USD",
    )


@pytest.mark.parametrize("name", ["cocoa", "somerville"])
def test_the_plans_beside_the_instances_are_theirs_and_proven(name: str) -> None:
    plan = ciopt.load_plan(INSTANCES / f"{name}.plan.json")
    assert ciopt.verify(ciopt.load(INSTANCES / f"{name}.json"), plan).problems == ()
    assert plan.status == "optimal"
    assert plan.proof is not None


def test_the_best_known_plan_of_cocoa_is_one_of_the_program() -> None:
    """Its decisions hold in every row: once the itemised payments of several periods were bounded too low."""
    plan = ciopt.load_plan(INSTANCES / "cocoa.plan.json")
    program = compile_program(ciopt.load(INSTANCES / "cocoa.json"))
    numbers = {program.option(number).id: number for number in range(len(program.options))}
    values = np.zeros(program.num_columns, dtype=np.int64)
    values[[numbers[assignment.option.id] for assignment in plan.assignments]] = 1
    records = [backbone.partner for backbone in program.instance.backbones]
    carried = {(backbone.partner, name) for backbone in plan.backbones for name in backbone.synergies}
    for instance, number, column in zip(
        program.carried.instance, program.carried.backbone, program.carried.column, strict=True
    ):
        if (records[number], "@".join(program.synergy_labels[instance])) in carried:
            values[[column, program.carried_columns[instance]]] = 1
    with SolverWorker(CPSAT) as worker:
        examiner = Examiner(
            program, lower(program), lambda matrix: worker.run(matrix, Parameters(time_limit=60))
        )
        found = examiner.examine(values)
    assert isinstance(found, Candidate)
    assert found.worth["value"] == int((plan.value or Decimal(0)).scaleb(12))


def test_a_scenario_is_applied_and_named() -> None:
    instance = small("two-villages")
    name = next(iter(instance.scenarios))
    plan = ciopt.solve(instance, scenario=name)
    assert plan.instance.scenario == name
    assert ciopt.verify(instance, plan).is_valid


def test_unknown_scenarios_and_engines_are_usage_errors() -> None:
    with pytest.raises(ciopt.UsageError, match="no scenario"):
        ciopt.solve(small("backbone"), scenario="nope")
    with pytest.raises(ciopt.UsageError, match="did you mean 'highs'"):
        ciopt.solve(small("backbone"), ciopt.Settings(engine="higs"))


def test_what_is_not_solved_yet_is_refused() -> None:
    data = small("backbone").to_data()
    hamlets = [{**data["places"][0], "id": f"hamlet-{number}"} for number in range(200)]
    data["places"] = [*data["places"], *hamlets]
    data["agenda"] = {"fairness": {"over": "places", "how": "leximin"}}
    with pytest.raises(ciopt.InvalidInput, match="this version orders at most 200"):
        ciopt.solve(ciopt.parse(data))


def test_progress_is_told() -> None:
    news: list[Progress] = []
    ciopt.solve(small("backbone"), progress=news.append)
    assert any(each.goal == "value" and each.objective is not None for each in news)


def test_a_limit_or_an_interrupt_keeps_the_best_plan() -> None:
    instance = ciopt.load(INSTANCES / "cocoa.json")
    interrupt = threading.Event()

    def stop(news: Progress) -> None:
        if news.objective is not None:
            interrupt.set()

    plan = ciopt.solve(instance, progress=stop, interrupt=interrupt)
    assert plan.status == "feasible"
    assert plan.stopped_by == "interrupt"
    assert plan.bound is not None
    assert plan.objective is not None
    assert plan.bound >= Decimal("17395.046") >= plan.objective
    assert ciopt.verify(instance, plan).is_valid


def test_equal_runs_give_equal_plans() -> None:
    instance = small("who-does-what")
    plans = [
        ciopt.solve(instance, ciopt.Settings(engine=engine)) for engine in ("cpsat", "cpsat", "highs", "scip")
    ]
    for table in ("assignments", "payments", "synergies", "backbones", "value", "cost"):
        assert all(getattr(plan, table) == getattr(plans[0], table) for plan in plans)


def test_everything_can_be_pickled_and_tabled() -> None:
    instance = small("backbone")
    plan = ciopt.solve(instance)
    for each in (instance, plan, ciopt.Settings(), ciopt.verify(instance, plan)):
        assert pickle.loads(pickle.dumps(each)) == each
    tables = plan.to_frames()
    assert len(tables["assignments"]) == len(plan.assignments)
    assert tables["payments"]["amount"].sum() == float(plan.cost or 0)


def test_two_threads_solve_at_once() -> None:
    plans: dict[str, ciopt.Plan] = {}

    def work(name: str) -> None:
        plans[name] = ciopt.solve(small(name))

    threads = [threading.Thread(target=work, args=(name,)) for name in ("backbone", "timing")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: plan.objective for name, plan in plans.items()} == {"backbone": 110, "timing": 22}


@pytest.mark.parametrize("seed", [3, 5, 6, 12, 21, 46])
def test_a_certificate_stands_beside_a_solvers_word(seed: int) -> None:
    """Where a gap was asked for and prices prove as much; where they prove more, they are the proof."""
    instance = random_instance(seed)
    plan = ciopt.solve(instance, ciopt.Settings(engine="exact", gap=0.3))
    assert plan.certificate is not None
    assert plan.bound is not None
    assert plan.objective is not None
    sign = 1 if plan.goals[0].goal == "value" else -1
    if plan.certified is None:
        assert plan.proof == "certificate"
    else:
        assert plan.proof == f"solver {plan.run.solver}"
        assert sign * plan.certified >= sign * plan.bound
        assert abs(plan.certified - plan.objective) <= Decimal("0.3") * abs(plan.objective)
    assert ciopt.verify(instance, plan).is_valid
    better = plan.model_copy(
        update={"certified": plan.objective} if plan.certified is not None else {"bound": plan.objective}
    )
    assert not ciopt.verify(instance, better).is_valid
