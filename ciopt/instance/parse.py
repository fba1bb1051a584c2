"""From plain data to an `Instance`: shape first, then sense, all problems at once."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from ciopt.errors import InvalidInput, Path, Problem, did_you_mean
from ciopt.instance.base import describe
from ciopt.instance.checks import check
from ciopt.instance.model import Instance

FORMAT_VERSION = 1

_CODES = {
    "extra_forbidden": "E101",
    "missing": "E102",
    "number": "E103",
    "digits": "E104",
    "count": "E105",
    "id": "E106",
    "literal_error": "E107",
    "rule": "E108",
}
_OTHER_SHAPE = "E100"
_HELP = {"E104": "round it to 6 digits after the point"}


def parse(data: object) -> Instance:
    """Check plain data (as `json` gives it, with Decimals for fractions) and make an `Instance`.

    Raises
    ------
    InvalidInput
        With every problem found. Problems of shape (types, unknown keys) come alone; when the shape
        is right, all problems of sense (references, sums, cycles) come together.

    Examples
    --------
    >>> parse({"ciopt": 1, "currency": "USD", "places": [{"id": "soubre"}], "indicators": [{"id": "income"}],
    ...        "partners": [{"id": "mars"}], "interventions": [], "capabilities": []}).places[0].id
    'soubre'
    """
    if not isinstance(data, Mapping):
        raise InvalidInput([Problem(_OTHER_SHAPE, f"an instance is an object, found {describe(data)}")])
    version = data.get("ciopt")
    if not isinstance(version, (int, float)) or version != FORMAT_VERSION or isinstance(version, bool):
        raise InvalidInput([_wrong_version(data)])
    try:
        instance = Instance.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(_shape_problems(error, data)) from None
    problems = check(instance)
    if problems:
        raise InvalidInput(problems)
    return instance


def _wrong_version(data: Mapping[str, Any]) -> Problem:
    if "ciopt" not in data:
        help_ = 'start the file with "ciopt": 1'
        if "ciopt_plan" in data:
            help_ = "this is a plan; give the instance it was made from"
        return Problem("E109", 'the key "ciopt" (version of the format) is missing', (), help_)
    return Problem("E109", f'"ciopt" is {describe(data["ciopt"])}; this program reads version 1', ("ciopt",))


def _shape_problems(error: ValidationError, data: object) -> list[Problem]:
    """Translate pydantic's records, one problem a place in the data."""
    found: dict[Path, list[dict[str, Any]]] = {}
    for record in error.errors(include_url=False):
        path = _walk(
            _without_tag(record["loc"]), data, keep_last=record["type"] in ("missing", "extra_forbidden")
        )
        found.setdefault(path, []).append(dict(record))
    return [_shape_problem(path, records, data) for path, records in found.items()]


def _without_tag(loc: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Drop the kind of a rule: pydantic puts it before the field, and a field may be called the same."""
    return (*loc[:2], *loc[3:]) if loc[:1] == ("rules",) and loc[2:3] != () else loc


def _walk(loc: tuple[str | int, ...], data: object, keep_last: bool) -> Path:
    """Keep the parts of pydantic's location that exist in the data: names of union branches do not."""
    path: list[str | int] = []
    here: Any = data
    for number, part in enumerate(loc):
        is_last = number == len(loc) - 1
        is_key = isinstance(here, Mapping) and isinstance(part, str) and part in here
        is_item = isinstance(here, (list, tuple)) and isinstance(part, int) and part < len(here)
        if is_key or is_item:
            here = here[part]
        elif not (is_last and keep_last):
            continue
        path.append(part)
    return tuple(path)


def _shape_problem(path: Path, records: list[dict[str, Any]], data: object) -> Problem:
    """Say one thing about one place, even where several branches of a union failed."""
    record = records[0]
    value, kind = record["input"], record["type"]
    code = _CODES.get(kind, _OTHER_SHAPE)
    if kind == "extra_forbidden":
        known = list(dict.fromkeys(_known_keys(path[:-1])))
        suggestion = did_you_mean(str(path[-1]), known)
        help_ = suggestion or ("known here: " + ", ".join(sorted(known)) if known else "")
        return Problem(code, f"unknown key {path[-1]!a}", path, help_)
    if kind == "missing":
        return Problem(code, f"the key {path[-1]!a} is missing", path)
    if len(records) > 1 and not isinstance(value, Mapping):
        shapes = " or ".join(dict.fromkeys(_expected(each) for each in records))
        return Problem(code, f"expected {shapes}, found {describe(value)}", path, _help(code, value))
    if kind == "literal_error":
        allowed = str(record["ctx"]["expected"])
        names = [name.strip("'") for name in allowed.replace(" or ", ", ").split(", ")]
        help_ = did_you_mean(str(value), names) if isinstance(value, str) else ""
        return Problem(code, f"found {describe(value)}; allowed: {allowed}", path, help_)
    if code == _OTHER_SHAPE:
        return Problem(code, f"expected {_expected(record)}, found {describe(value)}", path)
    return Problem(code, str(record["msg"]), path, _help(code, value))


def _help(code: str, value: object) -> str:
    if code == "E103" and isinstance(value, str):
        return "write numbers without quotes: 2500000"
    return _HELP.get(code, "")


def _expected(record: dict[str, Any]) -> str:
    kinds = {
        "number": "a number",
        "digits": "a number",
        "dict_type": "an object",
        "model_type": "an object",
        "model_attributes_type": "an object",
        "tuple_type": "a list",
        "string_type": "text",
        "bool_type": "true or false",
        "literal_error": str(record.get("ctx", {}).get("expected", "")),
        "string_pattern_mismatch": "a three-letter currency code such as USD",
    }
    return kinds.get(record["type"]) or str(record["msg"])


def _known_keys(path: Path) -> Iterator[str]:
    """List the keys that the record at a path may have."""
    models: list[Any] = [Instance]
    for part in path:
        models = [model for each in models for model in _step(each, part)]
    for model in models:
        if isinstance(model, type) and issubclass(model, BaseModel):
            for name, field in model.model_fields.items():
                yield field.alias or name


def _step(model: Any, part: str | int) -> Iterator[Any]:
    """Follow one part of a path through the types of the format."""
    if isinstance(model, type) and issubclass(model, BaseModel):
        for name, field in model.model_fields.items():
            if part == (field.alias or name):
                yield from _unwrap(field.annotation)
    elif typing.get_origin(model) is tuple and isinstance(part, int):
        yield from _unwrap(typing.get_args(model)[0])
    elif typing.get_origin(model) is dict:
        yield from _unwrap(typing.get_args(model)[1])


def _unwrap(annotation: Any) -> Iterator[Any]:
    """Open unions and annotations."""
    origin = typing.get_origin(annotation)
    if origin is typing.Annotated:
        yield from _unwrap(typing.get_args(annotation)[0])
    elif origin in (typing.Union, types.UnionType):
        for branch in typing.get_args(annotation):
            yield from _unwrap(branch)
    else:
        yield annotation
