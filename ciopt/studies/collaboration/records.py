"""`Collaboration`: what planning together is worth, between whom, and who pays for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

from pydantic import Field

from ciopt.instance.base import Count, Flag, Words
from ciopt.plan.records import Exact, InstanceStamp, Plan

WorldName = Literal["baseline", "alone", "informed", "together"]
WORLDS: tuple[WorldName, ...] = ("baseline", "alone", "informed", "together")


class ValueParts(Words):
    """The objective as a sum, to the last digit: where the value of a plan comes from."""

    impacts: Exact = Decimal(0)
    """Σ weight x impact of the assignments, each counted alone."""
    synergies: Exact = Decimal(0)
    """Σ weight x effect of the synergies that paid off."""
    overlaps: Exact = Decimal(0)
    """What is lost (or saved) where activities reach the same people."""
    saturation: Exact = Decimal(0)
    """What does not count because enough is reached."""
    penalties: Exact = Decimal(0)
    """Of soft targets, negative."""


class FallenAssignment(Words):
    """An assignment that a partner planned by itself and that does not happen."""

    partner: str
    option: str
    because: str
    """``done twice``, or the rule."""
    stands: str = ""
    """Option id of what stands in its way."""
    wasted: Exact = Decimal(0)
    """Money planned for it."""


class World(Words):
    """One way to plan, and what comes out of it under the coalition's own arithmetic."""

    name: WorldName
    objective: Exact | None = None
    """Value less penalties; None if there is no plan."""
    at_most: Exact | None = None
    """No plan made together is better; for ``together`` alone."""
    impossible: Flag = False
    """Whether it is proven that there is no plan."""
    value: Exact | None = None
    cost: Exact | None = None
    keeps_all: Flag = False
    """Whether it keeps every rule and hard target of the coalition."""
    broken: tuple[str, ...] = ()
    """Those that it does not keep."""
    fallen: tuple[FallenAssignment, ...] = ()
    wasted: Exact = Decimal(0)
    parts: ValueParts = ValueParts()
    plan: Plan | None = None
    """Who does what, paid by whom; re-checked from the instance (but for what is ``broken``)."""
    rounds: Count = 0
    """Of answers to each other, for ``informed``."""
    ending: Literal["fixed_point", "within_gap", "cycle", "limit"] | None = None


class SynergyGain(Words):
    """What one synergy pays in each world: an account of the plans, not what would be lost without it."""

    id: str
    name: str = ""
    times: dict[WorldName, Count] = Field(default_factory=dict)
    value: dict[WorldName, Exact] = Field(default_factory=dict)


class IndicatorGain(Words):
    """What each world moves an indicator by."""

    id: str
    name: str = ""
    unit: str = ""
    falls: Flag = False
    """Whether less is better."""
    total: dict[WorldName, Exact] = Field(default_factory=dict)


class PartnerGain(Words):
    """What a partner does, spends, and has a part in."""

    id: str
    name: str = ""
    assignments: dict[WorldName, Count] = Field(default_factory=dict)
    spent: dict[WorldName, Exact] = Field(default_factory=dict)
    """Of its own budget."""
    received: dict[WorldName, Exact] = Field(default_factory=dict)
    """From funds."""
    credit: dict[WorldName, Exact] = Field(default_factory=dict)
    """Value that it has a part in: its assignments, and each synergy in equal parts of its members (an
    average, before saturation), rounded to 10^-6."""
    compensation: dict[Literal["alone", "informed"], Exact] = Field(default_factory=dict)
    """Value that it has less together than in that world: the least that makes it no worse off."""


class FundGain(Words):
    """What a fund's money goes to, and the value it has a part in."""

    id: str
    name: str = ""
    owner: str
    amount: Exact
    shared: Flag
    """Whether several partners can be paid from it."""
    parts: dict[str, Exact] = Field(default_factory=dict)
    """By partner: its part where nobody decides together."""
    paid: dict[WorldName, dict[str, Exact]] = Field(default_factory=dict)
    """By partner."""
    credit: dict[WorldName, Exact] = Field(default_factory=dict)
    """Credit of what it pays for, in proportion to its part of the cost (an average), rounded to 10^-6."""


class Without(Words):
    """What the coalition would lose without one thing: solved again, all else as it is (a marginal value)."""

    what: Literal["backbones", "shared money", "fund"]
    id: str = ""
    at_least: Exact | None = None
    at_most: Exact | None = None
    possible: Flag | None = None
    """Whether there is a plan without it; None if that is not known."""


class Collaboration(Words):
    """Alone, informed, together: what the coalition gains."""

    instance: InstanceStamp = InstanceStamp()
    worlds: tuple[World, ...] = ()
    indicators: tuple[IndicatorGain, ...] = ()
    synergies: tuple[SynergyGain, ...] = ()
    partners: tuple[PartnerGain, ...] = ()
    funds: tuple[FundGain, ...] = ()
    without: tuple[Without, ...] = ()
    compensation: dict[Literal["alone", "informed"], Exact] = Field(default_factory=dict)
    """All partners' together."""
    by_theory: tuple[Literal["together >= informed", "informed >= alone", "together >= alone"], ...] = ()
    """What must hold, and was checked."""
    engine: str = ""
    seed: Count = 0
    gap: Exact = Decimal(0)
    seconds: Exact = Decimal(0)
    stopped_by: Literal["time_limit", "interrupt"] | None = None
    notes: tuple[str, ...] = ()

    def world(self, name: WorldName) -> World | None:
        """Return a world; None if it was not reached."""
        return next((world for world in self.worlds if world.name == name), None)

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        data: dict[str, Any] = self.model_dump(by_alias=True)
        return {"ciopt": 1, "kind": "collaboration", **data}
