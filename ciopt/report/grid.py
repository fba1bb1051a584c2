"""Tables of text: a `Grid` is data, `draw` makes it a string that fits the page.

Cells are text, never markup: ``[bold]`` in a name stays ``[bold]``. Numbers are never cut; text wraps, and
where a page is too narrow even so, the table is drawn wider than the page.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from ciopt.report.words import clean

_LEAST_TEXT = 8
_GUTTER = 3
_CELL_LIMIT = 10**6
_SHORT_CELL = 48


@dataclass(frozen=True)
class Page:
    """What is written on: its width in characters, and whether it shows colours and line-drawing."""

    width: int = 80
    colour: bool = False
    unicode: bool = True


@dataclass(frozen=True)
class Column:
    """A column's heading; numbers are right-aligned and never wrapped."""

    heading: str
    numeric: bool = False


@dataclass(frozen=True)
class Grid:
    """A table with a title, rows of text and perhaps a line of totals.

    Parameters
    ----------
    empty
        What to say where there are no rows.
    note
        A line under the table.
    """

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    totals: tuple[str, ...] = ()
    empty: str = "none"
    note: str = ""

    @property
    def width(self) -> int:
        """Characters that it takes if nothing wraps."""
        return sum(self._measure(cell_len)) + _GUTTER * (len(self.columns) - 1)

    def column_widths(self, width: int) -> list[int]:
        """Share out the width of a page: numbers in full, then whole words (first columns first), then text.

        The sum exceeds the page only where numbers and the shortest pieces of text do.
        """
        full, words = self._measure(cell_len), self._measure(_longest_word)
        room = width - _GUTTER * (len(self.columns) - 1)
        widths = [
            whole if column.numeric else min(word, _LEAST_TEXT)
            for column, whole, word in zip(self.columns, full, words, strict=True)
        ]
        for n, word in enumerate(words):
            widths[n] = max(widths[n], min(word, widths[n] + room - sum(widths)))
        while sum(widths) < room and widths != full:
            narrowest = min((n for n in range(len(full)) if widths[n] < full[n]), key=widths.__getitem__)
            widths[narrowest] += 1
        return widths

    def _measure(self, length: Callable[[str], int]) -> list[int]:
        """Largest length of a cell in each column."""
        lines = [tuple(column.heading for column in self.columns), *self.rows]
        if self.totals:
            lines.append(self.totals)
        return [max(length(clean(line[n], _CELL_LIMIT)) for line in lines) for n in range(len(self.columns))]

    def shortened(self, rows: int, more: str) -> Grid:
        """Return the grid with its first rows and shorter cells; the note says what is left out."""
        kept = tuple(tuple(_shorten(cell) for cell in row) for row in self.rows[:rows])
        left_out = len(self.rows) - len(kept)
        if not left_out:
            return replace(self, rows=kept)
        return replace(
            self, rows=kept, note=f"… {left_out:,} more {'row' if left_out == 1 else 'rows'}; {more}"
        )


def _longest_word(text: str) -> int:
    return max((cell_len(word) for word in text.split()), default=0)


def _shorten(cell: str) -> str:
    """Cut a long list of names at a comma."""
    if len(cell) <= _SHORT_CELL:
        return cell
    return cell[:_SHORT_CELL].rsplit(", ", 1)[0] + ", …"


def draw(grid: Grid, page: Page) -> str:
    """Draw one table: title, heading, rows, totals, note."""
    title = _styled(clean(grid.title), "bold", page)
    if not grid.rows:
        return f"{title}: {grid.empty}\n"
    table = Table(
        box=box.SIMPLE_HEAD if page.unicode else box.ASCII_DOUBLE_HEAD,
        show_edge=False,
        pad_edge=False,
        padding=(0, 1),
        header_style="bold",
        footer_style="bold",
        show_footer=bool(grid.totals),
    )
    widths = grid.column_widths(page.width)
    for number, (column, width) in enumerate(zip(grid.columns, widths, strict=True)):
        table.add_column(
            Text(clean(column.heading)),
            footer=Text(clean(grid.totals[number])) if grid.totals else "",
            justify="right" if column.numeric else "left",
            width=width,
            no_wrap=column.numeric,
            overflow="fold",
        )
    for row in grid.rows:
        table.add_row(*(Text(clean(cell, _CELL_LIMIT)) for cell in row))
    body = _to_text(table, replace(page, width=sum(widths) + _GUTTER * len(widths)))
    note = f"{clean(grid.note)}\n" if grid.note else ""
    return f"{title}\n{body}{note}"


def draw_all(grids: list[Grid], page: Page) -> str:
    """Draw tables one after another, a blank line between them."""
    return "\n".join(draw(grid, page) for grid in grids)


def emphasis(text: str, style: str, page: Page) -> str:
    """Return one line of foreign text in a rich style (plain where the page has no colour)."""
    return _styled(clean(text, _CELL_LIMIT), style, page)


def _styled(text: str, style: str, page: Page) -> str:
    if not page.colour:
        return text
    return _to_text(Text(text, style=style), replace(page, width=max(page.width, cell_len(text) + 1))).rstrip(
        "\n"
    )


def _to_text(thing: Table | Text, page: Page) -> str:
    sink = io.StringIO()
    console = Console(
        file=sink,
        width=page.width,
        color_system="standard" if page.colour else None,
        force_terminal=page.colour,
        no_color=not page.colour,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
    )
    console.print(thing)
    lines = sink.getvalue().rstrip("\n").split("\n")
    return "".join(line.rstrip() + "\n" for line in lines)
