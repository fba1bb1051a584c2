"""What the plan rests on: the estimates that it uses, how sure they are, and what the partners agreed on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import partial
from typing import Any

from ciopt.instance.base import EstimateRecord, Quantity
from ciopt.report.grid import Column, Grid
from ciopt.report.page import svg
from ciopt.report.page.blocks import Block, Figure, Section, Table
from ciopt.report.page.flows import total
from ciopt.report.page.story import Story, short
from ciopt.report.words import clean, number, numbers

UNSAID = "not said"
LEVELS = ("strong", "moderate", "weak", "assumed", UNSAID)
_MOST_ROWS, _MOST_NOTES, _NOTE = 400, 60, 600


@dataclass(frozen=True)
class Used:
    """An estimate that the plan uses, and the value that rests on it."""

    what: str
    indicator: str
    estimate: EstimateRecord | None
    times: int
    value: Decimal


def evidence(story: Story) -> Section:
    """Say what was assumed, on what evidence, and what the agenda weighs."""
    blocks: list[Block] = [
        "The plan is as good as these estimates: what is proven, is proven for them, not for the world."
    ]
    estimates = estimates_used(story)
    if estimates:
        blocks += [_figure(story, estimates)]
    blocks += [Table(_weights(story))]
    notes = _notes(story)
    if notes.rows:
        blocks.append(
            Section("notes", "What those who wrote it down say", (Table(notes),), "notes and sources", True)
        )
    return Section("evidence", "What it rests on", tuple(blocks), tab="Evidence")


def estimates_used(story: Story) -> list[Used]:
    """Every estimate that a chosen option or a synergy that pays off uses."""
    found: dict[tuple[str, str, str], Used] = {}
    for kind, what, indicator, estimate, amount in _uses(story):
        key, value = (kind, what, indicator), amount * story.lookup.indicators[indicator].weight
        earlier = found.get(key)
        if earlier is None:
            found[key] = Used(_name(story, kind, what), indicator, estimate, 1, value)
        else:
            found[key] = replace(earlier, times=earlier.times + 1, value=earlier.value + value)
    return sorted(found.values(), key=lambda each: (-abs(each.value), each.what, each.indicator))


_Use = tuple[str, str, str, EstimateRecord | None, Decimal]


def _uses(story: Story) -> Iterator[_Use]:
    """(kind, id, indicator, estimate, amount) of every impact and every synergy's effect."""
    for each in story.plan.assignments:
        override = story.lookup.override_of(each.option)
        own = {} if override is None else override.impact
        estimates = story.lookup.interventions[each.intervention].impact
        for indicator, amount in each.impact.items():
            if indicator in own:
                yield "option", each.option.id, indicator, own[indicator], amount
            else:
                yield "intervention", each.intervention, indicator, estimates.get(indicator), amount
    adds = {each.id: each.adds for each in story.instance.synergies}
    for paid in story.plan.synergies:
        for indicator, amount in paid.effect.items():
            yield "synergy", paid.id, indicator, adds[paid.id].get(indicator), amount


def _name(story: Story, kind: str, id_: str) -> str:
    if kind == "option":
        each = story.assignments[id_]
        return f"{story.what(each)} by {story.partner(each.partner)} at {story.place(each.place)}"
    return f"synergy: {story.synergy(id_)}" if kind == "synergy" else story.intervention(id_)


def _figure(story: Story, used: list[Used]) -> Figure:
    shares = {level: total(abs(each.value) for each in used if _level(each) == level) for level in LEVELS}
    whole = total(shares.values()) or Decimal(1)
    parts = [(level, float(shares[level] / whole)) for level in LEVELS if shares[level]]
    says = (
        "How the value divides by the evidence for the estimates behind it (before overlaps and saturation): "
        + ", ".join(f"{level} {share * 100:.0f} %" for level, share in parts)
        + "."
    )
    grid = _grid(story, used)
    return Figure("evidence-share", "How good the evidence is", says, partial(_draw, parts, says), (grid,))


