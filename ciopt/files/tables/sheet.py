"""A sheet: a header and rows of cells, whether they stand in a workbook or in a CSV file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ciopt.errors import Location
from ciopt.files.tables.cells import Cell


@dataclass(frozen=True)
class Sheet:
    """One table as it is written.

    Parameters
    ----------
    name
        That of the table.
    rows
        All rows, the header first; rows may be of different lengths.
    locate
        Where in which file a cell is, by the numbers of its row and column from 0.
    """

    name: str
    rows: Sequence[Sequence[Cell]]
    locate: Callable[[int, int], Location]


def nowhere(row: int, column: int) -> Location:
    """Return the place of a cell of a sheet that was not read from a file."""
    return Location("")
