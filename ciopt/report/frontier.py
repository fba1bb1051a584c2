"""What money buys, in words and tables."""

from __future__ import annotations

from decimal import Decimal

from ciopt.report.grid import Column, Grid
from ciopt.report.words import amount, money, number, plural, seconds
from ciopt.studies.frontier_records import CurvePoint, Frontier, Marginal, SolvedPoint, TradeOff

_STOPPED = {
    "points": "as many amounts as asked for were solved",
    "gap": "what is left open lies within the gap asked for",
    "time_limit": "the time limit was reached",
    "interrupt": "it was interrupted",
}
_KINDS = {
    "fund": "fund",
    "budget": "own budget",
    "cost": "cost in all",
    "capacity": "capacity",
    "activities": "assignments of",
}


def whose_money(found: Frontier) -> str:
    """Say what is varied: ``wb-roads (World Bank, village roads)``."""
    if found.axis.kind == "funds":
        return "all money (funds and own budgets)"
    if found.axis.kind == "cost":
        return "a ceiling on the cost of all together"
    name = f" ({found.axis.name})" if found.axis.name else ""
    own = "the own budget of " if found.axis.kind == "partner" else ""
    return f"{own}{found.axis.id}{name}"


def story(found: Frontier) -> list[str]:
    """Say what the curve says, a sentence a line; the first is the headline."""
    currency = found.instance.currency
    low, high = found.axis.low, found.axis.high
    lines = [f"{whose_money(found)}, from {amount(low, currency)} to {money(high, currency)}"]
    now = _at(found, found.axis.current)
    if now is not None:
        lines.append(f"as it is, {money(now.amount, currency)}: {_interval(found, now)}")
    for edge, words in ((_at(found, low), "with"), (_at(found, high), "with")):
        if edge is not None and edge is not now:
            lines.append(
                f"{words} {money(edge.amount, currency)}: {_interval(found, edge)}{_change(now, edge)}"
            )
    enough = _enough(found)
    if enough is not None:
        lines.append(f"more than {money(enough, currency)} is proven to change nothing")
    if found.proven:
        lines.append(f"proven at every amount, from {plural(len(found.points), 'solve')}")
    else:
        apart = "" if found.widest is None else f"the two ends are at most {number(found.widest)} apart; "
        why = _STOPPED.get(found.stopped_by or "", "")
        lines.append(
            f"{apart}{plural(len(found.points), 'amount')} solved in {seconds(found.seconds)}: {why}"
        )
    return lines + [f"note: {note}" for note in found.notes]


def _at(found: Frontier, where: Decimal | None) -> CurvePoint | None:
    return next((point for point in found.curve if point.amount == where), None)


def _interval(found: Frontier, point: CurvePoint) -> str:
    if point.possible is False:
        return "no plan keeps every rule and target"
    if point.at_least is None:
        return "not known"
    return f"{found.goal} {_between(point.at_least, point.at_most)}"


def _between(least: Decimal | None, most: Decimal | None) -> str:
    if least is None:
        return "not known" if most is None else f"at most {number(most)}"
    if most is None:
        return f"{number(least)} or better"
    return number(least) if least == most else f"{number(least)} to {number(most)}"


def _change(now: CurvePoint | None, then: CurvePoint) -> str:
    """The difference as an interval, if both ends of both are known."""
    if now is None or None in (now.at_least, now.at_most, then.at_least, then.at_most):
        return ""
    assert now.at_least is not None and now.at_most is not None  # noqa: PT018
    assert then.at_least is not None and then.at_most is not None  # noqa: PT018
    low, high = sorted((then.at_least - now.at_most, then.at_most - now.at_least))
    if high <= 0:
        return f", {_between(-high, -low)} less" if high or low else ", no change"
    return f", {_between(max(low, Decimal(0)), high)} more"


def _enough(found: Frontier) -> Decimal | None:
    """The least amount from which on nothing changes, as far as is proven; None if more still helps."""
    last = found.curve[-1] if found.curve else None
    if last is None or last.at_least is None or last.at_least != last.at_most or not found.first_goal:
        return None
    same = [point.amount for point in found.curve if point.at_least == last.at_least]
    return min(same) if same and min(same) < last.amount else None


