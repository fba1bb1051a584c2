"""Resources: Σ_{j of p} uses_{j,r} x_j <= capacity_{p,r}, over the horizon or in each start period.

An assignment uses all it needs in the period in which it starts. A period that a capacity by period does
not name has none. Rows are divided by the greatest common divisor of their numbers.
"""

from __future__ import annotations

import math
from decimal import Decimal

from ciopt.instance.base import MICRO, micro
from ciopt.instance.options import uses
from models.model import Model, Terms, total


def add_resources(model: Model) -> None:
    """Add a row for each partner, resource and (if the capacity is by period) period."""
    lookup = model.lookup
    needs = {option: uses(lookup, option) for option in model.chosen}
    for partner in lookup.instance.partners:
        for resource, capacity in partner.capacity.items():
            for periods, amount in _windows(capacity, lookup.instance.periods):
                terms: Terms = [
                    (needs[option].get(resource, 0), x)
                    for option, x in model.chosen.items()
                    if option.partner == partner.id and option.period in periods
                ]
                unit = math.gcd(*(use for use, _ in terms)) or 1
                limit = micro(amount) * MICRO // unit
                model.require(total(terms, unit) <= limit, f"{partner.id}: {resource} in {periods}")


def _windows(
    capacity: Decimal | dict[str, Decimal], periods: tuple[str, ...]
) -> list[tuple[tuple[str, ...], Decimal]]:
    """Sets of periods that share an amount."""
    if isinstance(capacity, dict):
        return [((period,), capacity.get(period, Decimal(0))) for period in periods]
    return [(periods, capacity)]
