"""Do the intervals hold, and is the corrected value right? Simulated truths against what `ciopt risk` says.

``python -m benchmarks.calibration`` draws truths (seeded) and writes ``benchmarks/results/calibration.json``:

- coverage: the share of truths, drawn from the stated ranges with errors of their own, in which the example
  plan's value lies in the 80 % interval that `risk` reports;
- curse: coalitions whose true impacts are normal around nothing and whose estimates err as their grades say.
  The three most promising of twelve activities are chosen (the optimum, since they cost the same); claimed
  (naive) and corrected value are compared with the truth, after the first 500 coalitions and after all 3,000.
  The world is the one that the shrinkage assumes: the benchmark shows that the arithmetic is right, not that
  the assumption is.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np

import ciopt
from ciopt.files import read_plan
from ciopt.instance import Instance, Lookup, parse
from ciopt.instance.choices import Choices
from ciopt.instance.uncertainty import RELIABILITIES
from ciopt.plan.compose import compose
from ciopt.planner import stamp
from ciopt.studies.uncertainty import risk
from ciopt.studies.uncertainty.draws import Draws
from ciopt.studies.uncertainty.outcome import drawn, outcome
from ciopt.verification.decisions import read_decisions

ROOT = Path(__file__).parents[1]
TRUTHS, COALITIONS = 500, 3000
ACTIVITIES, CHOSEN = 12, 3
_Z = 1.959964


def coverage(name: str, truths: int = TRUTHS) -> float:
    """Share of truths in which an example plan's value lies in its 80 % interval."""
    instance = ciopt.load(ROOT / f"instances/{name}.json")
    plan = read_plan(ROOT / f"instances/{name}.plan.json")
    said = risk(instance, plan, samples=4000, seed=1).value
    lookup = Lookup(instance)
    choices, _ = read_decisions(lookup, plan)
    true = outcome(lookup, choices, truths, drawn(Draws(truths, seed=2))).value
    return float(((true >= float(said.low)) & (true <= float(said.high))).mean())


def curse(truths: int = COALITIONS) -> dict[str, list[float]]:
    """Mean of claimed and of corrected less true value over many coalitions, each with a 95 % interval."""
    stream = np.random.default_rng(3)
    naive, corrected = [], []
    for _ in range(truths):
        true = stream.normal(0, 100, ACTIVITIES)
        grades = stream.choice(list(RELIABILITIES), ACTIVITIES)
        shares = np.array([float(RELIABILITIES[grade]) for grade in grades])
        claimed = np.round(true + stream.normal(0, 100, ACTIVITIES) * np.sqrt((1 - shares) / shares), 6)
        best = np.argsort(-claimed)[:CHOSEN]
        lookup = Lookup(coalition(claimed, grades))
        options = [o for o in lookup.options() if int(o.intervention[1:]) in best]
        plan = compose(lookup, Choices(tuple(options))).model_copy(
            update={"instance": stamp(lookup.instance)}
        )
        said, right = risk(lookup.instance, plan, samples=2).value, float(true[best].sum())
        naive.append(float(said.central) - right)
        corrected.append(float(said.corrected) - right)
    return {
        f"{name}, {count}": _mean(errors[:count])
        for name, errors in (("naive", naive), ("corrected", corrected))
        for count in (TRUTHS, truths)
    }


def coalition(claimed: np.ndarray, grades: np.ndarray) -> Instance:
    """Activities of one partner at one place, with estimates of several grades."""
    interventions = [
        {"id": f"i{n}", "cost": 1, "impact": {"good": {"fixed": float(amount), "evidence": str(grade)}}}
        for n, (amount, grade) in enumerate(zip(claimed, grades, strict=True))
    ]
    data = {
        "ciopt": 1,
        "currency": "USD",
        "places": [{"id": "here"}],
        "indicators": [{"id": "good"}],
        "partners": [{"id": "all", "roles": ["implementing"], "budget": CHOSEN}],
        "interventions": interventions,
        "capabilities": [{"partner": "all", "intervention": each["id"]} for each in interventions],
    }
    return parse(json.loads(json.dumps(data), parse_float=lambda text: round(Decimal(text), 6)))


def _mean(errors: list[float]) -> list[float]:
    mean, error = float(np.mean(errors)), _Z * float(np.std(errors, ddof=1)) / len(errors) ** 0.5
    return [round(mean, 3), round(mean - error, 3), round(mean + error, 3)]


def main() -> None:
    """Measure, write and print."""
    found = {
        "truths": TRUTHS,
        "coverage of 80 % intervals": {name: coverage(name) for name in ("somerville", "cocoa")},
        "claimed less true value: mean, 95 % interval": curse(),
    }
    text = json.dumps(found, indent=2) + "\n"
    (ROOT / "benchmarks/results/calibration.json").write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
