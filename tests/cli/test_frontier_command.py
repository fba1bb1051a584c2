"""``ciopt frontier`` and ``ciopt collaborate`` as users call them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.run import ROOT, ciopt

VILLAGES = ROOT / "instances" / "small" / "two-villages.json"
MALARIA = ROOT / "instances" / "small" / "falling-indicator.json"


def kept(tmp_path: Path) -> tuple[str, ...]:
    return "--workers", "1", "--keep", str(tmp_path / "kept")


def test_what_money_buys_in_words_and_as_one_document(tmp_path: Path) -> None:
    target = tmp_path / "money.json"
    words = ciopt(
        "frontier", VILLAGES, "--fund", "purse", "--points", 3, "--marginals", "-o", target, *kept(tmp_path)
    )
    assert words.code == 0
    assert "as it is, 200,000 USD: value 390\n" in words.out
    assert "What money buys (USD)" in words.out
    assert "What the next step of each limit is worth" in words.out
    assert f"result written to {target}" in words.out
    assert words.err == ""
    again = ciopt(
        "frontier", VILLAGES, "--fund", "purse", "--points", 3, "--marginals", "--json", *kept(tmp_path)
    )
    assert (again.data["kind"], again.data["of"]) == ("frontier", "money")
    same = {**again.data, "seconds": 0}
    assert same == {**json.loads(target.read_text(encoding="utf-8")), "seconds": 0}


def test_two_indicators(tmp_path: Path) -> None:
    done = ciopt("frontier", MALARIA, "--indicators", "malaria,rice", *kept(tmp_path))
    assert done.code == 0
    assert done.out.startswith("malaria against rice: 1 plan that no other beats on both\n")
    assert "these are proven to be all" in done.out


def test_the_value_of_collaboration_in_words_and_as_one_document(tmp_path: Path) -> None:
    done = ciopt("collaborate", VILLAGES, *kept(tmp_path))
    assert done.code == 0
    assert done.out.startswith("together the partners achieve 390, each alone 170: 220 more, 129.42 %\n")
    assert "with every shared fund split in fixed parts one plan would achieve 145 less" in done.out
    assert "Alone, informed, together" in done.out
    data = ciopt("collaborate", VILLAGES, "--json", *kept(tmp_path)).data
    assert data["kind"] == "collaboration"
    assert [world["objective"] for world in data["worlds"]] == [0, 170, 245, 390]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["frontier", VILLAGES], "name one of --fund ID, --partner ID, --funds, --cost, --indicators A,B"),
        (["frontier", VILLAGES, "--fund", "purse", "--funds"], "name one of"),
        (["frontier", VILLAGES, "--fund", "prse"], "no fund is called 'prse'; did you mean 'purse'?"),
        (["frontier", VILLAGES, "--indicators", "income"], "--indicators takes two ids: A,B"),
        (["frontier", VILLAGES, "--indicators", "a,b", "--to", "5"], "go with money"),
        (["frontier", VILLAGES, "--funds", "--to", "-5"], "is not an amount"),
        (["frontier", VILLAGES, "--funds", "--to", "1.005"], "--to 1.005 is not an amount of USD"),
        (["frontier", VILLAGES, "--funds", "--scenario", "no"], "no scenario is called 'no'"),
        (["collaborate", VILLAGES, "--scenario", "no"], "no scenario is called 'no'"),
    ],
)
def test_what_makes_no_sense_is_said(words: list[str], said: str) -> None:
    done = ciopt(*words, "--workers", "1")
    assert done.code == 2
    assert said in done.err
    assert done.out == ""


@pytest.mark.parametrize("command", ["frontier", "collaborate"])
def test_help_has_examples(command: str) -> None:
    done = ciopt(command, "--help")
    assert done.code == 0
    assert f"ciopt {command} cocoa.json" in done.out
