"""How sure a plan is, what holds whatever the truth, what is worth knowing: sections of the page."""

from __future__ import annotations

from ciopt.report.core import core_table, core_words
from ciopt.report.information import information_table, information_words
from ciopt.report.page.blocks import Block, Points, Section, Table
from ciopt.report.page.compared import sentence
from ciopt.report.uncertainty import comparison_tables, comparison_words, risk_tables, risk_words
from ciopt.studies.uncertainty import Core, Information, Risk, RiskComparison


def risk_section(found: Risk, anchor: str = "risk") -> Section:
    """Show how value and indicators are distributed, and how likely targets are met."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in risk_words(found)))]
    blocks += [Table(grid, True) for grid in risk_tables(found)]
    return Section(anchor, "How sure the plan is", tuple(blocks), tab="Risk")


def risk_comparison_section(found: RiskComparison, anchor: str = "risks") -> Section:
    """Show what several plans achieve in the same draws."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in comparison_words(found)))]
    blocks += [Table(grid, True) for grid in comparison_tables(found)]
    return Section(anchor, "How sure several plans are", tuple(blocks), tab="Risks")


def core_section(found: Core, anchor: str = "core") -> Section:
    """Show how likely each assignment belongs to the best plan."""
    blocks: tuple[Block, ...] = (
        Points(tuple(sentence(line) for line in core_words(found))),
        Table(core_table(found), True, True),
    )
    return Section(anchor, "What holds whatever the truth", blocks, tab="Core")


def information_section(found: Information, anchor: str = "information") -> Section:
    """Show what knowing each estimate is worth."""
    blocks: tuple[Block, ...] = (
        Points(tuple(sentence(line) for line in information_words(found))),
        Table(information_table(found), True),
    )
    return Section(anchor, "What is worth measuring next", blocks, tab="Measure next")
