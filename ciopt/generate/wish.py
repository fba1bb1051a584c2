"""`Wish`: which coalition to generate; families are wishes with other defaults."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ciopt.errors import UsageError, did_you_mean

Family = Literal["cocoa", "dense", "portfolio", "multi-period"]


@dataclass(frozen=True)
class Wish:
    """What a generated coalition looks like.

    Parameters
    ----------
    activities
        Number of activities, exactly.
    partners
        Implementing partners; each is at home in a region.
    interventions
        Kinds of activities; places follow from it.
    ways
        Partners that can do an activity, about.
    density
        Synergy instances an activity, about.
    tightness
        All money, as a part of what everything would cost.
    synergy
        Size of a synergy, as a part of its members' mean impact.
    negative
        Share of the synergies that are losses.
    periods
        Number of periods.
    funds
        Funds shared by partners; they hold two fifths of the money.
    capacities
        Whether staff is limited as well as money.
    rules
        Rules of each kind (requires, excludes, at most).
    lumpiness
        0: costs are alike; 1: a few activities cost as much as all others.
    quotes
        Whether every option has a cost of its own, as after a tender; makes the file large.
    seed
        Same wish and seed, same instance.
    """

    family: Family = "cocoa"
    activities: int = 2_000
    partners: int = 20
    interventions: int = 20
    ways: int = 4
    density: float = 1.6
    tightness: float = 0.35
    synergy: float = 0.3
    negative: float = 0.0
    periods: int = 1
    funds: int = 0
    capacities: bool = False
    rules: int = 0
    lumpiness: float = 0.2
    quotes: bool = False
    seed: int = 1

    def __post_init__(self) -> None:
        """Refuse what makes no coalition."""
        for name, least in (
            ("activities", 1),
            ("partners", 1),
            ("interventions", 1),
            ("ways", 1),
            ("periods", 1),
        ):
            if getattr(self, name) < least:
                raise UsageError(f"{name} is {getattr(self, name)}; it is at least {least}")
        for name, most in (("negative", 1.0), ("tightness", 10.0), ("lumpiness", 1.0), ("density", 100.0)):
            if not 0 <= getattr(self, name) <= most:
                raise UsageError(f"{name} is {getattr(self, name)}; it lies between 0 and {most:g}")

    @property
    def name(self) -> str:
        """What the instance is called."""
        return f"{self.family}, {self.activities} activities, {self.partners} partners, seed {self.seed}"


FAMILIES: dict[str, Wish] = {
    "cocoa": Wish(),
    "dense": Wish(family="dense", density=9.35),
    "portfolio": Wish(
        family="portfolio", activities=100, partners=8, interventions=10, ways=2, tightness=0.2, lumpiness=1.0
    ),
    "multi-period": Wish(
        family="multi-period", periods=3, funds=6, capacities=True, rules=2, negative=0.15, ways=3
    ),
}
"""The families, each with its defaults."""


def family(name: str) -> Wish:
    """Return the defaults of a family.

    Raises
    ------
    UsageError
        If there is none of that name.

    Examples
    --------
    >>> family("dense").density
    9.35
    """
    if name not in FAMILIES:
        raise UsageError(
            f"there is no family {name!r}; {did_you_mean(name, FAMILIES) or 'known: ' + ', '.join(FAMILIES)}"
        )
    return FAMILIES[name]
