"""Where the time goes, and how it grows with the number of activities.

``python -m benchmarks.profile`` takes coalitions of 2,000 to 200,000 activities apart, stage by stage, each
in a process of its own (``--most 1000000`` goes on to a million, a quarter of an hour), appends the
figures to ``results/profile.jsonl`` and renews the table in the README with each stage's exponent of growth.
"""

from __future__ import annotations

import argparse
import json
import math
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from benchmarks.circumstances import ROOT, circumstances
from benchmarks.table import README, between

RESULTS = Path(__file__).parent / "results" / "profile.jsonl"
BEGIN, END = "<!-- profile: made by `python -m benchmarks.profile` -->\n", "<!-- end of profile -->\n"
SIZES = ((2_000, 20), (6_300, 50), (20_000, 100), (63_000, 250), (200_000, 500), (1_000_000, 1_000))
STAGES = {
    "load": "reading and checking the packed file",
    "compile": "compiling to integers",
    "relax": "sorting rows, building the cut",
    "step": "one step of prices (one cut), of about 75",
    "prove": "the certificate in exact integers",
    "improver": "the plan's structure as flat arrays",
    "plan": "a first plan from the prices: repair and filling",
    "polish": "exchanges at every limit until none helps",
    "chains": "100 chains of exchanges",
    "compose": "the plan in words",
    "verify": "the re-check from the instance alone",
}
STEPS = 75
_Result = TypeVar("_Result")


def measure(activities: int, partners: int) -> dict[str, float]:
    """Return seconds a stage, and the peak of memory in GB."""
    import ciopt
    from ciopt.certificate.bound import certified_bound
    from ciopt.engines.large.columns import columns_of
    from ciopt.engines.large.improver import Improver
    from ciopt.engines.large.prices import PriceSearch
    from ciopt.engines.large.proof import certificate_of
    from ciopt.engines.large.relaxation import Relaxation
    from ciopt.engines.large.structure import structure_of
    from ciopt.files import dump
    from ciopt.files.write import write_text_atomically
    from ciopt.generate import Wish, generate
    from ciopt.instance import Lookup
    from ciopt.plan.compose import compose
    from ciopt.program import compile_program
    from ciopt.program.decode import complete, decode

    took: dict[str, float] = {}

    def timed(stage: str, work: Callable[[], _Result], times: int = 1) -> _Result:
        started = time.perf_counter()
        for _ in range(times):
            result = work()
        took[stage] = round((time.perf_counter() - started) / times, 4)
        return result

    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "coalition.json.gz"
        write_text_atomically(file, dump(generate(Wish(activities=activities, partners=partners))))
        instance = timed("load", lambda: ciopt.load(file))
    program = timed("compile", lambda: compile_program(instance))
    goal = program.goals[0]
    relaxation = timed("relax", lambda: Relaxation(structure_of(program, goal)))
    search = PriceSearch(relaxation)
    timed("step", search.step, STEPS)
    certificate = certificate_of(relaxation, search.best, search.relaxed)
    timed("prove", lambda: certified_bound(Lookup(instance), certificate))
    improver = timed("improver", lambda: Improver(relaxation, goal, search.best, search.relaxed, 1))
    timed("plan", lambda: improver.start_from(improver.relaxed))
    timed("polish", lambda: improver.polish(lambda: True))
    timed("chains", lambda: improver.wander(100), 3)
    choices = decode(program, complete(program, columns_of(program, improver)))
    plan = timed("compose", lambda: compose(program.lookup, choices))
    timed("verify", lambda: ciopt.verify(instance, plan))
    took["activities"], took["options"] = program.num_activities, len(program.options)
    took["memory"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6, 2)
    return took


def exponent(sizes: list[float], seconds: list[float]) -> float:
    """Return b of the least-squares fit seconds = a x size^b."""
    points = [(math.log(n), math.log(t)) for n, t in zip(sizes, seconds, strict=True) if t > 0]
    mean = [sum(each) / len(points) for each in zip(*points, strict=True)]
    spread = sum((x - mean[0]) ** 2 for x, _ in points)
    return float(sum((x - mean[0]) * (y - mean[1]) for x, y in points) / spread)


def table(records: list[dict[str, float]]) -> str:
    """Return seconds by stage and size, with exponents."""
    sizes = [each["activities"] for each in records]
    lines = [f"| | {' | '.join(f'{size:,}' for size in sizes)} | grows as n to the |\n"]
    lines.append("|---" * (len(sizes) + 2) + "|\n")
    for stage, what in {**STAGES, "memory": "peak of memory, GB"}.items():
        values = [each[stage] for each in records]
        cells = [f"{value:.2g}" if value < 10 else f"{value:.0f}" for value in values]
        lines.append(f"| {what} | {' | '.join(cells)} | {exponent(sizes, values):.2f} |\n")
    return "".join(lines)


def main() -> None:
    """Measure each size in a process of its own; record, show."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=200_000)
    parser.add_argument("--one", type=int, nargs=2, help=argparse.SUPPRESS)
    wish = parser.parse_args()
    if wish.one:
        measure(200, 5)  # compiled code is loaded before the clock runs
        print(json.dumps(measure(*wish.one)))
        return
    found = []
    for activities, partners in SIZES:
        if activities <= wish.most:
            words = [sys.executable, "-m", "benchmarks.profile", "--one", str(activities), str(partners)]
            done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
            found.append(json.loads(done.stdout))
            print(found[-1], flush=True)
            with RESULTS.open("a", encoding="utf-8") as results:
                results.write(json.dumps({**found[-1], **circumstances()}) + "\n")
    between(README, BEGIN, END, table(found))


if __name__ == "__main__":
    main()
