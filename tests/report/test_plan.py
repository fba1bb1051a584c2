"""A plan in tables and in words."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.plan import Plan
from ciopt.report.grid import Page, draw
from ciopt.report.summary import facts, headline, minimises
from ciopt.report.tables import TABLES, assignments, budgets, payments, synergies, tables
from tests.report.plans import small_plan


def changed(**changes: Any) -> Plan:
    return small_plan().model_copy(update=changes)


def test_assignments_are_gathered_by_who_what_and_when() -> None:
    grid = assignments(small_plan(), "USD", 80)
    assert grid.rows == (
        ("government", "road (paved)", "2027", "soubre", "1,310,000.50"),
        ("mars", "training", "2028", "soubre, meagui, okrouyo", "60,000.00"),
    )
    assert grid.totals == ("total", "", "", "4 assignments", "1,370,000.50")


def test_payments_are_a_matrix_if_it_fits_and_a_list_if_not() -> None:
    wide = payments(small_plan(), "USD", 80)
    assert [column.heading for column in wide.columns] == ["fund", "csa", "government", "mars", "total"]
    assert ("wb-roads", "", "1,000,000.00", "", "1,000,000.00") in wide.rows
    assert ("mars, own", "", "", "65,000.00", "65,000.00") in wide.rows
    narrow = payments(small_plan(), "USD", 40)
    assert ("wb-roads", "government", "1,000,000.00") in narrow.rows
    assert wide.totals[-1] == narrow.totals[-1] == "1,435,000.50"


def test_budgets_add_up_to_the_cost() -> None:
    grid = budgets(small_plan(), "USD", 80)
    assert grid.totals == ("total", "1,435,000.50", "8,960,000.00", "7,524,999.50", "16 %")
    assert ("csa, own", "60,000.00", "60,000.00", "0.00", "100 %") in grid.rows


def test_synergies_are_counted_where_they_paid_off() -> None:
    assert synergies(small_plan(), "USD", 80).rows == (
        ("roads-help-training (by csa)", "1", "soubre", "270"),
    )


def test_synergies_worth_most_come_first() -> None:
    first = small_plan().synergies[0]
    more = first.model_copy(update={"id": "zzz", "value": Decimal(999), "backbone": None})
    grid = synergies(changed(synergies=(first, more, more)), "USD", 80)
    assert [row[0] for row in grid.rows] == ["zzz", "roads-help-training (by csa)"]
    assert grid.totals == ("total", "3", "", "2,268")


def test_an_empty_plan_has_tables_too() -> None:
    empty = Plan(status="optimal", objective=Decimal(0), value=Decimal(0), cost=Decimal(0))
    for table in TABLES.values():
        assert "none" in draw(table(empty, "USD", 80), Page()) or "no" in draw(
            table(empty, "USD", 80), Page()
        )
    assert "Backbones" not in [grid.title for grid in tables(empty, "USD", 80)]


def test_every_table_fits_80_columns() -> None:
    for grid in tables(small_plan(), "USD", 80):
        assert max(map(len, draw(grid, Page(80)).splitlines())) <= 80


@pytest.mark.parametrize(
    ("changes", "text"),
    [
        ({}, "optimal: value 1,234.5 (proven by HiGHS 1.12.0; re-checked to the cent)"),
        (
            {"proof": "certificate"},
            "optimal: value 1,234.5 (proven by a certificate; re-checked to the cent)",
        ),
        (
            {"status": "feasible", "bound": Decimal(1300), "gap": Decimal("0.0531")},
            "feasible: value 1,234.5 (at most 1,300 is possible, gap 5.31 %, says HiGHS 1.12.0;"
            " re-checked to the cent)",
        ),
        (
            {"status": "feasible", "bound": None, "gap": None, "proof": None},
            "feasible: value 1,234.5 (how much better it could be is not known; re-checked to the cent)",
        ),
        (
            {"value": Decimal(1300)},
            "optimal: value 1,234.5 after penalties of 65.5 (proven by HiGHS 1.12.0; re-checked to the cent)",
        ),
        ({"status": "infeasible"}, "infeasible: no plan keeps every hard target and rule"),
        (
            {"status": "no_plan", "stopped_by": "time_limit"},
            "no plan: the time limit was reached before a plan was found",
        ),
    ],
)
def test_the_headline_says_how_good_and_who_says_so(changes: dict[str, Any], text: str) -> None:
    assert headline(changed(**changes), "USD") == text


def test_a_cheapest_plan_is_headed_by_its_cost() -> None:
    goal = small_plan().goals[0].model_copy(update={"goal": "cost"})
    plan = changed(goals=(goal,), objective=Decimal(1435100), bound=Decimal(1400000), status="feasible")
    assert minimises(plan)
    assert headline(plan, "USD").startswith(
        "feasible: cost 1,435,100 USD, of it 99.50 USD penalties (at least 1,400,000 USD is needed"
    )


def test_a_plan_from_a_file_is_not_vouched_for() -> None:
    assert headline(small_plan(), "USD", rechecked=False).endswith("as the file says, not re-checked)")
    assert headline(small_plan(), "XOF").endswith("re-checked exactly)")


def test_facts_say_what_is_in_it_and_why_it_stopped() -> None:
    plan = changed(status="feasible", stopped_by="time_limit")
    assert facts(plan, "USD") == [
        "cost 1,435,000.50 USD: 4 assignments of 2 partners at 3 places, 1 synergy pays off, 1 backbone",
        "1 of 2 targets met",
        "stopped after 9.3 s: the time limit was reached",
    ]
    assert facts(Plan(status="infeasible", reasons=("a", "b")), "USD") == [
        "because: a",
        "because: b",
        "ciopt repair says what contradicts what, and what would give a plan",
    ]
