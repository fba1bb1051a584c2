"""A generated coalition as plain data."""

from __future__ import annotations

from decimal import Decimal
from random import Random
from typing import Any

from ciopt.generate import work
from ciopt.generate.land import settle
from ciopt.generate.means import money, quotes
from ciopt.generate.wish import Wish

Record = dict[str, Any]


def generate(wish: Wish) -> Record:
    """Return an instance as plain data, as `parse` takes it and `dump` writes it.

    Examples
    --------
    >>> data = generate(Wish(activities=60, partners=3))
    >>> len(data["places"]), len(data["partners"])
    (3, 3)
    """
    draw = Random(wish.seed)
    land = settle(wish, draw)
    kinds = work.interventions(wish, draw)
    capabilities = work.capabilities(wish, land, draw)
    partners, funds = money(wish, land, kinds, capabilities, draw)
    donors = [{"id": fund["partner"], "roles": ["funding"]} for fund in funds]
    data: Record = {
        "ciopt": 1,
        "name": wish.name,
        "description": "Generated. All figures are illustrative.",
        "currency": "USD",
        "periods": [work.period(number) for number in range(wish.periods)],
        "places": land.places,
        "indicators": [{"id": name, "weight": weight} for name, weight in work.INDICATORS.items()],
        "partners": [*partners, *donors],
        "funds": funds,
        "interventions": kinds,
        "capabilities": capabilities,
        "options": quotes(wish, capabilities, draw),
        "synergies": work.synergies(wish, kinds, draw),
        "rules": work.rules(wish, draw),
        "agenda": {"maximize": "value"},
    }
    return {key: _decimal(value) for key, value in data.items() if value != []}


def _decimal(data: Any) -> Any:
    """Return the data with decimals in place of floats: what their shortest text says."""
    if isinstance(data, dict):
        return {key: _decimal(value) for key, value in data.items()}
    if isinstance(data, list):
        return [_decimal(value) for value in data]
    return Decimal(str(data)) if isinstance(data, float) else data
