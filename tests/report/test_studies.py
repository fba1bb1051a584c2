"""Comparisons and sweeps as tables: every row fits its columns, and hostile names stay text."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ciopt.plan.records import GoalResult, InstanceStamp
from ciopt.report.grid import Grid, Page, draw_all
from ciopt.report.studies import comparison_tables, comparison_words, gain_words, sweep_table, sweep_words
from ciopt.studies import Case, Comparison, Point, Sweep, difference
from ciopt.studies.case import FundCase, IndicatorCase, PartnerCase
from ciopt.studies.standing import ranked
from ciopt.studies.sweep import SweepAxis
from tests.report.plans import small_plan

INCOME = IndicatorCase(id="income", total=Decimal(3), attained=Decimal(4), target=Decimal(5), met=False)


def case(key: str, worth: int, slack: int, **more: object) -> Case:
    goal = GoalResult(goal="value", objective=Decimal(worth), bound=Decimal(worth + slack), proven=not slack)
    words: dict[str, object] = {
        "key": key,
        "status": "feasible",
        "objective": Decimal(worth),
        "bound": Decimal(worth + slack),
        "cost": Decimal(100),
        "goals": (goal,),
        "indicators": (INCOME,),
        "partners": (PartnerCase(id="mars", cost=Decimal(7), spent=Decimal(7)),),
        "funds": (FundCase(id="wb", partner="world-bank", spent=Decimal("2.50"), amount=Decimal(9)),),
        **more,
    }
    return Case.model_validate(words)


@pytest.fixture
def cases() -> tuple[Case, ...]:
    plan = small_plan()
    fewer = {"assignments": plan.assignments[1:], "payments": plan.payments[2:], "synergies": ()}
    less = plan.model_copy(update=fewer)
    return ranked(
        [
            case("base", 10, 2),
            case("richer", 15, 1, difference=difference(less, plan)),
            case("alike", 11, 3, difference=difference(plan, less)),
            case("poorer\x1b[2J", 5, 1),
            case("measured", 50, 0, yardstick="other"),
            Case(key="too-much", status="infeasible"),
            Case(key="broken", status="error", error="3 workers were lost with it"),
        ]
    )


def check(grids: list[Grid]) -> str:
    for grid in grids:
        for row in (*grid.rows, *([grid.totals] if grid.totals else [])):
            assert len(row) == len(grid.columns), grid.title
    return draw_all(grids, Page(width=100))


def test_a_comparison_names_what_is_proven_and_what_changes(cases: tuple[Case, ...]) -> None:
    result = Comparison(instance=InstanceStamp(currency="USD"), goals=("value",), cases=cases)
    assert comparison_words(result) == [
        "6 cases against base",
        "better: richer",
        "not distinguishable: alike",
        "worse: poorer\x1b[2J",
        "measured otherwise: measured",
        "infeasible: too-much",
        "failed: broken",
    ]
    text = check(comparison_tables(result, 100))
    assert "\x1b" not in text
    assert "a smaller --gap may tell" in text
    assert "weights or goals differ" in text
    assert "4 !" in text
    rows = [line.split() for line in text.splitlines()]
    assert ["starts", "government", "road", "(paved)", "2027", "soubre"] in rows
    assert "synergy lost" in text
    assert "mars, own" in text


def test_cases_that_do_not_fit_beside_each_other_go_below(cases: tuple[Case, ...]) -> None:
    result = Comparison(instance=InstanceStamp(currency="USD"), goals=("value",), cases=cases)
    narrow = [grid for grid in comparison_tables(result, 50) if grid.title.startswith("Spent")]
    wide = [grid for grid in comparison_tables(result, 200) if grid.title.startswith("Spent")]
    assert (len(narrow) > 1, len(wide)) == (True, 1)
    shown = [column.heading for grid in narrow for column in grid.columns[2:]]
    assert shown == [column.heading for column in wide[0].columns[2:]]


def test_a_sweep_has_a_row_for_every_point(cases: tuple[Case, ...]) -> None:
    result = Sweep(
        goals=("value",),
        axes=(SweepAxis(path="a.b", values=("1", "x")), SweepAxis(path="c.d", values=("1",))),
        base=cases[0],
        points=(Point(values=("1", "1"), case=cases[1]), Point(values=("x", "1"), case=cases[2])),
        complete=False,
    )
    assert sweep_words(result) == ["2 of 2 points", "interrupted: the other points were not finished"]
    grid = sweep_table(result)
    check([grid])
    assert [row[:2] for row in grid.rows] == [("as it is", ""), ("1", "1"), ("x", "1")]


def test_nothing_finished_is_said_so() -> None:
    empty = Comparison(complete=False)
    assert comparison_words(empty) == ["interrupted before anything was solved"]
    assert comparison_tables(empty, 80) == []


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        (None, ""),
        ((None, None), ""),
        ((1, None), "at least 1"),
        ((None, 0), "at most 0"),
        ((-2, 3), "-2 to 3"),
        ((4, 4), "4"),
    ],
)
def test_a_gain_is_said_as_far_as_it_is_proven(ends: tuple[int | None, ...] | None, expected: str) -> None:
    exact = None if ends is None else tuple(None if end is None else Decimal(end) for end in ends)
    assert gain_words(case("x", 1, 0, gain=exact)) == expected
