"""Answers to why by trying every plan: what the best with, and the best without something, are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from fractions import Fraction

import ciopt
from ciopt.instance import Instance
from ciopt.instance.goals import rounded, sign_of
from ciopt.instance.scenarios import apply_scenario
from ciopt.plan import Plan
from ciopt.studies import Case, Explanation, Importance, WhyNot
from ciopt.studies.why.anew import Change
from ciopt.studies.why.ground import Ground
from ciopt.studies.why.importance import changes_of
from ciopt.studies.why.records import Loss
from tests.oracle.brute_force import Answer, brute_force, every_plan

SETTINGS = ciopt.Settings(engine="cpsat", threads=1)


def best_plan(instance: Instance) -> Plan | None:
    """The proven best plan, None if there is none or it does nothing."""
    plan = ciopt.solve(instance, SETTINGS)
    return plan if plan.assignments else None


def first(plans: Iterable[Answer], keep: Callable[[Answer], bool]) -> Answer:
    """The best of the plans that are kept; plans come in order, the best one first."""
    return next(filter(keep, plans), Answer("infeasible"))


def expected_loss(best: Answer, other: Answer) -> Fraction | None:
    """What is lost in the first of value and cost, if all earlier goals are as good; None without a plan."""
    if other.status == "infeasible" or best.goals.keys() != other.goals.keys():
        return None  # leximin has a goal for each number of members
    for goal, worth in best.goals.items():
        if goal in ("value", "cost"):
            return Fraction(rounded(worth) - rounded(other.goals[goal]), 10**12)
        if worth != other.goals[goal]:
            return None
    raise AssertionError("no goal")


def agrees(case: Case, loss: Loss | None, best: Answer, other: Answer) -> None:
    """A case and its loss say what trying every plan says, to the last digit."""
    if other.status == "infeasible":
        assert case.status == "infeasible"
        assert loss is None
        return
    assert case.status == "optimal"
    right = {goal: rounded(worth) for goal, worth in other.goals.items()}
    assert {each.goal: sign_of(each.goal) * exactly(each.objective) for each in case.goals} == right
    expected = expected_loss(best, other)
    if expected is None:
        assert loss is None
    else:
        assert loss is not None
        assert [None if end is None else Fraction(end) for end in loss] == [expected, expected]


def exactly(amount: Decimal | None) -> int:
    """An amount in 10^-12."""
    assert amount is not None
    return int(amount.scaleb(12))


def check_explanation(instance: Instance, found: Explanation, every: list[Answer]) -> None:
    """What is lost without an assignment is what every plan without it says."""
    assert found.without is not None
    mine = found.assignment.option.id
    agrees(found.without, found.loss, every[0], first(every, lambda plan: mine not in plan.options))


def check_why_not(found: WhyNot, every: list[Answer]) -> None:
    """What having something costs is what every plan with it says; impossible is what no plan has."""
    fields = ("partner", "intervention", "place", "period", "level")

    def has_it(plan: Answer) -> bool:
        ids = (dict(zip(fields, each.split("/"), strict=False)) for each in plan.options)
        return any(found.wanted.items() <= each.items() for each in ids)

    other = first(every, has_it)
    if found.with_it is None:
        assert found.answer == ("in the plan" if other is every[0] else "impossible")
        assert found.answer == "in the plan" or other.status == "infeasible", found.obstacles
        return
    assert found.answer == ("impossible" if other.status == "infeasible" else "possible")
    agrees(found.with_it, found.loss, every[0], other)


def check_importance(base: Ground, found: Importance, every: list[Answer]) -> int:
    """Every replacement value is what trying every plan of the changed instance says; returns how many."""
    known = {f"{each.kind} {each.id}": each for each in found.things}
    changes = changes_of(base, found.of)
    assert set(known) == {each.key for each in changes}
    for change in changes:
        other = _changed(base, change, every)
        agrees(known[change.key].case, known[change.key].loss, every[0], other)
        if change.restricts and other.status != "infeasible":
            assert list(every[0].goals.values()) >= list(other.goals.values())
    return len(changes)


def _changed(base: Ground, change: Change, every: list[Answer]) -> Answer:
    kind, _, name = change.key.partition(" ")
    if change.impossible:
        return Answer("infeasible")
    if kind == "assignment":
        return first(every, lambda plan: name not in plan.options)
    return brute_force(apply_scenario(base.instance, change.scenario).instance)


def all_plans(instance: Instance) -> list[Answer]:
    """Every plan, the best one first."""
    return list(every_plan(instance))