def curve_table(found: Frontier) -> Grid:
    """Both certified ends, at the amounts that were solved."""
    currency = found.instance.currency
    ends = {point.amount: point for point in found.curve}
    return Grid(
        f"What money buys ({currency})" if currency else "What money buys",
        (
            Column("amount", True),
            Column(f"{found.goal} at least" if found.goal == "value" else "cost at most", True),
            Column(f"{found.goal} at most" if found.goal == "value" else "cost at least", True),
            Column("this plan needs", True),
            Column("costs in all", True),
            Column("assignments", True),
        ),
        tuple(_row(point, ends[point.amount], currency) for point in found.points),
        note="between these amounts the first holds on to the right, the second to the left"
        if found.first_goal
        else "",
    )


def _row(point: SolvedPoint, ends: CurvePoint, currency: str) -> tuple[str, ...]:
    def written(value: Decimal | None) -> str:
        return "" if value is None else amount(value, currency)

    best = ("no plan", "") if ends.possible is False else (_or_blank(ends.at_least), _or_blank(ends.at_most))
    return (
        amount(point.amount, currency),
        *best,
        written(point.needed),
        written(point.cost),
        f"{point.assignments:,}" if point.at_least is not None else "",
    )


def _or_blank(value: Decimal | None) -> str:
    return "" if value is None else number(value)


def marginal_table(found: Frontier) -> Grid:
    """What the next piece of each limit is worth, what may be worth most first."""
    order = sorted(
        found.marginals, key=lambda each: (-(each.at_most or Decimal("Infinity")), each.kind, each.id)
    )
    return Grid(
        "What the next step of each limit is worth",
        (
            Column("limit"),
            Column("now", True),
            Column("step", True),
            Column("of"),
            Column("gain at least", True),
            Column("at most", True),
            Column("how"),
        ),
        tuple(
            (
                f"{_KINDS.get(each.kind, each.kind)} {each.id}".rstrip(),
                number(each.now),
                number(each.step),
                each.unit,
                number(each.at_least),
                _or_blank(each.at_most),
                _how(each),
            )
            for each in order
        ),
        note="solved: planned again with one step more; at most: what a certificate's prices prove",
    )


def _how(each: Marginal) -> str:
    return each.how


def trade_story(found: TradeOff) -> list[str]:
    """Say what the trade-off says, a sentence a line."""
    first, second = found.indicators
    lines = [f"{first} against {second}: {plural(len(found.points), 'plan')} that no other beats on both"]
    if not found.points:
        lines = [f"{first} against {second}: no plan keeps every rule and target"]
    if len(found.points) > 1:
        best, last = found.points[0], found.points[-1]
        lines.append(
            f"from {number(best.first)} of {first} with {number(best.second)} of {second}"
            f" to {number(last.first)} with {number(last.second)}"
        )
    if found.complete:
        lines.append("these are proven to be all")
    else:
        why = _STOPPED.get(found.stopped_by or "", "")
        lines.append(f"there may be more in {plural(len(found.open), 'gap')} between them: {why}")
    return lines + [f"note: {note}" for note in found.notes]


def trade_table(found: TradeOff) -> Grid:
    """The plans, from the best on the first indicator to the best on the second."""
    currency = found.instance.currency

    def heading(number_: int) -> str:
        unit = f" ({found.units[number_]})" if found.units[number_] else ""
        return found.indicators[number_] + unit

    return Grid(
        "Plans that no other beats on both",
        (
            Column(heading(0), True),
            Column(heading(1), True),
            Column("value", True),
            Column(f"cost ({currency})" if currency else "cost", True),
            Column("assignments", True),
            Column("proven"),
        ),
        tuple(
            (
                number(point.first),
                number(point.second),
                number(point.value),
                amount(point.cost, currency),
                f"{point.assignments:,}",
                "yes" if point.proven else "no",
            )
            for point in found.points
        ),
    )
