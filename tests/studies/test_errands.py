"""Questions that are no plain solves: asked side by side, the answers are those of asking one by one."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from threading import Event

import pytest

import ciopt
from ciopt.errors import UsageError
from ciopt.studies import Pool, alternatives, replan, why_infeasible
from ciopt.studies.errand import Errand, answer_of, run_errand
from tests.cli.run import ROOT

ALONE = ciopt.Settings(engine="cpsat", threads=1)


@pytest.fixture(scope="module")
def pool() -> Iterator[Pool]:
    with Pool(workers=2) as opened:
        yield opened


@pytest.fixture(scope="module")
def instance() -> ciopt.Instance:
    return ciopt.load(ROOT / "instances/small/backbone.json")


def test_replanning_is_the_same_side_by_side(pool: Pool, instance: ciopt.Instance) -> None:
    old = ciopt.solve(instance, ALONE)
    how = {"scenario": "no-backbone", "max_changes": 1}
    here = replan(instance, old, ALONE, **how)  # type: ignore[arg-type]
    there = replan(instance, old, ALONE, pool=pool, **how)  # type: ignore[arg-type]
    assert here.plan is not None
    assert without_seconds(there) == without_seconds(here)


def test_alternatives_are_the_same_side_by_side(pool: Pool, instance: ciopt.Instance) -> None:
    wish = {"within": Decimal("0.5"), "count": 3}
    here = alternatives(instance, ALONE, **wish)  # type: ignore[arg-type]
    there = alternatives(instance, ALONE, pool=pool, **wish)  # type: ignore[arg-type]
    assert len(here.plans) > 1
    assert [each.assignments for each in there.plans] == [each.assignments for each in here.plans]
    assert without_seconds(there) == without_seconds(here)


def test_repairs_are_the_same_side_by_side(pool: Pool) -> None:
    broken = ciopt.load(ROOT / "instances/small/infeasible-baseline.json")
    here, there = why_infeasible(broken, ALONE), why_infeasible(broken, ALONE, pool=pool)
    assert len(here.repairs) > 2
    assert there == here


def without_seconds(found: object) -> object:
    """What was found, but for how long each solve took."""
    data = found.to_data()  # type: ignore[attr-defined]
    for plan in [*data.get("plans", ()), data.get("free"), data.get("plan")]:
        if plan is not None and "run" in plan:
            plan["run"].pop("seconds", None)
    return data


def test_what_makes_no_sense_is_said_by_whoever_works(pool: Pool, instance: ciopt.Instance) -> None:
    old = ciopt.solve(instance, ALONE)
    with pytest.raises(UsageError, match="no engine") as here:
        ciopt.solve(instance, ciopt.Settings(engine="nobody"))
    with pytest.raises(UsageError) as there:
        replan(instance, old, ciopt.Settings(engine="nobody"), pool=pool)
    assert str(there.value) == str(here.value)


def once_fatal(file: str, stop: Event) -> str:
    """End the worker that does this first."""
    path = Path(file)
    if not path.exists():
        path.touch()
        os._exit(1)
    return path.name


def test_a_lost_workers_question_is_asked_again(tmp_path: Path) -> None:
    with Pool(workers=1) as own:
        assert own.each(once_fatal, [(str(tmp_path / "mark"),)]) == ["mark"]
        assert own.notes == ["a worker was lost; its questions are asked again"]


def sleeps(stop: Event) -> str:
    time.sleep(0.8)
    return "too late"


def test_an_interrupt_ends_the_waiting() -> None:
    stop = Event()
    threading.Timer(0.2, stop.set).start()
    with Pool(interrupt=stop) as own:
        assert own.each(sleeps, [()]) == [None]


def test_a_worker_of_another_version_does_nothing() -> None:
    old = Errand("tests.studies.test_errands:sleeps", b"", version="0.0")
    with pytest.raises(UsageError, match=r"this is ciopt 0\.0"):
        answer_of(run_errand(old, Event()))
