"""The table in ``benchmarks/README.md``, from the newest record of each benchmark in ``results/``."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
README = HERE / "README.md"
RESULTS = HERE / "results" / "times.jsonl"
BEGIN, END = "<!-- table: made by `python -m benchmarks.run` -->\n", "<!-- end of table -->\n"
HEAD = (
    "| what | may take | took | processor | runs | outcome | load | commit |\n"
    "|---|---|---|---|---|---|---|---|\n"
)


def newest(names: Iterable[str]) -> list[dict[str, Any]]:
    """Return the last record of each of these benchmarks."""
    records = {}
    for line in RESULTS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        records[record["name"]] = record
    return [records[name] for name in names if name in records]


def table(records: list[dict[str, Any]]) -> str:
    """Return the records as a table."""
    rows = []
    for each in records:
        cells = (
            each["what"],
            f"{each['limit']:g} s" if each["limit"] else "",
            f"{each['median']:.2f} s",
            f"{each['cpu']:.2f} s",
            str(len(each["runs"])),
            _outcome(each["runs"][-1]["facts"]),
            f"{each['load']:g}",
            each["commit"],
        )
        rows.append(f"| {' | '.join(cells)} |\n")
    return HEAD + "".join(rows) + "\n" + _circumstances(records)


def renew(names: Iterable[str]) -> None:
    """Write the table of these benchmarks into the README."""
    between(README, BEGIN, END, table(newest(names)))


def between(file: Path, begin: str, end: str, text: str) -> None:
    """Replace what stands between two marks in a file."""
    before, rest = file.read_text(encoding="utf-8").split(begin)
    after = rest.split(end)[1]
    file.write_text(f"{before}{begin}{text}{end}{after}", encoding="utf-8")


def _outcome(facts: dict[str, Any]) -> str:
    if "status" not in facts:
        return ", ".join(f"{value:,} {name}" for name, value in facts.items())
    gap = f", gap {100 * facts['gap']:.3f} %" if facts.get("gap") else ""
    return f"{facts['status']}, {facts['objective']:,}{gap}"


def _circumstances(records: list[dict[str, Any]]) -> str:
    last = records[-1]
    versions = ", ".join(f"{name} {version}" for name, version in last["versions"].items())
    machine = last["machine"]
    return f"On {machine['cores']} cores of {machine['processor']}, {machine['system']}; {versions}.\n"
