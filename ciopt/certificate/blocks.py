"""What activities do together, under splits: each member's activities are charged what the product is worth.

For any splits θ of a product of worth W,

    W z(y) <= c + Σ θ_a y_a,    c = max_y (W z(y) - Σ θ_a y_a)

and the maximum is found by sorting, since z depends on how many members hold only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ciopt.certificate.record import SPLIT_DIGITS, Certificate
from ciopt.certificate.worth import FINE, Slopes
from ciopt.instance.effects import SynergyInstance, instances_of, joint_impacts, synergy_effect
from ciopt.instance.lookup import Lookup
from ciopt.instance.options import impact

Activity = tuple[str, str]
_SPLIT = FINE // 10**SPLIT_DIGITS


def split_synergies(
    lookup: Lookup, certificate: Certificate, slopes: Slopes
) -> Iterator[tuple[int, list[tuple[Activity, int]]]]:
    """(constant, what each activity gets) of every synergy instance, in 10^-30."""
    for synergy in lookup.instance.synergies:
        given = certificate.synergies.get(synergy.id, ())
        position = 0
        for instance in instances_of(lookup, synergy):
            worth = _worth(lookup, slopes, instance)
            leaves = [activity for member in instance.members for activity in member]
            splits = [each * _SPLIT for each in given[position : position + len(leaves)]]
            position += len(leaves)
            if synergy.backbone:
                worth = max(0, worth)  # it may be left uncarried
            if worth < 0 and synergy.partners != "any":
                continue  # it may not arise at all: that is a bound
            if len(splits) < len(leaves):
                splits = _even(instance, worth)
            yield constant_of(instance, worth, splits), list(zip(leaves, splits, strict=True))


def _worth(lookup: Lookup, slopes: Slopes, instance: SynergyInstance) -> int:
    group = lookup.places[instance.places[0]].group
    total = 0
    for indicator, amount in synergy_effect(lookup, instance).items():
        if instance.place is not None:
            unit = slopes.at(indicator, instance.place, group)
        else:
            assert group is not None
            unit = slopes.of_group(indicator, group)
        total += amount * unit * 10**6
    return total


def _even(instance: SynergyInstance, worth: int) -> list[int]:
    """Divide a gain so that any k members make up for it; a loss not at all."""
    each = max(0, -(-worth // instance.needed))
    return [each for member in instance.members for _ in member]


def constant_of(instance: SynergyInstance, worth: int, splits: list[int]) -> int:
    """max_y (W z(y) - Σ θ y): members that hold one by one, those that cost the least first."""
    idle = 0  # what activities bring that are chosen although their member need not hold
    changes = []
    position = 0
    for member in instance.members:
        mine = splits[position : position + len(member)]
        position += len(member)
        gains = sum(-split for split in mine if split < 0)
        # holding costs the cheapest activity if none is chosen for its own sake
        changes.append(gains if gains else -min(mine))
    changes.sort(reverse=True)
    below = sum(change for change in changes[: instance.needed - 1] if change > 0)
    above = sum(changes[: instance.needed]) + sum(
        change for change in changes[instance.needed :] if change > 0
    )
    return idle + max(below, above + worth)


def overlap_constants(lookup: Lookup, slopes: Slopes) -> Iterator[int]:
    """Most that overlaps can add at each place, in 10^-30: losses of gains are left out, which is a bound."""
    for overlap in lookup.instance.overlaps:
        if overlap.how == "additive":
            continue
        options: dict[Activity, set[int]] = {}
        for option in lookup.options():
            if option.intervention in overlap.interventions:
                amount = impact(lookup, option).get(overlap.indicator, 0)
                options.setdefault(option.activity, set()).add(amount)
        for place in lookup.places.values():
            unit = slopes.at(overlap.indicator, place.id, place.group)
            members = [m for m in overlap.interventions if (m, place.id) in options]
            choices = [[(m, amount) for amount in sorted(options[m, place.id])] for m in members]

            def lost(chosen: list[tuple[str, int]], unit: int = unit) -> int:
                joint = sum(joint_impacts(overlap, chosen)) - sum(amount for _, amount in chosen)  # noqa: B023
                return joint * unit * 10**6

            yield max(0, _best(choices, lost))


def _best(choices: list[list[tuple[str, int]]], worth: Callable[[list[tuple[str, int]]], int]) -> int:
    """Best worth over all ways to choose at most one of each."""
    ways: list[list[tuple[str, int]]] = [[]]
    for options in choices:
        ways += [[*way, option] for way in ways for option in options]
    return max(worth(way) for way in ways)
