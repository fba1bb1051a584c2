"""Writing a file whole or not at all."""

from __future__ import annotations

import contextlib
import os
import secrets
import stat
from pathlib import Path

from ciopt.errors import UsageError
from ciopt.files.names import cannot, shown
from ciopt.files.packed import SUFFIX, packed


def write_text_atomically(path: str | os.PathLike[str], text: str) -> None:
    """Write a text file so that readers see the old content or the new, never a part.

    The text goes to a new file in the same folder, to the disk, and only then takes the old file's
    place; this holds even if the process is killed. Links are followed, the mode of an existing file is
    kept. What is not an ordinary file (a pipe, ``/dev/stdout``) is written to directly. A file whose name
    ends with ``.gz`` is packed.

    Raises
    ------
    UsageError
        If the path cannot be written, or the text cannot be encoded; the old content is then untouched.

    Examples
    --------
    >>> write_text_atomically("plan.json", dump(plan.to_data()))  # doctest: +SKIP
    """
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        half = f"U+{ord(text[error.start]):04X}"
        raise UsageError(
            f"cannot write {shown(Path(path))}: the text holds half a character ({half}) at {error.start}"
        ) from None
    write_bytes_atomically(path, content)


def write_bytes_atomically(path: str | os.PathLike[str], content: bytes) -> None:
    """Write a file as `write_text_atomically` does.

    Raises
    ------
    UsageError
        If the path cannot be written; the old content is then untouched.

    Examples
    --------
    >>> write_bytes_atomically("plan.xlsx", workbook)  # doctest: +SKIP
    """
    given = Path(path)
    if given.suffix.lower() == SUFFIX:
        content = packed(content)
    try:
        _write(Path(os.path.realpath(given)), content)
    except (OSError, ValueError) as error:
        raise cannot("write", given, error) from None


def _write(target: Path, content: bytes) -> None:
    mode = None
    if target.exists():
        status = target.stat()
        if not stat.S_ISREG(status.st_mode):
            with open(target, "wb") as stream:  # a folder says so itself
                stream.write(content)
            return
        if not os.access(target, os.W_OK):
            raise PermissionError(13, "read-only")
        mode = stat.S_IMODE(status.st_mode)
    new = target.parent / f".ciopt-{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    try:
        with os.fdopen(os.open(new, flags, 0o666), "wb") as stream:  # the umask applies, as for any file
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is not None:
            new.chmod(mode)
        os.replace(new, target)
    except BaseException:
        with contextlib.suppress(OSError):
            new.unlink()
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make the new name durable, where the system can."""
    if os.name != "posix":
        return
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
