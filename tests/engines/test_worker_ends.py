"""However a worker ends, the caller has its best plan or a clear word, and no process is left."""

from __future__ import annotations

import gc
import os
import random
import resource
import signal
import subprocess
import sys
import textwrap
import threading
import time
import warnings
from pathlib import Path

import pytest

from ciopt.engines import worker as worker_module
from ciopt.engines.backends import Backend, find_backend
from ciopt.engines.doctor import pulp_solvers
from ciopt.engines.exactness import violations
from ciopt.engines.matrix import Incumbent, Parameters, Status, StoppedBy
from ciopt.engines.worker import SolverWorker
from tests.engines.matrices import matrix
from tests.engines.processes import descendants, gone, is_alive

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")

ROOT = Path(__file__).parents[2]
SMALL = matrix([1, 2, 3, 4, 5], [1] * 5, [([1, 1, 1, 1, 1], None, 5)])
KNAPSACK = matrix(
    [draw * 7 % 50 + 60 for draw in range(300)],
    [1] * 300,
    [([draw * each % 97 + 50 for draw in range(300)], None, 9000) for each in (31, 37, 41, 43, 47)],
)
"""Has many plans, and one is found at once; nobody proves the best in seconds."""

NAMES = ["highs", "scip", "cpsat", *(f"pulp:{name}" for name in pulp_solvers())]


def misbehaving(behaviour: str) -> Backend:
    return Backend("tested", "tests.engines.solver_for_tests", "numpy", behaviour)


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "GRACE_SECONDS", 0.3)


def kill_at_random(name: str, times: int, seed: int) -> None:
    draw = random.Random(seed)
    for _ in range(times):
        heard: list[Incumbent] = []
        with SolverWorker(find_backend(name)) as worker:
            pid = worker.pid
            timer = threading.Timer(draw.uniform(0.0, 1.5), os.kill, (pid, signal.SIGKILL))
            timer.start()
            outcome = worker.run(KNAPSACK, Parameters(time_limit=60), heard.append)
            timer.join()
            assert outcome.stopped_by is StoppedBy.SOLVER_FAILURE
            assert f"the {name} process was ended by SIGKILL" in outcome.message
            plans = [news.values for news in heard if news.values is not None]
            if not plans:
                assert (outcome.status, outcome.values) == (Status.FAILED, None)
            else:
                assert outcome.status is Status.FEASIBLE
                assert outcome.values is not None
                assert (outcome.values == plans[-1]).all()
        assert gone(pid)


@pytest.mark.parametrize("name", NAMES)
def test_a_worker_killed_at_any_moment_leaves_its_best_plan_or_names_the_signal(name: str) -> None:
    kill_at_random(name, times=3, seed=1)


@pytest.mark.sweep
@pytest.mark.parametrize("name", NAMES)
def test_fifty_kills(name: str) -> None:
    kill_at_random(name, times=50, seed=2)


def test_what_a_killed_worker_started_ends_with_it_and_not_only_when_the_worker_is_closed() -> None:
    """CBC is a program of its own, and the kernel does not end it with its parent."""
    heard: list[Incumbent] = []
    with SolverWorker(misbehaving("offspring-killed")) as worker:
        outcome = worker.run(SMALL, Parameters(), heard.append)
        assert "SIGKILL" in outcome.message
        assert heard[-1].values is not None
        assert gone(int(heard[-1].values[0]))


def test_what_a_hanging_worker_started_ends_with_it() -> None:
    heard: list[int] = []
    interrupt = threading.Event()

    def listen(news: Incumbent) -> None:
        assert news.values is not None
        heard.append(int(news.values[0]))
        if heard[-1] > 1:
            interrupt.set()

    with SolverWorker(misbehaving("offspring")) as worker:
        outcome = worker.run(SMALL, Parameters(), listen, interrupt)
        assert outcome.stopped_by is StoppedBy.INTERRUPT
        assert gone(heard[-1])


