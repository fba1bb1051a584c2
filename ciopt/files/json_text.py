"""Strict JSON: exact numbers, no duplicate keys, and every fault with its place in the file."""

from __future__ import annotations

import json
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from ciopt.errors import InvalidInput, Path, Problem
from ciopt.files.json_scan import Scanner
from ciopt.files.json_tokens import MAX_EXPONENT, MAX_NUMBER_LENGTH, has_lone_surrogates, number_fault
from ciopt.files.places import MAX_DEPTH, Wanted, is_deeper_than
from ciopt.files.source import SourceText


class JsonDocument:
    """A JSON text and the plain data it stands for: dicts, lists, text, ints, Decimals, booleans, None.

    Parameters
    ----------
    text
        The JSON text.
    file
        Its name, for messages.

    Raises
    ------
    InvalidInput
        With every fault of writing up to the first after which the text makes no sense.

    Examples
    --------
    >>> JsonDocument('{"weight": 0.10}', "cocoa.json").data
    {'weight': Decimal('0.10')}
    """

    def __init__(self, text: str, file: str) -> None:
        self._source = SourceText(text, file)
        self.data = self._parse()

    def locate(self, problems: Iterable[Problem]) -> list[Problem]:
        """Give each problem that has none its place in the file and the text that stands there."""
        problems = list(problems)
        root = Wanted()
        for problem in problems:
            root.add(problem.path)
        Scanner(self._source, _STRICT, root, is_sound=True).scan()
        return [problem if problem.location else self._locate(problem, root) for problem in problems]

    def _locate(self, problem: Problem, root: Wanted) -> Problem:
        node, is_whole = root.nearest(problem.path)
        span = node.value
        if is_whole and node.key and problem.path and _quotes(problem.message, problem.path):
            span = node.key
        return self._source.mark(problem, span) if span else problem

    def _parse(self) -> Any:
        text = self._source.text
        try:
            data = _STRICT.decode(text)
        except (ValueError, RecursionError) as error:
            raise self._explained(error) from None
        if is_deeper_than(data, MAX_DEPTH) or has_lone_surrogates(text, 0, len(text)):
            raise self._explained(ValueError("not strict JSON"))
        return data

    def _explained(self, error: Exception) -> Exception:
        problems = Scanner(self._source, _STRICT).scan()
        if problems:
            return InvalidInput(problems)
        if isinstance(error, RecursionError):
            return error  # the text is fine: the caller's own stack is nearly full
        position = error.pos if isinstance(error, json.JSONDecodeError) else 0
        return InvalidInput([self._source.mark(Problem("E003", str(error)), (position, position + 1))])


def locate(problems: Iterable[Problem], text: str, file: str) -> list[Problem]:
    """Give problems with a path their places in a JSON text.

    A problem that quotes the last key of its path is shown at that key, others at the value; where a
    path leads to something missing, the object that should hold it is shown.

    Examples
    --------
    >>> found = locate([Problem("E103", "expected a number", ("a", 0))], '{"a": ["x"]}', "cocoa.json")
    >>> str(found[0].location)
    'cocoa.json:1:8'
    """
    return JsonDocument(text, file).locate(problems)


def _quotes(message: str, path: Path) -> bool:
    return repr(path[-1]) in message or ascii(path[-1]) in message


def _whole(number: str) -> int:
    if len(number) > MAX_NUMBER_LENGTH:
        raise ValueError(number_fault(number))
    return int(number)


def _fraction(number: str) -> Decimal:
    """Convert exactly; a huge exponent must not reach arithmetic."""
    if len(number) > MAX_NUMBER_LENGTH or (
        ("e" in number or "E" in number) and abs(int(number.lower().partition("e")[2])) > MAX_EXPONENT
    ):
        raise ValueError(number_fault(number))
    return Decimal(number)


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is not a number")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise ValueError("a key is there twice")
    return data


_STRICT = json.JSONDecoder(
    parse_int=_whole, parse_float=_fraction, parse_constant=_refuse, object_pairs_hook=_unique
)
