"""Solver processes: a library that crashes, hangs or eats memory costs one worker, never the plan.

The best solution that a worker reported is kept here, so it survives whatever happens to the worker.
"""

from __future__ import annotations

import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from threading import Event
from types import TracebackType
from typing import Any

from ciopt.engines.backends import Backend
from ciopt.engines.matrix import Incumbent, Matrix, Outcome, Parameters, Status, StoppedBy
from ciopt.engines.pipe import Sender, receive
from ciopt.engines.selftest import SelfTest

POLL_SECONDS = 0.05
GRACE_SECONDS = 3.0
"""How long a solver may overrun its time limit, or take to stop, before its process is killed."""

GRACE_SHARE = 0.1


class SolverWorker:
    """A process that solves matrices with one back-end, one after the other.

    It starts at once, so that it loads its library while the caller still compiles. After a death it starts
    anew at the next task.

    Examples
    --------
    >>> with SolverWorker(find_backend("highs")) as worker:  # doctest: +SKIP
    ...     outcome = worker.run(matrix, Parameters(time_limit=10))
    """

    def __init__(self, backend: Backend) -> None:
        self.backend = backend
        self._start()

    def __enter__(self) -> SolverWorker:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _start(self) -> None:
        command = [
            sys.executable,
            "-m",
            "ciopt.engines.worker_main",
            self.backend.module,
            self.backend.argument,
        ]
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
        )
        assert self._process.stdin is not None
        self._sender = Sender(self._process.stdin)  # type: ignore[arg-type]
        self._inbox: queue.Queue[Any] = queue.Queue()
        threading.Thread(target=self._listen, args=(self._process, self._inbox), daemon=True).start()

    @staticmethod
    def _listen(process: subprocess.Popen[bytes], inbox: queue.Queue[Any]) -> None:
        """Put what the worker says into the inbox; None when it is gone."""
        assert process.stdout is not None
        try:
            while True:
                inbox.put(receive(process.stdout))  # type: ignore[arg-type]
        except Exception:
            inbox.put(None)

    @property
    def pid(self) -> int:
        """Id of the worker's process."""
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process runs."""
        return self._process.poll() is None

    def close(self) -> None:
        """End the process and all that it started; safe to call twice."""
        process = self._process
        with contextlib.suppress(OSError):
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
        process.wait()
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()

    def run(
        self,
        matrix: Matrix,
        parameters: Parameters,
        on_incumbent: Callable[[Incumbent], None] = lambda news: None,
        interrupt: Event | None = None,
    ) -> Outcome:
        """Solve a matrix.

        Parameters
        ----------
        matrix, parameters
            What to solve, and how.
        on_incumbent
            Called in this thread with every better solution or bound.
        interrupt
            Set it to stop: the best solution so far is the outcome.

        Returns
        -------
        Outcome
            ``stopped_by`` says if a limit, an interrupt or the worker's death ended it.
        """
        if not self.is_alive:
            self.close()
            self._start()
        watch = _Watch(self, parameters, interrupt or Event())
        with contextlib.suppress(OSError):  # a dead worker shows as an end of its messages
            self._sender.send((matrix, parameters))
        try:
            while True:
                message = self._next(watch)
                if isinstance(message, Incumbent):
                    watch.note(message)
                    on_incumbent(message)
                    watch.check()  # a solver that never falls silent is watched too
                elif isinstance(message, Outcome):
                    return watch.with_best(message)
                elif message is None:
                    return watch.lost(self._death())
        except BaseException:
            self.close()
            raise

    def examined(self, timeout: float = 60.0) -> SelfTest:
        """Return how the back-end did in its self-test, before any task was given."""
        message = self._inbox.get(timeout=timeout)
        return message if isinstance(message, SelfTest) else SelfTest("", (self._death(),))

    def _next(self, watch: _Watch) -> Any:
        """Wait for a message, and see to the limits meanwhile; None when the worker is gone."""
        while True:
            try:
                return self._inbox.get(timeout=POLL_SECONDS)
            except queue.Empty:
                watch.check()

    def ask_to_stop(self) -> None:
        """Tell the worker to stop and hand over what it has."""
        with contextlib.suppress(OSError):
            self._sender.send("stop")

    def _death(self) -> str:
        """Say how the worker ended, and end what it started (CBC outlives a worker that was killed)."""
        code = self._process.wait()
        self.close()
        if code < 0:
            return f"the {self.backend.name} process was ended by {signal.Signals(-code).name}"
        return f"the {self.backend.name} process ended with code {code}"


class _Watch:
    """The watchdog of one task: its clock, its best solution, and why it was ended."""

    def __init__(self, worker: SolverWorker, parameters: Parameters, interrupt: Event) -> None:
        self.worker, self.interrupt = worker, interrupt
        self.started = time.monotonic()
        self.best: Incumbent | None = None
        self.bound: float | None = None
        self.ended_by: StoppedBy | None = None
        self.asked_at: float | None = None
        limit = parameters.time_limit
        self.deadline = (
            None if limit is None else self.started + limit + max(GRACE_SECONDS, GRACE_SHARE * limit)
        )

    def note(self, news: Incumbent) -> None:
        """Keep the best solution and the last bound."""
        if news.values is not None:
            self.best = news
        if news.bound is not None:
            self.bound = news.bound

    def check(self) -> None:
        """Ask the worker to stop on an interrupt; end it when it does not, or overruns its limit."""
        now = time.monotonic()
        if self.interrupt.is_set() and self.asked_at is None:
            self.asked_at = now
            self.worker.ask_to_stop()
        if self.asked_at is not None and now > self.asked_at + GRACE_SECONDS:
            self._end(StoppedBy.INTERRUPT)
        elif self.deadline is not None and now > self.deadline:
            self._end(StoppedBy.TIME_LIMIT)

    def _end(self, reason: StoppedBy) -> None:
        if self.ended_by is None:
            self.ended_by = reason
            self.worker.close()

    def with_best(self, outcome: Outcome) -> Outcome:
        """Give the outcome of a failed run the best solution that was reported before."""
        if outcome.status is not Status.FAILED or self.best is None:
            return outcome
        return self._kept(outcome.solver, outcome.message, outcome.stopped_by or StoppedBy.SOLVER_FAILURE)

    def lost(self, how: str) -> Outcome:
        """Make an outcome of what a worker left that did not end by itself."""
        reason = self.ended_by or StoppedBy.SOLVER_FAILURE
        if self.best is not None:
            return self._kept(self.worker.backend.name, how, reason)
        status = Status.FAILED if self.ended_by is None else Status.NOTHING
        seconds = time.monotonic() - self.started
        return Outcome(status, None, self.bound, reason, self.worker.backend.name, how, seconds)

    def _kept(self, solver: str, message: str, reason: StoppedBy) -> Outcome:
        assert self.best is not None
        seconds = time.monotonic() - self.started
        return Outcome(Status.FEASIBLE, self.best.values, self.bound, reason, solver, message, seconds)
