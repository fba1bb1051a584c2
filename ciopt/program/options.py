"""Options as arrays: every way to do every activity, what it costs and what it moves.

cost_j      = round(quantity(i, l) x capability factor x level factor)
impact_jk   = round(quantity(i, k, l) x capability factor x level factor) x times counted
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Lookup
from ciopt.instance import options as meaning
from ciopt.instance.base import MAX_FRACTION_DIGITS, Quantity
from ciopt.instance.money import minor_digits
from ciopt.instance.records import Capability, Level
from ciopt.program.exact import Scaled, add, column, constant, int64
from ciopt.program.model import Options, option_at

Array = NDArray[np.int64]

_NO_LEVEL = Level(id="-")


class Quantities:
    """Quantities at all places at once; attributes and quantities are evaluated once."""

    def __init__(self, lookup: Lookup) -> None:
        self._places = lookup.instance.places
        self._attributes: dict[str, Scaled] = {}
        self._known: dict[int, tuple[Quantity, Scaled]] = {}  # holds them, so that no id is used again

    def everywhere(self, quantity: Quantity) -> Scaled:
        """Fixed + Σ per[attribute] x attribute(place), for every place (0 for an attribute it lacks)."""
        if id(quantity) not in self._known:
            total = constant(quantity.fixed, len(self._places))
            for attribute, amount in quantity.per.items():
                total = add(total, self._attribute(attribute).times(amount))
            self._known[id(quantity)] = quantity, total
        return self._known[id(quantity)][1]

    def _attribute(self, name: str) -> Scaled:
        if name not in self._attributes:
            self._attributes[name] = column(place.attributes.get(name, Decimal(0)) for place in self._places)
        return self._attributes[name]


@dataclass(frozen=True)
class _Block:
    """The options of one capability at one level: places x periods, places outermost."""

    capability: Capability
    number: int
    partner: int
    intervention: int
    level: int
    places: Array
    periods: Array

    def __len__(self) -> int:
        return len(self.places) * len(self.periods)


def compile_options(lookup: Lookup) -> tuple[Options, list[tuple[Array, int, Array]]]:
    """Make all options, sorted, and their impacts.

    Returns
    -------
    options
        Sorted by activity, partner, period, level.
    impacts
        (columns, indicator, amounts in 10^-6 over the horizon), blocks of non-zero effects.
    """
    quantities = Quantities(lookup)
    blocks = list(_blocks(lookup))
    sizes = np.array([len(block) for block in blocks], dtype=np.int64)
    firsts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def spread(per_block: list[int]) -> Array:
        return np.repeat(np.array(per_block, dtype=np.int64), sizes)

    place = _joined([np.repeat(block.places, len(block.periods)) for block in blocks])
    period = _joined([np.tile(block.periods, len(block.places)) for block in blocks])
    intervention = spread([block.intervention for block in blocks])
    partner = spread([block.partner for block in blocks])
    level = spread([block.level for block in blocks])
    cost = _joined([np.repeat(_cost(lookup, quantities, block), len(block.periods)) for block in blocks])
    key = intervention * max(1, len(lookup.places)) + place
    order = np.lexsort((level, period, partner, key))
    _, activity = np.unique(key, return_inverse=True)
    position = np.empty(len(order), dtype=np.int64)
    position[order] = np.arange(len(order))
    options = Options(
        activity=activity.astype(np.int64)[order],
        partner=partner[order],
        intervention=intervention[order],
        place=place[order],
        period=period[order],
        level=level[order],
        capability=spread([block.number for block in blocks])[order],
        cost=cost[order],
    )
    impacts = [
        (position[first : first + len(block)], indicator, amounts)
        for first, block in zip(firsts[:-1], blocks, strict=True)
        for indicator, amounts in _impacts(lookup, quantities, block)
    ]
    return _overridden(lookup, options, impacts)


def _joined(parts: list[Array]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _blocks(lookup: Lookup) -> Iterator[_Block]:
    instance = lookup.instance
    place_number = {place: n for n, place in enumerate(lookup.places)}
    partner_number = {partner: n for n, partner in enumerate(lookup.partners)}
    intervention_number = {name: n for n, name in enumerate(lookup.interventions)}
    for number, capability in enumerate(instance.capabilities):
        if "implementing" not in lookup.partners[capability.partner].roles:
            continue
        if capability.places == "*":
            places = np.arange(len(place_number), dtype=np.int64)
        else:
            places = np.array([place_number[place] for place in capability.places], dtype=np.int64)
        periods = np.array([lookup.periods[each] for each in lookup.periods_of(capability)], dtype=np.int64)
        intervention = lookup.interventions[capability.intervention]
        for level in range(len(intervention.levels)) if intervention.levels else (-1,):
            yield _Block(
                capability,
                number,
                partner_number[capability.partner],
                intervention_number[capability.intervention],
                level,
                places,
                np.sort(periods),
            )


def _level(lookup: Lookup, block: _Block) -> Level:
    if block.level < 0:
        return _NO_LEVEL
    return lookup.instance.interventions[block.intervention].levels[block.level]


def _cost(lookup: Lookup, quantities: Quantities, block: _Block) -> Array:
    intervention = lookup.instance.interventions[block.intervention]
    amount = quantities.everywhere(intervention.cost).at(block.places)
    amount = amount.times(block.capability.cost_factor).times(_level(lookup, block).cost_factor)
    return int64(amount.rounded(minor_digits(lookup.instance.currency)), f"cost of {intervention.id}")


def _impacts(lookup: Lookup, quantities: Quantities, block: _Block) -> Iterator[tuple[int, Array]]:
    intervention = lookup.instance.interventions[block.intervention]
    for number, indicator in enumerate(lookup.indicators.values()):
        estimate = intervention.impact.get(indicator.id)
        if estimate is None:
            continue
        amount = quantities.everywhere(estimate).at(block.places)
        amount = amount.times(block.capability.impact_factor).times(_level(lookup, block).impact_factor)
        once = int64(amount.rounded(MAX_FRACTION_DIGITS), f"impact of {intervention.id} on {indicator.id}")
        first = block.periods + intervention.lag
        lasts = len(lookup.periods) if intervention.lasts is None else intervention.lasts
        active = np.clip(np.minimum(len(lookup.periods), first + lasts) - first, 0, None)
        counted = active if indicator.accrues == "per_period" else np.minimum(active, 1)
        yield number, np.multiply.outer(once, counted).ravel()


def _overridden(
    lookup: Lookup, options: Options, impacts: list[tuple[Array, int, Array]]
) -> tuple[Options, list[tuple[Array, int, Array]]]:
    """Put in the numbers that `options` records give: rare, so one by one, by the meaning's own functions."""
    instance = lookup.instance
    if not instance.options:
        return options, impacts
    columns = overridden_columns(lookup, options)
    cost = options.cost.copy()
    numbers = {name: n for n, name in enumerate(lookup.indicators)}
    replaced: dict[int, tuple[list[int], list[int]]] = {}
    for at in columns:
        option = option_at(instance, options, int(at))
        cost[at] = meaning.cost(lookup, option)
        amounts = meaning.impact(lookup, option)
        for name, indicator in numbers.items():
            rows = replaced.setdefault(indicator, ([], []))
            rows[0].append(int(at))
            rows[1].append(amounts.get(name, 0))
    is_replaced = np.zeros(len(options), dtype=np.bool_)
    is_replaced[columns] = True
    kept = [(c[~is_replaced[c]], k, a[~is_replaced[c]]) for c, k, a in impacts]
    own = [(np.array(c, dtype=np.int64), k, np.array(a, dtype=np.int64)) for k, (c, a) in replaced.items()]
    return replace(options, cost=cost), kept + own


