"""What goals leave to those that come after them: a plan, what it is worth, prices, and time."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate import Certificate
from ciopt.certificate.record import Splits
from ciopt.engines.large.pursuit import Found
from ciopt.instance import Lookup
from ciopt.instance.base import MICRO
from ciopt.instance.choices import Choices
from ciopt.instance.goals import goal_values, is_fairness, least_count, rounded, shares_of

Floats = NDArray[np.float64]

THIRDS = 3
"""The first goal, those between, and the last have as much time together each; halves where there are two."""
MULTIPLE, CHECK = 6.0, 2.0
"""A goal takes at least so many times what it takes to begin it; its certificate is checked in so many."""


@dataclass
class Reached:
    """What the plan found so far has come to.

    Parameters
    ----------
    choices, found
        The plan, and how the search knows it.
    held
        Worth of the goals that are done, in 10^-12.
    each
        Outcomes per unit of all members.
    prices
        Of the goal before.
    """

    choices: Choices | None = None
    found: Found | None = None
    held: dict[str, int] = field(default_factory=dict)
    each: Floats | None = None
    prices: Certificate | None = None

    def prices_for(self, goal: str) -> Certificate | None:
        """Prices to begin another goal with: of sums of more members all is worth more, in proportion."""
        before = self.prices
        if before is None or not (is_fairness(goal) and is_fairness(before.goal)):
            return None
        return scaled(before, Decimal(least_count(goal)) / least_count(before.goal))

    def take(self, choices: Choices | None, found: Found | None) -> None:
        """Go on with a plan, if there is one."""
        if choices is not None and found is not None:
            self.choices, self.found = choices, found

    def hold(self, lookup: Lookup, goal: str) -> None:
        """Hold a goal where the plan has it, for those after it."""
        if self.choices is not None:
            self.each = np.array([share.per_unit for share in shares_of(lookup, self.choices)]) / MICRO
            self.held = {**self.held, goal: rounded(goal_values(lookup, self.choices)[goal])}


def scaled(certificate: Certificate, factor: Decimal) -> Certificate:
    """Multiply everything in a certificate."""

    def larger(splits: Mapping[str, Splits]) -> dict[str, Splits]:
        return {name: tuple(int(each * factor) for each in given) for name, given in splits.items()}

    return certificate.model_copy(
        update={
            "prices": {name: price * factor for name, price in certificate.prices.items()},
            "money": {
                name: {period: price * factor for period, price in prices.items()}
                for name, prices in certificate.money.items()
            },
            "synergies": larger(certificate.synergies),
            "participation": larger(certificate.participation),
        }
    )


class Clock:
    """How long each goal may take: what is left is shared, and a part kept for the last.

    Where goals are many (leximin), those between the first and the last take a multiple of what it takes to
    begin one each; those that no time is left for have a plan, but no bound.
    """

    def __init__(self, limit: float | None, goals: int) -> None:
        self.limit, self.goals, self.started = limit, goals, time.monotonic()
        self.least = self.checks = 0.0

    def share(self, number: int) -> float | None:
        """Seconds for a goal; None without a limit, 0 if there is no time for it."""
        if self.limit is None:
            return None
        left = self.limit - (time.monotonic() - self.started) - self.checks
        part = self.limit / min(self.goals, THIRDS)
        if number + 1 == self.goals:
            return max(0.1, left)
        if not number:
            return part
        return max((left - part) / (self.goals - 1 - number), self.least) if left - part > self.least else 0.0

    def began(self, seconds: float) -> None:
        """Note what it took to begin a goal: what it takes to check its certificate in the end follows."""
        self.least = max(self.least, MULTIPLE * seconds)
        self.checks += CHECK * seconds
