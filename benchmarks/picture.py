"""The picture of how far each plan is from the proven bound, over time."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from benchmarks.race import Record

WORST = 20.0
"""Percent: what is farther away is drawn at the edge."""
SEEN = 0.99
"""A step is drawn where the distance falls to this part of the one drawn before."""


def draw(records: Sequence[Record], file: Path) -> None:
    """Draw every run of every coalition as steps; both axes logarithmic."""
    import altair as alt

    rows = []
    for record in records:
        for run in record.runs:
            best = drawn = float("inf")
            steps = [*run.path, *([(run.seconds, run.value)] if run.value is not None else [])]
            for number, (seconds, value) in enumerate(steps, 1):
                gap = 100 * (record.bound - value) / abs(record.bound)
                best = min(best, gap)
                if best > SEEN * drawn and number < len(steps):
                    continue
                drawn = best
                rows.append(
                    {
                        "coalition": record.coalition,
                        "who": run.who,
                        "seconds": max(seconds, 0.1),
                        "gap": min(max(best, 1e-3), WORST),
                    }
                )
    chart = (
        alt.Chart(alt.Data(values=rows))  # type: ignore[no-untyped-call]
        .mark_line(interpolate="step-after", strokeWidth=2, point={"size": 18})
        .encode(
            x=alt.X("seconds:Q", scale=alt.Scale(type="log"), title="seconds"),
            y=alt.Y("gap:Q", scale=alt.Scale(type="log"), title="% below the proven bound"),
            color=alt.Color("who:N", title=None, scale=alt.Scale(scheme="tableau10")),
        )
        .properties(width=340, height=240)
        .facet(alt.Facet("coalition:N", title=None), columns=2)
        .configure_view(stroke=None)
        .configure_axis(gridColor="#e6e6e6", labelFontSize=11, titleFontSize=11)
    )
    chart.save(str(file), format="svg")
