"""Money as bands, as wide as the amount, from who gives it to what it pays for."""

from __future__ import annotations

from collections import defaultdict

from docs import svg
from docs.scene import (
    BAR,
    COLUMN,
    COORDINATION,
    FAINT,
    GAIN,
    GIVERS,
    GRID,
    HEADS,
    INK,
    LEFT,
    SOURCES,
    WIDTH,
    Scene,
    rounded,
)
from docs.svg import Style


def money(scene: Scene) -> list[str]:
    """Bands from givers to columns, as wide as the money."""
    flows = _flows(scene)
    columns = [*scene.interventions, COORDINATION]
    givers = _by_middle({giver for giver, _ in flows}, flows, columns)
    given = {giver: sum(flows.get((giver, column), 0.0) for column in columns) for giver in givers}
    received = {column: sum(flows.get((giver, column), 0.0) for giver in givers) for column in columns}
    scale = (COLUMN - 7) / max(received.values())
    ends = _spread(givers, {giver: given[giver] * scale for giver in givers}, GRID - 60, WIDTH - LEFT)
    middles = {column: GRID + COLUMN * (n + 0.5) for n, column in enumerate(scene.interventions)}
    middles[COORDINATION] = scene.right + GAIN + BAR / 2
    landing = {column: middles[column] - received[column] * scale / 2 for column in columns}
    shapes = []
    for giver in givers:
        colour, start = _giver_colour(scene, giver), ends[giver]
        shapes.append(svg.rect(start, SOURCES, given[giver] * scale, 7, colour))
        words = Style(12, INK, 600, "middle")
        centre = start + given[giver] * scale / 2
        shapes.append(svg.text(centre, SOURCES - 21, giver, words))
        shapes.append(svg.text(centre, SOURCES - 7, rounded(given[giver]), Style(11, FAINT, 400, "middle")))
        for column in columns:
            amount = flows.get((giver, column), 0.0)
            if amount:
                note = f"{giver}: {rounded(amount)} for {column}"
                band = amount * scale
                shapes.append(
                    svg.ribbon((start, SOURCES + 7), (landing[column], HEADS - 10), band, colour, note)
                )
                start, landing[column] = start + band, landing[column] + band
    return shapes


def _flows(scene: Scene) -> dict[tuple[str, str], float]:
    """Money by giver and what it pays for."""
    owners = {each.id: each.partner for each in scene.instance.funds}
    column = {each.option.id: each.intervention for each in scene.plan.assignments}
    flows: dict[tuple[str, str], float] = defaultdict(float)
    for payment in scene.plan.payments:
        owner = owners.get(payment.fund) or payment.fund.removeprefix("budget:")
        flows[_giver(scene, owner), column.get(payment.assignment, COORDINATION)] += float(payment.amount)
    return dict(flows)


def _giver(scene: Scene, partner: str) -> str:
    """Under which name a partner gives."""
    name = next((each.name for each in scene.instance.partners if each.id == partner), None) or partner
    return GIVERS.get(partner, name.partition(" of ")[0])


def _giver_colour(scene: Scene, giver: str) -> str:
    """Return the colour of those who give under a name; a plain one if they have several."""
    colours = {scene.colour(each.id) for each in scene.instance.partners if _giver(scene, each.id) == giver}
    return colours.pop() if len(colours) == 1 else FAINT


def _by_middle(givers: set[str], flows: dict[tuple[str, str], float], columns: list[str]) -> list[str]:
    """Order givers by where their money goes, so that few bands cross."""

    def middle(giver: str) -> float:
        parts = [(n, flows.get((giver, column), 0.0)) for n, column in enumerate(columns)]
        return sum(n * amount for n, amount in parts) / sum(amount for _, amount in parts)

    return sorted(givers, key=lambda giver: (middle(giver), giver))


def _spread(names: list[str], widths: dict[str, float], left: float, right: float) -> dict[str, float]:
    """Return the left edges of boxes that, with their names above, share a line evenly."""
    needs = {name: max(widths[name], svg.text_width(name, 12, bold=True)) for name in names}
    gap = (right - left - sum(needs.values())) / max(1, len(names) - 1)
    edges, at = {}, left
    for name in names:
        edges[name] = at + (needs[name] - widths[name]) / 2
        at += needs[name] + gap
    return edges
