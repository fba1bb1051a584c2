"""No mutant of a solved plan passes: solved from files and from random instances with every feature."""

from __future__ import annotations

import random
from collections import Counter
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

import ciopt
from ciopt.errors import InvalidInput
from ciopt.plan import parse_plan
from ciopt.verification import relative_gap
from tests.oracle.draw_agreements import agreed_instance
from tests.oracle.features import features_of
from tests.oracle.random_instances import random_instance
from tests.verify.mutants import TABLES, Data, mutants, plain
from tests.verify.mutants import Path as DataPath
from tests.verify.rich import RICH

INSTANCES = Path(__file__).parents[2] / "instances"
SMALL = sorted(path.stem for path in (INSTANCES / "small").glob("*.json"))
SEEDS = range(16)
AGREED = (0, 5, 9, 12, 27, 38)
"""With every kind of fairness and risk: a test says so."""
FEATURES = {
    "budget by period",
    "fund by period",
    "fund carry_over",
    "fund match",
    "fund max_share",
    "fund min_spend",
    "backbone capacity",
    "overlap best",
    "overlap random",
    "targets first",
    "boost",
    "synergy within group",
    "synergy within neighbours",
    "baseline committed",
    "intervention cost_profile",
    "currency with 0 digits",
}
MOST = 150
"""Mutants of one plan in the gate; the sweep takes all."""


@cache
def solved(name: str) -> tuple[ciopt.Instance, ciopt.Plan]:
    kind, _, rest = name.partition(":")
    if kind == "seed":
        instance = random_instance(int(rest))
        return instance, ciopt.solve(instance, ciopt.Settings(engine="cpsat", threads=1))
    if kind == "agreed":
        instance = agreed_instance(int(rest))
        return instance, ciopt.solve(instance, ciopt.Settings(threads=1))
    if kind == "rich":
        instance = RICH[rest]()
        return instance, ciopt.solve(instance, ciopt.Settings(engine="cpsat", threads=1))
    if kind == "stopped":
        instance, plan = solved(rest)
        return instance, stopped(plan)
    if (INSTANCES / f"{name}.plan.json").exists():
        return ciopt.load(INSTANCES / f"{name}.json"), ciopt.load_plan(INSTANCES / f"{name}.plan.json")
    instance = ciopt.load(INSTANCES / "small" / f"{name}.json")
    return instance, ciopt.solve(instance, ciopt.Settings(engine="cpsat", threads=1))


def stopped(plan: ciopt.Plan) -> ciopt.Plan:
    """The same plan as a time limit would have left it: its bound is 5 away."""
    first = plan.goals[0]
    assert plan.objective is not None
    assert first.objective is not None
    away = first.objective + (5 if first.goal == "value" else -5)
    goal = first.model_copy(update={"bound": away, "proven": False})
    return plan.model_copy(
        update={
            "status": "feasible",
            "stopped_by": "time_limit",
            "goals": (goal,),
            "bound": away,
            "gap": relative_gap(plan.objective, away),
        }
    )


def is_reordered(plan: ciopt.Plan, other: ciopt.Plan) -> bool:
    """Whether all tables have the same records, in another order."""
    for name in TABLES:
        left = list(getattr(other, name))
        for record in getattr(plan, name):
            if record not in left:
                return False
            left.remove(record)
        if left:
            return False
    return True


def flows(plan: ciopt.Plan) -> Counter[tuple[str, str, str]]:
    """What each fund pays, and what each activity gets, by period."""
    sums: Counter[tuple[str, str, str]] = Counter()
    for each in plan.payments:
        for role, name in (("fund", each.fund), ("item", each.assignment)):
            sums[role, name, each.period] += int(each.amount * 1000)
    return sums


def why_nobody_knows(plan: ciopt.Plan, path: DataPath, other: ciopt.Plan) -> str:
    """Say why the instance alone cannot show this change; empty if it must be found."""
    last = len(plan.goals) - 1
    if path[0] in TABLES and is_reordered(plan, other):
        return "the order of records"
    if path[0] == "run" and path[-1] != "solver":
        return "how the run went"
    if path[0] == "stopped_by" and plan.status != "optimal":
        return "why it stopped"
    if path[0] == "goals" and plan.goals[: len(other.goals)] == other.goals and other.goals:
        return "a proof about ties that is not claimed"
    if path == ("goals", last, "proven") and plan.goals[last].goal == "option_ids":
        return "a proof about ties that is not claimed"
    if path[0] == "payments" and path[-1] == "period" and plan.payments != other.payments:
        moved = [one for one, two in zip(plan.payments, other.payments, strict=True) if one != two]
        if all(":" in each.assignment for each in moved):
            return "participation and backbones may be paid in any period"
    if path[0] == "payments" and plan.payments != other.payments and flows(plan) == flows(other):
        return "the same money, and which of two funds pays for which of two activities is free"
    if path[0] == "assignments" and plan.goals == other.goals and plan.assignments[int(path[1])].cost == 0:
        return "a free activity done otherwise is worth the same: which comes first by ids is a proof"
    if path[0] == "reasons" and plan.status == "infeasible":
        return "what the reasons are"
    return ""


