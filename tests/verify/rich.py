"""Tiny instances whose best plans use synergies of every kind, all money can do, overlaps, targets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ciopt.instance import Instance, parse

PLACES = [
    {"id": "a", "group": "west", "neighbours": ["b"], "attributes": {"n": 2}},
    {"id": "b", "group": "west", "attributes": {"n": 3}},
    {"id": "c", "group": "east", "attributes": {"n": 5}},
]


def _instance(**tables: Any) -> Instance:
    data: dict[str, Any] = {
        "ciopt": 1,
        "name": "rich",
        "currency": "USD",
        "places": PLACES,
        "indicators": [{"id": "k"}],
        "partners": [{"id": who, "roles": ["implementing"], "budget": 100} for who in "pq"],
        "interventions": [{"id": what, "cost": 10, "impact": {"k": 3}} for what in "ijx"],
        "capabilities": [{"partner": who, "intervention": what} for who in "pq" for what in "ijx"],
    }
    return parse({**data, **tables})


def synergies_of_every_kind() -> Instance:
    """Within place, between neighbours, in a group; any, same, different; all or k of n; more or less."""
    return _instance(
        synergies=[
            {"id": "plain", "between": ["i", "j"], "adds": {"k": {"fixed": 1, "per": {"n": 0.5}}}},
            {"id": "near", "between": ["i", "j"], "within": "neighbours", "adds": {"k": 2}},
            {"id": "wide", "between": ["j", "x"], "within": "group", "adds": {"k": {"per": {"n": 1}}}},
            {"id": "same", "between": ["i", "x"], "partners": "same", "adds": {"k": 1.25}},
            {"id": "mixed", "between": ["i", "j", "x"], "at_least": 2, "partners": "different", "boost": 0.1},
            {"id": "harm", "between": ["i", "x"], "adds": {"k": -0.5}},
        ]
    )


def two_backbones() -> Instance:
    """Each carries what the other cannot; one is short of capacity."""
    return _instance(
        partners=[
            {"id": "p", "roles": ["implementing"], "budget": 60, "participation_cost": 1.5},
            {"id": "g", "roles": ["backbone"], "budget": 10},
            {"id": "h", "roles": ["backbone"], "budget": 10},
        ],
        capabilities=[{"partner": "p", "intervention": what} for what in "ijx"],
        synergies=[
            {"id": "s", "between": ["i", "j"], "backbone": True, "adds": {"k": {"per": {"n": 1}}}},
            {"id": "t", "between": ["i", "j"], "within": "group", "backbone": True, "adds": {"k": 4}},
        ],
        backbones=[
            {"partner": "g", "cost": 3, "cost_per_synergy": 0.5, "places": ["a", "b"]},
            {"partner": "h", "cost": 2, "capacity": 1},
        ],
    )


def money_by_period() -> Instance:
    """Funds by period that carry over, match, pay a share, must spend; cost over two periods."""
    return _instance(
        periods=["y1", "y2"],
        partners=[
            {
                "id": "p",
                "roles": ["implementing"],
                "budget": {"y1": 20, "y2": 10.02},
                "participation_cost": 2,
            },
            {"id": "q", "roles": ["implementing"], "budget": 15, "max_activities": 2},
            {"id": "w", "roles": ["funding"]},
        ],
        funds=[
            {"id": "f", "partner": "w", "amount": {"y1": 8, "y2": 4}, "carry_over": True, "max_share": 0.4},
            {
                "id": "m",
                "partner": "w",
                "amount": 12,
                "min_spend": 3,
                "match": {"with": ["budget:q", "f"], "ratio": 1.5},
                "pays_for": {"interventions": ["i", "j"], "partners": ["q"]},
            },
        ],
        interventions=[
            {"id": "i", "cost": 10.01, "cost_profile": [0.7, 0.3], "impact": {"k": 3}, "lag": 1},
            {
                "id": "j",
                "cost": 7,
                "impact": {"k": 2},
                "levels": [{"id": "low"}, {"id": "high", "cost_factor": 1.5, "impact_factor": 2}],
            },
            {"id": "x", "cost": 9, "impact": {"k": 1}, "uses": {"staff": 2}},
        ],
        indicators=[{"id": "k", "accrues": "per_period"}],
    )


def overlaps_and_saturation() -> Instance:
    """The best counts, people are reached twice, and enough is enough."""
    return _instance(
        indicators=[
            {"id": "k", "saturates_at": 20, "baseline": 4, "target": 30},
            {"id": "m", "weight": -2, "saturates_at": {"per_place": -3}, "target": -6},
        ],
        interventions=[
            {"id": "i", "cost": 10, "impact": {"k": 3, "m": -2}},
            {"id": "j", "cost": 11, "impact": {"k": 4, "m": -1.5}},
            {"id": "x", "cost": 12, "impact": {"k": 5}},
        ],
        overlaps=[
            {"indicator": "k", "interventions": ["i", "j"], "how": "best"},
            {"indicator": "m", "interventions": ["i", "j"], "how": "random", "reach": {"i": 0.5, "j": 0.25}},
        ],
    )


def targets_in_order() -> Instance:
    """Targets first: hard ones by place, soft ones by group; then cost, then value; rules of most kinds."""
    return _instance(
        agenda={
            "priorities": ["targets", "cost", "value"],
            "targets": [
                {"indicator": "k", "at_least": 6, "place": "a"},
                {"indicator": "k", "at_least": 13, "group": "west", "soft": True, "penalty": 0.5},
                {"indicator": "k", "at_most": 5, "group": "east", "soft": True, "penalty": 0.25},
            ],
        },
        rules=[
            {"at_most": 2, "of": ["i", "j", "x"]},
            {"requires": {"intervention": "x", "needs": ["i"], "within": "group"}},
            {"must": {"intervention": "x", "place": "c"}},
            {"must_not": {"partner": "q", "intervention": "x"}},
            {"at_least": 1, "of": ["i"], "within": "group"},
        ],
        baseline=[{"partner": "q", "intervention": "i", "place": "b"}],
    )


def free_of_charge() -> Instance:
    """Nothing costs anything, nobody pays."""
    return _instance(
        currency="JPY",
        interventions=[
            {"id": "i", "cost": 0, "impact": {"k": 3}},
            {"id": "j", "cost": 0, "impact": {"k": 0}},
        ],
        capabilities=[{"partner": who, "intervention": what} for who in "pq" for what in "ij"],
    )


RICH: dict[str, Callable[[], Instance]] = {
    made.__name__: made
    for made in (
        synergies_of_every_kind,
        two_backbones,
        money_by_period,
        overlaps_and_saturation,
        targets_in_order,
        free_of_charge,
    )
}
