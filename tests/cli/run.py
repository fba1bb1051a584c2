"""Runs the command line as a user does: as a process of its own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
BLANK = ROOT / "ciopt" / "cli" / "blank.json"
_CACHE = tempfile.TemporaryDirectory(prefix="ciopt-tests-")
"""Plans that tests keep are not the user's."""


@dataclass(frozen=True)
class Ran:
    """How a process ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        """The one JSON document on stdout."""
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """The environment of a run: the checkout on the path, no colours, debugging or kept plans inherited."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("CIOPT_DEBUG", "NO_COLOR", "COLUMNS")
    }
    own = {"PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error", "XDG_CACHE_HOME": _CACHE.name}
    return {**kept, **own, **more}


def ciopt(*args: object, stdin: str = "", cwd: Path | None = None, **env: str) -> Ran:
    """Run ``ciopt ARGS``."""
    return run([sys.executable, "-m", "ciopt", *map(str, args)], stdin, cwd, env)


def fake(behaviour: str, *args: object, stdin: str = "", cwd: Path | None = None, **env: str) -> Ran:
    """Run ``ciopt ARGS`` with the planner of `fake_solver`."""
    return run([sys.executable, "-m", "tests.cli.fake_solver", behaviour, *map(str, args)], stdin, cwd, env)


def run(words: list[str], stdin: str, cwd: Path | None, env: dict[str, str]) -> Ran:
    done = subprocess.run(
        words,
        input=stdin.encode(),
        capture_output=True,
        cwd=cwd,
        env=environment(**env),
        timeout=120,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())
