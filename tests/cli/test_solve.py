"""``ciopt solve`` with a planner that obeys: exit codes, files, what is said and what is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import BLANK, ROOT, fake


@pytest.mark.parametrize(
    ("behaviour", "code"),
    [
        ("optimal", 0),
        ("gap", 0),
        ("crash", 1),
        ("memory-error", 1),
        ("infeasible", 4),
        ("time", 5),
        ("memory", 5),
        ("nothing", 6),
        ("missing", 7),
        ("died-with-plan", 7),
        ("wrong", 8),
        ("interrupted-early", 130),
    ],
)
def test_exit_code(behaviour: str, code: int) -> None:
    ran = fake(behaviour, "solve", BLANK)
    assert ran.code == code
    assert "Traceback" not in ran.out + ran.err


@pytest.mark.parametrize("behaviour", ["crash", "missing", "wrong"])
def test_errors_are_one_json_document(behaviour: str) -> None:
    ran = fake(behaviour, "solve", BLANK, "--json")
    assert ran.data["exit_code"] == ran.code
    assert ran.data["error"]["message"]
    assert isinstance(ran.data["problems"], list)


def test_an_internal_error_shows_a_traceback_only_on_request() -> None:
    quiet = fake("crash", "solve", BLANK)
    assert "internal error: KeyError" in quiet.err
    assert "report" in quiet.err
    assert "\x1b" not in quiet.err
    assert "Traceback" in fake("crash", "solve", BLANK, "-v").err
    assert "Traceback" in fake("crash", "solve", BLANK, CIOPT_DEBUG="1").err


def test_the_summary_says_what_came_out_and_who_vouches_for_it() -> None:
    ran = fake("optimal", "solve", BLANK)
    assert ran.out.startswith("optimal: value 1,234.5 (proven by HiGHS 1.12.0; re-checked to the cent)\n")
    assert "cost 1,435,000.50 USD: 4 assignments of 2 partners at 3 places" in ran.out
    assert "Who does what, when and where" in ran.out
    assert "\x1b" not in ran.out + ran.err
    assert max(map(len, ran.out.splitlines())) <= 100


def test_progress_is_only_for_terminals() -> None:
    assert fake("optimal", "solve", BLANK).err == ""
    assert "found\\x1b[2J one" in fake("optimal", "solve", BLANK, "-v").err


def test_json_prints_the_plan_and_nothing_else() -> None:
    assert fake("time", "solve", BLANK, "--json").data["ciopt_plan"] == 1
    infeasible = fake("infeasible", "solve", BLANK, "--json")
    assert infeasible.data["reasons"] == ["road needs 1.2 M, there are 0.9 M"]
    assert infeasible.code == 4


def test_reasons_are_shown_when_there_is_no_plan() -> None:
    assert "because: road needs 1.2 M" in fake("infeasible", "solve", BLANK).out


def test_output_writes_the_plan_and_quiet_says_nothing(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    said = fake("optimal", "solve", BLANK, "-o", plan)
    assert f"plan written to {plan}" in said.out
    assert json.loads(plan.read_text(encoding="utf-8"))["value"] == 1234.5
    silent = fake("optimal", "solve", BLANK, "-o", plan, "-q")
    assert (silent.out, silent.err, silent.code) == ("", "", 0)
    assert fake("optimal", "solve", BLANK, "-q").out.count("\n") == 1
    assert fake("optimal", "solve", BLANK, "-o", "-").data["ciopt_plan"] == 1


def test_no_plan_does_not_overwrite_an_earlier_one(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text("earlier", encoding="utf-8")
    ran = fake("nothing", "solve", BLANK, "-o", plan)
    assert ran.code == 6
    assert "not touched" in ran.err
    assert plan.read_text(encoding="utf-8") == "earlier"


def test_the_instance_is_never_overwritten(tmp_path: Path) -> None:
    instance = tmp_path / "instance.json"
    instance.write_bytes(BLANK.read_bytes())
    (tmp_path / "link.json").symlink_to(instance)
    for target in (instance, tmp_path / "link.json", tmp_path / "." / "instance.json"):
        ran = fake("optimal", "solve", instance, "-o", target)
        assert ran.code == 2
        assert "overwrite the instance" in ran.err
    assert instance.read_bytes() == BLANK.read_bytes()


@pytest.mark.parametrize("target", ["no/such/folder/plan.json", "."])
def test_a_target_that_cannot_be_written_is_refused_before_solving(tmp_path: Path, target: str) -> None:
    ran = fake("crash", "solve", BLANK, "-o", target, cwd=tmp_path, PYTHONPATH=str(ROOT))
    assert ran.code == 2
    assert target in ran.err


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a disk that is always full")
def test_a_plan_that_cannot_be_written_is_shown_rather_than_lost() -> None:
    ran = fake("optimal", "solve", BLANK, "-o", "/dev/full")
    assert ran.code == 2
    assert "the disk is full" in ran.err
    assert ran.data["value"] == 1234.5


def test_an_instance_may_come_from_stdin() -> None:
    assert fake("optimal", "solve", "-", stdin=BLANK.read_text(encoding="utf-8")).code == 0
    assert "<stdin>" in fake("optimal", "solve", "-", stdin="{").err


@pytest.mark.parametrize(
    ("args", "hint"),
    [
        (["--engine", "hihgs"], "did you mean 'highs'?"),
        (["--engine", "pulp:"], "did you mean 'pulp:NAME'?"),
        (["--scenario", "double-grnt"], "did you mean 'double-grant'?"),
        (["--time-limit", "nan"], "--time-limit"),
        (["--time-limit", "0"], "--time-limit"),
        (["--gap", "-0.1"], "--gap"),
        (["--gap", "inf"], "--gap"),
        (["--threads", "0"], "--threads"),
        (["--seed", "-1"], "--seed"),
        (["-q", "-v"], "contradict"),
        (["--sed", "1"], "--seed"),
    ],
)
def test_wrong_usage_names_what_was_meant(args: list[str], hint: str) -> None:
    ran = fake("crash", "solve", BLANK, *args)
    assert ran.code == 2
    assert hint in ran.err
    assert ran.out == ""
    document = fake("crash", "solve", BLANK, *args, "--json")
    assert (document.code, document.data["exit_code"], document.err) == (2, 2, "")


def test_invalid_input_shows_every_problem() -> None:
    ran = fake("crash", "solve", "-", stdin='{"ciopt": 1, "currency": "USD", "plaices": []}')
    assert ran.code == 3
    assert "plaices" in ran.err
    document = fake("crash", "solve", "-", "--json", stdin='{"ciopt": 1, "currency": "USD", "plaices": []}')
    assert document.data["error"]["kind"] == "invalid_input"
    assert {problem["code"] for problem in document.data["problems"]} >= {"E101", "E102"}
