"""What the command line loads: help and completion nothing heavy, checking no solver."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from ciopt.cli.commands import COMMANDS
from tests.cli.run import BLANK, ROOT, environment

HEAVY = {"pydantic", "numpy", "pandas", "rich", "ortools", "pulp", "highspy"}
SOLVERS = {"pandas", "ortools", "pulp", "highspy"}
_LOADED = """
import json, sys
from ciopt.cli.main import main
main({args!r})
json.dump(list(sys.modules), sys.stderr)
"""


def loaded(*args: str, **env: str) -> set[str]:
    """Return the top-level packages that a run of ciopt loads."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(args=list(args))],
        capture_output=True,
        cwd=ROOT,
        env=environment(**env),
        check=True,
    )
    return {name.split(".")[0] for name in json.loads(done.stderr)}


@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_help_loads_nothing_heavy(command: str) -> None:
    assert not loaded(*command.split(), "--help") & HEAVY


@pytest.mark.parametrize("words", ["ciopt ", "ciopt so", "ciopt solve --en", "ciopt solve --engine h"])
def test_completion_loads_nothing_heavy(words: str) -> None:
    env = {
        "_CIOPT_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    assert not loaded(**env) & HEAVY


def test_check_loads_no_solver_and_no_pandas() -> None:
    assert not loaded("check", str(BLANK)) & (SOLVERS | {"numpy"})


def test_completion_offers_commands_and_engines() -> None:
    env = environment(_CIOPT_COMPLETE="bash_complete", COMP_WORDS="ciopt s", COMP_CWORD="1")
    done = subprocess.run(
        [sys.executable, "-m", "ciopt"], capture_output=True, env=env, cwd=ROOT, check=False
    )
    assert done.stdout.decode().split() == ["plain,solve", "plain,sweep", "plain,show", "plain,schema"]
    env |= {"COMP_WORDS": "ciopt solve --engine c", "COMP_CWORD": "3"}
    done = subprocess.run(
        [sys.executable, "-m", "ciopt"], capture_output=True, env=env, cwd=ROOT, check=False
    )
    assert done.stdout.decode().split() == ["plain,cpsat"]
    assert os.environ.get("_CIOPT_COMPLETE") is None
