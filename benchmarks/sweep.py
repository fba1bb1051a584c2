"""Sweep random instances: brute force, the reference models and every engine must say the same.

``python -m benchmarks.sweep --from 0 --to 2000`` compares, for each seed, status, goals and cost to the last
unit, and which assignments the plan has; it prints every disagreement and exits with 1 if there is one.
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import Literal

import ciopt
import models
from ciopt.engines.warm import keeping
from ciopt.instance import Lookup
from ciopt.instance.goals import goals_of, sign_of
from ciopt.instance.money import to_minor
from ciopt.plan.records import GoalResult
from tests.oracle.brute_force import Answer, brute_force
from tests.oracle.draw_agreements import agreed_instance
from tests.oracle.random_instances import random_instance

ENGINES = ("highs", "scip", "cpsat")
MODELS = "models"
NOT_EXACT = ("not exact as floats", "is not a whole number below 2^53")
"""The reference formulation refuses numbers that PuLP would round."""

PULP = "pulp:"

LARGE = "large"
SECONDS = 1.0
"""What the large engine gets: it does not stop by itself where its bound and the optimum are not the same."""

Verdict = Literal["agrees", "untied", "between", "declined", "disagrees"]
"""``untied``: right, and says itself that ties were not settled; ``between``: the truth lies between plan and
bound; ``declined``: claims nothing."""


@dataclass(frozen=True)
class Said:
    """What one solver says of an instance.

    Parameters
    ----------
    solver
        ``models`` or an engine.
    answer
        Its answer; None if it claims none.
    settles_cost, settles_ids
        Whether it claims that no plan with the same goals is cheaper, and that none comes before by ids.
    why
        Why it claims no answer.
    least, most
        Between which the goal lies, by a plan and by a bound, for an engine that stopped in between.
    """

    solver: str
    answer: Answer | None
    settles_cost: bool = True
    settles_ids: bool = True
    why: str = ""
    least: int | None = None
    most: int | None = None


@dataclass
class Outcome:
    """What came of one seed."""

    seed: int
    status: str
    seconds: dict[str, float] = field(default_factory=dict)
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    lines: list[str] = field(default_factory=list)


def ask_models(instance: ciopt.Instance) -> Said:
    """Ask the reference models; they do not order equally good plans."""
    result = models.solve(instance)
    if result.status == "optimal":
        return Said(MODELS, Answer("optimal", result.goals, result.cost), settles_ids=False)
    if result.status == "infeasible":
        return Said(MODELS, Answer("infeasible"))
    return Said(MODELS, None, why=result.status)


def ask_engine(engine: str, instance: ciopt.Instance) -> Said:
    """Ask ciopt with one engine."""
    limit = SECONDS if engine == LARGE else None
    try:
        plan = ciopt.solve(instance, ciopt.Settings(engine=engine, threads=1, time_limit=limit))
    except ciopt.SolverFailed as error:
        return Said(engine, None, why=str(error))
    if plan.status == "infeasible":
        return Said(engine, Answer("infeasible"))
    if plan.status != "optimal":
        why = f"{plan.status}: {plan.stopped_by}"
        if not plan.goals:
            return Said(engine, None, why=why)
        first = plan.goals[0]
        least, most = (_worth(first, end) for end in (first.objective, first.bound))
        return Said(engine, None, why=why, least=least, most=most)
    assert plan.cost is not None
    goals: dict[str, int] = {
        stage.goal: worth
        for stage in plan.goals
        if stage.goal in goals_of(Lookup(instance)) and (worth := _worth(stage, stage.objective)) is not None
    }
    settled = {stage.goal for stage in plan.goals if stage.proven}
    ids = tuple(sorted(assignment.option.id for assignment in plan.assignments))
    cost = to_minor(plan.cost, instance.currency)
    return Said(engine, Answer("optimal", goals, cost, ids), "cost" in settled, "option_ids" in settled)


def _worth(stage: GoalResult, amount: Decimal | None) -> int | None:
    """A goal in 10^-12, larger is better."""
    if amount is None:
        return None
    worth = amount.scaleb(12)
    assert worth == int(worth)
    return sign_of(stage.goal) * int(worth)


def judge(said: Said, truth: Answer) -> Verdict:
    """Compare what a solver says with what is so."""
    if said.answer is None:
        if said.solver == LARGE:
            return _judge_range(said, truth)
        return "declined" if said.solver.startswith(PULP) else "disagrees"
    answer = said.answer
    is_right = (
        (answer.status, answer.goals) == (truth.status, truth.goals)
        and (answer.cost == truth.cost or not said.settles_cost)
        and (answer.options == truth.options or not said.settles_ids)
    )
    if not is_right:
        return "disagrees"
    return "agrees" if said.settles_ids or said.solver == MODELS else "untied"


def _judge_range(said: Said, truth: Answer) -> Verdict:
    """The optimum lies between plan and bound; where there is no plan, none is claimed."""
    if truth.status == "infeasible":
        return "declined" if said.least is None else "disagrees"
    best = next(iter(truth.goals.values()))
    is_right = (said.least is None or said.least <= best) and (said.most is None or best <= said.most)
    if not is_right:
        return "disagrees"
    return "declined" if said.least is None else "agrees" if said.least == best else "between"


def compare(seed: int, engines: Sequence[str], agreed: bool = False) -> Outcome:
    """Ask everybody about one random instance; about one with fairness and risk if so agreed."""
    instance = agreed_instance(seed) if agreed else random_instance(seed)
    started = time.monotonic()
    truth = brute_force(instance)
    outcome = Outcome(seed, truth.status, {"brute force": time.monotonic() - started})
    askers: dict[str, Callable[[ciopt.Instance], Said]] = {MODELS: ask_models}
    askers |= {engine: partial(ask_engine, engine) for engine in engines}
    for solver, ask in askers.items():
        started = time.monotonic()
        try:
            said = ask(instance)
            verdict = judge(said, truth)
        except Exception as error:  # whatever it is, it belongs to this seed: the sweep goes on
            said = Said(solver, None, why=f"{type(error).__name__}: {error}")
            verdict = (
                "declined"
                if solver == MODELS and any(each in said.why for each in NOT_EXACT)
                else "disagrees"
            )
        outcome.seconds[solver] = time.monotonic() - started
        outcome.verdicts[solver] = verdict
        if verdict == "disagrees":
            outcome.lines.append(f"seed {seed}: {solver} says {said.answer or said.why}, it is {truth}")
    return outcome


_SCOPE = keeping()


def _keep_workers() -> None:
    """In a process of the sweep: its solvers stay from seed to seed."""
    _SCOPE.__enter__()


def sweep(seeds: Iterable[int], engines: Sequence[str], jobs: int, agreed: bool = False) -> Iterator[Outcome]:
    """Compare seed by seed, several at a time, in any order."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(jobs, initializer=_keep_workers, maxtasksperchild=200) as pool:
        yield from pool.imap_unordered(partial(compare, engines=tuple(engines), agreed=agreed), seeds)


