"""Movements: what moves each indicator, at each place and in each group, in 10^-6 units.

T_{k,l} = Σ_{j at l} impact_{j,k} x_j + Σ_{s of l} effect_{s,k} Z_s + corrections of overlaps at l,
T_{k,g} = Σ_{s of group g} effect_{s,k} Z_s,   T_k = Σ_l T_{k,l} + Σ_g T_{k,g},

where a synergy pays off, Z_s, iff it is achieved (A_s), or, if it needs a backbone, carried (Σ_q c_{s,q}). A
pair's synergy belongs to its first place.
"""

from __future__ import annotations

from ciopt.instance.effects import synergy_effect
from ciopt.instance.options import impact
from models.model import Model, Movements, Terms, expand


def add_movements(model: Model) -> None:
    """Collect T for every indicator."""
    lookup = model.lookup
    model.movements = {indicator: Movements() for indicator in lookup.indicators}
    for option, x in model.chosen.items():
        for indicator, amount in impact(lookup, option).items():
            _at_place(model, indicator, option.place).append((amount, x))
    for number, (instance, condition) in enumerate(model.achieved):
        for indicator, amount in synergy_effect(lookup, instance).items():
            if instance.synergy.backbone:
                carried = [c for (which, _), c in model.carried.items() if which == number]
                terms = [(amount, c) for c in carried]
            else:
                terms = expand(amount, condition)
            if instance.place is not None:
                _at_place(model, indicator, instance.place).extend(terms)
            else:
                group = lookup.places[instance.places[0]].group
                assert group is not None
                model.movements[indicator].groups.setdefault(group, []).extend(terms)
    for indicator, place, terms in model.overlapping:
        _at_place(model, indicator, place).extend(terms)


def _at_place(model: Model, indicator: str, place: str) -> Terms:
    return model.movements[indicator].places.setdefault(place, [])
