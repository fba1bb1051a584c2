"""Writing a workbook that people can go on with: drop-downs, input messages, colours, nothing executable."""

from __future__ import annotations

import datetime
import io
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from ciopt.errors import UsageError
from ciopt.files.tables.cells import LONGEST_CELL, Cell
from ciopt.files.tables.decode import READ_ME
from ciopt.files.tables.encode import encode
from ciopt.files.tables.guide import drop_down, message, read_me
from ciopt.files.tables.package import MOST_CELLS, MOST_COLUMNS, MOST_ROWS
from ciopt.files.tables.shape import Column, Table, tables
from ciopt.files.tables.sheet import Sheet
from ciopt.files.tables.workbook import need

_SPARE_ROWS = 1_000
_REQUIRED = {
    "bold": True,
    "font_color": "#FFFFFF",
    "bg_color": "#1F4E79",
    "border": 1,
    "border_color": "#9DB2C6",
}
_OPTIONAL = {
    "bold": True,
    "font_color": "#1F3A52",
    "bg_color": "#DCE8F2",
    "border": 1,
    "border_color": "#9DB2C6",
}
_TEXT_KINDS = frozenset(("id", "text", "ids", "numbers", "refs"))
_OPTIONS = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def blank() -> list[Sheet]:
    """Return the sheets of a template: headings, and the version of the format."""
    places = [{"attributes": {"population": 0}}]
    sheets = encode({"ciopt": 1, "places": places})
    return [
        sheet if tables()[sheet.name].shape == "fields" else Sheet(sheet.name, sheet.rows[:1], sheet.locate)
        for sheet in sheets
    ]


def write_workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return the bytes of a workbook with these tables, and a read-me sheet before them.

    Text is only ever written as text, whatever it begins with; numbers of more digits than a workbook keeps
    are written as text too, and read back exactly.

    Raises
    ------
    UsageError
        If the library is not installed, or a table or text is longer than a workbook can hold.

    Examples
    --------
    >>> len(write_workbook(blank())) > 10_000  # doctest: +SKIP
    True
    """
    need("xlsxwriter")
    import xlsxwriter

    _check(sheets)
    buffer = io.BytesIO()
    workbook = xlsxwriter.Workbook(buffer, _OPTIONS)
    workbook.set_properties({"created": datetime.datetime(2000, 1, 1)})  # same tables, same bytes
    currency = _currency(sheets)
    _write_read_me(workbook, currency)
    formats = {
        "required": workbook.add_format(_REQUIRED),
        "optional": workbook.add_format(_OPTIONAL),
        "text": workbook.add_format({"num_format": "@"}),
        "about": workbook.add_format({"font_color": "#5A6B7A"}),
    }
    for sheet in sheets:
        _write_sheet(workbook.add_worksheet(sheet.name), sheet, tables()[sheet.name], formats, currency)
    workbook.close()
    return buffer.getvalue()


def write_value(page: Any, row: int, column: int, cell: Cell, style: Any = None) -> None:
    """Write one cell: text as text, a number as a number if a workbook keeps all its digits."""
    if cell is None:
        return
    if isinstance(cell, bool):
        page.write_boolean(row, column, cell, style)
    elif isinstance(cell, (int, Decimal)):
        if _is_kept(cell):
            page.write_number(row, column, float(cell), style)
        else:
            page.write_string(row, column, f"{cell:f}" if isinstance(cell, Decimal) else str(cell), style)
    else:
        page.write_string(row, column, str(cell), style)


def _is_kept(number: int | Decimal) -> bool:
    """Whether the 15 digits of a workbook's number are enough."""
    digits = Decimal(number).normalize().as_tuple()
    return len(digits.digits) <= 15 and abs(Decimal(number).adjusted()) < 16


def _check(sheets: Sequence[Sheet]) -> None:
    for sheet in sheets:
        if len(sheet.rows) > MOST_ROWS:
            text = (
                f"{sheet.name} has {len(sheet.rows):,} rows; a sheet holds {MOST_ROWS:,}; write JSON or CSV"
            )
            raise UsageError(text)
        wide = len(sheet.rows[0])
        if wide > MOST_COLUMNS or wide * len(sheet.rows) > MOST_CELLS:
            text = f"{sheet.name} has {wide:,} columns and {len(sheet.rows):,} rows"
            raise UsageError(f"{text}, more than a workbook may; write JSON or CSV")
        for row in sheet.rows:
            for cell in row:
                if isinstance(cell, str) and len(cell) > LONGEST_CELL:
                    text = f"a text in {sheet.name} ({cell[:30]!a}…) has {len(cell):,} characters"
                    raise UsageError(f"{text}; a cell holds {LONGEST_CELL:,}; write JSON or CSV")


