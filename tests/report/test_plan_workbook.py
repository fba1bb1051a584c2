"""A plan's workbook says what the plan says, to the cent, and nothing in it can be run."""

from __future__ import annotations

import io
import zipfile
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import python_calamine

import ciopt
from ciopt.instance import Instance
from ciopt.plan import Plan
from ciopt.report.page.story import Story
from ciopt.report.workbook import plan_sheets, plan_workbook
from ciopt.report.workbook.page import Page

ROOT = Path(__file__).parents[2]


@cache
def cocoa() -> Story:
    return story("cocoa")


def story(name: str) -> Story:
    plan = ciopt.load_plan(ROOT / f"instances/{name}.plan.json")
    return Story(ciopt.load(ROOT / f"instances/{name}.json"), plan)


@cache
def pages() -> dict[str, Page]:
    return {page.name: page for page in plan_sheets(cocoa())}


def column(page: Page, name: str) -> list[Any]:
    return [row[list(page.header).index(name)] for row in page.rows]


def test_every_row_is_as_long_as_its_header() -> None:
    for page in pages().values():
        assert len(page.name) <= 31
        assert all(len(row) == len(page.header) for row in page.rows), page.name
        assert not page.total or len(page.total) == len(page.header)


def test_every_assignment_is_there_once() -> None:
    options = [each.option.id for each in cocoa().plan.assignments]
    assert column(pages()["assignments"], "option") == options
    costs = [each.cost for each in cocoa().plan.assignments]
    assert column(pages()["assignments"], "cost (USD)") == costs
    four_w = pages()["4W"]
    who, where = column(four_w, "who (id)"), column(four_w, "where (id)")
    what, when = column(four_w, "what (id)"), column(four_w, "when")
    there = sorted(zip(who, what, where, when, strict=True))
    assert there == sorted((a.partner, a.intervention, a.place, a.period) for a in cocoa().plan.assignments)
    assert all(column(four_w, "funded by"))
    fixed = [each for each in cocoa().instance.baseline if each.status == "committed"]
    assert column(four_w, "status").count("committed") >= len(fixed) > 0


def test_the_matrix_adds_up_both_ways() -> None:
    page, plan = pages()["payments matrix"], cocoa().plan
    for row in page.rows:
        assert sum(cell for cell in row[2:-1] if cell is not None) == row[-1]  # type: ignore[misc]
        assert row[-1] == sum(each.amount for each in plan.payments if each.fund == row[0])
    for index in range(2, len(page.header)):
        assert sum(row[index] or 0 for row in page.rows) == page.total[index]  # type: ignore[misc]
    assert page.total[-1] == plan.cost == pages()["payments"].total[-1]


def test_the_logframe_has_all_levels() -> None:
    page = pages()["logframe"]
    levels = column(page, "level")
    assert levels[0] == "goal"
    assert levels.count("outcome") == len(cocoa().plan.indicators)
    assert levels.count("output") == len({each.intervention for each in cocoa().plan.assignments})
    pairs = {(each.partner, each.intervention) for each in cocoa().plan.assignments}
    assert levels.count("activity") == len(pairs)
    reached = [row[6] for row in page.rows if row[0] == "outcome"]
    assert reached == [each.attained for each in cocoa().plan.indicators]


def test_the_value_rests_on_the_estimates_named() -> None:
    page = pages()["assumptions and evidence"]
    assert set(column(page, "evidence")) <= {"strong", "moderate", "weak", "assumed", "not said"}
    uses = sum(len(each.impact) for each in cocoa().plan.assignments)
    uses += sum(len(each.effect) for each in cocoa().plan.synergies)
    assert sum(column(page, "times used")) == uses


def test_the_bytes_say_the_same_and_hold_no_formula() -> None:
    raw = plan_workbook(cocoa())
    assert raw == plan_workbook(cocoa())
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
    assert book.sheet_names == list(pages())
    rows = book.get_sheet_by_name("payments matrix").to_python()
    assert Decimal(str(rows[-1][-1])) == cocoa().plan.cost
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        assert not any(b"<f>" in package.read(name) for name in package.namelist() if "worksheets/" in name)


def test_hostile_names_stay_text() -> None:
    evil = '=HYPERLINK("http://x","y")\x07'
    data = cocoa().instance.to_data()
    data["places"] = [each | {"name": evil} for each in data["places"]]
    data["description"] = "=1+1" + "x" * 40_000
    plan = Plan.model_validate(cocoa().plan.to_data())
    raw = plan_workbook(Story(Instance.model_validate(data), plan))
    with zipfile.ZipFile(io.BytesIO(raw)) as package:
        text = package.read("xl/sharedStrings.xml").decode()
    assert "=HYPERLINK" in text
    assert "\x07" not in text


def test_other_plans_have_a_workbook() -> None:
    assert plan_workbook(story("somerville")).startswith(b"PK")
