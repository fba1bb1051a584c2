"""What-ifs that begin with a plan and its prices: as good and as proven as those that begin with nothing."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

import ciopt
from ciopt.generate import family, generate
from ciopt.instance.rules import Scenario
from ciopt.studies import Answer, Pool, WhatIf
from ciopt.studies.comparison import solve_all

GAP = Decimal("0.02")
SETTINGS = ciopt.Settings(engine="large", gap=float(GAP), threads=1)


@pytest.fixture(scope="module")
def instance() -> ciopt.Instance:
    return ciopt.parse(generate(replace(family("cocoa"), activities=200, partners=5, seed=3)))


@pytest.fixture(scope="module")
def what_ifs(instance: ciopt.Instance) -> list[WhatIf]:
    """Eight budgets, from half to three times as much."""
    rich = [partner.id for partner in instance.partners if partner.budget]
    factors = ("0.5", "0.8", "0.9", "1.1", "1.25", "1.5", "2", "3")
    return [
        WhatIf(key, Scenario(scale={f"partners.{rich[number % len(rich)]}.budget": Decimal(key)}))
        for number, key in enumerate(factors)
    ]


@pytest.fixture(scope="module")
def solved(instance: ciopt.Instance, what_ifs: list[WhatIf]) -> tuple[Answer, dict[str, Answer]]:
    with Pool() as pool:
        base, answers = solve_all(instance, what_ifs, SETTINGS, pool)
    assert base is not None
    return base, answers


def test_each_is_verified_and_no_bound_is_below_what_another_solve_finds(
    instance: ciopt.Instance, what_ifs: list[WhatIf], solved: tuple[Answer, dict[str, Answer]]
) -> None:
    for each in what_ifs[::3]:
        changed = each.applied(instance).instance
        warm, cold = solved[1][each.key].plan, ciopt.solve(changed, SETTINGS)
        assert warm is not None
        for one, other in ((warm, cold), (cold, warm)):
            assert one.gap is not None
            assert one.gap <= GAP
            assert one.bound is not None
            assert other.objective is not None
            assert one.bound >= other.objective
        again = ciopt.parse(changed.to_data())  # nothing is known of it
        assert ciopt.verify(again, warm).is_valid


def test_the_plan_that_many_begin_with_is_brought_closer_to_its_bound(
    instance: ciopt.Instance, what_ifs: list[WhatIf], solved: tuple[Answer, dict[str, Answer]]
) -> None:
    alone = ciopt.solve(instance, SETTINGS)
    base = solved[0].plan
    assert base is not None
    assert base.gap is not None
    assert alone.gap is not None
    assert base.gap <= alone.gap
    assert ciopt.verify(instance, base).is_valid
    assert base.gap <= GAP / 2
