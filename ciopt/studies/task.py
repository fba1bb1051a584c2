"""One solve among many: the task, how it travels to a worker, and the answer that comes back.

Instances and plans travel as packed text: any process that runs the same version of ciopt can read them, on
this machine or on another, and a worker reads each of them once for all its tasks.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import asdict, dataclass, field, replace
from decimal import Decimal
from functools import lru_cache
from threading import Event
from typing import Any

from ciopt.errors import CioptError, InvalidInput, SolverFailed, UsageError
from ciopt.files import canonical, canonical_sha256, dump, read_document, read_instance, read_plan
from ciopt.files.packed import packed
from ciopt.instance import Instance
from ciopt.instance.rules import Scenario
from ciopt.instance.scenarios import apply_scenario
from ciopt.plan import Plan
from ciopt.planner import solve
from ciopt.settings import Settings
from ciopt.studies.travel import boxed
from ciopt.verification import verify
from ciopt.version import __version__

_UNFINISHED = ("interrupt", "solver_failure", "memory_limit")

_SHARED = 4
"""Instances and starts that are kept ready: tasks of one study share them."""


@dataclass(frozen=True)
class Task:
    """A solve that a study wants.

    Parameters
    ----------
    key
        What the study calls it; the answer comes under the same key.
    instance, settings, start
        As for `ciopt.solve`. Without ``settings.threads`` it gets one thread: what comes out must not depend
        on how many workers there are.
    scenario
        Name of one of the instance's scenarios, or changes that are not written in it. With the latter the
        plan is one of the changed instance (its hash is that one's).
    """

    key: str
    instance: Instance
    settings: Settings = field(default_factory=Settings)
    scenario: str | Scenario | None = None
    start: Plan | None = None


@dataclass(frozen=True)
class Job:
    """A task in plain bytes, and perhaps an answer from an earlier run.

    Parameters
    ----------
    instance, start, kept
        Packed texts.
    is_to_keep
        Whether a plan is wanted as a packed text too.
    stop
        Name of the event of a cluster that asks its workers to stop.
    """

    key: str
    instance: bytes
    settings: Settings
    scenario: str | None = None
    changes: bytes | None = None
    start: bytes | None = None
    kept: bytes | None = None
    is_to_keep: bool = False
    stop: str | None = None
    version: str = __version__

    @property
    def fingerprint(self) -> str:
        """SHA-256 of everything that the answer follows from."""
        settings: dict[str, Any] = {
            key: Decimal(repr(value)) if isinstance(value, float) else value
            for key, value in asdict(self.settings).items()
        }
        digest = {
            key: None if content is None else hashlib.sha256(content).hexdigest()
            for key, content in (
                ("instance", self.instance),
                ("changes", self.changes),
                ("start", self.start),
            )
        }
        said = {"settings": settings, "scenario": self.scenario, "ciopt": self.version}
        return canonical_sha256({**digest, **said})


@dataclass(frozen=True)
class Reply:
    """What a worker sends back: a plan, or why there is none.

    Parameters
    ----------
    plan
        As `ciopt.studies.travel` boxes it.
    text
        The same packed, where it is to be kept.
    was_kept
        Whether the plan is the one that came along, found to be right.
    note
        Why a plan that came along was not used.
    """

    plan: bytes | None = None
    text: bytes | None = None
    error: CioptError | None = None
    was_kept: bool = False
    note: str = ""


@dataclass(frozen=True)
class Answer:
    """What became of a task.

    Parameters
    ----------
    plan
        Verified; None if the solve failed.
    error
        Why there is no plan: a failed solver, or a task that ended three workers.
    was_kept
        Whether the plan was kept from an earlier run (and verified again).
    """

    key: str
    plan: Plan | None
    error: CioptError | None = None
    was_kept: bool = False


class Packing:
    """Makes tasks ready to travel; instances and starts that several tasks share are packed once."""

    def __init__(self) -> None:
        self._packed: list[tuple[object, bytes]] = []

    def job(self, task: Task) -> Job:
        """Return the task as it travels."""
        changes = task.scenario.model_dump() if isinstance(task.scenario, Scenario) else None
        return Job(
            key=task.key,
            instance=self._once(task.instance),
            settings=replace(task.settings, threads=task.settings.threads or 1),
            scenario=task.scenario if isinstance(task.scenario, str) else None,
            changes=None if changes is None else canonical(changes),
            start=None if task.start is None else self._once(task.start),
        )

    def _once(self, thing: Instance | Plan) -> bytes:
        for known, content in self._packed:
            if known is thing:
                return content
        data = thing.to_data() if isinstance(thing, Instance) else _essence(thing).to_data()
        content = packed(canonical(data))
        self._packed = [*self._packed[1 - _SHARED :], (thing, content)]
        return content


def _essence(start: Plan) -> Plan:
    """Keep what a solve begins with: the assignments, and the prices of the certificate."""
    assignments = tuple(each.model_copy(update={"impact": {}}) for each in start.assignments)
    return Plan(status=start.status, assignments=assignments, certificate=start.certificate)


def work(job: Job, stop: Event) -> Reply:
    """Do one task, in whatever process: check what was kept, or solve.

    Returns
    -------
    Reply
        With the error if the solve failed; anything but a `CioptError` is a fault of ciopt, and raised.
    """
    if job.version != __version__:
        return Reply(error=UsageError(f"a worker runs ciopt {__version__}, but this is ciopt {job.version}"))
    note = ""
    try:
        instance = _instance(job.instance)
        if job.changes is not None:
            instance = apply_scenario(instance, _scenario(job.changes)).instance
        if job.kept is not None:
            plan, note = _kept(instance, job)
            if plan is not None:
                return Reply(boxed(plan), was_kept=True)
        start = None if job.start is None else _start(job.start)
        plan = solve(instance, job.settings, scenario=job.scenario, interrupt=stop, start=start)
    except CioptError as error:
        return Reply(error=error, note=note)
    except MemoryError:
        return Reply(error=SolverFailed("not enough memory"), note=note)
    text = packed(dump(plan.to_data()).encode()) if job.is_to_keep and is_finished(plan) else None
    return Reply(boxed(plan), text, note=note)


def read_answer(content: bytes, name: str = "<kept plan>") -> Plan:
    """Read a packed plan.

    Raises
    ------
    InvalidInput
        If it is damaged.
    """
    return read_plan(io.BytesIO(content), name=name)


def is_finished(plan: Plan) -> bool:
    """Whether the same solve would not do better the next time: only such plans are kept."""
    return plan.stopped_by not in _UNFINISHED and plan.status != "error"


def _kept(instance: Instance, job: Job) -> tuple[Plan | None, str]:
    """Return a kept plan if it answers the question, and is right; or None, and why it is not used."""
    assert job.kept is not None
    try:
        plan = read_answer(job.kept)
    except InvalidInput:
        return None, "it is damaged"
    if plan.instance.scenario != job.scenario or plan.run.ciopt != job.version:
        return None, "it answers another question"
    if not is_finished(plan):
        return None, "it was not finished"
    return (plan, "") if verify(instance, plan).is_valid else (None, "it does not follow from the instance")


@lru_cache(maxsize=_SHARED)
def _instance(content: bytes) -> Instance:
    return read_instance(io.BytesIO(content), name="<instance>")


@lru_cache(maxsize=_SHARED)
def _start(content: bytes) -> Plan:
    return read_answer(content, "<start>")


def _scenario(content: bytes) -> Scenario:
    return read_document(io.BytesIO(content), Scenario.model_validate, name="<scenario>")
