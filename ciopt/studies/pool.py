"""Many solves at once: what is finished is kept, a lost worker's task is repeated, Ctrl-C stops the rest.

The answers depend on the tasks alone, not on how many workers there are or in which order they finish: each
task has its own settings, threads, seed and start.
"""

from __future__ import annotations

import contextlib
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import FIRST_COMPLETED, BrokenExecutor, Future, wait
from dataclasses import dataclass, replace
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Any

from ciopt.errors import InvalidInput, SolverFailed, UsageError
from ciopt.studies.errand import Errand, answer_of
from ciopt.studies.hands import Hands, hands_for
from ciopt.studies.shelf import Shelf
from ciopt.studies.task import Answer, Job, Packing, Reply, Task
from ciopt.studies.travel import Known, unboxed

TICK_SECONDS = 0.1
GRACE_SECONDS = 5.0
MOST_LOST = 3
"""Workers that a task may take with it before it is given up."""


@dataclass(frozen=True)
class Step:
    """How far many solves are.

    Parameters
    ----------
    done, total
        Tasks.
    kept
        Those of the done ones that an earlier run had finished.
    failed
        Those of the done ones that have no answer.
    seconds
        Since the first of them began.
    what
        What they are for, where a study asks in several rounds.
    """

    done: int
    total: int
    kept: int
    failed: int
    seconds: float
    what: str = ""


