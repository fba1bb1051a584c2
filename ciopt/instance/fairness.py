"""What every member gets, and how fair that is: exact integers from the words alone.

o_m   outcome of a member in 10^-12: value, movement of the indicator, or minus money
a_m   its attribute in 10^-6 (1 without ``per``); members with a_m = 0 do not count
r_m   floor(o_m / a_m): its outcome per unit, in 10^-6

floor     r_m >= f for every m,  f = max(share x (Σ o / Σ a) rounded up to 10^-6, at_least)
lacking   Σ_m max(0, f - r_m)                                  floor as a goal
maximin   min_m r_m
leximin   the sum of the k smallest r_m, for k = 1, 2, ...: pinned in turn, they order all outcomes
dial      (1 - d) x value + d x (Σ a) x (min_m r_m)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from ciopt.instance.base import MICRO, micro
from ciopt.instance.choices import Choices
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import to_minor
from ciopt.instance.options import cost, impact, participation_cost
from ciopt.instance.records import Indicator, PerPlace
from ciopt.instance.value import Movement, place_level, saturated

OWN_MONEY = "budget"
"""The attribute of partners: their own budget over the horizon."""


class Member(NamedTuple):
    """Somebody whose share must be fair: a place, group or partner, with its attribute in 10^-6."""

    id: str
    attribute: int


class Share(NamedTuple):
    """What a member gets: in all (10^-12), per unit of its attribute (10^-6), and at least due (10^-6)."""

    member: Member
    outcome: int
    per_unit: int
    floor: int | None


def members(lookup: Lookup) -> tuple[Member, ...]:
    """Everybody who counts, in order of the tables; none if nothing must be fair."""
    fairness = lookup.instance.agenda.fairness
    if fairness is None:
        return ()
    if fairness.over == "partners":
        able = {partner for partner, _ in lookup.capabilities}
        everybody = [name for name in lookup.partners if name in able]
        all_of = {name: own_money(lookup, name) if fairness.per else MICRO for name in everybody}
    else:
        groups = {name: (name,) for name in lookup.places} if fairness.over == "places" else lookup.groups
        all_of = {name: _attribute(lookup, places, fairness.per) for name, places in groups.items()}
    return tuple(Member(name, amount) for name, amount in all_of.items() if amount > 0)


def own_money(lookup: Lookup, partner: str) -> int:
    """A partner's own budget over the horizon, in 10^-6."""
    budget = lookup.partners[partner].budget
    if budget is None:
        return 0
    return sum(micro(part) for part in budget.values()) if isinstance(budget, dict) else micro(budget)


def _attribute(lookup: Lookup, places: Iterable[str], per: str | None) -> int:
    if per is None:
        return MICRO
    found = (lookup.places[place].attributes.get(per) for place in places)
    return sum(micro(amount) for amount in found if amount is not None)


def factor(lookup: Lookup, indicator: Indicator) -> int:
    """What a unit of movement counts for, in 10^-6: its weight, or 1 (-1 where a fall is good)."""
    fairness = lookup.instance.agenda.fairness
    assert fairness is not None
    if fairness.indicator is None:
        return micro(indicator.weight)
    if fairness.indicator != indicator.id:
        return 0
    return -MICRO if indicator.weight < 0 else MICRO


def saturates(lookup: Lookup, indicator: Indicator) -> bool:
    """Whether outcomes count the indicator only up to a level at each place."""
    fairness = lookup.instance.agenda.fairness
    assert fairness is not None
    per_place = isinstance(indicator.saturates_at, PerPlace)
    return per_place and fairness.indicator is None and fairness.over != "partners"


def shares(lookup: Lookup, choices: Choices, moved: Mapping[str, Movement]) -> tuple[Share, ...]:
    """What every member gets, in order of the tables."""
    everybody = members(lookup)
    outcomes = [_outcome(lookup, choices, moved, member.id) for member in everybody]
    floor = required(lookup, everybody, outcomes)
    return tuple(
        Share(member, outcome, outcome // member.attribute, floor)
        for member, outcome in zip(everybody, outcomes, strict=True)
    )


def _outcome(lookup: Lookup, choices: Choices, moved: Mapping[str, Movement], member: str) -> int:
    fairness = lookup.instance.agenda.fairness
    assert fairness is not None
    if fairness.over == "partners":
        own = [option for option in choices.options if option.partner == member]
        if fairness.counts == "burden":
            return -burden(lookup, choices, member, own) * (MICRO * MICRO // lookup.minor)
        return sum(
            factor(lookup, lookup.indicators[indicator]) * amount
            for option in own
            for indicator, amount in impact(lookup, option).items()
        )
    total = 0
    for indicator in lookup.instance.indicators:
        movement, weight = moved[indicator.id], factor(lookup, indicator)
        if weight:
            places = (member,) if fairness.over == "places" else lookup.groups[member]
            here = [(place, movement.places[place]) for place in places if place in movement.places]
            if saturates(lookup, indicator):
                here = [
                    (place, saturated(amount, place_level(lookup, indicator, place)))
                    for place, amount in here
                ]
            own_effects = movement.groups.get(member, 0) if fairness.over == "groups" else 0
            total += weight * (sum(amount for _, amount in here) + own_effects)
    return total


def burden(lookup: Lookup, choices: Choices, partner: str, own: Sequence[Option]) -> int:
    """What a partner's assignments, participation and coordination cost, in minor units."""
    bill = sum(cost(lookup, option) for option in own)
    if own:
        bill += participation_cost(lookup, partner)
    if partner in choices.backbones:
        record = next(each for each in lookup.instance.backbones if each.partner == partner)
        currency = lookup.instance.currency
        each = to_minor(record.cost_per_synergy, currency)
        bill += to_minor(record.cost, currency) + len(choices.backbones[partner]) * each
    return bill


def required(lookup: Lookup, everybody: Sequence[Member], outcomes: Sequence[int]) -> int | None:
    """The least outcome per unit that everybody is due, in 10^-6; None without a floor."""
    fairness = lookup.instance.agenda.fairness
    if fairness is None or fairness.how != "floor":
        return None
    due = [absolute] if (absolute := absolute_floor(lookup)) is not None else []
    attribute = sum(member.attribute for member in everybody)
    if fairness.share is not None and attribute:
        due.append(-(-micro(fairness.share) * sum(outcomes) // (MICRO * attribute)))
    return max(due, default=None)


def absolute_floor(lookup: Lookup) -> int | None:
    """The part of a floor that does not depend on the others, in 10^-6."""
    fairness = lookup.instance.agenda.fairness
    assert fairness is not None
    if fairness.at_most is not None:
        return -micro(fairness.at_most)
    return None if fairness.at_least is None else micro(fairness.at_least)


def lacking(everybody: Sequence[Share]) -> int:
    """What all together lack of their floor per unit, in 10^-6."""
    return sum(max(0, each.floor - each.per_unit) for each in everybody if each.floor is not None)


def least(amounts: Iterable[int], count: int) -> int:
    """Sum of the ``count`` smallest.

    Examples
    --------
    >>> least([5, 1, 3], 2)
    4
    """
    return sum(sorted(amounts)[:count])
