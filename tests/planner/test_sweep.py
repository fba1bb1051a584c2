"""Brute force, the reference models and the engines agree on random instances, to the last unit and tie."""

from __future__ import annotations

import pytest

from benchmarks.sweep import ENGINES, compare

SEEDS = range(60)
AGREED_SEEDS = range(12)
NIGHTLY_SEEDS = range(1_000, 3_000)


@pytest.mark.parametrize("seed", SEEDS)
def test_everybody_finds_the_plan_that_brute_force_finds(seed: int) -> None:
    """Status, goals, cost and the assignments themselves; the engine is the one chosen by size."""
    assert compare(seed, ["auto"]).lines == []


@pytest.mark.parametrize("seed", AGREED_SEEDS)
def test_fairness_and_risk_are_what_brute_force_makes_of_them(seed: int) -> None:
    """Floors, maximin, leximin, dials, robust and cvar, over places, groups and partners, at any priority."""
    assert compare(seed, ["auto"], agreed=True).lines == []


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(16, 600))
def test_fairness_and_risk_with_any_engine(seed: int) -> None:
    assert compare(seed, ["auto", "scip"], agreed=True).lines == []


def test_one_thread_gets_out_of_a_corner() -> None:
    """CP-SAT with one strategy alone had not found any plan of this instance after a quarter of an hour."""
    assert compare(1805, ["cpsat"]).lines == []


@pytest.mark.sweep
@pytest.mark.parametrize("seed", NIGHTLY_SEEDS)
def test_every_engine_finds_the_plan_that_brute_force_finds(seed: int) -> None:
    assert compare(seed, (*ENGINES, "large")).lines == []
