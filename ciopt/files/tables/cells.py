"""What stands in one cell: numbers, lists, quantities, estimates, codes; exact, and never guessed.

Every form is read back as it was written. Text that a cell would change or hide is written as JSON text,
``"…"``; an empty list is ``[]``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ciopt.errors import InvalidInput, did_you_mean
from ciopt.files.json_text import JsonDocument
from ciopt.files.tables.shape import Kind

LONGEST_CELL = 32_767
"""Most characters in a cell of a workbook."""


@dataclass(frozen=True)
class Fault:
    """A cell that says nothing that could be read, and what to do about it."""

    message: str
    help: str = ""


Cell = str | int | Decimal | bool | Fault | None


class Unclear(Exception):
    """A cell that does not hold what its column is for."""

    def __init__(self, code: str, message: str, help: str = "") -> None:
        super().__init__(message)
        self.code, self.message, self.help = code, message, help


_NUMBER = re.compile(r"[+-]?[0-9]{1,40}(\.[0-9]{1,40})?")
_MINUS = re.compile(r"(?<![*×\s])\s+-\s+(?=[0-9])")  # an attribute may be called -
_COMMA = re.compile(r"[+-]?[0-9]+,[0-9]+")
_TERM = re.compile(r"([+-]?[0-9.]+)\s*[*×]\s*([A-Za-z0-9_.\-]+)")
_ESTIMATE = re.compile(r"(?P<amount>[^\[(]*)(\[(?P<range>[^\]]*)\])?\s*(\((?P<evidence>[^)]*)\))?")
_SEPARATORS = re.compile(r"[,;\n]")
_HIDDEN = "\u200b\u200c\u200d\u2060\ufeff"
_NEEDS_QUOTES = re.compile('^"|[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029\ufffe\uffff]|_x[0-9A-Fa-f]{4}_')
_NEVER = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff]")
_YES_NO = {"true": True, "yes": True, "false": False, "no": False}
_JSON_STARTS = ("{", "[", '"')


def trimmed(text: str) -> str:
    r"""Return a text without the space around it, the hidden kinds too.

    Examples
    --------
    >>> trimmed("\u00a0mars \u200b")
    'mars'
    """
    return text.strip().strip(_HIDDEN).strip()


def is_blank(cell: Cell) -> bool:
    """Whether nothing is said in a cell."""
    return cell is None or (isinstance(cell, str) and not trimmed(cell))


def read_cell(kind: Kind, cell: Cell, choices: tuple[str, ...] = ()) -> Any:
    """Return what a cell that is not blank says, as plain data.

    Raises
    ------
    Unclear
        If it does not hold what its column is for.

    Examples
    --------
    >>> read_cell("quantity", "120000 + 45000 * km")
    {'fixed': 120000, 'per': {'km': 45000}}
    """
    if isinstance(cell, Fault):
        raise Unclear("E009", cell.message, cell.help)
    found = _READERS[kind](cell)
    if choices:
        for word in found if isinstance(found, list) else [found]:
            if word not in choices:
                help_ = did_you_mean(str(word), choices)
                raise Unclear("E107", f"found {word!r}; allowed: {', '.join(choices)}", help_)
    return found


def write_cell(kind: Kind, value: Any) -> Cell:
    """Return the cell that says a value; the inverse of `read_cell`."""
    if isinstance(value, bool):
        return value if kind == "flag" else json.dumps(value)
    if isinstance(value, (int, Decimal)):
        return value
    if kind == "json":
        return _json_cell(value)
    if isinstance(value, str):
        return value if kind != "text" else _quoted_if_needed(value)
    if kind == "refs":
        return _refs_cell(value)
    if isinstance(value, (list, tuple)):
        separator = "; " if kind == "numbers" else ", "
        return separator.join(map(_plain, value)) if value else "[]"
    if kind == "quantity" and value:
        return _quantity_text(value)
    if kind == "estimate" and value:
        return _estimate_text(value)
    return "{}"


def cell_text(text: str) -> str:
    r"""Return a text as a cell can show it: no control characters, no longer than a cell holds.

    Examples
    --------
    >>> cell_text("a\x00b")
    'a�b'
    """
    return _NEVER.sub("\ufffd", text)[:LONGEST_CELL]


def exact(text: str) -> int | Decimal | None:
    """Return the number that a text is, written with a point; None if it is none."""
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text)
    return int(number) if number == number.to_integral_value() else number


def _number(cell: Cell) -> Any:
    if isinstance(cell, bool):
        raise Unclear("E103", f"expected a number, found {str(cell).upper()}")
    if not isinstance(cell, str):
        return cell
    text = trimmed(cell)
    number = exact(text)
    if number is None:
        raise Unclear("E103", f"expected a number, found the text {text[:40]!r}", _number_help(text))
    return number


def _number_help(text: str) -> str:
    if "%" in text:
        return "write a share as a number: 0.8 for 80 %"
    if _COMMA.fullmatch(text):
        return "a comma may mean a fraction or a thousand: write 1.5 with a point, 1500 without a comma"
    return "write digits and a point: 2500000 or 0.25"


def _amount(cell: Cell) -> Any:
    return {} if isinstance(cell, str) and trimmed(cell) == "{}" else _number(cell)


def _nothing(cell: Cell) -> Any:
    if isinstance(cell, str) and trimmed(cell) == "{}":
        return {}
    raise Unclear("E100", "this cell is for {} only; what is said goes into the columns that go on after it")


def _flag(cell: Cell) -> bool:
    if isinstance(cell, bool):
        return cell
    found = _YES_NO.get(trimmed(cell).lower()) if isinstance(cell, str) else None
    if found is None:
        raise Unclear("E100", f"expected TRUE or FALSE, found {cell}")
    return found


def _word(cell: Cell) -> str:
    """Read an id or a word of a list: a number is its digits."""
    if isinstance(cell, bool):
        raise Unclear("E106", f"expected an id, found {str(cell).upper()}", "format the cell as text")
    return _plain(cell) if not isinstance(cell, str) else trimmed(cell)


def _text(cell: Cell) -> str:
    if isinstance(cell, bool):
        raise Unclear("E100", f"expected text, found {str(cell).upper()}", "format the cell as text")
    if not isinstance(cell, str):
        return _plain(cell)
    if cell.startswith('"') and cell.endswith('"'):
        try:
            return str(json.loads(cell))
        except ValueError:
            pass
    return cell


def _words(cell: Cell) -> Any:
    if not isinstance(cell, str):
        return [_word(cell)]
    text = trimmed(cell)
    if text in ("*", "[]"):
        return "*" if text == "*" else []
    words = [trimmed(part) for part in _SEPARATORS.split(text)]
    if not all(words):
        raise Unclear("E106", f"an id is missing between the commas of {text[:60]!r}")
    return words


def _numbers(cell: Cell) -> list[Any]:
    if not isinstance(cell, str):
        return [_number(cell)]
    text = trimmed(cell)
    return [] if text == "[]" else [_number(part) for part in text.split(";")]


def _quantity(cell: Cell) -> Any:
    if not isinstance(cell, str):
        return _number(cell)
    text = trimmed(cell)
    number = exact(text)
    if number is not None:
        return number
    fixed: int | Decimal | None = None
    per: dict[str, int | Decimal] = {}
    for part in _MINUS.sub(" + -", text).split("+"):
        number, name = _term(part.strip(), text)
        if name in per or (not name and fixed is not None):
            raise Unclear("E100", f"{name or 'a number'} is there twice in {text[:60]!r}", _QUANTITY_HELP)
        if name:
            per[name] = number
        else:
            fixed = number
    return ({} if fixed is None else {"fixed": fixed}) | {"per": per}


_QUANTITY_HELP = "write a number, or 120000 + 45000 * km"


def _term(part: str, whole: str) -> tuple[int | Decimal, str]:
    match = _TERM.fullmatch(part)
    number = exact(match[1] if match else part)
    if number is None:
        help_ = _number_help(part) if _COMMA.fullmatch(part) else _QUANTITY_HELP
        raise Unclear("E103", f"expected a number or a quantity, found {whole[:60]!r}", help_)
    return number, match[2] if match else ""


def _estimate(cell: Cell) -> Any:
    if not isinstance(cell, str):
        return _number(cell)
    match = _ESTIMATE.fullmatch(trimmed(cell))
    if match is None:
        help_ = "write a quantity, and [low; high] and (evidence) if known: 15200 [0.6; 1.4] (moderate)"
        raise Unclear("E103", f"expected an estimate, found {cell[:60]!r}", help_)
    amount = _quantity(match["amount"])
    said: dict[str, Any] = {}
    if match["range"] is not None:
        said["range"] = _numbers(match["range"])
    if match["evidence"] is not None:
        said["evidence"] = trimmed(match["evidence"])
    return combined(amount, said)


def combined(amount: Any, said: dict[str, Any]) -> Any:
    """Put a quantity and what is known of it together."""
    if not said:
        return amount
    return (amount if isinstance(amount, dict) else {"fixed": amount}) | said


def _refs(cell: Cell) -> Any:
    text = _word(cell)
    if text.startswith("["):
        return _parsed(text)
    refs = []
    for part in text.split(";"):
        vocabulary, colon, code = part.partition(":")
        if not colon:
            help_ = "write SDG:1; IATI:XM-DAC-928"
            raise Unclear("E100", f"expected codes of vocabularies, found {text[:60]!r}", help_)
        refs.append({"vocabulary": vocabulary.strip(), "code": code.strip()})
    return refs


def _json(cell: Cell) -> Any:
    if not isinstance(cell, str):
        return cell
    text = cell.strip()
    if text.startswith(_JSON_STARTS):
        return _parsed(text)
    try:
        return JsonDocument(text, "").data
    except InvalidInput:
        return cell


def _parsed(text: str) -> Any:
    try:
        return JsonDocument(text, "").data
    except InvalidInput as error:
        raise Unclear("E003", f"not JSON: {error.problems[0].message}", error.problems[0].help) from None


_READERS: dict[Kind, Callable[[Cell], Any]] = {
    "id": _word,
    "text": _text,
    "number": _number,
    "amount": _amount,
    "flag": _flag,
    "ids": _words,
    "numbers": _numbers,
    "quantity": _quantity,
    "estimate": _estimate,
    "refs": _refs,
    "json": _json,
    "none": _nothing,
}


def _plain(value: Any) -> str:
    return f"{value:f}" if isinstance(value, Decimal) else str(value)


def _quoted_if_needed(text: str) -> str:
    needs = not trimmed(text) or _NEEDS_QUOTES.search(text)
    return json.dumps(text).replace("_x", "\\u005fx") if needs else text


def _quantity_text(value: dict[str, Any]) -> str:
    fixed = [_plain(value["fixed"])] if "fixed" in value else []
    return " + ".join(
        [*fixed, *(f"{_plain(number)} * {name}" for name, number in value.get("per", {}).items())]
    )


def _estimate_text(value: dict[str, Any]) -> str:
    parts = [_quantity_text(value) or "0"]
    if "range" in value:
        parts.append("[" + "; ".join(map(_plain, value["range"])) + "]")
    return " ".join([*parts, *([f"({value['evidence']})"] if "evidence" in value else [])])


def _refs_cell(refs: Any) -> str:
    text = "; ".join(f"{ref['vocabulary']}:{ref['code']}" for ref in refs)
    try:
        is_same = bool(refs) and _refs(text) == [dict(ref) for ref in refs]
    except Unclear:
        is_same = False
    return text if is_same and not _NEEDS_QUOTES.search(text) else json.dumps([dict(ref) for ref in refs])


def _json_cell(value: Any) -> str:
    from_text = isinstance(value, str) and trimmed(value) and not _NEEDS_QUOTES.search(value)
    try:
        if from_text and _json(value) == value:
            return str(value)
    except Unclear:
        pass
    return _json_text(value)


def _json_text(value: Any) -> str:
    """Write JSON on one line, numbers digit by digit, other letters than ASCII escaped."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_json_text(key)}: {_json_text(item)}" for key, item in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(_json_text, value)) + "]"
    if isinstance(value, Decimal):
        return _plain(value)
    return json.dumps(value).replace("_x", "\\u005fx") if isinstance(value, str) else json.dumps(value)