@pytest.mark.parametrize("name", NAMES)
def test_a_caller_that_is_killed_leaves_no_orphan(name: str, tmp_path: Path) -> None:
    """Neither the worker nor what it started: CBC lived on when the kernel ended its worker first."""
    script = tmp_path / "caller.py"
    script.write_text(
        textwrap.dedent(
            """
            import sys
            from ciopt.engines.backends import find_backend
            from ciopt.engines.matrix import Parameters
            from ciopt.engines.worker import SolverWorker
            from tests.engines.test_worker_ends import KNAPSACK
            worker = SolverWorker(find_backend(sys.argv[1]))
            worker.examined()
            print("started", flush=True)
            worker.run(KNAPSACK, Parameters())
            """
        ),
        encoding="utf-8",
    )
    caller = subprocess.Popen(
        [sys.executable, str(script), name],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert caller.stdout is not None
    assert caller.stdout.readline() == "started\n"
    wanted = 2 if name == "pulp:PULP_CBC_CMD" else 1
    deadline = time.monotonic() + 30
    while len(family := descendants(caller.pid)) < wanted and time.monotonic() < deadline:
        time.sleep(0.05)
    caller.kill()
    caller.wait()
    caller.stdout.close()
    assert len(family) >= wanted
    assert [pid for pid in family if not gone(pid)] == []


def test_a_crash_inside_a_library_is_named_and_the_next_task_finds_a_new_worker() -> None:
    with SolverWorker(misbehaving("crash")) as worker:
        first = worker.pid
        outcome = worker.run(SMALL, Parameters())
        assert outcome.status is Status.FEASIBLE
        assert outcome.stopped_by is StoppedBy.SOLVER_FAILURE
        assert "SIGSEGV" in outcome.message
        assert worker.run(SMALL, Parameters()).status is Status.FEASIBLE
        assert worker.pid != first


def test_an_exception_in_a_back_end_is_told_and_the_worker_stays() -> None:
    with SolverWorker(misbehaving("raise")) as worker:
        outcome = worker.run(SMALL, Parameters())
        assert outcome.message == "ValueError: no licence"
        assert outcome.values is not None
        assert is_alive(worker.pid)


def test_a_solver_that_never_falls_silent_is_ended_at_its_limit() -> None:
    """The watch looked at its clock only when no news came for a while."""
    with SolverWorker(misbehaving("flood")) as worker:
        worker.examined()
        outcome = worker.run(SMALL, Parameters(time_limit=0.5))
        assert outcome.status is Status.FEASIBLE
        assert outcome.stopped_by is StoppedBy.TIME_LIMIT


def test_a_solver_that_never_falls_silent_is_ended_by_an_interrupt() -> None:
    interrupt = threading.Event()
    with SolverWorker(misbehaving("flood")) as worker:
        outcome = worker.run(SMALL, Parameters(), lambda news: interrupt.set(), interrupt)
        assert outcome.stopped_by is StoppedBy.INTERRUPT


@pytest.mark.parametrize("name", ["highs", "scip", "cpsat"])
def test_an_interrupt_keeps_the_plan_and_the_worker(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker_module, "GRACE_SECONDS", 30.0)
    interrupt = threading.Event()
    with SolverWorker(find_backend(name)) as worker:
        worker.examined()
        threading.Timer(1.0, interrupt.set).start()
        outcome = worker.run(KNAPSACK, Parameters(time_limit=60), lambda news: None, interrupt)
        assert outcome.status is Status.FEASIBLE
        assert outcome.stopped_by is StoppedBy.INTERRUPT
        assert outcome.values is not None
        assert not len(violations(KNAPSACK, outcome.values))
        assert worker.run(SMALL, Parameters()).status is Status.OPTIMAL


def test_a_request_to_stop_that_came_late_does_not_stop_the_next_task() -> None:
    with SolverWorker(find_backend("cpsat")) as worker:
        worker.examined()
        for _ in range(5):
            worker.ask_to_stop()
            assert worker.run(KNAPSACK, Parameters(time_limit=0.2)).stopped_by is StoppedBy.TIME_LIMIT


def test_an_interrupt_is_heard_by_every_later_task(monkeypatch: pytest.MonkeyPatch) -> None:
    """The end of one task must not wipe out the request that came with the next."""
    monkeypatch.setattr(worker_module, "GRACE_SECONDS", 30.0)
    interrupt = threading.Event()
    interrupt.set()
    with SolverWorker(misbehaving("patient")) as worker:
        for _ in range(5):
            outcome = worker.run(SMALL, Parameters(), lambda news: None, interrupt)
            assert (outcome.solver, outcome.stopped_by) == ("patient", StoppedBy.INTERRUPT)


def test_out_of_memory_is_said_so_and_keeps_the_plan() -> None:
    with SolverWorker(misbehaving("eat")) as worker:
        outcome = worker.run(SMALL, Parameters(memory_limit=2**28))
        assert outcome.status is Status.FEASIBLE
        assert outcome.stopped_by is StoppedBy.MEMORY_LIMIT


def test_a_memory_cap_above_what_the_system_allows_is_no_failure() -> None:
    """``ulimit -v`` is lower than the machine's memory: the lower one holds."""
    script = textwrap.dedent(
        """
        from ciopt.engines.backends import find_backend
        from ciopt.engines.matrix import Parameters
        from ciopt.engines.worker import SolverWorker
        from tests.engines.test_worker_ends import SMALL
        with SolverWorker(find_backend("cpsat")) as worker:
            print(worker.run(SMALL, Parameters(memory_limit=2**40)).status)
        """
    )
    allowed = 2**33
    done = subprocess.run(
        [sys.executable, "-c", script],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (allowed, allowed)),
    )
    assert (done.stdout, done.stderr) == ("optimal\n", "")


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
def test_an_exception_of_the_caller_ends_the_worker_and_goes_on(error: type[BaseException]) -> None:
    def fail(news: Incumbent) -> None:
        raise error

    worker = SolverWorker(misbehaving("offspring"))
    pid = worker.pid
    with pytest.raises(error):
        worker.run(SMALL, Parameters(), fail)
    assert gone(pid)
    worker.close()


def test_nothing_stays_open() -> None:
    """Whatever happened, pipes are closed and processes waited for."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", ResourceWarning)
        for behaviour in ("chatter", "die", "crash", "raise", "hang"):
            with SolverWorker(misbehaving(behaviour)) as worker:
                worker.run(SMALL, Parameters(time_limit=0.3))
        del worker
        gc.collect()
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(3):
        with SolverWorker(misbehaving("die")) as worker:
            worker.run(SMALL, Parameters())
    assert len(os.listdir("/proc/self/fd")) <= before
