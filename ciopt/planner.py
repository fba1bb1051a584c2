"""From an instance to a plan that was re-checked to the cent: the happy path on one screen."""

from __future__ import annotations

import os
import platform
import time
from collections.abc import Callable
from decimal import Decimal
from threading import Event

from ciopt.engines.choose import Engine, choose
from ciopt.engines.matrix import Parameters
from ciopt.engines.solution import Solution, Stage
from ciopt.engines.start import Start
from ciopt.errors import VerificationFailed
from ciopt.files import instance_sha256
from ciopt.instance import Instance, Lookup
from ciopt.instance.goals import HEADLINES, goals_of, sign_of
from ciopt.instance.scenarios import apply
from ciopt.plan.compose import VALUE_DIGITS, Composed, decimal
from ciopt.plan.records import CERTIFICATE, GoalResult, InstanceStamp, Plan, Run, StoppedBy
from ciopt.program import program_of
from ciopt.program.model import Program
from ciopt.reasons import reasons
from ciopt.settings import Progress, Settings
from ciopt.verification import relative_gap, verify
from ciopt.version import __version__


def solve(
    instance: Instance,
    settings: Settings | None = None,
    *,
    scenario: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    start: Plan | None = None,
) -> Plan:
    """Find the best plan of an instance, with a proof of how good it is.

    Parameters
    ----------
    instance
        What the coalition wrote down.
    settings
        Engine, limits, seed; the defaults ask for the proven optimum.
    scenario
        Name of one of the instance's scenarios, applied first.
    progress
        Called with news while the solve runs, from a thread of this process.
    interrupt
        Set it from anywhere to stop; the best plan found so far is returned.
    start
        A plan to begin with, of this instance or one like it: its assignments as far as they are still
        possible, and the prices of its certificate. It saves time; what is proven does not depend on it.

    Returns
    -------
    Plan
        Its ``status`` says what it is: ``optimal``, ``feasible`` (a limit was hit), ``infeasible`` (with
        ``reasons``), ``no_plan``. Every plan was re-checked from the instance alone.

    Raises
    ------
    InvalidInput, UsageError
        If the instance, scenario or settings make no sense.
    SolverFailed
        If the solver is missing or failed with nothing to show.
    VerificationFailed
        If the plan does not follow from the instance: a bug of ciopt, never returned as a plan.

    Examples
    --------
    >>> import ciopt
    >>> plan = ciopt.solve(ciopt.load("instances/small/two-villages.json"))  # doctest: +SKIP
    >>> plan.status  # doctest: +SKIP
    'optimal'
    """
    settings = settings or Settings()
    started = time.monotonic()
    applied = apply(instance, scenario)
    program = program_of(applied.instance)
    engine = choose(program, settings)
    solution = run(engine, program, settings, progress, interrupt, start)
    lookup = Lookup(applied.instance)
    made = None if solution.choices is None else Composed.of(lookup, solution.choices)
    how = _run(settings, solution, engine.name, (*applied.notes, *engine.notes), started)
    told = {"instance": stamp(instance, scenario), "run": how}
    plan = _plan(lookup, solution, made).model_copy(update=told)
    return _verified(instance, plan, solution, made)


def _verified(instance: Instance, plan: Plan, solution: Solution, made: Composed | None) -> Plan:
    """Hand over a plan that follows from its instance, and no other."""
    verdict = verify(instance, plan, certified=_certified(solution), made=made)
    if not verdict.is_valid:
        raise VerificationFailed(verdict.problems)
    return plan


def stamp(instance: Instance, scenario: str | None = None) -> InstanceStamp:
    """Say which instance, as its owner wrote it, and which of its scenarios a result is for."""
    return InstanceStamp(
        name=instance.name,
        sha256=instance_sha256(instance),
        scenario=scenario,
        currency=instance.currency,
    )


