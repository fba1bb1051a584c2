"""`brute_force`: try every plan of a tiny instance, keep the best that can be paid.

Its own reading of `format.md`: of ciopt it uses the records, `Lookup`, and the scalar functions that say what
one option or synergy costs and moves.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import product
from math import floor
from typing import Literal, NamedTuple

from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.effects import SynergyInstance, is_achieved, synergy_instances
from ciopt.instance.money import to_minor
from ciopt.instance.options import cost
from ciopt.instance.records import Backbone
from ciopt.instance.value import goal_value, missing, movements, value
from tests.oracle.agreements import (
    Facts,
    fairness_goals,
    lacking,
    may_overrun,
    mixed,
    outcomes,
    uncertain_value,
)
from tests.oracle.payments import can_be_paid
from tests.oracle.rules import Assigned, keeps_rules


@dataclass(frozen=True)
class Answer:
    """The best plan there is.

    Parameters
    ----------
    status
        Whether there is a plan at all.
    goals
        Worth of each goal of the agenda in order, in 10^-12 rounded down, larger is better.
    cost
        What the plan costs, in minor units.
    options
        Ids of its assignments, sorted; among the best and cheapest plans the smallest such list.
    """

    status: Literal["optimal", "infeasible"]
    goals: dict[str, int] = field(default_factory=dict)
    cost: int | None = None
    options: tuple[str, ...] = ()


class _Plan(NamedTuple):
    """A plan that breaks no rule and meets all hard targets; it sorts by how good it is, the best first."""

    losses: tuple[int | Fraction, ...]
    """Worth of each goal, negated."""
    cost: int
    ids: tuple[str, ...]
    options: tuple[Option, ...]
    names: tuple[str, ...]
    """The goals."""
    coordination: tuple[tuple[str, int], ...]
    """What each backbone costs that is chosen."""


def brute_force(instance: Instance) -> Answer:
    """Find the best plan by trying all; goals in their order, then cost, then the list of option ids."""
    return next(every_plan(instance), Answer("infeasible"))


def every_plan(instance: Instance) -> Iterator[Answer]:
    """All plans that can be paid, the best one first."""
    lookup = Lookup(instance)
    for plan in sorted(_plans(lookup)):
        if can_be_paid(lookup, plan.options, dict(plan.coordination)):
            goals = {name: floor(-loss) for name, loss in zip(plan.names, plan.losses, strict=True)}
            yield Answer("optimal", goals, plan.cost, plan.ids)


def _plans(lookup: Lookup) -> Iterator[_Plan]:
    """All plans but for money."""
    ways: dict[tuple[str, str], list[Option | None]] = {}
    for option in lookup.options():
        if can_be_paid_alone(lookup, option):
            ways.setdefault(option.activity, [None]).append(option)
    synergies = list(synergy_instances(lookup))
    for chosen in product(*ways.values()):
        assigned = {option.activity: option for option in chosen if option is not None}
        if keeps_rules(lookup, assigned):
            achieved = [each for each in synergies if is_achieved(each, assigned)]
            for carriers in carriers_of(lookup, achieved):
                plan = _plan(lookup, assigned, achieved, carriers)
                if plan is not None:
                    yield plan


def can_be_paid_alone(lookup: Lookup, option: Option) -> bool:
    """Whether anybody could pay for one option if it were the only one and no fund had to spend anything."""
    free = [fund.model_copy(update={"min_spend": fund.min_spend * 0}) for fund in lookup.instance.funds]
    relaxed = Lookup(lookup.instance.model_copy(update={"funds": tuple(free)}))
    return can_be_paid(relaxed, [option], {})


def carriers_of(lookup: Lookup, achieved: list[SynergyInstance]) -> Iterator[dict[int, Backbone]]:
    """Ways to have backbones carry the achieved synergies that need one (by position), or not.

    Ways in which the same synergies are carried and each backbone carries as many are all one.
    """
    backbones = lookup.instance.backbones
    needy = [number for number, each in enumerate(achieved) if each.synergy.backbone]
    able = [
        [None, *(backbone for backbone in backbones if _covers(backbone, achieved[number]))]
        for number in needy
    ]
    ways: dict[tuple[tuple[bool, ...], tuple[int, ...]], tuple[Backbone | None, ...]]
    ways = {((), (0,) * len(backbones)): ()}
    for carriers in able:  # one synergy after the other: all ways at once would be 3^n for two backbones
        longer: dict[tuple[tuple[bool, ...], tuple[int, ...]], tuple[Backbone | None, ...]] = {}
        for (carried, loads), several in ways.items():
            for carrier in carriers:
                more = tuple(load + (carrier is each) for each, load in zip(backbones, loads, strict=True))
                if all(
                    each.capacity is None or load <= each.capacity
                    for each, load in zip(backbones, more, strict=True)
                ):
                    longer.setdefault(((*carried, carrier is not None), more), (*several, carrier))
        ways = longer
    for several in ways.values():
        yield {number: each for number, each in zip(needy, several, strict=True) if each is not None}


def _covers(backbone: Backbone, instance: SynergyInstance) -> bool:
    """Whether a backbone coordinates where a synergy is: its place, the first of a pair, all of a group."""
    return backbone.places == "*" or all(place in backbone.places for place in instance.places)


def _plan(
    lookup: Lookup, assigned: Assigned, achieved: list[SynergyInstance], carriers: Mapping[int, Backbone]
) -> _Plan | None:
    """Measure a plan; None if it misses a hard target, or costs too much."""
    paying = [each for number, each in enumerate(achieved) if not each.synergy.backbone or number in carriers]
    moved = movements(lookup, assigned, paying)
    targets = lookup.instance.agenda.targets
    if any(missing(lookup, target, moved) for target in targets if not target.soft):
        return None
    options = tuple(assigned.values())
    coordination = coordination_of(lookup, carriers)
    total = _cost(lookup, options) + sum(coordination.values())
    if is_too_dear(lookup, options, coordination) or may_overrun(lookup, options, total):
        return None
    facts = Facts(assigned, paying, moved, coordination)
    if _is_unfair(lookup, facts):
        return None
    worth = _worth(lookup, facts, total)
    return _Plan(
        tuple(-each for each in worth.values()),
        total,
        tuple(sorted(option.id for option in options)),
        options,
        tuple(worth),
        tuple(sorted(coordination.items())),
    )


def is_too_dear(lookup: Lookup, options: tuple[Option, ...], coordination: Mapping[str, int]) -> bool:
    """Whether all together cost more than the agenda allows."""
    most = lookup.instance.agenda.max_cost
    total = _cost(lookup, options) + sum(coordination.values())
    return most is not None and total > to_minor(most, lookup.instance.currency)


def _is_unfair(lookup: Lookup, facts: Facts) -> bool:
    """Whether somebody has less than a hard floor."""
    agenda = lookup.instance.agenda
    is_hard = agenda.fairness is not None and agenda.fairness.how == "floor"
    return is_hard and "fairness" not in agenda.goals and lacking(lookup, outcomes(lookup, facts)) > 0


def _worth(lookup: Lookup, facts: Facts, total: int) -> dict[str, int | Fraction]:
    """Worth of every goal in order, in 10^-12."""
    worth: dict[str, int | Fraction] = {}
    for goal in lookup.instance.agenda.goals:
        if goal == "fairness":
            worth |= fairness_goals(lookup, facts)
            continue
        worth[goal] = goal_value(lookup, goal, facts.moved, total)
        if goal == "value":
            central = Fraction(value(lookup, facts.moved))
            counts = mixed(lookup, facts, uncertain_value(lookup, facts, central))
            worth[goal] += counts - central
    return worth


def _cost(lookup: Lookup, options: tuple[Option, ...]) -> int:
    """Cost of assignments and of taking part, in minor units."""
    taking_part = {option.partner for option in options}
    fees = (
        to_minor(lookup.partners[each].participation_cost, lookup.instance.currency) for each in taking_part
    )
    return sum(cost(lookup, option) for option in options) + sum(fees)


def coordination_of(lookup: Lookup, carriers: Mapping[int, Backbone]) -> dict[str, int]:
    """What each chosen backbone costs, in minor units: once, and for each synergy it carries."""
    currency = lookup.instance.currency
    bills: dict[str, int] = {}
    for backbone in carriers.values():
        bills.setdefault(backbone.partner, to_minor(backbone.cost, currency))
        bills[backbone.partner] += to_minor(backbone.cost_per_synergy, currency)
    return bills
