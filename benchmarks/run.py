"""Measure what users wait for, append it to ``results/``, and renew the table in the README.

``python -m benchmarks.run`` runs everything; ``--only help`` one of them. Whole processes are timed, several
times; the median counts. Each run must also give the right answer, or there is no figure.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.generate import Size, coalition
from benchmarks.table import RESULTS, renew

ROOT = Path(__file__).parents[1]
SEED = 1
LIBRARIES = ("ortools", "pulp", "numpy", "pydantic", "click", "rich")
CIOPT = (sys.executable, "-m", "ciopt")

_COMPILE = """
import sys, time, ciopt
from ciopt.program import compile_program
instance = ciopt.load(sys.argv[1])
started, cpu = time.perf_counter(), time.process_time()
program = compile_program(instance)
print(time.perf_counter() - started, time.process_time() - cpu, program.num_columns, len(program.options))
"""


@dataclass(frozen=True)
class Timing:
    """One run: seconds on the clock and on the processor, and what came out."""

    wall: float
    cpu: float
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Benchmark:
    """Something to measure, and how many seconds it may take, if anybody said."""

    name: str
    what: str
    limit: float | None
    measure: Callable[[Path], Timing]


def help_(folder: Path) -> Timing:
    """Time ``ciopt --help``."""
    timing, out = _timed([*CIOPT, "--help"], folder)
    assert "Usage: ciopt" in out
    return timing


def check(folder: Path) -> Timing:
    """Time ``ciopt check`` of a file of 10 MB."""
    path = _instance(folder, Size(places=870, interventions=20, partners=60, partners_each=4, quotes=True))
    timing, _ = _timed([*CIOPT, "check", str(path)], folder)
    return Timing(timing.wall, timing.cpu, {"megabytes": round(path.stat().st_size / 1e6, 1)})


def compile_(max_share: float) -> Callable[[Path], Timing]:
    """Return what times the compiling of 20,000 activities, after loading them."""

    def measure(folder: Path) -> Timing:
        path = _instance(folder, Size(1000, 20, partners=60, partners_each=4, max_share=max_share))
        _, out = _timed([sys.executable, "-c", _COMPILE, str(path)], folder)
        wall, cpu, columns, options = map(float, out.split())
        return Timing(round(wall, 3), round(cpu, 3), {"options": int(options), "columns": int(columns)})

    return measure


def solve(name: str, *limits: str) -> Callable[[Path], Timing]:
    """Return what times ``ciopt solve`` of an example, start to finish."""

    def measure(folder: Path) -> Timing:
        plan_path = folder / "plan.json"
        words = [*CIOPT, "solve", str(ROOT / f"instances/{name}.json"), "-o", str(plan_path), "-q"]
        timing, _ = _timed([*words, "--seed", str(SEED), *limits], folder, endings=(0, 5))
        plan = json.loads(plan_path.read_text(encoding="utf-8"))
        facts = {key: plan.get(key) for key in ("status", "objective", "bound", "gap", "proof")}
        return Timing(timing.wall, timing.cpu, facts)

    return measure


BENCHMARKS = (
    Benchmark("help", "`ciopt --help`", 0.25, help_),
    Benchmark("check", "`ciopt check` of a 10 MB file", 4.0, check),
    Benchmark("compile", "compiling 20,000 activities", 2.0, compile_(1.0)),
    Benchmark("compile-shares", "the same, a fund pays at most 80 % of each", 2.0, compile_(0.8)),
    Benchmark(
        "cocoa",
        "`ciopt solve instances/cocoa.json --time-limit 8`",
        10.0,
        solve("cocoa", "--time-limit", "8"),
    ),
    Benchmark("cocoa-proof", "`ciopt solve instances/cocoa.json`", None, solve("cocoa")),
    Benchmark("somerville", "`ciopt solve instances/somerville.json`", None, solve("somerville")),
)


def _instance(folder: Path, size: Size) -> Path:
    """Write a coalition, once."""
    path = folder / f"{size.places}-{size.interventions}-{size.quotes}-{size.max_share}.json"
    if not path.exists():
        path.write_text(json.dumps(coalition(size, SEED), indent=1), encoding="utf-8")
    return path


def _timed(words: list[str], folder: Path, endings: tuple[int, ...] = (0,)) -> tuple[Timing, str]:
    """Run a process to its end and time it with all its children."""
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    before, started = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    done = subprocess.run(words, cwd=folder, env=env, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - started
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode not in endings:
        raise SystemExit(f"{' '.join(words)} ended with {done.returncode}\n{done.stderr}")
    cpu = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return Timing(round(wall, 3), round(cpu, 3)), done.stdout


def run(benchmark: Benchmark, num_runs: int, folder: Path) -> dict[str, Any]:
    """Measure several times and return the record."""
    load = os.getloadavg()[0]
    timings = [benchmark.measure(folder) for _ in range(num_runs)]
    return {
        "name": benchmark.name,
        "what": benchmark.what,
        "limit": benchmark.limit,
        "median": round(statistics.median(each.wall for each in timings), 3),
        "cpu": round(statistics.median(each.cpu for each in timings), 3),
        "runs": [asdict(each) for each in timings],
        "seed": SEED,
        "load": round(load, 1),
        **_circumstances(),
    }


def _circumstances() -> dict[str, Any]:
    """When, of which commit, with what, on what kind of machine."""
    dirty = bool(_git("status", "--porcelain", "--", "ciopt", "instances"))
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "--short", "HEAD") + ("+changes" if dirty else ""),
        "versions": {
            "python": platform.python_version(),
            **{name: importlib.metadata.version(name) for name in LIBRARIES},
        },
        "machine": {"system": platform.system(), "processor": _processor(), "cores": os.cpu_count()},
    }


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _processor() -> str:
    information = Path("/proc/cpuinfo")
    lines = information.read_text(encoding="utf-8").splitlines() if information.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()


def main() -> None:
    """Measure, record, show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=[each.name for each in BENCHMARKS], action="append")
    parser.add_argument("--runs", type=int, default=5)
    wish = parser.parse_args()
    RESULTS.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        for benchmark in BENCHMARKS:
            if wish.only is None or benchmark.name in wish.only:
                record = run(benchmark, wish.runs, Path(folder))
                with RESULTS.open("a", encoding="utf-8") as results:
                    results.write(json.dumps(record) + "\n")
                print(f"{record['name']}: {record['median']:.2f} s (processor {record['cpu']:.2f} s)")
    renew()


if __name__ == "__main__":
    main()
