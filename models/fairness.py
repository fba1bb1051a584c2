"""Fairness: outcomes of members, per unit of their attribute, and what the agenda asks of them.

With T_m what a member gets in 10^-12 (places and groups: Σ_k weight_k u_k of their own movement, saturated
where places saturate, or the movement of one indicator; partners: the same of their assignments alone, or
minus what they have to pay for), a_m its attribute in 10^-6, A = Σ a_m:

- outcome per unit:     r_m = floor(T_m / a_m)
- ``maximin``:          max min_m r_m;   ``leximin``: max the sum of the k smallest r_m, k = 1, 2, …
- ``floor``:            r_m >= f,  f >= at_least,  f = the least whole number with 10^6 A f >= share Σ T_m
                        as a goal: l_m >= f - r_m, l_m >= 0, min Σ l_m
- ``dial``:             (1 - d) value + d A min_m r_m
"""

from __future__ import annotations

import math

from ciopt.instance.base import MICRO, micro
from ciopt.instance.fairness import Member, absolute_floor, factor, members, saturates
from ciopt.instance.money import minor_digits
from ciopt.instance.options import cost, impact
from ciopt.instance.value import place_level
from models.model import Expression, Model, Terms, Variable, total
from models.money import own_costs
from models.ordered import bounds, floored, smallest
from models.saturation import saturated


def fairness_goals(model: Model) -> dict[str, Expression]:
    """Add what fairness asks for; return its goals in 10^-6 per unit, and a dial's worst-off as ``dial``."""
    fairness = model.lookup.instance.agenda.fairness
    if fairness is None:
        return {}
    everybody = members(model.lookup)
    got = {member.id: _outcome(model, member) for member in everybody}
    if fairness.how == "floor":
        return _floor(model, everybody, got)
    outcomes = [
        floored(model, f"outcome of {member.id}", [got[member.id]], member.attribute) for member in everybody
    ]
    if fairness.how == "leximin":
        names = {f"fairness {number + 1}": number + 1 for number in range(len(everybody))}
    else:
        names = {"fairness" if fairness.how == "maximin" else "dial": 1}
    if not everybody:
        return {name: 0 for name in names if name == "fairness"}
    return {name: smallest(model, name, outcomes, k) for name, k in names.items()}


def _outcome(model: Model, member: Member) -> Terms:
    """T_m."""
    lookup, fairness = model.lookup, model.lookup.instance.agenda.fairness
    assert fairness is not None
    if fairness.over == "partners":
        return _burden(model, member.id) if fairness.counts == "burden" else _credit(model, member.id)
    is_group, terms = fairness.over == "groups", Terms()
    for indicator in lookup.instance.indicators:
        weight, movement = factor(lookup, indicator), model.movements[indicator.id]
        for place in lookup.groups[member.id] if is_group else (member.id,):
            here = movement.places.get(place, [])
            if saturates(lookup, indicator):
                level, name = place_level(lookup, indicator, place), f"{indicator.id} of {place}"
                terms += saturated(model, indicator.weight, here, level, name, both=True)
            else:
                terms += [(weight * amount, x) for amount, x in here]
        own = movement.groups.get(member.id, []) if is_group else []
        terms += [(weight * amount, x) for amount, x in own]
    return [(amount, x) for amount, x in terms if amount]


def _credit(model: Model, partner: str) -> Terms:
    indicators = model.lookup.indicators
    terms = [
        (factor(model.lookup, indicators[indicator]) * amount, x)
        for option, x in model.chosen.items()
        if option.partner == partner
        for indicator, amount in impact(model.lookup, option).items()
    ]
    return [(amount, x) for amount, x in terms if amount]


def _burden(model: Model, partner: str) -> Terms:
    unit = -(MICRO * MICRO // 10 ** minor_digits(model.lookup.instance.currency))
    own = [option for option in model.chosen if option.partner == partner]
    bill: Terms = [(cost(model.lookup, option), model.chosen[option]) for option in own]
    for payer, (_, terms) in own_costs(model):
        bill += terms if payer == partner else []
    return [(unit * amount, x) for amount, x in bill]


def _floor(model: Model, everybody: tuple[Member, ...], got: dict[str, Terms]) -> dict[str, Expression]:
    """Add f, and r_m >= f for everybody, or what each lacks of it."""
    agenda = model.lookup.instance.agenda
    most = absolute_floor(model.lookup)
    due: Variable = most
    if agenda.fairness is not None and agenda.fairness.share is not None and everybody:
        due = _share(model, everybody, got, micro(agenda.fairness.share))
        most = round(due.upBound)
    lacks = []
    for member in everybody:
        name, terms = f"floor of {member.id}", got[member.id]
        least = -(-bounds(terms)[0] // member.attribute)
        assert most is not None
        if "fairness" not in agenda.goals:
            # r_m >= f means T_m >= a_m f
            unit = math.gcd(member.attribute, *(amount for amount, _ in terms))
            model.require(total(terms, unit) - (member.attribute // unit) * due >= 0, name)
            continue
        outcome = floored(model, f"outcome of {member.id}", [terms], member.attribute)
        lack = model.whole(f"lacking of {member.id}", 0, max(0, most - least + 1))
        model.require(lack + outcome - due >= 0, name)
        lacks.append(lack)
    return {"fairness": -sum(lacks)} if "fairness" in agenda.goals else {}


def _share(model: Model, everybody: tuple[Member, ...], got: dict[str, Terms], share: int) -> Variable:
    """Add f; a higher one only hurts."""
    attribute = sum(member.attribute for member in everybody)
    terms = [(share * amount, x) for each in got.values() for amount, x in each]
    low, high = (-(-end // (MICRO * attribute)) for end in bounds(terms))
    absolute = absolute_floor(model.lookup)
    if absolute is not None:
        low, high = max(low, absolute), max(high, absolute)
    f = model.whole("floor", low, high)
    unit = math.gcd(MICRO * attribute, *(amount for amount, _ in terms))
    model.require((MICRO * attribute // unit) * f - total(terms, unit) >= 0, "share of the mean")
    return f
