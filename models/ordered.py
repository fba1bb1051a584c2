"""Rounded forms, and sums of the k smallest of them.

A form y = floor(T / D) for whole T and D is a whole number with D y <= T, as large as can be. The sum of the
k smallest of y_1 … y_n is max k t - Σ d_i with d_i >= t - y_i, d_i >= 0 (Ogryczak & Śliwiński, European
Journal of Operational Research 148(1), 2003): t is then the k-th smallest. For k = 1 it is the largest t with
t <= y_i.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pulp

from models.model import Expression, Model, Terms, Variable, total


def bounds(terms: Terms) -> tuple[int, int]:
    """Limits of Σ amount x variable within the variables' bounds."""
    ends = [sorted((amount * v.lowBound, amount * v.upBound)) for amount, v in terms]
    return sum(round(low) for low, _ in ends), sum(round(high) for _, high in ends)


def floored(model: Model, name: str, pieces: Sequence[Terms], divisor: int) -> Variable:
    """Add y = floor(T / divisor) for the smallest T of several, each a sum of terms."""
    limits = [bounds(terms) for terms in pieces]
    least, most = (min(each[end] for each in limits) // divisor for end in (0, 1))
    y = model.whole(name, least, most)
    for number, terms in enumerate(pieces):
        unit = math.gcd(divisor, *(amount for amount, _ in terms))
        model.require((divisor // unit) * y - total(terms, unit) <= 0, f"{name}: piece {number}")
    return y


def smallest(model: Model, name: str, forms: Sequence[Variable], k: int) -> Expression:
    """Return an expression that is at most the sum of the k smallest forms, and reaches it."""
    low = sorted(round(y.lowBound) for y in forms)[k - 1]
    high = sorted(round(y.upBound) for y in forms)[k - 1]
    t = model.whole(f"{name}: level", low, high)
    if k == 1:
        for number, y in enumerate(forms):
            model.require(t - y <= 0, f"{name}: no more than {number}")
        return t
    below = []
    for number, y in enumerate(forms):
        d = model.whole(f"{name}: {number} below", 0, max(0, high - round(y.lowBound)))
        model.require(t - d - y <= 0, f"{name}: how far {number} is below")
        below.append(d)
    return k * t - pulp.lpSum(below)
