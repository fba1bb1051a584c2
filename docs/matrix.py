"""Who does what where from when, and what the activities gain from each other."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from docs import svg
from docs.scene import (
    ARCS,
    BAR,
    COLUMN,
    COORDINATION,
    EMPTY,
    FAINT,
    FREE,
    GAIN,
    GRID,
    HEADINGS,
    HEADS,
    INK,
    LINE,
    NEXT_DOOR,
    ROW,
    SHORT,
    UNLOCKED,
    Scene,
    rounded,
    signed,
)
from docs.svg import Style


def heads(scene: Scene) -> list[str]:
    """Names over the columns."""
    shapes = []
    for n, column in enumerate(scene.interventions):
        words = svg.wrap(HEADINGS.get(column, column.replace("-", " ")), 11.5, COLUMN - 4)
        longest = max(svg.text_width(word, 11.5, bold=True) for word in words)
        size = min(11.5, 11.5 * COLUMN / longest)
        for number, word in enumerate(words):
            x, y = GRID + COLUMN * (n + 0.5), HEADS + 8 + 14 * number
            shapes.append(svg.text(x, y, word, Style(size, INK, 600, "middle")))
    x = scene.right + GAIN
    shapes.append(svg.text(x + BAR / 2, HEADS + 8, COORDINATION, Style(12, INK, 600, "middle")))
    shapes.append(svg.text(x, HEADS + 22, "value gained by synergies", Style(11, FAINT)))
    return shapes


def rows(scene: Scene) -> list[str]:
    """Groups, places, and a pale slot for everything that could be there."""
    names = {place.id: place.name or place.id for place in scene.instance.places}
    shapes = []
    for group, places in scene.groups.items():
        top = scene.row(places[0])
        label = group.replace("-", " ").capitalize()
        shapes.append(svg.text(GRID - 12, top - 7, label, Style(12, FAINT, 700, "end")))
        shapes.append(svg.line(GRID, top - 5, scene.right + GAIN + BAR, top - 5, LINE))
        for place in places:
            y = scene.row(place)
            shapes.append(svg.text(GRID - 12, y + 15, names[place], Style(12.5, INK, 400, "end")))
            shapes += [
                svg.rect(GRID + COLUMN * n + 1.5, y + 1.5, COLUMN - 3, ROW - 3, EMPTY, radius=3)
                for n in range(len(scene.interventions))
            ]
    return shapes


def tiles(scene: Scene) -> list[str]:
    """A tile for each assignment: who, and from when."""
    periods = [str(period) for period in scene.instance.periods]
    width = (COLUMN - 3) / len(periods)
    shapes = []
    for each in scene.plan.assignments:
        late = periods.index(each.period) * width
        x = GRID + COLUMN * scene.interventions.index(each.intervention) + 1.5 + late
        y, room = scene.row(each.place) + 1.5, COLUMN - 3 - late
        note = f"{each.option.id}: {rounded(each.cost)} {scene.instance.currency}"
        shapes.append(svg.rect(x, y, room, ROW - 3, scene.colour(each.partner), radius=3, note=note))
        label = SHORT.get(each.partner, each.partner)
        size = min(10.5, 10.5 * (room - 3) / svg.text_width(label, 10.5))
        shapes.append(svg.text(x + room / 2, y + 13.2, label, Style(size, "#ffffff", 400, "middle")))
    return shapes


def neighbours(scene: Scene) -> list[str]:
    """Arcs between neighbouring places whose activities help each other."""
    gained: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for synergy in scene.plan.synergies:
        here, sign, there = synergy.at.partition(">")
        if sign:
            gained[min(here, there), max(here, there)] += synergy.value
    largest, shapes = max(gained.values(), default=Decimal(1)), []
    for (here, there), value in sorted(gained.items()):
        y1, y2 = sorted(scene.row(place) + ROW / 2 for place in (here, there))
        bulge = min(10 + (y2 - y1) * 0.32, (ARCS - 12) / 0.75)
        shapes += [svg.rect(ARCS - 2, y - 2.5, 5, 5, NEXT_DOOR, radius=2.5) for y in (y1, y2)]
        shapes.append(svg.arc(ARCS, y1, y2, bulge, NEXT_DOOR, 0.8 + 3 * float(value / largest)))
    return shapes


def gains(scene: Scene) -> list[str]:
    """A bar a place (or group): what synergies add, and which part of it needed a backbone."""
    gained: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for synergy in scene.plan.synergies:
        gained[synergy.at.partition(">")[0]][synergy.backbone is not None] += synergy.value
    scale = (BAR - 34) / float(max(sum(parts) for parts in gained.values()))
    x0, shapes = scene.right + GAIN, []
    for at, (free, unlocked) in gained.items():
        if at.startswith("group:"):
            top = scene.row(scene.groups[at.removeprefix("group:")][0])
            words = f"{signed(free + unlocked)} across the group"
            colour = UNLOCKED if unlocked > free else NEXT_DOOR
            shapes.append(svg.text(x0, top - 9, words, Style(11, colour, 600)))
            continue
        y, first, second = scene.row(at) + 4, max(0.0, float(free) * scale), max(0.0, float(unlocked) * scale)
        shapes.append(svg.rect(x0, y, first, ROW - 8, FREE, note=f"{at}: {rounded(free)}"))
        note = f"{at}: {rounded(unlocked)} thanks to a backbone"
        shapes.append(svg.rect(x0 + first, y, second, ROW - 8, UNLOCKED, note=note))
        end = x0 + first + second + 5
        shapes.append(svg.text(end, y + 11, signed(free + unlocked), Style(11, INK)))
    return shapes
