"""E1xx: data whose shape is wrong. Every code, with the place and the remedy."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.errors import format_path
from tests.instance.faults import GONE, Where, broken, problems_of, whole

Case = tuple[str, Where, Any, str]
BUDGET: Where = ("partners", 0, "budget")

CASES: list[Case] = [
    # code, where, what is put there, part of message or help
    ("E100", ("places",), {"id": "soubre"}, "expected a list, found an object"),
    ("E100", ("places", 0), "soubre", "expected an object, found the text 'soubre'"),
    ("E100", ("currency",), "dollars", "a three-letter currency code such as USD"),
    ("E100", ("rules", 1, "excludes"), "road", "expected a list"),
    ("E100", ("funds", 0, "carry_over"), 1, "expected true or false, found 1"),
    ("E101", ("partners", 0, "bugdet"), 1, "did you mean 'budget'?"),
    ("E101", ("agenda", "risk"), {"hwo": "cvar"}, "did you mean 'how'?"),
    ("E101", ("xyzzy",), 1, "known here: agenda"),
    ("E101", ("interventions", 0, "cost", "fixd"), 1, "did you mean 'fixed'?"),
    ("E102", ("partners", 0, "id"), GONE, "the key 'id' is missing"),
    ("E102", ("places",), GONE, "the key 'places' is missing"),
    ("E102", ("funds", 0, "amount"), GONE, "the key 'amount' is missing"),
    ("E103", ("indicators", 0, "weight"), "2", "write numbers without quotes"),
    ("E103", ("indicators", 0, "weight"), True, "expected a number, found true"),
    ("E103", ("indicators", 0, "weight"), None, "expected a number, found null"),
    ("E103", ("indicators", 0, "weight"), float("nan"), "expected a finite number"),
    ("E103", ("indicators", 0, "weight"), Decimal("Infinity"), "expected a finite number"),
    ("E103", ("indicators", 0, "weight"), Decimal(10) ** 15, "between -10^15 and 10^15"),
    ("E103", BUDGET, [1], "expected a number or an object, found a list"),
    ("E104", ("indicators", 0, "weight"), Decimal("0.1234567"), "round it to 6 digits after the point"),
    ("E105", ("interventions", 0, "lag"), -1, "a whole number of at least 0, found -1"),
    ("E105", ("interventions", 0, "lag"), Decimal("0.5"), "found 0.5"),
    ("E106", ("places", 0, "id"), "Soubré", "U+00E9, LATIN SMALL LETTER E WITH ACUTE"),
    ("E106", ("places", 0, "id"), "", "an id cannot be empty"),
    ("E106", ("places", 0, "id"), 7, "expected an id (text), found 7"),
    ("E106", ("places", 0, "id"), "a" * 201, "at most 200 characters"),
    ("E106", ("periods", 0), "2027 ", "U+0020, SPACE"),
    ("E107", ("overlaps", 0, "how"), "ramdom", "did you mean 'random'?"),
    ("E107", ("partners", 0, "roles", 0), "implementer", "did you mean 'implementing'?"),
    ("E107", ("synergies", 0, "within"), "region", "allowed: 'place', 'neighbours' or 'group'"),
    ("E107", ("rules", 1, "within"), "region", "'place', 'neighbours', 'group' or 'all'"),
    ("E107", ("rules", 0, "requires", "within"), "region", "'place', 'neighbours', 'group' or 'all'"),
    ("E101", ("rules", 1, "wihtin"), "group", "did you mean 'within'?"),
    ("E101", ("rules", 0, "requires", "befor"), True, "did you mean 'before'?"),
    ("E102", ("rules", 2, "of"), GONE, "the key 'of' is missing"),
    ("E106", ("rules", 1, "excludes", 0), "the road", "U+0020, SPACE"),
    ("E108", ("rules", 0), {"forbids": ["road"]}, "exactly one of the keys requires, excludes"),
    ("E108", ("rules", 0), {"at_most": 1, "at_least": 1, "of": ["road"]}, "exactly one of the keys"),
]


@pytest.mark.parametrize(
    ("code", "where", "value", "said"), CASES, ids=[f"{case[0]} {format_path(case[1])}" for case in CASES]
)
def test_wrong_shape_is_named_where_it_is(code: str, where: Where, value: Any, said: str) -> None:
    path = (*where, "hwo") if value == {"hwo": "cvar"} else where
    found = problems_of(broken((where, value)))
    assert [(problem.code, problem.path) for problem in found] == [(code, path)]
    assert said in f"{found[0].message}; {found[0].help}"


@pytest.mark.parametrize(
    ("data", "code", "said"),
    [
        ([], "E100", "an instance is an object, found a list"),
        (None, "E100", "found null"),
        ({}, "E109", 'start the file with "ciopt": 1'),
        ({"ciopt_plan": 1}, "E109", "this is a plan; give the instance"),
        ({"ciopt": 2}, "E109", "this program reads version 1"),
        ({"ciopt": True}, "E109", "is true"),
        ({"ciopt": "1"}, "E109", "is the text '1'"),
    ],
)
def test_what_is_no_instance_is_told_what_it_looks_like(data: object, code: str, said: str) -> None:
    (problem,) = problems_of(data)
    assert problem.code == code
    assert said in f"{problem.message}; {problem.help}"


def test_all_problems_of_shape_come_at_once() -> None:
    found = problems_of(broken((BUDGET, "1"), (("places", 1, "nam"), ""), (("interventions", 0, "id"), GONE)))
    assert sorted(problem.code for problem in found) == ["E101", "E102", "E103"]


def test_trailing_zeros_are_not_digits() -> None:
    assert not problems_of(broken((("indicators", 0, "weight"), Decimal("0.123456000"))))


def test_the_whole_instance_is_valid() -> None:
    assert not problems_of(whole())
