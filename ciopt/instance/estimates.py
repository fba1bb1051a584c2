"""Which estimate each movement comes from: what errs together, and by how much.

An estimate errs the same way everywhere. What an assignment still counts for after overlaps belongs to the
estimate of its impact; what a synergy ``adds`` to an estimate of its own; of a ``boost``, each member's part
to the estimate of the member's impact. What rounding leaves of a boost belongs to no estimate.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import NamedTuple

from ciopt.instance.amounts import PICO
from ciopt.instance.base import EstimateRecord, micro
from ciopt.instance.effects import Assigned, SynergyInstance, joint_impacts, synergy_effect
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import half_up
from ciopt.instance.options import impact
from ciopt.instance.records import Synergy
from ciopt.instance.uncertainty import Spread, governing, spread


class Key(NamedTuple):
    """What errs together: ``impact`` of an intervention or ``adds`` of a synergy, on an indicator."""

    kind: str
    source: str
    indicator: str


class Estimated(NamedTuple):
    """An estimate and its interval; places may have intervals of their own."""

    key: Key
    spread: Spread


class Part(NamedTuple):
    """Movement of an indicator, in 10^-6, at a place or in a group, and the estimate it comes from."""

    indicator: str
    place: str | None
    group: str | None
    amount: int
    estimated: Estimated | None


def estimate_of(lookup: Lookup, option: Option, indicator: str) -> EstimateRecord:
    """The estimate that says how uncertain an option's impact is.

    An override that gives a range or a grade, else the intervention's, else the override.
    """
    own = lookup.interventions[option.intervention].impact.get(indicator)
    override = lookup.override_of(option)
    said = override.impact.get(indicator) if override is not None else None
    if said is not None:
        return governing(said, own)
    assert own is not None
    return own


def estimated(lookup: Lookup, option: Option, indicator: str) -> Estimated:
    """What an option's impact errs with."""
    key = Key("impact", option.intervention, indicator)
    return Estimated(key, spread(estimate_of(lookup, option, indicator)))


def estimate_keys(lookup: Lookup) -> list[Key]:
    """All estimates: of impacts that some option has, and of what synergies add."""
    found: dict[Key, None] = {}
    able = {intervention for intervention, _ in lookup.activities}
    for intervention in lookup.instance.interventions:
        if intervention.id in able:
            found.update(dict.fromkeys(Key("impact", intervention.id, each) for each in intervention.impact))
    for override in lookup.instance.options:
        found.update(dict.fromkeys(Key("impact", override.intervention, each) for each in override.impact))
    for synergy in lookup.instance.synergies:
        found.update(dict.fromkeys(Key("adds", synergy.id, each) for each in synergy.adds))
    return list(found)


def parts(lookup: Lookup, assigned: Assigned, paying: Iterable[SynergyInstance]) -> Iterator[Part]:
    """Take the movements of a plan apart; added up they are `ciopt.instance.value.movements`."""
    counted = {option: dict(impact(lookup, option)) for option in assigned.values()}
    for overlap in lookup.instance.overlaps:
        for place in lookup.places:
            members = [name for name in overlap.interventions if (name, place) in assigned]
            before = [
                (name, impact(lookup, assigned[name, place]).get(overlap.indicator, 0)) for name in members
            ]
            for name, (_, amount), left in zip(members, before, joint_impacts(overlap, before), strict=True):
                if left != amount:
                    counted[assigned[name, place]][overlap.indicator] += left - amount
    for option, amounts in counted.items():
        for indicator, amount in amounts.items():
            if amount:
                yield Part(indicator, option.place, None, amount, estimated(lookup, option, indicator))
    for instance in paying:
        group = None if instance.place is not None else lookup.places[instance.places[0]].group
        for indicator, total in synergy_effect(lookup, instance).items():
            left = total
            for source, amount in synergy_shares(lookup, instance, indicator):
                left -= amount
                yield Part(indicator, instance.place, group, amount, source)
            if left:
                yield Part(indicator, instance.place, group, left, None)


def synergy_shares(
    lookup: Lookup, instance: SynergyInstance, indicator: str
) -> Iterator[tuple[Estimated, int]]:
    """What of a synergy's effect on an indicator errs with which estimate, in 10^-6."""
    for source, factor, record in synergy_sources(lookup, instance.synergy, indicator):
        total = sum(lookup.amounts.at(record, place) for place in instance.places)
        amount = half_up(micro(factor) * total, PICO)
        if amount:
            yield source, amount


def synergy_sources(
    lookup: Lookup, synergy: Synergy, indicator: str
) -> Iterator[tuple[Estimated, Decimal, EstimateRecord]]:
    """(estimate, factor, its record) of everything in a synergy's effect on an indicator."""
    members = [(name, lookup.interventions[name].impact) for name in synergy.between]
    if synergy.boost is not None and (not synergy.on or indicator in synergy.on):
        for name, impacts in members:
            if indicator in impacts:
                record = impacts[indicator]
                yield Estimated(Key("impact", name, indicator), spread(record)), synergy.boost, record
    elif indicator in synergy.adds:
        record = synergy.adds[indicator]
        yield Estimated(Key("adds", synergy.id, indicator), spread(record)), Decimal(1), record
