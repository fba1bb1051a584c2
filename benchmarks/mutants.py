"""Broken instance files through the command line: ``python -m benchmarks.mutants --count 500``.

Takes the shipped instances, breaks each copy in one place (bytes, values, keys), runs ``ciopt check``
as a user would, and counts the exit codes. Any traceback, or an exit code that differs from what the library
says of the same bytes, is listed; the command then ends with 1.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random
from typing import Any

import ciopt
from ciopt.errors import CioptError
from ciopt.instance.scenarios import apply

ROOT = Path(__file__).parents[1]
VALUES: tuple[Any, ...] = (
    None, True, -1, 0, 10**30, 1.5, 1e400, "", "nobody", "\ud800", [], {}, [[]], {"a": 1}, ["nobody"],
)  # fmt: skip


def places(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in a document."""
    inside = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, part in inside for found in places(part, (*path, key)))]


def mutant(text: str, draw: Random) -> bytes:
    """Break a file in one place."""
    if draw.random() < 0.4:
        return _broken_bytes(text.encode(), draw)
    data = json.loads(text)
    path = draw.choice(places(data)[1:])
    parent = data
    for key in path[:-1]:
        parent = parent[key]
    kind = draw.choice(("value", "delete", "rename", "double"))
    if kind == "value":
        parent[path[-1]] = draw.choice(VALUES)
    elif kind == "delete":
        del parent[path[-1]]
    elif kind == "rename" and isinstance(parent, dict):
        parent[str(path[-1]) + "x"] = parent.pop(path[-1])
    elif isinstance(parent, list):
        parent.append(parent[path[-1]])
    return json.dumps(data, indent=1).encode()


def _broken_bytes(raw: bytes, draw: Random) -> bytes:
    at = draw.randrange(len(raw))
    kind = draw.choice(("cut", "flip", "insert", "remove"))
    if kind == "cut":
        return raw[:at]
    if kind == "flip":
        return raw[:at] + bytes([raw[at] ^ 1 << draw.randrange(8)]) + raw[at + 1 :]
    if kind == "insert":
        return raw[:at] + bytes([draw.randrange(256)]) + raw[at:]
    return raw[:at] + raw[at + draw.randint(1, 9) :]


def expected(path: Path) -> int:
    """Exit code for what the library says of a file and of its scenarios."""
    try:
        instance = ciopt.load(path)
        for scenario in instance.scenarios:
            apply(instance, scenario)
    except CioptError as error:
        return error.exit_code
    return 0


def run(path: Path) -> tuple[int, str]:
    """Exit code of ``ciopt check``, and what is wrong with it (empty if nothing)."""
    done = subprocess.run(
        [sys.executable, "-m", "ciopt", "check", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    right = expected(path)
    if "Traceback" in done.stdout + done.stderr:
        return done.returncode, "a traceback"
    return done.returncode, "" if done.returncode == right else f"the library says {right}"


def main() -> int:
    """Break, run, count."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.mutants", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    wish = parser.parse_args()
    draw = Random(wish.seed)
    sources = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "instances").rglob("*.json"))
        if not path.name.endswith(".plan.json")
    ]
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(2) as pool:
        paths = []
        for number in range(wish.count):
            paths.append(Path(folder) / f"{number}.json")
            paths[-1].write_bytes(mutant(draw.choice(sources), draw))
        answers = list(pool.map(run, paths))
    wrong = [
        f"mutant {number} of seed {wish.seed}: exit {code}, {why}"
        for number, (code, why) in enumerate(answers)
        if why
    ]
    print("\n".join([*wrong, f"{dict(Counter(code for code, _ in answers))}, {len(wrong)} wrong"]))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
