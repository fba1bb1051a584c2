"""Solver workers that stay for the next solve: many small solves then need no new process each.

Nothing is kept unless somebody says so, and then only in the thread that says so: on Linux a worker ends
with the thread that started it.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from weakref import WeakKeyDictionary

from ciopt.engines.backends import Backend
from ciopt.engines.worker import SolverWorker

Kind = tuple[str, int]
"""Back-end and threads: HiGHS does not change how many threads it has once it began."""


class _Kept(threading.local):
    """Idle workers of a thread, and how many scopes want them kept."""

    def __init__(self) -> None:
        self.scopes = 0
        self.idle: dict[Kind, list[SolverWorker]] = defaultdict(list)
        self.kinds: WeakKeyDictionary[SolverWorker, Kind] = WeakKeyDictionary()


_kept = _Kept()


@contextmanager
def keeping() -> Iterator[None]:
    """Keep workers between the solves of this thread; they end with the outermost scope.

    Examples
    --------
    >>> with keeping():  # doctest: +SKIP
    ...     plans = [solve(each) for each in instances]
    """
    _kept.scopes += 1
    try:
        yield
    finally:
        _kept.scopes -= 1
        if not _kept.scopes:
            for workers in _kept.idle.values():
                for worker in workers:
                    worker.close()
            _kept.idle.clear()
            _kept.kinds.clear()


def borrow(backend: Backend, threads: int) -> SolverWorker:
    """Return a worker that was kept, or a new one."""
    kind = (backend.name, threads)
    while _kept.idle[kind]:
        worker = _kept.idle[kind].pop()
        if worker.is_alive and worker.backend == backend:
            return worker
        worker.close()
    worker = SolverWorker(backend)
    if _kept.scopes:
        _kept.kinds[worker] = kind
    return worker


def give_back(worker: SolverWorker) -> None:
    """End a worker, or keep it where that is wanted and it was started in this thread."""
    kind = _kept.kinds.get(worker)
    if kind is None or not _kept.scopes or not worker.is_alive:
        worker.close()
    else:
        _kept.idle[kind].append(worker)
