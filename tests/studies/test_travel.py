"""A plan comes back from a worker as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

import ciopt
from ciopt.plan import Plan
from ciopt.studies import travel
from ciopt.studies.travel import boxed, unboxed
from tests.cli.run import ROOT


@pytest.mark.parametrize("longest", [0, 50])
def test_a_plan_travels_whole(longest: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(travel, "_LONG", longest)  # tables of any length as columns, or none of these
    instance = ciopt.load(ROOT / Path("instances/small/backbone.json"))
    plan = ciopt.solve(instance, ciopt.Settings(gap=0.01))
    assert plan.assignments
    assert plan.synergies
    back = unboxed(boxed(plan))
    assert back == plan
    assert back.to_data() == plan.to_data()
    assert ciopt.verify(instance, back).is_valid


def test_plans_share_the_records_in_which_they_are_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(travel, "_LONG", 0)
    plan = ciopt.solve(ciopt.load(ROOT / Path("instances/small/backbone.json")), ciopt.Settings(gap=0.01))
    dearer = plan.assignments[0].model_copy(update={"cost": plan.assignments[0].cost + 1})
    other = plan.model_copy(update={"assignments": (dearer, *plan.assignments[1:])})
    known: travel.Known = {}
    first, second = unboxed(boxed(plan), known), unboxed(boxed(other), known)
    assert (first, second) == (plan, other)
    assert second.assignments[0] is not first.assignments[0]
    assert second.assignments[1] is first.assignments[1]
    assert second.synergies[0] is first.synergies[0]


def test_what_is_no_plan_travels_too() -> None:
    nothing = Plan(status="infeasible", reasons=("no money",), proof="solver X")
    assert unboxed(boxed(nothing)) == nothing
