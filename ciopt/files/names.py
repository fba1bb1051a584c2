"""Names of files in messages: what is wrong with a path, and which one was perhaps meant."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from itertools import islice
from pathlib import Path

from ciopt.errors import UsageError, did_you_mean
from ciopt.files.source import harmless

_LONGEST = 400
_MOST_SIBLINGS = 5000
_REASONS = {
    errno.EACCES: "no permission",
    errno.EPERM: "no permission",
    errno.EISDIR: "it is a folder",
    errno.ENOTDIR: "a part of its path is a file, not a folder",
    errno.ENAMETOOLONG: "the name is too long",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the quota of the disk is used up",
    errno.EROFS: "the disk is read-only",
    errno.ELOOP: "its links lead in a circle",
}


def shown(path: Path) -> str:
    r"""Return a path as messages show it: one line, nothing that could fool a terminal.

    Examples
    --------
    >>> shown(Path("a\nb.json"))
    'a�b.json'
    """
    name = str(path)
    return harmless(name if len(name) <= _LONGEST else f"{name[:80]}…{name[-80:]}")


def content(path: Path, read: Callable[[], bytes]) -> bytes:
    """Return the bytes of a file, or say why they cannot be read.

    Examples
    --------
    >>> content(Path("pyproject.toml"), lambda: b"[project]")
    b'[project]'
    """
    try:
        return read()
    except (OSError, ValueError) as error:
        raise cannot("read", path, error) from None


def cannot(do: str, path: Path, error: OSError | ValueError) -> UsageError:
    """Explain why a file cannot be read or written.

    Examples
    --------
    >>> str(cannot("write", Path("plan.json"), PermissionError(errno.EACCES, "")))
    'cannot write plan.json: no permission'
    """
    if isinstance(error, ValueError):  # zero bytes and half characters in names
        return UsageError(f"cannot {do} {shown(path)}: this is not a name a file can have")
    if error.errno == errno.ENOENT:
        return UsageError(f"cannot {do} {shown(path)}: {_missing(path, do)}")
    reason = _REASONS.get(error.errno or 0) or error.strerror or type(error).__name__
    return UsageError(f"cannot {do} {shown(path)}: {reason}")


def _missing(path: Path, do: str) -> str:
    """Say whether the file or its folder is missing, and name what is there instead."""
    what, missing = "file", path
    while missing.parent != missing and not missing.parent.exists():
        what, missing = "folder", missing.parent
    if do == "write" and what == "file":
        return "it is a link that leads nowhere"
    hint = did_you_mean(missing.name, _siblings(missing))
    where = f" {shown(missing)}" if what == "folder" else ""
    return f"there is no such {what}{where}" + (f"; {hint}" if hint else "")


def _siblings(path: Path) -> list[str]:
    try:
        with os.scandir(path.parent) as entries:
            return [harmless(entry.name) for entry in islice(entries, _MOST_SIBLINGS)]
    except OSError:
        return []
