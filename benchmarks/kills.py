"""Kill a solve at random moments and look at what is left: a plan or a clear status, no orphan, no half file.

``python -m benchmarks.kills --each 50`` sends SIGINT, SIGTERM to the program and SIGKILL to its worker.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

ALLOWED = {"SIGINT": {0, 130}, "SIGTERM": {0, 130}, "worker": {0, 5, 7}}
"""Exit codes that are an honest answer to each kind of kill."""

DIED_BEFORE_THE_PROGRAM_RAN = {-signal.SIGINT, -signal.SIGTERM}
"""Python itself was still starting: its own answer to the signal (ciopt's would be 130)."""


def children(pid: int) -> list[int]:
    """Ids of all descendants of a process."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                fields = (
                    (entry / "stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()
                )
            except OSError:
                continue
            if int(fields[1]) == pid:
                found += [int(entry.name), *children(int(entry.name))]
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        state = (
            Path(f"/proc/{pid}/stat")
            .read_text(encoding="ascii", errors="replace")
            .rpartition(")")[2]
            .split()[0]
        )
    except OSError:
        return False
    return state != "Z"


def kill_once(instance: str, kind: str, after: float, folder: Path) -> str:
    """Run a solve, kill it after some seconds, and say how it ended; raises AssertionError on a fault."""
    target = folder / "plan.json"
    target.unlink(missing_ok=True)
    command = [sys.executable, "-m", "ciopt", "solve", instance, "-o", str(target), "--time-limit", "8", "-q"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(after)
    family = children(process.pid)
    if kind == "worker":
        for pid in family:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
    elif process.poll() is None:
        process.send_signal(getattr(signal, kind))
    _, err = process.communicate(timeout=60)
    code = process.returncode
    if code not in DIED_BEFORE_THE_PROGRAM_RAN:
        assert "Traceback" not in err, err
        assert code in ALLOWED[kind], f"exit code {code}: {err}"
    time.sleep(0.2)
    assert not [pid for pid in family if is_alive(pid)], "an orphan is left"
    litter = [path.name for path in folder.iterdir() if path != target]
    assert not litter, f"litter: {litter}"
    if target.exists():
        plan = json.loads(target.read_text(encoding="utf-8"))
        checked = subprocess.run(
            [sys.executable, "-m", "ciopt", "verify", instance, str(target)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert checked.returncode == 0, checked.stdout + checked.stderr
        return f"exit {code}, {plan['status']} plan"
    return f"exit {code}, no plan file"


def main() -> None:
    """Kill, count, and fail on the first fault."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", default="instances/cocoa.json")
    parser.add_argument("--each", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a job in the background may have it ignored
    draw = random.Random(arguments.seed)
    for kind in ALLOWED:
        ends: Counter[str] = Counter()
        for _ in range(arguments.each):
            with tempfile.TemporaryDirectory() as folder:
                ends[kill_once(arguments.instance, kind, draw.uniform(0.0, 5.0), Path(folder))] += 1
        print(kind, dict(ends), flush=True)


if __name__ == "__main__":
    main()
