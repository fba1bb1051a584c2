"""``ciopt doctor``: which solvers are there, and whether they know the known answers."""

from __future__ import annotations

import os
import platform
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.options import json_option
from ciopt.version import __version__

if TYPE_CHECKING:
    from ciopt.engines.backends import Backend
    from ciopt.engines.selftest import SelfTest
    from ciopt.engines.worker import SolverWorker

_LIBRARIES = ("ortools", "pulp", "highspy", "numpy", "pandas", "pydantic", "click", "rich")
_PATIENCE = 120.0
_LIST_PULP = "import json; from ciopt.engines.pulp_any import installed; print(json.dumps(installed()))"
_EPILOG = """\b
Examples:
  ciopt doctor
  ciopt doctor --json | jq '.solvers[] | select(.usable) | .engine'
"""


@click.command(epilog=_EPILOG, short_help="Test the installed solvers on known answers.")
@json_option
def doctor(as_json: bool) -> int:
    """Test the installed solvers on small questions with known answers that solvers have got wrong.

    A solver that misses one is disabled: ciopt will not use it. The exit code is 7 if that, or a missing
    library, hits one of ciopt's own engines (highs, scip, cpsat).
    """
    from ciopt.engines.selftest import clashes

    solvers = _examine_all()
    healthy = all(each.is_usable for each in solvers if not each.is_extra)
    code = ExitCode.OK if healthy else ExitCode.SOLVER_FAILED
    if as_json:
        output.say_json(
            {
                "ciopt": __version__,
                "python": platform.python_version(),
                "platform": platform.platform(),
                "libraries": _versions(),
                "solvers": [each.record() for each in solvers],
                "clashes": clashes(),
                "exit_code": int(code),
            }
        )
    else:
        _show(solvers, clashes())
    return code


@dataclass(frozen=True)
class Examined:
    """How a back-end did; ``test`` is None if it is not installed."""

    engine: str
    is_extra: bool
    test: SelfTest | None

    @property
    def is_usable(self) -> bool:
        """Whether ciopt will use it."""
        return self.test is not None and self.test.is_usable

    @property
    def verdict(self) -> str:
        """What the self-test says, in words."""
        if self.test is None:
            return "not installed"
        if self.test.is_usable:
            return "right on all known answers"
        return "disabled: " + "; ".join(self.test.failures)

    def record(self) -> dict[str, Any]:
        """Return it for ``--json``."""
        return {
            "engine": self.engine,
            "solver": self.test.solver if self.test else "",
            "usable": self.is_usable,
            "failures": list(self.test.failures) if self.test else ["not installed"],
        }


def _examine_all() -> list[Examined]:
    """Test every back-end in a process of its own, all at the same time."""
    from contextlib import ExitStack

    from ciopt.engines.backends import BACKENDS, PULP, find_backend
    from ciopt.engines.worker import SolverWorker

    backends = [*BACKENDS, *(find_backend(PULP + name) for name in _pulp_solvers())]
    with ExitStack() as workers:
        started = [
            (each, workers.enter_context(SolverWorker(each)) if each.is_installed else None)
            for each in backends
        ]
        return [_examine(backend, worker, extra=backend not in BACKENDS) for backend, worker in started]


def _examine(backend: Backend, worker: SolverWorker | None, *, extra: bool) -> Examined:
    """Wait for the self-test of a worker."""
    import queue

    from ciopt.engines.selftest import SelfTest

    if worker is None:
        return Examined(backend.name, extra, None)
    try:
        test = worker.examined(_PATIENCE)
    except queue.Empty:
        test = SelfTest("", (f"no answer within {_PATIENCE:.0f} s",))
    return Examined(backend.name, extra, test)


def _pulp_solvers() -> list[str]:
    """Ask PuLP, in a process of its own because it may load libraries that clash, what it finds."""
    import json
    import subprocess

    from ciopt.engines.backends import ANY_PULP

    if not ANY_PULP.is_installed:
        return []
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    words = [sys.executable, "-c", _LIST_PULP]
    try:
        done = subprocess.run(words, capture_output=True, text=True, timeout=_PATIENCE, check=True, env=env)
        return [str(name) for name in json.loads(done.stdout.splitlines()[-1])]
    except (subprocess.SubprocessError, ValueError, IndexError) as error:
        output.tell(f"warning: PuLP could not say which solvers it finds ({type(error).__name__})")
        return []


def _versions() -> dict[str, str]:
    """Versions of the libraries that matter; empty for what is not installed."""
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in _LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = ""
    return found


def _show(solvers: list[Examined], clashes: list[str]) -> None:
    from ciopt.report.grid import Column, Grid, draw_all
    from ciopt.report.words import clean

    libraries = tuple((name, version or "not installed") for name, version in _versions().items())
    rows = tuple((each.engine, each.test.solver if each.test else "", each.verdict) for each in solvers)
    grids = [
        Grid("Libraries", (Column("library"), Column("version")), libraries),
        Grid("Solvers", (Column("engine"), Column("solver"), Column("self-test")), rows),
    ]
    output.say(f"ciopt {__version__}, Python {platform.python_version()}, {platform.platform()}\n")
    output.say(draw_all(grids, output.page()))
    for clash in clashes:
        output.say(f"note: {clean(clash, 1000)}")
    for each in solvers:
        if not each.is_usable:
            output.say(f"warning: {clean(each.engine)} will not be used ({clean(each.verdict, 1000)})")
