"""What knowing estimates is worth, in words and tables."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance.estimates import Key
from ciopt.report.grid import Column, Grid
from ciopt.report.words import number, percent
from ciopt.studies.uncertainty.information_records import EstimateWorth, Information, Worth, words_of

_DIGITS = 4


def information_words(found: Information) -> list[str]:
    """Say what to measure next, what that is worth, and how far that is known."""
    if found.value is None:
        return ["no plan was found with every estimate at its mean, so nothing can be compared"]
    if not found.estimates:
        return ["no estimate that counts is uncertain: there is nothing to measure"]
    words = [_first(found), _everything(found)]
    far = "proven to be the best"
    if found.short != 0:
        short = None if found.short is None else _short(found.short)
        far = f"at most {short or 'an unknown amount'} short of the best"
    words.append(f"compared with the best plan known at mean estimates: {_short(found.value)}, {far}")
    idle = sum(each.known.high == 0 for each in found.estimates)
    if idle:
        words.append(f"{idle} of {len(found.estimates)} estimates are proven to change nothing")
    if not all(each.proven for each in found.estimates):
        words.append(
            "upper ends with ~ are interpolated between solves, not proven: value is not linear in the "
            "estimate (saturation, overlaps or penalties)"
        )
    return words


def _first(found: Information) -> str:
    best = found.estimates[0]
    rivals = [each for each in found.estimates[1:] if each.rank[0] == 1]
    if best.rank == (1, 1):
        return f"measure next: {name_of(best)}; knowing it would be worth {_between(best.known)}"
    if best.known.found == 0:
        return "no estimate is known to be worth measuring: no plan found gains by knowing one of them"
    told = ", ".join(name_of(each) for each in rivals[:2])
    more = f" and {len(rivals) - 2} others" if len(rivals) > 2 else ""
    return (
        f"most promising: {name_of(best)}, {_between(best.known)}; not distinguishable from it: {told}{more}"
    )


def _everything(found: Information) -> str:
    if found.everything is None:
        return "what knowing everything is worth was not asked for (--draws)"
    share = ""
    if found.value:
        share = f", {percent(round(abs(found.everything.found / found.value), 4))} of the value"
    return (
        f"knowing everything would be worth {_between(found.everything)} ({found.solved} drawn truths, "
        f"95 % interval; the plans found gain {_short(found.everything.found)}{share})"
    )


def information_table(found: Information) -> Grid:
    """Return what each estimate is worth, the most valuable first."""
    has_measured = any(each.measured is not None for each in found.estimates)
    columns = [
        Column("rank", numeric=True),
        Column("estimate"),
        Column("evidence"),
        Column("80 % range", numeric=True),
        Column("worth", numeric=True),
        Column("found", numeric=True),
    ]
    if has_measured:
        columns.append(Column(f"measured, sd {found.sd}", numeric=True))
    return Grid(
        "What knowing an estimate is worth",
        tuple(columns),
        tuple(_row(each, has_measured) for each in found.estimates),
        empty="no estimate that counts is uncertain",
        note="Worth: between what is proven; found: what the plans found gain. "
        "Ranks that overlap are not distinguishable.",
    )


def _row(each: EstimateWorth, has_measured: bool) -> tuple[str, ...]:
    best, worst = each.rank
    row = (
        str(best) if best == worst else f"{best} to {worst}",
        name_of(each),
        each.evidence,
        f"{number(each.low)} to {number(each.high)}",
        _between(each.known, each.proven),
        _short(each.known.found),
    )
    if not has_measured:
        return row
    return (*row, "" if each.measured is None else _between(each.measured, each.proven))


def name_of(each: EstimateWorth) -> str:
    """Name an estimate: the indicator and what moves it."""
    return words_of(Key(each.kind, each.source, each.indicator))


def _between(worth: Worth, proven: bool = True) -> str:
    low = _short(worth.low)
    if worth.high is None:
        return f"at least {low}"
    high = _short(worth.high)
    return low if low == high else f"{low} to {'' if proven else '~'}{high}"


def _short(amount: Decimal) -> str:
    """Four significant digits, at most six after the point."""
    digits = max(0, _DIGITS - 1 - amount.adjusted()) if amount else 0
    return number(round(amount, min(digits, 6)))
