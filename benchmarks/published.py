"""Solve the published sets and say how far the plans are from the best values known.

``python -m benchmarks.published FOLDER --seconds 10`` goes through all sets in a folder (``--only qkp --only
gap`` through some), appends what it finds to ``results/published.jsonl`` and renews the table in the README.
"""

from __future__ import annotations

import argparse
import csv
import json
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from decimal import Decimal
from pathlib import Path

import ciopt
from benchmarks.circumstances import circumstances
from benchmarks.table import README, between
from ciopt.files.published import read_published

RESULTS = Path(__file__).parent / "results" / "published.jsonl"
BEGIN, END = "<!-- published: made by `python -m benchmarks.published` -->\n", "<!-- end of published -->\n"
HEAD = (
    "| set | problems | seconds each | best known reached | mean gap to it | largest | mean proven gap |\n"
    "|---|---|---|---|---|---|---|\n"
)
REACHED = 5e-5
"""Best known values are printed with few digits: so close is the same."""


@dataclass(frozen=True)
class Case:
    """One problem of a published set, and the best value anybody has published for it."""

    kind: str
    file: Path
    name: str
    best: float | None


@dataclass(frozen=True)
class Found:
    """What was found of a case; gaps are relative to the best known value and to the plan."""

    kind: str
    file: str
    name: str
    limit: float
    seconds: float
    status: str
    engine: str
    objective: float | None
    bound: float | None
    best: float | None
    proof: str | None

    @property
    def behind(self) -> float | None:
        """How much worse than the best known value."""
        if self.objective is None or self.best is None:
            return None
        sign = -1 if self.kind == "sscflp" else 1
        return sign * (self.best - self.objective) / max(abs(self.best), 1e-9)


def cases(folder: Path) -> Iterator[Case]:
    """All problems that are there, with what is known of them."""
    for row in _rows(folder / "qkp"):
        yield Case("qkp", folder / "qkp" / row["file"], "", float(row["best_known"]))
    for row in _rows(folder / "qkp_teamformation"):
        yield Case(
            "teams", folder / "qkp_teamformation" / row["file"], row["budget"], float(row["best_known"])
        )
    for row in _rows(folder / "kpf"):
        yield Case("kpf", folder / "kpf" / row["file"], "", float(row["best_known"]))
    for row in _rows(folder / "gap"):
        yield Case("gap", folder / "gap" / row["file"], "", -float(row["optimum_minimisation"]))
    for row in _rows(folder / "mkp"):
        yield Case("mkp", folder / "mkp" / row["file"], row["index"], float(row["best_feasible_1997"]))
    least: dict[tuple[str, str], str] = {}
    for row in _rows(folder / "nrp"):
        is_up = least.setdefault((row["file"], row["cost_ratio"]), row["budget"]) != row["budget"]
        name = row["cost_ratio"] + "+" * is_up  # the smaller budget, which is rounded down, goes first
        yield Case("nrp", folder / "nrp" / row["file"], name, float(row["optimum"]))
    for name, optimum in {"p1": 8848, "p2": 7913, "p3": 9314, "p10": 7617}.items():
        yield Case("sscflp", folder / "sscflp" / name, "", optimum)
    for row in _rows(folder / "gqmkp"):
        yield Case("gqmkp", folder / "gqmkp" / row["file"], "", float(row["best_known"]))
    for file in sorted((folder / "pabulib").glob("*.pb")):
        yield Case("pabulib", file, "", None)


def _rows(folder: Path) -> list[dict[str, str]]:
    file = folder / "best_known.csv"
    if not file.exists():
        return []
    with file.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def run(case: Case, seconds: float) -> Found:
    """Solve one problem."""
    instance = read_published(case.kind, case.file)[case.name]
    started = time.monotonic()
    plan = ciopt.solve(instance, ciopt.Settings(time_limit=seconds, seed=1))
    return Found(
        case.kind,
        case.file.name,
        case.name,
        seconds,
        round(time.monotonic() - started, 2),
        plan.status,
        plan.run.engine,
        _float(plan.objective),
        _float(plan.bound),
        case.best,
        plan.proof,
    )


def _float(number: Decimal | None) -> float | None:
    return None if number is None else float(number)


def table() -> str:
    """Sum up the newest run of every case, a line a set and time limit."""
    newest: dict[tuple[str, str, str, float], Found] = {}
    for line in RESULTS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        found = Found(**{name: record[name] for name in Found.__dataclass_fields__})
        newest[found.kind, found.file, found.name, found.limit] = found
    lines = []
    for kind, limit in dict.fromkeys((found.kind, found.limit) for found in newest.values()):
        mine = [each for each in newest.values() if (each.kind, each.limit) == (kind, limit)]
        known = [each.behind for each in mine if each.behind is not None]
        reached = f"{sum(gap <= REACHED for gap in known)} of {len(known)}" if known else ""
        gaps = [_proven(each) for each in mine if each.objective is not None and each.bound is not None]
        cells = (
            kind,
            str(len(mine)),
            f"{limit:g}",
            reached,
            _percent(sum(known) / len(known)) if known else "",
            _percent(max(known)) if known else "",
            _percent(sum(gaps) / len(gaps)) if gaps else "",
        )
        lines.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(lines)


def _proven(found: Found) -> float:
    assert found.objective is not None
    assert found.bound is not None
    return abs(found.bound - found.objective) / max(abs(found.objective), 1e-6)


def _percent(part: float) -> str:
    return f"{100 * part:.3f} %"


def main() -> None:
    """Solve, record, show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--only", action="append", help="a set; several times for several")
    wish = parser.parse_args()
    RESULTS.parent.mkdir(exist_ok=True)
    for case in cases(wish.folder):
        if wish.only is None or case.kind in wish.only:
            found = run(case, wish.seconds)
            with RESULTS.open("a", encoding="utf-8") as results:
                results.write(json.dumps({**asdict(found), **circumstances()}) + "\n")
            print(
                case.kind, case.file.name, case.name, found.status, found.objective, found.best, found.seconds
            )
    between(README, BEGIN, END, table())


if __name__ == "__main__":
    main()
