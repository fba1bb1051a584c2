"""What fairness or caution costs: a curve with a certified band, and the table behind it."""

from __future__ import annotations

from functools import partial
from typing import Any

from ciopt.report.page import charts
from ciopt.report.page.blocks import NARROW, Block, Figure, Points, Section, Table
from ciopt.report.page.compared import sentence
from ciopt.report.price import STRENGTH, price_table, price_words
from ciopt.studies.price import Price


def price_section(found: Price, anchor: str = "price") -> Section:
    """Show what each strength of a demand costs."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in price_words(found)))]
    grid = price_table(found)
    shown = [point for point in found.points if point.at is not None and point.worth is not None]
    if len(shown) > 1:
        says = (
            f"What each plan is worth without the demand, by {STRENGTH[found.of]}: dots. The lower line is "
            "its mean in the worst part of the draws. Both are held against the dashed line: the best plan "
            "without the demand."
        )
        blocks.append(Figure(f"{anchor}-curve", "What it costs", says, partial(_draw, found, says), (grid,)))
    else:
        blocks.append(Table(grid))
    title = "What caution costs" if found.of in ("robustness", "cvar") else "What fairness costs"
    return Section(anchor, title, tuple(blocks), tab="Price")


def _draw(found: Price, says: str, width: float) -> str:
    import altair as alt

    rows: list[dict[str, Any]] = []
    for point in found.points:
        if point.at is None or point.worth is None:
            continue
        row = {"at": float(point.at), "worth": float(point.worth)}
        tail = point.risk.risk.tail if point.risk is not None else None
        if tail is not None:
            row |= {"tail": float(tail.mean), "low": float(tail.low), "high": float(tail.high)}
        rows.append(row)
    x = alt.X("at:Q", title=STRENGTH[found.of], axis=alt.Axis(tickCount=5), scale=alt.Scale(zero=False))
    y = alt.Y("worth:Q", title="worth", scale=alt.Scale(zero=False), axis=alt.Axis(tickCount=5))
    base = alt.Chart(alt.InlineData(values=rows)).encode(x=x)
    dot: dict[str, Any] = {"filled": True, "size": 60, "opacity": 1}
    layers: list[Any] = [
        base.mark_line(color=charts.ACCENT, strokeWidth=1).encode(y=y),
        base.mark_point(color=charts.ACCENT, **dot).encode(y=y),
    ]
    if all("tail" in row for row in rows):
        layers += [
            base.mark_rule(color=charts.INK).encode(y=alt.Y("low:Q"), y2="high:Q"),
            base.mark_line(color=charts.INK, strokeWidth=1).encode(y="tail:Q"),
            base.mark_point(color=charts.INK, **dot).encode(y="tail:Q"),
        ]
    if found.free is not None and found.free.worth is not None:
        free = alt.Chart(alt.InlineData(values=[{"free": float(found.free.worth)}]))
        layers.append(free.mark_rule(color=charts.FAINT, strokeDash=[4, 3]).encode(y="free:Q"))
    height = 300 if width > NARROW else 220
    return charts.svg_of(alt.layer(*layers).properties(width=width, height=height), says)
