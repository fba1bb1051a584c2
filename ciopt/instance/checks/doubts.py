"""Doubts: what is allowed and yet hardly meant. They come as warnings, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator

from ciopt.errors import Problem
from ciopt.instance.estimates import estimate_keys
from ciopt.instance.fairness import members
from ciopt.instance.lookup import Lookup
from ciopt.instance.model import Instance

MOST_STAGES = 200
"""Members that leximin orders: each takes a goal of its own."""


def check(instance: Instance) -> Iterator[Problem]:
    """Yield W202 (no effect as written) and W401 (read, kept, and not solved by this version)."""
    lookup = Lookup(instance)
    for table in ("places", "indicators", "partners", "interventions", "capabilities"):
        if not getattr(instance, table):
            yield Problem("W202", f"the table {table} is empty: the plan will be empty", (table,))
    for n, capability in enumerate(instance.capabilities):
        if "implementing" not in lookup.partners[capability.partner].roles:
            text = f"{capability.partner} is not implementing: this capability gives no options"
            yield Problem("W202", text, ("capabilities", n, "partner"), 'add the role "implementing"')
    able = {intervention for intervention, _ in lookup.activities}
    for n, intervention in enumerate(instance.interventions):
        if intervention.id not in able:
            yield Problem("W202", f"nobody can deliver {intervention.id}", ("interventions", n, "id"))
    for n, backbone in enumerate(instance.backbones):
        if "backbone" not in lookup.partners[backbone.partner].roles:
            text = f"{backbone.partner} does not have the role backbone"
            yield Problem("W202", text, ("backbones", n, "partner"), 'add "backbone" to its roles')
    if not instance.backbones:
        for n, synergy in enumerate(instance.synergies):
            if synergy.backbone:
                text = f"{synergy.id} needs a backbone, and there is none"
                yield Problem("W202", text, ("synergies", n, "backbone"))
    for n, partner in enumerate(instance.partners):
        if partner.participation_cost and partner.budget is None:
            text = f"{partner.id} has a participation cost and no budget to pay it: it cannot take part"
            yield Problem("W202", text, ("partners", n, "participation_cost"), "give it a budget")
    yield from _agreed(instance, lookup)
    yield from unsupported(instance)


def unsupported(instance: Instance) -> Iterator[Problem]:
    """Yield what is valid and not solved by this version: solving refuses it rather than ignore it."""
    agenda = instance.agenda
    if agenda.fairness is not None and agenda.fairness.how == "leximin":
        count = len(members(Lookup(instance)))
        if count > MOST_STAGES:
            text = f"leximin over {count} members: this version orders at most {MOST_STAGES}"
            help_ = "compare groups, or say maximin"
            yield Problem("W401", text, ("agenda", "fairness", "how"), help_)


def _agreed(instance: Instance, lookup: Lookup) -> Iterator[Problem]:
    """Yield what of fairness and risk has no effect as written."""
    agenda = instance.agenda
    if agenda.fairness is not None and not members(lookup):
        text = f"none of the {agenda.fairness.over} counts: fairness asks for nothing"
        yield Problem("W202", text, ("agenda", "fairness"), "give them the attribute, above 0")
    if agenda.risk is not None and agenda.risk.gamma is not None:
        count = len(estimate_keys(lookup))
        if agenda.risk.gamma > count:
            text = f"gamma is {agenda.risk.gamma}, and there are {count} estimates: all may go wrong at once"
            yield Problem("W202", text, ("agenda", "risk", "gamma"))
