"""Where it happens: on a map if places say where they are, otherwise group by group."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from functools import partial

from ciopt.instance.records import Place
from ciopt.report.grid import Column, Grid
from ciopt.report.page import svg
from ciopt.report.page.blocks import NARROW, Figure, Section
from ciopt.report.page.flows import total
from ciopt.report.page.story import Story, short
from ciopt.report.words import amounts, number, numbers

_LATITUDE, _LONGITUDE = ("lat", "latitude"), ("lon", "lng", "longitude")
_MOST_NAMES, _MOST_BARS, _MOST_DISCS = 40, 40, 400


@dataclass(frozen=True)
class Spot:
    """What happens at a place."""

    place: Place
    name: str
    activities: int
    cost: Decimal
    gain: Decimal
    """Value of the synergies that are evaluated there."""


def places(story: Story) -> Section:
    """Show where the plan's activities are."""
    title = "Where it happens"
    spots = _spots(story)
    if not spots:
        return Section("where", title, ("Nowhere: the plan has no activities.",), tab="Places")
    known = {each.place.id: coordinates(each.place) for each in spots}
    if all(known.values()):
        points = {place: point for place, point in known.items() if point is not None}
        return Section("where", title, (_map(story, spots, points),), tab="Places")
    return Section("where", title, (_groups(story, spots),), tab="Places")


def coordinates(place: Place) -> tuple[float, float] | None:
    """Return latitude and longitude, if the place's attributes have them under a usual name."""
    found = []
    for names, limit in ((_LATITUDE, 90), (_LONGITUDE, 180)):
        said = next((place.attributes[name] for name in names if name in place.attributes), None)
        if said is None or abs(said) > limit:
            return None
        found.append(float(said))
    return found[0], found[1]


def _spots(story: Story) -> list[Spot]:
    """Places with activities, in the instance's order."""
    counts: Counter[str] = Counter()
    costs: dict[str, Decimal] = {}
    gains: dict[str, Decimal] = {}
    for each in story.plan.assignments:
        counts[each.place] += 1
        costs[each.place] = costs.get(each.place, Decimal(0)) + each.cost
    for synergy in story.plan.synergies:
        here = synergy.at.partition(">")[0]
        gains[here] = gains.get(here, Decimal(0)) + synergy.value
    return [
        Spot(place, story.place(place.id), counts[place.id], costs[place.id], gains.get(place.id, Decimal(0)))
        for place in story.instance.places
        if place.id in counts
    ]


def _map(story: Story, spots: list[Spot], points: dict[str, tuple[float, float]]) -> Figure:
    says = (
        "Each disc is a place where it is, north up; its area shows how much is spent there. Lines join "
        "neighbouring places whose activities help each other."
    )
    if len(spots) > _MOST_NAMES:
        says += f" Only the {_MOST_NAMES} places with most money are named; the table names all."
    return Figure("map", "Map", says, partial(_draw_map, story, spots, points, says), (_grid(story, spots),))


def _draw_map(
    story: Story, spots: list[Spot], points: dict[str, tuple[float, float]], says: str, width: float
) -> str:
    """Equal scales north and east at the middle latitude: true enough for a district or a country."""
    north, east = [each[0] for each in points.values()], [each[1] for each in points.values()]
    middle = math.cos(math.radians((min(north) + max(north)) / 2)) or 1.0
    wide, tall = (max(east) - min(east)) * middle or 1e-6, (max(north) - min(north)) or 1e-6
    edge = 60.0 if width > NARROW else 40.0
    scale = min((width - 2 * edge) / wide, 620 / tall)
    height = tall * scale + 2 * edge
    left = (width - wide * scale) / 2

    def at(place: str) -> tuple[float, float]:
        latitude, longitude = points[place]
        return left + (longitude - min(east)) * middle * scale, edge + (max(north) - latitude) * scale

    shapes = []
    for synergy in story.plan.synergies:
        here, sign, there = synergy.at.partition(">")
        if sign and here in points and there in points and len(spots) <= _MOST_DISCS:
            shapes.append(svg.curve(at(here), at(here), at(there), 1.2, "tie"))
    most = max(float(each.cost) for each in spots) or 1.0
    ranked = sorted(spots, key=lambda each: (-each.cost, each.place.id))
    for spot in ranked:
        note = f"{spot.name}: {spot.activities} activities, {story.money(spot.cost)}"
        radius = 3 + (width / 45) * math.sqrt(float(spot.cost) / most)
        shapes.append(svg.circle(at(spot.place.id), radius, "disc", note))
    for spot in ranked[: _MOST_NAMES if width > NARROW else 10]:
        x, y = at(spot.place.id)
        words = svg.fitted(spot.name, 120)
        is_right = x + svg.text_width(words) + 16 > width
        shapes.append(
            svg.text((x - 8 if is_right else x + 8, y + 4), words, "label", "end" if is_right else "start")
        )
    return svg.document(width, height, says, shapes)


