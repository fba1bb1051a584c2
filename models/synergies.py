"""Synergies: indicators A_s of the condition "its members are done, by the partners it asks for".

A member m of a synergy s is one activity, or (within a group) one activity a place of the group; k of the n
members are needed. With y_a = Σ_j x_j and y_{a,p} the same over partner p's options,

- a member counts:         M_m   = max_{a in m} y_a
- it counts for p:         M_{m,p} = max_{a in m} y_{a,p}
- ``any``:        A_s = [Σ_m M_m >= k]
- ``same``:       A_s = max_p [Σ_m M_{m,p} >= k]
- ``different``:  A_s = [Σ_m M_m >= k] and [Σ_p max_m M_{m,p} >= 2]

each as linear inequalities in both directions (`models.logic`).
"""

from __future__ import annotations

from collections.abc import Sequence

import pulp

from ciopt.instance.effects import SynergyInstance, synergy_instances
from models.logic import all_of, any_of, at_least
from models.model import Expression, Model

Member = Sequence[tuple[str, str]]


def add_synergies(model: Model) -> None:
    """Add the indicator of each synergy wherever it can arise."""
    for instance in synergy_instances(model.lookup):
        model.achieved.append((instance, _condition(model, instance)))


def _condition(model: Model, instance: SynergyInstance) -> Expression:
    name = f"{instance.synergy.id}@{instance.at}"
    if instance.synergy.partners == "same":
        by_each = [
            at_least(
                model,
                [_counts_for(model, member, partner, name) for member in instance.members],
                instance.needed,
                f"{name} by {partner}",
            )
            for partner in _partners(model, instance)
        ]
        return any_of(model, by_each, name)
    members = [
        any_of(model, [model.activity(*activity) for activity in member], f"{name}: {member[0][0]}")
        for member in instance.members
    ]
    enough = at_least(model, members, instance.needed, f"{name}: enough members")
    if instance.synergy.partners == "any":
        return enough
    involved = [
        any_of(
            model,
            [_counts_for(model, member, partner, name) for member in instance.members],
            f"{name}: {partner} is among them",
        )
        for partner in _partners(model, instance)
    ]
    several = at_least(model, involved, 2, f"{name}: two partners")
    return all_of(model, [enough, several], name)


def _partners(model: Model, instance: SynergyInstance) -> list[str]:
    """Partners that can do a member, in order."""
    able = (
        option.partner
        for member in instance.members
        for activity in member
        for option in model.options_of(*activity)
    )
    return list(dict.fromkeys(able))


def _counts_for(model: Model, member: Member, partner: str, name: str) -> Expression:
    """M_{m,p}."""
    parts = []
    for activity in member:
        own = [model.chosen[option] for option in model.options_of(*activity) if option.partner == partner]
        if own:
            parts.append(pulp.lpSum(own))
    return any_of(model, parts, f"{name}: {member[0][0]} by {partner}")
