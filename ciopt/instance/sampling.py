"""Samples of multipliers for risk ``cvar``: the same integers on every machine, without a float.

An estimate's multiplier M is split normal: with Z standard normal, median c and quantiles [a, b] at 10 and
90 %, M = c + Z (b - c) / 1.2816 for Z >= 0 and c + Z (c - a) / 1.2816 for Z < 0, rounded half up to 10^-3.
Z takes each of the N quantiles at (i + 1/2) / N once, in the order of the SHA-256 of the estimate's name
and i (Latin hypercube sampling: McKay, Beckman & Conover, Technometrics 21(2), 1979).
"""

from __future__ import annotations

from decimal import ROUND_FLOOR, ROUND_HALF_EVEN, Context, Decimal, localcontext
from functools import lru_cache
from hashlib import sha256

from ciopt.instance.estimates import Estimated, Key
from ciopt.instance.uncertainty import TAIL

MILLI = 1000
"""Multipliers are integers of 10^-3."""

_DIGITS = Context(prec=40, rounding=ROUND_HALF_EVEN)
"""Decimal arithmetic is the same everywhere; with 40 digits quantiles are right to far below 10^-6."""
_PI = Decimal("3.14159265358979323846264338327950288419716939937510582")
_SMALL = Decimal("1e-30")


@lru_cache(maxsize=1024)
def multipliers(source: Estimated, samples: int) -> tuple[int, ...]:
    """Multipliers of an estimate in 10^-3, one a sample.

    Examples
    --------
    >>> from ciopt.instance.uncertainty import Spread
    >>> road = Estimated(Key("impact", "road", "income"), Spread(Decimal("0.5"), Decimal("1.5")))
    >>> sorted(multipliers(road, 3))
    [623, 1000, 1377]
    """
    low, high = source.spread
    with localcontext(_DIGITS):
        centre, tail = source.spread.centre, Decimal(TAIL.numerator) / TAIL.denominator
        exact = [
            MILLI * (centre + z * (high - centre if z >= 0 else centre - low) / tail)
            for z in quantiles(samples)
        ]
        rounded = [int((each + Decimal("0.5")).to_integral_value(ROUND_FLOOR)) for each in exact]
    return tuple(rounded[quantile] for quantile in order(source.key, samples))


@lru_cache(maxsize=1024)
def order(key: Key, samples: int) -> tuple[int, ...]:
    """Which quantile an estimate takes in each sample: a permutation that its name decides."""

    def digest(quantile: int) -> bytes:
        return sha256("/".join((*key, str(quantile))).encode()).digest()

    return tuple(sorted(range(samples), key=digest))


@lru_cache(maxsize=64)
def quantiles(samples: int) -> tuple[Decimal, ...]:
    """Quantiles of the standard normal distribution at (i + 1/2) / samples, increasing."""
    upper: list[Decimal] = []
    z = Decimal(0)
    with localcontext(_DIGITS):
        for number in range(samples // 2, samples):
            # P(0 < Z < z) = (i + 1/2) / samples - 1/2
            z = _quantile(Decimal(2 * number + 1 - samples) / (2 * samples), z)
            upper.append(z)
        return (*(-each for each in reversed(upper[samples % 2 :])), *upper)


def _quantile(area: Decimal, start: Decimal) -> Decimal:
    """Solve P(0 < Z < z) = area for z by Newton's method: from below it never goes too far."""
    z = start
    while True:
        step = (area - _area(z)) / _density(z)
        z += step
        if abs(step) < Decimal("1e-25"):
            return z


def _density(z: Decimal) -> Decimal:
    return (-z * z / 2).exp() / (2 * _PI).sqrt()


def _area(z: Decimal) -> Decimal:
    """P(0 < Z < z) = density(z) x Σ_n z^(2n+1) / (1 · 3 · 5 ⋯ (2n+1))."""
    term = total = z
    odd = 1
    while abs(term) > _SMALL:
        odd += 2
        term = term * z * z / odd
        total += term
    return _density(z) * total
