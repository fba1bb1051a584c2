"""What scenarios change is worked out by hand in instances/README.md, and found by the program."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

import ciopt
from ciopt.engines.doctor import pulp_solvers

FOLDER = Path(__file__).parents[2] / "instances" / "small"

OBJECTIVE: dict[str, dict[str, str | None]] = {
    "backbone": {
        "cheaper-meetings": "120",
        "small-office": "90",
        "weak-synergy": "75",
        "no-backbone": "75",
    },
    "cheapest": {"in-earnest": "140", "too-much": None},
    "fair-shares": {"most": "1800", "half": "1650", "dial": "1350", "robust": "1070", "bad-luck": "1012.05"},
    "falling-indicator": {"every-case-counts": "150", "rice-first": "190"},
    "infeasible-baseline": {"ten-thousand-more": "34000", "beta-waits": "19000"},
    "matched-fund": {"council-cent": "11", "club-cent": "15", "both-cents": "16"},
    "random-reach": {"ninety": "64", "hundred": "66.7", "no-overlap": "89"},
    "timing": {"use-it-or-lose-it": "12", "a-cent-less": "12", "money-first": "32"},
    "two-villages": {"training-only": "210", "no-synergy": "240"},
    "who-does-what": {"women-short": "25", "dear-entry": "10"},
}
"""Best objective of each scenario; None where it has no plan."""

CASES = [(name, scenario) for name, scenarios in OBJECTIVE.items() for scenario in scenarios]


def check(name: str, scenario: str, engine: str) -> None:
    instance = ciopt.load(FOLDER / f"{name}.json")
    plan = ciopt.solve(instance, ciopt.Settings(engine=engine, threads=1), scenario=scenario)
    expected = OBJECTIVE[name][scenario]
    if expected is None:
        assert plan.status == "infeasible"
        assert plan.objective is None
        assert plan.reasons
        return
    assert plan.status == "optimal"
    assert (plan.objective, plan.bound, plan.gap) == (Decimal(expected), Decimal(expected), Decimal(0))
    assert plan.instance.scenario == scenario
    assert ciopt.verify(instance, plan).is_valid


def test_all_scenarios_of_the_small_instances_are_here() -> None:
    found = {path.stem: set(ciopt.load(path).scenarios) for path in FOLDER.glob("*.json")}
    assert {name: set(scenarios) for name, scenarios in OBJECTIVE.items()} == found


@pytest.mark.parametrize(("name", "scenario"), CASES)
def test_a_scenario_changes_the_best_plan_as_worked_out(name: str, scenario: str) -> None:
    check(name, scenario, "auto")


@pytest.mark.sweep
@pytest.mark.parametrize("engine", ["highs", "scip", "cpsat", *(f"pulp:{name}" for name in pulp_solvers())])
@pytest.mark.parametrize(("name", "scenario"), CASES)
def test_every_engine_finds_it(name: str, scenario: str, engine: str) -> None:
    check(name, scenario, engine)


@pytest.mark.parametrize("engine", ["highs", "scip", "cpsat", *(f"pulp:{name}" for name in pulp_solvers())])
def test_every_engine_says_that_nothing_meets_the_target_and_why(engine: str) -> None:
    """The west can move 100 at most; 101 is asked. A float solver's word is confirmed in integers."""
    instance = ciopt.load(FOLDER / "cheapest.json")
    plan = ciopt.solve(instance, ciopt.Settings(engine=engine), scenario="too-much")
    assert plan.status == "infeasible"
    assert [re.findall(r"\d+", reason) for reason in plan.reasons] == [["101", "100"]]
    assert plan.proof is not None
    assert "CP-SAT" in plan.proof
    assert ciopt.verify(instance, plan).is_valid
