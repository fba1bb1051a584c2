"""`Purse`: a fund or a partner's own budget, and how its money lies in time."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from ciopt.instance.records import Fund


class Timing(Enum):
    """How a fund's money lies in time."""

    TOTAL = "total"
    """One amount for the horizon."""
    CUMULATIVE = "cumulative"
    """By period, and what is left is carried over."""
    PERIODIC = "periodic"
    """By period, each on its own."""


@dataclass(frozen=True)
class Purse:
    """A fund, or a partner's own budget.

    Parameters
    ----------
    name
        Fund id or ``budget:PARTNER``.
    owner
        Position of the partner if it is an own budget, -1 otherwise.
    timing, amounts
        One amount in minor units (TOTAL), or one for each period.
    record
        The fund's record; None for an own budget.
    """

    name: str
    owner: int
    timing: Timing
    amounts: tuple[int, ...]
    record: Fund | None

    @property
    def has_share(self) -> bool:
        """Whether it is limited to a part of each assignment."""
        return self.record is not None and self.record.max_share < 1

    @property
    def total(self) -> int:
        """All its money."""
        return sum(self.amounts)
