"""Why an assignment is in the plan: what it moves, who pays, what is lost without it."""

from __future__ import annotations

from decimal import Decimal

from ciopt.report.grid import Column, Grid
from ciopt.report.nearby import who
from ciopt.report.why.lost import best_found, changes_tables, loss_words, payers_table
from ciopt.report.words import fund_name, money, number, used
from ciopt.studies import Explanation
from ciopt.studies.why.records import LimitUse, TargetServed


def explanation_words(found: Explanation) -> list[str]:
    """Say what an assignment is, what is lost without it, and why it cannot simply be crossed out."""
    currency = found.instance.currency
    alone = money(found.assignment.cost, currency)
    words = [f"{who(found.assignment)}, for {alone}"]
    price = loss_words(found.without, found.loss, found.goal, currency)
    words.append(f"without it, the rest planned anew: {price}")
    words += best_found(found.without, "without it", found)
    words += _in_its_place(found)
    if found.value_moved:
        how = "less" if found.value_moved > 0 else "more"
        moved = number(abs(found.value_moved))
        words.append(f"crossed out, with nothing in its place, the plan would be worth {moved} {how}")
    words += [f"it cannot simply be crossed out: {each}" for each in found.breaks]
    return words


def explanation_tables(found: Explanation) -> list[Grid]:
    """Return what it moves, who pays, what it is limited by, and what takes its place."""
    currency = found.instance.currency
    shown = [
        _moves(found),
        _synergies(found),
        payers_table("Who pays for it", found.payers, currency),
        _limits(found.limits, currency),
        _targets(found.targets),
    ]
    return [*(grid for grid in shown if grid.rows), *changes_tables(found.without, "without it", currency)]


def _in_its_place(found: Explanation) -> list[str]:
    """Say who does the same then, if anybody does."""
    if found.without is None or found.without.difference is None:
        return []
    mine = found.assignment.option
    for move in found.without.difference.moved:
        if move.before.option == mine:
            return [f"in its place: {who(move.after)}"]
    return [f"nobody does {mine.intervention} in {mine.place} then"]


def _moves(found: Explanation) -> Grid:
    rows = tuple(
        (each.id, *map(number, (each.alone, each.overlaps, each.synergies, each.total)), each.unit)
        for each in found.moves
    )
    columns = (
        Column("indicator"),
        Column("by itself", True),
        Column("overlaps", True),
        Column("synergies", True),
        Column("in all", True),
        Column("unit"),
    )
    return Grid("What it moves", columns, rows)


def _synergies(found: Explanation) -> Grid:
    mine = found.assignment.option.id
    rows = tuple(
        (
            each.id + (f" (by {each.backbone})" if each.backbone else ""),
            each.at,
            ", ".join(member for member in each.members if member != mine),
            number(each.value),
            "lost" if each.needs_it else "stays",
        )
        for each in found.synergies
    )
    heads = ("synergy", "where", "with", "value", "without it")
    columns = tuple(Column(head, head == "value") for head in heads)
    return Grid("Synergies that it is part of", columns, rows)


def _limits(limits: tuple[LimitUse, ...], currency: str) -> Grid:
    def write(each: LimitUse, amount: Decimal) -> str:
        return money(amount, currency) if each.kind in ("money", "cost") else number(amount)

    rows = tuple(
        (
            fund_name(each.id),
            each.period or "",
            *(write(each, amount) for amount in (each.takes, each.used, each.limit, each.left)),
            _tightness(each),
        )
        for each in limits
    )
    columns = (
        Column("limit"),
        Column("when"),
        *(Column(head, True) for head in ("this takes", "all take", "limit", "left")),
        Column("binds"),
    )
    note = "nearly: less is left than this one takes"
    return Grid("Limits that it counts against", columns, rows, note=note)


def _tightness(each: LimitUse) -> str:
    if each.left <= 0:
        return "used up"
    return "nearly" if each.left < each.takes else f"no, {used(each.used, each.limit)} used"


def _targets(targets: tuple[TargetServed, ...]) -> Grid:
    rows = tuple(
        (each.name, _asked(each), number(each.total), number(each.without), _met(each)) for each in targets
    )
    columns = (
        Column("target"),
        Column("asks for"),
        Column("plan", True),
        Column("crossed out", True),
        Column("then"),
    )
    return Grid("Targets that it bears on", columns, rows)


def _asked(each: TargetServed) -> str:
    if each.at_least is not None:
        return f"at least {number(each.at_least)}"
    assert each.at_most is not None
    return f"at most {number(each.at_most)}"


def _met(each: TargetServed) -> str:
    missed = (each.at_least is not None and each.without < each.at_least) or (
        each.at_most is not None and each.without > each.at_most
    )
    return "missed" if missed else "still met"
