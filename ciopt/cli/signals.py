"""Ctrl-C and SIGTERM: the first asks the solve to stop and keep its best plan, the second aborts.

A thread reads the signals from a socket that Python's own handler writes to, so a request to stop is
heard even while the main thread is deep in compiled code, and no lock is ever taken inside a handler.
"""

from __future__ import annotations

import _thread
import contextlib
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from types import FrameType, TracebackType
from typing import Any

from ciopt.cli.exit_codes import ExitCode

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")
_GOODBYE = b"\0"
_GRACE = 3.0
"""Seconds that an aborted run gets to clean up before it is ended."""


@contextlib.contextmanager
def terminate_like_interrupt() -> Iterator[Interrupted]:
    """Make SIGTERM and SIGHUP raise `KeyboardInterrupt`, as Ctrl-C does; a second signal ends at once."""
    interrupted = Interrupted()
    with _handlers(interrupted.handle, _numbers()), _quiet_callbacks():
        yield interrupted


class Interrupted:
    """Whether a signal came. Compiled code may turn the exception that says so into another one."""

    def __init__(self) -> None:
        self._came = False

    def __bool__(self) -> bool:
        return self._came

    def check(self) -> None:
        """Raise what Python had to swallow, if the signal came while it was in one of its own callbacks."""
        if self._came:
            raise KeyboardInterrupt

    def handle(self, number: int, frame: FrameType | None) -> None:
        """Raise; the second time end at once, whatever the first one is still cleaning up."""
        if self._came:
            os._exit(ExitCode.INTERRUPTED)
        self._came = True
        raise KeyboardInterrupt


@contextlib.contextmanager
def _quiet_callbacks() -> Iterator[None]:
    """Keep Python from printing an interrupt that it swallows in a callback: `Interrupted` knows of it."""
    before = sys.unraisablehook

    def hook(swallowed: sys.UnraisableHookArgs) -> None:
        if not issubclass(swallowed.exc_type, KeyboardInterrupt):
            before(swallowed)

    sys.unraisablehook = hook
    try:
        yield
    finally:
        sys.unraisablehook = before


def ignore_signals() -> None:
    """Let no signal change how this process ends."""
    if threading.current_thread() is threading.main_thread():
        for number in _numbers():
            signal.signal(number, signal.SIG_IGN)


class Stopper:
    """While it is entered, a first signal sets ``event`` and a second one raises `KeyboardInterrupt`.

    Parameters
    ----------
    notice
        Called (from a thread) at the first signal.
    """

    def __init__(self, notice: Callable[[], None]) -> None:
        self.event = threading.Event()
        self._notice = notice
        self._aborting = self._raised = False
        self._done = threading.Event()
        self._exits = contextlib.ExitStack()

    def __enter__(self) -> Stopper:
        if threading.current_thread() is threading.main_thread():
            hears, speaks = socket.socketpair()
            speaks.setblocking(False)
            self._exits.enter_context(hears)
            self._exits.enter_context(speaks)
            self._exits.enter_context(_handlers(self._handle, _numbers()))
            before = signal.set_wakeup_fd(speaks.fileno(), warn_on_full_buffer=False)
            self._exits.callback(signal.set_wakeup_fd, before)
            watcher = threading.Thread(target=self._watch, args=(hears,), name="ciopt-signals", daemon=True)
            watcher.start()
            self._exits.callback(_finish, speaks, watcher)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._done.set()
        self._exits.close()
        if self._raised and not isinstance(error, KeyboardInterrupt):
            raise KeyboardInterrupt from error

    def _handle(self, number: int, frame: FrameType | None) -> None:
        """Run in the main thread; the first signal is the watcher's alone."""
        if self._aborting and not self._raised:
            self._raised = True
            raise KeyboardInterrupt

    def _watch(self, hears: socket.socket) -> None:
        while received := hears.recv(1):
            if received == _GOODBYE:
                return
            if received[0] not in _numbers():
                continue
            if not self.event.is_set():
                self.event.set()
                self._notice()
                continue
            self._aborting = True
            _wake_main_thread()
            if not self._done.wait(_GRACE):
                os._exit(ExitCode.INTERRUPTED)
            return


def _finish(speaks: socket.socket, watcher: threading.Thread) -> None:
    """Wake the watcher for the last time."""
    with contextlib.suppress(OSError):
        speaks.send(_GOODBYE)
    watcher.join(1.0)


def _wake_main_thread() -> None:
    """Have the handler run now, even if the main thread waits in a system call."""
    main = threading.main_thread().ident
    if hasattr(signal, "pthread_kill") and main is not None:
        signal.pthread_kill(main, signal.SIGTERM)
    else:
        _thread.interrupt_main(signal.SIGTERM)


def _numbers() -> list[int]:
    """Signals that ask a program to end, on this system."""
    return [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]


@contextlib.contextmanager
def _handlers(handler: Callable[[int, FrameType | None], Any], numbers: list[int]) -> Iterator[None]:
    """Set a handler for signals that are not ignored (as ``nohup`` and ``&`` ignore them), then undo it."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in numbers}
    changed = [number for number, old in before.items() if old is not signal.SIG_IGN and old is not None]
    for number in changed:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number in changed:
            if signal.getsignal(number) is handler:
                signal.signal(number, before[number])
