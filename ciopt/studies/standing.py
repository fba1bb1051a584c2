"""Which case is better, as far as that is proven.

The best plan of a case is worth something between its objective and its bound. Two cases are ranked only if
these intervals do not meet: otherwise the order could be the search's accident, and it is said that they are
not distinguishable. Goals count in the order of the agenda: a later one decides only between cases that are
proven equal in all earlier ones. Two given plans for the very same instance and scenario are compared by what
they are worth themselves, which is known exactly.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from ciopt.instance.goals import sign_of
from ciopt.plan.records import GoalResult
from ciopt.studies.case import Case, Standing

Interval = tuple[Decimal, Decimal | None]
"""Least and most that a goal's best is worth, larger being better; None: no bound is known."""


def standing(first: Case, other: Case) -> Standing | None:
    """Say how a case stands against another; None if one of them has no plan.

    Examples
    --------
    >>> standing(base, richer)  # doctest: +SKIP
    'better'
    """
    if not (first.has_plan and other.has_plan):
        return None
    if first.yardstick != other.yardstick or not first.goals or len(first.goals) != len(other.goals):
        return "not comparable"
    exactly = _is_same_question(first, other)
    for one, two in zip(first.goals, other.goals, strict=True):
        a, b = interval(one, exactly), interval(two, exactly)
        if a is None or b is None:
            return "not distinguishable"
        if a[1] is not None and b[0] > a[1]:
            return "better"
        if b[1] is not None and a[0] > b[1]:
            return "worse"
        if not (a[0] == a[1] == b[0] == b[1]):
            return "not distinguishable"
    return "equal"


def interval(goal: GoalResult, exactly: bool = False) -> Interval | None:
    """Return what a goal's best is worth; cost and penalties count as negative.

    Parameters
    ----------
    exactly
        Take the plan's own worth instead of what the best plan could be worth.
    """
    if goal.objective is None:
        return None
    sign = sign_of(goal.goal)
    if exactly or goal.proven:
        return sign * goal.objective, sign * goal.objective
    return sign * goal.objective, None if goal.bound is None else sign * goal.bound


def gain(first: Case, other: Case) -> tuple[Decimal | None, Decimal | None] | None:
    """Return the least and most that another case's best gains in the first of value and cost.

    None if the two cannot be compared, or an earlier goal of the agenda is not proven equal in both.
    """
    if standing(first, other) in (None, "not comparable"):
        return None
    exactly = _is_same_question(first, other)
    for one, two in zip(first.goals, other.goals, strict=True):
        a, b = interval(one, exactly), interval(two, exactly)
        if a is None or b is None:
            return None
        if one.goal in ("value", "cost"):
            least = None if a[1] is None else b[0] - a[1]
            most = None if b[1] is None else b[1] - a[0]
            return least, most
        if not (a[0] == a[1] == b[0] == b[1]):
            return None
    return None


def ranked(cases: Sequence[Case]) -> tuple[Case, ...]:
    """Return the cases with how each stands against the first, and the places that the bounds allow it."""
    first = cases[0]
    field = [case for case in cases if case.has_plan and case.yardstick == first.yardstick and case.goals]
    return tuple(
        case.model_copy(
            update={
                "standing": None if case is first else standing(first, case),
                "gain": None if case is first else gain(first, case),
                "rank": _rank(case, field) if any(case is each for each in field) else None,
            }
        )
        for case in cases
    )


def _rank(case: Case, field: Sequence[Case]) -> tuple[int, int]:
    against = [standing(case, other) for other in field if other is not case]
    ahead = sum(each == "better" for each in against)
    unclear = sum(each in ("not distinguishable", "not comparable") for each in against)
    return 1 + ahead, 1 + ahead + unclear


def _is_same_question(first: Case, other: Case) -> bool:
    return bool(first.instance.sha256) and first.instance == other.instance
