"""``ciopt convert`` and ``ciopt template`` as people use them, and every command on their files."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.run import ROOT, ciopt, environment
from tests.files.tables import books

COCOA = ROOT / "instances/cocoa.json"
PLAN = ROOT / "instances/cocoa.plan.json"
SMALL = ROOT / "instances/small/two-villages.json"


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One instance as a workbook, a folder of CSV files and packed JSON, each made from the one before."""
    folder = tmp_path_factory.mktemp("forms")
    last: Path = SMALL
    for name in ("a.xlsx", "a", "a.json.gz"):
        ran = ciopt("convert", last, folder / name)
        assert (ran.code, ran.err) == (0, ""), ran
        assert "sha256" in ran.out
        last = folder / name
    return folder


@pytest.mark.parametrize("name", ["a.xlsx", "a", "a.json.gz"])
def test_every_form_checks_and_solves_alike(forms: Path, name: str) -> None:
    assert ciopt("check", forms / name).out == ciopt("check", SMALL).out
    ran = ciopt("solve", forms / name, "--json")
    assert ran.code == 0
    assert ran.data["instance"]["sha256"] == ciopt("solve", SMALL, "--json").data["instance"]["sha256"]


def test_a_plan_holds_for_the_workbook_of_its_instance(tmp_path: Path) -> None:
    assert ciopt("convert", COCOA, tmp_path / "cocoa.xlsx").code == 0
    assert ciopt("verify", tmp_path / "cocoa.xlsx", PLAN).out.startswith("valid")


def test_studies_and_reports_read_a_workbook(forms: Path, tmp_path: Path) -> None:
    book = forms / "a.xlsx"
    assert ciopt("solve", book, "-o", tmp_path / "plan.json").code == 0
    assert ciopt("compare", book, tmp_path / "plan.json", "--json").code == 0
    assert ciopt("verify", book, tmp_path / "plan.json").code == 0
    said = ciopt("report", tmp_path / "plan.json", "--instance", book, "--format", "md")
    assert (said.code, said.err) == (0, "")
    ran = ciopt("convert", tmp_path / "plan.json", tmp_path / "plan.xlsx", "--instance", book)
    assert (ran.code, ran.err) == (0, "")
    assert "Traceback" not in ciopt("check", tmp_path / "plan.xlsx").err


def test_a_workbook_may_come_from_stdin(forms: Path) -> None:
    with (forms / "a.xlsx").open("rb") as stream:
        ran = subprocess.run(
            [sys.executable, "-m", "ciopt", "check", "-"],
            stdin=stream,
            env=environment(),
            capture_output=True,
        )
    assert ran.stdout.decode() == ciopt("check", SMALL).out


def test_errors_name_the_cell(tmp_path: Path) -> None:
    raw = json.loads(SMALL.read_text())
    raw["capabilities"][0]["partner"] = "nobody"
    (tmp_path / "bad.json").write_text(json.dumps(raw))
    ran = ciopt("convert", tmp_path / "bad.json", tmp_path / "bad.xlsx")
    assert ran.code == 3
    assert not (tmp_path / "bad.xlsx").exists()
    tables = books.sheets()
    tables["capabilities"][1][tables["capabilities"][0].index("partner")] = "nobody"
    (tmp_path / "bad.xlsx").write_bytes(books.book(tables))
    ran = ciopt("check", "bad.xlsx", "--json", cwd=tmp_path)
    assert ran.code == 3
    (problem,) = ran.data["problems"]
    assert (problem["file"], problem["cell"]) == ("bad.xlsx", "capabilities!C2")
    assert "bad.xlsx:capabilities!C2" in ciopt("check", "bad.xlsx", cwd=tmp_path).out


def test_to_stdout_it_is_json() -> None:
    assert ciopt("convert", SMALL, "-").data["ciopt"] == 1


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((SMALL, "a.doc"), "which kind?"),
        ((PLAN, "a.json"), "plan converts from a file to a workbook"),
        ((SMALL, "a.xlsx", "--instance", SMALL), "--instance is for plans"),
        ((SMALL, "no/such/a.xlsx"), "no such folder"),
        (("nothing.json", "a.xlsx"), "no such file"),
        ((".", "a.xlsx"), "folder without CSV files"),
    ],
)
def test_what_cannot_be_converted_says_why(args: tuple[object, ...], words: str, tmp_path: Path) -> None:
    ran = ciopt("convert", *args, cwd=tmp_path)
    assert ran.code == 2
    assert words in ran.err
    assert list(tmp_path.iterdir()) == []


def test_an_instance_is_never_converted_onto_itself(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_bytes(SMALL.read_bytes())
    ran = ciopt("convert", "a.json", "./a.json", cwd=tmp_path)
    assert (ran.code, (tmp_path / "a.json").read_bytes()) == (2, SMALL.read_bytes())


def test_a_template_is_written_once(tmp_path: Path) -> None:
    assert "ready to fill in" in ciopt("template", "t.xlsx", cwd=tmp_path).out
    before = (tmp_path / "t.xlsx").read_bytes()
    ran = ciopt("template", "t.xlsx", cwd=tmp_path)
    assert (ran.code, (tmp_path / "t.xlsx").read_bytes()) == (2, before)
    assert "not overwritten" in ran.err
    ran = ciopt("check", "t.xlsx", cwd=tmp_path)
    assert ran.code == 3
    assert "t.xlsx:coalition!B5" in ran.out
    assert ciopt("template", "t.json", cwd=tmp_path).code == 2


def test_a_template_can_be_filled(tmp_path: Path) -> None:
    ran = ciopt("template", "t.xlsx", "--from", SMALL, "--json", cwd=tmp_path)
    assert "places" in ran.data["sheets"]
    assert ciopt("check", "t.xlsx", cwd=tmp_path).out == ciopt("check", SMALL).out
