"""Do the intervals hold, and is the corrected value right? Simulated truths against what `ciopt risk` says.

``python -m benchmarks.calibration`` draws truths (seeded) and writes ``benchmarks/results/calibration.json``:

- coverage: the share of truths, drawn from the stated ranges with errors of their own, in which the example
  plan's value lies in the 80 % interval that `risk` reports;
- curse: coalitions whose true impacts are normal around nothing and whose estimates err as their grades say.
  The three most promising of twelve activities are chosen (the optimum, since they cost the same); claimed
  (naive) and corrected value are compared with the truth: in the first 500 coalitions, in all 20,000, and in
  how many of the forty 500s among them the 95 % interval of the mean error holds 0. The numbers are those of
  `risk`, asserted on the first 200. The world is the one that the shrinkage assumes: the benchmark shows that
  the arithmetic is right, not that the assumption is.
- tails: coalitions of twelve activities with estimates of several grades and money for four, planned once for
  the expected value and once for the mean of the worst tenth (`cvar`, 100 samples); both plans are judged in
  20,000 draws that neither was made with.
"""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import numpy as np

import ciopt
from ciopt.files import read_plan
from ciopt.instance import Instance, Lookup, parse
from ciopt.instance.agenda import Agenda, Risk
from ciopt.instance.choices import Choices
from ciopt.instance.uncertainty import RELIABILITIES
from ciopt.plan.compose import compose
from ciopt.planner import stamp
from ciopt.studies.uncertainty import compare_risks, risk
from ciopt.studies.uncertainty.draws import Draws
from ciopt.studies.uncertainty.outcome import drawn, outcome
from ciopt.studies.uncertainty.risk import Z
from ciopt.verification.decisions import read_decisions

ROOT = Path(__file__).parents[1]
TRUTHS, COALITIONS, ASSERTED = 500, 20_000, 200
ACTIVITIES, CHOSEN = 12, 3
TAILS, AFFORDED, ALPHA = 20, 4, Decimal("0.1")


def coverage(name: str, truths: int = TRUTHS) -> float:
    """Share of truths in which an example plan's value lies in its 80 % interval."""
    instance = ciopt.load(ROOT / f"instances/{name}.json")
    plan = read_plan(ROOT / f"instances/{name}.plan.json")
    said = risk(instance, plan, samples=4000, seed=1).value
    lookup = Lookup(instance)
    choices, _ = read_decisions(lookup, plan)
    true = outcome(lookup, choices, truths, drawn(Draws(truths, seed=2))).value
    return float(((true >= float(said.low)) & (true <= float(said.high))).mean())


def curse(truths: int = COALITIONS) -> dict[str, list[float] | str]:
    """Mean of claimed and of corrected less true value over many coalitions, each with a 95 % interval."""
    stream = np.random.default_rng(3)
    naive, corrected = [], []
    for number in range(truths):
        true = stream.normal(0, 100, ACTIVITIES)
        grades = stream.choice(list(RELIABILITIES), ACTIVITIES)
        shares = np.array([float(RELIABILITIES[grade]) for grade in grades])
        claimed = np.round(true + stream.normal(0, 100, ACTIVITIES) * np.sqrt((1 - shares) / shares), 6)
        best = np.argsort(-claimed)[:CHOSEN]
        says = float(claimed[best].sum()), float((claimed * shares)[best].sum())
        if number < ASSERTED:
            assert np.allclose(says, _said_by_risk(claimed, grades, best), atol=1e-4)
        naive.append(says[0] - float(true[best].sum()))
        corrected.append(says[1] - float(true[best].sum()))
    found: dict[str, list[float] | str] = {
        f"{name}, {count}": _mean(errors[:count])
        for name, errors in (("naive", naive), ("corrected", corrected))
        for count in (TRUTHS, truths)
    }
    blocks = [_mean(corrected[first : first + TRUTHS]) for first in range(0, truths, TRUTHS)]
    holding = sum(low <= 0 <= high for _, low, high in blocks)
    found[f"corrected: intervals of {TRUTHS} that hold 0"] = f"{holding} of {len(blocks)}"
    return found


def _said_by_risk(claimed: np.ndarray, grades: np.ndarray, best: np.ndarray) -> tuple[float, float]:
    """Central and corrected value of the chosen activities, from `risk`."""
    lookup = Lookup(coalition(claimed, grades))
    options = [o for o in lookup.options() if int(o.intervention[1:]) in best]
    plan = compose(lookup, Choices(tuple(options))).model_copy(update={"instance": stamp(lookup.instance)})
    said = risk(lookup.instance, plan, samples=2).value
    return float(said.central), float(said.corrected)


def tails(coalitions: int = TAILS) -> dict[str, object]:
    """How much better the worst tenth of draws is under the plan made for it, and what that costs."""
    stream, gained, lost, verdicts = np.random.default_rng(5), [], [], {1: 0, 0: 0, -1: 0}
    for _ in range(coalitions):
        claimed = np.round(stream.uniform(70, 130, ACTIVITIES), 2)
        instance = coalition(claimed, stream.choice(list(RELIABILITIES), ACTIVITIES), AFFORDED)
        cautious = Agenda(maximize="value", risk=Risk(how="cvar", alpha=ALPHA))
        settings = ciopt.Settings(threads=1)
        expected = ciopt.solve(instance, settings)
        cvar = ciopt.solve(instance.model_copy(update={"agenda": cautious}), settings)
        assert expected.status == cvar.status == "optimal"
        against = (
            compare_risks(instance, [("expected", expected), ("cvar", cvar)], samples=20_000, seed=11)
            .cases[1]
            .against
        )
        assert against is not None
        verdicts[against.tail.sign] += 1
        gained.append(float(against.tail.mean))
        lost.append(-float(against.objective.mean))
    return {
        "coalitions": coalitions,
        "tail better, not distinguishable, worse": [verdicts[1], verdicts[0], verdicts[-1]],
        "tail better by": _mean(gained),
        "mean worse by": _mean(lost),
    }


def coalition(claimed: np.ndarray, grades: np.ndarray, budget: int = CHOSEN) -> Instance:
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
        "partners": [{"id": "all", "roles": ["implementing"], "budget": budget}],
        "interventions": interventions,
        "capabilities": [{"partner": "all", "intervention": each["id"]} for each in interventions],
    }
    return parse(json.loads(json.dumps(data), parse_float=lambda text: round(Decimal(text), 6)))


def _mean(errors: list[float]) -> list[float]:
    mean, error = float(np.mean(errors)), Z * float(np.std(errors, ddof=1)) / len(errors) ** 0.5
    return [round(mean, 3), round(mean - error, 3), round(mean + error, 3)]


def main() -> None:
    """Measure, write and print."""
    found = {
        "truths": TRUTHS,
        "coverage of 80 % intervals": {name: coverage(name) for name in ("somerville", "cocoa")},
        "claimed less true value: mean, 95 % interval": curse(),
        "the plan for the worst tenth against the expected one, out of sample": tails(),
    }
    text = json.dumps(found, indent=2) + "\n"
    (ROOT / "benchmarks/results/calibration.json").write_text(text, encoding="utf-8")
    print(text, end="")


if __name__ == "__main__":
    main()
