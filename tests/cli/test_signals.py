"""Ctrl-C and SIGTERM: the first keeps the best plan, the second aborts, nothing is half-written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.cli.run import BLANK, ROOT, environment

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@contextmanager
def running(behaviour: str, *args: object, ignore: bool = False) -> Iterator[subprocess.Popen[str]]:
    """Start a solve and wait until the planner is at work."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.cli.fake_solver", behaviour, "solve", str(BLANK), *map(str, args)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env=environment(),
        preexec_fn=(lambda: signal.signal(signal.SIGINT, signal.SIG_IGN)) if ignore else None,
    )
    try:
        assert process.stderr is not None
        assert process.stderr.readline() == "waiting\n"
        yield process
    finally:
        process.kill()
        process.communicate()


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_first_signal_keeps_the_best_plan(number: signal.Signals, tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    with running("waits", "-o", target) as process:
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "stopping, keeping the best plan; Ctrl-C again aborts" in err
    assert json.loads(target.read_text(encoding="utf-8"))["stopped_by"] == "interrupt"
    assert out.startswith("feasible: value 1,234.5")


def test_the_first_signal_prints_the_plan_as_json() -> None:
    with running("waits", "--json") as process:
        process.send_signal(signal.SIGTERM)
        out, _ = process.communicate(timeout=20)
    assert json.loads(out)["stopped_by"] == "interrupt"
    assert process.returncode == 130


def test_the_second_signal_aborts_and_cleans_up(tmp_path: Path) -> None:
    target = tmp_path / "plan.json"
    with running("stubborn", "-o", target) as process:
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "cleaned up" in err
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_run_that_will_not_end_is_ended() -> None:
    with running("hangs") as process:
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert err.count("ignored") == 1


def test_an_ignored_signal_stays_ignored() -> None:
    """Shells start background jobs with SIGINT ignored; SIGTERM still stops them."""
    with running("waits", ignore=True) as process:
        process.send_signal(signal.SIGINT)
        time.sleep(0.3)
        assert process.poll() is None
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=20)
    assert process.returncode == 130


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_while_reading_ends_quietly(number: signal.Signals) -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "ciopt", "check", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    time.sleep(1.5)
    process.send_signal(number)
    process.wait(20)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert out == ""
    assert "interrupted" in err
    assert "Traceback" not in err


_SWALLOWED = """
import os, signal, sys, weakref
import ciopt.files
from ciopt.cli.main import main

class Thing: pass

def read(*args, _read=ciopt.files.read_with_warnings, **named):
    thing = Thing()
    callback = weakref.ref(thing, lambda gone: os.kill(os.getpid(), signal.SIGINT))
    del thing
    return _read(*args, **named)

ciopt.files.read_with_warnings = read
sys.exit(main())
"""


def test_a_signal_inside_a_callback_of_python_is_not_lost(tmp_path: Path) -> None:
    """Python ignores exceptions there, the one that says so included."""
    target = tmp_path / "plan.json"
    done = subprocess.run(
        [sys.executable, "-c", _SWALLOWED, "solve", str(BLANK), "-o", str(target)],
        capture_output=True,
        text=True,
        check=False,
        env=environment(),
        timeout=60,
    )
    assert done.stderr.strip() == "interrupted; nothing was written"
    assert done.returncode == 130
    assert not target.exists()
