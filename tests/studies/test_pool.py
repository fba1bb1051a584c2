"""Many solves: what is kept is checked, lost workers cost no answer, an interrupt keeps what is finished."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from concurrent.futures import BrokenExecutor, Future
from dataclasses import fields, replace
from pathlib import Path

import pytest

import ciopt
from ciopt.errors import InvalidInput, UsageError
from ciopt.files.packed import packed, unpacked
from ciopt.instance.rules import Scenario
from ciopt.studies import Pool, Step, Task
from ciopt.studies.errand import Errand
from ciopt.studies.hands import Processes
from ciopt.studies.task import Job, Packing, Reply, work
from tests.cli.run import ROOT

TIGHT = ciopt.Settings(time_limit=60)


@pytest.fixture(scope="module")
def instance() -> ciopt.Instance:
    return ciopt.load(ROOT / "instances/small/backbone.json")


@pytest.fixture(scope="module")
def tasks(instance: ciopt.Instance) -> list[Task]:
    return [Task(name, instance, scenario=name) for name in instance.scenarios]


def plans(keep: Path) -> list[Path]:
    return sorted(keep.rglob("*.json.gz"))


def test_answers_are_those_of_single_solves_whoever_works(
    instance: ciopt.Instance, tasks: list[Task]
) -> None:
    richer = Task("richer", instance, scenario=Scenario(set={"funds.grant.amount": 800}))
    for workers in (0, 2):
        with Pool(workers=workers) as pool:
            answers = pool.solve([*tasks, richer])
        assert list(answers) == [*(task.key for task in tasks), "richer"]
        for task in tasks:
            alone = ciopt.solve(instance, scenario=str(task.scenario))
            plan = answers[task.key].plan
            assert plan is not None
            assert (plan.value, plan.assignments, plan.payments) == (
                alone.value,
                alone.assignments,
                alone.payments,
            )
            assert ciopt.verify(instance, plan).is_valid
        plan = answers["richer"].plan
        assert plan is not None
        assert next(fund.amount for fund in plan.funds if fund.id == "grant") == 800


def test_finished_plans_are_kept_and_used(tasks: list[Task], tmp_path: Path) -> None:
    steps: list[Step] = []
    with Pool(keep=tmp_path) as pool:
        first = pool.solve(tasks)
    assert len(plans(tmp_path)) == len(tasks)
    with Pool(keep=tmp_path, progress=steps.append) as pool:
        again = pool.solve(tasks)
    assert all(answer.was_kept for answer in again.values())
    assert {key: answer.plan for key, answer in again.items()} == {
        key: answer.plan for key, answer in first.items()
    }
    assert (steps[-1].done, steps[-1].total, steps[-1].kept) == (4, 4, 4)
    with Pool(keep=tmp_path, reads_kept=False) as pool:
        assert not any(answer.was_kept for answer in pool.solve(tasks).values())


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _no_plan(content: bytes) -> bytes:
    return packed(b'{"ciopt_plan": 1, "status": "infeasible"}')


def _better(content: bytes) -> bytes:
    text = unpacked(content, "").decode()
    assert '"value": 120' in text
    return packed(text.replace('"value": 120', '"value": 121').encode())


def _unfinished(content: bytes) -> bytes:
    text = unpacked(content, "").decode()
    return packed(text.replace('"status": "optimal"', '"status": "error"').encode())


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (_cut, "damaged"),
        (lambda content: b"", "damaged"),
        (lambda content: b"hello", "damaged"),
        (_no_plan, "another question"),
        (_better, "does not follow"),
        (_unfinished, "not finished"),
    ],
)
def test_what_is_kept_is_not_believed_unchecked(
    harm: Callable[[bytes], bytes], said: str, instance: ciopt.Instance, tmp_path: Path
) -> None:
    task = Task("cheaper", instance, scenario="cheaper-meetings")
    with Pool(keep=tmp_path) as pool:
        first = pool.solve([task])["cheaper"]
    (path,) = plans(tmp_path)
    path.write_bytes(harm(path.read_bytes()))
    with Pool(keep=tmp_path) as pool:
        again = pool.solve([task])["cheaper"]
    assert not again.was_kept
    assert again.plan is not None
    assert first.plan is not None
    assert again.plan.assignments == first.plan.assignments
    assert [said in note for note in pool.notes] == [True]
    with Pool(keep=tmp_path) as pool:
        assert pool.solve([task])["cheaper"].was_kept


def test_what_is_asked_otherwise_is_kept_under_another_name(instance: ciopt.Instance) -> None:
    start = ciopt.solve(instance)
    job = Packing().job(Task("a", instance, TIGHT, "no-backbone", start))
    assert replace(job, key="b", kept=b"x", stop="y").fingerprint == job.fingerprint
    others = [
        replace(job, instance=b"other"),
        replace(job, scenario=None),
        replace(job, changes=b"{}"),
        replace(job, start=None),
        replace(job, version="0"),
    ]
    other_settings = [
        replace(job.settings, engine="highs"),
        replace(job.settings, time_limit=59.0),
        replace(job.settings, gap=0.1),
        replace(job.settings, threads=2),
        replace(job.settings, seed=1),
        replace(job.settings, memory_limit=1),
        replace(job.settings, iterations=5),
    ]
    others += [replace(job, settings=settings) for settings in other_settings]
    assert len(others) == 5 + len(fields(ciopt.Settings))
    assert len({job.fingerprint, *(other.fingerprint for other in others)}) == len(others) + 1


def test_a_folder_that_cannot_be_written_is_no_reason_to_fail(tasks: list[Task], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with Pool(keep=tmp_path / "file") as pool:
        assert len(pool.solve(tasks)) == len(tasks)
    assert [note.partition(":")[0] for note in pool.notes] == ["finished plans are not kept"]


def test_a_task_that_makes_no_sense_ends_the_run(instance: ciopt.Instance) -> None:
    with Pool() as pool, pytest.raises(UsageError, match="no scenario"):
        pool.solve([Task("x", instance, scenario="nowhere")])
    with Pool() as pool, pytest.raises(InvalidInput):
        pool.solve([Task("x", instance, scenario=Scenario(set={"nowhere.at.all": 1}))])
    with Pool() as pool, pytest.raises(ValueError, match="same key"):
        pool.solve([Task("x", instance), Task("x", instance)])


def test_a_worker_of_another_version_is_refused(instance: ciopt.Instance) -> None:
    job = replace(Packing().job(Task("x", instance)), version="0.0")
    assert "this is ciopt 0.0" in str(work(job, threading.Event()).error)


class Breaking:
    """Hands that break, as a pool of processes does, when they get one of some tasks."""

    def __init__(self, width: int, killers: dict[str, int]) -> None:
        self.width, self.killers = width, killers
        self.aloft: dict[str, Future[Reply]] = {}
        self.last: list[str] = []
        """Who was flying when it broke for the last time."""

    def submit(self, job: Job) -> Future[Reply]:
        future: Future[Reply] = Future()
        self.aloft[job.key] = future
        if self.killers.get(job.key, 0) > 0:
            self.killers[job.key] -= 1
            self.last = list(self.aloft)
            for each in self.aloft.values():
                each.set_exception(BrokenExecutor())
            self.aloft = {}
        else:
            threading.Timer(0.2, self.end, [job]).start()
        return future

    def send(self, errand: Errand) -> Future[bytes]:
        raise NotImplementedError

    def end(self, job: Job) -> None:
        future = self.aloft.pop(job.key, None)
        if future is not None:
            future.set_result(work(job, threading.Event()))

    def is_lost(self, error: BaseException) -> bool:
        return isinstance(error, BrokenExecutor)

    def is_given_up(self, error: BaseException) -> bool:
        return False

    def renew(self) -> None:
        pass

    def close(self, *, now: bool) -> None:
        pass


@pytest.mark.parametrize("times", [1, 2])
def test_a_lost_workers_task_is_repeated(times: int, tasks: list[Task]) -> None:
    with Pool() as pool:
        pool._hands.close(now=False)
        pool._hands = Breaking(2, {"small-office": times})
        answers = pool.solve(tasks)
    assert [answer.error for answer in answers.values()] == [None] * len(tasks)
    assert sum("a worker was lost" in note for note in pool.notes) == times


def test_only_the_task_that_takes_three_workers_is_given_up(tasks: list[Task]) -> None:
    """It flies alone before it is given up, so that no other is blamed for what it did."""
    hands = Breaking(4, {"small-office": 99})
    with Pool() as pool:
        pool._hands.close(now=False)
        pool._hands = hands
        answers = pool.solve(tasks)
    failed = {key: str(answer.error) for key, answer in answers.items() if answer.error is not None}
    assert failed == {"small-office": "3 workers were lost with it"}
    assert hands.last == ["small-office"]


@pytest.fixture
def slow() -> list[Task]:
    """Tasks that take about two seconds each."""
    somerville = ciopt.load(ROOT / "instances/somerville.json")
    names = list(somerville.scenarios)[:3]
    return [Task(name, somerville, ciopt.Settings(time_limit=2), name) for name in names]


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_killed_process_costs_no_answer(slow: list[Task]) -> None:
    with Pool(workers=2) as pool:
        hands = pool._hands
        assert isinstance(hands, Processes)

        def kill() -> None:
            while not hands._executor._processes:
                time.sleep(0.05)
            time.sleep(1.5)
            os.kill(next(iter(hands._executor._processes)), signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        answers = pool.solve(slow)
        killer.join()
    assert [answer.plan is not None and answer.plan.has_plan for answer in answers.values()] == [True] * 3
    assert any("a worker was lost" in note for note in pool.notes)


@pytest.mark.parametrize("workers", [0, 1])
def test_an_interrupt_keeps_what_is_finished_and_nothing_cut_short(
    workers: int, tasks: list[Task], slow: list[Task], tmp_path: Path
) -> None:
    stop = threading.Event()
    endless = [replace(task, settings=ciopt.Settings()) for task in slow]

    def interrupt(step: Step) -> None:
        if step.done == 1:
            stop.set()

    started = time.monotonic()
    with Pool(workers=workers, keep=tmp_path, interrupt=stop, progress=interrupt) as pool:
        answers = pool.solve([tasks[0], *endless])
    assert list(answers) == [tasks[0].key]
    assert len(plans(tmp_path)) == 1
    assert time.monotonic() - started < 30
