"""What activities do together: synergies where they arise, and overlaps that reach the same people."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from ciopt.instance.base import MICRO, micro
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import half_up
from ciopt.instance.records import Overlap, Synergy

Assigned = Mapping[tuple[str, str], Option]
"""The assignments of a plan, by activity."""


class SynergyInstance(NamedTuple):
    """A synergy at one place, pair of neighbours or group.

    Parameters
    ----------
    synergy
        The record.
    at
        ``"soubre"``, ``"soubre>meagui"`` (first here, second there) or ``"group:west"``.
    members
        For each member the activities that count as it: one, or one a place of the group.
    places
        Where its quantities are evaluated: one place, or all of the group.
    """

    synergy: Synergy
    at: str
    members: tuple[tuple[tuple[str, str], ...], ...]
    places: tuple[str, ...]

    @property
    def needed(self) -> int:
        """Members that must be assigned: k of n."""
        return self.synergy.at_least if self.synergy.at_least is not None else len(self.members)

    @property
    def place(self) -> str | None:
        """The place its effect belongs to; None for a group's."""
        return None if self.synergy.within == "group" else self.places[0]


def synergy_instances(lookup: Lookup) -> Iterator[SynergyInstance]:
    """All synergies at all places, pairs and groups where every member exists as an activity."""
    for synergy in lookup.instance.synergies:
        yield from instances_of(lookup, synergy)


def instances_of(lookup: Lookup, synergy: Synergy) -> Iterator[SynergyInstance]:
    """One synergy wherever every member exists as an activity."""
    exists = lookup.activities
    if synergy.within == "group":
        for group, places in lookup.groups.items():
            members = tuple(
                tuple((member, place) for place in places if (member, place) in exists)
                for member in synergy.between
            )
            if all(members):
                yield SynergyInstance(synergy, f"group:{group}", members, places)
    elif synergy.within == "neighbours":
        yield from _of_neighbours(lookup, synergy, lookup.neighbour_pairs)
    else:
        for place in lookup.places:
            if all((member, place) in exists for member in synergy.between):
                yield _at_place(synergy, place)


def _of_neighbours(
    lookup: Lookup, synergy: Synergy, pairs: Iterable[tuple[str, str]]
) -> Iterator[SynergyInstance]:
    """A synergy at pairs of neighbours, where both members exist."""
    exists, (first, second) = lookup.activities, synergy.between
    for here, there in pairs:
        if (first, here) in exists and (second, there) in exists:
            members = (((first, here),), ((second, there),))
            yield SynergyInstance(synergy, f"{here}>{there}", members, (here,))


def _at_place(synergy: Synergy, place: str) -> SynergyInstance:
    members = tuple(((member, place),) for member in synergy.between)
    return SynergyInstance(synergy, place, members, (place,))


def achieved_synergies(lookup: Lookup, assigned: Assigned) -> Iterator[SynergyInstance]:
    """All synergies whose members are assigned as they need it (backbone aside), in order.

    Within a place, and of neighbours, it looks only where enough members are assigned: there may be a million
    of them in all.
    """
    assigned_at: dict[str, list[str]] = {}
    for intervention, place in assigned:
        assigned_at.setdefault(intervention, []).append(place)
    order = {place: number for number, place in enumerate(lookup.places)}
    for synergy in lookup.instance.synergies:
        if synergy.within == "neighbours" and synergy.at_least in (None, 2):
            first, second = synergy.between
            here, there = set(assigned_at.get(first, ())), set(assigned_at.get(second, ()))
            pairs = (pair for pair in lookup.neighbour_pairs if pair[0] in here and pair[1] in there)
            found = _of_neighbours(lookup, synergy, pairs)
        elif synergy.within != "place":
            found = instances_of(lookup, synergy)
        else:
            needed = len(synergy.between) if synergy.at_least is None else synergy.at_least
            count = Counter(place for member in synergy.between for place in assigned_at.get(member, ()))
            places = [place for place, number in count.items() if number >= needed]
            found = (
                _at_place(synergy, place)
                for place in sorted(places, key=order.__getitem__)
                if all((member, place) in lookup.activities for member in synergy.between)
            )
        yield from (instance for instance in found if is_achieved(instance, assigned))


