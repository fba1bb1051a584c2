"""What several plans have in common, and what takes the place of what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import Literal

from ciopt.instance.base import Count, Words
from ciopt.plan import Assignment, Plan

MOST = 200
"""Exchanges that are listed at most."""


class Shared(Words):
    """An assignment, and how many of the plans have it."""

    assignment: Assignment
    plans: Count
    found: Literal["in all", "in some"]


class Exchange(Words):
    """Two assignments of which each plan has exactly one."""

    one: Assignment
    other: Assignment
    differs: tuple[str, ...]
    """In what they differ: partner, intervention, place, period, level."""


def shared(plans: Sequence[Plan]) -> tuple[Shared, ...]:
    """Return every assignment with the number of plans that have it, the most frequent first."""
    found: dict[str, tuple[Assignment, int]] = {}
    for plan in plans:
        for each in plan.assignments:
            found[each.option.id] = each, found.get(each.option.id, (each, 0))[1] + 1
    in_order = sorted(found.items(), key=lambda item: (-item[1][1], item[0]))
    return tuple(
        Shared(assignment=each, plans=count, found="in all" if count == len(plans) else "in some")
        for _, (each, count) in in_order
    )


def exchanges(plans: Sequence[Plan]) -> tuple[Exchange, ...]:
    """Return pairs of which every plan has exactly one, and that share all but one or two aspects.

    The same activity by another partner comes first, then the same intervention elsewhere, then another
    intervention at the same place.
    """
    have: dict[str, frozenset[int]] = {}
    first: dict[str, Assignment] = {}
    for number, plan in enumerate(plans):
        for each in plan.assignments:
            have[each.option.id] = have.get(each.option.id, frozenset()) | {number}
            first[each.option.id] = each
    everywhere = frozenset(range(len(plans)))
    by_plans: dict[frozenset[int], list[str]] = {}
    for name, numbers in have.items():
        by_plans.setdefault(numbers, []).append(name)
    pairs = []
    for numbers, names in by_plans.items():
        others = by_plans.get(everywhere - numbers, []) if min(numbers) == 0 else []
        pairs += [(one, other) for one in names for other in others]
    found = [_exchange(first[one], first[other]) for one, other in pairs]
    alike = [each for each in found if len(each.differs) <= 2 and _near(each)]
    order = {"partner": 0, "place": 1, "intervention": 2}
    alike.sort(key=lambda each: (len(each.differs), order.get(each.differs[0], 3), each.one.option.id))
    return tuple(alike[:MOST])


def _exchange(one: Assignment, other: Assignment) -> Exchange:
    aspects = ("partner", "intervention", "place", "period", "level")
    return Exchange(
        one=one,
        other=other,
        differs=tuple(each for each in aspects if getattr(one, each) != getattr(other, each)),
    )


def _near(each: Exchange) -> bool:
    """The same activity, the same partner's intervention, or the same place."""
    same = {"partner", "intervention", "place"} - set(each.differs)
    return any({*pair} <= same for pair in combinations(("partner", "intervention", "place"), 2))
