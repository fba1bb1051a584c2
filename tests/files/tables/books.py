"""Small instances, workbooks and folders that tests fill in and break."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

import xlsxwriter

from ciopt.errors import InvalidInput, Problem
from ciopt.files.tables import encode, read_workbook
from ciopt.files.tables.sheet import Sheet
from ciopt.instance import Instance, parse

SMALL: dict[str, Any] = {
    "ciopt": 1,
    "currency": "USD",
    "periods": ["2027", "2028"],
    "places": [
        {"id": "007", "attributes": {"farmers": 900, "a.b": Decimal("0.5")}},
        {"id": "-x", "group": "=w"[1:], "attributes": {"farmers": 0, "a.b": 1}, "neighbours": ["007"]},
    ],
    "indicators": [
        {"id": "income", "weight": Decimal("0.000001"), "saturates_at": {"per_place": {"per": {"a.b": 2}}}}
    ],
    "partners": [
        {"id": "mars", "roles": ["implementing", "funding"], "budget": {"2027": 5, "2028": Decimal("0.10")}},
        {
            "id": "gov",
            "roles": ["implementing"],
            "budget": {},
            "capacity": {"days": 9, "nights": {"2027": 3}},
        },
    ],
    "interventions": [
        {
            "id": "road",
            "cost": {"fixed": Decimal("999999999999999.99"), "per": {"farmers": -3}},
            "cost_profile": [Decimal("0.7"), Decimal("0.3")],
            "uses": {"days": {"per": {"farmers": Decimal("0.25")}}, "nights": 1},
            "impact": {"income": {"fixed": 5, "range": [Decimal("0.5"), 2], "evidence": "weak"}},
            "levels": [{"id": "gravel"}, {"id": "paved", "cost_factor": Decimal("2.6"), "notes": "a\nb"}],
        },
        {"id": "clinic", "cost": 7},
    ],
    "capabilities": [
        {"partner": "mars", "intervention": "road", "places": ["007"], "periods": ["2027"]},
        {"partner": "gov", "intervention": "clinic"},
    ],
}
"""Valid, with ids that spreadsheets like to change, and numbers that floats cannot hold."""

EXTRAS: dict[str, Any] = {
    "name": '=HYPERLINK("http://x", "y")',
    "description": "  two\nlines, +1 and ’quotes’ \r and \x07 ",
    "notes": '"quoted"',
    "refs": [
        {"vocabulary": "SDG", "code": "1"},
        {"vocabulary": "a: b;", "code": " x:y"},
        {"vocabulary": "", "code": ""},
    ],
    "funds": [
        {"id": "f", "partner": "gov", "amount": 10, "pays_for": {"interventions": ["road"], "places": []}},
        {
            "id": "g",
            "partner": "gov",
            "amount": {"2028": 1},
            "match": {"with": ["f", "budget:mars"], "ratio": 2},
        },
    ],
    "options": [
        {
            "partner": "mars",
            "intervention": "road",
            "place": "007",
            "level": "paved",
            "cost": 31,
            "impact": {
                "income": {
                    "fixed": -1,
                    "per": {"farmers": 2},
                    "range": [Decimal("0.1"), 3],
                    "evidence": "strong",
                }
            },
        }
    ],
    "synergies": [
        {
            "id": "s",
            "between": ["road", "clinic"],
            "adds": {"income": {"per": {"farmers": 30}}},
            "backbone": True,
        },
        {
            "id": "t",
            "between": ["road", "clinic"],
            "boost": Decimal("-0.2"),
            "on": ["income"],
            "partners": "same",
        },
    ],
    "overlaps": [{"indicator": "income", "interventions": ["road", "clinic"], "how": "best"}],
    "rules": [
        {
            "id": "r",
            "requires": {"intervention": "road", "needs": ["clinic"], "within": "all", "before": True},
        },
        {"excludes": ["road", "clinic"], "within": "group"},
        {"at_most": 3, "of": ["road"]},
        {"at_least": 0, "of": ["road", "clinic"], "notes": "@home"},
        {"together": ["road", "clinic"], "within": "neighbours"},
        {"must": {"partner": "gov"}},
        {"must_not": {"partner": "mars", "intervention": "road", "level": "gravel"}},
    ],
    "backbones": [{"partner": "gov", "cost": 6, "places": ["-x"], "capacity": 2}],
    "agenda": {
        "targets": [
            {"indicator": "income", "at_least": 3, "group": "w", "soft": True, "penalty": Decimal("0.05")}
        ],
        "priorities": ["targets", "value"],
        "fairness": {},
        "risk": {"how": "cvar", "alpha": Decimal("0.1")},
        "max_cost": 12,
    },
    "baseline": [{"partner": "gov", "intervention": "clinic", "place": "-x", "status": "planned"}],
    "measurements": [
        {"intervention": "road", "indicator": "income", "place": "007", "value": 2, "sd": Decimal("0.123456")}
    ],
    "scenarios": {
        "a": {
            "set": {"partners.mars.budget": Decimal("123456789012345.123456"), "name": "5"},
            "remove": ["funds.f"],
        },
        "b": {
            "add": {"places": [{"id": "new", "name": "=1"}], "x": {"k": None}},
            "scale": {"funds.f.amount": Decimal("1.50")},
        },
        "both": {"of": ["a", "b"], "set": {"x.y": True, "notes": "[no list", "k": ""}},
        "nothing": {},
    },
}
"""What the other tables and fields can say."""


def instance(**changes: Any) -> Instance:
    return parse({**SMALL, **changes})


def sheets(**changes: Any) -> dict[str, list[list[Any]]]:
    """The rows of every table of the small instance, to be changed."""
    return {each.name: [list(row) for row in each.rows] for each in encode(instance(**changes).to_data())}


def as_sheets(tables: Mapping[str, Sequence[Sequence[Any]]]) -> list[Sheet]:
    from ciopt.files.tables.sheet import nowhere

    return [Sheet(name, rows, nowhere) for name, rows in tables.items()]


def book(tables: Mapping[str, Sequence[Sequence[Any]]], after: Callable[[Any], None] | None = None) -> bytes:
    """A plain workbook of these rows, as a person would make it; ``after`` changes it before it is closed."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    for name, rows in tables.items():
        page = workbook.add_worksheet(name)
        for number, row in enumerate(rows):
            for index, cell in enumerate(row):
                if cell is not None:
                    page.write(number, index, float(cell) if isinstance(cell, Decimal) else cell)
    if after is not None:
        after(workbook)
    workbook.close()
    return buffer.getvalue()


def problems(raw: bytes) -> tuple[Problem, ...]:
    """What is wrong with a workbook, each with its cell."""
    try:
        document = read_workbook(raw, "plan.xlsx")
        try:
            parse(document.data)
        except InvalidInput as error:
            return tuple(document.locate(error.problems))
    except InvalidInput as error:
        return error.problems
    return ()


def said(found: Sequence[Problem]) -> list[tuple[str, str]]:
    """Code and place of each problem."""
    return [(each.code, str(each.location)) for each in found]


def read(tmp_path: Path, raw: bytes) -> Any:
    return read_workbook(raw, "plan.xlsx").data
