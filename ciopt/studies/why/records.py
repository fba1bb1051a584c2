"""Answers to why: records that say what they are about, complete in themselves."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from ciopt.instance.base import Count, Flag, Words
from ciopt.plan import Assignment
from ciopt.plan.records import Exact, InstanceStamp
from ciopt.studies.case import Asked, Case

Loss = tuple[Exact | None, Exact | None]
"""Least and most that the best value falls (or the best cost rises), as far as is proven; None: not known."""


class IndicatorMove(Words):
    """What one assignment moves an indicator by, in the company of the others."""

    id: str
    unit: str = ""
    alone: Exact
    """Its own impact."""
    overlaps: Exact
    """What overlaps at its place take from it, or it takes from others."""
    synergies: Exact
    """What synergies add that would not arise without it."""
    total: Exact
    """The sum: by so much the plan's total changes if it is crossed out."""


class SynergyPart(Words):
    """A synergy that the assignment is a member of."""

    id: str
    at: str
    members: tuple[str, ...]
    """Option ids."""
    backbone: str | None = None
    effect: dict[str, Exact] = Field(default_factory=dict)
    value: Exact
    needs_it: Flag
    """Whether it would not arise without the assignment."""


class Payer(Words):
    """Who pays how much of an assignment."""

    fund: str
    """Id of a fund, or ``budget:PARTNER``."""
    owner: str
    amount: Exact
    by_period: dict[str, Exact] = Field(default_factory=dict)
    max_share: Exact | None = None
    """Largest part of an assignment that the fund may pay, where that is less than all."""


class LimitUse(Words):
    """A limit that the assignment counts against."""

    kind: Literal["money", "capacity", "activities", "cost", "rule"]
    id: str
    """``wb-roads``, ``budget:mars``, ``mars.staff_days``, the rule's id or number."""
    period: str | None = None
    """The period that the limit is of; None: the whole horizon."""
    takes: Exact
    """What this assignment takes of it."""
    used: Exact
    """What the plan takes."""
    limit: Exact

    @property
    def left(self) -> Exact:
        """What nobody uses."""
        return self.limit - self.used


class TargetServed(Words):
    """A target of the agenda that the assignment helps to reach, or makes harder."""

    name: str
    at_least: Exact | None = None
    at_most: Exact | None = None
    total: Exact
    """Of the plan."""
    without: Exact
    """Of the plan with the assignment crossed out."""


class Explanation(Words):
    """What an assignment of a plan is for, and what is lost without it."""

    kind: Literal["explanation"] = "explanation"
    instance: InstanceStamp = InstanceStamp()
    goal: str = "value"
    """What objective and loss are in: the first of value and cost."""
    asked: Asked | None = None
    complete: Flag = True
    """Whether nothing was interrupted."""
    assignment: Assignment
    objective: Exact | None = None
    """Of the plan."""
    bound: Exact | None = None
    """Of the best plan there is."""
    value_moved: Exact = Decimal(0)
    """What the value of central estimates falls by if it is crossed out and nothing takes its place."""
    moves: tuple[IndicatorMove, ...] = ()
    synergies: tuple[SynergyPart, ...] = ()
    payers: tuple[Payer, ...] = ()
    limits: tuple[LimitUse, ...] = ()
    targets: tuple[TargetServed, ...] = ()
    breaks: tuple[str, ...] = ()
    """Rules, targets and conditions that would be broken if it were crossed out."""
    without: Case | None = None
    """The best plan found that does without it: against this plan."""
    loss: Loss | None = None
    """What doing without costs, everything else planned anew; None if there is no such plan or no bound."""
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


class WhyNot(Words):
    """Why something is not in a plan, and what it would cost to have it."""

    kind: Literal["why-not"] = "why-not"
    instance: InstanceStamp = InstanceStamp()
    goal: str = "value"
    asked: Asked | None = None
    complete: Flag = True
    wanted: dict[str, str] = Field(default_factory=dict)
    """What was asked for: ``partner``, ``intervention``, ``place``, ``period``, ``level``."""
    answer: Literal["in the plan", "impossible", "possible", "not known"] = "not known"
    present: tuple[Assignment, ...] = ()
    """Assignments of the plan that are what was asked for."""
    options: Count = 0
    """Ways to do it that capabilities give."""
    obstacles: tuple[str, ...] = ()
    """What forbids it, with amounts."""
    objective: Exact | None = None
    bound: Exact | None = None
    chosen: tuple[Assignment, ...] = ()
    """How the best plan found with it does it."""
    payers: tuple[Payer, ...] = ()
    """Who would pay for it there."""
    with_it: Case | None = None
    """The best plan found that has it: against this plan."""
    loss: Loss | None = None
    """What having it costs."""
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


Kind = Literal["partner", "fund", "budget", "assignment"]


class Replacement(Words):
    """What is lost if one thing is taken out and the rest is planned anew."""

    kind: Kind
    id: str
    """Of a partner, a fund, ``budget:PARTNER``, or an option id."""
    name: str = ""
    case: Case
    """The best plan found without it; its key says which thing."""
    loss: Loss | None = None
    """What is lost; None where there is no plan without it, or nobody knows."""
    rank: tuple[Count, Count] | None = None
    """First and last place that the bounds allow, the greatest loss first."""


class Importance(Words):
    """What partners, funds and assignments are worth to the coalition: their replacement values."""

    kind: Literal["importance"] = "importance"
    instance: InstanceStamp = InstanceStamp()
    goal: str = "value"
    of: Literal["partners", "funds", "assignments", "all"] = "all"
    asked: Asked | None = None
    complete: Flag = True
    """Whether nothing was interrupted: otherwise what was finished is there."""
    objective: Exact | None = None
    bound: Exact | None = None
    things: tuple[Replacement, ...] = ()
    """The greatest loss first."""
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}
