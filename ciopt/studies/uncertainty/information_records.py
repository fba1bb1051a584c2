"""What is said about the worth of knowing estimates, and in which order."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Literal

from ciopt.instance.base import Count, Evidence, Flag, Words
from ciopt.instance.estimates import Key
from ciopt.plan.records import Exact, InstanceStamp
from ciopt.studies.case import Asked


class Worth(Words):
    """What knowing something before planning is worth, in the objective's unit."""

    low: Exact
    """At least."""
    found: Exact
    """What the plans found gain over the best plan known without it."""
    high: Exact | None = None
    """At most; None if a solve gave no bound."""


class EstimateWorth(Words):
    """What knowing one estimate is worth."""

    kind: Literal["impact", "adds"]
    source: str
    """An intervention, or a synergy."""
    indicator: str
    evidence: Evidence
    """``assumed`` if nothing is said."""
    low: Exact
    """10 % quantile of the multiplier."""
    high: Exact
    """90 % quantile."""
    known: Worth
    """EVPPI."""
    measured: Worth | None = None
    """EVSI: one measurement at one place; None if no standard error was given."""
    proven: Flag = True
    """Whether the upper ends are proven: value is linear in this estimate."""
    solves: Count = 0
    rank: tuple[Count, Count] = (1, 1)
    """Best and worst place that the intervals allow."""


class Information(Words):
    """What knowing estimates is worth before planning."""

    kind: Literal["information"] = "information"
    instance: InstanceStamp = InstanceStamp()
    asked: Asked | None = None
    draws: Count = 0
    sd: Exact | None = None
    """Standard error of a measurement, as a part of the central estimate."""
    value: Exact | None = None
    """Of the best plan known, with every estimate at its mean; None if there is none."""
    short: Exact | None = None
    """What that plan may fall short of the best one, at most."""
    everything: Worth | None = None
    """EVPI, with sampling error; None if no draws were solved."""
    solved: Count = 0
    """Draws that were."""
    estimates: tuple[EstimateWorth, ...] = ()
    """The most valuable first."""
    complete: Flag = True
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def ranked(estimates: Iterable[EstimateWorth]) -> list[EstimateWorth]:
    """Return estimates with the places that their intervals allow; all are compared with the same plan."""
    estimates = list(estimates)

    def is_above(one: EstimateWorth, other: EstimateWorth) -> bool:
        return other.known.high is not None and one.known.found > other.known.high

    ranks = []
    for each in estimates:
        ahead = sum(is_above(other, each) for other in estimates)
        behind = sum(is_above(each, other) for other in estimates)
        ranks.append(each.model_copy(update={"rank": (1 + ahead, len(estimates) - behind)}))
    return ranks


def words_of(key: Key) -> str:
    """Name an estimate.

    Examples
    --------
    >>> words_of(Key("impact", "road", "income")), words_of(Key("adds", "roads-help", "income"))
    ('income by road', 'income by synergy roads-help')
    """
    return f"{key.indicator} by {'synergy ' if key.kind == 'adds' else ''}{key.source}"


def most_valuable(each: EstimateWorth) -> tuple[Decimal, Decimal, str, str]:
    """Sort by what is found, then by what is possible."""
    high = each.known.high if each.known.high is not None else Decimal("Infinity")
    return -each.known.found, -high, each.source, each.indicator
