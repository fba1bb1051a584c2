"""The one place that knows how PuLP 3 and PuLP 4 call solvers and say what came of it.

PuLP 3 says "Optimal" of a solution that a limit cut off: only `sol_status` tells. PuLP 4 returns statistics
instead, and has no bundled CBC.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import pulp

from ciopt.errors import SolverFailed, UsageError
from models.model import Model

Ending = Literal["optimal", "infeasible", "stopped"]

PREFERRED = ("CPSAT", "HiGHS", "COIN_CMD", "PULP_CBC_CMD")
"""Tried first, in this order: integer arithmetic before floats."""

EXACT: dict[str, dict[str, Any]] = {
    # google/or-tools#5293: wrong optima without this limit when a row's coefficients total more than 2^31
    "CPSAT": {"threads": 1, "presolve_inclusion_work_limit": 0},
}
"""Solvers that compute in integers, and their settings: one answer is enough."""

_CBC: tuple[dict[str, Any], ...] = (
    {"gapRel": 0, "gapAbs": 0, "threads": 1, "options": ["primalT 1e-9", "integerT 1e-9"]},
    {"gapRel": 0, "gapAbs": 0, "threads": 1, "presolve": False, "cuts": False, "options": ["preprocess off"]},
)
FLOAT: dict[str, tuple[dict[str, Any], ...]] = {
    "PULP_CBC_CMD": _CBC,
    "COIN_CMD": _CBC,
    "HiGHS": (
        {"gapRel": 0, "gapAbs": 0, "threads": 1, "mip_feasibility_tolerance": 1e-9},
        {"gapRel": 0, "gapAbs": 0, "threads": 1, "presolve": "off"},
    ),
}
"""Solvers that compute in floats, and the settings under each of which they have to agree."""


@dataclass(frozen=True)
class Answer:
    """What a solver said: how it ended, and its values rounded to whole numbers, if it has any."""

    ending: Ending
    values: Mapping[str, int] | None


@cache
def available() -> tuple[str, ...]:
    """Names of the solvers that PuLP finds here, the preferred ones first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: list[str] = pulp.listSolvers(onlyAvailable=True)
    return tuple(sorted(found, key=lambda name: (name not in PREFERRED, [*PREFERRED, name].index(name))))


def candidates(solver: Any = None) -> tuple[list[Any], bool]:
    """Return solvers (settings) to ask, and whether their arithmetic is exact.

    Parameters
    ----------
    solver
        A name that PuLP knows, a PuLP solver object (asked as it is), or None for the preferred one.

    Raises
    ------
    UsageError
        If PuLP finds no solver, or not this one.
    """
    if solver is not None and not isinstance(solver, str):
        return [solver], solver.name in EXACT
    if not available():
        raise UsageError("PuLP finds no solver here; install ortools, highspy or CBC")
    name = available()[0] if solver is None else solver
    if name not in available():
        raise UsageError(f"PuLP does not find {name!r} here, only {', '.join(available())}")
    settings = [EXACT[name]] if name in EXACT else list(FLOAT.get(name, ({},)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [pulp.getSolver(name, msg=False, **each) for each in settings], name in EXACT


def run(model: Model, solver: Any) -> Answer:
    """Solve the model's problem with a PuLP solver object.

    Raises
    ------
    SolverFailed
        If the solver crashes or says neither of the things a bounded problem can be.
    """
    problem = model.problem
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = problem.solve(solver)
    except pulp.PulpSolverError as error:
        raise SolverFailed(f"{solver.name}: {error}") from error
    if hasattr(problem, "sol_status"):  # PuLP 3
        is_optimal = problem.sol_status == pulp.LpSolutionOptimal
        has_values = is_optimal or problem.sol_status == pulp.LpSolutionIntegerFeasible
        is_infeasible = not has_values and problem.status == pulp.LpStatusInfeasible
    else:
        is_optimal = outcome.status == pulp.LpSolveStatus.Optimal
        has_values = outcome.has_solution
        is_infeasible = outcome.status == pulp.LpSolveStatus.Infeasible
    if is_infeasible:
        return Answer("infeasible", None)
    ending: Ending = "optimal" if is_optimal else "stopped"
    if not has_values:
        return Answer("stopped", None)
    return Answer(ending, {name: _whole(v.value()) for name, v in model.variables.items()})


def _whole(value: float | None) -> int:
    """Round; a variable in no row may have no value."""
    return 0 if value is None else round(value)
