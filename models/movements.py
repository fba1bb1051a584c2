"""Movements: what moves each indicator, at each place and in each group, in 10^-6 units.

T_{k,l} = Σ_{j at l} impact_{j,k} x_j + Σ_{s of l} effect_{s,k} Z_s + corrections of overlaps at l,
T_{k,g} = Σ_{s of group g} effect_{s,k} Z_s,   T_k = Σ_l T_{k,l} + Σ_g T_{k,g},

where a synergy pays off, Z_s, iff it is achieved (A_s), or, if it needs a backbone, carried (Σ_q c_{s,q}). A
pair's synergy belongs to its first place.
"""

from __future__ import annotations

from ciopt.instance.effects import synergy_effect
from ciopt.instance.estimates import Estimated, estimated, synergy_shares
from ciopt.instance.options import impact
from models.model import Model, Movements, Terms, expand


def add_movements(model: Model) -> None:
    """Collect T for every indicator, and the parts of it by the estimate they come from."""
    lookup = model.lookup
    model.movements = {indicator: Movements() for indicator in lookup.indicators}
    for option, x in model.chosen.items():
        for indicator, amount in impact(lookup, option).items():
            source = estimated(lookup, option, indicator)
            _add(model, indicator, option.place, None, source, [(amount, x)])
    for number, (instance, condition) in enumerate(model.achieved):
        group = None if instance.place is not None else lookup.places[instance.places[0]].group
        pays_off: Terms = expand(1, condition)
        if instance.synergy.backbone:
            pays_off = [(1, c) for (which, _), c in model.carried.items() if which == number]
        for indicator, amount in synergy_effect(lookup, instance).items():
            shares = list(synergy_shares(lookup, instance, indicator))
            rest = amount - sum(part for _, part in shares)
            for estimate, part in (*shares, (None, rest)):
                terms = [(part * times, z) for times, z in pays_off if part]
                _add(model, indicator, instance.place, group, estimate, terms)
    for indicator, place, source, terms in model.overlapping:
        _add(model, indicator, place, None, source, terms)


def _add(
    model: Model,
    indicator: str,
    place: str | None,
    group: str | None,
    source: Estimated | None,
    terms: Terms,
) -> None:
    movements = model.movements[indicator]
    if place is not None:
        movements.places.setdefault(place, []).extend(terms)
    else:
        assert group is not None
        movements.groups.setdefault(group, []).extend(terms)
    model.parts.append((indicator, place, source, terms))
