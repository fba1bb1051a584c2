"""How sure a plan is: a section of the page."""

from __future__ import annotations

from ciopt.report.page.blocks import Block, Points, Section, Table
from ciopt.report.page.compared import sentence
from ciopt.report.uncertainty import risk_tables, risk_words
from ciopt.studies.uncertainty import Risk


def risk_section(found: Risk, anchor: str = "risk") -> Section:
    """Show how value and indicators are distributed, and how likely targets are met."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in risk_words(found)))]
    blocks += [Table(grid, True) for grid in risk_tables(found)]
    return Section(anchor, "How sure the plan is", tuple(blocks), tab="Risk")
