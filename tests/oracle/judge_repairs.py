"""What is said of an infeasible tiny instance, judged by trying every plan."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ciopt.instance import Instance
from ciopt.instance.requirements import Requirement, requirements_of
from ciopt.instance.rules import Scenario
from ciopt.instance.scenarios import apply_scenario
from ciopt.plan.repair import Change, Repair
from ciopt.studies import Infeasibility
from tests.oracle.brute_force import brute_force

PLENTY = Decimal(10) ** 12


def is_feasible(instance: Instance) -> bool:
    return brute_force(instance).status == "optimal"


def lifted(instance: Instance, requirements: Iterable[Requirement]) -> Instance:
    """The instance without some requirements."""
    new: dict[str, Any] = {}
    gone: list[str] = []
    for each in requirements:
        if each.kind == "baseline":
            new[each.path] = "planned"
        elif each.is_dropped:
            gone.append(each.path)
        elif each.kind == "floor":
            gone.append("agenda.fairness")
        elif each.kind == "match":
            gone.append(each.path.removesuffix(".ratio"))
        elif each.kind == "max_share":
            new[each.path] = 1
        elif each.is_least:
            new[each.path] = -PLENTY if each.kind == "target" else 0
        else:
            new[each.path] = PLENTY if each.kind in ("target", "purse", "capacity", "max_cost") else 10**6
    return apply_scenario(instance, Scenario(set=new, remove=tuple(gone))).instance


def judge(instance: Instance, found: Infeasibility) -> None:
    """Check conflict and repairs; singles only where the first repair is a single one."""
    assert found.status == "infeasible"
    assert not is_feasible(instance)
    requirements = {each.path: each for each in requirements_of(instance)}
    judge_conflict(instance, found, requirements)
    for repair in found.repairs:
        assert is_feasible(apply_scenario(instance, repair.scenario).instance), repair
        if repair.least:
            judge_amounts(instance, repair, requirements)
    if found.complete and found.repairs:
        single = {each.changes[0].path for each in found.repairs if len(each.changes) == 1}
        for path in requirements.keys() - single:
            assert not is_feasible(lifted(instance, [requirements[path]])), path


def judge_conflict(instance: Instance, found: Infeasibility, requirements: dict[str, Requirement]) -> None:
    """The conflict has no plan whatever becomes of the rest, and one without any of its members."""
    assert found.conflict is not None
    assert found.conflict.smallest
    inside = set(found.conflict.paths)
    outside = [each for path, each in requirements.items() if path not in inside]
    assert not is_feasible(lifted(instance, outside))
    for path in inside:
        assert is_feasible(lifted(instance, [*outside, requirements[path]])), path


def judge_amounts(instance: Instance, repair: Repair, requirements: dict[str, Requirement]) -> None:
    """A unit less of any change does not suffice."""
    for number, change in enumerate(repair.changes):
        if change.after is not None:
            less = _a_unit_less(change, requirements[change.path].digits)
            new = {**repair.set, change.path: less}
            shorter = apply_scenario(instance, Scenario(set=new, remove=repair.remove)).instance
            assert not is_feasible(shorter), (number, repair)


def _a_unit_less(change: Change, digits: int) -> Any:
    unit = Decimal(1).scaleb(-digits)
    assert change.after is not None
    less = change.after - unit if change.how == "raise" else change.after + unit
    return int(less) if less == less.to_integral_value() else less
