"""The sheets of a plan as the bytes of a workbook: text as text, numbers as numbers, nothing executable."""

from __future__ import annotations

import datetime
import io
from typing import Any

from ciopt.files.tables import cell_text, need, write_value
from ciopt.report.page.story import Story
from ciopt.report.workbook.page import Page
from ciopt.report.workbook.sheets import plan_sheets

_WIDEST = 60
_HEAD = {"bold": True, "font_color": "#FFFFFF", "bg_color": "#1F4E79", "text_wrap": True, "valign": "top"}


def plan_workbook(story: Story) -> bytes:
    """Return a plan as a workbook.

    Raises
    ------
    UsageError
        If the library that writes workbooks is not installed.

    Examples
    --------
    >>> plan_workbook(Story(instance, plan))[:2]  # doctest: +SKIP
    b'PK'
    """
    need("xlsxwriter")
    import xlsxwriter

    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    workbook = xlsxwriter.Workbook(buffer, options)
    workbook.set_properties({"created": datetime.datetime(2000, 1, 1)})  # same plan, same bytes
    formats = {
        "title": workbook.add_format({"bold": True, "font_size": 13}),
        "head": workbook.add_format(_HEAD),
        "number": workbook.add_format({"num_format": "#,##0.######"}),
        "whole": workbook.add_format({"num_format": "#,##0"}),
        "wrap": workbook.add_format({"text_wrap": True, "valign": "top"}),
        "sum": workbook.add_format({"bold": True, "top": 1, "num_format": "#,##0.##"}),
    }
    for page in plan_sheets(story):
        _write(workbook.add_worksheet(page.name), page, formats)
    workbook.close()
    return buffer.getvalue()


def _write(sheet: Any, page: Page, formats: dict[str, Any]) -> None:
    """Write title, header from the third row on, rows, sums."""
    sheet.write_string(0, 0, page.title, formats["title"])
    for index, name in enumerate(page.header):
        sheet.write_string(2, index, cell_text(name), formats["head"])
        longest = max((len(str(row[index])) for row in page.rows if row[index] is not None), default=0)
        sheet.set_column(index, index, min(max(longest, len(name) // 2, 8) + 2, _WIDEST))
    for number, row in enumerate([*page.rows, *([page.total] if page.total else [])], start=3):
        is_total = number == 3 + len(page.rows)
        for index, cell in enumerate(row):
            if isinstance(cell, str):
                long = len(cell) > _WIDEST
                sheet.write_string(
                    number,
                    index,
                    cell_text(cell),
                    formats["sum" if is_total else "wrap"] if is_total or long else None,
                )
            elif cell is not None and not isinstance(cell, bool):
                whole = "whole" if cell == int(cell) else "number"  # type: ignore[arg-type]
                write_value(sheet, number, index, cell, formats["sum" if is_total else whole])
    sheet.freeze_panes(3, 1)
    if page.rows:
        sheet.autofilter(2, 0, 2 + len(page.rows), len(page.header) - 1)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(2)
