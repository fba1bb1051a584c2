"""Documents as text: one for people and diffs, one canonical form for hashes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from ciopt.files.json_tokens import MAX_NUMBER_LENGTH

_LINE = 100
_INDENT = "  "
_FOOLING = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def dump(data: Any) -> str:
    r"""Write plain data as JSON for people: a record a line, so that diffs show what changed.

    Decimals are written digit by digit as they are, never as floats or with exponents. Characters that
    turn the reading direction or break lines are escaped; other letters stay as they are.

    Raises
    ------
    TypeError, ValueError
        If there is something in it that a document cannot hold: a float, a key that is not text, NaN.

    Examples
    --------
    >>> print(dump({"weight": Decimal("0.10"), "places": [{"id": "soubre"}, {"id": "meagui"}]}), end="")
    {
      "weight": 0.10,
      "places": [
        {"id": "soubre"},
        {"id": "meagui"}
      ]
    }
    """
    if isinstance(data, Mapping) and data:
        return _expanded(data, "") + "\n"
    return _block(data, "", 0) + "\n"


def canonical(data: Any) -> bytes:
    """Return the one form that all equal documents share: sorted keys, no space, shortest numbers.

    Text is not normalised: two spellings of é are two names, here as in the file.

    Examples
    --------
    >>> canonical({"b": Decimal("1.00"), "a": [True, "é"]}).decode()
    '{"a":[true,"é"],"b":1}'
    """
    return _canonical(data).encode("utf-8")


def canonical_sha256(data: Any) -> str:
    """Return the SHA-256 of the canonical form, in hexadecimal digits.

    Examples
    --------
    >>> canonical_sha256({"budget": 1}) == canonical_sha256({"budget": Decimal("1.0")})
    True
    """
    return hashlib.sha256(canonical(data)).hexdigest()


def _block(value: Any, indent: str, used: int) -> str:
    """Write a value on what is left of a line, or over several."""
    is_object, is_list = isinstance(value, Mapping), _is_list(value)
    has_records = is_list and any(isinstance(item, Mapping) or _is_list(item) for item in value)
    if not has_records:
        line = _line(value)
        if not (is_object or is_list) or not value or len(indent) + used + len(line) <= _LINE:
            return line
    return _expanded(value, indent)


def _expanded(value: Any, indent: str) -> str:
    inner = indent + _INDENT
    if isinstance(value, Mapping):
        keys = ((_text(key), item) for key, item in value.items())
        lines = [f"{key}: {_block(item, inner, len(key) + 2)}" for key, item in keys]
        opener, closer = "{", "}"
    else:
        lines = [_line(item) for item in value]
        opener, closer = "[", "]"
    body = ",\n".join(inner + line for line in lines)
    return f"{opener}\n{body}\n{indent}{closer}"


def _line(value: Any) -> str:
    """Write a value on one line, with spaces for the eye."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_text(key)}: {_line(item)}" for key, item in value.items()) + "}"
    if _is_list(value):
        return "[" + ", ".join(map(_line, value)) + "]"
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, str):
        return _text(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, (int, Decimal)):
        return _number(value)
    raise TypeError(f"a document cannot hold a {type(value).__name__}: {str(value)[:60]!r}")


def _text(text: object) -> str:
    if not isinstance(text, str):
        raise TypeError(f"a key is text, not {str(text)[:60]!r}")
    return _FOOLING.sub(lambda match: f"\\u{ord(match.group()):04x}", encode_basestring(text))


def _number(number: int | Decimal) -> str:
    """Write all digits of a number that the reader will accept again."""
    number = Decimal(number)
    if not number.is_finite() or abs(number.adjusted()) > MAX_NUMBER_LENGTH:
        raise ValueError(f"a document cannot hold the number {str(number)[:60]}")
    digits = f"{number:f}"
    if len(digits) > MAX_NUMBER_LENGTH:
        raise ValueError(f"a document cannot hold a number of {len(digits)} characters")
    return digits


def _canonical(value: Any) -> str:
    if isinstance(value, Mapping):
        items = sorted((_text(key), item) for key, item in value.items())
        return "{" + ",".join(f"{key}:{_canonical(item)}" for key, item in items) + "}"
    if _is_list(value):
        return "[" + ",".join(map(_canonical, value)) + "]"
    if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
        digits = _number(value)
        if "." in digits:
            digits = digits.rstrip("0").rstrip(".")
        return "0" if digits == "-0" else digits
    return _scalar(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, (str, bytes))
