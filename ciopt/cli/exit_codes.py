"""What ciopt returns to the shell: one table, shown by ``ciopt --help``."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ciopt.plan import Plan


class ExitCode(IntEnum):
    """How a run ended, for scripts."""

    OK = 0
    INTERNAL_ERROR = 1
    USAGE = 2
    INVALID_INPUT = 3
    INFEASIBLE = 4
    LIMIT_WITH_PLAN = 5
    LIMIT_WITHOUT_PLAN = 6
    SOLVER_FAILED = 7
    VERIFICATION_FAILED = 8
    INTERRUPTED = 130


MEANINGS = {
    ExitCode.OK: "done; solved as asked",
    ExitCode.INTERNAL_ERROR: "internal error of ciopt",
    ExitCode.USAGE: "the command was not understood, or a file cannot be read or written",
    ExitCode.INVALID_INPUT: "the input breaks the format",
    ExitCode.INFEASIBLE: "infeasible: no plan keeps every hard target and rule",
    ExitCode.LIMIT_WITH_PLAN: "a limit was hit; the best plan found is returned",
    ExitCode.LIMIT_WITHOUT_PLAN: "a limit was hit before a plan was found",
    ExitCode.SOLVER_FAILED: "a solver is missing or failed",
    ExitCode.VERIFICATION_FAILED: "verification failed: the plan does not follow from the instance",
    ExitCode.INTERRUPTED: "interrupted; the best plan found was written first",
}


def table() -> str:
    """Return the exit codes and their meanings, a line each."""
    return "\n".join(f"{code:<3}  {meaning}" for code, meaning in MEANINGS.items())


def of_plan(plan: Plan) -> ExitCode:
    """Return the exit code of a solve that ended with this plan.

    Stopping at the gap that was asked for is solved as asked; a solver that failed with a plan in hand is
    still a failure, though the plan is written.
    """
    if plan.stopped_by == "interrupt":
        return ExitCode.INTERRUPTED
    if plan.status == "infeasible":
        return ExitCode.INFEASIBLE
    if plan.status == "error" or plan.stopped_by == "solver_failure":
        return ExitCode.SOLVER_FAILED
    if plan.status == "optimal" or (plan.status == "feasible" and plan.stopped_by == "gap"):
        return ExitCode.OK
    return ExitCode.LIMIT_WITH_PLAN if plan.has_plan else ExitCode.LIMIT_WITHOUT_PLAN
