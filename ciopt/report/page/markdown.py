"""A page as Markdown: the same words and tables; figures are the tables behind them."""

from __future__ import annotations

import re

from ciopt.report.grid import Grid
from ciopt.report.page.blocks import Block, Figure, Page, Points, Section, Table
from ciopt.report.words import clean
from ciopt.version import __version__

_SPECIAL = re.compile(r"([\\`*_\[\]#|~$])")


def write_markdown(page: Page) -> str:
    r"""Return the page as Markdown, every foreign word as plain text.

    Examples
    --------
    >>> page = Page("Cocoa & *more*", "1 partner works.", "It is best.", (), ())
    >>> print(write_markdown(page).splitlines()[0])
    # Cocoa &amp; \*more\*
    """
    parts = [f"# {_safe(page.title)}", f"**{_safe(page.headline)}**", _safe(page.proof)]
    if page.facts:
        parts.append("\n".join(f"- {_safe(each.number)} {_safe(each.what)}" for each in page.facts))
    for section in page.sections:
        parts += _section(section, 2)
    parts.append(f"Made by ciopt {__version__}.")
    return "\n\n".join(parts) + "\n"


def _section(section: Section, depth: int) -> list[str]:
    parts = [f"{'#' * depth} {_safe(section.title)}"]
    if section.summary:
        parts.append(_safe(section.summary))
    for block in section.blocks:
        parts += _block(block, depth + 1)
    return parts


def _block(block: Block, depth: int) -> list[str]:
    if isinstance(block, str):
        return [_safe(block)]
    if isinstance(block, Points):
        return ["\n".join(f"- {_safe(line)}" for line in block.lines)]
    if isinstance(block, Section):
        return _section(block, depth)
    grids = (block.grid,) if isinstance(block, Table) else block.tables
    words = [f"{'#' * depth} {_safe(block.title)}", _safe(block.says)] if isinstance(block, Figure) else []
    return [*words, *(part for grid in grids for part in _table(grid))]


def _table(grid: Grid) -> list[str]:
    title = f"**{_safe(grid.title)}**"
    if not grid.rows:
        return [f"{title}: {_safe(grid.empty)}"]
    rows = [tuple(column.heading for column in grid.columns), *grid.rows]
    lines = [_row(row) for row in rows]
    lines.insert(1, "|" + "|".join("---:" if column.numeric else "---" for column in grid.columns) + "|")
    if grid.totals:
        lines.append("| " + " | ".join(f"**{_safe(cell)}**" if cell else "" for cell in grid.totals) + " |")
    return [title, "\n".join(lines), *(_safe(line) for line in grid.note.splitlines())]


def _row(row: tuple[str, ...]) -> str:
    return "| " + " | ".join(_safe(cell) for cell in row) + " |"


def _safe(words: str) -> str:
    """Make every character mean itself."""
    text = clean(words, 10**5).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _SPECIAL.sub(r"\\\1", text)
