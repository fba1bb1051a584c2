"""What a side-by-side run recorded: who reached which value when."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path

RESULTS = Path(__file__).parent / "results" / "side_by_side.jsonl"


@dataclass(frozen=True)
class Run:
    """How one of them did: its last value and bound, and every better value with its time."""

    who: str
    seconds: float
    value: float | None
    bound: float | None
    path: list[tuple[float, float]] = field(default_factory=list)
    note: str = ""


@dataclass(frozen=True)
class Record:
    """All of them on one coalition; ``bound`` is what ciopt's certificate proves."""

    coalition: str
    options: int
    synergies: int
    seconds: float
    built: float
    bound: float
    runs: list[Run]


def read() -> list[Record]:
    """Return the newest record of each coalition; who was left out of it is as in the one before."""
    found: dict[str, Record] = {}
    for line in RESULTS.read_text(encoding="utf-8").splitlines():
        known = {name: each for name, each in json.loads(line).items() if name in Record.__dataclass_fields__}
        runs = [Run(**{**run, "path": [tuple(step) for step in run["path"]]}) for run in known.pop("runs")]
        earlier = found[known["coalition"]].runs if known["coalition"] in found else []
        again = {run.who for run in runs}
        found[known["coalition"]] = Record(
            **known, runs=[*runs, *(run for run in earlier if run.who not in again)]
        )
    return list(found.values())
