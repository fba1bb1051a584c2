"""What a check of a plan finds."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from ciopt.errors import Problem


@dataclass(frozen=True)
class Verdict:
    """Whether a plan follows from its instance.

    Parameters
    ----------
    problems
        Everything that does not; empty for a valid plan.
    objective
        The plan's objective as recomputed here; None if there is no plan, or none that can be computed.
    bound_from
        Who vouches for the bound: ``solver …`` (its word, not checked here), or None without a bound.
    """

    problems: tuple[Problem, ...]
    objective: Decimal | None = None
    bound_from: str | None = None

    @property
    def is_valid(self) -> bool:
        """Whether nothing was found."""
        return not self.problems
