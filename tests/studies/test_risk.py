"""How sure a plan is: at central estimates exactly the plan's numbers, at drawn ones the stated spread."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

import ciopt
from ciopt.errors import UsageError
from ciopt.files import read_plan
from ciopt.instance import Lookup
from ciopt.instance.base import EstimateRecord
from ciopt.instance.estimates import Key
from ciopt.instance.uncertainty import Spread, reliability, spread
from ciopt.studies.uncertainty import compare_risks, risk
from ciopt.studies.uncertainty.draws import Draws, split_normal
from ciopt.studies.uncertainty.outcome import constant, outcome
from ciopt.studies.uncertainty.risk import shortfalls
from ciopt.verification.decisions import read_decisions
from tests.oracle.random_instances import random_instance

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize(
    "seed", [*range(12), *(pytest.param(seed, marks=pytest.mark.sweep) for seed in range(12, 200))]
)
def test_at_central_estimates_the_outcome_is_the_exact_one(seed: int) -> None:
    """Saturation, overlaps, synergies, soft targets: the same meaning in draws as in the exact value."""
    instance = random_instance(seed)
    plan = ciopt.solve(instance, ciopt.Settings(engine="cpsat", time_limit=20, threads=1, gap=0.5))
    if not plan.has_plan:
        pytest.skip("no plan")
    lookup = Lookup(instance)
    choices, problems = read_decisions(lookup, plan)
    assert not problems
    found = outcome(lookup, choices, 1, constant(lambda estimate: 1.0))
    assert found.value[0] == pytest.approx(float(plan.value or 0), rel=1e-9, abs=1e-4)
    for each in plan.indicators:
        assert found.indicators[each.id][0] == pytest.approx(float(each.total), rel=1e-9, abs=1e-4)
    for target, total in zip(plan.targets, found.targets, strict=True):
        assert total[0] == pytest.approx(float(target.total), rel=1e-9, abs=1e-4)
    headline = next(goal for goal in instance.agenda.goals if goal in ("value", "cost"))
    sign = 1 if headline == "value" else -1
    assert found.objective[0] == pytest.approx(sign * float(plan.objective or 0), rel=1e-9, abs=1e-4)


def test_the_quantiles_of_a_range_are_the_ones_stated() -> None:
    draws = Draws(200_000, seed=3)
    key = Key("impact", "road", "income")
    for low, high in (("0.5", "1.4"), ("0.9", "1.1"), ("1.2", "1.8")):
        found = draws.multiplier(key, Spread(Decimal(low), Decimal(high)), "here")
        assert np.quantile(found, [0.1, 0.9]) == pytest.approx([float(low), float(high)], abs=0.01)


def test_an_estimate_errs_alike_everywhere_unless_places_have_their_own() -> None:
    key, wide = Key("impact", "road", "income"), Spread(Decimal("0.5"), Decimal("1.5"))
    alike, own = Draws(50_000, seed=1), Draws(50_000, seed=1, place_share=0.25)
    assert np.array_equal(alike.multiplier(key, wide, "a"), alike.multiplier(key, wide, "b"))
    assert np.corrcoef(own.multiplier(key, wide, "a"), own.multiplier(key, wide, "b"))[0, 1] == pytest.approx(
        0.75, abs=0.02
    )
    other = alike.multiplier(Key("impact", "school", "income"), wide, "a")
    assert abs(np.corrcoef(alike.multiplier(key, wide, "a"), other)[0, 1]) < 0.02


def test_the_split_normal_has_its_median_at_the_central_value() -> None:
    found = split_normal(np.array([-1.0, 0.0, 1.0]), Spread(Decimal("0.5"), Decimal(2)))
    assert found[1] == 1
    assert found[2] - found[1] == pytest.approx(2 * (found[1] - found[0]))


def test_better_evidence_is_believed_more() -> None:
    grades = [
        reliability(EstimateRecord(evidence=grade)) for grade in ("strong", "moderate", "weak", "assumed")
    ]
    assert grades == sorted(grades, reverse=True)
    assert reliability(EstimateRecord()) == grades[-1]
    narrow, wide = ((Decimal("0.9"), Decimal("1.1")), (Decimal("0.2"), Decimal("1.8")))
    assert reliability(EstimateRecord(range=narrow)) > reliability(EstimateRecord(range=wide))
    assert spread(EstimateRecord()) == (Decimal("0.20"), Decimal("1.80"))


def test_equal_seeds_give_equal_results() -> None:
    instance = ciopt.load(ROOT / "instances/somerville.json")
    plan = read_plan(ROOT / "instances/somerville.plan.json")
    one, same = (risk(instance, plan, samples=500, seed=5) for _ in range(2))
    assert one == same
    assert one != risk(instance, plan, samples=500, seed=6)
    assert one.value.central == plan.value
    assert one.value.low < one.value.median < one.value.high
    assert all(each.probability_low <= each.probability <= each.probability_high for each in one.targets)


def test_too_few_samples_and_no_plan_are_refused() -> None:
    instance = ciopt.load(ROOT / "instances/somerville.json")
    plan = read_plan(ROOT / "instances/somerville.plan.json")
    with pytest.raises(UsageError, match="2 to 1,000,000"):
        risk(instance, plan, samples=1)
    with pytest.raises(UsageError, match="has no plan"):
        risk(instance, plan.model_copy(update={"status": "no_plan"}))


def test_plans_in_the_same_draws_differ_by_what_they_differ_in() -> None:
    """The same plan twice differs by nothing at all; without one assignment the difference is that one's."""
    instance = ciopt.load(ROOT / "instances/small/two-villages.json")
    whole = ciopt.solve(instance)
    less = whole.model_copy(update={"assignments": whole.assignments[:1], "synergies": (), "payments": ()})
    found = compare_risks(instance, [("whole", whole), ("again", whole), ("less", less)], samples=400)
    same, other = (each.against for each in found.cases[1:])
    assert same is not None
    assert same.objective.low == same.objective.high == same.tail.high == 0
    assert same.ahead.mean == 0
    assert other is not None
    one, two = (found.cases[n].risk.objective for n in (0, 2))
    assert float(other.objective.mean) == pytest.approx(float(two.mean - one.mean), abs=1e-5)
    assert other.objective.sign == -1
    tails = [found.cases[n].risk.tail for n in (0, 2)]
    assert tails[0] is not None
    assert tails[1] is not None
    assert float(other.tail.mean) == pytest.approx(float(tails[1].mean - tails[0].mean), abs=1e-4)


def test_the_tail_is_the_mean_of_the_worst_samples() -> None:
    found = np.arange(1000.0)
    level, below = shortfalls(found, 0.1)
    assert level - below.mean() / 0.1 == pytest.approx(np.sort(found)[:100].mean(), abs=0.1)


def test_a_plan_is_judged_by_the_scenario_that_is_named() -> None:
    instance = ciopt.load(ROOT / "instances/small/two-villages.json")
    plan = ciopt.solve(instance)
    name = next(iter(instance.scenarios))
    judged = risk(instance, plan, samples=50, scenario=name)
    assert judged.instance.scenario == name
    with pytest.raises(UsageError, match="nowhere"):
        risk(instance, plan, samples=50, scenario="nowhere")


def test_two_plans_of_one_name_are_refused() -> None:
    instance = ciopt.load(ROOT / "instances/somerville.json")
    plan = read_plan(ROOT / "instances/somerville.plan.json")
    with pytest.raises(UsageError, match="each once"):
        compare_risks(instance, [("a", plan), ("a", plan)])
