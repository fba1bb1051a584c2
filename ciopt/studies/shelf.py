"""What is kept of earlier runs: every finished plan under the hash of all that it follows from."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from ciopt.errors import InvalidInput, UsageError
from ciopt.files import write_text_atomically
from ciopt.files.packed import SUFFIX, unpacked
from ciopt.studies.task import Job


class Shelf:
    """A folder of finished plans. It can be deleted at any time; nothing in it is believed unchecked.

    Parameters
    ----------
    folder
        Made when something is kept; None to keep nothing.
    reads
        Whether what is there is used; otherwise it is only written over.

    Notes
    -----
    A plan is written whole or not at all, so a run may be killed at any moment. A name is the SHA-256 of
    instance, changes, settings, start and version of ciopt: what was asked differently has another name.
    """

    def __init__(self, folder: Path | None, *, reads: bool = True) -> None:
        self.folder, self.reads = folder, reads
        self.trouble = ""
        """Why nothing is kept, if the folder cannot be written."""

    def path(self, job: Job) -> Path | None:
        """Where the plan of a task is kept; None if nothing is."""
        name = job.fingerprint
        return None if self.folder is None else self.folder / name[:2] / f"{name[2:]}.json{SUFFIX}"

    def read(self, job: Job) -> bytes | None:
        """Return a packed plan from an earlier run, unchecked; None if there is none."""
        path = self.path(job)
        if path is None or not self.reads:
            return None
        try:
            return path.read_bytes()
        except OSError:
            return None

    def write(self, job: Job, plan: bytes) -> None:
        """Keep a packed plan; a folder that cannot be written is noted, and no reason to fail."""
        path = self.path(job)
        if path is None or self.trouble:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_text_atomically(path, unpacked(plan, str(path)).decode())
        except (OSError, UsageError, InvalidInput) as error:
            self.trouble = f"finished plans are not kept: {error}"


def usual_folder() -> Path:
    r"""Return where this system's programs keep what can be made again.

    ``$XDG_CACHE_HOME/ciopt`` or ``~/.cache/ciopt``; ``~/Library/Caches/ciopt`` on macOS,
    ``%LOCALAPPDATA%\ciopt\Cache`` on Windows.
    """
    home = Path(os.path.expanduser("~"))
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or home / "AppData" / "Local") / "ciopt" / "Cache"
    if sys.platform == "darwin":
        return home / "Library" / "Caches" / "ciopt"
    said = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(said) if os.path.isabs(said) else home / ".cache") / "ciopt"
