"""Where solves run: in this process, in worker processes, or on a cluster, all behind an executor."""

from __future__ import annotations

import contextlib
import gc
import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import BrokenExecutor, Future, ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing.connection import Connection
from threading import Event
from typing import Any, Protocol

from ciopt.engines.warm import keeping
from ciopt.studies.cluster import Cluster
from ciopt.studies.errand import Errand, run_errand
from ciopt.studies.task import Job, Reply, work

GRACE_SECONDS = 5.0
"""How long a worker that was asked to stop may take, before it ends itself."""


RARELY = (100_000, 50, 50)
"""When workers look for garbage that goes round in circles. A plan is a hundred thousand records that stay:
to look at them all again and again took a quarter of a what-if."""


class Hands(Protocol):
    """An executor of tasks, how many it should be given at once, and what to do if it breaks."""

    width: int

    def submit(self, job: Job) -> Future[Reply]:
        """Begin a task.

        Raises
        ------
        BrokenExecutor
            If a worker was lost.
        """

    def send(self, errand: Errand) -> Future[bytes]:
        """Begin an errand; see `submit`."""

    def is_lost(self, error: BaseException) -> bool:
        """Whether an exception of a future says that its worker was lost."""

    def is_given_up(self, error: BaseException) -> bool:
        """Whether it says that the task was repeated in vain already."""

    def renew(self) -> None:
        """Begin anew after a worker was lost."""

    def close(self, *, now: bool) -> None:
        """End; ``now`` stops what still runs."""


class InProcess:
    """One task at a time, in a thread of this process."""

    width = 1

    def __init__(self, interrupt: Event) -> None:
        self._stop = interrupt
        self._scope = keeping()
        self._begun: list[Future[Any]] = []
        self._executor = ThreadPoolExecutor(
            1, thread_name_prefix="ciopt-solve", initializer=self._scope.__enter__
        )

    def submit(self, job: Job) -> Future[Reply]:
        """Begin a task."""
        return self._begin(work, job)

    def send(self, errand: Errand) -> Future[bytes]:
        """Begin an errand."""
        return self._begin(run_errand, errand)

    def _begin(self, call: Callable[..., Any], what: Job | Errand) -> Future[Any]:
        self._begun = [each for each in self._begun if not each.done()]
        self._begun.append(self._executor.submit(call, what, self._stop))
        return self._begun[-1]

    def is_lost(self, error: BaseException) -> bool:
        """Never: it would be this process."""
        return False

    def is_given_up(self, error: BaseException) -> bool:
        """Never."""
        return False

    def renew(self) -> None:
        """Nothing to do."""

    def close(self, *, now: bool) -> None:
        """Wait for the thread; it hears of an interrupt itself."""
        if now:
            self._stop.set()
        for each in self._begun:
            each.cancel()
        self._executor.submit(self._scope.__exit__, None, None, None)
        self._executor.shutdown(wait=True)


class Processes:
    """Worker processes on this machine; a crash costs one of them.

    Parameters
    ----------
    workers
        How many.
    """

    def __init__(self, workers: int) -> None:
        self.width = workers
        self._open()

    def _open(self) -> None:
        context = multiprocessing.get_context("spawn")  # a fork would copy this process's threads' locks
        self._hears, self._speaks = context.Pipe(duplex=False)
        self._executor = ProcessPoolExecutor(
            self.width, mp_context=context, initializer=_begin, initargs=(self._hears,)
        )

    def submit(self, job: Job) -> Future[Reply]:
        """Begin a task."""
        with _deaf():
            return self._executor.submit(_work, job)

    def send(self, errand: Errand) -> Future[bytes]:
        """Begin an errand."""
        with _deaf():
            return self._executor.submit(_run, errand)

    def is_lost(self, error: BaseException) -> bool:
        """Whether a worker ended in the middle of its work: then all of them are."""
        return isinstance(error, BrokenExecutor)

    def is_given_up(self, error: BaseException) -> bool:
        """Never: this is for the pool to decide."""
        return False

    def renew(self) -> None:
        """Start other processes."""
        self.close(now=True)
        self._open()

    def close(self, *, now: bool) -> None:
        """End the processes; closing the pipe is what tells them to stop at once."""
        if now:
            self._speaks.close()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._speaks.close()
        self._hears.close()


def hands_for(workers: int | None, cluster: str | None, threads: int | None, interrupt: Event) -> Hands:
    """Return where to solve: a cluster, ``workers`` processes, or (for 0) this process.

    Parameters
    ----------
    workers
        None for as many as the cores bear at so many threads a solve.
    cluster
        Address of a Dask scheduler.
    """
    if cluster is not None:
        return Cluster(cluster)
    if workers == 0:
        return InProcess(interrupt)
    return Processes(workers or max(1, (os.cpu_count() or 1) // (threads or 1)))


_SCOPE = keeping()
"""In a worker process: its solver workers stay from task to task, and end with it."""
_STOP = Event()
"""In a worker process: set when its caller asks to stop, or is gone."""


def _begin(hears: Connection) -> None:
    """Make a worker process: signals of the terminal are the caller's business, its end is ours too."""
    gc.set_threshold(*RARELY)
    for name in ("SIGINT", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGHUP})
    threading.Thread(target=_watch, args=(hears,), daemon=True).start()
    _SCOPE.__enter__()


def _watch(hears: Connection) -> None:
    """Wait for the end of the pipe: the caller closed it, or died. A solve gets some time to stop."""
    with contextlib.suppress(EOFError, OSError):
        hears.recv_bytes()
    _STOP.set()
    time.sleep(GRACE_SECONDS)
    os._exit(1)


def _work(job: Job) -> Reply:
    return work(job, _STOP)


def _run(errand: Errand) -> bytes:
    return run_errand(errand, _STOP)


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    """Let processes that are started now hear no Ctrl-C before they are ready to ignore it."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGHUP})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
