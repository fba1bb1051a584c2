"""What the README says, runs; what it shows, is so."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from ciopt.cli.exit_codes import MEANINGS, ExitCode
from docs.build import build
from tests.cli.run import ciopt, environment
from tests.house.readme import GUIDE, README, ROOT, SET_UP, Block, blocks, links, sessions, table_rows


@pytest.fixture
def playground(tmp_path: Path) -> Path:
    """A folder with what the README's reader has: the instances, and ``ciopt`` on the path."""
    shutil.copytree(ROOT / "instances", tmp_path / "instances")
    shim(tmp_path / "bin" / "ciopt")
    return tmp_path


def shim(path: Path) -> None:
    """Write a ``ciopt`` that runs this checkout with this Python."""
    path.parent.mkdir(parents=True)
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m ciopt "$@"\n', encoding="utf-8")
    path.chmod(0o755)


def type_in(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    env = environment(PATH=f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}")
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        cwd=folder,
        env=env,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


@pytest.mark.parametrize("commands", [*sessions(README), *sessions(GUIDE)], ids=lambda each: each[0])
def test_every_command_runs_as_written(commands: list[str], playground: Path) -> None:
    for command in commands:
        done = type_in(command, playground)
        fine = {ExitCode.OK, ExitCode.LIMIT_WITH_PLAN} if "--time-limit" in command else {ExitCode.OK}
        assert done.returncode in fine, f"{command}\n{done.stdout}\n{done.stderr}"


@pytest.mark.parametrize("page", [README, GUIDE], ids=["README", "guide"])
def test_sessions_are_all_commands(page: Path) -> None:
    commands = [each for block in blocks("console", page) if block.mark != SET_UP for each in block.commands]
    assert len(commands) > 8
    assert sorted(each for session in sessions(page) for each in session) == sorted(commands)


def test_every_command_of_ciopt_is_shown() -> None:
    from ciopt.cli.commands import COMMANDS

    shown = [*blocks("console"), *blocks("console", GUIDE)]
    typed = {word for block in shown for each in block.commands for word in each.split()}
    assert set(COMMANDS) <= typed


@pytest.mark.parametrize("block", blocks("python"), ids=lambda block: block.text.split("\n")[0])
def test_every_python_block_runs(block: Block, playground: Path) -> None:
    script = playground / "block.py"
    script.write_text(block.text, encoding="utf-8")
    done = type_in(f"{shlex.quote(sys.executable)} block.py", playground)
    assert done.returncode == 0, done.stderr
    assert not done.stderr


def test_what_set_up_runs_is_there() -> None:
    """The set-up itself needs the network: .ci/run does it; here, its words."""
    commands = [each for block in blocks("console") if block.mark == SET_UP for each in block.commands]
    assert commands == ["./run solve instances/cocoa.json --gap 0.01", "./run test", "pip install ."]
    assert ciopt("check", ROOT / "instances/cocoa.json").code == 0


def test_run_passes_everything_on_to_ciopt(tmp_path: Path) -> None:
    shim(tmp_path / "bin" / "ciopt")
    (tmp_path / ".ciopt-ready").touch()
    done = subprocess.run(
        [ROOT / "run", "check", "instances/small/two-villages.json", "--json"],
        cwd=ROOT,
        env=environment(CIOPT_ENV=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("{")


def test_run_refuses_an_old_python(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    env = environment(CIOPT_ENV=str(tmp_path / "env"), CIOPT_PYTHON=str(old))
    done = subprocess.run([ROOT / "run", "doctor"], env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "3.11" in done.stderr
    assert not (tmp_path / "env").exists()


def test_the_exit_codes_are_those_of_the_program() -> None:
    rows = [row for row in table_rows() if row[0].isdigit()]
    assert rows == [(str(int(code)), meaning) for code, meaning in MEANINGS.items()]


def test_links_lead_somewhere() -> None:
    assert "docs/plan.svg" in links()
    for link in links():
        assert (ROOT / link).exists(), link


def test_example_and_picture_are_made_from_the_plan_beside_the_instance() -> None:
    """If not: ``python -m docs.build``."""
    pages = build(ROOT / "instances/cocoa.json", ROOT / "instances/cocoa.plan.json")
    for path, content in pages.items():
        assert path.read_text(encoding="utf-8") == content, f"{path.name} is stale"
    assert len(pages[README].splitlines()) < 300
    assert (ROOT / "docs/plan.svg").stat().st_size < 150_000
