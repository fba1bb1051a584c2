"""Doubts: what is allowed and yet hardly meant. They come as warnings, nothing is changed."""

from __future__ import annotations

from collections.abc import Iterator

from ciopt.errors import Problem
from ciopt.instance.agenda import Risk
from ciopt.instance.lookup import Lookup
from ciopt.instance.model import Instance


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
    yield from unsupported(instance)


def unsupported(instance: Instance) -> Iterator[Problem]:
    """Yield what is valid and not solved by this version: solving refuses it rather than ignore it."""
    help_ = "take it out to solve the rest"
    if instance.agenda.fairness is not None:
        yield Problem("W401", "fairness is not solved by this version", ("agenda", "fairness"), help_)
    if instance.agenda.risk not in (None, Risk()):
        text = 'risk "robust" and "cvar" are not solved by this version, only "expected"'
        yield Problem("W401", text, ("agenda", "risk"), help_)
