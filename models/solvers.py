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
from models.cpsat import CpSat, is_available
from models.model import Model

Ending = Literal["optimal", "infeasible", "stopped"]

EXACT = "CPSAT"
"""The solver that computes in integers: one answer is enough."""
PREFERRED = (EXACT, "HiGHS", "COIN_CMD", "PULP_CBC_CMD")
"""Tried first, in this order."""

_CBC: tuple[dict[str, Any], ...] = (
    {"gapRel": 0, "gapAbs": 0, "threads": 1},
    {"gapRel": 0, "gapAbs": 0, "threads": 1, "options": ["primalT 1e-9", "integerT 1e-9"]},
    {"gapRel": 0, "gapAbs": 0, "threads": 1, "presolve": False, "cuts": False, "options": ["preprocess off"]},
)
SETTINGS: dict[str, tuple[dict[str, Any], ...]] = {
    # google/or-tools#5293: wrong optima without this limit when a row's coefficients total more than 2^31
    EXACT: ({"threads": 1, "presolve_inclusion_work_limit": 0},),
    "PULP_CBC_CMD": _CBC,
    "COIN_CMD": _CBC,
    "HiGHS": (
        {"gapRel": 0, "gapAbs": 0, "threads": 1},
        {"gapRel": 0, "gapAbs": 0, "threads": 1, "presolve": "off"},
    ),
}
"""The settings under each of which a solver has to say the same."""


@dataclass(frozen=True)
class Answer:
    """What a solver said: how it ended, and its values rounded to whole numbers, if it has any."""

    ending: Ending
    values: Mapping[str, int] | None


@cache
def available() -> tuple[str, ...]:
    """Names of the solvers that can be asked here, the preferred ones first."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: list[str] = pulp.listSolvers(onlyAvailable=True)
    if EXACT not in found and not _is_pulp_4() and is_available():
        found = [EXACT, *found]
    return tuple(sorted(found, key=lambda name: [*PREFERRED, name].index(name)))


def candidates(solver: Any = None) -> list[Any]:
    """Return the solver objects to ask: one a setting.

    Parameters
    ----------
    solver
        A name that PuLP knows, a PuLP solver object (asked as it is), or None for the preferred one.

    Raises
    ------
    UsageError
        If there is no solver, or not this one.
    """
    if solver is not None and not isinstance(solver, str):
        return [solver]
    if not available():
        raise UsageError("PuLP finds no solver here; install ortools, highspy or CBC")
    name = available()[0] if solver is None else solver
    if name not in available():
        raise UsageError(f"PuLP does not find {name!r} here, only {', '.join(available())}")
    if name == EXACT and not _is_pulp_4():
        return [CpSat()]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [pulp.getSolver(name, msg=False, **settings) for settings in SETTINGS.get(name, ({},))]


def exact() -> Any | None:
    """Return a solver that computes in integers, if there is one."""
    return candidates(EXACT)[0] if EXACT in available() else None


def run(model: Model, solver: Any) -> Answer:
    """Solve the model's problem with a PuLP solver object.

    Raises
    ------
    SolverFailed
        If the solver crashes.
    """
    problem = model.problem
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outcome = problem.solve(solver)
    except pulp.PulpSolverError as error:
        raise SolverFailed(f"{solver.name}: {error}") from error
    if _is_pulp_4():
        is_optimal = outcome.status == pulp.LpSolveStatus.Optimal
        has_values = outcome.has_solution
        is_infeasible = outcome.status == pulp.LpSolveStatus.Infeasible
    else:
        is_optimal = problem.sol_status == pulp.LpSolutionOptimal
        has_values = is_optimal or problem.sol_status == pulp.LpSolutionIntegerFeasible
        is_infeasible = not has_values and problem.status == pulp.LpStatusInfeasible
    if is_infeasible:
        return Answer("infeasible", None)
    if not has_values:
        return Answer("stopped", None)
    values = {name: _whole(variable.value()) for name, variable in model.variables.items()}
    return Answer("optimal" if is_optimal else "stopped", values)


def _is_pulp_4() -> bool:
    return hasattr(pulp, "LpSolveStatus")


def _whole(value: float | None) -> int:
    """Round; a variable in no row may have no value."""
    return 0 if value is None else round(value)