def run(
    engine: Engine,
    program: Program,
    settings: Settings,
    progress: Callable[[Progress], None] | None,
    interrupt: Event | None,
    start: Plan | None,
) -> Solution:
    """Have an engine solve a program; see `solve`."""
    return engine.solve(
        program,
        _parameters(settings),
        progress or (lambda news: None),
        interrupt or Event(),
        Start() if start is None else Start(tuple(a.option for a in start.assignments), start.certificate),
    )


def _parameters(settings: Settings) -> Parameters:
    return Parameters(
        time_limit=settings.time_limit,
        gap=settings.gap,
        threads=settings.threads or os.cpu_count() or 1,
        seed=settings.seed,
        memory_limit=settings.memory_limit or _physical_memory(),
        iterations=settings.iterations,
    )


def _physical_memory() -> int | None:
    """Bytes of memory that the machine has: no solver gets more, whatever the swap space."""
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return None
    return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _plan(lookup: Lookup, solution: Solution, made: Composed | None) -> Plan:
    """Everything that the solution says, in words; the words' own arithmetic gives the amounts."""
    if solution.infeasible:
        return Plan(status="infeasible", reasons=reasons(lookup), proof=f"solver {solution.solver}")
    if made is None:
        return Plan(status="no_plan", stopped_by=_stopped_by(solution))
    plan = made.plan
    agenda = goals_of(lookup)
    goals = tuple(_goal(stage) for stage in solution.stages)
    proven = all(goal.proven for goal in goals[: len(agenda)]) and len(goals) >= len(agenda)
    headline = next((goal for goal in goals if goal.goal in HEADLINES and goal.goal in agenda), None)
    bound = headline.bound if headline else None
    sign = sign_of(agenda[0])
    return plan.model_copy(
        update={
            "status": "optimal" if proven else "feasible",
            "stopped_by": None if proven else _stopped_by(solution),
            "bound": bound,
            "gap": None if bound is None or plan.objective is None else relative_gap(plan.objective, bound),
            "proof": None if bound is None else _proof(solution),
            "certificate": None if bound is None else solution.certificate,
            "certified": None
            if bound is None or solution.certified is None
            else decimal(sign * solution.certified, VALUE_DIGITS),
            "goals": goals,
        }
    )


def _proof(solution: Solution) -> str:
    is_certified = solution.certificate is not None and solution.certified is None
    return CERTIFICATE if is_certified else f"solver {solution.solver}"


def _certified(solution: Solution) -> int | None:
    """What the certificate was found to prove on the way, by the same arithmetic that verifies plans."""
    headline = next((stage for stage in solution.stages if stage.goal in HEADLINES), None)
    if solution.certificate is None or headline is None:
        return None
    return headline.bound if solution.certified is None else solution.certified


def _stopped_by(solution: Solution) -> StoppedBy | None:
    """The plan's word for why the engine stopped: the same."""
    word: StoppedBy | None = solution.stopped_by.value if solution.stopped_by else None
    return word


def _goal(stage: Stage) -> GoalResult:
    """A stage in natural units: cost and penalties count as positive numbers."""
    sign = sign_of(stage.goal)

    def natural(amount: int | None) -> Decimal | None:
        return None if amount is None else decimal(sign * amount, VALUE_DIGITS)

    return GoalResult(
        goal=stage.goal,
        objective=natural(stage.objective),
        bound=natural(stage.bound),
        proven=stage.proven,
        certificate=stage.certificate,
    )


def _run(settings: Settings, solution: Solution, engine: str, notes: tuple[str, ...], started: float) -> Run:
    return Run(
        ciopt=__version__,
        engine=engine,
        solver=solution.solver,
        python=platform.python_version(),
        seed=settings.seed,
        threads=_parameters(settings).threads,
        time_limit=None if settings.time_limit is None else Decimal(str(settings.time_limit)),
        gap=Decimal(str(settings.gap)),
        iterations=settings.iterations,
        seconds=Decimal(f"{time.monotonic() - started:.3f}"),
        notes=(*notes, *solution.notes),
    )
