"""``check``, ``new``, ``schema``, ``show`` and ``verify`` as a user runs them."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest

from ciopt.cli.commands import COMMANDS, cli
from ciopt.cli.exit_codes import MEANINGS, ExitCode
from ciopt.cli.new import TEMPLATES, template_path
from ciopt.files import dump
from tests.cli.run import BLANK, ROOT, ciopt
from tests.report.plans import small_plan


def blank(**changes: object) -> str:
    """The blank template with other tables."""
    return json.dumps({**json.loads(BLANK.read_text(encoding="utf-8")), **changes})


def test_every_command_is_listed_with_its_own_short_help() -> None:
    context = click.Context(cli)
    for name, short_help in COMMANDS.items():
        command = cli.get_command(context, name)
        assert command is not None
        assert command.short_help == short_help


def test_help_has_the_exit_codes() -> None:
    shown = ciopt("--help").out
    assert set(MEANINGS) == set(ExitCode)
    for code, meaning in MEANINGS.items():
        assert f"{code:<3}  {meaning}" in shown


def test_no_command_is_a_usage_error_that_shows_help() -> None:
    ran = ciopt()
    assert (ran.code, ran.out) == (2, "")
    assert "Commands:" in ran.err
    assert ciopt("chek").err.startswith("error: no command is called 'chek'; did you mean 'check'")


def test_check_sums_up_a_valid_instance() -> None:
    ran = ciopt("check", BLANK)
    assert ran.code == 0
    assert "Our coalition: valid" in ran.out
    assert "scenario double-grant: can be applied" in ran.out
    data = ciopt("check", BLANK, "--json").data
    assert data["valid"]
    assert (
        data["content"]["counts"] | {"options": 8, "activities": 4, "places": 2} == data["content"]["counts"]
    )
    assert data["content"]["money"] == 50000
    assert data["scenarios"] == {"double-grant": {"valid": True, "notes": []}}


def test_check_finds_all_problems_with_their_places() -> None:
    text = blank(places=[{"id": "north"}, {"id": "north"}], scenarios={})
    ran = ciopt("check", "-", stdin=text)
    assert ran.code == 3
    assert "<stdin>:1:" in ran.out
    assert ran.err == ""
    data = ciopt("check", "-", "--json", stdin=text).data
    assert not data["valid"]
    assert data["exit_code"] == 3
    assert all(problem["line"] == 1 for problem in data["problems"])


def test_check_applies_every_scenario() -> None:
    scenarios = {
        "good": {"set": {"funds.grant.amount": 1}},
        "astray": {"set": {"funds.grnt.amount": 1}},
        "invalid": {"set": {"funds.grant.amount": -1}},
    }
    ran = ciopt("check", "-", "--json", stdin=blank(scenarios=scenarios))
    assert ran.code == 3
    assert {name: said["valid"] for name, said in ran.data["scenarios"].items()} == {
        "good": True,
        "astray": False,
        "invalid": False,
    }
    assert any("did you mean 'grant'?" in problem["message"] for problem in ran.data["problems"])
    assert all("line" in problem for problem in ran.data["problems"])


def test_check_warns_and_stays_at_zero() -> None:
    ran = ciopt("check", "-", stdin=blank(backbones=[{"partner": "donor"}]))
    assert ran.code == 0
    assert "warning[W202]" in ran.out
    assert "Our coalition: valid" in ran.out


def test_hostile_names_cannot_reach_the_terminal() -> None:
    ran = ciopt("check", "-", stdin=blank(name="[bold red]A\x1b[2J\u202egnirts"))
    assert "[bold red]A\\x1b[2J\\u202egnirts: valid" in ran.out


@pytest.mark.parametrize("stdin", ["", "{", "[]", "null", '{"ciopt": 2}', '"' * 5, "[" * 100_000])
def test_what_is_no_instance_is_invalid_input(stdin: str) -> None:
    ran = ciopt("check", "-", "--json", stdin=stdin)
    assert ran.code == ran.data["exit_code"] == 3
    assert ran.data["problems"]


@pytest.mark.parametrize("command", [["check"], ["solve"], ["show"], ["verify", str(BLANK)]])
def test_a_missing_file_is_a_usage_error(command: list[str], tmp_path: Path) -> None:
    (tmp_path / "cocoa.json").touch()
    ran = ciopt(*command, "cacoa.json", cwd=tmp_path)
    assert ran.code == 2
    assert "did you mean 'cocoa.json'?" in ran.err
    assert ciopt(*command, "cacoa.json", "--json", cwd=tmp_path).data["error"]["kind"] == "usage"


@pytest.mark.parametrize("template", TEMPLATES)
def test_new_starts_a_folder_that_checks(template: str, tmp_path: Path) -> None:
    if template != "blank" and not (ROOT / "instances" / f"{template}.json").exists():
        pytest.skip("being written")
    ran = ciopt("new", tmp_path / "a" / "b", "--template", template)
    assert ran.code == 0
    assert ciopt("check", tmp_path / "a" / "b" / "instance.json").code == 0
    assert "ciopt solve" in (tmp_path / "a" / "b" / "README.md").read_text(encoding="utf-8")
    assert template_path(template).is_file()


def test_new_never_overwrites(tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("mine", encoding="utf-8")
    ran = ciopt("new", tmp_path, "--json")
    assert ran.code == ran.data["exit_code"] == 2
    assert [path.name for path in tmp_path.iterdir()] == ["README.md"]
    (tmp_path / "file").touch()
    assert ciopt("new", tmp_path / "file").code == 2
    assert ciopt("new", tmp_path / "file" / "below").code == 2


def test_schema_documents_every_field_of_its_format() -> None:
    data = ciopt("schema").data
    assert data["$schema"].endswith("2020-12/schema")
    assert {"places", "agenda", "synergies"} <= set(data["properties"])
    assert data["$defs"]["Fund"]["properties"]["max_share"]["description"]
    assert "match" in data["$defs"]["Fund"]["properties"]
    assert "with" in data["$defs"]["Match"]["properties"]
    assert "assignments" in ciopt("schema", "--plan").data["properties"]


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(dump(small_plan().to_data()), encoding="utf-8")
    return path


def test_show_has_all_tables_and_does_not_vouch(plan: Path) -> None:
    ran = ciopt("show", plan)
    assert ran.code == 0
    assert ran.out.startswith(
        "Cocoa\noptimal: value 1,234.5 (proven by HiGHS 1.12.0; as the file says, not re-checked)"
    )
    for title in ("Who does what", "Who pays", "Indicators", "Targets", "Synergies", "Backbones", "Budgets"):
        assert f"\n{title}" in ran.out
    assert ciopt("show", "-", stdin=plan.read_text(encoding="utf-8")).out == ran.out
    assert ciopt("show", plan, "--json").data == json.loads(plan.read_text(encoding="utf-8"))


def test_show_can_pick_tables(plan: Path) -> None:
    ran = ciopt("show", plan, "--table", "budgets")
    assert ran.out.startswith("Budgets used")
    assert "Who" not in ran.out
    assert ciopt("show", plan, "--table", "budget").code == 2


def test_show_offers_every_table() -> None:
    from ciopt.cli.show import _TABLES
    from ciopt.report.tables import TABLES

    assert tuple(TABLES) == _TABLES


def test_show_refuses_what_is_no_plan() -> None:
    ran = ciopt("show", BLANK)
    assert ran.code == 3
    assert "this is an instance; solve it first" in ran.err


def test_tables_fit_80_columns(plan: Path) -> None:
    shown = ciopt("show", plan, COLUMNS="80").out
    tables = shown[shown.index("Who does what") :]
    assert max(map(len, tables.splitlines())) <= 80


def test_only_one_file_can_be_stdin() -> None:
    assert ciopt("verify", "-", "-", stdin="{}").code == 2
