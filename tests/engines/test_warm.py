"""Workers that are kept for the next solve: the same process, while somebody wants it, in one thread."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TypeVar

import ciopt
from ciopt.engines.backends import CPSAT, HIGHS
from ciopt.engines.warm import borrow, give_back, keeping
from tests.engines.processes import gone, is_alive

Result = TypeVar("Result")
SMALL = Path(__file__).parents[2] / "instances" / "small" / "matched-fund.json"


def in_a_thread(function: Callable[[], Result]) -> Result:
    """In a thread in which nothing is kept yet."""
    with ThreadPoolExecutor(1) as alone:
        return alone.submit(function).result()


def test_a_worker_is_kept_for_its_own_kind_until_the_outermost_scope_ends() -> None:
    def check() -> int:
        with keeping():
            with keeping():
                first = borrow(CPSAT, 1)
                give_back(first)
            again, other, wider = borrow(CPSAT, 1), borrow(HIGHS, 1), borrow(CPSAT, 2)
            assert again is first
            assert len({first.pid, other.pid, wider.pid}) == 3
            for each in (again, other, wider):
                give_back(each)
            assert is_alive(first.pid)
        return first.pid

    assert gone(in_a_thread(check))


def test_without_a_scope_nothing_is_kept() -> None:
    def check() -> int:
        worker = borrow(CPSAT, 1)
        give_back(worker)
        return worker.pid

    assert gone(in_a_thread(check))


def test_a_dead_worker_is_not_handed_out() -> None:
    def check() -> None:
        with keeping():
            worker = borrow(CPSAT, 1)
            give_back(worker)
            worker.close()
            other = borrow(CPSAT, 1)
            assert other is not worker
            assert other.is_alive
            give_back(other)

    in_a_thread(check)


def test_a_worker_stays_in_the_thread_that_started_it() -> None:
    """The kernel ends it with that thread."""
    with keeping():
        mine = borrow(CPSAT, 1)
        give_back(mine)

        def check() -> None:
            with keeping():
                worker = borrow(CPSAT, 1)
                assert worker.pid != mine.pid
                give_back(worker)

        in_a_thread(check)
        again = borrow(CPSAT, 1)
        assert again is mine
        give_back(again)


def test_solves_one_after_the_other_say_the_same_as_each_alone() -> None:
    instance = ciopt.load(SMALL)

    def solved(engine: str) -> ciopt.Plan:
        plan = ciopt.solve(instance, ciopt.Settings(engine=engine, threads=1))
        return plan.model_copy(update={"run": plan.run.model_copy(update={"seconds": None})})

    def together() -> list[ciopt.Plan]:
        with keeping():
            return [solved(engine) for engine in ("highs", "cpsat", "highs", "scip", "cpsat", "scip")]

    kept = in_a_thread(together)
    for engine, plan in zip(("highs", "cpsat", "highs", "scip", "cpsat", "scip"), kept, strict=True):
        assert plan == in_a_thread(partial(solved, engine))
