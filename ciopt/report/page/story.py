"""`Story`: a plan with the instance that it is for, and what people call the things in it."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from functools import cached_property
from typing import Any

from ciopt.instance import Instance, Lookup
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.scenarios import apply
from ciopt.plan.records import BACKBONE, PARTICIPATION, Assignment, Payment, Plan
from ciopt.report.words import clean, money

LONGEST_NAME = 80
NUM_COLOURS = 8
"""Partners with a colour of their own; the others share one."""


class Story:
    """A plan and its instance.

    Parameters
    ----------
    instance
        As written; the plan's scenario is applied here.
    plan
        A plan for it that `ciopt.verify` found valid.
    """

    def __init__(self, instance: Instance, plan: Plan) -> None:
        self.instance = apply(instance, plan.instance.scenario).instance
        self.plan = plan
        self.lookup = Lookup(self.instance)
        self.currency = instance.currency

    @cached_property
    def title(self) -> str:
        """The coalition's name."""
        return short(self.instance.name) or "A coalition"

    def partner(self, partner: str) -> str:
        """Return a partner's name."""
        return name_in(self.lookup.partners, partner)

    def intervention(self, intervention: str) -> str:
        """Return an intervention's name."""
        return name_in(self.lookup.interventions, intervention)

    def indicator(self, indicator: str) -> str:
        """Return an indicator's name."""
        return name_in(self.lookup.indicators, indicator)

    def place(self, place: str) -> str:
        """Return a place's name."""
        return name_in(self.lookup.places, place)

    def synergy(self, synergy: str) -> str:
        """Return a synergy's name."""
        return name_in(self._synergies, synergy)

    def level(self, intervention: str, level: str | None) -> str:
        """Return a level's name; empty if there is none."""
        levels = {each.id: each for each in self.lookup.interventions[intervention].levels}
        return "" if level is None else name_in(levels, level)

    def what(self, each: Assignment) -> str:
        """Return the intervention and the level of an assignment."""
        level = self.level(each.intervention, each.level)
        return self.intervention(each.intervention) + (f" ({level})" if level else "")

    def fund(self, fund: str) -> str:
        """Return a fund's name, or whose own budget it is."""
        if fund.startswith(OWN_BUDGET):
            return f"{self.partner(fund.removeprefix(OWN_BUDGET))}, own budget"
        return name_in(self.lookup.funds, fund)

    def owner(self, fund: str) -> str:
        """Return the partner whose money a fund is."""
        if fund.startswith(OWN_BUDGET):
            return fund.removeprefix(OWN_BUDGET)
        return self.lookup.funds[fund].partner

    def at(self, at: str) -> str:
        """Name where a synergy is: a place, a pair of neighbours, a group."""
        if at.startswith("group:"):
            return f"group {short(at.removeprefix('group:'))}"
        return " and ".join(self.place(place) for place in at.split(">"))

    def money(self, amount: Decimal) -> str:
        """Write an amount with its currency."""
        return money(amount, self.currency)

    @cached_property
    def assignments(self) -> dict[str, Assignment]:
        """Assignments by option id."""
        return {each.option.id: each for each in self.plan.assignments}

    def payee(self, payment: Payment) -> str:
        """Return the partner whose assignment, participation or coordination is paid."""
        assigned = self.assignments.get(payment.assignment)
        if assigned is not None:
            return assigned.partner
        return payment.assignment.removeprefix(PARTICIPATION).removeprefix(BACKBONE)

    @cached_property
    def busy(self) -> tuple[str, ...]:
        """Partners that do, pay for or coordinate something, in the instance's order."""
        found = {each.partner for each in self.plan.assignments}
        found |= {self.owner(each.fund) for each in self.plan.payments}
        found |= {each.partner for each in self.plan.backbones}
        return tuple(each for each in self.lookup.partners if each in found)

    @cached_property
    def colours(self) -> dict[str, int]:
        """A number for each partner's colour: those with most money own one, the others share the last."""
        through: dict[str, Decimal] = dict.fromkeys(self.busy, Decimal(0))
        for payment in self.plan.payments:
            for partner in {self.payee(payment), self.owner(payment.fund)}:
                through[partner] += payment.amount
        most = sorted(self.busy, key=lambda partner: -through[partner])
        return {partner: min(number, NUM_COLOURS) for number, partner in enumerate(most)}

    @cached_property
    def codes(self) -> dict[str, str]:
        """Two or three letters for each partner, all different."""
        found: dict[str, str] = {}
        for partner in self.lookup.partners:
            found[partner] = _code(partner, set(found.values()))
        return found

    @cached_property
    def _synergies(self) -> dict[str, Any]:
        return {each.id: each for each in self.instance.synergies}


def _code(partner: str, taken: set[str]) -> str:
    """Abbreviate an id: initials of its parts, or its first letters; numbered if need be."""
    parts = [part for part in partner.replace(".", "-").replace("_", "-").split("-") if part] or ["P"]
    initials = "".join(part[0].upper() for part in parts[:3])
    wishes = [initials] if len(initials) > 1 else []
    wishes += [parts[0][:2].capitalize(), parts[0][:3].capitalize()]
    number = 2
    for wish in wishes:
        if wish not in taken:
            return wish
    while f"{wishes[0]}{number}" in taken:
        number += 1
    return f"{wishes[0]}{number}"


def short(text: str) -> str:
    """Return foreign text in one line of readable length, what could fool a reader made visible."""
    return clean(text.strip(), LONGEST_NAME)


def name_in(records: Mapping[str, Any], id_: str) -> str:
    """Return the name of a record, or its id where it has none."""
    record = records.get(id_)
    return short(record.name if record is not None and record.name.strip() else id_)
