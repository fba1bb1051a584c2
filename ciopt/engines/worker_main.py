"""The worker process: ``python -m ciopt.engines.worker_main MODULE [ARGUMENT]``.

One process, one solver library. It reads tasks from its standard input and writes news and outcomes to what
was its standard output; whatever the solver prints goes nowhere. It ends when its caller does.
"""

from __future__ import annotations

import ctypes
import functools
import importlib
import os
import queue
import signal
import sys
import threading
from typing import Any, BinaryIO

from ciopt.engines.matrix import Backend, Listener, Matrix, Outcome, Parameters, Status, StoppedBy
from ciopt.engines.pipe import Sender, receive
from ciopt.engines.selftest import SelfTest, cases, check

PR_SET_PDEATHSIG = 1


def main(module: str, argument: str) -> None:
    """Serve tasks until the caller closes the pipe or dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    inbox = os.fdopen(os.dup(0), "rb")
    sender = Sender(os.fdopen(os.dup(1), "wb"))
    nowhere = os.open(os.devnull, os.O_RDWR)
    os.dup2(nowhere, 0)
    os.dup2(nowhere, 1)
    backend = importlib.import_module(module)
    if not getattr(backend, "STARTS_PROCESSES", False):  # the kernel would kill us and leave those behind
        _die_with_parent()
    solve = functools.partial(backend.solve, argument=argument) if argument else backend.solve
    tasks: queue.Queue[tuple[Matrix, Parameters]] = queue.Queue()
    stop = threading.Event()
    threading.Thread(target=_listen, args=(inbox, tasks, stop), daemon=True).start()
    examined = check(solve)
    sender.send(examined)
    while True:
        matrix, parameters = tasks.get()
        _limit_memory(parameters.memory_limit)
        listener = Listener(sender.send, stop.is_set)
        sender.send(
            _solve(solve, matrix, parameters, listener) if examined.is_usable else _disabled(examined)
        )


def _disabled(examined: SelfTest) -> Outcome:
    """The outcome of every task of a back-end that does not know the known answers."""
    message = "; ".join(examined.failures)
    if any(failure.partition(":")[0] in {case.name for case in cases()} for failure in examined.failures):
        message += " (disabled by its self-test: see ciopt doctor)"
    return Outcome(Status.FAILED, None, None, None, examined.solver, message)


def _solve(solve: Backend, matrix: Matrix, parameters: Parameters, listener: Listener) -> Outcome:
    """Run the back-end; what it raises becomes an outcome."""
    try:
        return solve(matrix, parameters, listener)
    except MemoryError:
        return Outcome(Status.FAILED, None, None, StoppedBy.MEMORY_LIMIT, "", "out of memory")
    except Exception as error:
        # MathOpt hides the real error in the context of another (google/or-tools#4606)
        reason = error.__context__ if isinstance(error, AttributeError) and error.__context__ else error
        return Outcome(Status.FAILED, None, None, None, "", f"{type(reason).__name__}: {reason}")


def _listen(inbox: BinaryIO, tasks: queue.Queue[Any], stop: threading.Event) -> None:
    """Take tasks and stop requests; when the caller is gone, so are we."""
    try:
        while True:
            message = receive(inbox)
            if message == "stop":
                stop.set()
            else:
                stop.clear()  # a request that came late was meant for the task before
                tasks.put(message)
    except (EOFError, OSError):
        _end()


def _end() -> None:
    """End at once, with every process that the solver started."""
    if hasattr(os, "killpg") and os.getpgrp() == os.getpid():
        os.killpg(os.getpgrp(), signal.SIGKILL)
    os._exit(1)


def _die_with_parent() -> None:
    """On Linux the kernel ends us with our caller, however it dies; elsewhere the pipe tells."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)


def _limit_memory(limit: int | None) -> None:
    """Cap the address space: what is mapped already comes on top."""
    if limit is None or sys.platform == "win32":
        return
    import resource

    used = 0
    if sys.platform == "linux":
        with open("/proc/self/statm", encoding="ascii") as file:
            used = int(file.read().split()[0]) * resource.getpagesize()
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    cap = used + limit if hard == resource.RLIM_INFINITY else min(used + limit, hard)
    resource.setrlimit(resource.RLIMIT_AS, (cap, hard))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2] if len(sys.argv) > 2 else "")
