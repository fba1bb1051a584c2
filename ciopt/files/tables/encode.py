"""From an instance's data to sheets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from ciopt.files.tables.cells import Cell, write_cell
from ciopt.files.tables.shape import HOWS, Column, Table, tables
from ciopt.files.tables.sheet import Sheet, nowhere

FIELDS_HEADER = ("field", "value", "about")
"""The header of sheets with one record: a field a row, and what it is."""


def encode(data: Mapping[str, Any]) -> list[Sheet]:
    """Return a sheet for every table of the format, in its order, empty ones too.

    Parameters
    ----------
    data
        As `Instance.to_data` gives it.

    Examples
    --------
    >>> sheets = encode({"ciopt": 1, "places": [{"id": "soubre", "attributes": {"farmers": 900}}]})
    >>> [sheet.rows[1][:3] for sheet in sheets if sheet.name == "places"]
    [['soubre', None, 900]]
    """
    return [Sheet(table.name, list(_rows(table, data)), nowhere) for table in tables().values()]


def _rows(table: Table, data: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    if table.shape == "fields":
        yield FIELDS_HEADER
        record = _at(data, table.path) or {}
        for column in _said(table.columns, [record]):
            yield column.header, _cell(column, "", record), column.doc
        return
    if table.shape == "ids":
        yield [column.header for column in table.columns]
        yield from ([name] for name in data.get(table.name, ()))
        return
    if table.shape == "changes":
        yield [column.header for column in (*table.lead, *table.columns)]
        yield from _changes(data)
        return
    records = list(_records(table, data))
    columns = list(_headers(table, [record for _, record in records]))
    yield [*(column.header for column in table.lead), *(_header(column, key) for column, key in columns)]
    for lead, record in records:
        yield [*lead, *(_cell(column, key, record) for column, key in columns)]


def _records(table: Table, data: Mapping[str, Any]) -> Iterator[tuple[list[Cell], Any]]:
    """Yield what goes into the leading columns, and the record."""
    if not table.parent:
        found = _at(data, table.path) or ()
        yield from (([key], found[key]) for key in found) if table.key else (([], each) for each in found)
        return
    for parent in data.get(table.parent, ()):
        items = parent.get(table.path[0], ())
        for item in items:
            yield ([parent["id"], item], _as_record(items[item])) if table.key else ([parent["id"]], item)


def _as_record(value: Any) -> Any:
    """Return a quantity, an estimate or an amount as a record: itself, and what is known of it."""
    if not isinstance(value, dict) or not value.keys() & {"range", "evidence"}:
        return {"": value}
    amount = {key: value[key] for key in ("fixed", "per") if key in value} or 0
    return {"": amount} | {key: value[key] for key in ("range", "evidence") if key in value}


def _changes(data: Mapping[str, Any]) -> Iterator[Sequence[Cell]]:
    for name, scenario in data.get("scenarios", {}).items():
        for how in HOWS:
            said = scenario.get(how, ())
            for path in said:
                value = None if how == "remove" else write_cell("json", said[path])
                yield name, how, write_cell("text", path), value


def _headers(table: Table, records: Sequence[Any]) -> Iterator[tuple[Column, str]]:
    """Yield the columns, open ones once for each key that some record has."""
    for column in _said(table.columns, records):
        if not column.is_open:
            yield column, ""
            continue
        keys: dict[str, None] = {}
        for record in records:
            value = _at(record, column.place)
            keys.update(dict.fromkeys(value if isinstance(value, dict) else ()))
        yield from ((column, key) for key in keys)


def _said(columns: Sequence[Column], records: Sequence[Any]) -> Iterator[Column]:
    """Leave out the columns for objects of which nothing is said, if there are none."""
    for column in columns:
        if column.kind != "none" or any(_at(record, column.place) == {} for record in records):
            yield column


def _header(column: Column, key: str) -> str:
    return f"{column.header}.{key}" if column.is_open else column.header


def _cell(column: Column, key: str, record: Any) -> Cell:
    value = _at(record, (*column.place, key) if column.is_open else column.place)
    if value is None or (isinstance(value, dict) and value and column.kind in _SCALAR):
        return None  # an object says it in other columns
    if column.kind == "none" and value != {}:
        return None
    return write_cell(column.kind, value)


_SCALAR = frozenset(("number", "amount"))


def _at(data: Any, path: Sequence[str | int]) -> Any:
    """Return what is at a path; None if there is nothing."""
    for part in path:
        if isinstance(data, Mapping):
            data = data.get(part)
        elif isinstance(part, int) and isinstance(data, (list, tuple)):
            data = data[part]
        else:
            return None
    return data
