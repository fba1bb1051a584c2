"""Planning again: the best plan with so few changes, against trying every plan."""

from __future__ import annotations

from decimal import Decimal

import pytest

import ciopt
from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.plan import Plan
from ciopt.studies import replan
from ciopt.studies.narrowed import solve_narrowed
from tests.oracle.brute_force import Answer, every_plan
from tests.oracle.random_instances import random_instance

SETTINGS = ciopt.Settings(engine="cpsat", threads=1)
SEEDS = range(600, 640)


def old_plan(instance: Instance) -> Plan | None:
    """Another plan than the best one: its first assignment is forbidden."""
    best = ciopt.solve(instance, SETTINGS)
    if not best.assignments:
        return None
    first = best.assignments[0].option
    return solve_narrowed(instance, lambda side: side.forbid([first]), SETTINGS).plan


def changes(old: Plan, new: Answer) -> int:
    """Activities that are not done by the same option."""
    before = {each.option.activity: each.option.id for each in old.assignments}
    after = {(name.split("/")[1], name.split("/")[2]): name for name in new.options}
    return sum(before.get(each) != after.get(each) for each in {*before, *after})


def first_goal(plan: Answer) -> int:
    return next(iter(plan.goals.values()))


@pytest.mark.parametrize("seed", SEEDS)
def test_no_plan_with_so_few_changes_is_better(seed: int) -> None:
    instance = random_instance(seed)
    old = old_plan(instance)
    if old is None:
        return
    every = list(every_plan(instance))
    for most in (0, 1, 2):
        able = [plan for plan in every if changes(old, plan) <= most]
        found = replan(instance, old, SETTINGS, max_changes=most)
        if not able:
            assert found.status == "infeasible"
            continue
        assert found.plan is not None
        assert ciopt.verify(instance, found.plan).is_valid
        assert found.changes == found.difference.changed <= most
        best = max(able, key=lambda plan: tuple(plan.goals.values()))
        same = [plan for plan in able if plan.options == options_of(found.plan)]
        assert max(first_goal(plan) for plan in same) == first_goal(best)
        assert found.status == "optimal"


def options_of(plan: Plan) -> tuple[str, ...]:
    return tuple(sorted(each.option.id for each in plan.assignments))


@pytest.mark.parametrize("seed", SEEDS)
def test_changes_are_paid_for(seed: int) -> None:
    instance = random_instance(seed)
    old = old_plan(instance)
    if old is None:
        return
    every = list(every_plan(instance))
    for price in (Decimal("0.5"), Decimal(20)):
        paid = int(price * 10**12)
        best = max(first_goal(plan) - paid * changes(old, plan) for plan in every)
        found = replan(instance, old, SETTINGS, change_cost=price)
        assert found.plan is not None
        same = [plan for plan in every if plan.options == options_of(found.plan)]
        assert max(first_goal(plan) - paid * changes(old, plan) for plan in same) == best


def test_what_is_kept_is_kept_and_what_is_gone_is_named() -> None:
    instance = ciopt.load("instances/somerville.json")
    settings = ciopt.Settings(gap=0.05)
    old = ciopt.solve(instance, settings)
    kept = replan(instance, old, settings, keep="partner:city", scenario="double-federal")
    assert kept.plan is not None
    mine = {each.option for each in old.assignments if each.partner == "city"}
    assert mine <= {each.option for each in kept.plan.assignments}
    gone = replan(instance, old, settings, keep="all", scenario="insurer-leaves")
    assert {each.assignment.partner for each in gone.lost} == {"insurer"}
    assert all("insurer" in each.why for each in gone.lost)


def test_nothing_new_starts_before_now() -> None:
    instance = ciopt.load("instances/somerville.json")
    settings = ciopt.Settings(gap=0.05)
    old = ciopt.solve(instance, settings, scenario="double-federal")
    now = instance.periods[1]
    found = replan(instance, old, settings, now=now, scenario="double-federal")
    assert found.plan is not None
    started = {each.option for each in old.assignments if each.period == instance.periods[0]}
    assert {each.option for each in found.plan.assignments if each.period == instance.periods[0]} == started


def test_the_price_of_stability_has_two_certified_ends() -> None:
    instance = ciopt.load("instances/small/two-villages.json")
    best = ciopt.solve(instance)
    found = replan(instance, best)
    assert (found.price_at_least, found.price_at_most, found.changes) == (Decimal(0), Decimal(0), 0)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"keep": "partner:cty"}, "city"),
        ({"keep": "everything"}, "committed, all, or partner:ID"),
        ({"now": "2099"}, "no period"),
        ({"max_changes": 1, "change_cost": Decimal(1)}, "not both"),
    ],
)
def test_what_makes_no_sense_is_said(words: dict[str, object], said: str) -> None:
    instance = ciopt.load("instances/somerville.json")
    old = Plan(status="feasible")
    with pytest.raises(UsageError, match=said):
        replan(instance, old, **words)  # type: ignore[arg-type]


def test_the_plan_of_another_coalition_is_refused() -> None:
    other = ciopt.load("instances/small/two-villages.json")
    plan = ciopt.solve(other, SETTINGS)
    instance = random_instance(SEEDS[0])
    with pytest.raises(UsageError, match="another coalition"):
        replan(instance, plan, SETTINGS)
