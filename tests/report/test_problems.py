"""Problems as text: what, where, the line, the remedy; and nothing in the data can forge any of it."""

from __future__ import annotations

import json
import re

from ciopt.errors import Location, Problem
from ciopt.report.problems import problem_records, render_problems

UNKNOWN_KEY = Problem(
    "E101",
    "unknown key 'budjet'",
    ("partners", 2, "budjet"),
    "did you mean 'budget'?",
    Location("cocoa.json", 14, 9),
    '  "budjet": 250\n  ^^^^^^^^',
)


def at(line: int, code: str = "E100") -> Problem:
    return Problem(code, f"wrong {line}", location=Location("cocoa.json", line, 1))


def test_a_problem_is_shown_as_compilers_do() -> None:
    assert render_problems([UNKNOWN_KEY]).split("\n") == [
        "error[E101] partners[2].budjet: unknown key 'budjet'",
        "  --> cocoa.json:14:9",
        "   |",
        '14 |   "budjet": 250',
        "   |   ^^^^^^^^",
        "  help: did you mean 'budget'?",
        "",
        "1 error",
    ]


def test_without_problems_there_is_nothing_to_show() -> None:
    assert render_problems([]) == ""
    assert problem_records([]) == []


def test_the_order_is_the_order_of_the_file() -> None:
    shown = render_problems([at(10), at(9, "W201"), at(2)])
    assert re.findall(r"wrong \d+", shown) == ["wrong 2", "wrong 9", "wrong 10"]
    assert shown.endswith("2 errors, 1 warning")


def test_what_is_too_much_is_counted_and_errors_come_first() -> None:
    problems = [at(line, "W201") for line in range(1, 1101)] + [at(2000)]
    shown = render_problems(problems, limit=3)
    assert re.findall(r"wrong \d+", shown) == ["wrong 1", "wrong 2", "wrong 2000"]
    assert "\n… and 1,098 more problems\n" in shown
    assert shown.endswith("1 error, 1,100 warnings")
    assert len(re.findall("wrong", render_problems(problems))) == 50


def test_colour_changes_nothing_but_colour() -> None:
    coloured = render_problems([UNKNOWN_KEY], colour=True)
    assert "\x1b[1;31merror" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured) == render_problems([UNKNOWN_KEY])


def test_a_cell_of_a_workbook_is_a_place() -> None:
    problem = Problem("E103", "expected a number", location=Location("cocoa.xlsx", cell="places!C4"))
    assert "--> cocoa.xlsx:places!C4" in render_problems([problem])
    assert problem_records([problem])[0]["cell"] == "places!C4"


def test_hostile_text_cannot_forge_a_line() -> None:
    evil = "x\nerror[E999] \x1b[2J\x1b]8;;http://x\x07 \u202egnp \x9b31m \u2028 \ud800 \r"
    problem = Problem(
        evil, evil, (evil, 1), evil, Location(evil, 1, 1, cell=evil), f"{evil.replace(chr(10), '')}\n^"
    )
    shown = render_problems([problem])
    assert len(shown.split("\n")) == len(render_problems([UNKNOWN_KEY]).split("\n"))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2028\ud800]", shown)
    shown.encode()
    json.dumps(problem_records([problem]))


def test_endless_text_is_cut() -> None:
    long = "x" * 1_000_000
    assert len(render_problems([Problem("E100", long, (long,), long, None, long)])) < 3000


def test_records_hold_what_programs_need() -> None:
    assert problem_records([UNKNOWN_KEY]) == [
        {
            "code": "E101",
            "severity": "error",
            "path": "partners[2].budjet",
            "message": "unknown key 'budjet'",
            "help": "did you mean 'budget'?",
            "file": "cocoa.json",
            "line": 14,
            "column": 9,
            "excerpt": '  "budjet": 250',
        }
    ]
