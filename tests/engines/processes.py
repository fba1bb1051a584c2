"""Look at processes: which are alive, and whose children they are."""

from __future__ import annotations

import time
from pathlib import Path


def _stat(pid: int) -> list[str]:
    """State, parent and so on; empty if there is no such process."""
    try:
        text = Path(f"/proc/{pid}/stat").read_text(encoding="ascii", errors="replace")
    except OSError:
        return []
    return text.rpartition(")")[2].split()


def is_alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    stat = _stat(pid)
    return bool(stat) and stat[0] != "Z"


def gone(pid: int, seconds: float = 20.0) -> bool:
    """Whether a process ends soon."""
    deadline = time.monotonic() + seconds
    while is_alive(pid):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def descendants(pid: int) -> list[int]:
    """Ids of all that a process started, and what those started."""
    parents = {int(entry.name): _stat(int(entry.name)) for entry in Path("/proc").glob("[0-9]*")}
    found: list[int] = []
    family = [pid]
    while family:
        family = [each for each, stat in parents.items() if stat and int(stat[1]) in family]
        found += family
    return found