def check(name: str, most: int | None) -> int:
    """Mutate a plan, verify all mutants, and fail with a list of those that pass."""
    instance, plan = solved(name)
    assert ciopt.verify(instance, plan).problems == ()
    data: Data = plain(plan.to_data())
    plan = parse_plan(data)
    everything = list(mutants(instance, data))
    if most is not None and len(everything) > most:
        everything = random.Random(0).sample(everything, most)
    survivors = []
    for what, path, mutant in everything:
        try:
            other = parse_plan(mutant)
        except InvalidInput:
            continue
        if other == plan or not ciopt.verify(instance, other).is_valid:
            continue
        if not why_nobody_knows(plan, path, other):
            survivors.append(f"{path}: {what}")
    assert survivors == [], f"{name}: {len(survivors)} of {len(everything)} mutants pass"
    return len(everything)


NAMES = [
    *SMALL,
    "somerville",
    "stopped:backbone",
    "stopped:cheapest",
    "stopped:matched-fund",
    *(f"rich:{name}" for name in RICH),
    *(f"seed:{seed}" for seed in SEEDS),
    *(f"agreed:{seed}" for seed in AGREED),
]


@pytest.mark.parametrize("name", NAMES)
def test_no_mutant_of_a_solved_plan_passes(name: str) -> None:
    most = 40 if name == "somerville" else MOST
    assert check(name, most) >= 10


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_no_mutant_at_all_passes(name: str) -> None:
    check(name, None)


def test_the_plans_have_between_them_what_money_and_synergies_can_do() -> None:
    """Solved plans that use a feature, not only instances that mention it."""
    cases = [solved(name) for name in NAMES if name.startswith("rich")]
    assert set().union(*(set(features_of(instance)) for instance, _ in cases)) >= FEATURES
    plans = [plan for _, plan in cases]
    assert all(plan.status == "optimal" for plan in plans)
    for table in ("assignments", "payments", "synergies", "backbones", "targets", "funds"):
        assert any(getattr(plan, table) for plan in plans), table
    kinds = {each.id for each in solved("rich:synergies_of_every_kind")[1].synergies}
    assert kinds >= {"plain", "near", "wide", "same", "mixed"}
    assert len(solved("rich:two_backbones")[1].backbones) == 2
    assert {each.fund for each in solved("rich:money_by_period")[1].payments} >= {"f", "m"}


def test_the_agreed_plans_have_every_kind_of_fairness_and_risk() -> None:
    agendas = [solved(f"agreed:{seed}")[0].agenda for seed in AGREED]
    assert all(solved(f"agreed:{seed}")[1].has_plan for seed in AGREED)
    fair = {(each.fairness.how, each.fairness.counts) for each in agendas if each.fairness is not None}
    assert fair >= {("floor", "credit"), ("floor", "burden"), ("maximin", "credit"), ("dial", "credit")}
    assert {how for how, _ in fair} == {"floor", "maximin", "leximin", "dial"}
    assert {each.risk.how for each in agendas if each.risk is not None} == {"robust", "cvar"}


def test_thousands_of_mutants_are_tried() -> None:
    counts = [
        sum(1 for _ in mutants(instance, plain(plan.to_data())))
        for instance, plan in (solved(name) for name in NAMES if name != "somerville")
    ]
    assert sum(counts) > 10_000
    assert sum(min(MOST, count) for count in counts) > 2_500


@pytest.mark.parametrize("step", [Decimal("1e-12"), Decimal("0.01"), 1])
def test_a_bound_worse_than_the_plan_is_refused_however_consistent(step: Decimal) -> None:
    """A bound on the wrong side of the objective, said alike in all three places."""
    for name in ("backbone", "cheapest"):
        instance, plan = solved(f"stopped:{name}")
        assert plan.objective is not None
        sign = 1 if plan.goals[0].goal == "value" else -1
        bound = plan.objective - sign * step
        other = plan.model_copy(
            update={
                "bound": bound,
                "gap": relative_gap(plan.objective, bound),
                "goals": (plan.goals[0].model_copy(update={"bound": bound}),),
            }
        )
        found = ciopt.verify(instance, other).problems
        assert [each.code for each in found] == ["E542"]
        assert str(bound) in found[0].message
