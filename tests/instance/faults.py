"""An instance with something of everything, to be broken in one place at a time."""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from ciopt.errors import InvalidInput, Problem
from ciopt.instance import parse

GONE = object()
"""Put in a place, it takes away what is there."""

Where = tuple[str | int, ...]


def whole() -> dict[str, Any]:
    """Return a valid instance as plain data."""
    return copy.deepcopy(_WHOLE)


_WHOLE: dict[str, Any] = {
    "ciopt": 1,
    "name": "two villages",
    "currency": "USD",
    "periods": ["2027", "2028"],
    "places": [
        {"id": "soubre", "group": "west", "attributes": {"farmers": 900}, "neighbours": ["meagui"]},
        {"id": "meagui", "attributes": {"farmers": 400}},
    ],
    "indicators": [{"id": "income"}, {"id": "poverty", "weight": -1, "saturates_at": {"per_place": 5}}],
    "partners": [
        {"id": "mars", "roles": ["implementing"], "budget": 1000, "capacity": {"days": 9}},
        {"id": "csa", "roles": ["backbone"], "budget": {"2027": 50}},
    ],
    "funds": [{"id": "wb", "partner": "csa", "amount": {"2027": 500}, "pays_for": {"partners": ["mars"]}}],
    "interventions": [
        {
            "id": "road",
            "cost": {"fixed": 10, "per": {"farmers": Decimal("0.1")}},
            "cost_profile": [Decimal("0.7"), Decimal("0.3")],
            "impact": {"income": {"fixed": 3, "range": [Decimal("0.5"), 2], "evidence": "weak"}},
            "uses": {"days": 1},
        },
        {
            "id": "training",
            "cost": 5,
            "impact": {"income": 2, "poverty": -1},
            "levels": [{"id": "short"}, {"id": "long", "cost_factor": 2}],
        },
    ],
    "capabilities": [
        {"partner": "mars", "intervention": "road"},
        {"partner": "mars", "intervention": "training", "periods": ["2027"]},
    ],
    "options": [{"partner": "mars", "intervention": "road", "place": "soubre", "cost": 7}],
    "synergies": [{"id": "both", "between": ["road", "training"], "adds": {"income": 1}}],
    "overlaps": [
        {
            "indicator": "income",
            "interventions": ["road", "training"],
            "how": "random",
            "reach": {"road": Decimal("0.5"), "training": 1},
        }
    ],
    "rules": [
        {"requires": {"intervention": "training", "needs": ["road"]}},
        {"excludes": ["road", "training"], "within": "neighbours"},
        {"at_most": 2, "of": ["road"], "within": "all"},
        {"must_not": {"partner": "csa"}},
    ],
    "backbones": [{"partner": "csa", "cost": 5}],
    "agenda": {"maximize": "value", "targets": [{"indicator": "income", "at_least": 1}]},
    "baseline": [{"partner": "mars", "intervention": "road", "place": "soubre"}],
    "scenarios": {"rich": {"set": {"partners.mars.budget": 2000}}},
}


def broken(*changes: tuple[Where, Any]) -> dict[str, Any]:
    """Return the data with something else in some places; a position past the end of a list appends."""
    data = whole()
    for where, value in changes:
        here: Any = data
        for step in where[:-1]:
            here = here[step]
        last = where[-1]
        if value is GONE:
            del here[last]
        elif isinstance(here, list) and last == len(here):
            here.append(value)
        else:
            here[last] = value
    return data


def problems_of(data: object) -> tuple[Problem, ...]:
    """What is wrong with data; nothing if they are an instance."""
    try:
        parse(data)
    except InvalidInput as error:
        return error.problems
    return ()
