"""``ciopt repair``: why there is no plan, what helps, and the repaired file."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import ciopt as library
from ciopt.studies import why_infeasible
from ciopt.studies.read import parse_result
from tests.cli.run import ROOT, ciopt

PROMISED = ROOT / "instances" / "small" / "infeasible-baseline.json"
POSSIBLE = ROOT / "instances" / "small" / "two-villages.json"


def test_repairs_are_said_in_the_units_of_the_file() -> None:
    """Two roads for 150,000 were promised, the road fund has 140,000."""
    ran = ciopt("repair", PROMISED, "--workers", "2")
    assert ran.code == 0
    assert "because: committed baseline of government costs 150,000.00 USD" in ran.out
    assert "repair: raise the fund roads by 10,000 USD, from 140,000 to 150,000" in ran.out
    assert "or: take back the commitment of government to road at beta (make it planned)" in ran.out
    assert "or: give government a budget of 10,000 USD" in ran.out
    assert "the fund roads: at most 140,000 USD" in ran.out


def test_the_result_read_back_is_the_same(tmp_path: Path) -> None:
    target = tmp_path / "why.json"
    ran = ciopt("repair", PROMISED, "--json", "-o", target)
    assert ran.data == json.loads(target.read_text(encoding="utf-8"))
    assert ran.data["repairs"][0]["set"] == {"funds.roads.amount": 150000}
    assert ran.data["complete"]
    found = parse_result(json.loads(ran.out, parse_float=Decimal))
    assert found == why_infeasible(library.load(PROMISED))
    page = ciopt("report", target, "--format", "md")
    assert "raise the fund roads by 10,000 USD" in page.out


def test_the_repaired_instance_has_a_plan(tmp_path: Path) -> None:
    """What is kept is not touched: the fund keeps its 140,000."""
    target = tmp_path / "repaired.json"
    ran = ciopt("repair", PROMISED, "--keep", "funds", "--keep", "partners", "--apply", target)
    assert ran.code == 0
    assert "take back the commitment" in ran.err
    repaired = library.load(target)
    assert repaired.funds == library.load(PROMISED).funds
    assert library.solve(repaired).status == "optimal"


def test_nothing_that_may_change_helps() -> None:
    ran = ciopt("repair", PROMISED, "--keep", "funds", "--keep", "partners", "--keep", "baseline")
    assert ran.code == 4
    assert "no repair leaves funds, partners, baseline as it is" in ran.out


def test_what_is_kept_must_exist() -> None:
    ran = ciopt("repair", PROMISED, "--keep", "fund.roads.amount")
    assert ran.code == 2
    assert "'fund.roads.amount' names no requirement; did you mean 'funds.roads.amount'" in ran.err


def test_an_instance_with_a_plan_needs_no_repair(tmp_path: Path) -> None:
    target = tmp_path / "repaired.json"
    ran = ciopt("repair", POSSIBLE, "--apply", target)
    assert ran.code == 0
    assert "there is nothing to repair" in ran.out
    assert not target.exists()


def test_a_scenario_is_repaired_as_it_is(tmp_path: Path) -> None:
    assert "nothing to repair" in ciopt("repair", PROMISED, "--scenario", "beta-waits").out
    data = json.loads(PROMISED.read_text(encoding="utf-8"))
    data["scenarios"]["cut"] = {"set": {"funds.roads.amount": 100000}}
    ran = ciopt("repair", "-", "--scenario", "cut", "--most", "1", stdin=json.dumps(data))
    assert "raise the fund roads by 50,000 USD, from 100,000 to 150,000" in ran.out
    assert "\nor:" not in ran.out


def test_solve_says_the_cheapest_repair_and_verify_reads_it(tmp_path: Path) -> None:
    ran = ciopt("solve", PROMISED)
    assert ran.code == 4
    assert "repair: raise the fund roads by 10,000 USD" in ran.out
    document = ciopt("solve", PROMISED, "--json").data
    assert document["repairs"][0]["set"] == {"funds.roads.amount": 150000}
    target = tmp_path / "none.json"
    target.write_text(json.dumps(document), encoding="utf-8")
    assert ciopt("verify", PROMISED, target).code == 0
    document["repairs"][0]["changes"][0]["before"] = 139000
    target.write_text(json.dumps(document), encoding="utf-8")
    lie = ciopt("verify", PROMISED, target)
    assert "funds.roads.amount is 140000 in the instance, not 139000" in lie.out
