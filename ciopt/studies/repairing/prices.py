"""What it costs that a requirement gives way: different units, made comparable by what was required.

    relative change = |after - before| / |before|

A rule, a condition or a commitment that is dropped counts as 1. Where nothing was required or there was
none (a budget of 0), a change counts as 1 and what it is of the largest amount of its kind: to give money to
whom nobody gave any is a larger step than to give a little more.
"""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from ciopt.instance.requirements import Requirement
from ciopt.program.slacks import Slack

_LARGEST = 2**60
_PARTS = 10**6

Price = tuple[Fraction, Fraction]
"""Of touching a requirement at all, and of each unit of its amount."""


def price(requirement: Requirement, all_of_them: Iterable[Requirement]) -> Price:
    """Return what a requirement costs that gives way."""
    if requirement.is_dropped:
        return Fraction(1), Fraction(0)
    if requirement.limit:
        return Fraction(0), 1 / abs(Fraction(requirement.limit))
    alike = (
        abs(Fraction(each.limit))
        for each in all_of_them
        if each.limit and (each.kind, each.unit) == (requirement.kind, requirement.unit)
    )
    return Fraction(1), 1 / max(alike, default=Fraction(1))


def wholly(requirement: Requirement, price: Price) -> Fraction:
    """Return what it costs to drop a requirement altogether; a share is then raised to 1."""
    fixed, each = price
    if requirement.kind == "max_share":
        return fixed + each * (1 - Fraction(requirement.limit or 0))
    return Fraction(1)


def weights(slacks: Iterable[Slack], prices: dict[str, Price]) -> dict[int, int]:
    """Return the costs of all columns in whole numbers, as exact as 64 bits allow; never 0 for an amount."""
    costs: dict[int, Fraction] = {}
    total = Fraction(0)
    for slack in slacks:
        fixed, each = prices[slack.requirement.path]
        if slack.amount is None:
            costs[slack.touched] = wholly(slack.requirement, (fixed, each))
            total += costs[slack.touched]
            continue
        costs[slack.amount] = each * slack.grain
        total += costs[slack.amount] * slack.most + fixed
        if fixed:
            costs[slack.touched] = fixed
    if not costs:
        return {}
    finest = min(cost for cost in costs.values() if cost) if any(costs.values()) else Fraction(1)
    scale = min(max(Fraction(_PARTS), 1 / finest), Fraction(_LARGEST) / max(total, Fraction(1)))
    return {column: max(1, round(cost * scale)) for column, cost in costs.items()}
