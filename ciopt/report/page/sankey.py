"""Bands from column to column, as wide as what flows: a layout for any number of columns.

Each leg (the room between two columns) has a unit and a scale of its own, so that a box may take in money on
its left and give off value on its right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from ciopt.report.page import svg

_BOX, _GAP, _LEAST_SLOT, _ROOM = 9.0, 7.0, 19.0, 6.0
_SWEEPS = 4


@dataclass(frozen=True)
class Node:
    """A box: its name, the words beside it, its colour (a class)."""

    key: str
    name: str
    kind: str


@dataclass(frozen=True)
class Leg:
    """What flows from one column to the next, and what its amounts are called under the pointer."""

    flows: Mapping[tuple[str, str], Decimal]
    notes: Mapping[tuple[str, str], str]
    kinds: Mapping[tuple[str, str], str]


@dataclass(frozen=True)
class _Spot:
    """Where a box is: the middle of its slot, and how high its left and right sides are."""

    middle: float
    left: float
    right: float


def drawing(
    columns: Sequence[Sequence[Node]],
    legs: Sequence[Leg],
    headings: Sequence[str],
    width: float,
    label: str,
    *,
    height: float = 430.0,
) -> str:
    """Draw all columns side by side, or, where the page is too narrow for that, leg under leg.

    Parameters
    ----------
    headings
        A word over each column.
    width
        Of the drawing, in pixels.
    label
        What it shows, in words.
    height
        How high all that flows is together.
    """
    if width >= 600:
        layout = _Layout(columns, legs, width, height)
        shapes = [*layout.headings(headings), *layout.shapes()]
        return svg.document(width, layout.bottom + 4, label, shapes)
    shapes, top = [], 0.0
    for number, leg in enumerate(legs):
        pair = _used(columns[number], leg, 0), _used(columns[number + 1], leg, 1)
        layout = _Layout(pair, [leg], width, height * 0.75, top)
        shapes += [*layout.headings(headings[number : number + 2]), *layout.shapes()]
        top = layout.bottom + 26
    return svg.document(width, top - 20, label, shapes)


def _used(nodes: Sequence[Node], leg: Leg, side: int) -> list[Node]:
    keys = {pair[side] for pair, amount in leg.flows.items() if amount}
    return [node for node in nodes if node.key in keys]


class _Layout:
    """Where everything stands."""

    def __init__(
        self,
        columns: Sequence[Sequence[Node]],
        legs: Sequence[Leg],
        width: float,
        height: float,
        top: float = 0.0,
    ) -> None:
        self.legs, self.width, self.top = legs, width, top + 26
        self.columns = _ordered(columns, legs)
        totals = [float(sum(abs(amount) for amount in leg.flows.values())) or 1.0 for leg in legs]
        self.scales = [height / total for total in totals]
        self.margin = width * (0.19 if len(columns) > 2 else 0.33)
        step = (width - 2 * self.margin - _BOX) / max(1, len(columns) - 1)
        self.lefts = [self.margin + step * number for number in range(len(columns))]
        sizes = [self._sizes(number) for number in range(len(columns))]
        tall = max(sum(slot for *_, slot in each) + _GAP * (len(each) - 1) for each in sizes)
        self.bottom = self.top + tall
        self.spots = [self._spots(number, each, tall) for number, each in enumerate(sizes)]

    def _sizes(self, number: int) -> list[tuple[float, float, float]]:
        """Heights of each box's left side, right side and slot."""
        found = []
        for node in self.columns[number]:
            left = self._side(number - 1, node.key, 1)
            right = self._side(number, node.key, 0)
            found.append((left, right, max(left, right, _LEAST_SLOT)))
        return found

    def _side(self, leg: int, key: str, end: int) -> float:
        if not 0 <= leg < len(self.legs):
            return 0.0
        flows = self.legs[leg].flows.items()
        return float(sum(abs(amount) for pair, amount in flows if pair[end] == key)) * self.scales[leg]

    def _spots(self, number: int, sizes: list[tuple[float, float, float]], tall: float) -> dict[str, _Spot]:
        used = sum(slot for *_, slot in sizes)
        gap = min(40.0, (tall - used) / max(1, len(sizes) - 1))
        y = self.top + (tall - used - gap * (len(sizes) - 1)) / 2
        spots = {}
        for node, (left, right, slot) in zip(self.columns[number], sizes, strict=True):
            spots[node.key] = _Spot(y + slot / 2, left, right)
            y += slot + gap
        return spots

    def headings(self, words: Sequence[str]) -> list[str]:
        """A word over each column."""
        last = len(self.lefts) - 1
        shapes = []
        for number, (x, word) in enumerate(zip(self.lefts, words, strict=True)):
            side: svg.Anchor = "end" if number == 0 else "start"
            at = x + _BOX if number == 0 else x
            room = self.margin if number in (0, last) else self.lefts[1] - self.lefts[0] - _ROOM
            shapes.append(svg.text((at, self.top - 14), svg.fitted(word, room, 11), "head", side))
        return shapes

    def shapes(self) -> list[str]:
        """Bands, then boxes, then words on top."""
        bands = [shape for number in range(len(self.legs)) for shape in self._bands(number)]
        boxes, words = [], []
        for number, nodes in enumerate(self.columns):
            for node in nodes:
                boxes += self._box(number, node)
                words.append(self._word(number, node))
        return [*bands, *boxes, *words]

    def _bands(self, number: int) -> list[str]:
        leg, scale = self.legs[number], self.scales[number]
        here, there = self.spots[number], self.spots[number + 1]
        starts = {key: spot.middle - spot.right / 2 for key, spot in here.items()}
        ends = {key: spot.middle - spot.left / 2 for key, spot in there.items()}
        shapes = []
        for source in self.columns[number]:
            for target in self.columns[number + 1]:
                pair = source.key, target.key
                wide = float(abs(leg.flows.get(pair, Decimal(0)))) * scale
                if not wide:
                    continue
                start = self.lefts[number] + _BOX, starts[source.key]
                end = self.lefts[number + 1], ends[target.key]
                kind = f"band {leg.kinds[pair]}"
                shapes.append(svg.band(start, end, max(wide, 0.4), kind, leg.notes[pair]))
                starts[source.key] += wide
                ends[target.key] += wide
        return shapes

    def _box(self, number: int, node: Node) -> list[str]:
        """One bar, or two side by side where what comes in and what goes out are measured differently."""
        spot, x = self.spots[number][node.key], self.lefts[number]
        middle = 0 < number < len(self.columns) - 1
        if middle and abs(spot.left - spot.right) > 0.5:
            half = _BOX / 2
            sides = ((x, spot.left, node.kind), (x + half, spot.right, "value"))
            return [_bar(at, half, spot.middle, tall, kind) for at, tall, kind in sides if tall]
        return [_bar(x, _BOX, spot.middle, max(spot.left, spot.right), node.kind)]

    def _word(self, number: int, node: Node) -> str:
        y = self.spots[number][node.key].middle + 4
        last = len(self.columns) - 1
        if number == 0:
            return svg.text(
                (self.lefts[0] - 5, y), svg.fitted(node.name, self.margin - 8), "label", anchor="end"
            )
        room = self.margin - _ROOM if number == last else self.lefts[1] - self.lefts[0] - 24
        return svg.text((self.lefts[number] + _BOX + 5, y), svg.fitted(node.name, room), "label")


