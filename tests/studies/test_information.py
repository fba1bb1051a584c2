"""The value of information, against formulas and enumeration."""

from __future__ import annotations

from decimal import Decimal
from math import pi, sqrt
from typing import Any

import numpy as np
import pytest

import ciopt
from ciopt.errors import UsageError
from ciopt.instance import Instance, parse
from ciopt.instance.estimates import Key
from ciopt.plan import Plan
from ciopt.studies.uncertainty import core, measure_next
from ciopt.studies.uncertainty.envelope import Envelope
from ciopt.studies.uncertainty.information import revealed
from ciopt.studies.uncertainty.question import QUANTILES, Question
from ciopt.studies.uncertainty.truths import drawn_truth, multiplied
from ciopt.studies.worth import value_of
from tests.oracle.random_instances import random_instance

WIDE = [Decimal("0.5"), Decimal("1.5")]
SD = 100 * 0.5 / 1.2815515655


def either_or(places: int = 1, rival: int = 100, **agenda: Any) -> Instance:
    """At each place one of two: ``sure`` moves 100 for certain, ``bold`` is uncertain around ``rival``."""
    there = [f"p{n}" for n in range(places)]
    interventions = [
        {"id": f"sure-{at}", "cost": 1, "impact": {"good": {"fixed": 100, "range": [1, 1]}}} for at in there
    ] + [{"id": f"bold-{at}", "cost": 1, "impact": {"good": {"fixed": rival, "range": WIDE}}} for at in there]
    return parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": at} for at in there],
            "indicators": [{"id": "good"}],
            "partners": [{"id": f"of-{at}", "roles": ["implementing"], "budget": 1} for at in there],
            "interventions": interventions,
            "capabilities": [
                {"partner": f"of-{at}", "intervention": f"{kind}-{at}", "places": [at]}
                for at in there
                for kind in ("sure", "bold")
            ],
            "agenda": agenda,
        }
    )


def test_the_worth_of_knowing_is_the_known_formula() -> None:
    """With equal means max(100, 100 M) - 100 has the mean sd / sqrt(2 pi)."""
    found = measure_next(either_or(), draws=16)
    known = SD / sqrt(2 * pi)
    (only,) = found.estimates
    assert float(only.known.low) == pytest.approx(known, rel=0.01)
    assert only.known.high is not None
    assert float(only.known.high) == pytest.approx(known, rel=0.01)
    assert only.proven
    assert found.everything is not None
    assert found.everything.high is not None
    assert found.everything.low < Decimal(known) < found.everything.high
    assert found.short == 0


def test_what_cannot_change_the_plan_is_worth_nothing() -> None:
    """At 400 the uncertain one is better in all quantiles but the last: hardly anything; at 1 it never is."""
    (only,) = measure_next(either_or(rival=1), draws=0).estimates
    assert only.known.found == 0
    assert only.known.high is not None
    assert only.known.high < Decimal("0.5")
    assert not measure_next(either_or(rival=1), draws=0).everything


def test_independent_choices_add_up() -> None:
    """Where each place decides alone, knowing everything is worth what the single estimates are worth."""
    found = measure_next(either_or(places=2), draws=12)
    total = sum(each.known.found for each in found.estimates)
    assert float(total) == pytest.approx(2 * SD / sqrt(2 * pi), rel=0.01)
    assert found.everything is not None
    assert found.everything.high is not None
    assert found.everything.low <= total <= found.everything.high
    assert [each.rank for each in found.estimates] == [(1, 2), (1, 2)]


def test_a_measurement_is_worth_less_than_knowing_and_more_if_it_is_better() -> None:
    worths = []
    for sd in ("0.05", "0.5", "5"):
        (only,) = measure_next(either_or(), draws=0, sd=Decimal(sd)).estimates
        assert only.measured is not None
        worths.append(only.measured.found)
        assert only.measured.found <= only.known.found
        expected = SD * revealed(SD / 100, float(sd)) / sqrt(2 * pi)
        assert float(only.measured.found) == pytest.approx(expected, rel=0.01)
    assert worths == sorted(worths, reverse=True)


@pytest.mark.parametrize(
    "seed", [3, *(pytest.param(seed, marks=pytest.mark.sweep) for seed in range(10, 60))]
)
def test_knowing_one_estimate_is_worth_something_between_nothing_and_everything(seed: int) -> None:
    instance = random_instance(seed)
    settings = ciopt.Settings(engine="highs", threads=1)
    try:
        found = measure_next(instance, settings, draws=3, solves=6)
    except UsageError:
        pytest.skip("only cost counts")
    if found.value is None:
        pytest.skip("no plan")
    for each in found.estimates:
        assert 0 <= each.known.low <= each.known.found
        assert each.known.high is None or each.known.found <= each.known.high
    if found.everything is not None:
        assert found.everything.low >= 0
        assert found.everything.high is None or found.everything.found <= found.everything.high


