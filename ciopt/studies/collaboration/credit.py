"""Who has a part in a plan's value: an account that adds up, rule by rule.

credit_j = Σ_k w_k counted_jk + Σ_{synergies that j is a member of} value / members

``counted`` is the impact after overlaps; a synergy is divided equally among its member assignments. It is an
average, before saturation. A fund has a part of credit_j in proportion to what it pays of j's cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ciopt.instance import Lookup, Option
from ciopt.instance.base import micro
from ciopt.instance.choices import Choices
from ciopt.instance.effects import joint_impacts, synergy_effect
from ciopt.instance.options import cost, impact
from ciopt.instance.value import by_activity, goal_value, movements, paying_synergies, total_cost, value
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.studies.collaboration.records import ValueParts

Credit = dict[Option, Fraction]


def parts_of(lookup: Lookup, choices: Choices) -> ValueParts:
    """Divide the objective of some decisions into what it comes from; the parts add up to it."""
    weights = {each.id: micro(each.weight) for each in lookup.instance.indicators}
    assigned, paying = by_activity(choices.options), paying_synergies(lookup, choices)
    moved = movements(lookup, assigned, paying)
    impacts = sum(
        weights[indicator] * amount
        for option in choices.options
        for indicator, amount in impact(lookup, option).items()
    )
    synergies = sum(
        weights[indicator] * amount
        for each in paying
        for indicator, amount in synergy_effect(lookup, each).items()
    )
    everything = sum(weights[indicator] * movement.total for indicator, movement in moved.items())
    worth = value(lookup, moved)
    objective = goal_value(lookup, "value", moved, total_cost(lookup, choices))
    return ValueParts(
        impacts=decimal(impacts, VALUE_DIGITS),
        synergies=decimal(synergies, VALUE_DIGITS),
        overlaps=decimal(everything - impacts - synergies, VALUE_DIGITS),
        saturation=decimal(worth - everything, VALUE_DIGITS),
        penalties=decimal(objective - worth, VALUE_DIGITS),
    )


def credits(lookup: Lookup, choices: Choices) -> Credit:
    """Credit of each assignment, in 10^-12 of value."""
    weights = {each.id: micro(each.weight) for each in lookup.instance.indicators}
    assigned = by_activity(choices.options)
    impacts = {option: impact(lookup, option) for option in choices.options}
    found: Credit = {
        option: Fraction(sum(weights[indicator] * amount for indicator, amount in amounts.items()))
        for option, amounts in impacts.items()
    }
    for overlap in lookup.instance.overlaps:
        for place in lookup.places:
            here = [assigned[m, place] for m in overlap.interventions if (m, place) in assigned]
            alone = [(each.intervention, impacts[each].get(overlap.indicator, 0)) for each in here]
            for option, counted, (_, amount) in zip(here, joint_impacts(overlap, alone), alone, strict=True):
                found[option] += weights[overlap.indicator] * (counted - amount)
    for each in paying_synergies(lookup, choices):
        members = [assigned[a] for member in each.members for a in member if a in assigned]
        effect = synergy_effect(lookup, each)
        worth = sum(weights[indicator] * amount for indicator, amount in effect.items())
        for option in members:
            found[option] += Fraction(worth, len(members))
    return found


def by_partner(found: Credit) -> dict[str, Fraction]:
    """Credit of each partner that does anything."""
    total: dict[str, Fraction] = {}
    for option, credit in found.items():
        total[option.partner] = total.get(option.partner, Fraction(0)) + credit
    return total


def by_fund(lookup: Lookup, choices: Choices, found: Credit) -> dict[str, Fraction]:
    """Credit of each fund and own budget, by its part of the cost of what it pays for."""
    options: Mapping[str, Option] = {option.id: option for option in choices.options}
    total: dict[str, Fraction] = {}
    for paid in choices.payments:
        option = options.get(paid.paid_for)
        if option is not None:
            part = Fraction(paid.amount, cost(lookup, option))
            total[paid.fund] = total.get(paid.fund, Fraction(0)) + found[option] * part
    return total
