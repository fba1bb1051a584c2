"""The exact engine: goal after goal, each pinned at the integer it achieved, then ties."""

from __future__ import annotations

from dataclasses import replace
from threading import Event

from ciopt.engines.backends import CPSAT, Backend
from ciopt.engines.cpsat import refuses
from ciopt.engines.exact.candidate import Candidate
from ciopt.engines.exact.lower import dense
from ciopt.engines.exact.search import Found, Report, Search, worth
from ciopt.engines.exact.ties import break_ties, limit_ties
from ciopt.engines.matrix import Parameters, StoppedBy
from ciopt.engines.solution import Solution, Stage
from ciopt.engines.start import Start
from ciopt.errors import SolverFailed
from ciopt.instance.goals import goals_of, rounded
from ciopt.program.model import Goal, Program


def _stage(goal: Goal, best: Candidate | None, found: Found) -> Stage:
    objective = rounded(best.worth[goal.name]) if best is not None else None
    bound = worth(goal, found.bound) if found.bound is not None else None
    if objective is not None and bound is not None:
        bound = max(bound, objective)
    return Stage(goal.name, objective, bound, found.proven)


def _is_worse(found: Found, goal: Goal, known: Candidate) -> bool:
    return found.candidate is not None and found.candidate.worth[goal.name] < known.worth[goal.name]


def _not_worse(found: Found, goal: Goal, known: Candidate | None) -> Found:
    """Keep a known plan that is better; then no proof of the other holds, and no bound below the plan."""
    if known is None or not _is_worse(found, goal, known):
        return found
    is_refuted = found.bound is not None and worth(goal, found.bound) < known.worth[goal.name]
    return replace(
        found,
        candidate=known,
        bound=None if found.proven or is_refuted else found.bound,
        proven=False,
        stopped_by=found.stopped_by or StoppedBy.SOLVER_FAILURE,
    )


def solve_exact(
    program: Program,
    backend: Backend,
    parameters: Parameters,
    report: Report,
    interrupt: Event,
    start: Start = Start(),  # noqa: B008 - it cannot change
) -> Solution:
    """Solve a program goal by goal with one back-end.

    Parameters
    ----------
    program
        The compiled instance.
    backend
        Which solver; it says what it cannot do before anything is built.
    parameters
        Limits of the whole solve; the gap applies to the agenda's goals.
    report
        Gets news.
    interrupt
        Set it to stop: the best plan is kept.
    start
        A plan that is kept if nothing better is found. What is proven does not depend on it.

    Raises
    ------
    SolverFailed
        If the solver failed and left no plan.
    """
    search = Search(program, backend, parameters, report, interrupt)
    try:
        return _solve(search, search.given(start.columns(program)))
    finally:
        search.close()


def _solve(search: Search, best: Candidate | None = None) -> Solution:
    program, gap = search.program, search.parameters.gap
    parameters, unpinned = search.parameters, search.matrix
    stages: list[Stage] = []
    stopped_by: StoppedBy | None = None
    for number, goal in enumerate(program.goals):
        is_tie = number >= len(goals_of(program.lookup))
        if is_tie:
            limit_ties(search)
        matrix = replace(search.matrix, objective=dense(goal, program.num_columns))
        found = search.maximise(matrix, goal.name, goal, 0.0 if is_tie else gap)
        lost = best is not None and (found.infeasible or (found.proven and _is_worse(found, goal, best)))
        # whole outcomes and losses may be too wide for a solver that counts in floats
        failed = found.stopped_by is StoppedBy.SOLVER_FAILURE and bool(program.ordered)
        if (lost or failed) and search.takes_over():
            best = found.candidate or best
            found = search.maximise(matrix, goal.name, goal, 0.0 if is_tie else gap)
        if found.infeasible and best is None:
            return _infeasible(search)
        found = _not_worse(found, goal, best)
        best = found.candidate or best
        stages.append(_stage(goal, best, found))
        if not found.proven or best is None:
            # a solver that sees no plan where one stands has failed
            stopped_by = found.stopped_by or (StoppedBy.SOLVER_FAILURE if found.infeasible else None)
            if is_tie:
                search.notes.append("whether an equally good plan costs less was not settled in the time")
            break
        search.pin(goal, best)
    else:
        if best is not None:
            best, stage = break_ties(search, best)
            stages.append(stage)
    if best is not None and _first_outdone(stages, best):
        search.forget(parameters, unpinned)
        if search.takes_over():
            return _solve(search, best)
        first = _stage(program.goals[0], best, Found(best, None, False, False, None))
        stages, stopped_by = [first], StoppedBy.SOLVER_FAILURE
    if best is None and search.failure:
        raise SolverFailed(search.failure)
    choices = search.examiner.canonical(best).choices if best else None
    return Solution(choices, tuple(stages), False, stopped_by, search.solver, tuple(search.notes))


def _first_outdone(stages: list[Stage], best: Candidate) -> bool:
    """Whether the search met a plan that is better than a proven optimum of the first goal: a false claim.

    Goals are pinned from below only, so later goals and ties may meet one.
    """
    first = stages[0]
    return first.proven and first.objective is not None and rounded(best.worth[first.goal]) > first.objective


def _infeasible(search: Search) -> Solution:
    """No plan exists, says the solver; a float solver is not believed alone."""
    if not search.backend.is_exact and refuses(search.matrix) is None:
        first = search.solver
        search.backend = CPSAT
        found = search.maximise(search.matrix, "feasibility", None)
        if found.candidate is not None:
            search.notes.append(f"{first} called the instance infeasible; {search.solver} found a plan")
            return _solve(search)
        search.solver = f"{first}, confirmed by {search.solver}" if found.infeasible else first
    return Solution(None, (), True, None, search.solver, tuple(search.notes))
