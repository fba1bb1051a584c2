"""`Instance`: all a coalition wrote down, frozen and checked."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ciopt.instance.agenda import Agenda
from ciopt.instance.base import Id, Record
from ciopt.instance.records import (
    Backbone,
    BaselineActivity,
    Capability,
    Fund,
    Indicator,
    Intervention,
    Measurement,
    OptionOverride,
    Overlap,
    Partner,
    Place,
    Synergy,
)
from ciopt.instance.rules import Rule, Scenario


class Instance(Record):
    """A coalition: who can do what where, what it costs and moves, who pays, what they agreed on.

    Instances are made by `ciopt.load` or `ciopt.instance.parse`, which check them whole; they are
    frozen, compare by content and can be pickled.
    """

    ciopt: Literal[1]
    """Version of the format."""
    description: str = ""
    currency: str = Field(pattern=r"^[A-Z]{3}$")
    """ISO 4217 code; money has its minor digits at most."""
    periods: tuple[Id, ...] = ("all",)
    """The planning horizon in order; one period if missing."""
    places: tuple[Place, ...]
    indicators: tuple[Indicator, ...]
    partners: tuple[Partner, ...]
    funds: tuple[Fund, ...] = ()
    interventions: tuple[Intervention, ...]
    capabilities: tuple[Capability, ...]
    options: tuple[OptionOverride, ...] = ()
    synergies: tuple[Synergy, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    rules: tuple[Rule, ...] = ()
    backbones: tuple[Backbone, ...] = ()
    agenda: Agenda = Agenda()
    baseline: tuple[BaselineActivity, ...] = ()
    measurements: tuple[Measurement, ...] = ()
    scenarios: dict[Id, Scenario] = Field(default_factory=dict)

    def to_data(self) -> dict[str, Any]:
        """Return the canonical content as plain dicts, lists, text, ints and Decimals."""
        data: dict[str, Any] = self.model_dump(by_alias=True)
        return data
