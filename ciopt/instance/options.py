"""What one option costs, uses and moves: the numbers of `format.md`, in exact integers.

Money is in minor units, indicators in 10^-6 units, resources in 10^-12. These scalar functions say what the
format means; the compiler computes the same for all options at once, and tests hold the two together.
"""

from __future__ import annotations

from ciopt.instance.base import MICRO, Quantity, micro
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import half_up, largest_remainders, minor_digits, to_minor
from ciopt.instance.records import Fund, Indicator, Intervention, Level, Place

PICO = MICRO * MICRO
"""Quantities at a place are integers of 10^-12: an amount per attribute times an attribute."""


def quantity_at(quantity: Quantity, place: Place) -> int:
    """Fixed + Σ per[attribute] x attribute(place), as an integer of 10^-12."""
    total: int = micro(quantity.fixed) * MICRO + sum(
        micro(amount) * micro(place.attributes[attribute]) for attribute, amount in quantity.per.items()
    )
    return total


def level_of(intervention: Intervention, level: str | None) -> Level:
    """Return the level with this id; factors of 1 where the intervention has no levels."""
    return next((each for each in intervention.levels if each.id == level), Level(id="-"))


def cost(lookup: Lookup, option: Option) -> int:
    """Cost of an option in minor units: quantity(i, l) x cost factors, rounded half up once."""
    place = lookup.places[option.place]
    minor = 10 ** minor_digits(lookup.instance.currency)
    override = lookup.override_of(option)
    if override is not None and override.cost is not None:
        return half_up(quantity_at(override.cost, place) * minor, PICO)
    intervention = lookup.interventions[option.intervention]
    capability = lookup.capability_of(option)
    assert capability is not None, f"no such option: {option.id}"
    factors = micro(capability.cost_factor) * micro(level_of(intervention, option.level).cost_factor)
    return half_up(quantity_at(intervention.cost, place) * factors * minor, PICO * PICO)


def cost_by_period(lookup: Lookup, option: Option) -> dict[str, int]:
    """Spread an option's cost over periods by its profile; what falls past the horizon falls in the last."""
    periods = lookup.instance.periods
    profile = [micro(share) for share in lookup.interventions[option.intervention].cost_profile]
    start = lookup.periods[option.period]
    spread: dict[str, int] = {}
    for offset, part in enumerate(largest_remainders(cost(lookup, option), profile)):
        if part:
            period = periods[min(start + offset, len(periods) - 1)]
            spread[period] = spread.get(period, 0) + part
    return spread


def times_counted(lookup: Lookup, option: Option, indicator: Indicator) -> int:
    """How often an option's impact counts: its active periods, or once if it becomes active at all."""
    intervention = lookup.interventions[option.intervention]
    horizon = len(lookup.periods)
    first = lookup.periods[option.period] + intervention.lag
    last = horizon if intervention.lasts is None else min(horizon, first + intervention.lasts)
    active = max(0, last - first)
    return active if indicator.accrues == "per_period" else min(active, 1)


def impact(lookup: Lookup, option: Option) -> dict[str, int]:
    """What an option moves each indicator by over the horizon, in 10^-6 units; zero effects left out.

    One count is quantity(i, k, l) x impact factors, rounded half up once.
    """
    place = lookup.places[option.place]
    intervention = lookup.interventions[option.intervention]
    capability = lookup.capability_of(option)
    assert capability is not None, f"no such option: {option.id}"
    factors = micro(capability.impact_factor) * micro(level_of(intervention, option.level).impact_factor)
    once = {
        indicator: half_up(quantity_at(estimate, place) * factors, MICRO * PICO)
        for indicator, estimate in intervention.impact.items()
    }
    override = lookup.override_of(option)
    if override is not None:
        for indicator, estimate in override.impact.items():
            once[indicator] = half_up(quantity_at(estimate, place), MICRO)
    counted = {
        indicator: amount * times_counted(lookup, option, lookup.indicators[indicator])
        for indicator, amount in once.items()
    }
    return {indicator: amount for indicator, amount in counted.items() if amount}


def uses(lookup: Lookup, option: Option) -> dict[str, int]:
    """What an option uses of each resource, in 10^-12, all in its start period."""
    place = lookup.places[option.place]
    intervention = lookup.interventions[option.intervention]
    return {resource: quantity_at(quantity, place) for resource, quantity in intervention.uses.items()}


def participation_cost(lookup: Lookup, partner: str) -> int:
    """Participation cost of a partner in minor units."""
    return to_minor(lookup.partners[partner].participation_cost, lookup.instance.currency)


def may_pay(fund: Fund, option: Option) -> bool:
    """Whether all conditions of a fund hold for an option."""
    conditions = fund.pays_for
    return (
        (conditions.interventions == "*" or option.intervention in conditions.interventions)
        and (conditions.partners == "*" or option.partner in conditions.partners)
        and (conditions.places == "*" or option.place in conditions.places)
    )