def _bar(x: float, width: float, middle: float, tall: float, kind: str) -> str:
    return svg.rect((x, middle - max(tall, 1) / 2), width, max(tall, 1), f"box {kind}")


def _ordered(columns: Sequence[Sequence[Node]], legs: Sequence[Leg]) -> list[list[Node]]:
    """Order boxes by the middle of what they are tied to, to and fro, so that few bands cross."""
    order = [list(nodes) for nodes in columns]
    for sweep in range(_SWEEPS):
        forth = range(1, len(order)) if sweep % 2 == 0 else range(len(order) - 2, -1, -1)
        for number in forth:
            leg = legs[number - 1] if sweep % 2 == 0 else legs[number]
            mine = 1 if sweep % 2 == 0 else 0
            fixed = order[number - 1] if sweep % 2 == 0 else order[number + 1]
            order[number] = _by_middle(order[number], fixed, leg, mine)
    return order


def _by_middle(nodes: list[Node], fixed: list[Node], leg: Leg, mine: int) -> list[Node]:
    position = {node.key: number for number, node in enumerate(fixed)}
    weight: dict[str, float] = {}
    moment: dict[str, float] = {}
    for pair, amount in leg.flows.items():
        key, other = pair[mine], pair[1 - mine]
        weight[key] = weight.get(key, 0.0) + abs(float(amount))
        moment[key] = moment.get(key, 0.0) + abs(float(amount)) * position.get(other, 0)
    far = len(fixed)
    return sorted(
        nodes, key=lambda node: moment[node.key] / weight[node.key] if weight.get(node.key) else far
    )
