"""Draws of the multipliers of estimates: one an estimate and sample, the same for every plan.

An estimate is an intervention's impact on an indicator, or what a synergy adds to one. Its multiplier M is
split normal: with Z standard normal, median c and quantiles [a, b] at 10 and 90 %,

    M = c + Z (b - c) / 1.2816   for Z >= 0,      M = c + Z (c - a) / 1.2816   for Z < 0

so all activities of an intervention err together. With a share s of the variance for places, Z at a place l
is sqrt(1 - s) Z_estimate + sqrt(s) Z_{estimate, l}.
"""

from __future__ import annotations

import zlib
from collections.abc import Hashable

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.estimates import Key
from ciopt.instance.uncertainty import TAIL, Spread

Floats = NDArray[np.float64]


class Draws:
    """Common random numbers: an estimate errs the same way in every plan and question.

    Parameters
    ----------
    samples
        How many.
    seed
        Of everything drawn; what is drawn for an estimate depends on nothing but seed and estimate.
    place_share
        Part of the variance that is the places' own, 0 to 1.

    Examples
    --------
    >>> from decimal import Decimal
    >>> draws = Draws(samples=3, seed=1)
    >>> draws.multiplier(Key("impact", "road", "income"), Spread(Decimal(1), Decimal(1)), "soubre").tolist()
    [1.0, 1.0, 1.0]
    """

    def __init__(self, samples: int, seed: int, place_share: float = 0.0) -> None:
        self.samples, self.seed, self.place_share = samples, seed, place_share
        self._known: dict[Hashable, Floats] = {}

    def multiplier(self, key: Key, spread: Spread, place: str) -> Floats:
        """Multipliers of an estimate at a place, one a sample."""
        where = place if self.place_share else ""
        known = key, spread, where
        if known not in self._known:
            z = self.normal(key)
            if self.place_share:
                own = self.normal((*key, place))
                z = np.sqrt(1 - self.place_share) * z + np.sqrt(self.place_share) * own
            self._known[known] = split_normal(z, spread)
        return self._known[known]

    def normal(self, key: tuple[str, ...]) -> Floats:
        """Standard normal numbers that belong to a name."""
        known = "normal", key
        if known not in self._known:
            stream = np.random.default_rng([self.seed, *(zlib.crc32(part.encode()) for part in key)])
            self._known[known] = stream.standard_normal(self.samples)
        return self._known[known]


def split_normal(z: Floats, spread: Spread) -> Floats:
    """Turn standard normal numbers into multipliers with the quantiles of a spread."""
    centre, tail = float(spread.centre), float(TAIL)
    above, below = (float(spread.high) - centre) / tail, (centre - float(spread.low)) / tail
    return np.asarray(centre + np.where(z >= 0, above, below) * z)
