"""Plans near another plan, in words and tables: planning again, alternatives."""

from __future__ import annotations

from decimal import Decimal

from ciopt.plan import Assignment
from ciopt.report.grid import Column, Grid
from ciopt.report.names import Names
from ciopt.report.studies import difference_tables
from ciopt.report.words import amounts, goal_amount, percent, plural
from ciopt.studies import Alternatives, Replanning

_PERCENT = Decimal(100)
_IDS = Names()


def replanning_words(found: Replanning) -> list[str]:
    """Say what the new plan is worth, what it changes, and what stability costs.

    Examples
    --------
    >>> replanning_words(Replanning(status="infeasible"))
    ['no plan keeps what is to be kept']
    """
    lost = [f"cannot be kept: {who(each.assignment)} ({each.why})" for each in found.lost]
    if found.plan is None or found.objective is None:
        few = "" if found.max_changes is None else f" with {plural(found.max_changes, 'change')} at most"
        none = f"no plan keeps what is to be kept{few}"
        return [none if found.status == "infeasible" else "no plan was found in the time", *lost]
    currency = found.instance.currency
    amount = goal_amount(found.goal, found.objective, currency)
    changed = plural(found.difference.activities, "activity", "activities")
    words = [
        f"{found.goal} {amount}, with {found.changes:,} of {changed} changed "
        f"(churn {percent(found.difference.churn / _PERCENT)})"
    ]
    if found.status == "optimal":
        words.append(f"no plan that changes so little is better, proven by {found.solver}")
    elif found.bound is not None:
        paid = ", changes paid for" if found.change_cost else ""
        limit = goal_amount(found.goal, found.bound, currency)
        words.append(f"among the plans that keep this, {limit} is the limit{paid}, says {found.solver}")
    words.append(_price(found, currency))
    return [*words, *lost]


def _price(found: Replanning, currency: str) -> str:
    least, most = found.price_at_least, found.price_at_most
    if most is None or least is None:
        return "what stability costs is not known: the free question has no bound"
    if most == 0:
        return "stability costs nothing: no plan is better"
    low, high = goal_amount(found.goal, least, currency), goal_amount(found.goal, most, currency)
    between = low if least == most else f"{low} to {high}"
    return f"stability costs {between} of {found.goal} against the best plan that keeps nothing"


def replanning_tables(found: Replanning, names: Names = _IDS) -> list[Grid]:
    """Return what changes: who does what otherwise, and whose money moves."""
    return difference_tables(found.difference, "new plan", found.instance.currency, names)


def alternatives_words(found: Alternatives) -> list[str]:
    """Say how many plans there are, how far apart, and whether there are more.

    Examples
    --------
    >>> alternatives_words(Alternatives(within=Decimal("0.01"), differ_in="partner", asked=3, no_more=True))
    ['no plan keeps every hard target and rule']
    """
    if not found.plans:
        return [
            "no plan keeps every hard target and rule" if found.no_more else "no plan was found in the time"
        ]
    currency = found.instance.currency
    best = found.plans[0].objective
    floor = "" if found.floor is None else f" ({found.goal} {goal_amount(found.goal, found.floor, currency)})"
    words = [
        f"{plural(len(found.plans), 'plan')} within {percent(found.within)} of the best one found{floor}"
        + (f", any two at least {found.distance:,} {found.unit} apart" if len(found.plans) > 1 else "")
    ]
    if best is not None and found.bound is not None and found.bound != best:
        words.append(
            f"the best one could be better: {goal_amount(found.goal, found.bound, currency)} is the limit"
        )
    if found.no_more:
        words.append("no further plan is as good and as far from these: proven")
    elif len(found.plans) < found.asked:
        words.append("no further plan was found; whether there is one is not proven")
    fixed = sum(each.found == "in all" for each in found.assignments)
    loose = plural(len(found.assignments) - fixed, "assignment")
    words.append(f"{plural(fixed, 'assignment')} in all plans, {loose} in some")
    words.append(f"{plural(len(found.never), 'activity', 'activities')} that are offered in none")
    return words


def alternatives_tables(found: Alternatives, names: Names = _IDS) -> list[Grid]:
    """Return the plans, what is exchangeable with what, and how many plans have each assignment."""
    currency = found.instance.currency
    costs = amounts([plan.cost for plan in found.plans], currency)
    plans = Grid(
        "Plans",
        (
            Column("plan", True),
            Column(found.goal, True),
            Column(f"cost ({currency})", True),
            Column("assignments", True),
        ),
        tuple(
            (
                str(place),
                "" if plan.objective is None else goal_amount(found.goal, plan.objective, currency),
                cost,
                f"{len(plan.assignments):,}",
            )
            for place, (plan, cost) in enumerate(zip(found.plans, costs, strict=True), 1)
        ),
    )
    swaps = Grid(
        "Exchangeable: every plan has one of the two",
        (Column("one"), Column("other"), Column("differ in")),
        tuple(
            (who(each.one, names), who(each.other, names), ", ".join(each.differs))
            for each in found.exchangeable
        ),
    )
    loose = Grid(
        "In some plans",
        (Column("plans", True), Column("who"), Column("what"), Column("where"), Column("when")),
        tuple(
            (str(each.plans), names.partner(a.partner), names.what(a), names.place(a.place), a.period)
            for each in found.assignments
            if each.found == "in some"
            for a in (each.assignment,)
        ),
    )
    return [plans, *(grid for grid in (swaps, loose) if grid.rows)]


def who(each: Assignment, names: Names = _IDS) -> str:
    """Write who does what where and when: ``mars: training in soubre, 2027``."""
    return f"{names.partner(each.partner)}: {names.what(each)} in {names.place(each.place)}, {each.period}"
