"""What fairness and risk make of one plan: an own reading, by definition instead of by formula.

Amounts are Fractions in the users' units; robust tries every set of estimates, cvar every level t of
max_t t - Σ (t - V)^+ / K.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import combinations
from math import ceil, floor
from typing import NamedTuple

from ciopt.instance import Lookup, Option
from ciopt.instance.effects import SynergyInstance, joint_impacts, synergy_effect
from ciopt.instance.estimates import Estimated, Key, estimate_of
from ciopt.instance.money import minor_digits, to_minor
from ciopt.instance.options import cost, impact
from ciopt.instance.records import PerPlace
from ciopt.instance.sampling import multipliers
from ciopt.instance.uncertainty import spread
from ciopt.instance.value import Movement, place_level
from tests.oracle.rules import Assigned

MICRO, PICO = 10**6, 10**12
Moved = dict[tuple[str, str | None], dict[Estimated | None, Fraction]]
"""Movement by (indicator, place or None) and by what it errs with, in units of the indicator."""


class Facts(NamedTuple):
    """What a plan decides and moves."""

    assigned: Assigned
    paying: Sequence[SynergyInstance]
    moved: Mapping[str, Movement]
    coordination: Mapping[str, int]
    """What each chosen backbone costs, in minor units."""


def outcomes(lookup: Lookup, facts: Facts) -> list[tuple[Fraction, Fraction]]:
    """(outcome, attribute) of every member that counts."""
    fair = lookup.instance.agenda.fairness
    assert fair is not None
    found = []
    if fair.over == "partners":
        for partner in lookup.instance.partners:
            done = [option for option in facts.assigned.values() if option.partner == partner.id]
            if not _able(lookup, partner.id):
                continue
            money = partner.budget or 0
            budget = sum(money.values()) if isinstance(money, dict) else money
            attribute = Fraction(1) if fair.per is None else Fraction(budget)
            got = (
                _burden(lookup, facts, partner.id, done) if fair.counts == "burden" else _credit(lookup, done)
            )
            found.append((got, attribute))
    else:
        places = {place.id: [place.id] for place in lookup.instance.places}
        groups: dict[str, list[str]] = defaultdict(list)
        for place in lookup.instance.places:
            if place.group is not None:
                groups[place.group].append(place.id)
        for name, inside in places.items() if fair.over == "places" else groups.items():
            numbers = [lookup.places[each].attributes.get(fair.per or "", 0) for each in inside]
            attribute = Fraction(1) if fair.per is None else Fraction(sum(numbers))
            group = name if fair.over == "groups" else None
            found.append((_value_at(lookup, facts, inside, group), attribute))
    return [(got, attribute) for got, attribute in found if attribute > 0]


def _able(lookup: Lookup, partner: str) -> bool:
    """Whether a partner can deliver something."""
    record = lookup.partners[partner]
    return "implementing" in record.roles and any(
        capability.partner == partner for capability in lookup.instance.capabilities
    )


def _burden(lookup: Lookup, facts: Facts, partner: str, done: Sequence[Option]) -> Fraction:
    currency = lookup.instance.currency
    bill = sum(cost(lookup, option) for option in done) + facts.coordination.get(partner, 0)
    if done:
        bill += to_minor(lookup.partners[partner].participation_cost, currency)
    return -Fraction(bill, 10 ** minor_digits(currency))


def _weight(lookup: Lookup, indicator: str) -> Fraction:
    fair, weight = lookup.instance.agenda.fairness, Fraction(lookup.indicators[indicator].weight)
    assert fair is not None
    if fair.indicator is None:
        return weight
    return Fraction(0 if indicator != fair.indicator else -1 if weight < 0 else 1)


def _credit(lookup: Lookup, done: Sequence[Option]) -> Fraction:
    amounts = [(k, amount) for option in done for k, amount in impact(lookup, option).items()]
    return sum((_weight(lookup, k) * Fraction(amount, MICRO) for k, amount in amounts), Fraction(0))


def _value_at(lookup: Lookup, facts: Facts, places: Iterable[str], group: str | None) -> Fraction:
    fair, total = lookup.instance.agenda.fairness, Fraction(0)
    assert fair is not None
    for name, indicator in lookup.indicators.items():
        for place in places:
            amount = Fraction(facts.moved[name].places.get(place, 0), MICRO)
            if isinstance(indicator.saturates_at, PerPlace) and fair.indicator is None:
                amount = _flat(amount, Fraction(place_level(lookup, indicator, place), MICRO))
            total += _weight(lookup, name) * amount
        if group is not None:
            total += _weight(lookup, name) * Fraction(facts.moved[name].groups.get(group, 0), MICRO)
    return total


def _flat(amount: Fraction, level: Fraction) -> Fraction:
    return min(amount, level) if level >= 0 else max(amount, level)


def per_unit(outcome: Fraction, attribute: Fraction) -> int:
    """Outcome per unit in whole 10^-6."""
    return floor(outcome / attribute * MICRO)


def lacking(lookup: Lookup, members: Sequence[tuple[Fraction, Fraction]]) -> int:
    """What all lack of a floor together, in 10^-6 per unit."""
    fair = lookup.instance.agenda.fairness
    assert fair is not None
    due: list[int] = []
    if fair.share is not None and members:
        mean = sum((each[0] for each in members), Fraction(0)) / sum(each[1] for each in members)
        due.append(ceil(Fraction(fair.share) * mean * MICRO))
    if fair.at_least is not None:
        due.append(int(fair.at_least * MICRO))
    if fair.at_most is not None:
        due.append(-int(fair.at_most * MICRO))
    return sum(max(0, max(due) - per_unit(*member)) for member in members) if due else 0


def fairness_goals(lookup: Lookup, facts: Facts) -> dict[str, Fraction]:
    """Worth of each stage of the goal fairness, in 10^-12."""
    fair = lookup.instance.agenda.fairness
    assert fair is not None
    members = outcomes(lookup, facts)
    if fair.how == "floor":
        return {"fairness": Fraction(-MICRO * lacking(lookup, members))}
    ordered = sorted(per_unit(*member) for member in members)
    if fair.how == "maximin":
        return {"fairness": Fraction(MICRO * min(ordered, default=0))}
    sums = [sum(ordered[: number + 1]) for number in range(len(ordered))]
    return {f"fairness {number + 1}": Fraction(MICRO * each) for number, each in enumerate(sums)}


def mixed(lookup: Lookup, facts: Facts, value: Fraction) -> Fraction:
    """The value, mixed with what the worst-off have if the agenda says so, in 10^-12."""
    fair = lookup.instance.agenda.fairness
    if fair is None or fair.how != "dial":
        return value
    assert fair.dial is not None
    members, dial = outcomes(lookup, facts), Fraction(fair.dial)
    worst = min((per_unit(*member) for member in members), default=0)
    everybody = sum((attribute for _, attribute in members), Fraction(0))
    return (1 - dial) * value + dial * everybody * worst * MICRO


def uncertain_value(lookup: Lookup, facts: Facts, value: Fraction) -> Fraction:
    """What counts of the value under risk, in 10^-12."""
    risk = lookup.instance.agenda.risk
    if risk is None or risk.how == "expected":
        return value
    moved = by_estimate(lookup, facts)
    if risk.how == "robust":
        if risk.gamma is None:
            return value
        lost = _losses(lookup, moved)
        sets = combinations(lost, min(int(risk.gamma), len(lost)))
        return value - MICRO * max(sum(lost[key] for key in chosen) for chosen in sets)
    assert risk.alpha is not None
    number = 100 if risk.samples is None else risk.samples
    sampled = [_sampled(lookup, moved, number, sample) for sample in range(number)]
    count = ceil(Fraction(risk.alpha) * number)
    return MICRO * max(
        t - sum((Fraction(max(0, t - each), count) for each in sampled), Fraction(0)) for t in sampled
    )


def may_overrun(lookup: Lookup, options: Iterable[Option], total: int) -> bool:
    """Whether some costs, as many as the agenda says, may come to more than there is."""
    instance = lookup.instance
    risk = instance.agenda.risk
    if risk is None or risk.cost_gamma is None:
        return False
    more: dict[str, int] = defaultdict(int)
    for option in options:
        estimate = lookup.interventions[option.intervention].cost
        if estimate.range is not None or estimate.evidence is not None:
            factor = max(Fraction(0), Fraction(spread(estimate).high) - 1)
            more[option.intervention] += ceil(cost(lookup, option) * factor)
    money = [fund.amount for fund in instance.funds] + [each.budget or 0 for each in instance.partners]
    whole = sum(sum(each.values()) if isinstance(each, dict) else each for each in money)
    limit = whole if instance.agenda.max_cost is None else instance.agenda.max_cost
    count = min(int(risk.cost_gamma), len(more))
    worst = max((sum(more[name] for name in several) for several in combinations(more, count)), default=0)
    return bool(total + worst > Fraction(limit) * 10 ** minor_digits(instance.currency))


def by_estimate(lookup: Lookup, facts: Facts) -> Moved:
    """Take what a plan moves apart by what it errs with."""
    found: Moved = defaultdict(lambda: defaultdict(Fraction))
    for option in facts.assigned.values():
        for name, amount in impact(lookup, option).items():
            found[name, option.place][_source(lookup, option, name)] += Fraction(amount, MICRO)
    for overlap in lookup.instance.overlaps:
        for place in lookup.places:
            doing = [
                facts.assigned[each, place]
                for each in overlap.interventions
                if (each, place) in facts.assigned
            ]
            alone = [(each.intervention, impact(lookup, each).get(overlap.indicator, 0)) for each in doing]
            for option, before, left in zip(doing, alone, joint_impacts(overlap, alone), strict=True):
                if before[1]:
                    source = _source(lookup, option, overlap.indicator)
                    found[overlap.indicator, place][source] += Fraction(left - before[1], MICRO)
    for instance in facts.paying:
        _add_synergy(lookup, instance, found)
    return found


def _source(lookup: Lookup, option: Option, indicator: str) -> Estimated:
    return Estimated(
        Key("impact", option.intervention, indicator), spread(estimate_of(lookup, option, indicator))
    )


def _add_synergy(lookup: Lookup, instance: SynergyInstance, found: Moved) -> None:
    synergy = instance.synergy
    for name, amount in synergy_effect(lookup, instance).items():
        here, left = found[name, instance.place], Fraction(amount, MICRO)
        if name in synergy.adds:
            here[Estimated(Key("adds", synergy.id, name), spread(synergy.adds[name]))] += left
            continue
        assert synergy.boost is not None
        for member in synergy.between:
            estimate = lookup.interventions[member].impact.get(name)
            if estimate is not None:
                whole = sum(lookup.amounts.at(estimate, place) for place in instance.places)
                exact = Fraction(synergy.boost) * Fraction(whole, PICO) * MICRO
                part = Fraction(floor(exact + Fraction(1, 2)), MICRO)
                here[Estimated(Key("impact", member, name), spread(estimate))] += part
                left -= part
        here[None] += left


def _losses(lookup: Lookup, moved: Moved) -> dict[Key, int]:
    """What each estimate's part of the value loses at the worse end, in 10^-6, rounded up."""
    lost: dict[Key, list[Fraction]] = {}
    for (name, _), amounts in moved.items():
        for source, amount in amounts.items():
            if source is not None:
                ends = lost.setdefault(source.key, [Fraction(0), Fraction(0)])
                worth = Fraction(lookup.indicators[name].weight) * amount
                ends[0] += worth * (1 - Fraction(source.spread.low))
                ends[1] += worth * (1 - Fraction(source.spread.high))
    return {key: max(0, ceil(max(ends) * MICRO)) for key, ends in lost.items()}


def _sampled(lookup: Lookup, moved: Moved, number: int, sample: int) -> int:
    """Value in a sample, in 10^-6, rounded down."""
    worth = Fraction(0)
    for name, indicator in lookup.indicators.items():
        at: dict[str | None, Fraction] = defaultdict(Fraction)
        for (moves, place), amounts in moved.items():
            if moves == name:
                for source, amount in amounts.items():
                    factor = 1000 if source is None else multipliers(source, number)[sample]
                    at[place] += Fraction(factor, 1000) * amount
        level = indicator.saturates_at
        if level is None:
            utility = sum(at.values(), Fraction(0))
        elif isinstance(level, PerPlace):
            utility = at.pop(None, Fraction(0)) + sum(
                (
                    _flat(amount, Fraction(place_level(lookup, indicator, place), MICRO))
                    for place, amount in at.items()
                    if place is not None
                ),
                Fraction(0),
            )
        else:
            utility = _flat(sum(at.values(), Fraction(0)), Fraction(level))
        worth += Fraction(indicator.weight) * utility
    return floor(worth * MICRO)
