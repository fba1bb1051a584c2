"""Limits of partners: resources, numbers of assignments, participation; backbones and what they carry.

Σ_{j of p} use_jr x_j <= capacity_pr            (by start period where given by period)
Σ_{j of p} x_j <= max_activities_p              a capability's likewise
x_j <= s_p                                       participation, paid if s_p = 1
z_q = Σ_b c_qb,  c_qb <= s_b,  Σ_q c_qb <= capacity_b s_b    a carried synergy
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import Quantity
from ciopt.program.build import Workshop, concatenated
from ciopt.program.exact import Scaled, column, int64
from ciopt.program.model import Carried, RowKind
from ciopt.program.options import Quantities
from ciopt.program.synergies import SynergyColumns

Array = NDArray[np.int64]


def compile_resources(shop: Workshop, quantities: Quantities) -> None:
    """Add the rows of capacities and of numbers of assignments."""
    options = shop.options
    by_partner = _grouped(options.partner, len(shop.instance.partners))
    for number, partner in enumerate(shop.instance.partners):
        columns = by_partner[number]
        for resource, capacity in partner.capacity.items():
            uses = _uses(shop, quantities, resource, columns)
            for label, rows, limit in _by_period(shop, columns, capacity):
                kept = np.isin(columns, rows)
                scaled, bound, digits = _same_scale(Scaled(uses.values[kept], uses.digits), limit)
                name = f"capacity {partner.id}.{resource}{label}"
                shop.add_row(name, columns[kept], scaled, upper=bound, unit=10.0**-digits)
        if partner.max_activities is not None:
            ones = np.ones(len(columns), dtype=np.int64)
            shop.add_row(f"max_activities {partner.id}", columns, ones, upper=partner.max_activities)
    for number, capability in enumerate(shop.instance.capabilities):
        if capability.max_activities is not None:
            columns = np.flatnonzero(options.capability == number)
            ones = np.ones(len(columns), dtype=np.int64)
            name = capability.id or f"{capability.partner}:{capability.intervention}"
            shop.add_row(f"max_activities {name}", columns, ones, upper=capability.max_activities)


def _grouped(numbers: Array, count: int) -> list[Array]:
    """Positions of each number, as one array a number."""
    order = np.argsort(numbers, kind="stable")
    return np.split(order, np.searchsorted(numbers[order], np.arange(1, count))) if count else []


def _uses(shop: Workshop, quantities: Quantities, resource: str, columns: Array) -> Scaled:
    """What each column uses of a resource."""
    per_intervention = [
        quantities.everywhere(intervention.uses.get(resource, Quantity()))
        for intervention in shop.instance.interventions
    ]
    digits = max((each.digits for each in per_intervention), default=0)
    table = np.array([each.rounded(digits) for each in per_intervention])
    return Scaled(table[shop.options.intervention[columns], shop.options.place[columns]], digits)


def _by_period(
    shop: Workshop, columns: Array, capacity: Decimal | dict[str, Decimal]
) -> Iterator[tuple[str, Array, Decimal]]:
    """(label, columns, limit): over the horizon, or for each start period (0 where none is named)."""
    if not isinstance(capacity, dict):
        yield "", columns, capacity
        return
    for period, number in shop.lookup.periods.items():
        yield (
            f" in {period}",
            columns[shop.options.period[columns] == number],
            capacity.get(period, Decimal(0)),
        )


def _same_scale(uses: Scaled, limit: Decimal) -> tuple[Array, int, int]:
    """Bring uses and limit to one scale of integers; return its digits as well."""
    bound = column([limit])
    digits = max(uses.digits, bound.digits)
    scaled = int64(uses.rounded(digits), "capacity")
    return scaled, int(bound.rounded(digits)[0]), digits


def compile_participation(shop: Workshop) -> dict[int, int]:
    """Add a switch for every partner with a participation cost; return {partner: column}."""
    switches = {}
    activities = np.arange(len(shop.first_option) - 1, dtype=np.int64)
    for number, partner in enumerate(shop.instance.partners):
        if not partner.participation_cost:
            continue
        columns = np.flatnonzero(shop.options.partner == number)
        owners = shop.options.activity[columns]
        groups = [columns[owners == activity] for activity in activities[np.isin(activities, owners)]]
        literals = shop.add_literals(groups)
        switches[number] = shop.add_switch(f"participation {partner.id}", literals)
    return switches


def compile_backbones(shop: Workshop, synergies: SynergyColumns) -> tuple[dict[int, int], Carried]:
    """Add a switch for every backbone and say which synergies it carries.

    Where one backbone only can carry a synergy, the synergy's own column says that it does.
    """
    columns, free = concatenated(synergies.columns), _flags(synergies.free)
    covers = _covers(shop, synergies)
    able: dict[int, list[int]] = {int(q): [] for q in np.flatnonzero(free)}
    for backbone, places in enumerate(covers):
        for q in able:
            if all(place in places for place in synergies.places[q]):
                able[q].append(backbone)
    carried: list[tuple[int, int, int]] = []
    for q, backbones in able.items():
        z = columns[q]
        if not backbones:
            shop.forbid(columns[[q]])
            continue
        name = "@".join(synergies.labels[q])
        own = [z] if len(backbones) == 1 else shop.add_columns([f"{name} by backbone {b}" for b in backbones])
        carried += [(q, b, int(c)) for b, c in zip(backbones, own, strict=True)]
        if len(backbones) != 1:
            values = np.append(np.ones(1, dtype=np.int64), -np.ones(len(own), dtype=np.int64))
            terms = np.append([z], own).astype(np.int64), values
            shop.add_row(f"carried {name}", *terms, lower=0, upper=0, kind=RowKind.CARRY)
    table = np.array(carried, dtype=np.int64).reshape(-1, 3)
    switches = {}
    for backbone, record in enumerate(shop.instance.backbones):
        own = table[table[:, 1] == backbone, 2]
        literals = shop.add_literals([[column] for column in own])
        switches[backbone] = shop.add_switch(f"backbone {record.partner}", literals)
        if record.capacity is not None:
            values = np.append(np.ones(len(own), dtype=np.int64), -record.capacity)
            terms = np.append(own, switches[backbone]), values
            shop.add_row(f"capacity backbone {record.partner}", *terms, upper=0, kind=RowKind.CARRY)
    return switches, Carried(table[:, 0], table[:, 1], table[:, 2])


def _flags(parts: list[NDArray[np.bool_]]) -> NDArray[np.bool_]:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.bool_)


def _covers(shop: Workshop, synergies: SynergyColumns) -> list[set[int]]:
    """Places that each backbone covers."""
    everywhere = set(range(len(shop.instance.places)))
    return [
        everywhere if each.places == "*" else {shop.place_number(place) for place in each.places}
        for each in shop.instance.backbones
    ]
