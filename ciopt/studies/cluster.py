"""Solves on a Dask cluster: the same tasks behind the same executor."""

from __future__ import annotations

import contextlib
import secrets
import threading
from collections.abc import Iterator
from concurrent.futures import Executor, Future
from dataclasses import replace
from threading import Event
from typing import Any

from ciopt.errors import UsageError
from ciopt.studies.errand import Errand, run_errand
from ciopt.studies.task import Job, Reply, work

CONNECT_SECONDS = 10.0
POLL_SECONDS = 1.0


class Cluster:
    """The workers of a Dask cluster.

    Parameters
    ----------
    address
        Of the scheduler: ``tcp://host:8786``, or ``tls://...`` with the certificates that Dask's own
        configuration names (``distributed.comm.tls``).

    Raises
    ------
    UsageError
        If Dask is not installed, or no scheduler or no worker answers.
    """

    def __init__(self, address: str) -> None:
        try:
            from distributed import Client
        except ImportError:
            raise UsageError("--cluster needs Dask: pip install 'ciopt[cluster]'") from None
        try:
            self._client = Client(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            raise UsageError(f"no Dask scheduler answers at {address}: {error}") from None
        try:
            self._client.wait_for_workers(1, timeout=CONNECT_SECONDS)
        except TimeoutError:
            self._client.close()
            raise UsageError(f"the Dask cluster at {address} has no workers") from None
        self.width = 2 * max(1, sum(self._client.nthreads().values()))
        self._stop = f"ciopt-stop-{secrets.token_hex(8)}"
        self._executor: Executor = self._client.get_executor(pure=False)

    def submit(self, job: Job) -> Future[Reply]:
        """Begin a task."""
        future: Future[Reply] = self._executor.submit(_work_on_cluster, replace(job, stop=self._stop))
        return future

    def send(self, errand: Errand) -> Future[bytes]:
        """Begin an errand."""
        future: Future[bytes] = self._executor.submit(_run_on_cluster, replace(errand, stop=self._stop))
        return future

    def is_lost(self, error: BaseException) -> bool:
        """Never: Dask repeats tasks of lost workers itself."""
        return False

    def is_given_up(self, error: BaseException) -> bool:
        """Whether Dask gave a task up after several workers were lost with it."""
        from distributed.scheduler import KilledWorker

        return isinstance(error, KilledWorker)

    def renew(self) -> None:
        """Nothing to do."""

    def close(self, *, now: bool) -> None:
        """Leave the cluster; ``now`` tells its workers to stop first."""
        if now:
            from distributed import Event as ClusterEvent

            with contextlib.suppress(Exception):  # the cluster may be what went away
                ClusterEvent(self._stop, client=self._client).set()
        with contextlib.suppress(Exception):
            self._executor.shutdown(wait=False)
        self._client.close()


def _work_on_cluster(job: Job) -> Reply:
    """Do a task in a thread of a Dask worker."""
    with _wanted(job.stop) as stop:
        return work(job, stop)


def _run_on_cluster(errand: Errand) -> bytes:
    """Do an errand in a thread of a Dask worker."""
    with _wanted(errand.stop) as stop:
        return run_errand(errand, stop)


@contextlib.contextmanager
def _wanted(name: str | None) -> Iterator[Event]:
    """Look now and then whether work is still wanted; the event is set if it is not."""
    from distributed import Event as ClusterEvent
    from distributed import get_client

    stop, done = Event(), Event()
    wanted: Any = ClusterEvent(name, client=get_client())

    def watch() -> None:
        with contextlib.suppress(Exception):  # a cluster that ends takes the task with it anyway
            while not done.wait(POLL_SECONDS):
                if wanted.is_set():
                    stop.set()
                    return

    threading.Thread(target=watch, daemon=True).start()
    try:
        yield stop
    finally:
        done.set()
