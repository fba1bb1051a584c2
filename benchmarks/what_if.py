"""Budget what-ifs on a big instance: a sweep against as many independent solves, at the same certified gap.

``python -m benchmarks.what_if`` measures 100 what-ifs as `ciopt sweep` solves them, one at a time in one
worker, and compares them with two kinds of independent solves, one at a time as well:

- ``processes``: ``ciopt solve FILE --scenario NAME``, what somebody does who has no sweep;
- ``pool``: the same worker, which shares what it knows of the instance, but no plan and no prices.

``--processes 10 --pool 10`` measures only so many of them, spread over the what-ifs, and says what all would
have taken at that rate. Processor time is of all processes together: that of a busy machine says more than
the clock.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import ciopt
from benchmarks.circumstances import circumstances
from ciopt.files import read_plan, write_instance
from ciopt.generate import family, generate
from ciopt.instance.rules import Scenario
from ciopt.plan import Plan
from ciopt.studies import Pool, Task, WhatIf
from ciopt.studies.comparison import solve_all


def main() -> None:
    """Measure and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=20_000)
    parser.add_argument("--partners", type=int, default=100)
    parser.add_argument("--count", type=int, default=100, help="what-ifs")
    parser.add_argument("--processes", type=int, help="measure only so many independent processes")
    parser.add_argument("--pool", type=int, help="measure only so many independent solves of a pool")
    parser.add_argument("--gap", type=float, default=0.001)
    words = parser.parse_args()
    wish = replace(family("cocoa"), activities=words.activities, partners=words.partners, seed=1)
    instance = ciopt.parse(generate(wish))
    small = ciopt.parse(generate(replace(wish, activities=600, partners=5)))
    ciopt.solve(small, ciopt.Settings(engine="large", gap=0.05))  # the first run ever compiles
    print(json.dumps(measured(instance, words), indent=2))


class Clock:
    """Seconds by the clock, and of the processor in all processes that have ended."""

    seconds = processor = 0.0

    @contextmanager
    def running(self) -> Iterator[None]:
        """Measure what is done inside."""
        started, used = time.perf_counter(), _processor()
        yield
        self.seconds, self.processor = time.perf_counter() - started, _processor() - used

    def of(self, done: int, wanted: int) -> dict[str, Any]:
        """Return the times, and what all would have taken."""
        return {
            "measured": done,
            "seconds": round(self.seconds, 1),
            "processor_seconds": round(self.processor, 1),
            "seconds_for_all": round(self.seconds / done * wanted, 1),
            "processor_seconds_for_all": round(self.processor / done * wanted, 1),
        }


def _processor() -> float:
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return sum(sum(resource.getrusage(kind)[:2]) for kind in kinds)


def measured(instance: ciopt.Instance, words: argparse.Namespace) -> dict[str, Any]:
    """Time all ways; every plan of each must have reached the gap."""
    settings = ciopt.Settings(gap=words.gap, threads=1)
    what_ifs = budgets(instance, words.count)
    load = os.getloadavg()[0]
    clock = Clock()
    with clock.running(), Pool(workers=1) as pool:
        base, answers = solve_all(instance, what_ifs, settings, pool)
    assert base is not None
    record: dict[str, Any] = {
        **circumstances(),
        "load_before": round(load, 1),
        "activities": words.activities,
        "gap": words.gap,
        "what_ifs": words.count,
        "base_gap": str(base.plan.gap) if base.plan else None,
        "sweep": clock.of(words.count, words.count) | _reached(answers.values(), words.gap),
    }
    sweep = clock
    for name, ways in (("pool", words.pool), ("processes", words.processes)):
        chosen = what_ifs[:: max(1, words.count // (ways or words.count))]
        clock = Clock()
        solve = _by_pool if name == "pool" else _by_processes
        found = solve(instance, chosen, settings, clock)
        record[f"independent_{name}"] = clock.of(len(chosen), words.count) | _reached(found, words.gap)
        all_of_them = words.count / len(chosen)
        record[f"times_sooner_than_{name}"] = {
            "by_the_clock": round(clock.seconds * all_of_them / sweep.seconds, 2),
            "by_the_processor": round(clock.processor * all_of_them / sweep.processor, 2),
        }
    record["load_after"] = round(os.getloadavg()[0], 1)
    return record


def _by_pool(
    instance: ciopt.Instance, what_ifs: Sequence[WhatIf], settings: ciopt.Settings, clock: Clock
) -> list[Any]:
    """Solve in one worker, without a start."""
    tasks = [Task(each.key, instance, settings, each.scenario) for each in what_ifs]
    with clock.running(), Pool(workers=1) as pool:
        return list(pool.solve(tasks).values())


def _by_processes(
    instance: ciopt.Instance, what_ifs: Sequence[WhatIf], settings: ciopt.Settings, clock: Clock
) -> list[Any]:
    """Solve each in a process of its own, from the file."""
    scenarios = {f"s{number}": each.scenario for number, each in enumerate(what_ifs)}
    with tempfile.TemporaryDirectory() as folder:
        file, plan = Path(folder) / "instance.json.gz", Path(folder) / "plan.json.gz"
        write_instance(file, instance.model_copy(update={"scenarios": scenarios}).to_data())
        found = []
        with clock.running():
            for name in scenarios:
                words = ("--scenario", name, "--gap", str(settings.gap), "--threads", "1", "-q")
                command = (sys.executable, "-m", "ciopt", "solve", str(file), "-o", str(plan), *words)
                subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
                found.append(plan.rename(plan.with_name(f"{name}.json.gz")))
        return [read_plan(each) for each in found]


def _reached(answers: Any, gap: float) -> dict[str, str]:
    """Return the largest gap; every plan was verified by whoever solved."""
    plans = [answer if isinstance(answer, Plan) else answer.plan for answer in answers]
    gaps = [plan.gap for plan in plans if plan is not None and plan.gap is not None]
    assert len(gaps) == len(plans)
    assert max(gaps) <= Decimal(str(gap))
    return {"largest_gap": str(max(gaps))}


def budgets(instance: ciopt.Instance, count: int) -> list[WhatIf]:
    """Return what-ifs of one budget each: every partner with money in turn, cut by half up to doubled."""
    rich = [partner.id for partner in instance.partners if partner.budget]
    factors = [Decimal("0.5"), Decimal("0.8"), Decimal("1.25"), Decimal(2)]
    found = []
    for number in range(count):
        partner, factor = rich[number * 7 % len(rich)], factors[number % len(factors)]
        key = f"{number}: partners.{partner}.budget x {factor}"
        found.append(WhatIf(key, Scenario(scale={f"partners.{partner}.budget": factor})))
    return found


if __name__ == "__main__":
    main()
