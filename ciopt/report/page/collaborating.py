"""What planning together is worth: alone, informed, together, and who gains or gives up what."""

from __future__ import annotations

from decimal import Decimal
from functools import partial
from typing import Any

from ciopt.report import collaboration as words
from ciopt.report.page import charts
from ciopt.report.page.blocks import NARROW, Block, Figure, Points, Section, Table
from ciopt.report.page.compared import sentence
from ciopt.report.page.named import named, names
from ciopt.report.words import number
from ciopt.studies.collaboration.records import Collaboration

_WORLDS = {
    "baseline": "What happens anyway",
    "alone": "Alone: each with its own money",
    "informed": "Informed: each knows the others' plans",
    "together": "Together: one plan",
}


def collaboration_section(found: Collaboration, anchor: str = "collaboration") -> Section:
    """Show what the coalition gains by planning together."""
    blocks: list[Block] = [Points(tuple(sentence(line) for line in words.story(found)))]
    known = names((*found.partners, *found.funds, *found.synergies))
    grids = words.tables(found)
    worlds = [world for world in found.worlds if world.objective is not None]
    if len(worlds) > 1:
        says = (
            "The value of what comes out of each way to plan, counted by the coalition's own rules: "
            + "; ".join(f"{_WORLDS[each.name].lower()}, {number(each.objective or 0)}" for each in worlds)
            + "."
        )
        draw = partial(_draw, [(_WORLDS[each.name], each.objective or Decimal(0)) for each in worlds], says)
        blocks.append(Figure(f"{anchor}-worlds", "Alone, informed, together", says, draw, tuple(grids[:1])))
        grids = grids[1:]
    blocks += [Table(named(grid, known), is_sortable=not grid.totals) for grid in grids]
    return Section(anchor, "What planning together is worth", tuple(blocks), tab="Collaboration")


def _draw(worlds: list[tuple[str, Decimal]], says: str, width: float) -> str:
    import altair as alt

    narrow = width <= NARROW
    room = 90 if narrow else 260
    rows: list[dict[str, Any]] = [
        {
            "row": str(number_),
            "name": name.partition(":")[0] if narrow else name,
            "value": float(value),
            "says": number(value),
        }
        for number_, (name, value) in enumerate(worlds)
    ]
    y = charts.names_axis({row["row"]: row["name"] for row in rows}, room)
    most = max(row["value"] for row in rows)
    scale = alt.Scale(domain=[min(0.0, *(row["value"] for row in rows)), (most or 1.0) * 1.18], nice=False)
    base = alt.Chart(alt.InlineData(values=rows)).encode(
        y=y, x=alt.X("value:Q", title=None, scale=scale, axis=alt.Axis(tickCount=4))
    )
    bars = base.mark_bar(size=16, color=charts.ACCENT)
    texts = base.mark_text(align="left", dx=6).encode(text="says:N")
    return charts.svg_of((bars + texts).properties(width=width, height=34 * len(rows)), says)
