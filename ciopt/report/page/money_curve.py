"""What money buys, with a certified lower and upper end; and plans that trade one aim for another."""

from __future__ import annotations

from functools import partial
from itertools import pairwise
from typing import Any

from ciopt.report import frontier as words
from ciopt.report.page import charts
from ciopt.report.page.blocks import NARROW, Block, Figure, Points, Section, Table
from ciopt.report.page.compared import sentence
from ciopt.report.words import number
from ciopt.studies.frontier_records import Frontier, TradeOff


def frontier_section(found: Frontier, anchor: str = "frontier") -> Section:
    """Show a value-for-money curve."""
    blocks: list[Block] = [Points(tuple(curve_lines(found)))]
    if len(found.curve) > 1:
        says = (
            f"The {found.goal} of the best plan for each amount of money lies in the shaded band: a plan "
            "reaches the thick edge, and none can lie beyond the thin one. Dots are amounts that were solved."
        )
        if found.axis.current is not None:
            says += " The dashed line is the amount as it is."
        draw = partial(_draw, found, says)
        blocks.append(Figure(f"{anchor}-curve", "Value for money", says, draw, (words.curve_table(found),)))
    else:
        blocks.append(Table(words.curve_table(found)))
    marginals = words.marginal_table(found)
    if marginals.rows:
        blocks.append(Table(marginals, is_sortable=True))
    return Section(anchor, "What more or less money would do", tuple(blocks), tab="Frontier")


def curve_lines(found: Frontier) -> list[str]:
    """Say what the curve says, a sentence a line."""
    varied, *lines = words.story(found)
    return [sentence(f"varied: {varied}"), *map(sentence, lines)]


def _draw(found: Frontier, says: str, width: float) -> str:
    """Between two amounts the lower end holds on to the right, the upper end to the left."""
    import altair as alt

    known = [point for point in found.curve if point.at_least is not None]
    steps: list[dict[str, Any]] = [
        {
            "from": float(here.amount),
            "to": float(there.amount),
            "low": float(here.at_least or 0),
            "high": float(there.at_most if there.at_most is not None else here.at_least or 0),
        }
        for here, there in pairwise(known)
    ]
    dots = [
        {"at": float(point.amount), "low": float(point.at_least)}
        for point in found.points
        if point.at_least is not None
    ]
    money = alt.Axis(format="~s", grid=False, tickCount=6 if width > NARROW else 3)
    x = alt.X("from:Q", title=found.instance.currency or None, axis=money, scale=alt.Scale(zero=False))
    y = alt.Y("low:Q", title=found.goal, scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    base = alt.Chart(alt.InlineData(values=steps))
    band = base.mark_rect(color=charts.ACCENT, opacity=0.22).encode(x=x, x2="to:Q", y=y, y2="high:Q")
    lower = base.mark_rule(color=charts.ACCENT, strokeWidth=2).encode(x=x, x2="to:Q", y=y)
    upper = base.mark_rule(color=charts.ACCENT, strokeWidth=1).encode(x=x, x2="to:Q", y="high:Q")
    solved = (
        alt.Chart(alt.InlineData(values=dots))
        .mark_point(filled=True, size=46, color=charts.ACCENT, opacity=1)
        .encode(x="at:Q", y="low:Q")
    )
    layers = [band, upper, lower, solved]
    if found.axis.current is not None:
        now = alt.Chart(alt.InlineData(values=[{"at": float(found.axis.current)}]))
        layers.append(now.mark_rule(color=charts.INK, strokeDash=[4, 3]).encode(x="at:Q"))
    height = 320 if width > NARROW else 220
    return charts.svg_of(alt.layer(*layers).properties(width=width, height=height), says)


def trade_off_section(found: TradeOff, anchor: str = "trade-off") -> Section:
    """Show plans that are best on one aim for what they do on another."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in words.trade_story(found)))]
    grid = words.trade_table(found)
    if len(found.points) > 1:
        says = (
            "Each dot is a plan that no other beats on both. In the shaded boxes there may be more of them."
        )
        draw = partial(_draw_trade, found, says)
        blocks.append(Figure(f"{anchor}-plans", "One aim against the other", says, draw, (grid,)))
    else:
        blocks.append(Table(grid))
    return Section(anchor, "One aim against another", tuple(blocks), tab="Trade-off")


def _draw_trade(found: TradeOff, says: str, width: float) -> str:
    import altair as alt

    rows = [
        {"x": float(point.first), "y": float(point.second), "says": number(point.value)}
        for point in found.points
    ]
    boxes = [
        {
            "x": float(box.first[0]),
            "x2": float(box.first[1]),
            "y": float(box.second[0]),
            "y2": float(box.second[1]),
        }
        for box in found.open
    ]
    titles = [name or id_ for name, id_ in zip(found.names, found.indicators, strict=True)]
    x = alt.X("x:Q", title=titles[0][:60], scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4))
    y = alt.Y("y:Q", title=titles[1][:60], scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=4))
    base = alt.Chart(alt.InlineData(values=rows))
    layers: list[Any] = []
    if boxes:
        shaded = alt.Chart(alt.InlineData(values=boxes)).mark_rect(color=charts.ACCENT, opacity=0.15)
        layers.append(shaded.encode(x=x, x2="x2:Q", y=y, y2="y2:Q"))
    layers.append(base.mark_point(filled=True, size=70, color=charts.ACCENT, opacity=1).encode(x=x, y=y))
    height = 320 if width > NARROW else 240
    return charts.svg_of(alt.layer(*layers).properties(width=width, height=height), says)
