"""`Names`: what people call the things that results know by their ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ciopt.instance import Instance
from ciopt.instance.base import OWN_BUDGET
from ciopt.plan import Assignment
from ciopt.report.words import clean, fund_name

_LONGEST = 80


@dataclass(frozen=True)
class Names:
    """Names by id; what has none keeps its id. On a terminal ids are shown: they are what commands take.

    Examples
    --------
    >>> Names(partners={"mars": "Mars Inc."}).fund("budget:mars"), Names().fund("budget:mars")
    ('Mars Inc., own', 'mars, own')
    """

    partners: Mapping[str, str] = field(default_factory=dict)
    interventions: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[tuple[str, str], str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    funds: Mapping[str, str] = field(default_factory=dict)
    synergies: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, instance: Instance) -> Names:
        """Return the names of an instance's records."""
        return cls(
            **{
                table: {each.id: clean(each.name, _LONGEST) for each in getattr(instance, table) if each.name}
                for table in ("partners", "interventions", "places", "funds", "synergies")
            },
            levels={
                (each.id, level.id): clean(level.name, _LONGEST)
                for each in instance.interventions
                for level in each.levels
                if level.name
            },
        )

    def partner(self, partner: str) -> str:
        """Return what a partner is called."""
        return self.partners.get(partner, partner)

    def place(self, place: str) -> str:
        """Return what a place is called."""
        return self.places.get(place, place)

    def at(self, label: str) -> str:
        """Return where a synergy arises: a place, ``here>there``, or a group."""
        return ">".join(map(self.place, label.split(">")))

    def synergy(self, synergy: str) -> str:
        """Return what a synergy is called."""
        return self.synergies.get(synergy, synergy)

    def fund(self, fund: str) -> str:
        """Return what a fund is called; a partner's own budget by the partner."""
        if fund.startswith(OWN_BUDGET):
            return fund_name(OWN_BUDGET + self.partner(fund.removeprefix(OWN_BUDGET)))
        return self.funds.get(fund, fund)

    def what(self, each: Assignment) -> str:
        """Return what an assignment does: the intervention, and its level if there are several."""
        said = self.interventions.get(each.intervention, each.intervention)
        if each.level is None:
            return said
        return f"{said} ({self.levels.get((each.intervention, each.level), each.level)})"
