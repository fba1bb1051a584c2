"""``ciopt measure-next`` and ``ciopt core`` as their users meet them."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import ciopt
from tests.house.readme import ROOT

VILLAGES = ROOT / "instances/small/two-villages.json"


def test_measure_next_says_what_to_measure(tmp_path: Path) -> None:
    target = tmp_path / "next.json"
    done = ciopt("measure-next", VILLAGES, "--draws", "3", "--sd", "0.2", "-o", target)
    assert done.code == 0, done.err
    assert "measure next: income by synergy road-sells-harvest" in done.out
    plan = tmp_path / "plan.json"
    assert ciopt("solve", VILLAGES, "-o", plan).code == 0
    page = ciopt("report", plan, target, "--instance", VILLAGES, "--format", "md")
    assert page.code == 0, page.err
    assert "What is worth measuring next" in page.out


def test_core_tells_what_holds_whatever_the_truth(tmp_path: Path) -> None:
    plan, target = tmp_path / "plan.json", tmp_path / "core.json"
    assert ciopt("solve", VILLAGES, "-o", plan).code == 0
    done = ciopt("core", VILLAGES, plan, "--draws", "3", "-o", target)
    assert done.code == 0, done.err
    assert "of the plan's" in done.out
    again = ciopt("core", VILLAGES, plan, "--draws", "3", "--json")
    assert again.data["kind"] == "core"
    page = ciopt("report", plan, target, "--instance", VILLAGES, "--format", "md")
    assert page.code == 0, page.err
    assert "What holds whatever the truth" in page.out


def test_a_foreign_plan_is_refused_by_both() -> None:
    for command in ("measure-next", "core"):
        done = ciopt(command, VILLAGES, ROOT / "instances/cocoa.plan.json")
        assert done.code not in (0, 1), done.out
        assert "Traceback" not in done.err


def test_a_cost_agenda_has_nothing_to_measure(tmp_path: Path) -> None:
    data = json.loads((ROOT / "instances/small/cheapest.json").read_text())
    for target in data["agenda"]["targets"]:
        target.pop("soft", None)
        target.pop("penalty", None)
    file = tmp_path / "cheapest.json"
    file.write_text(json.dumps(data))
    done = ciopt("measure-next", file)
    assert done.code == 2
    assert "no estimate moves" in done.err
