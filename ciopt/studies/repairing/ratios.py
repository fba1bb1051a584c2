"""Shares, match ratios and fairness floors set as tight as can be: halving what is not settled.

They stand in products (with a cost, with another payment, with a mean): no slack says by how much they give
way. So they are lifted first, and then tried.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction

from ciopt.instance import Instance, Lookup
from ciopt.instance.fairness import shares
from ciopt.instance.requirements import Requirement
from ciopt.instance.value import by_activity, movements, paying_synergies
from ciopt.plan import Plan
from ciopt.plan.repair import Repair
from ciopt.studies.repairing.changes import changed
from ciopt.studies.repairing.search import ElasticSearch
from ciopt.verification.decisions import read_decisions

MICRO = 10**6
MAX_TIMES = 1000
"""A match ratio is raised up to so many times; what needs more is paid without a match."""


def tightened(
    instance: Instance,
    search: ElasticSearch,
    requirement: Requirement,
    made: Callable[[Fraction | None], Repair],
    plan: Plan,
) -> tuple[Fraction | None, bool]:
    """Return by how much a requirement must give way, None: wholly; and whether less is impossible.

    Parameters
    ----------
    made
        The repair, in which the requirement gives way by an amount, or wholly.
    plan
        A plan of the instance without the requirement.
    """
    if requirement.limit is None:
        return None, True
    before = int(Fraction(requirement.limit) * MICRO)
    enough = needed(instance, requirement, plan)
    if enough is None or requirement.kind == "floor":
        # is there a ratio that does as well as none at all?
        enough = MAX_TIMES * max(before, MICRO) if enough is None else max(enough, 1)
        answer = search.feasible(changed(instance, made(Fraction(enough, MICRO))))
        if answer.values is None:
            return None, answer.impossible and requirement.kind == "match"
    too_little = 0
    while enough - too_little > 1:
        middle = (enough + too_little) // 2
        answer = search.feasible(changed(instance, made(Fraction(middle, MICRO))))
        if answer.values is not None:
            enough = middle
        elif answer.impossible:
            too_little = middle
        else:
            return Fraction(enough, MICRO), False
    return Fraction(enough, MICRO), True


def needed(instance: Instance, requirement: Requirement, plan: Plan) -> int | None:
    """Return by how much it gives way in a plan, in 10^-6, at least 1; None if no amount allows the plan."""
    limit = Fraction(requirement.limit or 0) * MICRO
    level = (
        _of_floor(instance, requirement, plan)
        if requirement.kind == "floor"
        else (_of_payments(instance, requirement, plan))
    )
    if level is None:
        return None
    by = limit - level * MICRO if requirement.is_least else level * MICRO - limit
    return max(1, -(-by.numerator // by.denominator))


def _of_payments(instance: Instance, requirement: Requirement, plan: Plan) -> Fraction | None:
    """The largest share, or ratio, that a fund pays of an assignment."""
    fund = next(each for each in instance.funds if each.id == requirement.key)
    cost = {each.option.id: each.cost for each in plan.assignments}
    others: dict[str, Decimal] = dict.fromkeys(cost, Decimal(0))
    own: dict[str, Decimal] = dict.fromkeys(cost, Decimal(0))
    for payment in plan.payments:
        if payment.assignment in cost:
            if payment.fund == fund.id:
                own[payment.assignment] += payment.amount
            if fund.match is not None and payment.fund in fund.match.with_:
                others[payment.assignment] += payment.amount
    most = Fraction(0)
    for assignment, amount in own.items():
        below = cost[assignment] if requirement.kind == "max_share" else others[assignment]
        if amount and not below:
            return None
        if amount:
            most = max(most, Fraction(amount) / Fraction(below))
    return most


def _of_floor(instance: Instance, requirement: Requirement, plan: Plan) -> Fraction | None:
    """What the worst-off have in a plan, as the floor counts it."""
    lookup = Lookup(instance)
    choices, _ = read_decisions(lookup, plan)
    moved = movements(lookup, by_activity(choices.options), paying_synergies(lookup, choices))
    everybody = shares(lookup, choices, moved)
    worst = min((each.per_unit for each in everybody), default=0)
    if requirement.key == "share":
        outcome = sum(each.outcome for each in everybody)
        attribute = sum(each.member.attribute for each in everybody)
        return None if not outcome else Fraction(worst * attribute, outcome)
    return Fraction(worst if requirement.is_least else -worst, MICRO)
