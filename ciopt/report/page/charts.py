"""Charts of the usual kinds, by altair, drawn as SVG when the page is made: they need no script."""

from __future__ import annotations

import json
import re
from html import escape
from typing import TYPE_CHECKING, Any

from ciopt.report.grid import Column, Grid
from ciopt.report.words import clean

if TYPE_CHECKING:
    import altair

_FIRST_TAG = re.compile(r"<svg[^>]*>")
_SIZE = re.compile(r'viewBox="([^"]*)"')
_BACKGROUND = re.compile(r'^(<svg[^>]*>)<rect[^>]*fill="transparent"[^>]*/>')
_FONT = "system-ui, sans-serif"

INK, FAINT, LINE, ACCENT, BAD, PAPER = (
    "var(--ink)",
    "var(--faint)",
    "var(--line)",
    "var(--accent)",
    "var(--bad)",
    "var(--paper)",
)


def _theme() -> dict[str, Any]:
    axis = {
        "labelColor": FAINT,
        "titleColor": FAINT,
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
        "labelFontSize": 11,
        "titleFontSize": 11,
        "titleFontWeight": "normal",
        "labelFont": _FONT,
        "titleFont": _FONT,
    }
    text = {"font": _FONT, "fontSize": 11, "color": INK}
    return {"axis": axis, "text": text, "view": {"stroke": None}, "background": "transparent"}


def grid_of(title: str, heads: tuple[str, ...], rows: tuple[tuple[str, ...], ...]) -> Grid:
    """Return the table behind a chart: a name and its numbers a row."""
    return Grid(title, tuple(Column(head, n > 0) for n, head in enumerate(heads)), rows)


def names_axis(names: dict[str, str], room: float) -> altair.Y:
    """Return the axis of a chart with a row a name: the rows are numbered, so that names may be equal."""
    import altair as alt

    return alt.Y("row:N", sort=list(names), title=None).axis(
        labelExpr=f"{json.dumps(names)}[datum.value]",
        labelLimit=room + 40,
        minExtent=room + 8,
        maxExtent=room + 8,
        ticks=False,
        domain=False,
        labelPadding=8,
        labelColor=INK,
        labelFontSize=12,
    )


def svg_of(chart: altair.Chart | altair.LayerChart | altair.FacetChart, label: str) -> str:
    """Return a chart as SVG that takes the colours and the width of the page around it.

    Parameters
    ----------
    chart
        Its data are plain names and floats; names are shown as text, whatever they hold.
    label
        What it shows, in words.
    """
    import vl_convert

    made = chart.properties(autosize={"type": "fit-x", "contains": "padding"}).configure(**_theme())
    drawn = vl_convert.vegalite_to_svg(made.to_dict())
    size = _SIZE.search(drawn)
    assert size is not None
    head = f'<svg viewBox="{size[1]}" role="img" aria-label="{escape(clean(label, 10**4))}">'
    drawn = _FIRST_TAG.sub(lambda _: head, drawn, count=1)
    drawn = _BACKGROUND.sub(r"\1", drawn)
    return re.sub(
        r' (?:aria-[\w-]+|role)="[^"]*"', lambda found: "" if found.start() > len(head) else found[0], drawn
    )
