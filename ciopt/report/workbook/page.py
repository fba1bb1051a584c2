"""A sheet of a plan's workbook: a heading, and rows with numbers as numbers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from ciopt.files.tables.cells import Cell


@dataclass(frozen=True)
class Page:
    """One sheet.

    Parameters
    ----------
    name
        Of the sheet, at most 31 characters.
    title
        What it shows, in words.
    header, rows
        Rows as long as the header.
    total
        A last row of sums; none if empty.
    """

    name: str
    title: str
    header: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    total: Sequence[Cell] = ()