class Pool:
    """Solves tasks in parallel.

    Parameters
    ----------
    workers
        Worker processes; 0 for this process, None for as many as the cores bear.
    cluster
        Address of a Dask scheduler instead.
    threads
        Solver threads of each task, which is what the cores are shared out by.
    keep
        Folder in which finished plans are kept for the next run; None to keep nothing.
    reads_kept
        Whether plans that are there already are used, after being verified again.
    interrupt
        Set it from anywhere to stop: finished answers remain.
    progress
        Called in the caller's thread, after each answer and several times a second.

    Examples
    --------
    >>> with Pool(workers=2) as pool:  # doctest: +SKIP
    ...     answers = pool.solve([Task("richer", instance, scenario="mars-doubles")])
    >>> answers["richer"].plan.value  # doctest: +SKIP
    Decimal('17912')
    """

    def __init__(
        self,
        *,
        workers: int | None = 0,
        cluster: str | None = None,
        threads: int | None = None,
        keep: Path | None = None,
        reads_kept: bool = True,
        interrupt: Event | None = None,
        progress: Callable[[Step], None] | None = None,
    ) -> None:
        self.interrupt = interrupt or Event()
        self.notes: list[str] = []
        """What a reader of the results should know: plans that were not used, workers that were lost."""
        self._shelf = Shelf(keep, reads=reads_kept)
        self._progress = progress or (lambda step: None)
        self._packing = Packing()
        self._hands = hands_for(workers, cluster, threads, self.interrupt)

    def __enter__(self) -> Pool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._hands.close(now=error is not None or self.interrupt.is_set())

    @property
    def width(self) -> int:
        """How many solves run at once."""
        return self._hands.width

    def solve(self, tasks: Iterable[Task], what: str = "") -> dict[str, Answer]:
        """Solve tasks and return their answers by key, in the order of the tasks.

        After an interrupt only those that were finished are there; a plan that was cut short is not.

        Parameters
        ----------
        what
            Said with the progress.

        Raises
        ------
        UsageError, InvalidInput
            If a task itself makes no sense; the others are stopped.
        """
        tasks = list(tasks)
        if len({task.key for task in tasks}) < len(tasks):
            raise ValueError("two tasks have the same key")

        def tell(step: Step) -> None:
            self._progress(replace(step, what=what))

        run = _Run(self._hands, self._shelf, self._packing, tasks, self.notes, tell)
        answers = run.until(self.interrupt)
        if self._shelf.trouble and self._shelf.trouble not in self.notes:
            self.notes.append(self._shelf.trouble)
        return {task.key: answers[task.key] for task in tasks if task.key in answers}

    def each(self, call: Callable[..., Any], arguments: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function with several arguments, each time in some worker; return its answers in order.

        Parameters
        ----------
        call
            A function at the top of a module of ciopt; it gets an `Event` as well, last, which says stop.

        Returns
        -------
        list
            None where there is no answer: after an interrupt, or where workers were lost again and again.

        Raises
        ------
        CioptError
            If the function did.
        """
        found: list[Any] = [None] * len(arguments)
        left = dict(enumerate(Errand.of(call, each) for each in arguments))
        for _ in range(MOST_LOST):
            left = self._sent(left, found)
            if not left or self.interrupt.is_set():
                break
            self._hands.renew()
            self.notes.append("a worker was lost; its questions are asked again")
        return found

    def _sent(self, errands: dict[int, Errand], found: list[Any]) -> dict[int, Errand]:
        """Send errands and take their answers; return those whose workers were lost."""
        lost, started = dict(errands), time.monotonic()
        flying: dict[Future[bytes], int] = {}
        with contextlib.suppress(BrokenExecutor):
            flying = {self._hands.send(errand): number for number, errand in errands.items()}
        while flying and not self.interrupt.is_set():
            done, _ = wait(flying, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
            for future in done:
                number, error = flying.pop(future), future.exception()
                if error is None:
                    found[number] = answer_of(future.result())
                    del lost[number]
                elif not (self._hands.is_lost(error) or self._hands.is_given_up(error)):
                    raise error
            seconds = time.monotonic() - started
            self._progress(Step(len(errands) - len(lost), len(errands), 0, 0, seconds))
        return lost


class _Run:
    """Tasks on their way: waiting, flying, answered."""

    def __init__(
        self,
        hands: Hands,
        shelf: Shelf,
        packing: Packing,
        tasks: Sequence[Task],
        notes: list[str],
        progress: Callable[[Step], None],
    ) -> None:
        self.hands, self.shelf, self.packing, self.notes = hands, shelf, packing, notes
        self.total, self.tell, self.started = len(tasks), progress, time.monotonic()
        self.waiting: deque[Task] = deque(tasks)
        self.flying: dict[Future[Reply], tuple[Task, Job]] = {}
        self.landed: list[tuple[Job, Reply]] = []
        self.known: Known = {}
        self.answers: dict[str, Answer] = {}
        self.lost: Counter[str] = Counter()

    def until(self, interrupt: Event) -> dict[str, Answer]:
        """Fly until all have landed, or somebody says stop."""
        while (self.waiting or self.flying) and not interrupt.is_set():
            self.launch()
            done, _ = wait(self.flying, timeout=TICK_SECONDS, return_when=FIRST_COMPLETED)
            landed = [self.land(future) for future in done]
            if not all(landed):
                self.recover()
            self.launch()  # before the answers are read: nobody need wait for that
            self.take()
            self.report()
        return self.answers

    def launch(self) -> None:
        """Begin tasks, as many as there are hands; one that lost two workers flies alone, to be sure."""
        while self.waiting and len(self.flying) < self.hands.width:
            task = self.waiting[0]
            beside = [each for each, _ in self.flying.values()]
            if beside and any(self.lost[each.key] >= MOST_LOST - 1 for each in (task, *beside)):
                return
            self.waiting.popleft()
            job = self.packing.job(task)
            try:
                keeps = self.shelf.folder is not None
                future = self.hands.submit(replace(job, kept=self.shelf.read(job), is_to_keep=keeps))
            except BrokenExecutor:
                self.waiting.appendleft(task)
                self.recover()
                return
            self.flying[future] = task, job

    def land(self, future: Future[Reply]) -> bool:
        """Take the answer of a task; False if its worker was lost."""
        error = future.exception()
        task, job = self.flying[future]
        if error is not None and self.hands.is_lost(error):
            return False
        del self.flying[future]
        if error is None:
            self.landed.append((job, future.result()))
        elif self.hands.is_given_up(error):
            self.give_up(task)
        else:
            raise error
        return True

    def take(self) -> None:
        """Read the answers that have come."""
        while self.landed:
            self.answer(*self.landed.pop(0))

    def answer(self, job: Job, reply: Reply) -> None:
        """Keep a finished plan; what makes no sense at all ends the whole run."""
        if reply.note:
            self.notes.append(f"{job.key}: a kept plan was not used: {reply.note}")
        if isinstance(reply.error, (UsageError, InvalidInput)):
            raise reply.error
        plan = None if reply.plan is None else unboxed(reply.plan, self.known)
        if plan is not None and plan.stopped_by == "interrupt":
            return  # it was cut short, and is not what was asked for
        if reply.text is not None:
            self.shelf.write(job, reply.text)
        self.answers[job.key] = Answer(job.key, plan, reply.error, reply.was_kept)

    def recover(self) -> None:
        """After a worker was lost: what was flying waits again, first; a task that lost three is given up."""
        done, _ = wait(self.flying, timeout=GRACE_SECONDS)  # all are: with an answer, or as lost
        for future in done:
            self.land(future)
        self.take()
        again = [task for task, _ in self.flying.values()]
        self.flying.clear()
        self.hands.renew()
        for task in reversed(again):
            self.lost[task.key] += 1
            if self.lost[task.key] >= MOST_LOST:
                self.give_up(task)
            else:
                self.waiting.appendleft(task)
        self.notes.append(f"a worker was lost; again: {', '.join(task.key for task in again)}")

    def give_up(self, task: Task) -> None:
        """Answer that there is no answer."""
        error = SolverFailed(f"{MOST_LOST} workers were lost with it")
        self.answers[task.key] = Answer(task.key, None, error)

    def report(self) -> None:
        """Say how far it is."""
        kept = sum(each.was_kept for each in self.answers.values())
        failed = sum(each.error is not None for each in self.answers.values())
        seconds = time.monotonic() - self.started
        self.tell(Step(len(self.answers), self.total, kept, failed, seconds))
