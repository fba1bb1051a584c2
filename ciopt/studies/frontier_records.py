"""`Frontier`: how much value money buys, with a certified lower and upper end at every amount."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from ciopt.instance.base import Count, Flag, Words
from ciopt.plan.records import Exact, InstanceStamp, Status, StoppedBy

MarginalKind = Literal["fund", "budget", "cost", "capacity", "activities", "target"]


class MoneyAxis(Words):
    """Whose money is varied, and from where to where."""

    kind: Literal["fund", "partner", "funds", "cost"]
    id: str = ""
    """Of the fund or partner; empty for all money and for a ceiling on the cost."""
    name: str = ""
    """For people."""
    current: Exact | None = None
    """What the instance says; None where it sets no ceiling."""
    low: Exact
    high: Exact


class SolvedPoint(Words):
    """One amount that was solved."""

    amount: Exact
    status: Status
    stopped_by: StoppedBy | None = None
    """Why its solve ended before the optimum."""
    at_least: Exact | None = None
    """Objective of the plan found; None if there is none."""
    at_most: Exact | None = None
    """No plan for this amount is better (of a cost: cheaper); None if that is not known."""
    proof: str | None = None
    needed: Exact | None = None
    """The least amount at which this very plan can be paid."""
    spent: Exact | None = None
    """What the plan spends of the money that is varied."""
    cost: Exact | None = None
    """What the plan costs in all."""
    assignments: Count = 0
    indicators: dict[str, Exact] = Field(default_factory=dict)
    """What the plan moves each indicator by."""


class CurvePoint(Words):
    """What is known at one amount, solved or not.

    Between listed amounts the ends are steps: ``at_least`` holds on to the right, ``at_most`` to the left.
    """

    amount: Exact
    at_least: Exact | None = None
    """Worst case of the best plan's objective (of a cost: at most so dear); None if no plan is known."""
    at_most: Exact | None = None
    """Best case of it; None if nothing is known."""
    possible: Flag | None = None
    """Whether there is a plan; None if that is not known."""


class PriceLine(Words):
    """A certificate's bound on all amounts at once: ``bound + price x (a - amount)`` at most."""

    amount: Exact
    bound: Exact
    price: Exact
    """Of one unit of money; exact where no part of an amount is rounded, else a little more than it is."""


class Marginal(Words):
    """What the next piece of a limit is worth."""

    kind: MarginalKind
    id: str
    """Of the fund, partner or target; ``PARTNER.RESOURCE`` for a capacity."""
    now: Exact
    """The limit as it is."""
    step: Exact
    """How much it is loosened by."""
    unit: str = ""
    at_least: Exact
    """Gain in the objective, worst case."""
    at_most: Exact | None = None
    """Gain in the objective, best case; None if nothing is known."""
    how: Literal["solved", "at most"]
    """By solving again, or by the ceiling that a certificate's prices prove."""


class Frontier(Words):
    """The value-for-money curve of a fund, a partner, all money, or a ceiling on the cost."""

    instance: InstanceStamp = InstanceStamp()
    axis: MoneyAxis
    goal: Literal["value", "cost"] = "value"
    """What the objective is: more value, or less cost."""
    first_goal: Flag = True
    """Whether the objective is the agenda's first goal; if not, more money may lower it."""
    points: tuple[SolvedPoint, ...] = ()
    curve: tuple[CurvePoint, ...] = ()
    lines: tuple[PriceLine, ...] = ()
    marginals: tuple[Marginal, ...] = ()
    widest: Exact | None = None
    """Largest difference between the two ends anywhere on the curve; None if somewhere nothing is known."""
    widest_at: Exact | None = None
    proven: Flag = False
    """Whether both ends meet at every amount."""
    stopped_by: Literal["points", "gap", "time_limit", "interrupt"] | None = None
    """Why no further amount was solved; None if the curve is proven."""
    engine: str = ""
    seed: Count = 0
    gap: Exact = Decimal(0)
    """Asked for at each solve."""
    seconds: Exact = Decimal(0)
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        data: dict[str, Any] = self.model_dump(by_alias=True)
        return {"ciopt": 1, "kind": "frontier", "of": "money", **data}


class TradePoint(Words):
    """A plan that no other beats on both indicators, as far as is proven."""

    first: Exact
    second: Exact
    """What it moves the two indicators by."""
    proven: Flag
    """Whether nothing is better on one and as good on the other."""
    value: Exact
    cost: Exact
    assignments: Count = 0


class OpenBox(Words):
    """Where further such plans could be: strictly between two neighbours on both indicators."""

    first: tuple[Exact, Exact]
    second: tuple[Exact, Exact]


class TradeOff(Words):
    """Plans that are best on one indicator for what they do on another."""

    instance: InstanceStamp = InstanceStamp()
    indicators: tuple[str, str]
    names: tuple[str, str] = ("", "")
    units: tuple[str, str] = ("", "")
    falls: tuple[Flag, Flag] = (False, False)
    """Whether less is better."""
    points: tuple[TradePoint, ...] = ()
    """From the best on the first indicator to the best on the second."""
    open: tuple[OpenBox, ...] = ()
    complete: Flag = False
    """Whether these are all; never said unless every step was proven."""
    stopped_by: Literal["points", "gap", "time_limit", "interrupt"] | None = None
    engine: str = ""
    seed: Count = 0
    gap: Exact = Decimal(0)
    seconds: Exact = Decimal(0)
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        data: dict[str, Any] = self.model_dump(by_alias=True)
        return {"ciopt": 1, "kind": "frontier", "of": "indicators", **data}
