"""The tables of an instance: places, indicators, partners, funds, interventions and what links them."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from pydantic import Field

from ciopt.instance.base import (
    Amount,
    AQuantity,
    Count,
    Estimate,
    Flag,
    FundId,
    Id,
    Number,
    Record,
    Selection,
    Words,
)

Within = Literal["place", "neighbours", "group", "all"]


class Place(Record):
    """Where something can be done."""

    id: Id
    group: Id | None = None
    """A district, region or ward that the place belongs to."""
    attributes: dict[Id, Number] = Field(default_factory=dict)
    """Numbers that quantities refer to: population, farmers, km …"""
    neighbours: tuple[Id, ...] = ()
    """Places next to this one; saying it on one side is enough."""


class PerPlace(Words):
    """A saturation level for each place on its own."""

    per_place: AQuantity
    """The level, evaluated at each place."""


class Indicator(Record):
    """A shared measure of what the coalition wants to move."""

    id: Id
    unit: str = ""
    """What one unit is: "USD per year", "children" …"""
    weight: Number = Decimal(1)
    """Value of one unit; negative for what should fall."""
    baseline: Number = Decimal(0)
    """Where the indicator stands today; reports add it, the solver does not."""
    target: Number | None = None
    """Where the coalition wants it to stand; for the report. `agenda.targets` binds the plan."""
    saturates_at: Number | PerPlace | None = None
    """No value beyond this total (of the plan's movement), or per place."""
    accrues: Literal["once", "per_period"] = "once"
    """Counted once when an assignment becomes active, or in each period it is active."""


class Partner(Record):
    """An organisation of the coalition."""

    id: Id
    roles: tuple[Literal["funding", "accountable", "extending", "implementing", "backbone"], ...] = ()
    """IATI's four roles, or backbone. Only an implementing partner has options."""
    kind: str = ""
    """private, government, NGO … (for reports)."""
    budget: Amount | None = None
    """Own money, for its own assignments, participation and backbone costs; none if missing."""
    capacity: dict[Id, Amount] = Field(default_factory=dict)
    """Most of each resource it can use; a resource not named is not limited."""
    participation_cost: Number = Decimal(0)
    """Paid once from its own budget if it has any assignment."""
    max_activities: Count | None = None
    """Most assignments."""


class PaysFor(Words):
    """What a fund may pay for: all three conditions hold."""

    interventions: Selection = "*"
    partners: Selection = "*"
    places: Selection = "*"


class Match(Words):
    """At most ``ratio`` times what the named funds pay for the same assignment."""

    with_: tuple[FundId, ...] = Field(alias="with")
    """Funds whose payments are matched; ``"budget:PARTNER"`` names a partner's own budget."""
    ratio: Number
    """Units paid by this fund per unit paid by them, at most."""


class Fund(Record):
    """Money with an owner and conditions."""

    id: Id
    partner: Id
    """The owner."""
    amount: Amount
    """A number (whole horizon), or an object with an amount for each period."""
    carry_over: Flag = False
    """What a period leaves may be spent in later ones."""
    pays_for: PaysFor = PaysFor()
    """Conditions on the assignments it pays for."""
    max_share: Number = Decimal(1)
    """Largest part of one assignment's cost, between 0 and 1."""
    min_spend: Number = Decimal(0)
    """Spent at least, or the plan is not allowed."""
    match: Match | None = None
    """Pays only alongside others."""


class Level(Record):
    """A way to do an intervention: smaller, larger, better."""

    id: Id
    cost_factor: Number = Decimal(1)
    impact_factor: Number = Decimal(1)


class Intervention(Record):
    """A kind of thing that can be done."""

    id: Id
    cost: Estimate
    """Cost at a place, before the factors of partner and level. A range or a grade of evidence says how far
    it may be overrun; where neither is given it is certain."""
    cost_profile: tuple[Number, ...] = (Decimal(1),)
    """Parts of the cost in the start period and the following ones; they add up to 1."""
    uses: dict[Id, AQuantity] = Field(default_factory=dict)
    """Resources of the partner, used in the start period."""
    impact: dict[Id, Estimate] = Field(default_factory=dict)
    """What one assignment moves each indicator by (per period, where the indicator accrues so)."""
    lag: Count = 0
    """Periods from the start until it is active."""
    lasts: Count | None = None
    """Periods it is active; to the end of the horizon if missing."""
    levels: tuple[Level, ...] = ()
    """Alternative levels; one without a name if empty."""


class Capability(Record):
    """A partner can deliver an intervention at some places."""

    id: Id | None = None
    partner: Id
    intervention: Id
    places: Selection = "*"
    cost_factor: Number = Decimal(1)
    impact_factor: Number = Decimal(1)
    periods: Selection = "*"
    """Possible start periods."""
    max_activities: Count | None = None
    """Most assignments under this capability."""


class OptionOverride(Record):
    """Replaces one option's numbers: final cost and impact, no factors applied."""

    id: Id | None = None
    partner: Id
    intervention: Id
    place: Id
    period: Id | None = None
    """Only this start period; all if missing."""
    level: Id | None = None
    """Needed where the intervention has levels."""
    cost: AQuantity | None = None
    impact: dict[Id, Estimate] = Field(default_factory=dict)
    """The indicators named get these impacts; others keep theirs."""


class Synergy(Record):
    """Extra (or lost) impact when several activities are all done."""

    id: Id
    between: tuple[Id, ...]
    """The interventions, two or more."""
    within: Literal["place", "neighbours", "group"] = "place"
    """Where the members have to be: one place, a pair of neighbours, one group."""
    adds: dict[Id, Estimate] = Field(default_factory=dict)
    """Effect on each indicator."""
    boost: Number | None = None
    """Or: this times the members' summed central impact at factor 1."""
    on: tuple[Id, ...] = ()
    """The indicators that `boost` acts on; all that the members move if empty."""
    partners: Literal["any", "same", "different"] = "any"
    """Whether one partner, or at least two, must do the members."""
    at_least: Count | None = None
    """Members needed; all if missing."""
    backbone: Flag = False
    """Arises only under a chosen backbone with capacity left."""


class Overlap(Record):
    """Members at one place reach the same people."""

    id: Id | None = None
    indicator: Id
    interventions: tuple[Id, ...]
    how: Literal["best", "random", "additive"] = "additive"
    """Only the strongest counts; or a person reached twice gets only the stronger effect; or they add."""
    reach: dict[Id, Number] = Field(default_factory=dict)
    """For random: the part of the people that each intervention reaches, in (0, 1]."""


class Backbone(Record):
    """A partner whose paid coordination unlocks synergies."""

    id: Id | None = None
    partner: Id
    cost: Number = Decimal(0)
    """Paid once if it is chosen, from the partner's own budget."""
    places: Selection = "*"
    """Where it can coordinate."""
    capacity: Count | None = None
    """Most synergies it can carry."""
    cost_per_synergy: Number = Decimal(0)
    """Paid for each synergy it carries."""


class BaselineActivity(Record):
    """What a partner does anyway."""

    id: Id | None = None
    partner: Id
    intervention: Id
    place: Id
    period: Id | None = None
    level: Id | None = None
    status: Literal["committed", "planned"] = "committed"
    """Committed ones are fixed in every plan; planned ones are where comparisons start."""


class Measurement(Record):
    """What was measured after the fact."""

    id: Id | None = None
    intervention: Id
    indicator: Id
    place: Id
    value: Number
    """What one assignment moved there, at factor 1 (a period, where the indicator accrues so)."""
    sd: Number
    """Standard error of the value."""
    period: Id | None = None
