"""Overlaps: what is lost when several activities at one place reach the same people.

With the assigned members ordered by strength |impact| / reach, member j counts for

    c_j(S) = round(impact_j x Π_{i in S} (1 - r_i)),   S = the stronger members assigned,

which is a sum over subsets T of S of μ_j(T) = Σ_{U subset of T} (-1)^{|T| - |U|} c_j(U): one product of
x_j and the literals "a stronger option of i" for each T. ``best`` is the case r = 1, where
c_j = impact_j x (x_j - x_j AND OR_i w_i).
"""

from __future__ import annotations

from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import MICRO, micro
from ciopt.instance.money import half_up
from ciopt.instance.records import Overlap
from ciopt.program.build import Workshop, ragged

Array = NDArray[np.int64]

Class = tuple[int, Array, int]
"""Options of one member with the same impact and estimate: (impact, columns, estimate)."""


def compile_overlaps(shop: Workshop, impacts: list[tuple[Array, int, Array]], sources: list[Array]) -> None:
    """Add the products by which overlaps correct the sum of impacts.

    Parameters
    ----------
    impacts
        (columns, indicator, amounts).
    sources
        The estimates that each of them errs with: what is lost errs likewise.
    """
    numbers = {name: n for n, name in enumerate(shop.lookup.indicators)}
    for overlap in shop.instance.overlaps:
        if overlap.how == "additive":
            continue
        indicator = numbers[overlap.indicator]
        impact, estimate = np.zeros(len(shop.options), np.int64), np.full(len(shop.options), -1)
        for (columns, moved, amounts), source in zip(impacts, sources, strict=True):
            if moved == indicator:
                impact[columns], estimate[columns] = amounts, source
        for place in shop.lookup.places:
            activities = [(m, shop.activity(member, place)) for m, member in enumerate(overlap.interventions)]
            members = {m: shop.options_of(activity) for m, activity in activities if activity >= 0}
            if len(members) > 1:
                classes = {m: _classes(columns, impact, estimate) for m, columns in members.items()}
                _compile_place(shop, overlap, indicator, place, classes)


def _classes(columns: Array, impact: Array, estimate: Array) -> list[Class]:
    """Group a member's options by impact; those without any neither lose nor take anything."""
    pairs = np.unique(np.stack([impact[columns], estimate[columns]]), axis=1).T.tolist()
    return [
        (amount, columns[(impact[columns] == amount) & (estimate[columns] == source)], source)
        for amount, source in pairs
        if amount
    ]


def _compile_place(
    shop: Workshop, overlap: Overlap, indicator: int, place: str, classes: dict[int, list[Class]]
) -> None:
    at = shop.place_number(place)
    for member, own in classes.items():
        for amount, columns, source in own:
            name = f"overlap {overlap.indicator}@{place}:{overlap.interventions[member]}:{amount}"
            stronger = _stronger(shop, overlap, classes, member, amount)
            if not stronger:
                continue
            mine = int(shop.add_literals([columns])[0])
            if overlap.how == "best":
                reached = shop.any_of(f"{name}:reached", [literal for _, literal in stronger])
                lost = shop.add_thresholds([name], ragged([[mine, reached]]), 2)
                shop.add_effects(lost, indicator, np.array([-amount]), at, estimate=source)
                continue
            for subset, factor in _moebius(overlap, amount, [m for m, _ in stronger]):
                literals = [literal for m, literal in stronger if m in subset]
                lost = shop.add_thresholds([name], ragged([[mine, *literals]]), len(literals) + 1)
                shop.add_effects(lost, indicator, np.array([factor]), at, estimate=source)


def _stronger(
    shop: Workshop, overlap: Overlap, classes: dict[int, list[Class]], member: int, amount: int
) -> list[tuple[int, int]]:
    """(other member, literal "one of its options is stronger than mine")."""
    reach = _reach(overlap)
    found = []
    for other, theirs in classes.items():
        if other == member:
            continue
        # |impact| / reach, cross-multiplied; equals are ordered as the overlap lists them
        mine = abs(amount) * reach[other]
        winning = [
            columns
            for their_amount, columns, _ in theirs
            if (abs(their_amount) * reach[member], -other) > (mine, -member)
        ]
        if winning:
            found.append((other, int(shop.add_literals([np.concatenate(winning)])[0])))
    return found


def _reach(overlap: Overlap) -> list[int]:
    if overlap.how == "best":
        return [MICRO] * len(overlap.interventions)
    return [micro(overlap.reach[member]) for member in overlap.interventions]


def _moebius(overlap: Overlap, amount: int, others: list[int]) -> list[tuple[frozenset[int], int]]:
    """Non-zero μ(T) of every non-empty subset T of the stronger members."""
    reach = _reach(overlap)
    counted: dict[frozenset[int], int] = {}
    found = []
    for size in range(len(others) + 1):
        for chosen in combinations(others, size):
            numerator, denominator = amount, 1
            for other in chosen:
                numerator, denominator = numerator * (MICRO - reach[other]), denominator * MICRO
            subset = frozenset(chosen)
            # c(T) = Σ_{U subset of T} μ(U), so μ(T) is what is left of c(T)
            before = sum(value for smaller, value in counted.items() if smaller < subset)
            counted[subset] = half_up(numerator, denominator) - before
            if size and counted[subset]:
                found.append((subset, counted[subset]))
    return found