def overridden_columns(lookup: Lookup, options: Options) -> Array:
    """Columns of the (partner, intervention, place) that some override names."""
    numbers = [
        {name: n for n, name in enumerate(table)}
        for table in (lookup.partners, lookup.interventions, lookup.places)
    ]
    sizes = [max(1, len(table)) for table in numbers]
    named = [
        (numbers[0][each.partner] * sizes[1] + numbers[1][each.intervention]) * sizes[2]
        + numbers[2][each.place]
        for each in lookup.instance.options
    ]
    key = (options.partner * sizes[1] + options.intervention) * sizes[2] + options.place
    return np.flatnonzero(np.isin(key, np.array(named, dtype=np.int64)))


def spread_costs(lookup: Lookup, options: Options) -> tuple[Array, Array, Array]:
    """Spread costs over periods: (column, period, amount), each column's entries in order of period.

    Largest remainders, the earlier period first on a tie; what falls past the horizon falls in the last
    period.
    """
    last = len(lookup.periods) - 1
    columns, periods, amounts = [], [], []
    for number, intervention in enumerate(lookup.instance.interventions):
        rows = np.flatnonzero(options.intervention == number)
        shares = column(intervention.cost_profile).values.astype(np.int64)
        whole, cost = int(shares.sum()), options.cost[rows]
        parts = np.array([_portion(cost, int(share), whole) for share in shares])
        remainders = np.array([_remainder(cost, int(share), whole) for share in shares])
        left = cost - parts.sum(axis=0)
        rank = np.argsort(np.argsort(-remainders, axis=0, kind="stable"), axis=0, kind="stable")
        parts += rank < left
        for offset in range(len(shares)):
            columns.append(rows)
            periods.append(np.minimum(options.period[rows] + offset, last))
            amounts.append(parts[offset])
    return _merged(_joined(columns), _joined(periods), _joined(amounts), last + 1)


def _portion(cost: Array, share: int, whole: int) -> Array:
    """floor(cost x share / whole) without overflow."""
    return cost // whole * share + cost % whole * share // whole


def _remainder(cost: Array, share: int, whole: int) -> Array:
    return cost % whole * share % whole


def _merged(columns: Array, periods: Array, amounts: Array, horizon: int) -> tuple[Array, Array, Array]:
    """Add up what falls on the same column and period; drop zeros."""
    key, inverse = np.unique(columns * horizon + periods, return_inverse=True)
    total = np.zeros(len(key), dtype=np.int64)
    np.add.at(total, inverse, amounts)
    kept = total != 0
    return key[kept] // horizon, key[kept] % horizon, total[kept]
