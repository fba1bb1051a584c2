"""Scenarios and plans beside each other, against single solves and brute force."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest

import ciopt
from ciopt.errors import InvalidInput, UsageError, VerificationFailed
from ciopt.files import dump
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.studies import (
    Comparison,
    Sweep,
    WhatIf,
    compare,
    compare_plans,
    difference,
    named,
    set_all,
    set_each,
    sweep,
)
from tests.cli.run import ROOT
from tests.oracle.brute_force import brute_force
from tests.oracle.random_instances import random_instance

SMALL = ROOT / "instances/small"


@pytest.fixture(scope="module")
def instance() -> ciopt.Instance:
    return ciopt.load(SMALL / "backbone.json")


@pytest.fixture(scope="module")
def compared(instance: ciopt.Instance) -> Comparison:
    return compare(instance, named(instance, list(instance.scenarios)))


def test_every_case_says_what_a_solve_of_it_says(instance: ciopt.Instance, compared: Comparison) -> None:
    base = ciopt.solve(instance)
    assert [case.key for case in compared.cases] == ["base", *instance.scenarios]
    for case in compared.cases:
        plan = base if case.key == "base" else ciopt.solve(instance, scenario=case.key)
        assert (case.status, case.objective, case.bound) == (plan.status, plan.objective, plan.bound)
        assert (case.value, case.cost) == (plan.value, plan.cost)
        ends = [(each.id, each.attained) for each in case.indicators]
        assert ends == [(each.id, each.attained) for each in plan.indicators]
        spent = sum(each.spent for each in case.partners) + sum(each.spent for each in case.funds)
        assert spent == plan.cost
        if case.key != "base":
            assert case.difference == difference(base, plan)
            assert plan.objective is not None
            assert base.objective is not None
            assert case.gain == (plan.objective - base.objective,) * 2


def test_standings_and_ranks_follow_from_the_values(compared: Comparison) -> None:
    assert {case.key: (case.standing, case.rank) for case in compared.cases} == {
        "base": (None, (2, 2)),
        "cheaper-meetings": ("better", (1, 1)),
        "small-office": ("worse", (3, 3)),
        "weak-synergy": ("worse", (4, 4)),
        "no-backbone": ("worse", (4, 4)),
    }


def test_what_else_is_compared_changes_nothing(instance: ciopt.Instance, compared: Comparison) -> None:
    alone = compare(instance, named(instance, ["no-backbone"]))
    assert alone.cases[1].difference == compared.cases[-1].difference
    assert alone.cases[1].objective == compared.cases[-1].objective


def test_other_weights_are_not_ranked() -> None:
    instance = ciopt.load(SMALL / "falling-indicator.json")
    result = compare(instance, named(instance, ["every-case-counts", "rice-first"]))
    assert [case.standing for case in result.cases] == [None, "not comparable", "not comparable"]
    assert [case.rank for case in result.cases] == [(1, 1), None, None]


def test_an_infeasible_case_has_no_standing() -> None:
    instance = ciopt.load(SMALL / "cheapest.json")
    result = compare(instance, named(instance, ["too-much"]))
    case = result.cases[1]
    assert (case.status, case.standing, case.difference) == ("infeasible", None, None)
    assert result.complete


def test_the_instance_as_it_is_may_be_the_infeasible_one() -> None:
    instance = ciopt.load(SMALL / "infeasible-baseline.json")
    result = compare(instance, named(instance, ["ten-thousand-more"]))
    assert [case.status for case in result.cases] == ["infeasible", "optimal"]
    assert result.cases[1].standing is None


def test_all_scenarios_are_checked_before_the_first_solve(instance: ciopt.Instance) -> None:
    with pytest.raises(UsageError, match="did you mean 'funds'"):
        compare(instance, [*named(instance, ["no-backbone"]), set_all(["fnds.grant.amount=3"])])
    ids = ", ".join(each.id for each in instance.partners)
    with pytest.raises(UsageError, match=f"known: {ids}"):
        compare(instance, [set_all(["partners.zzzz.budget=3"])])
    broken = ciopt.parse({**instance.to_data(), "scenarios": {"s": {"set": {"nowhere.at.all": 1}}}})
    with pytest.raises(InvalidInput, match="leads nowhere"):
        compare(broken, [WhatIf("s", "s")])
    with pytest.raises(UsageError, match="twice"):
        compare(instance, [WhatIf("no-backbone", "no-backbone")] * 2)


def test_given_plans_are_verified_and_compared(instance: ciopt.Instance) -> None:
    good = ciopt.solve(instance)
    poor = ciopt.solve(instance, scenario="no-backbone")
    result = compare_plans(instance, [("good", good), ("poor", poor)])
    assert [case.standing for case in result.cases] == [None, "worse"]
    assert result.cases[1].changes == ("remove backbones.b-office",)
    assert result.cases[1].difference == difference(good, poor)
    forged = good.model_copy(update={"value": Decimal(999)})
    with pytest.raises(VerificationFailed):
        compare_plans(instance, [("good", good), ("forged", forged)])
    with pytest.raises(UsageError, match="each once"):
        compare_plans(instance, [("a", good), ("a", poor)])


def test_a_comparison_is_kept_as_json(compared: Comparison) -> None:
    data = json.loads(dump(compared.to_data()), parse_float=Decimal, parse_int=Decimal)
    assert (data.pop("ciopt"), data["kind"]) == (1, "comparison")
    assert Comparison.model_validate(data) == compared


def test_a_sweep_solves_every_combination(instance: ciopt.Instance) -> None:
    result = sweep(
        instance, [set_each("backbones.b-office.capacity=0,1,2"), set_each("funds.grant.amount=400,600")]
    )
    assert result.complete
    assert [point.values for point in result.points] == [
        (capacity, amount) for capacity in "012" for amount in ("400", "600")
    ]
    for point in result.points:
        data = instance.to_data()
        data["backbones"][0]["capacity"] = int(point.values[0])
        data["funds"][0]["amount"] = int(point.values[1])
        assert point.case.objective == ciopt.solve(ciopt.parse(data)).objective
    data = json.loads(dump(result.to_data()), parse_float=Decimal, parse_int=Decimal)
    assert (data.pop("ciopt"), data["kind"]) == (1, "sweep")
    assert Sweep.model_validate(data) == result


@pytest.mark.parametrize(
    "seed", [*range(6), *(pytest.param(n, marks=pytest.mark.sweep) for n in range(6, 60))]
)
def test_the_worth_of_every_point_is_what_brute_force_finds(seed: int) -> None:
    """What-ifs start from the plan as it is; the best is the best nevertheless."""
    instance = random_instance(seed)
    partner = instance.partners[0].id
    result = sweep(instance, [set_each(f"partners.{partner}.budget=0,60,900")])
    for point in result.points:
        changed = set_all([f"partners.{partner}.budget={point.values[0]}"]).applied(instance).instance
        truth = brute_force(changed)
        assert point.case.status == truth.status
        worth = [goal.objective for goal in point.case.goals]
        assert worth == [
            decimal(amount if name == "value" else -amount, VALUE_DIGITS)
            for name, amount in truth.goals.items()
        ]
