"""Equal plans for equal questions: on every back-end the tie goes where trying everything says."""

from __future__ import annotations

import random
from threading import Event
from typing import Any

import pytest

from ciopt.engines.backends import find_backend
from ciopt.engines.doctor import pulp_solvers
from ciopt.engines.exact.engine import solve_exact
from ciopt.engines.matrix import Parameters
from ciopt.engines.solution import Solution
from ciopt.instance import Instance, parse
from ciopt.instance.money import from_minor
from ciopt.program import compile_program
from tests.oracle.brute_force import brute_force

NAMES = ["highs", "scip", "cpsat", *(f"pulp:{name}" for name in pulp_solvers())]


def tied(seed: int) -> Instance:
    """Draw an instance whose numbers are so few that most plans have a twin."""
    draw = random.Random(seed)
    places = ["a", "b"] if seed % 2 else ["a", "b", "c"]
    what = ["i", "j"]
    data: dict[str, Any] = {
        "ciopt": 1,
        "currency": "USD",
        "periods": ["y1", "y2"] if seed % 3 == 0 else ["all"],
        "places": [{"id": each, "group": draw.choice(["g", "h"])} for each in places],
        "indicators": [{"id": "k"}],
        "partners": [
            {
                "id": who,
                "roles": ["implementing"],
                "budget": draw.choice([10, 20, 30]),
                "participation_cost": draw.choice([0, 0, 1]),
            }
            for who in ("q", "p")
        ],
        "interventions": [
            {"id": each, "cost": draw.choice([0, 10, 10]), "impact": {"k": draw.choice([0, 1, 1])}}
            for each in what
        ],
        "capabilities": [{"partner": who, "intervention": each} for who in "qp" for each in what],
        "rules": [{"at_most": draw.randint(1, 3), "of": what, "within": "all"}],
    }
    if draw.random() < 0.5:
        data["synergies"] = [{"id": "s", "between": what, "adds": {"k": draw.choice([0, 1, -1])}}]
    return parse(data)


def solved(made: Instance, name: str, **parameters: Any) -> Solution:
    return solve_exact(
        compile_program(made), find_backend(name), Parameters(**parameters), lambda news: None, Event()
    )


def check(name: str, seeds: range) -> None:
    for seed in seeds:
        made = tied(seed)
        truth = brute_force(made)
        solution = solved(made, name, seed=seed, threads=1 + seed % 2)
        assert solution.choices is not None, seed
        goals = {stage.goal: stage for stage in solution.stages}
        assert all(stage.proven for stage in solution.stages), seed
        assert tuple(sorted(option.id for option in solution.choices.options)) == truth.options, seed
        assert goals["value"].objective == truth.goals["value"], seed
        assert truth.cost is not None
        assert goals["cost"].objective == -int(from_minor(truth.cost, "USD") * 10**12), seed


@pytest.mark.parametrize("name", NAMES)
def test_ties_go_where_trying_everything_says(name: str) -> None:
    check(name, range(4))


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_ties_of_many_instances(name: str) -> None:
    check(name, range(100, 200))


@pytest.mark.parametrize("name", ["highs", "cpsat"])
def test_who_carries_which_synergy_is_settled_too(name: str) -> None:
    """Two backbones may each carry either of two synergies free: the smaller label goes to the first."""
    made = parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "a"}, {"id": "b"}],
            "indicators": [{"id": "k"}],
            "partners": [
                {"id": "p", "roles": ["implementing"], "budget": 100},
                {"id": "g", "roles": ["backbone"], "budget": 10},
                {"id": "h", "roles": ["backbone"], "budget": 10},
            ],
            "interventions": [{"id": each, "cost": 10, "impact": {"k": 1}} for each in "ij"],
            "capabilities": [{"partner": "p", "intervention": each} for each in "ij"],
            "synergies": [{"id": "s", "between": ["i", "j"], "adds": {"k": 1}, "backbone": True}],
            "backbones": [{"partner": who, "cost": 1, "capacity": 1} for who in ("h", "g")],
        }
    )
    solutions = [solved(made, name, seed=seed) for seed in (0, 1, 2)]
    assert all(each.choices is not None for each in solutions)
    carried = [each.choices.backbones for each in solutions if each.choices is not None]
    assert carried[0] == carried[1] == carried[2]
    assert sorted(label for labels in carried[0].values() for label in labels) == [("s", "a"), ("s", "b")]
