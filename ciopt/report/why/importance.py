"""What everything is worth: what is lost without each partner, fund and assignment."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance.base import OWN_BUDGET
from ciopt.report.grid import Column, Grid
from ciopt.report.why.lost import SMALLER_GAP, UNLIKE, against_the_bound, reasons_given
from ciopt.report.words import amounts, fund_name, goal_amount, number, plural
from ciopt.studies import Importance
from ciopt.studies.why.records import Replacement


def importance_words(found: Importance) -> list[str]:
    """Say what was taken out, and how much of the order is proven.

    Examples
    --------
    >>> importance_words(Importance(complete=False))
    ['nothing was finished; the same command goes on from where it was stopped']
    """
    if not found.things:
        return ["nothing was finished; the same command goes on from where it was stopped"]
    goal, currency = found.goal, found.instance.currency
    thing = "thing" if found.of == "all" else found.of.removesuffix("s")
    words = [f"what is lost without each of {plural(len(found.things), thing)}, the rest planned anew"]
    if found.objective is not None:
        best = "" if found.bound is None else against_the_bound(found.objective, found.bound, goal, currency)
        words.append(f"this plan: {goal} {goal_amount(goal, found.objective, currency)}{best}")
    for each in found.things:
        if each.case.status == "infeasible":
            words.append(f"there is no plan at all without {_called(each)}{reasons_given(each.case)}")
        elif each.case.status == "error":
            words.append(f"{_called(each)} cannot be taken out: {each.case.error}")
    nothing = sum(each.loss is not None and each.loss[1] == 0 for each in found.things)
    if nothing:
        words.append(f"nothing is lost without {nothing:,} of them")
    if not found.complete:
        words.append("stopped before all were finished; the same command goes on from there")
    return words


def importance_table(found: Importance) -> Grid:
    """Return replacement values, the greatest first, with the places that the bounds allow."""
    currency = found.instance.currency
    head = "value" if found.goal == "value" else f"cost ({currency})"
    least = [_end(each.loss[0], found, currency) if each.loss else "" for each in found.things]
    most = [_end(each.loss[1], found, currency) if each.loss else "" for each in found.things]
    rows = tuple(
        (
            each.kind,
            thing_name(each),
            low,
            high,
            _places(each),
            "" if each.case.difference is None else f"{each.case.difference.changed:,}",
            _verdict(each),
        )
        for each, low, high in zip(found.things, least, most, strict=True)
    )
    columns = (
        Column("what"),
        Column("which"),
        Column(f"{head} lost, at least" if found.goal == "value" else f"{head} added, at least", True),
        Column("at most", True),
        Column("place", True),
        Column("changes", True),
        Column("verdict"),
    )
    unclear = any(each.rank is not None and each.rank[0] != each.rank[1] for each in found.things)
    note = f"a place such as 2 to 4: not distinguishable there; {SMALLER_GAP}" if unclear else ""
    return Grid("Replacement values", columns, rows, note=note)


def thing_name(each: Replacement) -> str:
    """Write what was taken out: a fund, a partner, or an assignment by its option id."""
    return fund_name(each.id)


def _called(each: Replacement) -> str:
    if each.kind == "budget":
        return f"the budget of {each.id.removeprefix(OWN_BUDGET)}"
    return f"the {each.kind} {each.id}"


def _end(amount: Decimal | None, found: Importance, currency: str) -> str:
    if amount is None:
        return ""
    return number(amount) if found.goal == "value" else amounts([amount], currency)[0]


def _places(each: Replacement) -> str:
    if each.rank is None:
        return ""
    first, last = each.rank
    return f"{first:,}" if first == last else f"{first:,} to {last:,}"


def _verdict(each: Replacement) -> str:
    if each.case.status == "error":
        return "cannot be taken out"
    if each.case.status == "infeasible":
        return "no plan without it"
    if not each.case.has_plan:
        return "no plan found in the time"
    if each.loss is None:
        return UNLIKE[each.case.standing == "worse"]
    least, most = each.loss
    if most == 0 and (least is None or least >= 0):
        return "nothing is lost"
    if (least is None or least <= 0) and (most is None or most >= 0):
        return "not distinguishable from nothing"
    if most is not None and most < 0:
        return "better without it"
    return ""
