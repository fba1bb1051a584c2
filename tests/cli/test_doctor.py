"""``ciopt doctor``: solvers that are right, wrong, dead or missing."""

from __future__ import annotations

import sys

import pytest

from tests.cli.run import ROOT, Ran, ciopt, run

_PATCHED = """
import sys
from ciopt.engines import backends
backends.BACKENDS = (backends.Backend("highs", {module!r}, {library!r}), backends.CPSAT)
from ciopt.cli.main import main
sys.exit(main({args!r}))
"""


def with_highs(module: str, library: str, *args: str) -> Ran:
    """Run with another module in the place of HiGHS."""
    code = _PATCHED.format(module=module, library=library, args=list(args))
    return run([sys.executable, "-c", code], "", ROOT, {})


def test_the_solvers_here_know_the_known_answers() -> None:
    data = ciopt("doctor", "--json").data
    assert {"highs", "scip", "cpsat"} <= {each["engine"] for each in data["solvers"] if each["usable"]}
    assert data["libraries"]["ortools"]
    assert data["exit_code"] == 0
    shown = ciopt("doctor")
    assert shown.code == 0
    assert "right on all known answers" in shown.out


@pytest.mark.parametrize(
    ("module", "library", "says"),
    [
        ("tests.cli.broken_backend", "ortools", "disabled: halves"),
        ("tests.cli.no_such_module", "ortools", "process ended with code 1"),
        ("ciopt.engines.highs", "no_such_library", "not installed"),
    ],
)
def test_a_solver_that_fails_is_disabled_and_said_to_be(module: str, library: str, says: str) -> None:
    shown = with_highs(module, library, "doctor")
    assert shown.code == 7
    assert "warning: highs will not be used" in shown.out
    assert says in " ".join(shown.out.split())
    data = with_highs(module, library, "doctor", "--json").data
    assert data["exit_code"] == 7
    assert [each["usable"] for each in data["solvers"][:2]] == [False, True]
