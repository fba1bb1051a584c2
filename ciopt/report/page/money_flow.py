"""Where the money comes from, who spends it on what, and what that achieves: one figure, three tables."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from functools import partial

from ciopt.instance.base import OWN_BUDGET
from ciopt.report.grid import Column, Grid
from ciopt.report.page.blocks import Block, Figure, Section
from ciopt.report.page.flows import OTHERS, TOGETHER, Flows, Pairs, by_end, flows, folded, largest, total
from ciopt.report.page.sankey import Leg, Node, drawing
from ciopt.report.page.story import NUM_COLOURS, Story
from ciopt.report.words import amounts, number, plural

MOST_BOXES = 14
_HEADINGS = ("Who gives", "Who spends", "On what", "What it moves (value)")


def money_flow(story: Story) -> Section:
    """Follow the money from the funds to the indicators."""
    found = flows(story)
    if not found.paid:
        return Section(
            "money", "Where the money goes", ("Nothing in this plan costs anything.",), tab="Money"
        )
    return Section(
        "money",
        "Where the money goes",
        (*_words(story, found), _figure(story, found), *_limits(story)),
        tab="Money",
    )


def _words(story: Story, found: Flows) -> list[str]:
    funds = sorted(by_end(found.paid, 0).items(), key=lambda each: -each[1])
    givers: dict[str, Decimal] = {}
    for fund, amount in funds:
        givers[story.owner(fund)] = givers.get(story.owner(fund), Decimal(0)) + amount
    first = sorted(givers, key=lambda giver: -givers[giver])[:3]
    largest_givers = ", ".join(f"{story.partner(giver)} ({story.money(givers[giver])})" for giver in first)
    return [
        f"{story.money(total(found.paid.values()))} from {plural(len(funds), 'source')}. "
        f"Those who give most: {largest_givers}."
    ]


def _limits(story: Story) -> list[Block]:
    untouched = [each for each in story.plan.funds if each.amount and not each.spent]
    if not untouched:
        return []
    names = ", ".join(f"{story.fund(each.id)} ({story.money(each.amount)})" for each in untouched[:8])
    return [f"Not used by this plan: {names}{' …' if len(untouched) > 8 else ''}."]


def _figure(story: Story, found: Flows) -> Figure:
    columns, legs, left_out = _boxes(story, found)
    says = (
        "Bands from left to right, as wide as the amount: each fund's money, the partner that spends it, and "
        "the intervention it is spent on. From there on, bands show value: what the intervention adds to "
        "each indicator, times the indicator's weight; “Working together” is what coordination costs and "
        "what synergies add."
    )
    if any(amount < 0 for amount in legs[2].flows.values()):
        says += " Red bands take value away."
    if left_out:
        says += f" Drawn together as others: {left_out}; the tables name them all."
    draw = partial(_draw, columns, legs, says)
    tables = (_paid(story, found), _spent(story, found), *_achieved(story, found))
    return Figure("flow", "From fund to indicator", says, draw, tables)


def _draw(columns: list[list[Node]], legs: list[Leg], says: str, width: float) -> str:
    return drawing(columns, legs, _HEADINGS, width, says)


def _boxes(story: Story, found: Flows) -> tuple[list[list[Node]], list[Leg], str]:
    """Columns and legs with the smallest boxes put together, and how many that were."""
    keep = frozenset((TOGETHER,))
    ends = [by_end(found.paid, 0), by_end(found.paid, 1), by_end(found.spent, 1), by_end(found.value, 1)]
    for source, amount in by_end(found.value, 0).items():
        ends[2].setdefault(source, Decimal(0) * amount)
    maps = [largest(each, MOST_BOXES, keep) for each in ends]
    namers: list[Callable[[str], str]] = [
        partial(_fund, story),
        story.partner,
        partial(_intervention, story),
        story.indicator,
    ]
    kinds: list[Callable[[str], str]] = [
        lambda fund: _colour(story, story.owner(fund)),
        lambda partner: _colour(story, partner),
        lambda _: "plain",
        lambda _: "value",
    ]
    columns = [_nodes(*each) for each in zip(maps, namers, kinds, strict=True)]
    names = [{node.key: node.name for node in nodes} for nodes in columns]
    pairs = [
        folded(flow, maps[number], maps[number + 1])
        for number, flow in enumerate((found.paid, found.spent, found.value))
    ]
    legs = [_leg(story, flow, number, names, columns) for number, flow in enumerate(pairs)]
    folded_ends = zip(maps, ("fund", "partner", "intervention", "indicator"), strict=True)
    left_out = [
        plural(list(each.values()).count(OTHERS), what)
        for each, what in folded_ends
        if OTHERS in each.values()
    ]
    return columns, legs, ", ".join(left_out)


def _nodes(map_: dict[str, str], name: Callable[[str], str], kind: Callable[[str], str]) -> list[Node]:
    num_others = list(map_.values()).count(OTHERS)
    nodes = [Node(key, name(key), kind(key)) for key, shown in map_.items() if shown != OTHERS]
    return [*nodes, Node(OTHERS, f"{num_others:,} others", "c8")] if num_others else nodes


def _leg(
    story: Story, flow: Pairs, number_of_leg: int, names: list[dict[str, str]], columns: list[list[Node]]
) -> Leg:
    kinds = {node.key: node.kind for node in columns[min(number_of_leg, 1)]}
    notes, looks = {}, {}
    for pair, amount in flow.items():
        source, target = names[number_of_leg][pair[0]], names[number_of_leg + 1][pair[1]]
        is_money = number_of_leg < 2
        said = story.money(amount) if is_money else f"value {number(amount)}"
        notes[pair] = f"{source} → {target}: {said}"
        looks[pair] = kinds[pair[0]] if is_money else ("bad" if amount < 0 else "value")
    return Leg(flow, notes, looks)


def _colour(story: Story, partner: str) -> str:
    return f"c{story.colours.get(partner, NUM_COLOURS)}"


def _fund(story: Story, fund: str) -> str:
    """Name a fund where there is little room."""
    return f"{story.partner(story.owner(fund))} (own)" if fund.startswith(OWN_BUDGET) else story.fund(fund)


def _intervention(story: Story, intervention: str) -> str:
    return "Working together" if intervention == TOGETHER else story.intervention(intervention)


def _paid(story: Story, found: Flows) -> Grid:
    """Who gives to whom, those who give most first."""
    keys = _ordered(found.paid)
    *written, whole = amounts(
        [*(found.paid[key] for key in keys), total(found.paid.values())], story.currency
    )
    rows = [
        (story.fund(fund), story.partner(story.owner(fund)), story.partner(partner), text)
        for (fund, partner), text in zip(keys, written, strict=True)
    ]
    columns = (Column("fund"), Column("whose"), Column("pays for"), Column(story.currency, True))
    return Grid("Who gives to whom", columns, tuple(rows), ("total", "", "", whole))


def _spent(story: Story, found: Flows) -> Grid:
    """Who spends how much on what."""
    keys = _ordered(found.spent)
    *written, whole = amounts(
        [*(found.spent[key] for key in keys), total(found.spent.values())], story.currency
    )
    rows = [
        (story.partner(partner), _intervention(story, what), text)
        for (partner, what), text in zip(keys, written, strict=True)
    ]
    columns = (Column("partner"), Column("intervention"), Column(story.currency, True))
    return Grid("Who spends on what", columns, tuple(rows), ("total", "", whole))


def _achieved(story: Story, found: Flows) -> list[Grid]:
    """What each intervention moves, what overlaps take away, and the plan's totals."""
    sources = dict.fromkeys(source for source, _ in _ordered(found.value))
    columns = [Column("what")]
    shown = [each for each in story.plan.indicators if any(key[1] == each.id for key in found.moved)]
    if not shown:
        return []
    columns += [Column(story.indicator(each.id), True) for each in shown]
    rows = [
        _row(_intervention(story, source), [found.moved.get((source, each.id)) for each in shown])
        for source in sources
    ]
    sums = {
        each.id: total(amount for (_, k), amount in found.moved.items() if k == each.id) for each in shown
    }
    lost = [each.total - sums[each.id] for each in shown]
    if any(lost):
        rows.append(_row("Overlaps: people reached twice", [amount or None for amount in lost]))
    totals = _row("moved in all", [each.total for each in shown])
    return [Grid("What moves which indicator (each in its own unit)", tuple(columns), tuple(rows), totals)]


def _row(name: str, cells: list[Decimal | None]) -> tuple[str, ...]:
    return (name, *("" if cell is None else number(cell) for cell in cells))


def _ordered(pairs: Pairs) -> list[tuple[str, str]]:
    """Sources with most first, and in each the targets with most."""
    whole = by_end(pairs, 0)
    return sorted(pairs, key=lambda pair: (-whole[pair[0]], pair[0], -abs(pairs[pair]), pair[1]))