def is_achieved(instance: SynergyInstance, assigned: Assigned) -> bool:
    """Whether the members that a synergy needs are assigned, by the partners it asks for (backbone aside)."""
    partners_of = [
        {assigned[activity].partner for activity in member if activity in assigned}
        for member in instance.members
    ]
    if sum(1 for partners in partners_of if partners) < instance.needed:
        return False
    everyone: set[str] = set().union(*partners_of)
    if instance.synergy.partners == "different":
        return len(everyone) >= 2
    if instance.synergy.partners == "same":
        return any(
            sum(partner in partners for partners in partners_of) >= instance.needed for partner in everyone
        )
    return True


def synergy_effect(lookup: Lookup, instance: SynergyInstance) -> Mapping[str, int]:
    """What a synergy moves each indicator by, in 10^-6 units, rounded half up once; zero effects left out.

    ``adds``: the quantity at the place (the first of a pair; summed over a group). ``boost`` b: b x the
    members' summed central impact at factor 1, evaluated likewise. The answer is shared: only to read.
    """
    key = instance.synergy.id, instance.at
    known = lookup.facts.memo(synergy_effect).get(key)
    if known is None:
        known = lookup.facts.remember(synergy_effect, key, _effect(lookup, instance))
    return known


def _effect(lookup: Lookup, instance: SynergyInstance) -> Mapping[str, int]:
    synergy = instance.synergy
    places, at = instance.places, lookup.amounts.at
    effect: dict[str, int] = {}
    for indicator, estimate in synergy.adds.items():
        effect[indicator] = half_up(sum(at(estimate, place) for place in places), MICRO)
    if synergy.boost is not None:
        members = [lookup.interventions[member].impact for member in synergy.between]
        named = synergy.on or tuple(dict.fromkeys(indicator for impacts in members for indicator in impacts))
        for indicator in named:
            central = sum(
                at(impacts[indicator], place)
                for impacts in members
                if indicator in impacts
                for place in places
            )
            effect[indicator] = half_up(micro(synergy.boost) * central, MICRO * MICRO)
    return {indicator: amount for indicator, amount in effect.items() if amount}


def joint_impacts(overlap: Overlap, impacts: Sequence[tuple[str, int]]) -> list[int]:
    """What each of several overlapping assignments at one place still counts for, in 10^-6 units.

    Parameters
    ----------
    overlap
        How they overlap; every intervention's reach r is 1 for ``best``.
    impacts
        (intervention, impact) of the assigned members.

    Returns
    -------
    list of int
        impact_i x Π_{stronger j} (1 - r_j), rounded half up once each. Stronger means the larger
        |impact_j| / r_j; equals are ordered as the overlap lists them.
    """
    if overlap.how == "additive":
        return [amount for _, amount in impacts]
    reach = {
        member: micro(overlap.reach[member]) if overlap.how == "random" else MICRO
        for member in overlap.interventions
    }
    listed = {member: number for number, member in enumerate(overlap.interventions)}

    def is_stronger(one: tuple[str, int], other: tuple[str, int]) -> bool:
        # |impact| / reach, cross-multiplied so that it stays exact
        mine, theirs = abs(one[1]) * reach[other[0]], abs(other[1]) * reach[one[0]]
        return (mine, -listed[one[0]]) > (theirs, -listed[other[0]])

    counted = []
    for each in impacts:
        numerator, denominator = each[1], 1
        for other in impacts:
            if other is not each and is_stronger(other, each):
                numerator *= MICRO - reach[other[0]]
                denominator *= MICRO
        counted.append(half_up(numerator, denominator))
    return counted


def overlap_corrections(
    lookup: Lookup, assigned: Assigned, impacts: Mapping[Option, Mapping[str, int]]
) -> Iterable[tuple[str, str, int]]:
    """(indicator, place, amount) by which overlaps change the sum of impacts, in 10^-6 units."""
    for overlap in lookup.instance.overlaps:
        for place in lookup.places:
            members = [
                (member, impacts[assigned[member, place]].get(overlap.indicator, 0))
                for member in overlap.interventions
                if (member, place) in assigned
            ]
            lost = sum(joint_impacts(overlap, members)) - sum(amount for _, amount in members)
            if lost:
                yield overlap.indicator, place, lost
