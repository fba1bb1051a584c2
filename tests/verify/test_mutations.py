"""Whatever is changed in a valid plan is found, or it is said here why nobody could know."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import get_args

import pytest

from ciopt.errors import InvalidInput
from ciopt.instance import Instance
from ciopt.plan import Plan, parse_plan
from ciopt.plan.records import Status, StoppedBy
from ciopt.verification import verify
from tests.verify.cases import CASES
from tests.verify.mutations import Mutation, Path, document, mutations, texts

PROOFS = ["certificate", "enumeration", "solver other 2.0", "solver", ""]
SAMPLE = 10
"""Words that each text is swapped for, of all that the instance and the plan use (the sweep takes all)."""


def all_mutations(made: Instance, plan: Plan, sample: int | None) -> Iterator[Mutation]:
    data = document(plan)
    statuses = {*get_args(Status), *get_args(StoppedBy)}
    words = sorted({*texts(data), *texts(document(made)), *statuses, *PROOFS})
    dice = random.Random(0)

    def choose(path: Path, here: str | None) -> list[str]:
        others = [word for word in words if word != here]
        if sample is None:
            return others
        last = path[-1]
        always = PROOFS if last == "proof" else sorted(statuses) if last in ("status", "stopped_by") else []
        return [*(set(always) - {here}), *dice.sample(others, min(sample, len(others)))]

    return mutations(data, choose)


def nobody_knows(plan: Plan, path: Path, other: Plan) -> str:
    """Say why a change cannot be found from the instance alone; empty if it must be."""
    if path[0] == "run" and path[1:] != ("solver",):
        return "how the run went leaves no trace in the plan"
    if path == ("run", "solver") and (other.run.solver == "" or other.proof is None):
        return "nothing claimed rests on the solver's name"
    if path == ("proof",) and other.proof is not None and other.proof.startswith("solver "):
        return "whose word it is"
    if path[:1] == ("stopped_by",) and plan.status in ("feasible", "no_plan"):
        return "why a run stopped"
    if path == ("status",) and {plan.status, other.status} == {"no_plan", "error"}:
        return "whether a run that has nothing to show failed"
    if path[0] == "reasons" and other.status == "infeasible":
        return "what the reasons are"
    if path[0] == "goals" and plan.goals[: len(other.goals)] == other.goals:
        return "a claim about ties that is not made"
    if path[0] == "goals" and path[1:] == (len(plan.goals) - 1, "proven"):
        return "whether the last tie-break is settled"
    if path[0] == "payments" and path[2:] == ("period",) and ":" in plan.payments[int(path[1])].assignment:
        return "a valid plan too: participation and backbones may be paid in any period"
    return ""


def survivors(made: Instance, plan: Plan, sample: int | None) -> tuple[int, list[str]]:
    """How many changes there were, and those that should have been found and were not."""
    count, left = 0, []
    for path, what, changed in all_mutations(made, plan, sample):
        count += 1
        try:
            other = parse_plan(changed)
        except InvalidInput:
            continue
        if other == plan or not verify(made, other).is_valid:
            continue
        if not nobody_knows(plan, path, other):
            left.append(f"{path}: {what}")
    return count, left


@pytest.mark.parametrize("name", CASES)
def test_the_plans_to_start_from_are_valid(name: str) -> None:
    made, plan = CASES[name]()
    assert verify(made, plan).problems == ()
    assert parse_plan(document(plan)) == plan


@pytest.mark.parametrize("name", CASES)
def test_no_change_of_a_valid_plan_goes_unnoticed(name: str) -> None:
    made, plan = CASES[name]()
    count, left = survivors(made, plan, SAMPLE)
    assert left == []
    assert count > 150


def test_more_than_a_thousand_changes_are_tried() -> None:
    assert sum(1 for case in CASES.values() for _ in all_mutations(*case(), SAMPLE)) > 5000


@pytest.mark.sweep
@pytest.mark.parametrize("name", CASES)
def test_no_change_at_all_goes_unnoticed(name: str) -> None:
    made, plan = CASES[name]()
    assert survivors(made, plan, None)[1] == []
