"""What a page consists of: sections of words, tables and figures, whatever it is written as."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ciopt.report.grid import Grid

WIDE, NARROW = 900.0, 340.0
"""Widths, in pixels of ordinary screens, that figures are drawn for: a desk or a sheet, and a phone."""


@dataclass(frozen=True)
class Figure:
    """A picture with the numbers behind it.

    Parameters
    ----------
    id
        Its anchor in the page.
    title
        What it shows, in a few words.
    says
        What can be seen in it, for those who cannot see it; stands under it.
    draw
        Makes the markup, safe to be put into a page, for a width in pixels.
    tables
        Every number that it shows.
    is_fluid
        Whether one drawing fits every width.
    """

    id: str
    title: str
    says: str
    draw: Callable[[float], str]
    tables: tuple[Grid, ...]
    is_fluid: bool = False


@dataclass(frozen=True)
class Section:
    """A part of the page under a heading.

    Parameters
    ----------
    id
        Its anchor in the page.
    title, blocks
        The heading, and what follows: words, tables, figures, sections.
    summary
        What stands beside the heading while the section is folded.
    is_folded
        Whether readers unfold it when they want to read it.
    tab
        What the list of contents calls it; its title if empty.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    summary: str = ""
    is_folded: bool = False
    tab: str = ""


@dataclass(frozen=True)
class Table:
    """A table that readers can sort, and filter by what its rows say."""

    grid: Grid
    is_sortable: bool = False
    is_filtered: bool = False


@dataclass(frozen=True)
class Points:
    """Sentences one below the other."""

    lines: tuple[str, ...]


Block = str | Points | Table | Figure | Section


@dataclass(frozen=True)
class Fact:
    """A number that the page begins with."""

    number: str
    what: str


@dataclass(frozen=True)
class Page:
    """All that is said.

    Parameters
    ----------
    title
        The name of the coalition.
    headline, proof
        What comes out, and how good that is known to be; a sentence each.
    facts
        The numbers to remember.
    sections
        The rest, in reading order.
    kind
        What sort of page it is.
    """

    title: str
    headline: str
    proof: str
    facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    kind: str = "A plan for a coalition"
