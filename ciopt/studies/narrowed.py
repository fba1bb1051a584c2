"""`solve_narrowed`: the best plan of an instance that also keeps a study's side conditions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from threading import Event

from ciopt.engines.choose import choose
from ciopt.errors import VerificationFailed
from ciopt.instance import Instance
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.compose import VALUE_DIGITS, compose, decimal
from ciopt.plan.records import StoppedBy
from ciopt.planner import run, stamp
from ciopt.program import compile_program
from ciopt.program.model import Program
from ciopt.program.side import SideConditions
from ciopt.settings import Progress, Settings
from ciopt.verification import verify


@dataclass(frozen=True)
class Narrowed:
    """The answer to a narrowed question.

    Parameters
    ----------
    plan
        A plan of the instance, verified as such, without a bound: the bound is not one on the instance. None
        if there is none.
    worth
        Of the first goal with what the study adds, larger is better (a cost counts as negative), in its unit.
    bound
        What no plan that keeps the conditions exceeds; None if nobody says.
    proven
        Whether ``worth`` is the best there is, or, without a plan, that there is none.
    solver
        Who says so.
    """

    plan: Plan | None
    worth: Decimal | None
    bound: Decimal | None
    proven: bool
    stopped_by: StoppedBy | None
    solver: str
    notes: tuple[str, ...] = ()


def solve_narrowed(
    instance: Instance,
    conditions: Callable[[SideConditions], None],
    settings: Settings,
    *,
    scenario: str | None = None,
    program: Program | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    start: Plan | None = None,
) -> Narrowed:
    """Solve an instance under side conditions.

    Parameters
    ----------
    conditions
        Says what is asked for besides.
    scenario
        Applied first, as in `ciopt.solve`.
    program
        The compiled instance with the scenario applied, if the caller has it.

    Raises
    ------
    UsageError, SolverFailed, VerificationFailed
        As `ciopt.solve`.
    """
    side = SideConditions(program or compile_program(apply(instance, scenario).instance))
    conditions(side)
    narrowed = side.narrowed()
    engine = choose(narrowed, settings)
    solution = run(engine, narrowed, settings, progress, interrupt, start)
    stage = solution.stages[0] if solution.stages else None
    bound = None if stage is None or stage.bound is None else decimal(stage.bound, VALUE_DIGITS)
    word: StoppedBy | None = solution.stopped_by.value if solution.stopped_by else None
    notes = (*engine.notes, *solution.notes)
    if solution.choices is None:
        return Narrowed(None, None, bound, solution.infeasible, word, solution.solver, notes)
    plan = compose(narrowed.lookup, solution.choices).model_copy(
        update={"status": "feasible", "instance": stamp(instance, scenario)}
    )
    verdict = verify(instance, plan)
    if not verdict.is_valid:
        raise VerificationFailed(verdict.problems)
    assert stage is not None
    assert stage.objective is not None
    worth = decimal(stage.objective, VALUE_DIGITS)
    return Narrowed(plan, worth, bound, stage.proven, word, solution.solver, notes)
