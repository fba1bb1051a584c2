"""From a plan to the number that scripts see."""

from __future__ import annotations

from typing import Any

import pytest

from ciopt.cli.exit_codes import ExitCode, of_plan
from ciopt.plan import Plan


@pytest.mark.parametrize(
    ("status", "stopped_by", "code"),
    [
        ("optimal", None, 0),
        ("feasible", "gap", 0),
        ("infeasible", None, 4),
        ("feasible", "time_limit", 5),
        ("feasible", "memory_limit", 5),
        ("feasible", None, 5),
        ("no_plan", "time_limit", 6),
        ("no_plan", "memory_limit", 6),
        ("no_plan", "solver_failure", 7),
        ("feasible", "solver_failure", 7),
        ("error", "solver_failure", 7),
        ("error", None, 7),
        ("feasible", "interrupt", 130),
        ("no_plan", "interrupt", 130),
        ("optimal", "interrupt", 130),
    ],
)
def test_of_plan(status: Any, stopped_by: Any, code: int) -> None:
    assert of_plan(Plan(status=status, stopped_by=stopped_by)) is ExitCode(code)
