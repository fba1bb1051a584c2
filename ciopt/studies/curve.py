"""`Curve`: what solved amounts and prices say about all the other amounts.

More money never hurts: a plan for less is a plan for more, and what bounds more bounds less. Worth V(a) of
amount a, plans of worth L_i that need n_i, and bounds U_i proven at a_i give

    max {L_i : n_i <= a}  <=  V(a)  <=  min {U_i : a_i >= a},   and every line of prices bounds all amounts.

Worth is an integer of 10^-12, larger is better; amounts are minor units. Without monotony (the objective is
not the agenda's first goal) a point speaks for itself alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple


class Known(NamedTuple):
    """A solved amount.

    Parameters
    ----------
    lower
        Worth of the plan; None without one.
    needed
        Least amount at which that plan can be paid.
    upper
        What is proven; None if nothing is.
    impossible
        Whether it is proven that there is no plan.
    """

    amount: int
    lower: int | None
    needed: int
    upper: int | None
    impossible: bool = False


class Gap(NamedTuple):
    """Amounts from ``low`` to ``high`` for which worth lies between ``lower`` and ``upper``."""

    low: int
    high: int
    lower: int | None
    upper: int | None

    @property
    def width(self) -> int | None:
        """Of the interval at its widest; None if an end is unknown."""
        return None if self.lower is None or self.upper is None else self.upper - self.lower


@dataclass
class Curve:
    """All that is known between two amounts.

    Parameters
    ----------
    low, high
        The ends.
    monotone
        Whether more money never hurts.
    """

    low: int
    high: int
    monotone: bool = True
    known: list[Known] = field(default_factory=list)
    lines: list[Callable[[int], int]] = field(default_factory=list)

    def add(self, point: Known) -> None:
        """Add what a solve said."""
        self.known.append(point)

    def lower(self, amount: int) -> int | None:
        """Worth that some plan for this amount has; None if no plan is known."""
        found = [
            point.lower
            for point in self.known
            if point.lower is not None
            and (point.needed <= amount if self.monotone else point.amount == amount)
        ]
        return max(found, default=None)

    def impossible(self, amount: int) -> bool:
        """Whether it is proven that there is no plan."""
        return any(
            point.impossible and (point.amount >= amount if self.monotone else point.amount == amount)
            for point in self.known
        )

    def upper(self, amount: int) -> int | None:
        """Worth that no plan for this amount exceeds; None if nothing is proven."""
        found = [
            point.upper
            for point in self.known
            if point.upper is not None
            and (point.amount >= amount if self.monotone else point.amount == amount)
        ]
        return min([*found, *(line(amount) for line in self.lines)], default=None)

    def breaks(self) -> list[int]:
        """Amounts where an end may step: solved ones, needed ones, and the last before these."""
        found = {self.low, self.high}
        for point in self.known:
            found.add(point.amount)
            if point.lower is not None and self.monotone:
                found |= {point.needed, point.needed - 1}
        return sorted(amount for amount in found if self.low <= amount <= self.high)

    def gaps(self) -> list[Gap]:
        """Where both ends do not meet: stretches without a step, proven impossible amounts left out."""
        breaks = self.breaks()
        found = []
        for amount in breaks:
            found.append(self._gap(amount, amount))
        for here, there in pairwise(breaks):
            if there - here > 1:
                found.append(self._gap(here + 1, there - 1))
        return [gap for gap in found if gap.width != 0 and not self.impossible(gap.high)]

    def _gap(self, low: int, high: int) -> Gap:
        # between steps the lower end is flat and the upper one grows
        return Gap(low, high, self.lower(low), self.upper(high))

    def next_amounts(self, count: int, tolerance: int = 0) -> list[int]:
        """Return unsolved amounts worth solving: in the largest areas between the two ends.

        The middle of an area; or its last amount, just short of a known step, where the curve was flat before
        it: if nothing is gained until there, the whole area closes at once.

        Parameters
        ----------
        tolerance
            An interval so wide is good enough.
        """
        solved = sorted(point.amount for point in self.known)
        areas: list[tuple[int, int, int]] = []
        widest = self._spread()
        gaps = self.gaps()
        for low, high in self._stretches(solved):
            inside = [gap for gap in gaps if gap.high >= low and gap.low <= high]
            area, middle, last = _area(inside, low, high, widest, tolerance)
            if area > 0:
                amount = last if self._is_flat(low - 1) else middle
                areas.append((area, -amount, amount))
        areas.sort(reverse=True)
        return [middle for _, _, middle in areas[:count]]

    def _is_flat(self, amount: int) -> bool:
        """Whether less money is proven to do as well as a solved amount."""
        lower = self.lower(amount)
        return (
            self.monotone
            and lower is not None
            and lower == self.upper(amount)
            and any(point.lower == lower and point.needed < amount for point in self.known)
        )

    def _stretches(self, solved: list[int]) -> list[tuple[int, int]]:
        """Runs of amounts between solved ones."""
        marks = [self.low - 1, *solved, self.high + 1]
        return [(a + 1, b - 1) for a, b in pairwise(marks) if b - a > 1]

    def _spread(self) -> int:
        """Width that an unknown end counts as: that of everything known."""
        ends = [end for point in self.known for end in (point.lower, point.upper) if end is not None]
        return max(1, max(ends) - min(ends)) if ends else 1


def _area(gaps: list[Gap], low: int, high: int, unknown: int, tolerance: int) -> tuple[int, int, int]:
    """Area between the two ends on a stretch, the amount that halves it, and the last one in it."""
    pieces = []
    for gap in sorted(gaps):
        start, end = max(gap.low, low), min(gap.high, high)
        width = unknown if gap.width is None else gap.width
        if end >= start and width > tolerance:
            pieces.append((start, end, width))
    area = sum((end - start + 1) * width for start, end, width in pieces)
    half = area // 2
    for start, end, width in pieces:
        here = (end - start + 1) * width
        if here > half:
            return area, start + half // width, pieces[-1][1]
        half -= here
    return area, low, high
