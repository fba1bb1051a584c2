"""What working together adds: which synergies paid off, and between whom."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import combinations

from ciopt.plan.records import PaidSynergy
from ciopt.report.grid import Column, Grid
from ciopt.report.page import svg
from ciopt.report.page.blocks import NARROW, Block, Figure, Section, Table
from ciopt.report.page.flows import total
from ciopt.report.page.opening import together_share
from ciopt.report.page.story import NUM_COLOURS, Story
from ciopt.report.words import number, numbers, plural

MOST_PARTNERS = 16
_MOST_SETS, _STRAIGHT = 200, 0.4


def network(story: Story) -> Section:
    """Show what activities gain from each other."""
    title = "What working together adds"
    paid = story.plan.synergies
    if not paid:
        return Section("together", title, ("No synergy pays off in this plan.",), tab="Working together")
    blocks: list[Block] = [
        _words(story),
        Table(_by_synergy(story)),
        *([_figure(story)] if _ties(paid) else []),
    ]
    if not _ties(paid):
        blocks += [
            "Each of them is between activities of one and the same partner.",
            Table(_by_partners(story)),
        ]
    return Section("together", title, tuple(blocks), tab="Working together")


def _words(story: Story) -> str:
    paid = story.plan.synergies
    added = total(each.value for each in paid)
    share = together_share(story.plan)
    across = [each for each in paid if len(each.partners) > 1]
    text = f"{plural(len(paid), 'synergy pays', 'synergies pay')} off and add {number(added)} to the value"
    text += f" ({share} of it)" if share else ""
    worth = number(total(each.value for each in across))
    text += f"; {len(across):,} of them, worth {worth}, need two or more partners."
    carried = [each for each in paid if each.backbone is not None]
    if carried:
        who = ", ".join(sorted({story.partner(each.backbone or "") for each in carried}))
        cost = story.money(total(each.cost for each in story.plan.backbones))
        text += (
            f" {len(carried):,}, worth {number(total(each.value for each in carried))}, arise only because "
            f"somebody coordinates ({who}), which costs {cost}."
        )
    if any(each.saturates_at is not None for each in story.instance.indicators):
        text += (
            " Each counts in full here, even where an indicator is beyond the level that still adds value."
        )
    return text


def _by_synergy(story: Story) -> Grid:
    """Each kind of synergy: between what, how often, what it adds."""
    found: dict[str, list[PaidSynergy]] = {}
    for each in story.plan.synergies:
        found.setdefault(each.id, []).append(each)
    between = {
        each.id: " + ".join(story.intervention(i) for i in each.between) for each in story.instance.synergies
    }
    order = sorted(found, key=lambda id_: (-total(each.value for each in found[id_]), id_))
    *written, whole = numbers([*(total(each.value for each in found[id_]) for id_ in order), _added(story)])
    rows = []
    for id_, value in zip(order, written, strict=True):
        carriers = {story.partner(each.backbone) for each in found[id_] if each.backbone is not None}
        rows.append(
            (
                story.synergy(id_),
                between[id_],
                f"{len(found[id_]):,}",
                ", ".join(sorted(carriers)),
                value,
            )
        )
    columns = (
        Column("synergy"),
        Column("between"),
        Column("times", True),
        Column("coordinated by"),
        Column("value added", True),
    )
    return Grid(
        "Synergies, those worth most first",
        columns,
        tuple(rows),
        ("total", "", f"{len(story.plan.synergies):,}", "", whole),
    )


def _added(story: Story) -> Decimal:
    return total(each.value for each in story.plan.synergies)


@dataclass(frozen=True)
class _Tie:
    """Two partners, and the synergies that need both."""

    one: str
    other: str
    times: int
    value: Decimal


def _ties(paid: tuple[PaidSynergy, ...]) -> list[_Tie]:
    """Pairs of partners, those who gain most first; a synergy of three counts for each of three pairs."""
    found: dict[tuple[str, str], list[Decimal]] = {}
    for each in paid:
        for pair in combinations(sorted(each.partners), 2):
            found.setdefault(pair, []).append(each.value)
    ties = [_Tie(*pair, len(values), total(values)) for pair, values in found.items()]
    return sorted(ties, key=lambda tie: (-abs(tie.value), tie.one, tie.other))


def _figure(story: Story) -> Figure:
    ties = _ties(story.plan.synergies)
    weight: dict[str, Decimal] = {}
    for tie in ties:
        for partner in (tie.one, tie.other):
            weight[partner] = weight.get(partner, Decimal(0)) + abs(tie.value)
    shown = set(sorted(weight, key=lambda partner: (-weight[partner], partner))[:MOST_PARTNERS])
    drawn = [tie for tie in ties if tie.one in shown and tie.other in shown]
    says = (
        "A line joins two partners whose activities help each other; the thicker, the more value that adds. "
        "A synergy of three partners is on three lines, so lines do not add up; the table does. Strongest: "
        + "; ".join(
            f"{story.partner(t.one)} and {story.partner(t.other)}, {number(t.value)}" for t in drawn[:3]
        )
        + "."
    )
    if len(weight) > len(shown):
        says += f" The {len(shown)} partners who gain most are drawn, {len(weight) - len(shown):,} are not."
    order = [each for each in story.busy if each in shown]
    tables = (_by_partners(story), _by_pair(story, ties))
    return Figure(
        "network", "Who gains from working with whom", says, partial(_draw, story, order, drawn, says), tables
    )


def _draw(story: Story, order: list[str], ties: list[_Tie], says: str, width: float) -> str:
    """Partners on a ring, each tie a line that bends towards its middle."""
    is_narrow = width <= NARROW
    radius = min(92.0, 32.0 + 9 * len(order)) if is_narrow else min(190.0, 44.0 + 15 * len(order))
    centre = (width / 2, radius + 34)
    spots = {}
    for number_, partner in enumerate(order):
        angle = 2 * math.pi * (number_ + 0.5) / len(order) - math.pi / 2
        spots[partner] = (math.cos(angle), math.sin(angle))

    def at(partner: str, far: float) -> svg.Point:
        x, y = spots[partner]
        return centre[0] + x * far, centre[1] + y * far

    most = max((abs(float(tie.value)) for tie in ties), default=1.0) or 1.0
    shapes = []
    for tie in reversed(ties):
        wide = max(0.6, (9 if is_narrow else 14) * abs(float(tie.value)) / most)
        times = plural(tie.times, "synergy", "synergies")
        who = f"{story.partner(tie.one)} and {story.partner(tie.other)}"
        note = f"{who}: {times}, value {number(tie.value)}"
        kind = "tie bad" if tie.value < 0 else "tie"
        bend = _bend(at(tie.one, radius), centre, at(tie.other, radius))
        shapes.append(svg.curve(at(tie.one, radius), bend, at(tie.other, radius), wide, kind, note))
    room = width / 2 - radius * 0.9 - 16
    for partner in order:
        shapes.append(svg.circle(at(partner, radius), 6, f"box c{story.colours.get(partner, NUM_COLOURS)}"))
        x, y = at(partner, radius + 13)
        side = spots[partner][0]
        anchor: svg.Anchor = "start" if side > 0.15 else "end" if side < -0.15 else "middle"
        lift = 4 + (8 * spots[partner][1] if anchor == "middle" else 0)
        reach = width / 2 - 13 - abs(x - centre[0]) + 12 if anchor != "middle" else room * 2
        shapes.append(svg.text((x, y + lift), svg.fitted(story.partner(partner), reach), "label", anchor))
    return svg.document(width, 2 * radius + 68, says, shapes)


def _bend(start: svg.Point, centre: svg.Point, end: svg.Point) -> svg.Point:
    """Where a line bends: towards the centre, less for those who sit near each other."""
    middle = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    return tuple(c + (m - c) * _STRAIGHT for c, m in zip(centre, middle, strict=True))  # type: ignore[return-value]


def _by_partners(story: Story) -> Grid:
    """Whose activities gain from each other; every synergy counts once."""
    found: dict[tuple[str, ...], list[Decimal]] = {}
    for each in story.plan.synergies:
        found.setdefault(each.partners, []).append(each.value)
    order = sorted(found, key=lambda who: (-total(found[who]), who))
    *written, whole = numbers([*(total(found[who]) for who in order), _added(story)])
    rows = [
        (" + ".join(story.partner(each) for each in who), f"{len(found[who]):,}", value)
        for who, value in zip(order[:_MOST_SETS], written, strict=False)
    ]
    left_out = len(order) - len(rows)
    return Grid(
        "Synergies by those who take part",
        (Column("partners"), Column("synergies", True), Column("value added", True)),
        tuple(rows),
        ("total", f"{len(story.plan.synergies):,}", whole),
        note=f"… {left_out:,} more are not shown here" if left_out else "",
    )


def _by_pair(story: Story, ties: list[_Tie]) -> Grid:
    written = numbers(tie.value for tie in ties)
    rows = [
        (story.partner(tie.one), story.partner(tie.other), f"{tie.times:,}", value)
        for tie, value in zip(ties[:_MOST_SETS], written, strict=False)
    ]
    left_out = len(ties) - len(rows)
    columns = (Column("partner"), Column("and partner"), Column("synergies", True), Column("value", True))
    note = f"… {left_out:,} more are not shown here" if left_out else ""
    return Grid(
        "The lines of the figure (a synergy of three is on three lines)", columns, tuple(rows), note=note
    )
