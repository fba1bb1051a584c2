"""Where words leave the program: results to stdout, everything else to stderr."""

from __future__ import annotations

import contextlib
import os
import shutil
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from ciopt.report.grid import Page

_LEAST_WIDTH, _MOST_WIDTH, _WIDTH_OF_FILES = 40, 140, 100


def prepare() -> None:
    """Let no character stop the output: what a terminal cannot show is written as an escape."""
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="backslashreplace")


def say(text: str) -> None:
    """Write a result to stdout, quietly giving up if nobody reads on (``| head``)."""
    _write(sys.stdout, text)


def tell(text: str) -> None:
    """Write a diagnostic to stderr."""
    _write(sys.stderr, text)


def say_json(data: Mapping[str, Any]) -> None:
    """Write the one JSON document of a run to stdout."""
    from ciopt.files import dump

    say(dump(data))


def page(stream: TextIO | None = None) -> Page:
    """Return what tables and messages on a stream (stdout) are drawn for."""
    from ciopt.report.grid import Page

    stream = stream or sys.stdout
    columns = shutil.get_terminal_size((_WIDTH_OF_FILES, 24)).columns
    encoding = (getattr(stream, "encoding", None) or "ascii").lower().replace("-", "")
    return Page(
        width=min(max(columns, _LEAST_WIDTH), _MOST_WIDTH),
        colour=has_colour(stream),
        unicode=encoding.startswith("utf"),
    )


def has_colour(stream: TextIO) -> bool:
    """Whether a stream is a terminal that shows colours, and nobody said NO_COLOR."""
    return is_terminal(stream) and not os.environ.get("NO_COLOR")


def is_terminal(stream: TextIO) -> bool:
    """Whether a stream is a terminal that can move its cursor."""
    try:
        return stream.isatty() and os.environ.get("TERM") != "dumb"
    except ValueError:  # closed
        return False


def _write(stream: TextIO, text: str) -> None:
    if not text:
        return
    try:
        stream.write(text if text.endswith("\n") else text + "\n")
        stream.flush()
    except BrokenPipeError:
        _silence(stream)


def _silence(stream: TextIO) -> None:
    """Send the rest to nowhere: otherwise the interpreter complains about it when it exits."""
    with contextlib.suppress(OSError, ValueError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
