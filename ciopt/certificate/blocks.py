"""What activities do together, under splits: each member's activities are charged what the product is worth.

For any splits θ of a product of worth W,

    W z(y) <= c + Σ θ_a y_a,    c = max_y (W z(y) - Σ θ_a y_a)

and the maximum is found by sorting, since z depends on how many members hold only.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ciopt.certificate.doubt import Doubt
from ciopt.certificate.fair import Fair
from ciopt.certificate.record import SPLIT_DIGITS, Certificate
from ciopt.certificate.worth import FINE, PER_MICRO, Slopes
from ciopt.instance.effects import SynergyInstance, instances_of, joint_impacts, synergy_effect
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.options import impact
from ciopt.instance.records import Overlap

Activity = tuple[str, str]
_SPLIT = FINE // 10**SPLIT_DIGITS


@dataclass(frozen=True)
class Worth:
    """What movement is worth, in 10^-30: slopes, fairness to partners, and what errors take."""

    lookup: Lookup
    slopes: Slopes
    fair: Fair
    doubt: Doubt

    def option(self, option: Option) -> int:
        """What an assignment alone is worth."""
        moved = impact(self.lookup, option)
        worth = sum(self.movement(option, indicator, amount) for indicator, amount in moved.items())
        return worth + self.fair.of_option(option, moved) * 10**6

    def movement(self, option: Option, indicator: str, amount: int) -> int:
        """What (a part of) an assignment's impact is worth to all."""
        group = self.lookup.places[option.place].group
        unit = self.slopes.at(indicator, option.place, group)
        return amount * unit * PER_MICRO + self.doubt.of_impact(option, indicator, amount)

    def synergy(self, instance: SynergyInstance) -> int:
        """What a synergy is worth where it pays off."""
        group, total = self.lookup.places[instance.places[0]].group, 0
        for indicator, amount in synergy_effect(self.lookup, instance).items():
            if instance.place is not None:
                unit = self.slopes.at(indicator, instance.place, group)
            else:
                assert group is not None
                unit = self.slopes.of_group(indicator, group)
            total += amount * unit * PER_MICRO + self.doubt.of_synergy(instance, indicator)
        return total


Valued = tuple[SynergyInstance, int, list[Activity]]
"""A synergy instance, what it is worth where it pays off, and the activities of its members in order."""


def valued_synergies(lookup: Lookup, worth_of: Worth) -> Iterator[Valued]:
    """All synergy instances with their worth: the same whatever limits and money cost."""
    for synergy in lookup.instance.synergies:
        for instance in instances_of(lookup, synergy):
            leaves = [activity for member in instance.members for activity in member]
            worth = worth_of.synergy(instance)
            yield instance, max(0, worth) if synergy.backbone else worth, leaves  # it may be left uncarried


def split_synergies(
    certificate: Certificate, valued: Iterable[Valued]
) -> Iterator[tuple[int, Sequence[Activity], Sequence[int]]]:
    """(constant, activities, what each of them gets) of every synergy instance, in 10^-30."""
    known, position = "", 0
    given: tuple[int, ...] = ()
    for instance, worth, leaves in valued:
        synergy = instance.synergy
        if synergy.id != known:
            known, given, position = synergy.id, certificate.synergies.get(synergy.id, ()), 0
        splits = [each * _SPLIT for each in given[position : position + len(leaves)]]
        position += len(leaves)
        if worth < 0 and synergy.partners != "any":
            continue  # it may not arise at all: that is a bound
        if len(splits) < len(leaves):
            splits = _even(instance, worth)
        yield constant_of(instance, worth, splits), leaves, splits


def _even(instance: SynergyInstance, worth: int) -> list[int]:
    """Divide a gain so that any k members make up for it; a loss not at all."""
    each = max(0, -(-worth // instance.needed))
    return [each for member in instance.members for _ in member]


def constant_of(instance: SynergyInstance, worth: int, splits: list[int]) -> int:
    """max_y (W z(y) - Σ θ y): members that hold one by one, those that cost the least first."""
    if len(splits) == len(instance.members) == instance.needed == 2:  # most are: two activities, both needed
        one, other = splits
        return max(0, -one, -other, worth - one - other)
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


def overlap_constants(lookup: Lookup, worth_of: Worth) -> Iterator[int]:
    """Most that overlaps can add at each place, in 10^-30: losses of gains are left out, which is a bound."""
    for overlap in lookup.instance.overlaps:
        if overlap.how == "additive":
            continue
        options: dict[Activity, dict[tuple[int, int], Option]] = {}
        for option in lookup.options():
            if option.intervention in overlap.interventions:
                amount = impact(lookup, option).get(overlap.indicator, 0)
                # options alike in amount and in what errors do to it lose the same
                key = amount, worth_of.doubt.of_impact(option, overlap.indicator, amount)
                options.setdefault(option.activity, {}).setdefault(key, option)
        for place in lookup.places:
            choices = [
                [(amount, option) for (amount, _), option in options[member, place].items()]
                for member in overlap.interventions
                if (member, place) in options
            ]

            def lost(chosen: list[tuple[int, Option]], overlap: Overlap = overlap) -> int:
                joint = joint_impacts(overlap, [(option.intervention, amount) for amount, option in chosen])
                return sum(
                    worth_of.movement(option, overlap.indicator, left - amount)
                    for left, (amount, option) in zip(joint, chosen, strict=True)
                )

            yield max(0, _best(choices, lost))


def _best(choices: list[list[tuple[int, Option]]], worth: Callable[[list[tuple[int, Option]]], int]) -> int:
    """Best worth over all ways to choose at most one of each."""
    ways: list[list[tuple[int, Option]]] = [[]]
    for options in choices:
        ways += [[*way, option] for way in ways for option in options]
    return max(worth(way) for way in ways)