def table(outcomes: Sequence[Outcome], engines: Sequence[str]) -> str:
    """Summarise verdicts and time, a line a solver."""
    statuses = Counter(outcome.status for outcome in outcomes)
    lines = [", ".join(f"{count} {status}" for status, count in sorted(statuses.items()))]
    columns: tuple[Verdict, ...] = ("agrees", "untied", "between", "declined", "disagrees")
    lines.append(f"{'':20}" + "".join(f"{name:>12}" for name in (*columns, "seconds")))
    for solver in ("brute force", MODELS, *engines):
        counts = Counter(outcome.verdicts.get(solver) for outcome in outcomes)
        shown = [str(counts[name]) if solver != "brute force" else "-" for name in columns]
        seconds = sum(outcome.seconds[solver] for outcome in outcomes) / max(1, len(outcomes))
        lines.append(f"{solver:20}" + "".join(f"{cell:>12}" for cell in (*shown, f"{seconds:.3f}")))
    return "\n".join(lines)


def main() -> int:
    """Sweep, report, and return the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.sweep", description=(__doc__ or "").split("\n")[0]
    )
    parser.add_argument("--from", dest="first", type=int, default=0, help="first seed")
    parser.add_argument("--to", dest="end", type=int, default=2000, help="the seed after the last")
    parser.add_argument(
        "--engines", default=",".join(ENGINES), help="for example highs,large,pulp:PULP_CBC_CMD"
    )
    parser.add_argument("--jobs", type=int, default=2, help="processes")
    parser.add_argument("--agreed", action="store_true", help="agendas with fairness and risk")
    arguments = parser.parse_args()
    engines = [engine for engine in arguments.engines.split(",") if engine]
    outcomes: list[Outcome] = []
    for outcome in sweep(range(arguments.first, arguments.end), engines, arguments.jobs, arguments.agreed):
        outcomes.append(outcome)
        for line in outcome.lines:
            print(line, flush=True)
        if len(outcomes) % 100 == 0:
            print(f"{len(outcomes)} seeds done", file=sys.stderr, flush=True)
    print(table(outcomes, engines))
    return 1 if any(outcome.lines for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main())
