"""Whatever the bytes: the data, or located problems, and nothing else."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from ciopt.errors import InvalidInput, Path, Problem
from ciopt.files import dump, locate, read_document
from ciopt.files.json_scan import Scanner
from ciopt.files.json_text import _STRICT, JsonDocument
from ciopt.files.json_tokens import MAX_EXPONENT, MAX_NUMBER_LENGTH
from ciopt.files.places import MAX_DEPTH
from ciopt.files.source import SourceText
from ciopt.instance import parse
from ciopt.report.problems import problem_records, render_problems

SAMPLE = """{"ciopt": 1, "name": "Caf\\u00e9 \\ud83c\\udf31", "currency": "USD", "periods": ["2027", "2028"],
  "places": [{"id": "soubre", "group": "west", "attributes": {"population": 21000, "farmers": 9.5e2}}],
  "indicators": [{"id": "income", "weight": 0.01}], "partners": [{"id": "mars", "roles": ["implementing"],
  "budget": {"2027": 1000, "2028": 0.5}}], "interventions": [{"id": "road", "cost": {"fixed": 1, "per":
  {"farmers": 2}}, "impact": {"income": {"fixed": 3, "range": [0.6, 1.4], "evidence": "weak"}}}],
  "capabilities": [{"partner": "mars", "intervention": "road", "places": "*", "periods": ["2027"]}],
  "rules": [{"at_most": 1, "of": ["road"], "within": "place"}], "scenarios": {"more": {"set":
  {"partners.mars.budget": null}}}, "agenda": {"maximize": "value", "targets": []}, "baseline": [true]}"""
_WORDS = [
    "NaN",
    "null",
    "1e999",
    "\\u",
    "\\ud800",
    "\\udc00",
    "//",
    "/*",
    "*/",
    "\u202e",
    "\ufeff",
    "１",
    "é",
    "“",
]
SPLINTERS = st.sampled_from(
    [*"{}[]:,\"'\\/#-+.eE0123456789 \n\t\r\x00\x1f\x7f\u00a0", *_WORDS, "é", '"a": 1,', "{}", "[]", "9" * 300]
)
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.decimals(allow_nan=False, allow_infinity=False, min_value=-(10**15), max_value=10**15, places=6)
    | st.text(max_size=8),
    lambda children: (
        st.lists(children, max_size=4) | st.dictionaries(st.text(max_size=4), children, max_size=4)
    ),
    max_leaves=15,
)


def same(data: Any) -> Any:
    return data


def check(raw: bytes, parse: Callable[[Any], Any] = same) -> Any:
    """Read it; whatever happens has a place and can be shown."""
    try:
        return read_document(io.BytesIO(raw), parse, name="x.json")
    except InvalidInput as error:
        refusal = error
    assert refusal.problems
    assert all(problem.location and "\n" not in problem.message for problem in refusal.problems)
    shown = render_problems(refusal.problems)
    assert "\x1b" not in shown
    shown.encode()
    json.dumps(problem_records(refusal.problems))
    return refusal


def stdlib(text: str) -> Any:
    """What the standard library makes of it, made as strict as it goes; None if it refuses."""

    def unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            raise ValueError
        return dict(pairs)

    def bounded(number: str) -> Decimal:
        exponent = number.lower().partition("e")[2]
        if len(number) > MAX_NUMBER_LENGTH or abs(int(exponent or 0)) > MAX_EXPONENT:
            raise ValueError
        return Decimal(number)

    def refuse(constant: str) -> None:
        raise ValueError

    try:
        data = json.loads(
            text, parse_float=bounded, parse_int=bounded, parse_constant=refuse, object_pairs_hook=unique
        )
        json.dumps(data, ensure_ascii=False, default=str).encode()
    except ValueError:
        return None
    return [data]


@given(st.binary(max_size=200))
@example(b"\xef\xbb\xbf")
@example(b"\x00")
def test_any_bytes(raw: bytes) -> None:
    check(raw)


@given(st.lists(SPLINTERS, max_size=30).map("".join))
@example('"\\\\\\ud83c\\udf31"')
@settings(max_examples=1000)
def test_any_soup_of_tokens_is_read_as_the_standard_library_does(text: str) -> None:
    """With a byte order mark left aside, which it does not know."""
    result, expected = check(text.encode()), stdlib(text.removeprefix("\ufeff"))
    assert isinstance(result, InvalidInput) if expected is None else [result] == expected


@given(st.data())
@settings(max_examples=500)
def test_any_mutation_of_an_instance(data: st.DataObject) -> None:
    text = SAMPLE
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 8))
        text = text[:start] + data.draw(SPLINTERS | st.just("")) + text[end:]
    result, expected = check(text.encode()), stdlib(text.removeprefix("\ufeff"))
    assert isinstance(result, InvalidInput) if expected is None else [result] == expected
    check(text.encode(), parse)


@given(VALUES, st.sampled_from([None, 0, 2]), st.booleans())
def test_valid_json_is_read_as_it_was_written(data: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(data, indent=indent, ensure_ascii=ascii_only, default=float)
    assert [JsonDocument(text, "x").data] == stdlib(text)
    assert not Scanner(SourceText(text, "x"), _STRICT).scan()


def paths(data: Any, here: Path = ()) -> list[tuple[Path, Any]]:
    items: list[tuple[str | int, Any]] = []
    if isinstance(data, dict):
        items = list(data.items())
    elif isinstance(data, list):
        items = list(enumerate(data))
    return [(here, data), *(found for key, item in items for found in paths(item, (*here, key)))]


def offset(text: str, problem: Problem) -> int:
    assert problem.location
    assert problem.location.line
    assert problem.location.column
    lines = text.replace("\r\n", " \n").replace("\r", "\n").split("\n")
    return sum(len(line) + 1 for line in lines[: problem.location.line - 1]) + problem.location.column - 1


@given(VALUES, st.sampled_from(["", "\n", "\r\n", " \r"]), st.booleans())
def test_every_path_leads_to_its_own_text(data: Any, gap: str, ascii_only: bool) -> None:
    """From the place given, the standard library reads exactly the value (or the key) of the path."""
    separators = ("," + gap, ":" + gap)
    text = json.dumps(data, separators=separators, ensure_ascii=ascii_only, default=float)
    everything = paths(JsonDocument(text, "x").data)
    values = locate([Problem("E100", "wrong", path) for path, _ in everything], text, "x")
    for problem, (_, value) in zip(values, everything, strict=True):
        assert _STRICT.raw_decode(text, offset(text, problem))[0] == value
    keyed = [path for path, _ in everything if path and isinstance(path[-1], str)]
    for problem in locate([Problem("E101", f"unknown key {p[-1]!r}", p) for p in keyed], text, "x"):
        assert _STRICT.raw_decode(text, offset(text, problem))[0] == problem.path[-1]


@given(VALUES)
def test_what_dump_writes_is_read_again(data: Any) -> None:
    assert JsonDocument(dump(data), "x").data == data


@given(st.integers(0, 200))
def test_every_depth_is_read_or_refused(depth: int) -> None:
    result = check(b"[" * depth + b"1" + b"]" * depth)
    assert isinstance(result, InvalidInput) == (depth > MAX_DEPTH)
