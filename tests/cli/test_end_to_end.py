"""The commands together, with the real engine: new, check, solve, show, verify."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import BLANK, ROOT, ciopt, environment


def instance(**changes: Any) -> str:
    """The blank template with other tables."""
    return json.dumps({**json.loads(BLANK.read_text(encoding="utf-8")), **changes})


def test_from_nothing_to_a_verified_plan(tmp_path: Path) -> None:
    file, plan = tmp_path / "instance.json", tmp_path / "plan.json"
    assert ciopt("new", tmp_path).code == 0
    assert ciopt("check", file).code == 0
    solved = ciopt("solve", file, "-o", plan)
    assert solved.code == 0
    assert solved.out.startswith("optimal: value 1,360 (proven by ")
    verified = ciopt("verify", file, plan)
    assert verified.code == 0
    assert verified.out.startswith("valid: ")
    assert ciopt("verify", file, plan, "--json").data == {"valid": True, "problems": [], "exit_code": 0}
    assert "Who does what" in ciopt("show", plan).out


def test_pipes_need_no_files() -> None:
    plan = ciopt("solve", "-", "--json", stdin=BLANK.read_text(encoding="utf-8"))
    assert plan.code == 0
    assert ciopt("verify", BLANK, "-", stdin=plan.out).code == 0


@pytest.mark.parametrize("engine", ["auto", "exact", "highs", "scip", "cpsat", "pulp:PULP_CBC_CMD"])
def test_every_engine_finds_the_optimum(engine: str) -> None:
    data = ciopt("solve", BLANK, "--engine", engine, "--json").data
    if data.get("exit_code") == 7 and engine.startswith("pulp:"):
        pytest.skip(data["error"]["message"])
    assert (data["status"], data["value"], data["cost"]) == ("optimal", 1360, 35000)


def test_a_changed_cent_is_refused(tmp_path: Path) -> None:
    plan = ciopt("solve", BLANK, "--json").data
    plan["payments"][0]["amount"] += 0.01
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    ran = ciopt("verify", BLANK, path)
    assert ran.code == 8
    assert "not valid" in ran.out
    assert f"--> {path}:1:" in ran.out
    assert ciopt("verify", BLANK, path, "--json").data["exit_code"] == 8


def test_an_infeasible_instance_says_why() -> None:
    agenda = {"maximize": "value", "targets": [{"indicator": "well-being", "at_least": 5000}]}
    ran = ciopt("solve", "-", stdin=instance(agenda=agenda))
    assert ran.code == 4
    assert ran.out.startswith("infeasible: ")
    assert "because: " in ran.out
    assert ciopt("solve", "-", "--json", stdin=instance(agenda=agenda)).data["status"] == "infeasible"


def test_a_scenario_is_applied_and_named() -> None:
    data = ciopt("solve", BLANK, "--scenario", "double-grant", "--json").data
    assert data["instance"]["scenario"] == "double-grant"
    assert data["status"] == "optimal"


def test_a_solver_that_is_not_there() -> None:
    ran = ciopt("solve", BLANK, "--engine", "pulp:NOSUCH", "--json")
    assert ran.code == ran.data["exit_code"] == 7
    assert "NOSUCH" in ran.data["error"]["message"]


def test_what_is_not_solved_yet_is_refused() -> None:
    first = json.loads(BLANK.read_text(encoding="utf-8"))["places"]
    many = [*first, *({**first[0], "id": f"p{number}", "neighbours": []} for number in range(201))]
    agenda = {"fairness": {"how": "leximin"}}
    ran = ciopt("solve", "-", stdin=instance(places=many, agenda=agenda))
    assert ran.code == 3
    assert "leximin over" in ran.err


def wait_until_it_listens(process: subprocess.Popen[str]) -> None:
    """Before Python runs the first line of ciopt, the system's rules for signals apply."""
    for _ in range(1000):
        status = Path(f"/proc/{process.pid}/status").read_text(encoding="ascii")
        caught = int(status.split("SigCgt:")[1].split()[0], 16)
        if caught >> (signal.SIGTERM - 1) & 1:
            return
        time.sleep(0.01)


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="looks into Linux's /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_at_any_moment_gives_a_plan_or_a_clear_status(number: int, tmp_path: Path) -> None:
    """Nothing is half-written and no process is left, wherever the signal falls."""
    cocoa = ROOT / "instances" / "cocoa.json"
    # a signal in the middle of one of Python's own imports leaves its file to be closed by the collector
    env = environment(PYTHONWARNINGS="error,ignore::ResourceWarning")
    for after in (0.0, 0.05, 0.5, 1.5, 3.0):
        plan = tmp_path / f"plan-{after}.json"
        words = [sys.executable, "-m", "ciopt", "solve", str(cocoa), "-o", str(plan)]
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True)
        wait_until_it_listens(process)
        time.sleep(after)
        process.send_signal(number)
        _, err = process.communicate(timeout=60)
        assert process.returncode == 130, err
        assert "Traceback" not in err
        assert plan.exists() or "no plan to write" in err or "nothing was written" in err
        if plan.exists():
            assert json.loads(plan.read_text(encoding="utf-8"))["stopped_by"] == "interrupt"
            assert ciopt("verify", cocoa, plan).code == 0
