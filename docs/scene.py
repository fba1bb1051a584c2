"""What is drawn and where it stands; the names and colours of the cocoa example."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ciopt import Instance, Plan

WIDTH = 1080.0
LEFT, GRID, COLUMN, ROW, GROUP_GAP = 24.0, 196.0, 57.0, 22.0, 27.0
SOURCES, HEADS, ROWS = 124.0, 298.0, 324.0
ARCS, GAIN, BAR = GRID - 100, 22.0, 126.0

INK, FAINT, LINE, EMPTY = "#3b3530", "#7d746a", "#ddd5c9", "#f1ece3"
FREE, UNLOCKED, NEXT_DOOR = "#c99a2e", "#6a4fb0", "#b9852a"

SHORT = {
    "cocoa-union": "union",
    "government": "state",
    "council-west": "council",
    "council-centre-west": "council",
    "council-east": "council",
    "ngo-health": "health",
    "ngo-school": "school",
    "ngo-women": "women",
    "ngo-child": "child",
    "ngo-forest": "forest",
}
"""What stands on a tile; the id where nothing else is said."""

COLOURS = {
    "mars": "#8a3a1c",
    "peer-company": "#c97b45",
    "government": "#1f4e8c",
    "council-west": "#3572b8",
    "council-centre-west": "#3572b8",
    "council-east": "#3572b8",
    "world-bank": "#5b6770",
    "donor": "#93808f",
    "cocoa-union": "#8c6410",
    "ngo-health": "#b03060",
    "ngo-school": "#00776c",
    "ngo-women": "#97468f",
    "ngo-child": "#6a721c",
    "ngo-forest": "#2f7a35",
    "csa": UNLOCKED,
}
SPARE = ("#8a3a1c", "#1f4e8c", "#8c6410", "#b03060", "#00776c", "#97468f", "#6a721c", "#2f7a35", "#5b6770")
"""Colours for partners that `COLOURS` does not know, in the instance's order."""

GIVERS = {
    "peer-company": "Second company",
    "cocoa-union": "Cooperatives",
    "csa": "Secretariat",
    "council-west": "Regional councils",
    "council-centre-west": "Regional councils",
    "council-east": "Regional councils",
    "ngo-health": "NGOs",
    "ngo-school": "NGOs",
    "ngo-women": "NGOs",
    "ngo-child": "NGOs",
    "ngo-forest": "NGOs",
}
"""Under which name a partner gives money; those of one name are added up."""

HEADINGS = {"agroforestry": "shade trees", "monitoring": "child labour"}
"""What stands over a column; the id where nothing else is said."""

COORDINATION = "coordination"
"""The last column: what backbones cost, and partners for taking part at all."""


@dataclass(frozen=True)
class Scene:
    """The instance, its plan, and where things stand."""

    instance: Instance
    plan: Plan

    @property
    def interventions(self) -> list[str]:
        """Columns: what the plan does, in the instance's order."""
        used = {each.intervention for each in self.plan.assignments}
        return [each.id for each in self.instance.interventions if each.id in used]

    @property
    def groups(self) -> dict[str, list[str]]:
        """Rows: places by group, in the instance's order."""
        found: dict[str, list[str]] = {}
        for place in self.instance.places:
            found.setdefault(place.group or "", []).append(place.id)
        return found

    @property
    def right(self) -> float:
        """Where the columns end."""
        return GRID + COLUMN * len(self.interventions)

    def row(self, place: str) -> float:
        """Return the top of a place's row."""
        groups = list(self.groups.values())
        number = next(n for n, places in enumerate(groups) if place in places)
        before = sum(len(places) for places in groups[:number]) + groups[number].index(place)
        return ROWS + ROW * before + GROUP_GAP * (number + 1)

    @property
    def bottom(self) -> float:
        """Where the rows end."""
        return self.row(list(self.groups.values())[-1][-1]) + ROW

    def colour(self, partner: str) -> str:
        """Return a partner's colour."""
        ids = [each.id for each in self.instance.partners]
        return COLOURS.get(partner, SPARE[ids.index(partner) % len(SPARE)])


def rounded(value: Decimal | float | None) -> str:
    """Round a number: 2.1 M, 380 k, 71."""
    number = float(value or 0)
    if abs(number) >= 1e6:
        return f"{number / 1e6:,.1f} M"
    if abs(number) >= 1e4:
        return f"{number / 1e3:,.0f} k"
    return f"{number:,.0f}"


def signed(value: Decimal) -> str:
    """Round a gain or a loss: +71, -3."""
    return f"{'+' if value >= 0 else ''}{rounded(value)}"
