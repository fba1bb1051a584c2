"""``ciopt compare`` and ``ciopt sweep`` as a user runs them: tables, documents, errors, and being stopped."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import ROOT, ciopt, environment

SMALL = ROOT / "instances/small/backbone.json"
COCOA = ROOT / "instances/cocoa.json"
SWEEP = (
    "sweep",
    SMALL,
    "--set",
    "backbones.b-office.capacity=0,1,2",
    "--set",
    "funds.grant.amount=300,400,500,600",
)


def test_compare_shows_outcomes_and_what_changes() -> None:
    done = ciopt("compare", SMALL)
    assert done.code == 0
    assert "4 cases against base: What a backbone is worth" in done.out
    assert "better: cheaper-meetings\nworse: small-office, weak-synergy, no-backbone" in done.out
    assert "no-backbone: 1 of 7 activities change (churn 14.29 %)" in done.out
    rows = [line.split() for line in done.out.splitlines()]
    assert ["no-backbone", "75", "75", "4", "worse", "-35", "720", "14.29", "%"] in rows
    assert done.err == ""


def test_compare_takes_some_scenarios_and_what_is_set(tmp_path: Path) -> None:
    words = ("--scenarios", "no-backbone", "--set", "funds.grant.amount=300", "--keep", tmp_path)
    done = ciopt("compare", SMALL, *words, "--json")
    assert [case["key"] for case in done.data["cases"]] == ["base", "no-backbone", "funds.grant.amount=300"]
    assert done.data["cases"][2]["standing"] == "worse"
    assert list(tmp_path.rglob("*.json.gz"))
    assert ciopt("compare", SMALL, *words, "--json").out == done.out
    assert ciopt("compare", SMALL, *words, "--json", "--anew", "--workers", 1).out == done.out


def test_compare_takes_plans(tmp_path: Path) -> None:
    good, poor = tmp_path / "good.json", tmp_path / "poor.json"
    ciopt("solve", SMALL, "-o", good)
    ciopt("solve", SMALL, "--scenario", "no-backbone", "-o", poor)
    done = ciopt("compare", SMALL, good, poor, "--json")
    assert done.code == 0
    assert [case["key"] for case in done.data["cases"]] == [str(good), str(poor)]
    good.write_text(
        good.read_text(encoding="utf-8").replace('"value": 110', '"value": 111'), encoding="utf-8"
    )
    done = ciopt("compare", SMALL, poor, good)
    assert done.code == 8
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--set", "funds.grnt.amount=8"), "did you mean 'grant'"),
        (("--scenarios", "nobackbone"), "did you mean 'no-backbone'"),
        (("--set", "funds.grant.amount"), "expected PATH=VALUE"),
        (("--workers", "2", "--cluster", "tcp://x:1"), "contradict"),
        (("plan.json", "--scenarios", "all"), "not both"),
        (("-o", "nowhere/x.json"), "does not exist"),
    ],
)
def test_what_makes_no_sense_is_refused_before_any_work(words: tuple[str, ...], said: str) -> None:
    done = ciopt("compare", SMALL, *words, "--json")
    assert done.code == 2
    assert said in done.data["error"]["message"]
    assert "Traceback" not in done.err


def test_there_must_be_something_to_compare() -> None:
    data = json.loads(SMALL.read_text(encoding="utf-8"))
    del data["scenarios"]
    done = ciopt("compare", "-", "--json", stdin=json.dumps(data))
    assert done.code == 2
    assert "make one with --set" in done.data["error"]["message"]
    done = ciopt("sweep", SMALL)
    assert done.code == 2
    assert "--set" in done.err


def test_a_limit_shows_in_the_exit_code(tmp_path: Path) -> None:
    done = ciopt(
        "compare", ROOT / "instances/cocoa.json", "--scenarios", "half-roads", "--time-limit", "2", "--json"
    )
    assert done.code in (5, 6)
    assert done.data["asked"]["time_limit"] == 2


def test_a_sweep_is_a_table_and_a_document(tmp_path: Path) -> None:
    target = tmp_path / "sweep.json"
    done = ciopt(*SWEEP, "-o", target)
    assert done.code == 0
    assert "12 of 12 points: What a backbone is worth" in done.out
    assert len([line for line in done.out.splitlines() if line.strip().startswith(("0 ", "1 ", "2 "))]) == 12
    data = json.loads(target.read_text(encoding="utf-8"))
    assert (data["ciopt"], data["kind"], len(data["points"])) == (1, "sweep", 12)
    assert ciopt(*SWEEP, "--json", "--workers", 1, "--anew").data == data


def stopped(
    words: tuple[Any, ...], number: signal.Signals, seconds: float
) -> subprocess.CompletedProcess[str]:
    """Run, send a signal after some seconds, and wait until it has ended."""
    process = subprocess.Popen(
        [sys.executable, "-m", "ciopt", *map(str, words)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment(),
    )
    time.sleep(seconds)
    process.send_signal(number)
    out, err = process.communicate(timeout=60)
    return subprocess.CompletedProcess(words, process.returncode, out, err)


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_an_interrupted_sweep_goes_on_where_it_was(tmp_path: Path) -> None:
    """Ctrl-C while an endless point runs: what is finished is shown and kept."""
    words = ("compare", COCOA, "--scenarios", "half-roads", "--keep", tmp_path)
    done = stopped((*words, "--gap", "0", "--json"), signal.SIGINT, 6)
    assert done.returncode == 130
    assert json.loads(done.stdout).get("complete") is False
    assert "stopping" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("seed", [0, *(pytest.param(n, marks=pytest.mark.sweep) for n in range(1, 20))])
def test_a_sweep_that_was_killed_and_resumed_gives_the_same_table(seed: int, tmp_path: Path) -> None:
    """Killed at random, again and again, then finished: the document of a run that nobody disturbed."""
    undisturbed = ciopt(*SWEEP, "--json", "--keep", tmp_path / "undisturbed")
    draw = random.Random(seed)
    words = (*SWEEP, "--json", "--keep", tmp_path / "killed")
    for _ in range(2):
        number = draw.choice([signal.SIGKILL, signal.SIGTERM, signal.SIGINT])
        stopped(words, number, draw.uniform(1.5, 4))
    resumed = ciopt(*words)
    assert resumed.code == 0
    assert resumed.out == undisturbed.out
