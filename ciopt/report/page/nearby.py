"""Plans near another plan: what planning again changes, and plans that are about as good."""

from __future__ import annotations

from ciopt.report import nearby as words
from ciopt.report.names import Names
from ciopt.report.page.blocks import Block, Points, Section, Table
from ciopt.report.page.compared import sentence
from ciopt.report.words import plural
from ciopt.studies import Alternatives, Replanning

_FEW = 6
"""Rows that need no filter."""


def replanning_section(found: Replanning, names: Names, anchor: str = "replanning") -> Section:
    """Show the new plan's worth, what it changes, and what stability costs."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in words.replanning_words(found)))]
    blocks += [Table(grid, len(grid.rows) > _FEW) for grid in words.replanning_tables(found, names)]
    return Section(anchor, "Planning again: what changes", tuple(blocks), tab="Planning again")


def alternatives_section(found: Alternatives, names: Names, anchor: str = "alternatives") -> Section:
    """Show plans that are about as good, and what is exchangeable with what."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in words.alternatives_words(found)))]
    for number, grid in enumerate(words.alternatives_tables(found, names)):
        table = Table(grid, True, len(grid.rows) > _FEW)
        if number == 0:
            blocks.append(table)
        else:
            rows = plural(len(grid.rows), "row")
            blocks.append(Section(f"{anchor}-{number}", grid.title, (table,), rows, is_folded=True))
    return Section(anchor, "Other plans, about as good", tuple(blocks), tab="Alternatives")
