"""Budget what-ifs on a big instance: a sweep against as many independent solves, at the same certified gap.

``python -m benchmarks.what_if`` measures 100 of both; ``--independent 10`` measures only so many of the
independent solves, spread over the what-ifs, and says what all would have taken at that rate. One solve at a
time on both sides (``--workers 1``), so that what is gained comes from the start and its prices alone.
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import replace
from decimal import Decimal
from typing import Any

import ciopt
from benchmarks.circumstances import circumstances
from ciopt.generate import family, generate
from ciopt.instance.rules import Scenario
from ciopt.studies import Pool, Task, WhatIf


def main() -> None:
    """Measure and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--activities", type=int, default=20_000)
    parser.add_argument("--partners", type=int, default=100)
    parser.add_argument("--count", type=int, default=100, help="what-ifs")
    parser.add_argument("--independent", type=int, help="measure only so many of the independent solves")
    parser.add_argument("--gap", type=float, default=0.001)
    parser.add_argument("--workers", type=int, default=1)
    words = parser.parse_args()
    wish = replace(family("cocoa"), activities=words.activities, partners=words.partners, seed=1)
    instance = ciopt.parse(generate(wish))
    small = ciopt.parse(generate(replace(wish, activities=600, partners=5)))
    ciopt.solve(small, ciopt.Settings(engine="large", gap=0.05))  # the first run ever compiles
    print(json.dumps(measured(instance, words), indent=2))


def measured(instance: ciopt.Instance, words: argparse.Namespace) -> dict[str, Any]:
    """Time both ways; every plan of either must have reached the gap."""
    settings = ciopt.Settings(gap=words.gap, threads=1)
    what_ifs = budgets(instance, words.count)
    started = time.perf_counter()
    with Pool(workers=words.workers) as pool:
        first, answers = solve_all(instance, what_ifs, settings, pool)
        assert first is not None
        base, warm = first.plan, {key: answer.plan for key, answer in answers.items()}
    sweep = time.perf_counter() - started
    step = max(1, words.count // (words.independent or words.count))
    chosen = what_ifs[::step]
    started = time.perf_counter()
    with Pool(workers=words.workers) as pool:
        cold = {
            key: answer.plan
            for key, answer in pool.solve(
                [Task(each.key, instance, settings, each.scenario) for each in chosen]
            ).items()
        }
    independent = time.perf_counter() - started
    for plan in (base, *warm.values(), *cold.values()):
        assert plan is not None
        assert plan.gap is not None
        assert plan.gap <= Decimal(str(words.gap)), plan.stopped_by
    total = independent / len(chosen) * words.count
    return {
        **circumstances(),
        "activities": words.activities,
        "gap": words.gap,
        "what_ifs": words.count,
        "workers": words.workers,
        "base_seconds": round(first, 1),
        "sweep_seconds": round(sweep, 1),
        "seconds_a_what_if": round((sweep - first) / words.count, 2),
        "independent_measured": len(chosen),
        "independent_seconds": round(independent, 1),
        "independent_seconds_for_all": round(total, 1),
        "times_sooner": round(total / sweep, 2),
        "gaps_reached": {
            "what_ifs": str(max(plan.gap for plan in warm.values() if plan and plan.gap is not None)),
            "independent": str(max(plan.gap for plan in cold.values() if plan and plan.gap is not None)),
        },
    }


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
