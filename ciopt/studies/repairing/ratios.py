"""Shares, match ratios, floors and kept overruns set as tight as can be: halving what is not settled.

They stand in products (with a cost, with another payment, with a mean) or say how many there are: no slack
measures how they give way. So they are lifted first, and then tried.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from itertools import accumulate
from math import ceil

from ciopt.instance import Instance, Lookup
from ciopt.instance.fairness import shares
from ciopt.instance.requirements import Kind, Requirement
from ciopt.instance.risk import money_limit, overruns
from ciopt.instance.value import by_activity, movements, paying_synergies, total_cost
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
    steps = 10**requirement.digits
    before = int(Fraction(requirement.limit) * steps)
    enough = needed(instance, requirement, plan)
    if enough is None or requirement.kind == "floor":
        # is there a ratio that does as well as none at all?
        enough = MAX_TIMES * max(before, steps) if enough is None else max(enough, 1)
        answer = search.feasible(changed(instance, made(Fraction(enough, steps))))
        if answer.values is None:
            return None, answer.impossible and requirement.kind == "match"
    too_little = 0
    while enough - too_little > 1:
        middle = (enough + too_little) // 2
        answer = search.feasible(changed(instance, made(Fraction(middle, steps))))
        if answer.values is not None:
            enough = middle
        elif answer.impossible:
            too_little = middle
        else:
            return Fraction(enough, steps), False
    return Fraction(enough, steps), True


def needed(instance: Instance, requirement: Requirement, plan: Plan) -> int | None:
    """Return by how much it gives way in a plan, in its last digit, at least 1; None: no amount does."""
    steps: int = 10**requirement.digits
    limit = Fraction(requirement.limit or 0)
    level = _LEVELS.get(requirement.kind, _of_payments)(instance, requirement, plan)
    if level is None:
        return None
    by = (limit - level if requirement.is_least else level - limit) * steps
    return max(1, ceil(by))


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


def _of_reserve(instance: Instance, requirement: Requirement, plan: Plan) -> Fraction:
    """How many of the largest overruns the plan has money for."""
    lookup = Lookup(instance)
    choices, _ = read_decisions(lookup, plan)
    left = money_limit(lookup) - total_cost(lookup, choices)
    more = sorted(overruns(lookup, choices).values(), reverse=True)[: int(requirement.limit or 0)]
    return Fraction(sum(total <= left for total in accumulate(more)))


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


_LEVELS: dict[Kind, Callable[[Instance, Requirement, Plan], Fraction | None]] = {
    "floor": _of_floor,
    "reserve": _of_reserve,
}
