"""Overlaps: what the members at one place reach together, exactly, by listing the combinations.

At a place each member m is in one of few states: not assigned, or assigned with some impact v on the
indicator (options with equal impact are alike). Let C be all combinations of states and λ_c a binary:

- one combination holds:           Σ_c λ_c = 1
- it is the one that is assigned:  Σ_{c: m has impact v} λ_c = Σ_{j of m with impact v} x_j   for all m, v

The correction of a member is Σ_c (joint_cm - impact_cm) λ_c, where joint_cm is what the format's
rule (``best`` or ``random``) leaves of its impact in the combination. Nothing is assumed
about signs, strengths or reaches; the price is one binary a combination.
"""

from __future__ import annotations

import itertools

import pulp

from ciopt.instance.effects import joint_impacts
from ciopt.instance.estimates import Estimated, estimated
from ciopt.instance.options import impact
from ciopt.instance.records import Overlap
from models.model import Model, Terms, Variable

State = tuple[str, int, Estimated]
"""A member, the impact it is assigned with, and what that errs with."""


def add_overlaps(model: Model) -> None:
    """Add λ and the corrections for every overlap at every place where members can meet."""
    for overlap in model.lookup.instance.overlaps:
        if overlap.how != "additive":
            for place in model.lookup.places:
                for source, terms in _corrections(model, overlap, place).items():
                    model.overlapping.append((overlap.indicator, place, source, terms))


def _corrections(model: Model, overlap: Overlap, place: str) -> dict[Estimated, Terms]:
    members: list[dict[State, list[Variable]]] = []
    for member in overlap.interventions:
        states: dict[State, list[Variable]] = {}
        for option in model.options_of(member, place):
            amount = impact(model.lookup, option).get(overlap.indicator, 0)
            if amount:
                source = estimated(model.lookup, option, overlap.indicator)
                states.setdefault((member, amount, source), []).append(model.chosen[option])
        if states:
            members.append(states)
    if len(members) < 2:
        return {}
    name = f"{'+'.join(overlap.interventions)} on {overlap.indicator} at {place}"
    terms: dict[Estimated, Terms] = {}
    everything: list[Variable] = []
    with_state: dict[State, list[Variable]] = {state: [] for states in members for state in states}
    for combination in itertools.product(*([None, *states] for states in members)):
        assigned = [state for state in combination if state is not None]
        holds = model.binary(f"{name}: {assigned}")
        everything.append(holds)
        for state in assigned:
            with_state[state].append(holds)
        joint = joint_impacts(overlap, [(member, amount) for member, amount, _ in assigned])
        for (_, amount, source), left in zip(assigned, joint, strict=True):
            if left != amount:
                terms.setdefault(source, []).append((left - amount, holds))
    model.require(pulp.lpSum(everything) == 1, f"{name}: one combination")
    for states in members:
        for state, options in states.items():
            row = pulp.lpSum(with_state[state]) - pulp.lpSum(options) == 0
            model.require(row, f"{name}: {state} as assigned")
    return terms
