"""The value of collaboration, in words and tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from ciopt.report.grid import Column, Grid
from ciopt.report.words import amount, amounts, money, number, percent, plural
from ciopt.studies.collaboration import Collaboration
from ciopt.studies.collaboration.records import WORLDS, Without, World, WorldName

_WORDS = {
    "baseline": "what happens anyway",
    "alone": "alone",
    "informed": "informed",
    "together": "together",
}
_ENDINGS = {
    "fixed_point": "nobody would change anything after {rounds}: a proven fixed point",
    "within_gap": "nobody found anything better after {rounds}: a fixed point within the gap asked for",
    "cycle": "the answers run in a circle after {rounds}: there is no fixed point, the last state is shown",
    "limit": "after {rounds} time or patience was up: partners might still change something",
}
_PARTS = {
    "impacts": "assignments by themselves",
    "synergies": "synergies",
    "overlaps": "the same people reached twice",
    "saturation": "more than counts",
    "penalties": "missed soft targets",
}
_SHOWN = 4


def story(found: Collaboration) -> list[str]:
    """Tell what the coalition gains and where it comes from, a sentence a line; the first is the headline."""
    lines = [_headline(found), *_steps(found), *_sources(found)]
    lines += [_without(each) for each in found.without]
    lines += [*_losers(found), *_broken(found)]
    if found.stopped_by is not None:
        limit = found.stopped_by == "time_limit"
        lines.append(f"stopped early: {'the time limit was reached' if limit else 'it was interrupted'}")
    return lines + [f"note: {note}" for note in found.notes]


def _objective(found: Collaboration, name: WorldName) -> Decimal | None:
    world = found.world(name)
    return None if world is None else world.objective


def _headline(found: Collaboration) -> str:
    alone, together = _objective(found, "alone"), _objective(found, "together")
    world = found.world("together")
    if world is None:
        return "planning together was not reached"
    if together is None:
        impossible = "together no plan keeps every rule and hard target"
        return impossible if world.impossible else "no plan of all together was found in time"
    bound = "" if world.at_most in (None, together) else f" (at most {number(world.at_most or together)})"
    if alone is None:
        return f"together: value {number(together)}{bound}"
    gain = together - alone
    share = f", {percent(gain / alone)}" if alone > 0 and gain > 0 else ""
    word = "more" if gain >= 0 else "less"
    return (
        f"together the partners achieve {number(together)}{bound}, each alone {number(alone)}: "
        f"{number(abs(gain))} {word}{share}"
    )


def _steps(found: Collaboration) -> Iterable[str]:
    alone, informed, together = (found.world(name) for name in ("alone", "informed", "together"))
    if alone is not None and alone.fallen:
        twice = sum(each.because == "done twice" for each in alone.fallen)
        yield (
            f"alone, {plural(len(alone.fallen), 'assignment is', 'assignments are')} planned in vain "
            f"({twice} done by another partner already), with "
            f"{money(alone.wasted, found.instance.currency)} set aside for them"
        )
    if alone is None or informed is None or alone.objective is None or informed.objective is None:
        return
    seen = informed.objective - alone.objective
    yield f"knowing what the others do brings {number(seen)}: {_ending(informed)}"
    if together is not None and together.objective is not None:
        rest = together.objective - informed.objective
        word = "brings" if rest >= 0 else "costs"
        yield f"one plan, shared money and coordination {word} {number(abs(rest))} besides"


def _ending(world: World) -> str:
    text = _ENDINGS.get(world.ending or "", "")
    return text.format(rounds=plural(world.rounds, "round"))


def _sources(found: Collaboration) -> Iterable[str]:
    alone, together = found.world("alone"), found.world("together")
    if alone is None or together is None or together.plan is None or alone.plan is None:
        return
    gains = {
        word: getattr(together.parts, part) - getattr(alone.parts, part) for part, word in _PARTS.items()
    }
    said = ", ".join(f"{_signed(gain)} from {word}" for word, gain in gains.items() if gain)
    if said:
        yield f"the gain is made of {said} (an account that adds up)"
    more = {
        each.id: each.value.get("together", Decimal(0)) - each.value.get("alone", Decimal(0))
        for each in found.synergies
    }
    best = [(name, gain) for name, gain in sorted(more.items(), key=lambda each: -each[1]) if gain > 0]
    if best:
        named = ", ".join(f"{name} {_signed(gain)}" for name, gain in best[:_SHOWN])
        others = f" and {plural(len(best) - _SHOWN, 'other')}" if len(best) > _SHOWN else ""
        yield f"synergies that pay more together: {named}{others}"
    moved = sorted(_moved(found).items(), key=lambda each: -each[1])
    named = ", ".join(
        f"{name} {amount(sum_, found.instance.currency)}" for name, sum_ in moved[:_SHOWN] if sum_
    )
    if named:
        yield f"money that goes to others than in fixed parts ({found.instance.currency}): {named}"


def _moved(found: Collaboration) -> dict[str, Decimal]:
    """For each shared fund what partners get together beyond their parts."""
    return {
        fund.id: sum(
            (
                max(Decimal(0), paid - fund.parts.get(partner, Decimal(0)))
                for partner, paid in fund.paid.get("together", {}).items()
            ),
            Decimal(0),
        )
        for fund in found.funds
        if fund.shared
    }


def _without(each: Without) -> str:
    what = {
        "backbones": "without backbones",
        "shared money": "with every shared fund split in fixed parts",
        "fund": f"with {each.id} split in fixed parts",
    }[each.what]
    if each.possible is False:
        return f"{what} no plan keeps every rule and target"
    if each.at_least is None or each.at_most is None:
        return f"{what}: not known"
    low, high = max(each.at_least, Decimal(0)), each.at_most
    span = number(low) if low == high else f"{number(low)} to {number(high)}"
    return f"{what} one plan would achieve {span} less (a marginal value: solved again)"


def _losers(found: Collaboration) -> Iterable[str]:
    for against in ("alone", "informed"):
        losers = {
            each.id: each.compensation[against] for each in found.partners if against in each.compensation
        }
        if losers:
            named = ", ".join(f"{name} {number(loss)}" for name, loss in losers.items())
            total = sum(losers.values(), Decimal(0))
            yield (
                f"with a part in less value than {against}: {named}; to credit {number(total)} of value to "
                "them would be the smallest compensation"
            )
    if found.world("together") is not None and not any(each.compensation for each in found.partners):
        yield "no partner has a part in less value than alone or informed: nobody needs a compensation"


def _broken(found: Collaboration) -> Iterable[str]:
    for world in found.worlds:
        if world.broken and world.name in ("alone", "informed"):
            yield (
                f"{world.name}, the coalition misses {plural(len(world.broken), 'obligation')}: "
                + "; ".join(world.broken[:_SHOWN])
                + (" …" if len(world.broken) > _SHOWN else "")
            )


def _signed(value: Decimal) -> str:
    return ("+" if value >= 0 else "−") + number(abs(value))


def tables(found: Collaboration) -> list[Grid]:
    """All tables, in reading order."""
    grids = [
        worlds(found),
        sources(found),
        indicators(found),
        synergies(found),
        partners(found),
        paid(found),
        funds(found),
    ]
    return [grid for grid in grids if grid.rows]


def _names(found: Collaboration) -> list[WorldName]:
    return [name for name in WORLDS if (world := found.world(name)) is not None and world.plan is not None]


def worlds(found: Collaboration) -> Grid:
    """The ways to plan, side by side."""
    currency = found.instance.currency
    shown = [world for world in found.worlds if world.plan is not None]
    costs, wasted = amounts([w.cost for w in shown], currency), amounts([w.wasted for w in shown], currency)
    return Grid(
        "Alone, informed, together",
        (
            Column("planned"),
            Column("value after penalties", True),
            Column(f"cost ({currency})", True),
            Column("planned in vain", True),
            Column("assignments", True),
            Column("keeps all rules and targets"),
        ),
        tuple(
            (
                _WORDS[world.name],
                number(world.objective or Decimal(0)),
                cost,
                vain,
                f"{len(world.plan.assignments) if world.plan else 0:,}",
                "yes" if world.keeps_all else f"no, misses {len(world.broken)}",
            )
            for world, cost, vain in zip(shown, costs, wasted, strict=True)
        ),
    )


def sources(found: Collaboration) -> Grid:
    """Where the value comes from in each world."""
    names = _names(found)
    by_name = {name: found.world(name) for name in names}
    rows = []
    for part, word in _PARTS.items():
        values = [getattr(world.parts, part) for world in by_name.values() if world is not None]
        if any(values):
            rows.append((word, *(number(value) for value in values)))
    totals = [world.objective or Decimal(0) for world in by_name.values() if world is not None]
    return Grid(
        "Where the value comes from",
        (Column("part"), *(Column(_WORDS[name], True) for name in names)),
        tuple(rows),
        ("value after penalties", *(number(total) for total in totals)),
    )


def _matrix(
    title: str, what: str, rows: Iterable[tuple[str, Mapping[WorldName, Decimal]]], names: list[WorldName]
) -> Grid:
    return Grid(
        title,
        (Column(what), *(Column(_WORDS[name], True) for name in names)),
        tuple(
            (label, *(number(values[name]) if name in values else "" for name in names))
            for label, values in rows
        ),
    )


def indicators(found: Collaboration) -> Grid:
    """What each world moves each indicator by."""
    rows = [(each.id + (f" ({each.unit})" if each.unit else ""), each.total) for each in found.indicators]
    return _matrix("What moves", "indicator", rows, _names(found))


def synergies(found: Collaboration) -> Grid:
    """What each synergy pays in each world, those that gain most first."""

    def gain(values: Mapping[WorldName, Decimal]) -> Decimal:
        return values.get("together", Decimal(0)) - values.get("alone", Decimal(0))

    order = sorted(found.synergies, key=lambda each: (-gain(each.value), each.id))
    return _matrix("What synergies pay", "synergy", [(each.id, each.value) for each in order], _names(found))


def partners(found: Collaboration) -> Grid:
    """What each partner has a part in, and gives."""
    names = _names(found)
    return Grid(
        "Value that each partner has a part in",
        (
            Column("partner"),
            *(Column(_WORDS[name], True) for name in names),
        ),
        tuple(
            (each.id, *(number(each.credit.get(name, Decimal(0))) for name in names))
            for each in found.partners
        ),
        note="its assignments, and each synergy in equal parts of its members (an average)",
    )


def paid(found: Collaboration) -> Grid:
    """Own money that each partner gives, and money from funds that it receives, alone and together."""
    names: list[WorldName] = [name for name in _names(found) if name in ("alone", "together")]
    currency = found.instance.currency
    columns = [Column("partner")]
    cells: list[list[str]] = [[each.id] for each in found.partners]
    for what, field in (("own", "spent"), ("from funds", "received")):
        for name in names:
            columns.append(Column(f"{what}, {_WORDS[name]}", True))
            written = amounts([getattr(each, field).get(name) for each in found.partners], currency)
            for row, text in zip(cells, written, strict=True):
                row.append(text)
    return Grid(f"Money of each partner ({currency})", tuple(columns), tuple(map(tuple, cells)))


def funds(found: Collaboration) -> Grid:
    """What each fund's money has a part in."""
    rows = [(each.id, each.credit) for each in found.funds]
    grid = _matrix("Value that each fund's money has a part in", "fund", rows, _names(found))
    return Grid(
        grid.title,
        grid.columns,
        grid.rows,
        note="in proportion to what it pays of each assignment's cost (an average)",
    )
