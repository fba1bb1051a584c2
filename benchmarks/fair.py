"""Fairness and risk at 20,000 activities: what the large engine certifies in how many seconds.

``python -m benchmarks.fair --seconds 112`` solves one coalition under several agendas; every plan is verified
from the instance alone, and a line for each is added to `results/fair.jsonl`.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import ciopt
from benchmarks.circumstances import circumstances
from ciopt.generate import Wish, generate

RESULTS = Path(__file__).parent / "results" / "fair.jsonl"
PLACES, GROUPS = ({"over": over, "per": "people"} for over in ("places", "groups"))
AGENDAS: dict[str, dict[str, Any]] = {
    "robust": {"risk": {"how": "robust", "gamma": 5}},
    "maximin-groups": {"fairness": {**GROUPS, "how": "maximin"}},
    "floor-places": {"fairness": {**PLACES, "how": "floor", "share": Decimal("0.5")}},
    "floor-groups": {"fairness": {**GROUPS, "how": "floor", "share": Decimal("0.97")}},
    "leximin-groups": {"fairness": {**GROUPS, "how": "leximin"}},
    "dial-groups": {"fairness": {**GROUPS, "how": "dial", "dial": Decimal("0.5")}},
    "dial-places": {"fairness": {**PLACES, "how": "dial", "dial": Decimal("0.5")}},
    "cvar": {"risk": {"how": "cvar", "alpha": Decimal("0.1")}},
}


def measure(name: str, activities: int, seed: int, seconds: float, *, prove: bool) -> dict[str, Any]:
    """Solve under one agenda and say what was certified of each goal; if asked, prove the optimum too."""
    data = generate(Wish(activities=activities, partners=max(2, activities // 200), seed=seed))
    data["agenda"] |= AGENDAS[name]
    instance = ciopt.parse(data)
    load, started, before = os.getloadavg()[0], time.perf_counter(), time.process_time()
    plan = ciopt.solve(instance, ciopt.Settings(engine="large", time_limit=seconds))
    wall, cpu = time.perf_counter() - started, time.process_time() - before
    verdict = ciopt.verify(instance, plan)
    assert verdict.is_valid, verdict.problems
    optimum = ciopt.solve(instance, ciopt.Settings(engine="exact")).goals if prove else ()
    goals = [
        {"goal": each.goal, "plan": str(each.objective), "at_most": str(each.bound), "gap": _gap(each)}
        for each in plan.goals
    ]
    return {
        "name": name,
        "activities": activities,
        "seed": seed,
        "limit": seconds,
        "seconds": round(wall, 1),
        "processor": round(cpu, 1),
        "load": round(load, 1),
        "proof": plan.proof,
        "goals": goals,
        "optimum": {each.goal: str(each.objective) for each in optimum if each.proven},
        **circumstances(),
    }


def _gap(goal: Any) -> float | None:
    if goal.objective is None or goal.bound is None or not goal.objective:
        return None
    return round(float(goal.bound / goal.objective - 1), 6)


def main() -> None:
    """Measure, record, show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=AGENDAS, action="append")
    parser.add_argument("--activities", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=float, default=112)
    parser.add_argument("--prove", action="store_true", help="let the exact engine prove the optimum as well")
    words = parser.parse_args()
    for name in words.only or AGENDAS:
        record = measure(name, words.activities, words.seed, words.seconds, prove=words.prove)
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps(record) + "\n")
        print(name, f"{record['seconds']} s", *(f"{g['goal']}: {g['gap']}" for g in record["goals"]))
        for goal in record["goals"]:
            if goal["goal"] not in record["optimum"]:
                continue
            optimum = Decimal(record["optimum"][goal["goal"]])
            above, below = Decimal(goal["at_most"]) / optimum - 1, 1 - Decimal(goal["plan"]) / optimum
            print(f"  {goal['goal']}: optimum {optimum}, bound {above:.3%} above, plan {below:.3%} below")


if __name__ == "__main__":
    main()
