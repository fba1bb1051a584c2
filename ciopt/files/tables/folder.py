"""A folder of CSV files: a file a table, in UTF-8, as spreadsheets write and read them."""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import shutil
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from ciopt.errors import InvalidInput, Location, Problem, UsageError
from ciopt.files.encoding import decode
from ciopt.files.names import cannot, content, shown
from ciopt.files.tables.cells import Cell, is_blank
from ciopt.files.tables.decode import TablesDocument, is_read
from ciopt.files.tables.shape import Table, tables
from ciopt.files.tables.sheet import Sheet

SUFFIX = ".csv"
_LONGEST_FIELD = 2**27
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet takes for a formula: it is written behind an apostrophe, which is taken off again."""


def is_folder_of_tables(path: Path) -> bool:
    """Whether a folder has CSV files in it."""
    return any(each.suffix.lower() == SUFFIX for each in path.iterdir())


def read_folder(path: Path) -> TablesDocument:
    """Read the CSV files of a folder; other files in it are left alone.

    Raises
    ------
    InvalidInput
        With every cell that cannot be read, as ``partners.csv:4:3``: line, and number of the field.

    Examples
    --------
    >>> read_folder(Path("cocoa")).data["currency"]  # doctest: +SKIP
    'USD'
    """
    files = sorted(each for each in path.iterdir() if each.suffix.lower() == SUFFIX)
    return TablesDocument([_sheet(file) for file in files if is_read(file.stem)], shown(path))


def _sheet(path: Path) -> Sheet:
    name = shown(path)
    text = decode(content(path, path.read_bytes), name)
    rows: list[list[Cell]] = []
    lines: list[int] = []
    try:
        csv.field_size_limit(_LONGEST_FIELD)
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_separator(text), strict=True)
        before = 0
        for row in reader:
            rows.append([_unescaped(field) for field in row])
            lines.append(before + 1)
            before = reader.line_num
    except csv.Error as error:
        place = Location(name, before + 1, 1)
        raise InvalidInput([Problem("E003", f"not CSV: {error}", (), "close the quotes", place)]) from None
    return Sheet(path.stem, rows, partial(_location, name, lines))


def _location(file: str, lines: Sequence[int], row: int, column: int) -> Location:
    return Location(file, lines[row] if row < len(lines) else 1, column + 1)


def _separator(text: str) -> str:
    """Tell from the header what separates fields: names of columns have none of these characters."""
    header = text.split("\n", 1)[0]
    return next((mark for mark in (",", ";", "\t") if mark in header), ",")


def _unescaped(field: str) -> str:
    return field[1:] if field.startswith("'") and _FORMULA.match(field) else field


def write_folder(path: Path, sheets: Sequence[Sheet]) -> None:
    """Write a folder of CSV files, whole or not at all; empty tables and columns are left out.

    Raises
    ------
    UsageError
        If there is such a folder and something in it, or it cannot be written.
    """
    try:
        if path.exists() and (not path.is_dir() or any(path.iterdir())):
            raise UsageError(f"{shown(path)} exists already and is not overwritten; name another folder")
        new = path.parent / f".ciopt-{secrets.token_hex(8)}.tmp"
        new.mkdir()
        try:
            for sheet in filter(_says_something, sheets):
                (new / (sheet.name + SUFFIX)).write_bytes(_csv(sheet).encode("utf-8-sig"))
            os.replace(new, path)
        finally:
            shutil.rmtree(new, ignore_errors=True)
    except (OSError, ValueError) as error:
        raise cannot("write", path, error) from None


def _says_something(sheet: Sheet) -> bool:
    table = tables()[sheet.name]
    return table.is_required or bool(_rows(sheet, table))


def _rows(sheet: Sheet, table: Table) -> Sequence[Sequence[Cell]]:
    """Leave out the fields of which nothing is said."""
    rows = sheet.rows[1:]
    return [row for row in rows if not is_blank(row[1])] if table.shape == "fields" else rows


def _csv(sheet: Sheet) -> str:
    table = tables()[sheet.name]
    header, rows = sheet.rows[0], _rows(sheet, table)
    required = {column.header for column in table.columns if column.required}
    kept = [
        index
        for index, name in enumerate(header)
        if name in required or index == 0 or any(not is_blank(row[index]) for row in rows)
    ]
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, lineterminator="\r\n")
    for row in (header, *rows):
        writer.writerow([_field(row[index]) for index in kept])
    return buffer.getvalue()


def _field(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if not isinstance(cell, str):
        return f"{cell:f}" if not isinstance(cell, int) else str(cell)
    return "'" + cell if _FORMULA.match(cell) else cell
