"""What a plan decides, and nothing else: everything else follows from the instance."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from ciopt.instance.lookup import Option


class Paid(NamedTuple):
    """A payment in minor units, for an option id, ``participation:PARTNER`` or ``backbone:PARTNER``."""

    fund: str
    paid_for: str
    period: str
    amount: int


@dataclass(frozen=True)
class Choices:
    """The decisions of a plan.

    Parameters
    ----------
    options
        The assignments, at most one an activity.
    payments
        Who pays for what, when.
    backbones
        For each chosen backbone (its partner) the synergies it carries, as (synergy id, at).
    """

    options: tuple[Option, ...]
    payments: tuple[Paid, ...] = ()
    backbones: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
