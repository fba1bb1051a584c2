"""Which cell a value came from: rows are kept as they are read, columns are found when somebody asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ciopt.errors import Location, Path, Problem
from ciopt.files.source import harmless
from ciopt.files.tables.cells import Fault
from ciopt.files.tables.shape import Column
from ciopt.files.tables.sheet import Sheet

_WIDTH = 100


@dataclass(frozen=True)
class Row:
    """One row of a sheet, and what its columns mean; perhaps only one cell of it.

    Parameters
    ----------
    header
        The columns by their number: the column, its key if it is an open one, whether it leads.
    only
        The one column that is meant; None for the whole row.
    """

    sheet: Sheet
    number: int
    header: dict[int, tuple[Column, str, bool]]
    only: int | None = None

    def at(self, index: int) -> Row:
        """Return one cell of the row."""
        return Row(self.sheet, self.number, self.header, index)

    def index(self, name: str) -> int:
        """Return the number of a column by its header; the first if there is none."""
        named = (index for index, (column, _, _) in self.header.items() if column.header == name)
        return next(named, 0)

    def locate(self, name: str) -> Location:
        """Return where a column crosses the row."""
        return self.sheet.locate(self.number, self.index(name))

    def text(self, index: int) -> str:
        """Return what stands in a cell, cut to a line that a terminal can show safely."""
        cells = self.sheet.rows[self.number] if self.number < len(self.sheet.rows) else ()
        cell = cells[index] if index < len(cells) else None
        if cell is None or isinstance(cell, Fault):
            return ""
        text = harmless(str(cell))
        return text if len(text) <= _WIDTH else text[:_WIDTH] + "…"

    def nearest(self, rest: Path, is_key: bool) -> int:
        """Return the column that says what a path inside the record leads to.

        Parameters
        ----------
        is_key
            Whether the problem is the key of the record: its last leading column.
        """
        if self.only is not None:
            return self.only
        if is_key and not rest:
            return max((index for index, (_, _, is_lead) in self.header.items() if is_lead), default=0)
        best, length = 0, 0
        for index, (column, key, is_lead) in self.header.items():
            place = () if is_lead else (*column.place, key) if column.is_open else column.place
            place = tuple(part for part in place if part != "")
            shared = _shared(place, rest)
            if shared > length or (shared == length == len(place) and shared and column.kind != "none"):
                best, length = index, shared
        return best if length else self._amount(best)

    def _amount(self, otherwise: int) -> int:
        """Return the column of a quantity, whose parts are all in one cell."""
        found = (index for index, (column, _, _) in self.header.items() if column.place == ("",))
        return next(found, otherwise)


class Places:
    """Where the records of an instance are.

    Parameters
    ----------
    file
        The name of the workbook or folder, for what is nowhere in it.
    """

    def __init__(self, file: str) -> None:
        self._file = file
        self._rows: dict[Path, Row] = {}

    def add(self, path: Any, row: Row) -> None:
        """Remember the row of a record."""
        self._rows[tuple(path)] = row

    def knows(self, path: Path) -> bool:
        """Whether a record's row, or a field's, is known."""
        return path in self._rows

    def mark(self, problem: Problem) -> Problem:
        """Return the problem with its cell, and what stands there."""
        for length in range(len(problem.path), -1, -1):
            row = self._rows.get(problem.path[:length])
            if row is not None:
                is_key = bool(problem.path) and repr(problem.path[-1]) in problem.message
                index = row.nearest(problem.path[length:], is_key)
                return problem.at(row.sheet.locate(row.number, index), row.text(index))
        return problem.at(Location(self._file))


def _shared(place: Path, rest: Path) -> int:
    """Return how many parts two paths have in common from the start."""
    count = 0
    for mine, theirs in zip(place, rest, strict=False):
        if mine != theirs:
            break
        count += 1
    return count
