"""Beginning with an earlier plan saves time; what is proven does not depend on it."""

from __future__ import annotations

from decimal import Decimal

import pytest

import ciopt
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.start import Start
from ciopt.generate import Wish, generate
from ciopt.instance import parse
from ciopt.instance.rules import Scenario
from ciopt.instance.scenarios import apply_scenario
from ciopt.program import compile_program
from tests.oracle.random_instances import random_instance


@pytest.mark.parametrize("seed", range(500, 508))
@pytest.mark.parametrize("engine", ["cpsat", "highs"])
def test_the_optimum_does_not_depend_on_the_start(seed: int, engine: str) -> None:
    instance, other = random_instance(seed), random_instance(seed + 1)
    settings = ciopt.Settings(engine=engine, threads=1)
    free = ciopt.solve(instance, settings)
    for start in (free, ciopt.solve(other, settings)):
        again = ciopt.solve(instance, settings, start=start)
        assert again.status == free.status
        assert again.objective == free.objective
        assert [each.option for each in again.assignments] == [each.option for each in free.assignments]


def test_without_time_the_given_plan_is_kept() -> None:
    instance = ciopt.load("instances/small/two-villages.json")
    best = ciopt.solve(instance)
    kept = ciopt.solve(instance, ciopt.Settings(engine="highs", time_limit=0.0), start=best)
    assert kept.status == "feasible"
    assert kept.objective == best.objective
    assert ciopt.verify(instance, kept).is_valid


def test_the_large_engine_is_never_worse_than_the_plan_it_is_given() -> None:
    wish = Wish(activities=600, partners=10, seed=3)
    instance = parse(generate(wish))
    good = ciopt.solve(instance, ciopt.Settings(engine="large", gap=0.003, time_limit=200))
    again = ciopt.solve(instance, ciopt.Settings(engine="large", time_limit=1), start=good)
    assert again.value is not None
    assert good.value is not None
    assert again.value >= good.value
    assert ciopt.verify(instance, again).is_valid


def test_a_given_plan_that_its_prices_prove_good_enough_needs_no_search(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    instance = parse(generate(Wish(activities=600, partners=10, seed=3)))
    good = ciopt.solve(instance, ciopt.Settings(engine="large", gap=0.005, time_limit=200))
    monkeypatch.setattr(PriceSearch, "step", lambda self: pytest.fail("prices are searched for"))
    monkeypatch.setattr(Improver, "wander", lambda self, count: pytest.fail("plans are searched for"))
    again = ciopt.solve(instance, ciopt.Settings(engine="large", gap=0.006), start=good)
    assert again.value is not None
    assert good.value is not None
    assert again.value >= good.value
    assert again.stopped_by == "gap"
    assert ciopt.verify(instance, again).is_valid


@pytest.mark.parametrize("factor", ["0.5", "1.25"])
def test_a_what_if_from_given_prices_is_proven_for_the_changed_instance(factor: str) -> None:
    instance = parse(generate(Wish(activities=600, partners=10, seed=3)))
    settings = ciopt.Settings(engine="large", gap=0.01, time_limit=200)
    payer = next(each.id for each in instance.partners if each.budget)
    change = Scenario(scale={f"partners.{payer}.budget": Decimal(factor)})
    changed = apply_scenario(instance, change).instance
    warm = ciopt.solve(changed, settings, start=ciopt.solve(instance, settings))
    anew = parse(changed.to_data())  # nothing is known of these records
    cold = ciopt.solve(anew, settings)
    assert ciopt.verify(anew, warm).is_valid
    for one, other in ((warm, cold), (cold, warm)):
        assert one.gap is not None
        assert one.gap <= Decimal("0.01")
        assert one.objective is not None
        assert other.bound is not None
        assert one.objective <= other.bound


def test_what_is_no_longer_offered_is_left_out() -> None:
    data = generate(Wish(activities=60, partners=4, seed=1))
    settings = ciopt.Settings(engine="large", iterations=2)
    plan = ciopt.solve(parse(data), settings)
    gone = data["partners"][0]["id"]
    fewer = parse(
        {**data, "capabilities": [each for each in data["capabilities"] if each["partner"] != gone]}
    )
    program = compile_program(fewer)
    start = Start(tuple(each.option for each in plan.assignments))
    kept = {program.option(int(column)).id for column in start.columns(program)}
    assert kept == {each.option.id for each in plan.assignments if each.partner != gone}
    solved = ciopt.solve(fewer, settings, start=plan)
    assert solved.value is not None
    assert solved.value > Decimal(0)
    assert ciopt.verify(fewer, solved).is_valid
