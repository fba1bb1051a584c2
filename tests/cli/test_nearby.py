"""``ciopt replan`` and ``ciopt alternatives`` as their users meet them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import ciopt
from tests.house.readme import ROOT

SOMERVILLE = ROOT / "instances/somerville.json"
OLD = ROOT / "instances/somerville.plan.json"


def test_replan_prints_writes_and_keeps_its_word(tmp_path: Path) -> None:
    target, plan = tmp_path / "result.json", tmp_path / "plan.json"
    words = ("--from", OLD, "--scenario", "double-federal", "--max-changes", "2", "--gap", "0.05")
    done = ciopt("replan", SOMERVILLE, *words, "-o", target, "--plan", plan)
    assert done.code == 0, done.err
    result = json.loads(target.read_text())
    assert result["kind"] == "replanning"
    assert result["changes"] <= 2
    checked = ciopt("verify", SOMERVILLE, plan)
    assert checked.code == 0, checked.err
    page = ciopt("report", target, "--instance", SOMERVILLE, "--format", "md")
    assert page.code == 0, page.err
    assert "## Planning again: what changes" in page.out
    assert "stability costs" in page.out.lower()


def test_alternatives_say_one_document(tmp_path: Path) -> None:
    done = ciopt("alternatives", SOMERVILLE, "--within", "5%", "--count", "2", "--gap", "0.03", "--json")
    assert done.code == 0, done.err
    result = done.data
    assert result["kind"] == "alternatives"
    assert len(result["plans"]) == 2
    assert result["distance"] >= 1
    (tmp_path / "found.json").write_text(done.out, encoding="utf-8")
    page = ciopt("report", tmp_path / "found.json", "--instance", SOMERVILLE, "--format", "md")
    assert page.code == 0, page.err
    assert "## Other plans, about as good" in page.out


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("replan", SOMERVILLE), "--from"),
        (("replan", SOMERVILLE, "--from", OLD, "--keep", "partner:cty"), "city"),
        (("replan", SOMERVILLE, "--from", OLD, "--max-changes", "1", "--change-cost", "1"), "not both"),
        (("alternatives", SOMERVILLE, "--within", "much"), "1%"),
        (("alternatives", SOMERVILLE, "--workers", "2", "--cluster", "tcp://nobody:1"), "contradict"),
        (("alternatives", SOMERVILLE, "--count", "0"), "1<=x<=100"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(words: tuple[str, ...], said: str) -> None:
    done = ciopt(*words)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err
