"""``ciopt risk`` as its users meet it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import ciopt
from tests.house.readme import ROOT

INSTANCE, PLAN = ROOT / "instances/somerville.json", ROOT / "instances/somerville.plan.json"


def test_risk_shows_tables_and_keeps_its_result(tmp_path: Path) -> None:
    target = tmp_path / "risk.json"
    done = ciopt("risk", INSTANCE, PLAN, "--samples", "500", "--place-effects", "-o", target)
    assert done.code == 0, done.err
    assert "four cases of five" in done.out
    assert "How likely each target is met" in done.out
    assert json.loads(target.read_text())["kind"] == "risk"
    page = ciopt("report", PLAN, target, "--instance", INSTANCE, "--format", "md")
    assert page.code == 0, page.err
    assert "How sure the plan is" in page.out


def test_risk_says_one_document() -> None:
    done = ciopt("risk", INSTANCE, PLAN, "--samples", "200", "--json")
    assert done.code == 0, done.err
    assert done.data["samples"] == 200
    assert not done.err


def test_a_plan_of_another_instance_is_refused() -> None:
    done = ciopt("risk", INSTANCE, ROOT / "instances/cocoa.plan.json")
    assert done.code != 0
    assert "no capability gives the option" in done.err
    assert "Traceback" not in done.err


def test_several_plans_are_held_against_the_first(tmp_path: Path) -> None:
    plan, target = tmp_path / "again.json", tmp_path / "risks.json"
    plan.write_text(PLAN.read_text())
    done = ciopt("risk", INSTANCE, PLAN, plan, "--samples", "200", "-o", target)
    assert done.code == 0, done.err
    assert "again.json against somerville.plan.json: on average equal" in done.out
    page = ciopt("report", PLAN, target, "--instance", INSTANCE, "--format", "md")
    assert page.code == 0, page.err
    assert "How sure several plans are" in page.out
