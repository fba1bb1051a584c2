"""Documents as text: readable, diff-able, exact; and one canonical form."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ciopt.files import canonical, canonical_sha256, dump, read_instance
from ciopt.files.json_text import JsonDocument
from ciopt.instance import parse


def test_records_take_a_line_each() -> None:
    target = {"indicator": "income", "at_least": Decimal("0.10")}
    data = {
        "ciopt": 1,
        "places": [
            {"id": "soubre", "attributes": {"farmers": 900}},
            {"id": "meagui", "neighbours": ["soubre"]},
        ],
        "agenda": {"maximize": "value", "targets": [target, target]},
        "scenarios": {},
        "periods": ["2027", "2028"],
    }
    assert dump(data) == (
        "{\n"
        '  "ciopt": 1,\n'
        '  "places": [\n'
        '    {"id": "soubre", "attributes": {"farmers": 900}},\n'
        '    {"id": "meagui", "neighbours": ["soubre"]}\n'
        "  ],\n"
        '  "agenda": {\n'
        '    "maximize": "value",\n'
        '    "targets": [\n'
        '      {"indicator": "income", "at_least": 0.10},\n'
        '      {"indicator": "income", "at_least": 0.10}\n'
        "    ]\n"
        "  },\n"
        '  "scenarios": {},\n'
        '  "periods": ["2027", "2028"]\n'
        "}\n"
    )


NUMBERS = {
    "0.10": "0.10",
    "1E+3": "1000",
    "1E-7": "0.0000001",
    "-0.5": "-0.5",
    "1234567890.123456789012345678901234567890": "1234567890.123456789012345678901234567890",
}


@pytest.mark.parametrize(("number", "written"), NUMBERS.items())
def test_numbers_keep_all_their_digits(number: str, written: str) -> None:
    assert dump([Decimal(number)]) == f"[{written}]\n"
    assert JsonDocument(dump(Decimal(number)), "x").data == Decimal(number)


@pytest.mark.parametrize(
    "value", [0.1, {1: 2}, b"x", {1, 2}, Decimal("NaN"), Decimal("Infinity"), Decimal("1e999999999"), 10**500]
)
def test_what_a_document_cannot_hold_is_refused(value: Any) -> None:
    for write in (dump, canonical):
        with pytest.raises((TypeError, ValueError)):
            write({"a": [value]})


def test_text_cannot_turn_the_reading_direction_of_a_file() -> None:
    text = "é 名前 🌱 \u202e \u2028 \x7f \n"
    assert dump(text) == '"é 名前 🌱 \\u202e \\u2028 \\u007f \\n"\n'
    assert JsonDocument(dump(text), "x").data == text


def test_equal_documents_have_one_hash() -> None:
    one = {"b": [1, Decimal("2.50"), True], "a": {"d": Decimal("-0.0"), "c": None}}
    other = {"a": {"c": None, "d": 0}, "b": [Decimal("1.000"), Decimal("25E-1"), True]}
    assert canonical(one) == b'{"a":{"c":null,"d":0},"b":[1,2.5,true]}'
    assert canonical_sha256(one) == canonical_sha256(other)
    assert canonical(100) == canonical(Decimal("1E+2")) == b"100"


@pytest.mark.parametrize("change", [{"a": "1"}, {"a": True}, {"a": [1]}, {"a": None}, {"A": 1}, {}])
def test_different_documents_have_different_forms(change: Any) -> None:
    assert canonical(change) != canonical({"a": 1})


@pytest.mark.parametrize(
    "file",
    sorted(set(Path("instances").rglob("*.json")) - set(Path("instances").rglob("*.plan.json"))),
    ids=str,
)
def test_the_instances_survive_a_round_trip(file: Path) -> None:
    instance = read_instance(file)
    data = instance.to_data()
    again = parse(JsonDocument(dump(data), "x").data)
    assert again == instance
    assert canonical_sha256(again.to_data()) == canonical_sha256(data)
