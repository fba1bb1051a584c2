"""All small changes of a document: each leaf, each entry of a list, each key of an object."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

from ciopt.instance.base import Words

Path = tuple[str | int, ...]
Mutation = tuple[Path, str, Any]
"""Where, what was done, and the whole document after it."""

Choose = Callable[[Path, str | None], list[str]]
"""Text that a leaf may be swapped for."""

CENT, PICO = Decimal("0.01"), Decimal(1).scaleb(-12)
NUMBERS_BY_KEY = ("impact", "effect", "capacity")
LISTS_OF_TEXT = ("members", "partners", "synergies", "reasons")


def document(record: Any) -> Any:
    """Return a record as plain data with every field said, defaults too."""
    if isinstance(record, Words):
        return {name: document(getattr(record, name)) for name in type(record).model_fields}
    if isinstance(record, tuple):
        return [document(each) for each in record]
    if isinstance(record, dict):
        return {key: document(each) for key, each in record.items()}
    return record


def texts(data: Any) -> set[str]:
    """All text in a document."""
    if isinstance(data, dict):
        return set().union(*map(texts, data.values()))
    if isinstance(data, list):
        return set().union(*map(texts, data))
    return {data} if isinstance(data, str) else set()


def mutations(data: Any, choose: Choose, path: Path = ()) -> Iterator[Mutation]:
    """Change a document in one place at a time."""
    if isinstance(data, dict):
        for key, part in data.items():
            for where, what, new in mutations(part, choose, (*path, key)):
                yield where, what, {**data, key: new}
            rest = {name: each for name, each in data.items() if name != key}
            yield (*path, key), "key dropped", rest
        if path and path[-1] in NUMBERS_BY_KEY:
            yield (*path, "new"), "key added", {**data, "new": Decimal(1)}
    elif isinstance(data, list):
        for number, part in enumerate(data):
            before, after = data[:number], data[number + 1 :]
            for where, what, new in mutations(part, choose, (*path, number)):
                yield where, what, [*before, new, *after]
            yield (*path, number), "entry dropped", before + after
            yield (*path, number), "entry doubled", [*before, part, part, *after]
        if (path and path[-1] in LISTS_OF_TEXT and len(path) != 1) or path == ("reasons",):
            yield path, "entry added", [*data, "another"]
    else:
        for what, new in _leaf(data, choose(path, data if isinstance(data, str) else None)):
            yield path, what, new


def _leaf(value: Any, words: list[str]) -> Iterator[tuple[str, Any]]:
    """Other values that a leaf might have."""
    if value is not None:
        yield "forgotten", None
    if isinstance(value, bool):
        yield "flipped", not value
    elif isinstance(value, (int, Decimal)):
        for step in (1, -1, CENT, -CENT, PICO, -PICO):
            yield f"{step:+f}", value + step
        yield "negated", -value if value else value + 7
    else:
        for word in words:
            yield f"-> {word!r}", word
        if value is None:
            yield "-> 1", Decimal(1)
            yield "-> true", True
            yield "-> false", False
