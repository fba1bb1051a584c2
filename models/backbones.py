"""Backbones: whether to pay for coordination, and which synergies it carries.

For a synergy s that needs a backbone and a backbone q that covers all its places (the first place of a
pair, every place of a group) a binary c_{s,q}; b_q says that q is paid to coordinate:

- carried only if achieved, and by one backbone:    Σ_q c_{s,q} <= A_s
- only by a chosen backbone:                        c_{s,q} <= b_q
- chosen only to carry something:                   b_q <= Σ_s c_{s,q}
- within its capacity:                              Σ_s c_{s,q} <= capacity_q

The synergy pays off iff it is carried; carrying is a decision. q's own budget pays
cost_q b_q + cost_per_synergy_q Σ_s c_{s,q} (`models.money`).
"""

from __future__ import annotations

import pulp

from models.model import Model


def add_backbones(model: Model) -> None:
    """Add b, c and their constraints."""
    backbones = model.lookup.instance.backbones
    for backbone in backbones:
        model.coordinates[backbone.partner] = model.binary(f"{backbone.partner} coordinates")
    for number, (instance, condition) in enumerate(model.achieved):
        if not instance.synergy.backbone:
            continue
        name = f"{instance.synergy.id}@{instance.at}"
        carriers = []
        for backbone in backbones:
            if backbone.places == "*" or set(instance.places) <= set(backbone.places):
                carries = model.binary(f"{backbone.partner} carries {name}")
                model.require(carries - model.coordinates[backbone.partner] <= 0, f"{name}: carrier chosen")
                model.carried[number, backbone.partner] = carries
                carriers.append(carries)
        model.require(pulp.lpSum(carriers) - condition <= 0, f"{name}: carried only if achieved")
    for backbone in backbones:
        carries = pulp.lpSum(c for (_, partner), c in model.carried.items() if partner == backbone.partner)
        name = f"{backbone.partner}: carries something if it is chosen"
        model.require(model.coordinates[backbone.partner] - carries <= 0, name)
        if backbone.capacity is not None:
            model.require(carries <= backbone.capacity, f"{backbone.partner}: synergies it can carry")
