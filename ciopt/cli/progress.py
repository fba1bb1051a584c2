"""The line on a terminal that shows how far a solve is."""

from __future__ import annotations

import shutil
import sys
import threading
import time

from ciopt.cli import output
from ciopt.report.words import clean, number, percent, seconds
from ciopt.settings import Progress

_EVERY = 0.1
_ERASE = "\r\x1b[K"
_GOALS = {"targets": "penalties", "total_cost": "cost", "option_ids": "ties"}


class ProgressLine:
    """Shows news on stderr: one line that changes if it is a terminal, words only when asked otherwise.

    Parameters
    ----------
    quiet, verbose
        Nothing at all; every message on a line of its own.
    """

    def __init__(self, *, quiet: bool, verbose: bool) -> None:
        self._live = output.is_terminal(sys.stderr) and not quiet
        self._verbose = verbose
        self._shown = 0.0
        self._lock = threading.Lock()

    def show(self, news: Progress) -> None:
        """Show how far the solve is; called from any thread, as often as it likes."""
        with self._lock:
            if self._verbose and news.message:
                self._line(f"{seconds(news.seconds)}  {news.goal}: {clean(news.message)}")
            now = time.monotonic()
            if self._live and now - self._shown >= _EVERY:
                self._shown = now
                width = shutil.get_terminal_size().columns - 1
                _write(_ERASE + describe(news)[:width])

    def note(self, text: str) -> None:
        """Write a line that stays."""
        with self._lock:
            self._line(text)

    def close(self) -> None:
        """Take the line away."""
        with self._lock:
            if self._live:
                self._live = False
                _write(_ERASE)

    def _line(self, text: str) -> None:
        _write((_ERASE if self._live else "") + text + "\n")


def describe(news: Progress) -> str:
    """Say how far a solve is in one line.

    Examples
    --------
    >>> from decimal import Decimal
    >>> describe(Progress(12.34, "value", Decimal("1234.5"), Decimal(1300), Decimal("0.053")))
    '12.3 s  value 1,234.5  bound 1,300  gap 5.3 %'
    """
    goal = _GOALS.get(news.goal, news.goal)
    parts = [seconds(news.seconds), goal if news.objective is None else f"{goal} {number(news.objective)}"]
    if news.bound is not None:
        parts.append(f"bound {number(news.bound)}")
    if news.gap is not None:
        parts.append(f"gap {percent(news.gap)}")
    if news.message:
        parts.append(clean(news.message))
    return "  ".join(parts)


def _write(text: str) -> None:
    try:
        sys.stderr.write(text)
        sys.stderr.flush()
    except (OSError, ValueError):
        return
