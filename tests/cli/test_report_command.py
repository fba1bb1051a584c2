"""``ciopt report`` as a process: files in, one file out, one clear answer to what cannot be."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import ROOT, Ran, ciopt, run

COCOA, PLAN = ROOT / "instances/cocoa.json", ROOT / "instances/cocoa.plan.json"
SOMERVILLE, OTHER = ROOT / "instances/somerville.json", ROOT / "instances/somerville.plan.json"
HEADLINE = "11 partners carry out 122 activities at 20 places for 11,905,860 USD"


def test_the_instance_is_found_beside_the_plan_and_the_suffix_chooses_the_format(tmp_path: Path) -> None:
    for name, begin in (("report.html", "<!DOCTYPE html>"), ("report.md", "# Cocoa communities")):
        done = ciopt("report", PLAN, "-o", tmp_path / name)
        assert done.code == 0, done.err
        assert done.out.startswith(HEADLINE)
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begin)


def test_without_a_file_the_page_goes_to_stdout() -> None:
    assert ciopt("report", PLAN, "--format", "md").out.startswith("# Cocoa communities")
    assert ciopt("report", PLAN).out.startswith("<!DOCTYPE html>")


def test_a_plan_from_a_pipe_needs_its_instance_named() -> None:
    text = PLAN.read_text(encoding="utf-8")
    assert ciopt("report", "-", "--instance", COCOA, "--format", "md", stdin=text).code == 0
    done = ciopt("report", "-", "--format", "md", stdin=text)
    assert done.code == 2
    assert "--instance FILE" in done.err
    assert "7411bbc6ac41" in done.err


def test_a_plan_without_its_instance_beside_it(tmp_path: Path) -> None:
    shutil.copy(PLAN, tmp_path / "mine.plan.json")
    done = ciopt("report", tmp_path / "mine.plan.json", "-o", tmp_path / "report.html")
    assert done.code == 2
    assert "looked for mine.json" in done.err
    shutil.copy(SOMERVILLE, tmp_path / "mine.json")
    assert ciopt("report", tmp_path / "mine.plan.json", "-o", tmp_path / "report.html").code == 2
    shutil.copy(COCOA, tmp_path / "instance.json")
    assert ciopt("report", tmp_path / "mine.plan.json", "-o", tmp_path / "report.html").code == 0


def test_another_instance_is_refused_with_both_hashes(tmp_path: Path) -> None:
    done = ciopt("report", PLAN, "--instance", SOMERVILLE, "-o", tmp_path / "report.html")
    assert done.code == 8
    assert "E550" in done.err
    assert "7411bbc6ac41" in done.err
    assert "1 error" in done.err
    assert not (tmp_path / "report.html").exists()


def test_a_plan_that_lies_is_not_shown(tmp_path: Path) -> None:
    data = json.loads(PLAN.read_text(encoding="utf-8"))
    data["indicators"][0]["total"] += 1
    (tmp_path / "plan.json").write_text(json.dumps(data), encoding="utf-8")
    done = ciopt("report", tmp_path / "plan.json", "--instance", COCOA, "-o", tmp_path / "report.html")
    assert done.code == 8
    assert "E531" in done.err
    assert not (tmp_path / "report.html").exists()


def test_a_partners_brief_and_a_name_that_nobody_has() -> None:
    done = ciopt("report", PLAN, "--partner", "mars", "--format", "md")
    assert "## Mars\n" in done.out
    assert "## Where the money goes" not in done.out
    done = ciopt("report", PLAN, "--partner", "marz", "--format", "md")
    assert done.code == 2
    assert "did you mean 'mars'?" in done.err


def test_json_is_one_document(tmp_path: Path) -> None:
    done = ciopt("report", PLAN, "-o", tmp_path / "report.html", "--json")
    assert done.data["written_to"] == str(tmp_path / "report.html")
    assert done.data["bytes"] == (tmp_path / "report.html").stat().st_size
    assert done.data["headline"].startswith(HEADLINE)
    assert ciopt("report", PLAN, "--format", "md", "--json").data["page"].startswith("# Cocoa")
    wrong = ciopt("report", COCOA, "--json")
    assert wrong.code == 3
    assert wrong.data["problems"][0]["help"] == "this is an instance; solve it first"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("-o", "report.pdf"), "which format?"),
        (("-o", "nowhere/report.html"), "does not exist"),
        (("-o", "."), "which format?"),
        (("--format", "pdf"), "'pdf' is not one of"),
    ],
)
def test_what_cannot_be_written(words: tuple[str, ...], says: str, tmp_path: Path) -> None:
    done = ciopt("report", PLAN, *words, cwd=tmp_path)
    assert done.code == 2
    assert says in done.err


def test_a_plan_is_never_overwritten(tmp_path: Path) -> None:
    shutil.copy(PLAN, tmp_path / "plan.md")
    done = ciopt("report", tmp_path / "plan.md", "--instance", COCOA, "-o", tmp_path / "plan.md")
    assert done.code == 2


def test_several_plans_are_compared() -> None:
    done = ciopt("report", PLAN, COCOA.with_name("cocoa.plan.json"), "--format", "md")
    assert done.code == 2
    assert "each once" in done.err


def result(kind: str, **more: Any) -> dict[str, Any]:
    stamp = {"name": "Cocoa", "sha256": "0" * 64, "currency": "USD"}
    return {"ciopt": 1, "kind": kind, "instance": stamp, **more}


def test_a_result_alone_is_shown_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "compared.json").write_text(json.dumps(result("comparison")), encoding="utf-8")
    done = ciopt("report", tmp_path / "compared.json", "--format", "md")
    assert done.code == 0, done.err
    assert "Interrupted before anything was solved." in done.out


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (result("comparisons"), "did you mean 'comparison'"),
        (result("comparison", case=[]), "a comparison has no 'case'"),
        (result("sweep", axes=[{"path": 3}]), "axes[0].path"),
        (result(7), "is not a kind of result"),  # type: ignore[arg-type]
    ],
)
def test_a_broken_result_is_told_where(data: dict[str, Any], says: str, tmp_path: Path) -> None:
    (tmp_path / "result.json").write_text(json.dumps(data), encoding="utf-8")
    done = ciopt("report", tmp_path / "result.json", "--format", "md")
    assert done.code == 3
    assert says in done.err


_HIDE = (
    "import sys; sys.modules['jinja2'] = None; from ciopt.cli.main import main; sys.exit(main(sys.argv[1:]))"
)


def without_extra(*words: object) -> Ran:
    """Run ``ciopt`` where jinja2 is not installed."""
    return run([sys.executable, "-c", _HIDE, *map(str, words)], "", None, {})


def test_without_the_extra_it_says_how_to_get_it() -> None:
    done = without_extra("report", PLAN)
    assert done.code == 2
    assert "pip install 'ciopt[report]'" in done.err
    assert without_extra("report", PLAN, "--format", "md").code == 0
