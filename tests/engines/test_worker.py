"""Solver processes: whatever happens to one, plan and caller survive, and nothing is left over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from ciopt.engines import worker as worker_module
from ciopt.engines.backends import Backend, find_backend
from ciopt.engines.matrix import Incumbent, Parameters, Status, StoppedBy
from ciopt.engines.worker import SolverWorker
from tests.engines.matrices import hard_knapsack, matrix
from tests.engines.processes import gone, is_alive

SMALL = matrix([1, 2, 3, 4, 5], [1] * 5, [([1, 1, 1, 1, 1], None, 5)])


def backend(behaviour: str) -> Backend:
    return Backend("tested", "tests.engines.solver_for_tests", "numpy", behaviour)


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "GRACE_SECONDS", 0.3)


def test_one_worker_solves_one_matrix_after_the_other() -> None:
    """HiGHS's time limit runs on over the runs of one object: each run gets its own."""
    with SolverWorker(find_backend("highs")) as worker:
        pid = worker.pid
        for _ in range(3):
            outcome = worker.run(SMALL, Parameters(time_limit=5))
            assert outcome.status is Status.OPTIMAL
            assert outcome.values is not None
            assert outcome.values.tolist() == [1] * 5
        assert worker.pid == pid


def test_what_a_solver_prints_goes_nowhere() -> None:
    with SolverWorker(backend("chatter")) as worker:
        assert worker.run(SMALL, Parameters()).status is Status.OPTIMAL


def test_a_hanging_solver_is_ended_after_its_limit_and_its_plan_kept() -> None:
    with SolverWorker(backend("hang")) as worker:
        worker.examined()  # its start counts otherwise: a busy machine needs more than the grace
        outcome = worker.run(SMALL, Parameters(time_limit=2))
        assert outcome.status is Status.FEASIBLE
        assert outcome.stopped_by is StoppedBy.TIME_LIMIT
        assert outcome.values is not None
        assert outcome.values.tolist() == [1] * 5
        assert outcome.bound == 100.0
        assert gone(worker.pid)


def test_an_interrupt_that_is_not_heard_ends_the_worker() -> None:
    interrupt = threading.Event()
    with SolverWorker(backend("hang")) as worker:
        outcome = worker.run(SMALL, Parameters(), lambda news: interrupt.set(), interrupt)
        assert outcome.status is Status.FEASIBLE
        assert outcome.stopped_by is StoppedBy.INTERRUPT


def test_an_interrupt_that_is_heard_leaves_the_worker_warm() -> None:
    interrupt = threading.Event()
    with SolverWorker(backend("patient")) as worker:
        outcome = worker.run(SMALL, Parameters(), lambda news: interrupt.set(), interrupt)
        assert outcome.solver == "patient"
        assert outcome.stopped_by is StoppedBy.INTERRUPT
        assert is_alive(worker.pid)


def test_a_worker_that_dies_leaves_its_best_plan_and_the_next_task_a_new_one() -> None:
    with SolverWorker(backend("die")) as worker:
        first = worker.pid
        outcome = worker.run(SMALL, Parameters())
        assert outcome.status is Status.FEASIBLE
        assert outcome.stopped_by is StoppedBy.SOLVER_FAILURE
        assert "ended with code 3" in outcome.message
        assert worker.run(SMALL, Parameters()).status is Status.FEASIBLE
        assert worker.pid != first


@pytest.mark.parametrize("after", [0.1, 0.2, 0.4, 0.8])
def test_a_killed_worker_is_named_and_what_it_found_is_kept(after: float) -> None:
    with SolverWorker(find_backend("highs")) as worker:
        threading.Timer(after, os.kill, (worker.pid, signal.SIGKILL)).start()
        outcome = worker.run(hard_knapsack(), Parameters(time_limit=30))
        assert outcome.stopped_by is StoppedBy.SOLVER_FAILURE
        assert "SIGKILL" in outcome.message
        assert (outcome.status is Status.FAILED) == (outcome.values is None)


def test_the_memory_cap_costs_the_task_only() -> None:
    with SolverWorker(backend("eat")) as worker:
        outcome = worker.run(SMALL, Parameters(memory_limit=2**28))
        assert outcome.status is Status.FEASIBLE
        assert outcome.values is not None
        assert "memory" in outcome.message


def test_an_exception_in_the_caller_ends_the_worker() -> None:
    def stop(news: Incumbent) -> None:
        raise KeyboardInterrupt

    worker = SolverWorker(backend("hang"))
    with pytest.raises(KeyboardInterrupt):
        worker.run(SMALL, Parameters(), stop)
    assert gone(worker.pid)


def test_no_orphan_is_left_when_the_caller_is_killed(tmp_path: Path) -> None:
    """The worker, and what it started (CBC), end with a parent that had no time to say so."""
    script = tmp_path / "parent.py"
    script.write_text(
        textwrap.dedent(
            """
            import sys
            from ciopt.engines.backends import find_backend
            from ciopt.engines.matrix import Parameters
            from ciopt.engines.worker import SolverWorker
            from tests.engines.matrices import hard_knapsack
            worker = SolverWorker(find_backend(sys.argv[1]))
            print(worker.pid, flush=True)
            worker.run(hard_knapsack(), Parameters())
            """
        ),
        encoding="utf-8",
    )
    root = Path(__file__).parents[2]
    for name in ("highs", "cpsat"):
        parent = subprocess.Popen(
            [sys.executable, str(script), name],
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(root)},
        )
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.5)
        parent.kill()
        parent.wait()
        parent.stdout.close()
        assert gone(pid), name


def test_closing_twice_is_harmless() -> None:
    worker = SolverWorker(find_backend("cpsat"))
    worker.close()
    worker.close()
    assert np.array(gone(worker.pid))
