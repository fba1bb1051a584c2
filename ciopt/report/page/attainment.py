"""How far the plan takes each indicator towards its target."""

from __future__ import annotations

from decimal import ROUND_FLOOR, Decimal
from functools import partial
from typing import Any

from ciopt.instance.agenda import Target
from ciopt.plan.records import IndicatorResult
from ciopt.report.grid import Column, Grid
from ciopt.report.page import charts
from ciopt.report.page.blocks import NARROW, Block, Figure, Section, Table
from ciopt.report.page.story import Story, short
from ciopt.report.page.svg import fitted
from ciopt.report.tables import fairness
from ciopt.report.words import number, plural

_WIDTH = 80
_LINE_NEAR, _MOST = 70.0, 160.0
"""Percent at which bars end; what lies beyond is said, not drawn."""


def attainment(story: Story) -> Section:
    """Indicators against their targets, and what the agenda insists on."""
    blocks: list[Block] = []
    aims = [each for each in story.plan.indicators if _way(story, each) is not None]
    if aims:
        blocks += [_words(story, aims), _figure(story, aims)]
    else:
        blocks += ["No indicator has a target of its own.", Table(_grid(story))]
    if story.plan.targets:
        blocks += [_promise(story, bool(aims)), Table(_targets(story))]
    if story.plan.fairness:
        blocks.append(Table(fairness(story.plan, story.currency, _WIDTH)))
    return Section("achieves", "What it achieves", tuple(blocks), tab="Results")


def _way(story: Story, each: IndicatorResult) -> Decimal | None:
    """The part of the way from baseline to target that is gone; None if there is no way to go."""
    if each.target is None:
        return None
    start = story.lookup.indicators[each.id].baseline
    return (each.attained - start) / (each.target - start) if each.target != start else None


def _percent(part: Decimal) -> str:
    """Round down: 100 % means that the target is met."""
    return f"{int((part * 100).to_integral_value(ROUND_FLOOR)):,} %"


def _words(story: Story, aims: list[IndicatorResult]) -> str:
    met = [each for each in aims if each.met]
    verb = "reaches" if len(met) == 1 else "reach"
    text = f"{len(met)} of {plural(len(aims), 'indicator')} with a target {verb} it."
    missed = [
        f"{story.indicator(each.id)} goes {_percent(_way(story, each) or Decimal(0))} of the way"
        for each in aims
        if not each.met
    ]
    return f"{text} {'; '.join(missed)}." if missed else text


def _promise(story: Story, has_hopes: bool) -> str:
    met = sum(each.met for each in story.plan.targets)
    hard = sum(not each.soft for each in story.instance.agenda.targets)
    who = "What indicators aim at is what the partners hope for. They" if has_hopes else "The partners"
    return (
        f"{who} agreed on {plural(len(story.plan.targets), 'target')} for the plan, {hard} of them "
        f"binding; {met} {'is' if met == 1 else 'are'} met."
    )


def _figure(story: Story, aims: list[IndicatorResult]) -> Figure:
    ways = [(story.indicator(each.id), _way(story, each) or Decimal(0), bool(each.met)) for each in aims]
    says = (
        "Bars run from where each indicator stands today to where the plan takes it; the line at 100 % is "
        "the target. " + "; ".join(f"{name}: {_percent(way)}" for name, way, _ in ways) + "."
    )
    return Figure("targets", "The way to the targets", says, partial(_draw, ways, says), (_grid(story),))


def _draw(ways: list[tuple[str, Decimal, bool]], says: str, width: float) -> str:
    import altair as alt

    room = 110 if width <= NARROW else 220
    rows: list[dict[str, Any]] = [
        {
            "row": str(number),
            "name": fitted(name, room, 11.5),
            "end": (end := max(min(float(way * 100), _MOST), 0.0)),
            "at": 100.0 if _LINE_NEAR < end < 100 else end,  # words beside the line at 100 %, not across it
            "says": f"{_percent(way)}{'' if met else ', not met'}",
            "met": met,
        }
        for number, (name, way, met) in enumerate(ways)
    ]
    y = charts.names_axis({str(row["row"]): str(row["name"]) for row in rows}, room)
    x = alt.X("end:Q", title=None, scale=alt.Scale(domain=[0, _MOST + 40])).axis(
        values=[0, 50, 100, 150], labelExpr="datum.value + ' %'"
    )
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x, y=y)
    colour = alt.condition("datum.met", alt.value(charts.ACCENT), alt.value(charts.BAD))
    bars = base.mark_bar(size=14).encode(color=colour)
    texts = base.mark_text(align="left", dx=6).encode(x="at:Q", text="says:N")
    rule = (
        alt.Chart(alt.InlineData(values=[{"at": 100}]))
        .mark_rule(strokeWidth=1.5, color=charts.INK, strokeDash=[4, 3])
        .encode(x="at:Q")
    )
    return charts.svg_of((bars + rule + texts).properties(width=width, height=30 * len(rows)), says)


def _grid(story: Story) -> Grid:
    rows = []
    for each in story.plan.indicators:
        record, way = story.lookup.indicators[each.id], _way(story, each)
        rows.append(
            (
                story.indicator(each.id),
                short(record.unit),
                number(record.baseline),
                number(each.total),
                number(each.attained),
                "" if each.target is None else number(each.target),
                "" if way is None else _percent(way),
                "" if each.met is None else ("yes" if each.met else "no"),
            )
        )
    heads = ("today", "moved by", "ends at", "target", "of the way")
    columns = (Column("indicator"), Column("unit"), *(Column(head, True) for head in heads), Column("met"))
    return Grid("Indicators against their targets", columns, tuple(rows))


def _targets(story: Story) -> Grid:
    rows = []
    for each in story.plan.targets:
        target = story.instance.agenda.targets[each.number]
        rows.append(
            (
                story.indicator(each.indicator),
                _where(story, target),
                f"at least {number(target.at_least)}"
                if target.at_least is not None
                else f"at most {number(target.at_most or 0)}",
                number(each.total),
                number(each.missing),
                "yes" if each.met else "no",
                f"may be missed, at {number(target.penalty)} a unit" if target.soft else "binding",
            )
        )
    columns = (
        Column("moves"),
        Column("where"),
        Column("by"),
        Column("reached", True),
        Column("missing", True),
        Column("met"),
        Column("how strictly"),
    )
    return Grid("Targets of the agenda", columns, tuple(rows))


def _where(story: Story, target: Target) -> str:
    if target.place is not None:
        return story.place(target.place)
    return f"group {short(target.group)}" if target.group is not None else "everywhere"
