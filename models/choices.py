"""Choices: who does which activity, when and how.

For every option j = (partner, intervention, place, start period, level) a binary x_j, and

- an activity a has at most one assignment:          Σ_{j of a} x_j <= 1
- what a partner is committed to is fixed:           Σ_{j matching the baseline entry} x_j = 1
- a partner or capability has a limit n:             Σ_{j of it} x_j <= n
- a partner takes part iff it has an assignment:     w_p = max_{j of p} x_j
"""

from __future__ import annotations

import pulp

from ciopt.instance.lookup import matches
from ciopt.instance.rules import Filter
from models.logic import any_of
from models.model import Model


def add_choices(model: Model) -> None:
    """Add x, w and their constraints."""
    lookup = model.lookup
    instance = lookup.instance
    model.add_options(lookup.options())
    for intervention, place in model.activities:
        model.require(model.activity(intervention, place) <= 1, f"one assignment: {intervention} at {place}")
    for entry in instance.baseline:
        if entry.status == "committed":
            said = Filter(
                partner=entry.partner,
                intervention=entry.intervention,
                place=entry.place,
                period=entry.period,
                level=entry.level,
            )
            fixed = [x for option, x in model.chosen.items() if matches(said, option)]
            model.require(pulp.lpSum(fixed) == 1, f"committed: {said}")
    for partner in instance.partners:
        own = [x for option, x in model.chosen.items() if option.partner == partner.id]
        if partner.max_activities is not None:
            model.require(pulp.lpSum(own) <= partner.max_activities, f"{partner.id}: max_activities")
        if partner.participation_cost:
            model.takes_part[partner.id] = any_of(model, own, f"{partner.id} takes part")
    for capability in instance.capabilities:
        if capability.max_activities is not None:
            of_it = [x for option, x in model.chosen.items() if lookup.capability_of(option) is capability]
            label = f"{capability.partner} can {capability.intervention}: max_activities"
            model.require(pulp.lpSum(of_it) <= capability.max_activities, label)
