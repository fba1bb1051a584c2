"""One instance, the same time: ciopt beside the solvers that a user could pick, on the plain formulation.

``python -m benchmarks.side_by_side --activities 20000 --partners 100 --seconds 60`` writes the coalition's
model as ``models/`` has it (PuLP, straight from the instance), gives it to HiGHS, SCIP, CP-SAT and CBC at all
cores and their own default searches, and the instance to ciopt. Every value is measured against the bound
that ciopt's certificate proves. The record goes to ``results/side_by_side.jsonl``, the table and the picture
of value over time to the README.

What the clock counts is the solver alone: building the model is reported apart, for ciopt it is inside.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np

import ciopt
from benchmarks.circumstances import circumstances
from benchmarks.picture import draw
from benchmarks.race import RESULTS, Record, Run, read
from benchmarks.table import README, between
from ciopt.engines.backends import find_backend
from ciopt.engines.exactness import objective_of, violations
from ciopt.engines.matrix import UNBOUNDED, Incumbent, Matrix, Parameters
from ciopt.engines.worker import SolverWorker
from ciopt.generate import Wish, family, generate
from ciopt.instance import Instance, parse
from ciopt.settings import Progress
from models import build, solvers
from models.model import Goal, Model, evaluate, is_satisfied

BEGIN = "<!-- side by side: made by `python -m benchmarks.side_by_side` -->\n"
END = "<!-- end of side by side -->\n"
HEAD = (
    "| coalition | who | seconds | value | to the proven bound | its own gap |\n|---|---|---|---|---|---|\n"
)
SOLVERS = {"HiGHS": "highs", "SCIP": "scip", "CP-SAT": "cpsat"}
CIOPT, CBC = "ciopt", "CBC"


def matrix_of(model: Model, goal: Goal) -> Matrix:
    """Write a PuLP model's columns, rows and one goal as arrays."""
    number = {name: at for at, name in enumerate(model.variables)}
    start, index, value = [0], [], []
    lower, upper = [], []
    for row in _rows(model):
        for variable, amount in row.items():
            index.append(number[variable.name])
            value.append(round(amount))
        start.append(len(index))
        limit, sense = -round(row.constant), int(row.sense)
        lower.append(limit if sense >= 0 else -UNBOUNDED)
        upper.append(limit if sense <= 0 else UNBOUNDED)
    objective = np.zeros(len(number), dtype=np.int64)
    for variable, amount in goal.expression.items():
        objective[number[variable.name]] = round(amount)
    columns = list(model.variables.values())
    return Matrix(
        lower=np.array([int(each.lowBound) for each in columns], dtype=np.int64),
        upper=np.array([int(each.upBound) for each in columns], dtype=np.int64),
        implied=np.zeros(len(columns), dtype=np.bool_),
        start=np.array(start, dtype=np.int64),
        index=np.array(index, dtype=np.int64),
        value=np.array(value, dtype=np.int64),
        row_lower=np.array(lower, dtype=np.int64),
        row_upper=np.array(upper, dtype=np.int64),
        objective=objective,
    )


def _rows(model: Model) -> list[Any]:
    """All constraints: PuLP 4 makes a list of what PuLP 3 has as a mapping."""
    rows = model.problem.constraints
    found = rows() if callable(rows) else rows.values()
    return list(found)


def plan(instance: Instance, seconds: float) -> Run:
    """Give an instance to ciopt."""
    path: list[tuple[float, float]] = []

    def hear(news: Progress) -> None:
        if news.objective is not None and (not path or float(news.objective) > path[-1][1]):
            path.append((news.seconds, float(news.objective)))

    started = time.monotonic()
    found = ciopt.solve(instance, ciopt.Settings(time_limit=seconds, seed=1), progress=hear)
    took = time.monotonic() - started
    assert found.objective is not None
    assert found.bound is not None
    return Run(CIOPT, took, float(found.objective), float(found.bound), path, found.proof or "")


