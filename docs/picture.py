"""One plan on one picture: money falls from who gives it to what it pays for; below, who does that where.

Everything is read from the instance and its plan: nothing is placed or coloured by hand but the names and
colours of the partners of the cocoa example.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from ciopt import Instance, Plan
from docs import svg
from docs.svg import Style

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


def draw(instance: Instance, plan: Plan) -> str:
    """Return the picture of a plan as SVG."""
    scene = Scene(instance, plan)
    shapes = [*_title(scene), *_money(scene), *_heads(scene), *_rows(scene), *_tiles(scene)]
    shapes += [*_neighbours(scene), *_gains(scene), *_legend(scene)]
    description = (
        f"A table of {len(instance.places)} places and {len(scene.interventions)} interventions. A tile says which "
        "partner does what where; bands above it show whose money pays for what; bars to the right show what "
        "the activities of a place gain from each other."
    )
    return svg.document(WIDTH, scene.bottom + 112, f"The plan for {instance.name}", description, shapes)


def _title(scene: Scene) -> list[str]:
    plan, currency = scene.plan, scene.instance.currency
    doing = len({each.partner for each in plan.assignments})
    what = (
        f"{len(plan.assignments)} activities of {doing} organisations, {_amount(plan.cost)} {currency}; "
        f"{len(plan.synergies)} synergies pay off."
    )
    if plan.status == "optimal":
        proof = f"Value {plan.value:,.0f}: proven, nothing better exists."
    else:
        proof = f"Value {plan.value:,.0f}: at most {plan.bound:,.0f} is possible."
    return [
        svg.text(LEFT, 42, scene.instance.name, Style(21, INK, 700)),
        svg.text(LEFT, 64, f"{what} {proof}", Style(13, FAINT)),
    ]


def _money(scene: Scene) -> list[str]:
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
        shapes.append(svg.text(centre, SOURCES - 7, _amount(given[giver]), Style(11, FAINT, 400, "middle")))
        for column in columns:
            amount = flows.get((giver, column), 0.0)
            if amount:
                note = f"{giver}: {_amount(amount)} for {column}"
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


def _heads(scene: Scene) -> list[str]:
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


def _rows(scene: Scene) -> list[str]:
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


def _tiles(scene: Scene) -> list[str]:
    """A tile for each assignment: who, and from when."""
    periods = [str(period) for period in scene.instance.periods]
    width = (COLUMN - 3) / len(periods)
    shapes = []
    for each in scene.plan.assignments:
        late = periods.index(each.period) * width
        x = GRID + COLUMN * scene.interventions.index(each.intervention) + 1.5 + late
        y, room = scene.row(each.place) + 1.5, COLUMN - 3 - late
        note = f"{each.option.id}: {_amount(each.cost)} {scene.instance.currency}"
        shapes.append(svg.rect(x, y, room, ROW - 3, scene.colour(each.partner), radius=3, note=note))
        label = SHORT.get(each.partner, each.partner)
        size = min(10.5, 10.5 * (room - 3) / svg.text_width(label, 10.5))
        shapes.append(svg.text(x + room / 2, y + 13.2, label, Style(size, "#ffffff", 400, "middle")))
    return shapes


def _neighbours(scene: Scene) -> list[str]:
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


def _gains(scene: Scene) -> list[str]:
    """A bar a place (or group): what synergies add, and which part of it needed a backbone."""
    gained: dict[str, list[Decimal]] = defaultdict(lambda: [Decimal(0), Decimal(0)])
    for synergy in scene.plan.synergies:
        gained[synergy.at.partition(">")[0]][synergy.backbone is not None] += synergy.value
    scale = (BAR - 34) / float(max(sum(parts) for parts in gained.values()))
    x0, shapes = scene.right + GAIN, []
    for at, (free, unlocked) in gained.items():
        if at.startswith("group:"):
            top = scene.row(scene.groups[at.removeprefix("group:")][0])
            words = f"+{_amount(free + unlocked)} across the group"
            colour = UNLOCKED if unlocked > free else NEXT_DOOR
            shapes.append(svg.text(x0, top - 9, words, Style(11, colour, 600)))
            continue
        y, first, second = scene.row(at) + 4, float(free) * scale, float(unlocked) * scale
        shapes.append(svg.rect(x0, y, first, ROW - 8, FREE, note=f"{at}: {_amount(free)}"))
        note = f"{at}: {_amount(unlocked)} thanks to a backbone"
        shapes.append(svg.rect(x0 + first, y, second, ROW - 8, UNLOCKED, note=note))
        end = x0 + first + second + 5
        shapes.append(svg.text(end, y + 11, f"+{_amount(free + unlocked)}", Style(11, INK)))
    return shapes


def _legend(scene: Scene) -> list[str]:
    """How to read it."""
    y, shapes = scene.bottom + 34, []
    names = {each.id: each.name or each.id for each in scene.instance.partners}
    doing = [each.id for each in scene.plan.partners if each.assignments]
    entries = {SHORT.get(each, each): (scene.colour(each), names[each].partition(",")[0]) for each in doing}
    x = LEFT
    for label, (colour, name) in entries.items():
        wide = 56 + svg.text_width(name, 12) + 20
        if x + wide > WIDTH - LEFT + 14:
            x, y = LEFT, y + 24
        shapes.append(svg.rect(x, y - 13, 50, ROW - 3, colour, radius=3))
        shapes.append(svg.text(x + 25, y + 0.2, label, Style(10.5, "#ffffff", 400, "middle")))
        shapes.append(svg.text(x + 56, y + 0.5, name, Style(12, INK)))
        x += wide
    return [*shapes, *_marks(scene, y + 34)]


def _marks(scene: Scene, y: float) -> list[str]:
    """What lengths, gaps and the two colours of the bars mean."""
    periods = [str(period) for period in scene.instance.periods]
    width, x, shapes = 50 / len(periods), LEFT, []
    for period in sorted({each.period for each in scene.plan.assignments}):
        late, words = periods.index(period) * width, f"starts {period}"
        shapes.append(svg.rect(x, y - 13, 50, ROW - 3, EMPTY, radius=3))
        shapes.append(svg.rect(x + late, y - 13, 50 - late, ROW - 3, FAINT, radius=3))
        shapes.append(svg.text(x + 56, y + 0.5, words, Style(12, INK)))
        x += 76 + svg.text_width(words, 12)
    marks = ((FREE, "at the place and with neighbours (arcs)"), (UNLOCKED, "only because a backbone coordinates"))
    for colour, words in marks:
        shapes.append(svg.rect(x, y - 11, 24, ROW - 8, colour))
        shapes.append(svg.text(x + 31, y + 0.5, words, Style(12, INK)))
        x += 52 + svg.text_width(words, 12)
    return shapes


def _amount(value: Decimal | float | None) -> str:
    """A round number: 2.1 M, 380 k, 71."""
    number = float(value or 0)
    for size, unit in ((1e6, " M"), (1e4, " k")):
        if abs(number) >= size:
            scaled = number / min(size, 1e6 if unit == " M" else 1e3)
            return f"{scaled:,.1f}{unit}" if unit == " M" else f"{scaled:,.0f}{unit}"
    return f"{number:,.0f}"

