"""`Draw`: what one random instance is drawn with: its numbers, its magnitudes, the features it has.

An instance has a random half of the features, so that few of them meet at a time and failures stay readable.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeVar

from ciopt.instance.money import minor_digits

T = TypeVar("T")
Record = dict[str, Any]

CURRENCIES = ("USD", "USD", "XOF", "TND")
"""With 2, 0 and 3 minor digits."""
MONEY_SCALES = (1, 1, 1, 1000, 1_000_000)
IMPACT_SCALES = (1, 1, 1, 1, 1000)
NAMES = ("a", "a-b", "a.b", "B", "b", "b_1", "c", "10", "9", "x1", "Z", "c.d")
"""Ids whose order is not the order of the tables; ``a-b/…`` and ``a.b/…`` come before ``a/…``."""


class Draw:
    """A source of random pieces of an instance.

    Parameters
    ----------
    seed
        The same seed gives the same pieces.
    """

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._features: dict[str, bool] = {}
        self.currency = self.choice(CURRENCIES)
        self.money_scale = self.choice(MONEY_SCALES)
        self.impact_scale = self.choice(IMPACT_SCALES)

    def chance(self, probability: float) -> bool:
        """Whether something happens that does so with a probability."""
        return self._random.random() < probability

    def has(self, feature: str, probability: float = 0.5) -> bool:
        """Whether the instance has a feature: decided once."""
        if feature not in self._features:
            self._features[feature] = self.chance(probability)
        return self._features[feature]

    def maybe(self, feature: str, probability: float = 0.5) -> bool:
        """Whether one record shows a feature, which it can only in an instance that has it."""
        return self.has(feature) and self.chance(probability)

    def integer(self, low: int, high: int) -> int:
        """A whole number from low to high."""
        return self._random.randint(low, high)

    def choice(self, sequence: Sequence[T]) -> T:
        """One of several."""
        return self._random.choice(sequence)

    def sample(self, sequence: Sequence[T], low: int, high: int) -> list[T]:
        """Take low to high different ones of several, in random order."""
        return self._random.sample(sequence, min(len(sequence), self.integer(low, high)))

    def shuffled(self, sequence: Sequence[T]) -> list[T]:
        """All of several, in random order."""
        return self._random.sample(sequence, len(sequence))

    def names(self, count: int) -> list[str]:
        """Ids in no order."""
        return self._random.sample(NAMES, count)

    def decimal(self, low: int, high: int, digits: int) -> Decimal:
        """A number from low to high with some digits after the point."""
        return Decimal(self._random.randint(low * 10**digits, high * 10**digits)).scaleb(-digits)

    def number(self, low: int, high: int) -> Decimal:
        """A whole number, as often as not, or one with a few digits."""
        return self.decimal(low, high, self.choice((0, 0, 1, 3)))

    def impact(self, low: int, high: int) -> Decimal:
        """An amount of an indicator."""
        return self.number(low * self.impact_scale, high * self.impact_scale)

    def money(self, low: int, high: int) -> Decimal:
        """An amount of money to the minor unit, or a whole one."""
        digits = self.choice((0, minor_digits(self.currency)))
        return self.decimal(low * self.money_scale, high * self.money_scale, digits)

    def quantity(self, fixed: Decimal, per: Decimal) -> Any:
        """A number, or a quantity with an amount per unit of one attribute or two."""
        if self.maybe("per", 0.4):
            return {"fixed": fixed, "per": dict.fromkeys(self.sample(("population", "km"), 1, 2), per)}
        return fixed

    def estimate(self, fixed: Decimal, per: Decimal) -> Any:
        """A quantity, now and then with a range and its evidence."""
        quantity = self.quantity(fixed, per)
        if not self.maybe("evidence", 0.3):
            return quantity
        said = quantity if isinstance(quantity, dict) else {"fixed": quantity}
        return {**said, "range": [Decimal("0.6"), Decimal("1.4")], "evidence": "weak"}

    def by_period(self, feature: str, periods: Sequence[str], amount: Any) -> Any:
        """What ``amount()`` draws: over the horizon, or for each of some periods."""
        if not self.maybe(feature):
            return amount()
        return {period: amount() for period in periods if self.chance(0.9)}

    def selection(self, feature: str, names: Sequence[str]) -> Any:
        """All, or some of several."""
        return self.sample(names, 1, len(names)) if self.maybe(feature) else "*"
