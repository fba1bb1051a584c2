"""Synergies as thresholds: z = 1 exactly if enough members are assigned, by the partners asked for.

    z <= y_m for all m,  z >= Σ y_m - (n - 1)             all of n
    z = [Σ y_m >= k]                                        at least k
    z = OR_p [Σ_m y_mp >= k]                                same partner
    z = [Σ y_m >= k] AND [Σ_p w_p >= 2], w_p = OR_m y_mp    different partners

y_m is an activity, or for a group the OR of the member's activities there. The linearisation of products
goes back to Fortet (1960).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import MAX_FRACTION_DIGITS
from ciopt.instance.effects import SynergyInstance, instances_of
from ciopt.instance.estimates import synergy_sources
from ciopt.instance.records import Synergy
from ciopt.program.build import Workshop, ragged
from ciopt.program.estimates import Estimates
from ciopt.program.exact import Scaled, add, int64
from ciopt.program.model import Ragged
from ciopt.program.options import Quantities

Array = NDArray[np.int64]


class SynergyColumns:
    """The columns of all synergy instances, in the order in which the words list them.

    ``free`` says which need a backbone; ``places`` where each is (for a group: all of its places).
    """

    def __init__(self) -> None:
        self.columns: list[Array] = []
        self.labels: list[tuple[str, str]] = []
        self.free: list[NDArray[np.bool_]] = []
        self.places: list[tuple[int, ...]] = []


def compile_synergies(shop: Workshop, quantities: Quantities, estimates: Estimates) -> SynergyColumns:
    """Add a threshold, and its effects, for every synergy wherever it arises."""
    found = SynergyColumns()
    names = [place.id for place in shop.instance.places]
    for synergy in shop.instance.synergies:
        if synergy.within != "group" and synergy.partners == "any":
            _compile_many(shop, quantities, estimates, synergy, names, found)
        else:
            for instance in instances_of(shop.lookup, synergy):
                _compile_one(shop, quantities, estimates, instance, found)
    return found


def _compile_many(
    shop: Workshop,
    quantities: Quantities,
    estimates: Estimates,
    synergy: Synergy,
    names: list[str],
    found: SynergyColumns,
) -> None:
    """Compile all places (or pairs) of a synergy of any partners at once."""
    members = np.array([shop.intervention_number(member) for member in synergy.between], dtype=np.int64)
    if synergy.within == "neighbours":
        pairs = np.array(
            [(shop.place_number(a), shop.place_number(b)) for a, b in shop.lookup.neighbour_pairs],
            dtype=np.int64,
        ).reshape(-1, 2)
        activities = np.stack(
            [shop.activity_at[members[0], pairs[:, 0]], shop.activity_at[members[1], pairs[:, 1]]]
        )
    else:
        pairs = np.arange(len(shop.lookup.places), dtype=np.int64).reshape(-1, 1)
        activities = shop.activity_at[members]
    arises = np.flatnonzero((activities >= 0).all(axis=0))
    pairs, activities = pairs[arises], activities[:, arises]
    at = [">".join([names[place] for place in pair]) for pair in pairs.tolist()]
    size = len(members)
    block = Ragged(np.arange(0, size * len(at) + 1, size, dtype=np.int64), activities.T.ravel())
    column = shop.add_thresholds(
        [f"{synergy.id}@{place}" for place in at],
        block,
        size if synergy.at_least is None else synergy.at_least,
        synergy.backbone,
    )

    def at_each(amount: Scaled) -> Array:
        return _micro(amount.at(pairs[:, 0]), synergy)

    for indicator, amounts, source in _sourced(shop, quantities, estimates, synergy, at_each):
        shop.add_effects(column, indicator, amounts, pairs[:, 0], estimate=source)
    found.columns.append(column)
    found.labels += [(synergy.id, place) for place in at]
    found.free.append(np.full(len(at), synergy.backbone))
    found.places += [(place,) for place in pairs[:, 0].tolist()]


def _compile_one(
    shop: Workshop,
    quantities: Quantities,
    estimates: Estimates,
    instance: SynergyInstance,
    found: SynergyColumns,
) -> None:
    """Compile one instance with groups or conditions on partners."""
    synergy, name = instance.synergy, f"{instance.synergy.id}@{instance.at}"
    members = [
        shop.any_of(f"{name}:{intervention}", [shop.activity(*activity) for activity in member])
        for intervention, member in zip(synergy.between, instance.members, strict=True)
    ]
    if synergy.partners == "any":
        column = shop.add_thresholds([name], ragged([members]), instance.needed, synergy.backbone)
    else:
        by_partner = _by_partner(shop, instance, name)
        if synergy.partners == "same":
            column = _same(shop, instance, name, by_partner)
        else:
            column = _different(shop, instance, name, members, by_partner)
    places = np.array([shop.place_number(place) for place in instance.places], dtype=np.int64)
    group = shop.group_of(int(places[0])) if instance.place is None else -1
    place = -1 if instance.place is None else places[0]

    def summed(amount: Scaled) -> Array:
        here = amount.at(places)
        total = np.array([sum(int(part) for part in here.values)], dtype=object)
        return _micro(Scaled(total, here.digits), synergy)

    for indicator, amounts, source in _sourced(shop, quantities, estimates, synergy, summed):
        shop.add_effects(column, indicator, amounts, place, group, source)
    found.columns.append(column)
    found.labels.append((synergy.id, instance.at))
    found.free.append(np.array([synergy.backbone]))
    found.places.append(tuple(int(place) for place in places))


def _by_partner(shop: Workshop, instance: SynergyInstance, name: str) -> dict[int, list[int]]:
    """For each partner the literals "this member is done by the partner", one a member it can do."""
    literals: dict[int, list[int]] = {}
    for intervention, member in zip(instance.synergy.between, instance.members, strict=True):
        done_by: dict[int, list[int]] = {}
        for activity in member:
            columns = shop.options_of(shop.activity(*activity))
            partners = shop.options.partner[columns]
            for partner in np.unique(partners).tolist():
                literal = shop.add_literals([columns[partners == partner]])
                done_by.setdefault(partner, []).append(int(literal[0]))
        for partner, several in done_by.items():
            who = shop.instance.partners[partner].id
            literals.setdefault(partner, []).append(shop.any_of(f"{name}:{intervention}:{who}", several))
    return literals


def _same(shop: Workshop, instance: SynergyInstance, name: str, by_partner: dict[int, list[int]]) -> Array:
    """Add z = OR_p [Σ_m y_mp >= k]."""
    able = [literals for literals in by_partner.values() if len(literals) >= instance.needed]
    if not able:
        return shop.add_columns([f"{name}, which no partner can"], 0)
    by_one = shop.add_thresholds([f"{name}:same"] * len(able), ragged(able), instance.needed)
    each = shop.add_literals([[column] for column in by_one])
    return shop.add_thresholds([name], ragged([each]), 1, instance.synergy.backbone)


def _different(
    shop: Workshop, instance: SynergyInstance, name: str, members: list[int], by_partner: dict[int, list[int]]
) -> Array:
    """Add z = [Σ y_m >= k] AND [Σ_p w_p >= 2]."""
    takes_part = [shop.any_of(f"{name}:{partner}", literals) for partner, literals in by_partner.items()]
    if len(takes_part) < 2:
        return shop.add_columns([f"{name}, which has no second partner"], 0)
    enough = shop.add_thresholds([f"{name}:enough"], ragged([members]), instance.needed)
    several = shop.add_thresholds([f"{name}:several"], ragged([takes_part]), 2)
    both = shop.add_literals([enough, several])
    return shop.add_thresholds([name], ragged([both]), 2, instance.synergy.backbone)


def _sourced(
    shop: Workshop,
    quantities: Quantities,
    estimates: Estimates,
    synergy: Synergy,
    evaluate: Callable[[Scaled], Array],
) -> Iterator[tuple[int, Array, int]]:
    """(indicator, amounts, estimate) of a synergy's effects; taken apart by estimates only under risk."""
    for indicator, amount in _effects(shop, quantities, synergy).items():
        left = evaluate(amount)
        if estimates.matter:
            name = shop.instance.indicators[indicator].id
            for source, factor, record in synergy_sources(shop.lookup, synergy, name):
                part = evaluate(quantities.everywhere(record).times(factor))
                yield indicator, part, estimates.number(source)
                left = left - part
        yield indicator, left, -1


def _effects(shop: Workshop, quantities: Quantities, synergy: Synergy) -> dict[int, Scaled]:
    """Effect of a synergy on each indicator, at every place, before rounding."""
    numbers = {name: n for n, name in enumerate(shop.lookup.indicators)}
    effects = {numbers[name]: quantities.everywhere(estimate) for name, estimate in synergy.adds.items()}
    if synergy.boost is not None:
        impacts = [shop.lookup.interventions[member].impact for member in synergy.between]
        for name in synergy.on or tuple(dict.fromkeys(name for each in impacts for name in each)):
            central = [quantities.everywhere(each[name]) for each in impacts if name in each]
            total = central[0]
            for other in central[1:]:
                total = add(total, other)
            effects[numbers[name]] = total.times(synergy.boost)
    return effects


def _micro(amount: Scaled, synergy: Synergy) -> Array:
    return int64(amount.rounded(MAX_FRACTION_DIGITS), f"effect of {synergy.id}")
