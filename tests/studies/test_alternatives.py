"""Alternatives: good enough, far enough from each other, and no more where that is said."""

from __future__ import annotations

from decimal import Decimal
from itertools import combinations

import pytest

import ciopt
from ciopt.instance import Lookup
from ciopt.plan import Plan
from ciopt.studies import alternatives
from ciopt.studies.distance import ASPECTS, Aspect
from tests.cli.run import ROOT
from tests.oracle.brute_force import Answer, every_plan
from tests.oracle.random_instances import random_instance

SETTINGS = ciopt.Settings(engine="cpsat", threads=1)


def apart(aspect: Aspect, one: Plan, other: Plan) -> Decimal:
    """The distance as the documentation says it, from the plans' own records."""
    if aspect == "fund":
        spent: dict[str, Decimal] = {}
        for sign, plan in ((1, one), (-1, other)):
            for each in plan.payments:
                spent[each.fund] = spent.get(each.fund, Decimal(0)) + sign * each.amount
        return 50 * sum(map(abs, spent.values()), Decimal(0)) / one.cost if one.cost else Decimal(0)
    first = {(each.intervention, each.place): each.partner for each in one.assignments}
    second = {(each.intervention, each.place): each.partner for each in other.assignments}
    keys = {*first, *second}
    if aspect == "partner":
        return Decimal(sum(first.get(key) != second.get(key) for key in keys))
    changed = {key for key in keys if (key in first) != (key in second)}
    return Decimal(len(changed) if aspect == "activity" else len({place for _, place in changed}))


@pytest.mark.parametrize("aspect", ASPECTS)
@pytest.mark.parametrize("seed", range(700, 712))
def test_plans_are_good_and_far_from_each_other(seed: int, aspect: Aspect) -> None:
    instance = random_instance(seed)
    if aspect == "fund" and any(partner.budget is None for partner in instance.partners):
        return
    found = alternatives(instance, SETTINGS, within=Decimal("0.2"), count=3, differ_in=aspect)
    for plan in found.plans:
        assert ciopt.verify(instance, plan).is_valid
        assert plan.objective is not None
        assert found.floor is not None
        better = plan.objective >= found.floor if found.goal == "value" else plan.objective <= found.floor
        assert better
    for one, other in combinations(found.plans, 2):
        assert apart(aspect, one, other) >= found.distance
    if len(found.plans) > 1 and aspect != "fund":
        assert found.distance >= 1


def activities(names: tuple[str, ...]) -> set[tuple[str, str]]:
    return {(name.split("/")[1], name.split("/")[2]) for name in names}


@pytest.mark.parametrize("seed", range(720, 745))
def test_that_there_is_no_further_plan_is_true(seed: int) -> None:
    instance = random_instance(seed)
    found = alternatives(instance, SETTINGS, within=Decimal("0.1"), count=4)
    if not found.no_more or not found.plans:
        return
    sign = 1 if found.goal == "value" else -1
    taken = [activities(tuple(each.option.id for each in plan.assignments)) for plan in found.plans]
    least = max(1, found.distance)
    assert found.floor is not None
    for plan in every_plan(instance):
        if found.goal in plan.goals and sign * good(plan, found.goal) >= sign * found.floor:
            assert any(len(activities(plan.options) ^ each) < least for each in taken)


def good(plan: Answer, goal: str) -> Decimal:
    worth = Decimal(plan.goals[goal]).scaleb(-12)
    return worth if goal == "value" else -worth


@pytest.mark.parametrize(("name", "plans", "exchanges"), [("two-villages", 3, 2), ("matched-fund", 1, 0)])
def test_what_they_have_in_common_is_counted(name: str, plans: int, exchanges: int) -> None:
    instance = ciopt.load(ROOT / f"instances/small/{name}.json")
    found = alternatives(instance, SETTINGS, within=Decimal("0.5"), count=3)
    assert (len(found.plans), len(found.exchangeable)) == (plans, exchanges)
    everywhere = set.intersection(*({each.option for each in plan.assignments} for plan in found.plans))
    assert {each.assignment.option for each in found.assignments if each.found == "in all"} == everywhere
    for pair in found.exchangeable:
        for plan in found.plans:
            have = {each.option for each in plan.assignments}
            assert (pair.one.option in have) != (pair.other.option in have)
    done = {"/".join(each.option.activity) for plan in found.plans for each in plan.assignments}
    offered = {"/".join(activity) for activity in Lookup(instance).activities}
    assert set(found.never) == offered - done