def _currency(sheets: Sequence[Sheet]) -> str:
    fields = next((sheet.rows for sheet in sheets if sheet.name == "coalition"), [])
    return next((str(row[1]) for row in fields if row[0] == "currency" and row[1]), "")


def _write_read_me(workbook: Any, currency: str) -> None:
    page = workbook.add_worksheet(READ_ME)
    bold = workbook.add_format({"bold": True, "font_size": 14})
    strong = workbook.add_format({"bold": True})
    page.set_column(0, 0, 16)
    page.set_column(1, 1, 26)
    page.set_column(2, 2, 10)
    page.set_column(3, 3, 110)
    page.hide_gridlines(2)
    for number, line in enumerate(read_me(currency)):
        for column, text in enumerate(line):
            if text:
                style = bold if number == 0 else strong if column == 0 and line[2:] != ("", "") else None
                page.write_string(number, column, text, style)


def _write_sheet(page: Any, sheet: Sheet, table: Table, formats: dict[str, Any], currency: str) -> None:
    page.freeze_panes(1, 1)
    if table.shape == "fields":
        _write_fields(page, sheet, table, formats, currency)
        return
    last = min(len(sheet.rows) + _SPARE_ROWS, MOST_ROWS - 1)
    columns = [_meaning(table, str(name)) for name in sheet.rows[0]]
    for index, column in enumerate(columns):
        name = str(sheet.rows[0][index])
        page.write_string(0, index, name, formats["required" if column.required else "optional"])
        is_text = column.kind in _TEXT_KINDS
        page.set_column(index, index, max(12, min(len(name) + 3, 40)), formats["text"] if is_text else None)
        page.data_validation(1, index, last, index, _validation(name, table, column, currency))
    text_columns = [formats["text"] if column.kind in _TEXT_KINDS else None for column in columns]
    for number, row in enumerate(sheet.rows[1:], start=1):
        for index, cell in enumerate(row):
            write_value(page, number, index, cell, text_columns[index])


def _write_fields(page: Any, sheet: Sheet, table: Table, formats: dict[str, Any], currency: str) -> None:
    page.set_column(0, 0, 24)
    page.set_column(1, 1, 60)
    page.set_column(2, 2, 90, formats["about"])
    for index, name in enumerate(sheet.rows[0]):
        page.write_string(0, index, str(name), formats["optional"])
    for number, (name, cell, about) in enumerate(sheet.rows[1:], start=1):
        column = _meaning(table, str(name))
        page.write_string(number, 0, str(name), formats["required" if column.required else "optional"])
        style = formats["text"] if column.kind in _TEXT_KINDS else None
        if cell is None:
            page.write_blank(number, 1, None, style)
        write_value(page, number, 1, cell, style)
        page.write_string(number, 2, str(about))
        page.data_validation(number, 1, number, 1, _validation(str(name), table, column, currency))


def _meaning(table: Table, header: str) -> Column:
    lead = next((column for column in table.lead if column.header == header), None)
    found = table.column(header)
    assert lead is not None or found is not None, header
    return lead or found[0]  # type: ignore[index]


def _validation(name: str, table: Table, column: Column, currency: str) -> dict[str, Any]:
    required = "" if column.required else " (optional)"
    shown = {
        "input_title": (name if len(name) <= 20 else name[:19] + "…") + required,
        "input_message": message(table, column, currency),
    }
    choices = drop_down(column)
    if choices is None:
        return {"validate": "any", **shown}
    is_range = isinstance(choices, str)  # ids may go on below it
    return {
        "validate": "list",
        "source": choices,
        "error_type": "warning" if is_range else "stop",
        "error_title": "Not in the list",
        "error_message": "No record has this id yet." if is_range else "Choose one of the list.",
        **shown,
    }