def _draw(parts: list[tuple[str, float]], says: str, width: float) -> str:
    shapes, x = [], 0.0
    for level, share in parts:
        wide = width * share
        kind = f"box e{LEVELS.index(level)}"
        shapes.append(svg.rect((x, 2), max(wide - 2, 0.5), 22, kind, f"{level}: {share * 100:.0f} %"))
        x += wide
    x, y = 0.0, 46.0
    for level, share in parts:
        words = f"{level} {share * 100:.0f} %"
        wide = svg.text_width(words) + 34
        if x + wide > width and x:
            x, y = 0.0, y + 20
        shapes.append(svg.rect((x, y - 10), 11, 11, f"box e{LEVELS.index(level)}"))
        shapes.append(svg.text((x + 17, y), words, "label"))
        x += wide
    return svg.document(width, y + 8, says, shapes)


def _level(used: Used) -> str:
    return used.estimate.evidence or UNSAID if used.estimate is not None else UNSAID


def _grid(story: Story, used: list[Used]) -> Grid:
    rows = [
        (
            each.what,
            story.indicator(each.indicator),
            quantity(each.estimate) if each.estimate is not None else "from its members",
            _range(each.estimate),
            _level(each),
            f"{each.times:,}",
            value,
        )
        for each, value in zip(used[:_MOST_ROWS], numbers(each.value for each in used), strict=False)
    ]
    left_out = len(used) - len(rows)
    columns = (
        Column("estimate"),
        Column("moves"),
        Column("by"),
        Column("80 % range"),
        Column("evidence"),
        Column("times used", True),
        Column("value", True),
    )
    note = f"… {left_out:,} more are not shown here" if left_out else ""
    return Grid("Estimates that the plan uses", columns, tuple(rows), note=note)


def quantity(said: Quantity) -> str:
    """Write a quantity as people say it: ``20,000 + 60 per farmers``."""
    parts = [number(said.fixed)] if said.fixed or not said.per else []
    parts += [f"{number(amount)} per {short(attribute)}" for attribute, amount in said.per.items()]
    return " + ".join(parts)


def _range(estimate: EstimateRecord | None) -> str:
    if estimate is None or estimate.range is None:
        return ""
    low, high = estimate.range
    return f"× {number(low)} to × {number(high)}"


def _weights(story: Story) -> Grid:
    rows = []
    for each in story.instance.indicators:
        beyond = ""
        if each.saturates_at is not None:
            level = each.saturates_at
            beyond = (
                number(level) if isinstance(level, Decimal) else f"{quantity(level.per_place)} at each place"
            )
        accrues = "in every period" if each.accrues == "per_period" else "once"
        rows.append((story.indicator(each.id), short(each.unit), number(each.weight), accrues, beyond))
    columns = (
        Column("indicator"),
        Column("unit"),
        Column("points of value a unit", True),
        Column("counted"),
        Column("no more value beyond"),
    )
    return Grid("What the partners agreed to value", columns, tuple(rows))


def _notes(story: Story) -> Grid:
    """Notes of the instance and of the records that the plan uses."""
    rows = []
    for kind, records in _noted(story):
        rows += [
            (kind, short(each.name or getattr(each, "id", "") or ""), clean(each.notes, _NOTE))
            for each in records
            if each.notes.strip()
        ]
    left_out = len(rows) - _MOST_NOTES
    note = f"… {left_out:,} more are in the instance's file" if left_out > 0 else ""
    columns = (Column("about"), Column("name"), Column("note"))
    return Grid("Notes", columns, tuple(rows[:_MOST_NOTES]), note=note)


def _noted(story: Story) -> list[tuple[str, list[Any]]]:
    instance = story.instance
    done = {each.intervention for each in story.plan.assignments}
    paying = {each.id for each in story.plan.synergies}
    return [
        ("all", [instance, instance.agenda]),
        ("indicator", list(instance.indicators)),
        ("intervention", [each for each in instance.interventions if each.id in done]),
        ("synergy", [each for each in instance.synergies if each.id in paying]),
        ("fund", list(instance.funds)),
        ("partner", [each for each in instance.partners if each.id in story.busy]),
    ]
