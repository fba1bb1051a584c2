"""Saturation: u(T) = min(T, s) for a level s >= 0, and max(T, s) for s < 0.

A fall is worth something down to s only. With T in [T⁻, T⁺]:

- s >= 0:  u <= T, u <= s;  and unless weight >= 0:  u >= T - (T⁺ - s) d, u >= s - (s - T⁻)(1 - d), d binary
- s < 0:   u >= T, u >= s;  and unless weight <= 0:  u <= T + (s - T⁻) d, u <= s + (T⁺ - s)(1 - d), d binary

Maximising a concave function needs no binary, a convex one does. Where u has to be right whoever pulls at it,
all of them are written.
"""

from __future__ import annotations

import math
from decimal import Decimal

from ciopt.instance.base import micro
from models.model import Model, Terms, total
from models.ordered import bounds


def saturated(model: Model, worth: Decimal, terms: Terms, level: int, name: str, both: bool = False) -> Terms:
    """Add u of T = Σ terms; return worth x u."""
    weight = micro(worth)
    least, most = bounds(terms)
    if (level >= 0 and most <= level) or (level < 0 and least >= level):
        return [(weight * amount, variable) for amount, variable in terms]
    unit = math.gcd(level, *(amount for amount, _ in terms)) or 1
    moved, s = total(terms, unit), level // unit
    low, high = least // unit, most // unit
    if level >= 0:
        u = model.whole(f"{name}: saturated", min(low, s), s)
        model.require(u - moved <= 0, f"{name}: no more than it moves")
        if weight < 0 or both:
            d = model.binary(f"{name}: is saturated")
            model.require(u - moved + (high - s) * d >= 0, f"{name}: all it moves, unless saturated")
            model.require(u - (s - low) * d >= low, f"{name}: the level, if saturated")
    else:
        u = model.whole(f"{name}: saturated", s, max(high, s))
        model.require(u - moved >= 0, f"{name}: falls no more than it moves")
        if weight > 0 or both:
            d = model.binary(f"{name}: is saturated")
            model.require(u - moved - (s - low) * d <= 0, f"{name}: all it moves, unless saturated")
            model.require(u + (high - s) * d <= high, f"{name}: the level, if saturated")
    return [(weight * unit, u)]
