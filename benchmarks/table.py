"""The table in ``benchmarks/README.md``, from the newest record of each benchmark in ``results/``."""

from __future__ import annotations

import json
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


def newest() -> list[dict[str, Any]]:
    """Return the last record of each benchmark, in the order in which they first came."""
    records: dict[str, dict[str, Any]] = {}
    for line in RESULTS.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        records[record["name"]] = record
    return list(records.values())


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


def renew() -> None:
    """Write the table into the README."""
    before, rest = README.read_text(encoding="utf-8").split(BEGIN)
    after = rest.split(END)[1]
    README.write_text(f"{before}{BEGIN}{table(newest())}{END}{after}", encoding="utf-8")


def _outcome(facts: dict[str, Any]) -> str:
    if "status" not in facts:
        return ", ".join(f"{value:,} {name}" for name, value in facts.items())
    gap = f", gap {100 * facts['gap']:.2f} %" if facts.get("gap") else ""
    return f"{facts['status']}, {facts['objective']:,}{gap}"


def _circumstances(records: list[dict[str, Any]]) -> str:
    last = records[-1]
    versions = ", ".join(f"{name} {version}" for name, version in last["versions"].items())
    machine = last["machine"]
    return f"On {machine['cores']} cores of {machine['processor']}, {machine['system']}; {versions}.\n"
