"""Measure what users wait for, append it to ``results/``, and renew the table in the README.

``python -m benchmarks.run`` runs everything; ``--only help`` one of them. Whole processes are timed, several
times; the median counts. Each run must also give the right answer, or there is no figure.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from benchmarks.circumstances import ROOT, circumstances
from benchmarks.table import RESULTS, renew
from ciopt.files import dump
from ciopt.generate import Wish, family, generate

SEED = 1
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
    path = _instance(folder, Wish(activities=17_000, partners=60, quotes=True))
    timing, _ = _timed([*CIOPT, "check", str(path)], folder)
    return Timing(timing.wall, timing.cpu, {"megabytes": round(path.stat().st_size / 1e6, 1)})


def compile_(wish: Wish) -> Callable[[Path], Timing]:
    """Return what times the compiling of an instance, after loading it."""

    def measure(folder: Path) -> Timing:
        path = _instance(folder, wish)
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


def plan_big(wish: Wish, seconds: int) -> Callable[[Path], Timing]:
    """Return what times ``ciopt solve`` of a generated instance, from its file to the verified plan."""

    def measure(folder: Path) -> Timing:
        path, plan_path = _instance(folder, wish), folder / "plan.json"
        words = [*CIOPT, "solve", str(path), "-o", str(plan_path), "-q", "--engine", "large"]
        limits = ["--seed", str(SEED), "--time-limit", str(seconds)]
        timing, _ = _timed([*words, *limits], folder, endings=(0, 5))
        plan = json.loads(plan_path.read_text(encoding="utf-8"))
        facts = {key: plan.get(key) for key in ("status", "objective", "bound", "gap", "proof")}
        return Timing(timing.wall, timing.cpu, facts)

    return measure


COCOA = Wish(activities=20_000, partners=100)
DENSE = replace(family("dense"), activities=20_000, partners=100)
HUGE = Wish(activities=200_000, partners=500)
ALL = replace(family("multi-period"), activities=20_000, partners=100)

BENCHMARKS = (
    Benchmark("help", "`ciopt --help`", 0.25, help_),
    Benchmark("check", "`ciopt check` of a 10 MB file", 4.0, check),
    Benchmark("compile", "compiling 20,000 activities", 2.0, compile_(COCOA)),
    Benchmark("compile-funds", "the same with periods, shared funds, capacities, rules", 2.0, compile_(ALL)),
    Benchmark(
        "cocoa",
        "`ciopt solve instances/cocoa.json --time-limit 8`",
        10.0,
        solve("cocoa", "--time-limit", "8"),
    ),
    Benchmark("cocoa-proof", "`ciopt solve instances/cocoa.json`", None, solve("cocoa")),
    Benchmark("large", "20,000 activities, `--time-limit 5`", 10.0, plan_big(COCOA, 5)),
    Benchmark("large-minute", "the same, `--time-limit 55`", 60.0, plan_big(COCOA, 55)),
    Benchmark("large-dense", "187,000 synergies, `--time-limit 50`", 60.0, plan_big(DENSE, 50)),
    Benchmark("large-all", "20,000 with everything together, `--time-limit 50`", 60.0, plan_big(ALL, 50)),
    Benchmark("large-huge", "200,000 activities, `--time-limit 60`", None, plan_big(HUGE, 60)),
    Benchmark("somerville", "`ciopt solve instances/somerville.json`", None, solve("somerville")),
)


def _instance(folder: Path, wish: Wish) -> Path:
    """Write a coalition, once."""
    path = folder / f"{wish.name}{', quotes' * wish.quotes}.json"
    if not path.exists():
        path.write_text(dump(generate(wish)), encoding="utf-8")
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
        **circumstances(),
    }


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
    renew(each.name for each in BENCHMARKS)


if __name__ == "__main__":
    main()
