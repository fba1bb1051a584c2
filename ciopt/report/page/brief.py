"""A brief for every partner: what you do, who pays, who depends on you, on whom you depend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal

from ciopt.instance.base import OWN_BUDGET
from ciopt.plan.records import BACKBONE, PARTICIPATION, Assignment
from ciopt.report.grid import Column, Grid
from ciopt.report.page.blocks import Block, Section, Table
from ciopt.report.page.dependencies import Dependency, dependencies
from ciopt.report.page.flows import total
from ciopt.report.page.story import Story, short
from ciopt.report.words import amounts, number, numbers, plural, used

_MOST_PLACES = 30
_ROLES = {
    "funding": "gives money",
    "accountable": "is accountable",
    "extending": "supports others",
    "implementing": "carries out",
    "backbone": "coordinates",
}


def briefs(story: Story) -> Section:
    """One folded brief a partner that has a part in the plan."""
    ties = dependencies(story)
    parts = tuple(brief(story, each, ties, is_folded=True) for each in story.busy)
    idle = [story.partner(each) for each in story.lookup.partners if each not in story.busy]
    lead: list[Block] = [
        "A page for each partner: what it does, who pays, on whom it depends and who depends on it."
    ]
    if idle:
        lead.append(f"Without a part in this plan: {', '.join(idle)}.")
    return Section("partners", "What it means for each partner", (*lead, *parts), tab="Partners")


def brief(
    story: Story, partner: str, ties: tuple[Dependency, ...] | None = None, *, is_folded: bool = False
) -> Section:
    """Say everything that one partner needs to know.

    Parameters
    ----------
    ties
        Who depends on whom in the whole plan; worked out here if None.
    """
    ties = dependencies(story) if ties is None else ties
    mine = [each for each in story.plan.assignments if each.partner == partner]
    blocks: list[Block] = [_role(story, partner)]
    blocks += _does(story, partner, mine)
    blocks += _received(story, partner)
    blocks += _given(story, partner)
    on = [(each.on, each) for each in ties if each.partner == partner]
    by = [(each.partner, each) for each in ties if each.on == partner and not each.is_mutual]
    blocks += _tied(story, "You and they depend on each other", [each for each in on if each[1].is_mutual])
    blocks += _tied(story, "On whom you depend", [each for each in on if not each[1].is_mutual])
    blocks += _tied(story, "Who depends on you", by)
    if not on and not by:
        blocks.append("You depend on nobody, and nobody depends on you.")
    return Section(
        f"partner-{partner}", story.partner(partner), tuple(blocks), _summary(story, partner, mine), is_folded
    )


def _summary(story: Story, partner: str, mine: list[Assignment]) -> str:
    given = total(each.amount for each in story.plan.payments if story.owner(each.fund) == partner)
    spent = total(each.amount for each in story.plan.payments if story.payee(each) == partner)
    parts = [plural(len(mine), "activity", "activities")] if mine else []
    parts += [f"spends {story.money(spent)}"] if spent else []
    parts += [f"gives {story.money(given)}"] if given else []
    parts += ["coordinates"] if any(each.partner == partner for each in story.plan.backbones) else []
    return " · ".join(parts)


def _role(story: Story, partner: str) -> str:
    record = story.lookup.partners[partner]
    roles = ", ".join(_ROLES[role] for role in record.roles) or "no role is said"
    kind = f"{short(record.kind)}; " if record.kind.strip() else ""
    return f"In the coalition: {kind}{roles}."


def _does(story: Story, partner: str, mine: list[Assignment]) -> list[Block]:
    if not mine:
        return ["You carry out no activity in this plan."]
    rows: dict[tuple[str, str], list[Assignment]] = defaultdict(list)
    for each in mine:
        rows[each.period, story.what(each)].append(each)
    order = story.lookup.periods
    keys = sorted(rows, key=lambda key: (order[key[0]], key[1]))
    costs = [total(each.cost for each in rows[key]) for key in keys]
    *written, whole = amounts([*costs, total(costs)], story.currency)
    grid = Grid(
        "What you do",
        (Column("starts"), Column("what"), Column("where"), Column(story.currency, True)),
        tuple(
            (short(period), what, _listed(story.place(each.place) for each in rows[period, what]), cost)
            for (period, what), cost in zip(keys, written, strict=True)
        ),
        ("", plural(len(mine), "activity", "activities"), "", whole),
    )
    return [Table(grid), *_resources(story, partner)]


def _resources(story: Story, partner: str) -> list[Block]:
    result = next(each for each in story.plan.partners if each.id == partner)
    limits = story.lookup.partners[partner].capacity
    said = []
    for resource, use in result.capacity.items():
        limit = limits[resource]
        has = limit if isinstance(limit, Decimal) else total(limit.values())
        said.append(f"{number(use)} of {number(has)} {short(resource)} ({used(use, has) or '0 %'})")
    return [f"That takes {', '.join(said)}."] if said else []


def _listed(names: Iterable[str]) -> str:
    known = list(names)
    more = len(known) - _MOST_PLACES
    return ", ".join(known[:_MOST_PLACES]) + (f" and {more:,} more" if more > 0 else "")


def _received(story: Story, partner: str) -> list[Block]:
    """Who pays for what the partner does, takes part in and coordinates."""
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in story.plan.payments:
        if story.payee(each) == partner:
            paid[each.fund, _purpose(each.assignment)] += each.amount
    if not paid:
        return []
    keys = sorted(paid, key=lambda key: -paid[key])
    *written, whole = amounts([*(paid[key] for key in keys), total(paid.values())], story.currency)
    rows = [
        (
            story.fund(fund),
            "you" if story.owner(fund) == partner else story.partner(story.owner(fund)),
            what,
            text,
        )
        for (fund, what), text in zip(keys, written, strict=True)
    ]
    columns = (Column("fund"), Column("whose"), Column("for"), Column(story.currency, True))
    return [Table(Grid("Who pays for you", columns, tuple(rows), ("total", "", "", whole)))]


def _purpose(assignment: str) -> str:
    if assignment.startswith(PARTICIPATION):
        return "taking part"
    return "coordination" if assignment.startswith(BACKBONE) else "activities"


def _given(story: Story, partner: str) -> list[Block]:
    """What the partner's money pays for, fund by fund and partner by partner."""
    paid: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for each in story.plan.payments:
        if story.owner(each.fund) == partner:
            paid[each.fund, story.payee(each)] += each.amount
    if not paid:
        return []
    keys = sorted(paid, key=lambda key: (key[0], -paid[key]))
    *written, whole = amounts([*(paid[key] for key in keys), total(paid.values())], story.currency)
    rows = [
        (story.fund(fund), "you" if payee == partner else story.partner(payee), text)
        for (fund, payee), text in zip(keys, written, strict=True)
    ]
    columns = (Column("your fund"), Column("pays for"), Column(story.currency, True))
    return [
        Table(Grid("What your money does", columns, tuple(rows), ("total", "", whole))),
        *_left(story, partner),
    ]


def _left(story: Story, partner: str) -> list[Block]:
    """What stays unspent in the partner's funds and budget."""
    own = [
        (OWN_BUDGET + each.id, each.spent, each.budget) for each in story.plan.partners if each.id == partner
    ]
    funds = [
        (each.id, each.spent, each.amount) for each in story.plan.funds if story.owner(each.id) == partner
    ]
    left = [(fund, has - spent) for fund, spent, has in (*own, *funds) if has is not None and has > spent]
    if not left:
        return ["All of your money is spent."]
    return [
        f"Not spent: {', '.join(f'{story.money(amount)} of {story.fund(fund)}' for fund, amount in left)}."
    ]


def _tied(story: Story, title: str, ties: list[tuple[str, Dependency]]) -> list[Block]:
    if not ties:
        return []
    rows = [
        (story.partner(other), tie.why, f"{tie.times:,}", value if tie.value else "")
        for (other, tie), value in zip(ties, numbers(tie.value for _, tie in ties), strict=True)
    ]
    columns = (Column("partner"), Column("because"), Column("times", True), Column("value", True))
    return [Table(Grid(title, columns, tuple(rows)))]