def _groups(story: Story, spots: list[Spot]) -> Figure:
    has_groups = any(each.place.group for each in spots)
    gain = " The lighter bar is the value that synergies add there." if story.plan.synergies else ""
    if len(spots) <= _MOST_BARS:
        says = f"What is spent at each place{', group by group' if has_groups else ''}.{gain}"
        bars = [(each.place.group or "", each) for each in spots]
    elif has_groups:
        whole = _whole_groups(spots)
        bars = [("", each) for each in whole[:_MOST_BARS]]
        says = f"What is spent in each group of places, those with most money first.{gain}"
        if len(whole) > len(bars):
            says += f" The first {len(bars)} of {len(whole):,}."
    else:
        ranked = sorted(spots, key=lambda each: (-each.cost, each.place.id))
        bars = [("", each) for each in ranked[:_MOST_BARS]]
        says = f"What is spent at the {_MOST_BARS} places with most money of {len(spots):,}.{gain}"
    draw = partial(_draw_bars, story, bars, says)
    return Figure("groups", "Places by group" if has_groups else "Places", says, draw, (_grid(story, spots),))


def _whole_groups(spots: list[Spot]) -> list[Spot]:
    """Add up the places of each group (without one, they are one), those with most money first."""
    found: dict[str, list[Spot]] = {}
    for spot in spots:
        found.setdefault(spot.place.group or "", []).append(spot)
    sums = [
        Spot(
            here[0].place,
            short(group) or "no group",
            sum(each.activities for each in here),
            total(each.cost for each in here),
            total(each.gain for each in here),
        )
        for group, here in found.items()
    ]
    return sorted(sums, key=lambda each: (-each.cost, each.name))


def _draw_bars(story: Story, bars: list[tuple[str, Spot]], says: str, width: float) -> str:
    """A bar of money each, under its group; below it a thinner one of value gained together."""
    spots = [spot for _, spot in bars]
    most = max(float(each.cost) for each in spots) or 1.0
    most_gain = max(abs(float(each.gain)) for each in spots) or 1.0
    left = 105.0 if width <= NARROW else 190.0
    room = width - left - (95 if width <= NARROW else 210)
    by_group: dict[str, list[Spot]] = {}
    for group, spot in bars:
        by_group.setdefault(group, []).append(spot)
    shapes, y = [], 4.0
    for group, here in by_group.items():
        if group:
            words = f"{short(group)}: {story.money(sum((each.cost for each in here), Decimal(0)))}"
            shapes.append(svg.text((left, y + 12), svg.fitted(words, width - left), "head"))
            y += 20
        for spot in here:
            shapes.append(svg.text((left - 8, y + 13), svg.fitted(spot.name, left - 10), "label", "end"))
            long = room * float(spot.cost) / most
            note = f"{spot.name}: {story.money(spot.cost)} for {spot.activities} activities"
            shapes.append(svg.rect((left, y + 2), max(long, 1), 9, "box value", note))
            if spot.gain:
                gained = room * abs(float(spot.gain)) / most_gain
                kind = "box soft" if spot.gain > 0 else "box bad"
                shapes.append(
                    svg.rect((left, y + 12), max(gained, 1), 4, kind, f"synergies: {number(spot.gain)}")
                )
            words = f"{spot.cost:,.0f}" + (
                f"  {round(spot.gain):+,} together" if spot.gain and width > NARROW else ""
            )
            shapes.append(svg.text((left + long + 6, y + 11), words, "small"))
            y += 21
        y += 8
    return svg.document(width, y, says, shapes)


_MOST_ROWS = 300


def _grid(story: Story, spots: list[Spot]) -> Grid:
    ranked = (
        spots if len(spots) <= _MOST_ROWS else sorted(spots, key=lambda each: (-each.cost, each.place.id))
    )
    *written, whole = amounts(
        [*(each.cost for each in ranked), sum((e.cost for e in ranked), Decimal(0))], story.currency
    )
    *gained, gains = numbers([*(each.gain for each in ranked), total(each.gain for each in ranked)])
    rows = [
        (
            short(each.place.group or ""),
            each.name,
            str(each.activities),
            cost,
            gain if each.gain else "",
        )
        for each, cost, gain in zip(ranked[:_MOST_ROWS], written, gained, strict=False)
    ]
    groups = sum((each.value for each in story.plan.synergies if each.at.startswith("group:")), Decimal(0))
    note = f"Synergies across whole groups add another {number(groups)}." if groups else ""
    if len(ranked) > len(rows):
        note = f"… {len(ranked) - len(rows):,} more places are not shown here. {note}".rstrip()
    columns = (
        Column("group"),
        Column("place"),
        Column("activities", True),
        Column(story.currency, True),
        Column("value of synergies there", True),
    )
    num = f"{sum(each.activities for each in spots):,}"
    return Grid(
        "Places", columns, tuple(rows), ("all", f"{len(spots):,} places", num, whole, gains), note=note
    )
