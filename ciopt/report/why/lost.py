"""What is lost when the rest is planned anew, as far as that is proven, and what changes then."""

from __future__ import annotations

from decimal import Decimal

from ciopt.report.grid import Column, Grid
from ciopt.report.studies import difference_tables
from ciopt.report.words import amounts, fund_name, goal_amount, percent
from ciopt.studies import Case, Explanation, WhyNot
from ciopt.studies.why.records import Loss, Payer

UNLIKE = {
    True: "an earlier goal of the agenda gets worse",
    False: "an earlier goal of the agenda is not settled",
}
SMALLER_GAP = "a smaller --gap may tell"


def loss_words(case: Case | None, loss: Loss | None, goal: str, currency: str) -> str:
    """Say what is lost, as far as that is proven."""
    if case is None:
        return "not known: stopped before the answer"
    if case.status == "error":
        return f"not known: {case.error}"
    if case.status == "infeasible":
        return f"there is no plan at all{reasons_given(case)}"
    if not case.has_plan:
        return "not known: no plan was found in the time"
    if loss is None:
        return UNLIKE[case.standing == "worse"]
    least, most = loss
    change = "value falls" if goal == "value" else "cost rises"
    if least == most == 0:
        return f"{goal} stays the same, proven"
    if least is not None and least == most:
        return f"{change} by {goal_amount(goal, least, currency)}, proven"
    if least is None or most is None:
        known = most if least is None else least
        assert known is not None or least is most
        end = "at most" if least is None else "at least"
        return "not known" if known is None else f"{change} by {end} {goal_amount(goal, known, currency)}"
    both = f"between {goal_amount(goal, least, currency)} and {goal_amount(goal, most, currency)}"
    if least <= 0 <= most:
        return f"{change} by {both}: not distinguishable from nothing; {SMALLER_GAP}"
    return f"{change} by {both}"


def best_found(case: Case | None, how: str, found: Explanation | WhyNot) -> list[str]:
    """Say what the best plan found under the change is worth, and what none under it exceeds.

    A rule more only takes plans away: what no plan exceeds, none of these does.
    """
    goal, currency = found.goal, found.instance.currency
    if case is None or not case.has_plan or case.objective is None:
        return []
    best = f"best plan found {how}: {goal} {goal_amount(goal, case.objective, currency)}"
    if case.bound is None:
        return [best]
    bound = case.bound
    if found.bound is not None and case.goals and case.goals[0].goal == goal:
        bound = min(bound, found.bound) if goal == "value" else max(bound, found.bound)
    return [best + against_the_bound(case.objective, bound, goal, currency, how)]


def against_the_bound(objective: Decimal, bound: Decimal, goal: str, currency: str, how: str = "") -> str:
    """Say that this is the best, or what no plan exceeds."""
    if objective == bound:
        return ", the best there is"
    which = f"no plan {how}".rstrip()
    return f"; {which} is better than {goal_amount(goal, bound, currency)}"


def reasons_given(case: Case) -> str:
    """Say why there is no plan, to be put behind the statement that there is none."""
    return f": {'; '.join(case.reasons)}" if case.reasons else ""


def payers_table(title: str, payers: tuple[Payer, ...], currency: str) -> Grid:
    """Return who pays, how much of it, when and under which condition."""
    total = sum((each.amount for each in payers), Decimal(0))
    paid = amounts([each.amount for each in payers], currency)
    rows = tuple(
        (
            fund_name(each.fund),
            each.owner,
            amount,
            percent(each.amount / total) if total else "",
            ", ".join(each.by_period),
            "" if each.max_share is None else f"may pay {percent(each.max_share)} at most",
        )
        for each, amount in zip(payers, paid, strict=True)
    )
    columns = (
        Column("fund"),
        Column("whose"),
        Column(f"pays ({currency})", True),
        Column("share", True),
        Column("when"),
        Column("condition"),
    )
    return Grid(title, columns, rows)


def changes_tables(case: Case | None, key: str, currency: str) -> list[Grid]:
    """Return what the plan under the change has, and this one has not."""
    if case is None or case.difference is None:
        return []
    return difference_tables(case.difference, key, currency)
