"""What one option costs, uses and moves: the numbers of `format.md`, in exact integers.

Money is in minor units, indicators in 10^-6 units, resources in 10^-12. These scalar functions say what the
format means; the compiler computes the same for all options at once, and tests hold the two together.
"""

from __future__ import annotations

from collections.abc import Mapping

from ciopt.instance.amounts import PICO
from ciopt.instance.base import MICRO, micro
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import half_up, largest_remainders, to_minor
from ciopt.instance.records import Fund, Indicator


def cost(lookup: Lookup, option: Option) -> int:
    """Cost of an option in minor units: quantity(i, l) x cost factors, rounded half up once."""
    known = lookup.facts.memo(cost).get(option)
    return known if known is not None else lookup.facts.remember(cost, option, _cost(lookup, option))


def _cost(lookup: Lookup, option: Option) -> int:
    override = lookup.override_of(option)
    if override is not None and override.cost is not None:
        return half_up(lookup.amounts.at(override.cost, option.place) * lookup.minor, PICO)
    quantity = lookup.interventions[option.intervention].cost
    factor = lookup.factors_of(option).cost
    return half_up(lookup.amounts.at(quantity, option.place) * factor * lookup.minor, PICO * PICO)


def cost_by_period(lookup: Lookup, option: Option) -> dict[str, int]:
    """Spread an option's cost over periods by its profile; what falls past the horizon falls in the last."""
    total = cost(lookup, option)
    periods = lookup.instance.periods
    profile = lookup.interventions[option.intervention].cost_profile
    if len(profile) == 1:
        return {option.period: total} if total else {}
    start = lookup.periods[option.period]
    spread: dict[str, int] = {}
    for offset, part in enumerate(largest_remainders(total, [micro(share) for share in profile])):
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


def impact(lookup: Lookup, option: Option) -> Mapping[str, int]:
    """What an option moves each indicator by over the horizon, in 10^-6 units; zero effects left out.

    One count is quantity(i, k, l) x impact factors, rounded half up once. The answer is shared: only to read.
    """
    known = lookup.facts.memo(impact).get(option)
    return known if known is not None else lookup.facts.remember(impact, option, _impact(lookup, option))


def _impact(lookup: Lookup, option: Option) -> Mapping[str, int]:
    factor, at = lookup.factors_of(option).impact, lookup.amounts.at
    once = {
        indicator: half_up(at(estimate, option.place) * factor, MICRO * PICO)
        for indicator, estimate in lookup.interventions[option.intervention].impact.items()
    }
    override = lookup.override_of(option)
    if override is not None:
        for indicator, estimate in override.impact.items():
            once[indicator] = half_up(at(estimate, option.place), MICRO)
    counted = {
        indicator: amount * times_counted(lookup, option, lookup.indicators[indicator])
        for indicator, amount in once.items()
    }
    return {indicator: amount for indicator, amount in counted.items() if amount}


def uses(lookup: Lookup, option: Option) -> dict[str, int]:
    """What an option uses of each resource, in 10^-12, all in its start period."""
    quantities = lookup.interventions[option.intervention].uses
    return {resource: lookup.amounts.at(quantity, option.place) for resource, quantity in quantities.items()}


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
