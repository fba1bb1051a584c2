"""From paths and streams to records: located problems, and helpful words where there is no file."""

from __future__ import annotations

import io
import os
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ciopt.errors import InvalidInput, Problem, UsageError
from ciopt.files import locate, read_document, read_instance, read_plan, read_with_warnings

VALID = """{
  "ciopt": 1, "currency": "USD",
  "places": [{"id": "soubre"}],
  "indicators": [{"id": "income"}],
  "partners": [{"id": "mars", "roles": ["implementing"], "budget": 250.5}],
  "interventions": [{"id": "road", "cost": 100}],
  "capabilities": [{"partner": "mars", "intervention": "road"}]
}
"""


def places(problems: tuple[Problem, ...] | list[Problem]) -> list[str]:
    return [str(problem.location) for problem in problems]


def problems_of(text: str) -> tuple[Problem, ...]:
    with pytest.raises(InvalidInput) as caught:
        read_instance(io.BytesIO(text.encode()), name="cocoa.json")
    return caught.value.problems


def test_an_instance_is_read_from_a_path_or_a_stream(tmp_path: Path) -> None:
    file = tmp_path / "cocoa.JSON"
    file.write_text(VALID, encoding="utf-8")
    instance = read_instance(file)
    assert instance == read_instance(str(file))
    assert instance == read_instance(io.BytesIO(VALID.encode()))
    assert instance.partners[0].budget == Decimal("250.5")


def test_problems_of_shape_are_located() -> None:
    text = VALID.replace('"budget": 250.5', '"budjet": 250.5, "participation_cost": "a lot"')
    number, unknown = sorted(problems_of(text), key=lambda problem: problem.code, reverse=True)
    line = text.split("\n")[4]
    columns = [line.index('"a lot"') + 1, line.index('"budjet"') + 1]
    assert places([number, unknown]) == [f"cocoa.json:5:{column}" for column in columns]
    shown, carets = unknown.excerpt.split("\n")
    assert shown.index('"budjet"') == carets.index("^^^^^^^^")


def test_problems_of_sense_are_located() -> None:
    text = VALID.replace('{"id": "soubre"}', '{"id": "soubre"},\n    {"id": "soubre"}')
    assert places(problems_of(text)) == ["cocoa.json:4:12"]


def test_what_is_missing_is_located_at_what_should_hold_it() -> None:
    text = VALID.replace('"id": "road", ', "")
    assert places(problems_of(text)) == ["cocoa.json:6:21"]
    assert places(problems_of(VALID.replace('"currency": "USD",', ""))) == ["cocoa.json:1:1"]


def test_warnings_are_located(tmp_path: Path) -> None:
    file = tmp_path / "cocoa.json"
    file.write_text(VALID.replace('"mars", "roles": ["implementing"]', '"mars"'), encoding="utf-8")
    instance, doubts = read_with_warnings(file)
    assert instance.partners[0].id == "mars"
    assert f"{file}:7:32" in places(doubts)


def test_a_place_already_known_is_kept() -> None:
    (first,) = locate([Problem("E100", "wrong", ("a",))], '{"a": 1}', "a.json")
    assert locate([first], "[]", "b.json") == [first]


def test_a_plan_is_not_an_instance() -> None:
    assert "solve it first" in read_error(read_plan, VALID).help
    assert "this is a plan" in read_error(read_instance, '{"ciopt_plan": 1}').help


def read_error(read: Any, text: str) -> Problem:
    with pytest.raises(InvalidInput) as caught:
        read(io.BytesIO(text.encode()))
    problem: Problem = caught.value.problems[0]
    assert problem.location
    return problem


def usage(path: str | Path) -> str:
    with pytest.raises(UsageError) as caught:
        read_document(path, lambda data: data)
    return str(caught.value)


def test_a_missing_file_is_named_with_its_neighbours(tmp_path: Path) -> None:
    (tmp_path / "cocoa.json").touch()
    message = usage(tmp_path / "coca.json")
    assert "there is no such file; did you mean 'cocoa.json'?" in message
    assert "no such folder" in usage(tmp_path / "instances" / "cocoa.json")
    (tmp_path / "models").touch()
    assert "folder" in usage(tmp_path / "models" / "cocoa.json")


def test_names_cannot_fool_the_terminal(tmp_path: Path) -> None:
    (tmp_path / "co\x1b[31mcoa.json").touch()
    message = usage(tmp_path / "co\x1b[31mco.json")
    assert "\x1b" not in message
    with pytest.raises(InvalidInput) as caught:
        read_document(tmp_path / "co\x1b[31mcoa.json", lambda data: data)
    assert "\x1b" not in str(caught.value.problems[0].location)


@pytest.mark.parametrize("name", ["a\0b.json", "\ud800.json", "a" * 5000 + ".json", ""])
def test_impossible_names_are_usage_errors(name: str) -> None:
    assert usage(name)


def test_folders_and_other_kinds_are_usage_errors(tmp_path: Path) -> None:
    assert "is a folder" in usage(tmp_path)
    (tmp_path / "cocoa.pdf").touch()
    assert "'.pdf'; supported: .json" in usage(tmp_path / "cocoa.pdf")
    (tmp_path / "loop.json").symlink_to(tmp_path / "loop.json")
    assert usage(tmp_path / "loop.json")


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_no_permission_is_a_usage_error(tmp_path: Path) -> None:
    file = tmp_path / "cocoa.json"
    file.touch(mode=0)
    assert "no permission" in usage(file)


def test_a_stream_that_fails_is_a_usage_error(tmp_path: Path) -> None:
    """As in ``ciopt check - < folder``."""
    folder = os.open(tmp_path, os.O_RDONLY)

    class Stream(io.BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            return os.read(folder, 10)

    with pytest.raises(UsageError, match="cannot read <stdin>: it is a folder"):
        read_document(Stream(), lambda data: data, name="<stdin>")
    os.close(folder)


def test_a_pipe_is_read(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as stream:
        stream.write(b'{"a": 1}')
    try:
        assert read_document(f"/dev/fd/{reader}", lambda data: data) == {"a": 1}
    finally:
        os.close(reader)
