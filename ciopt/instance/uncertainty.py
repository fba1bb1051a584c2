"""How uncertain an estimate is: its range, or what its grade of evidence stands for.

The true impact is the central value times a multiplier M. A range [a, b] says that M lies in it in four
cases of five: a is its 10 % quantile, b its 90 % quantile. Where no range is given, the grade says how far
M reaches to either side: strong 15 %, moderate 30 %, weak 60 %, assumed 80 %; an estimate about which
nothing is said counts as assumed. The widths are conventions of ciopt, not findings.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ciopt.instance.base import EstimateRecord, Evidence

WIDTHS: dict[Evidence, Decimal] = {
    "strong": Decimal("0.15"),
    "moderate": Decimal("0.30"),
    "weak": Decimal("0.60"),
    "assumed": Decimal("0.80"),
}
"""How far the 80 % interval reaches to either side of 1, by grade of evidence."""

RELIABILITIES: dict[Evidence, Decimal] = {
    "strong": Decimal("0.95"),
    "moderate": Decimal("0.85"),
    "weak": Decimal("0.65"),
    "assumed": Decimal("0.50"),
}
"""Part of an estimate that is believed, by grade: see `reliability`."""

TAIL = Fraction(12815515655, 10**10)
"""The 90 % quantile of the standard normal distribution."""

PLACE_SHARE = Fraction(1, 4)
"""Part of an estimate's variance that is the places' own; the rest is the same everywhere."""


class Spread(NamedTuple):
    """The 10 % and the 90 % quantile of an estimate's multiplier."""

    low: Decimal
    high: Decimal

    @property
    def centre(self) -> Decimal:
        """The multiplier's median: 1, or the middle of a range that does not hold 1."""
        return Decimal(1) if self.low <= 1 <= self.high else (self.low + self.high) / 2

    @property
    def sd(self) -> Fraction:
        """Standard deviation of a normal distribution as wide: (high - low) / (2 x 1.2816)."""
        return Fraction(self.high - self.low) / (2 * TAIL)


def grade(estimate: EstimateRecord) -> Evidence:
    """Grade of evidence of an estimate; ``assumed`` if it has none."""
    return estimate.evidence or "assumed"


def spread(estimate: EstimateRecord) -> Spread:
    """How far an estimate's multiplier reaches: its range, or the width of its grade.

    Examples
    --------
    >>> spread(EstimateRecord(fixed=10, evidence="moderate"))
    Spread(low=Decimal('0.70'), high=Decimal('1.30'))
    """
    if estimate.range is not None:
        return Spread(*estimate.range)
    width = WIDTHS[grade(estimate)]
    return Spread(1 - width, 1 + width)


def governing(own: EstimateRecord, general: EstimateRecord | None) -> EstimateRecord:
    """Return the estimate that says how uncertain an override is: itself if it does, else the general one."""
    if general is None or own.range is not None or own.evidence is not None:
        return own
    return general


def reliability(estimate: EstimateRecord) -> Fraction:
    """Part of an estimate that is believed once it was selected for looking good, in (0, 1].

    Before any evidence a true impact is taken as normal around no impact at all, with variance t². The
    estimate adds an error of variance s². What is to be expected of the truth is then the estimate times
    t² / (t² + s²), however the estimate was selected (Smith & Winkler, Management Science 52(3), 2006). The
    grade fixes this share: strong 0.95, moderate 0.85, weak 0.65, assumed 0.5; for a range without a grade t
    is the central value itself and s the standard deviation of the range: 1 / (1 + s²).

    Examples
    --------
    >>> float(reliability(EstimateRecord(fixed=10, evidence="weak")))
    0.65
    """
    if estimate.evidence is None and estimate.range is not None:
        return 1 / (1 + spread(estimate).sd ** 2)
    return Fraction(RELIABILITIES[grade(estimate)])
