"""Reading a workbook: cells as exact data, or what is the matter with them."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from functools import partial
from importlib.util import find_spec
from typing import Any

from ciopt.errors import InvalidInput, Location, Problem, UsageError
from ciopt.files.tables.cells import Cell, Fault
from ciopt.files.tables.decode import TablesDocument, is_read
from ciopt.files.tables.package import Part, check_size, column_name, faults, parts
from ciopt.files.tables.sheet import Sheet

_DATES = (datetime.date, datetime.time, datetime.timedelta)
_DIGITS_OF_EXCEL = 15


def read_workbook(raw: bytes, file: str) -> TablesDocument:
    """Read the bytes of an Excel workbook.

    Parameters
    ----------
    raw
        The content of the file.
    file
        Its name, for messages.

    Raises
    ------
    UsageError
        If the library that reads workbooks is not installed.
    InvalidInput
        With every cell that cannot be read, as ``file.xlsx:partners!C4``.

    Examples
    --------
    >>> read_workbook(open("cocoa.xlsx", "rb").read(), "cocoa.xlsx").data["currency"]  # doctest: +SKIP
    'USD'
    """
    need("python_calamine")
    import python_calamine

    found = [part for part in parts(raw, file) if is_read(part.name.strip())]
    for part in found:
        check_size(part, file)
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(raw))
        sheets = [_sheet(workbook.get_sheet_by_name(part.name), part, file) for part in found]
    except (python_calamine.CalamineError, OSError, ValueError) as error:
        message = f"this workbook is damaged ({str(error)[:80]})"
        help_ = "open it in Excel or LibreOffice and save it again as .xlsx"
        raise InvalidInput([Problem("E001", message, (), help_, Location(file))]) from None
    return TablesDocument(sheets, file)


def need(library: str) -> None:
    """Say how to install what workbooks need.

    Raises
    ------
    UsageError
        If it is not installed.
    """
    if find_spec(library) is None:
        raise UsageError(f"workbooks need {library}: pip install 'ciopt[excel]' (JSON and CSV do not)")


def _sheet(read: Any, part: Part, file: str) -> Sheet:
    rows = [list(map(_cell, row)) for row in read.to_python(skip_empty_area=False)]
    hidden = faults(part)
    for (top, left), (bottom, right) in read.merged_cell_ranges or ():
        first, last = f"{column_name(left)}{top + 1}", f"{column_name(right)}{bottom + 1}"
        message = f"the cells {first}:{last} are merged, so only the first says something"
        hidden[top, left] = Fault(message, "unmerge them and fill in each")
    for (row, column), fault in hidden.items():
        while len(rows) <= row:
            rows.append([])
        rows[row] += [None] * (column + 1 - len(rows[row]))
        rows[row][column] = fault
    return Sheet(part.name, rows, partial(_location, file, part.name))


def _location(file: str, sheet: str, row: int, column: int) -> Location:
    return Location(file, cell=f"{sheet}!{column_name(column)}{row + 1}")


def _cell(value: Any) -> Cell:
    """Return a cell as the format knows it: a number has the 15 digits that Excel keeps."""
    if isinstance(value, float):
        number = Decimal(f"{value:.{_DIGITS_OF_EXCEL}g}")
        return int(number) if number == number.to_integral_value() else number
    if isinstance(value, _DATES):
        help_ = "format the cell as text and write what is meant: the period 2027, the number 0.5"
        return Fault(f"the cell holds a date or time ({value})", help_)
    if value is None or isinstance(value, (str, bool, int)):
        return value
    return Fault(f"the cell holds a {type(value).__name__}")
