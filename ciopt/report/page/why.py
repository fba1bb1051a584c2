"""Why the plan is as it is: an assignment explained, what is not in it, what everything is worth."""

from __future__ import annotations

from ciopt.report import why as words
from ciopt.report.grid import Grid
from ciopt.report.page.blocks import Block, Points, Section, Table
from ciopt.report.page.compared import sentence
from ciopt.studies import Explanation, Importance, WhyNot

_FEW = 6
"""Rows that need no filter."""


def explanation_section(found: Explanation, anchor: str = "why") -> Section:
    """Show what an assignment is for, who pays for it, and what is lost without it."""
    option = found.assignment.option.id
    lines = words.explanation_words(found)
    return _section(anchor, f"Why {option}", [*lines, *found.notes], words.explanation_tables(found))


def why_not_section(found: WhyNot, anchor: str = "why") -> Section:
    """Show what forbids something, or what having it would cost and change."""
    wanted = " ".join(found.wanted.values())
    lines = words.why_not_words(found)
    return _section(anchor, f"Why not {wanted}", [*lines, *found.notes], words.why_not_tables(found))


def importance_section(found: Importance, anchor: str = "why") -> Section:
    """Show replacement values: what is lost without each partner, fund and assignment."""
    lines = words.importance_words(found)
    grids = [words.importance_table(found)] if found.things else []
    return _section(anchor, "Why each is needed", [*lines, *found.notes], grids)


def _section(anchor: str, title: str, lines: list[str], grids: list[Grid]) -> Section:
    blocks: list[Block] = [Points(tuple(sentence(line) for line in lines))]
    blocks += [Table(grid, True, len(grid.rows) > _FEW) for grid in grids]
    return Section(anchor, title, tuple(blocks), tab="Why")