def ask(who: str, matrix: Matrix, goal: Goal, offset: float, seconds: float) -> Run:
    """Give a matrix to a solver; what it says is re-checked in integers."""
    path: list[tuple[float, float]] = []
    scale = goal.unit * 1e-12

    def hear(news: Incumbent) -> None:
        if news.values is not None and not len(violations(matrix, news.values)):
            path.append((news.seconds, objective_of(matrix, news.values) * scale + offset))

    cores = circumstances()["machine"]["cores"]
    started = time.monotonic()
    with SolverWorker(find_backend(SOLVERS[who])) as worker:
        outcome = worker.run(matrix, Parameters(time_limit=seconds, threads=cores, seed=1), on_incumbent=hear)
    took = time.monotonic() - started
    value, note = None, outcome.message
    if outcome.values is not None:
        value = objective_of(matrix, outcome.values) * scale + offset
        broken = len(violations(matrix, outcome.values))
        note = f"{broken} rows do not hold to the unit" if broken else note
        path.append((took, value))
    bound = None if outcome.bound is None else outcome.bound * scale + offset
    return Run(who, took, value, bound, path, note)


def ask_cbc(model: Model, goal: Goal, seconds: float) -> Run:
    """Give the model to the CBC that comes with PuLP 3, with its preprocessing; PuLP tells no bound."""
    import pulp

    solver = pulp.PULP_CBC_CMD(
        msg=False,
        timeLimit=seconds,
        threads=circumstances()["machine"]["cores"],
        gapRel=0,
        options=["timeMode elapsed"],
    )
    model.problem.setObjective(goal.expression)
    started = time.monotonic()
    answer = solvers.run(model, solver)
    took = time.monotonic() - started
    if answer.values is None:
        return Run(CBC, took, None, None)
    value = evaluate(goal.expression, answer.values) * goal.unit * 1e-12
    broken = sum(not is_satisfied(row, answer.values) for row in _rows(model))
    return Run(
        CBC, took, value, None, [(took, value)], f"{broken} rows do not hold to the unit" * (broken > 0)
    )


def compare(name: str, wish: Wish, seconds: float, only: Sequence[str] = ()) -> Record:
    """Run all of them, or ciopt and those named, one after the other."""
    instance = parse(generate(wish))
    ours = plan(instance, seconds)
    assert ours.bound is not None
    started = time.monotonic()
    model = build(instance)
    goal = model.goals[0]
    matrix = matrix_of(model, goal)
    built = time.monotonic() - started
    offset = float(goal.expression.constant) * goal.unit * 1e-12
    runs = [ours]
    runs += [ask(who, matrix, goal, offset, seconds) for who in SOLVERS if who in (only or SOLVERS)]
    if CBC in (only or (CBC,)):
        runs.append(ask_cbc(model, goal, seconds))
    return Record(name, len(model.chosen), len(model.achieved), seconds, round(built, 1), ours.bound, runs)


def table(records: list[Record]) -> str:
    """Return the records as a table, the best first."""
    lines = []
    for record in records:
        for run in sorted(record.runs, key=lambda run: -(run.value or 0.0)):
            behind = "no plan" if run.value is None else _percent(record.bound - run.value, record.bound)
            own = ""
            if run.value is not None and run.bound is not None:
                own = _percent(run.bound - run.value, run.value)
            value = "" if run.value is None else f"{run.value:,.0f}"
            lines.append(
                f"| {record.coalition} | {run.who} | {run.seconds:.0f} | {value} | {behind} | {own} |\n"
            )
    return HEAD + "".join(lines)


def _percent(part: float, whole: float) -> str:
    return f"{100 * part / abs(whole):.3f} %"


def main() -> None:
    """Solve, record, show."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--family", default="cocoa")
    parser.add_argument("--activities", type=int, default=20_000)
    parser.add_argument("--partners", type=int, default=100)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--only", action="append", default=[], choices=[*SOLVERS, CBC], help="and ciopt")
    parser.add_argument("--draw", action="store_true", help="only renew table and picture")
    wish = parser.parse_args()
    if not wish.draw:
        wanted = replace(family(wish.family), activities=wish.activities, partners=wish.partners)
        name = f"{wish.family}, {wish.activities:,} activities, {wish.seconds:g} s"
        record = compare(name, wanted, wish.seconds, wish.only)
        RESULTS.parent.mkdir(exist_ok=True)
        with RESULTS.open("a", encoding="utf-8") as results:
            results.write(json.dumps({**asdict(record), **circumstances()}) + "\n")
        for run in record.runs:
            print(f"{run.who}: {run.value} <= {run.bound} after {run.seconds:.0f} s {run.note}")
    records = read()
    between(README, BEGIN, END, table(records) + "\n![Value over time](gap.svg)\n")
    draw(records, Path(__file__).parent / "gap.svg")


if __name__ == "__main__":
    main()