@pytest.mark.parametrize(
    "seed", [0, 1, 2, *(pytest.param(seed, marks=pytest.mark.sweep) for seed in range(6, 100))]
)
def test_a_truth_is_the_same_to_the_solver_and_to_the_judge(seed: int) -> None:
    """The instance solved for a truth values a plan as the draws do: overlaps, synergies, overrides."""
    instance = random_instance(seed)
    plan = ciopt.solve(instance, ciopt.Settings(engine="cpsat", time_limit=20, threads=1, gap=0.5))
    if not plan.has_plan or not plan.value:
        pytest.skip("no plan")
    try:
        question = Question.about(instance, None, 3, 7)
    except UsageError:
        pytest.skip("only cost counts")
    if question.instance.agenda.minimize or any(t.soft for t in question.instance.agenda.targets):
        pytest.skip("the objective is not the value")
    judged = question.judge(plan)
    for sample in range(3):
        world = multiplied(question.instance, drawn_truth(question.draws, question.keys, sample))
        assert judged.drawn[sample] == pytest.approx(float(value_of(world, plan)), rel=1e-3, abs=1e-2)


def test_how_often_a_plan_is_best_equals_enumeration() -> None:
    """Which of the two options is best in each draw is plain arithmetic."""
    instance, draws = either_or(), 12
    found = core(instance, draws=draws, plan=ciopt.solve(instance))
    question = Question.about(instance, None, draws, 0)
    z = question.draws.normal(Key("impact", "bold-p0", "good"))
    times = {each.intervention: each.times for each in found.options}
    assert times == {"bold-p0": int((z > 0).sum()), "sure-p0": int((z < 0).sum())}
    assert found.solved == found.proven == draws
    assert all(each.belongs == "exchangeable" for each in found.options)
    assert sum(bool(each.in_plan) for each in found.options) == 1
    assert sum(each.probability for each in found.options) == 1


def test_what_is_always_best_is_core_and_what_never_is_never() -> None:
    instance = either_or(rival=1)
    plan = ciopt.solve(instance)
    found = core(instance, draws=4, plan=plan)
    assert [(each.intervention, each.belongs) for each in found.options] == [("sure-p0", "core")]
    assert found.never == ("bold-p0/p0",)


def test_hard_targets_are_held_at_the_central_estimates() -> None:
    """In a bad truth ``bold`` misses 90 and is still a plan, since 100 were planned; 101 never are."""
    target = {"indicator": "good", "at_least": 90}
    found = core(either_or(rival=100, maximize="value", targets=[target]), draws=4)
    assert found.solved == 4
    assert any("hard targets" in note for note in found.notes)
    impossible = {"indicator": "good", "at_least": 101}
    nothing = measure_next(either_or(maximize="value", targets=[impossible]), draws=2)
    assert nothing.value is None
    assert any("infeasible" in note for note in nothing.notes)


def test_where_only_cost_counts_there_is_nothing_to_measure() -> None:
    target = {"indicator": "good", "at_least": 50}
    with pytest.raises(UsageError, match="no estimate moves"):
        measure_next(either_or(minimize="cost", targets=[target]))


def test_senseless_questions_are_refused() -> None:
    instance = either_or()
    with pytest.raises(UsageError, match="0, or at least 2"):
        measure_next(instance, draws=1)
    with pytest.raises(UsageError, match="above 0"):
        measure_next(instance, sd=Decimal(0))
    with pytest.raises(UsageError, match="1 to 10,000"):
        core(instance, draws=0)
    with pytest.raises(ciopt.VerificationFailed):
        core(instance, plan=Plan(status="feasible", value=Decimal(7)))


def test_chords_bound_a_maximum_of_lines_from_above() -> None:
    """f(z) = max(0, z): solved at both ends and the median the chords are exact; before, they are above."""
    offsets = np.abs(QUANTILES)
    envelope = Envelope(offsets, 5.0, is_linear=True, at_mean=0.0)
    true = np.maximum(0, QUANTILES)
    assert (envelope.upper() >= true - 1e-12).all()
    for at in envelope.starts:
        envelope.add(at, float(true[at]))
    assert envelope.upper() == pytest.approx(true)
    assert envelope.next_point(true, 1e-9) is None
