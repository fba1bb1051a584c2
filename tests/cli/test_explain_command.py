"""``ciopt explain`` as its users meet it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import ciopt
from tests.house.readme import ROOT

INSTANCE, PLAN = ROOT / "instances/somerville.json", ROOT / "instances/somerville.plan.json"
MARKET = "intervention=market place=argenziano"


def test_an_assignment_is_explained_and_becomes_a_part_of_the_page(tmp_path: Path) -> None:
    target = tmp_path / "why.json"
    done = ciopt(
        "explain", INSTANCE, PLAN, "--assignment", MARKET, "--gap", "0.1", "--workers", 1, "-o", target
    )
    assert done.code == 0, done.err
    for words in (
        "city: market in argenziano, 2027-fall, for 14,000 USD",
        "without it, the rest planned anew",
        "Synergies that it is part of",
        "Who pays for it",
        "Limits that it counts against",
        "without it: money that moves",
    ):
        assert words in done.out
    assert json.loads(target.read_text())["kind"] == "explanation"
    page = ciopt("report", PLAN, target, "--instance", INSTANCE, "--format", "md")
    assert page.code == 0, page.err
    assert "Why city/market/argenziano/2027-fall" in page.out
    assert "What it moves" in page.out


def test_what_cannot_be_is_answered_without_solving() -> None:
    words = "partner=city intervention=school-food place=east"
    done = ciopt("explain", INSTANCE, PLAN, "--why-not", words, "--json")
    assert done.code == 0, done.err
    assert done.data["kind"] == "why-not"
    assert done.data["answer"] == "impossible"
    assert done.data["obstacles"] == [
        "no capability says that city can do school-food; those who can: schools"
    ]
    assert not done.err


def test_importance_is_a_table_with_proven_places(tmp_path: Path) -> None:
    small = ROOT / "instances/small/who-does-what.json"
    plan, target = tmp_path / "plan.json", tmp_path / "importance.json"
    assert ciopt("solve", small, "-o", plan).code == 0
    done = ciopt("explain", small, plan, "--importance", "all", "--workers", 1, "-o", target)
    assert done.code == 0, done.err
    assert "Replacement values" in done.out
    assert "the best there is" in done.out
    again = ciopt("explain", small, plan, "--importance", "all", "--workers", 1, "--json")
    assert again.data == json.loads(target.read_text())
    page = ciopt("report", target, "--instance", small, "--format", "md")
    assert page.code == 0, page.err
    assert "Why each is needed" in page.out


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "ask one thing"),
        (("--assignment", "a/b", "--importance", "all"), 2, "ask one thing"),
        (("--assignment", "partner=cty"), 2, "did you mean 'city'?"),
        (("--assignment", "partner=city"), 2, "8 assignments are partner=city"),
        (("--assignment", "city/market/healey"), 2, "did you mean 'city/market/argenziano/2027-fall'?"),
        (("--why-not", "colour=red"), 2, "an assignment has no 'colour'"),
        (("--importance", "people"), 2, "'people' is not one of"),
    ],
)
def test_a_wrong_question_is_one_clear_message(words: tuple[str, ...], code: int, said: str) -> None:
    done = ciopt("explain", INSTANCE, PLAN, *words)
    assert done.code == code
    assert said in done.err
    assert "Traceback" not in done.err


def test_a_stranger_to_the_instance_is_refused() -> None:
    done = ciopt("explain", INSTANCE, ROOT / "instances/cocoa.plan.json", "--importance", "all")
    assert done.code == 2
    assert "made for another instance" in done.err


def test_an_infeasible_instance_has_nothing_to_explain(tmp_path: Path) -> None:
    instance, plan = ROOT / "instances/small/infeasible-baseline.json", tmp_path / "plan.json"
    solved = ciopt("solve", instance, "--json")
    assert solved.code == 4
    plan.write_text(solved.out)
    done = ciopt("explain", instance, plan, "--importance", "all")
    assert done.code == 2
    assert "nothing to explain: the plan is infeasible" in done.err
