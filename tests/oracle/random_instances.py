"""`random_instance`: every seed gives a valid instance, over all that this version solves.

``tiny`` ones can be solved by trying everything, ``small`` ones by one engine against another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ciopt.errors import InvalidInput
from ciopt.instance import Instance, Lookup, parse
from tests.oracle import draw_demand, draw_supply
from tests.oracle.drawing import Draw, Record
from tests.oracle.tight import tightened

Size = Literal["tiny", "small"]

MOST_TRIES = 200
STRIDE = 1_000_003
"""Derived seeds: tries of one seed do not meet those of another."""


@dataclass(frozen=True)
class _Shape:
    """How large the tables are, from .. to; and how many plans and activities there may be."""

    places: tuple[int, int]
    interventions: tuple[int, int]
    partners: tuple[int, int]
    periods: tuple[int, int]
    funds: tuple[int, int]
    synergies: tuple[int, int]
    rules: tuple[int, int]
    most_plans: int | None
    activities: tuple[int, int]
    share: float


SHAPES: dict[Size, _Shape] = {
    "tiny": _Shape((1, 4), (2, 4), (1, 3), (1, 3), (0, 3), (0, 3), (1, 3), 3_000, (4, 11), 0.9),
    "small": _Shape((5, 9), (3, 6), (2, 4), (1, 3), (0, 4), (0, 4), (1, 4), None, (15, 40), 0.6),
}


def random_instance(seed: int, size: Size = "tiny") -> Instance:
    """Draw an instance.

    Parameters
    ----------
    seed
        The same seed gives the same instance.
    size
        ``tiny``: at most 3,000 choices of options; ``small``: 15 to 40 activities.

    Returns
    -------
    Instance
        A valid one, often feasible.
    """
    shape = SHAPES[size]
    for number in range(MOST_TRIES):
        draw = Draw(seed + number * STRIDE)
        try:
            instance = parse(_tables(draw, shape))
            if draw.has("tight", 0.3):
                instance = tightened(instance, draw)
        except InvalidInput:
            continue
        if shape.activities[0] <= len(Lookup(instance).activities) <= shape.activities[1]:
            return instance
    raise AssertionError(f"seed {seed}: no valid instance in {MOST_TRIES} tries")


def _tables(draw: Draw, shape: _Shape) -> Record:
    """Plain data of an instance, valid more often than not."""
    periods = ["2027", "2028", "2029"][: draw.integer(*shape.periods)]
    are_said = len(periods) > 1 or draw.chance(0.5)
    periods = periods if are_said else ["all"]
    indicators = draw.names(draw.integer(1, 2))
    interventions = draw.names(draw.integer(*shape.interventions))
    tables: Record = {"ciopt": 1, "currency": draw.currency, **({"periods": periods} if are_said else {})}
    tables["places"] = draw_supply.places(draw, draw.names(draw.integer(*shape.places)))
    tables["indicators"] = draw_demand.indicators(draw, indicators)
    tables["partners"] = draw_supply.partners(draw, draw.names(draw.integer(*shape.partners)), periods)
    tables["interventions"] = draw_supply.interventions(draw, interventions, indicators)
    tables["capabilities"] = draw_supply.capabilities(draw, tables, periods, shape.most_plans, shape.share)
    tables["options"] = draw_supply.option_overrides(draw, tables, periods)
    tables["funds"] = draw_supply.funds(draw, tables, draw.names(draw.integer(*shape.funds)), periods)
    num_synergies = draw.integer(*shape.synergies) if draw.has("synergies", 0.7) else 0
    tables["synergies"] = draw_demand.synergies(draw, interventions, indicators, num_synergies)
    tables["overlaps"] = draw_demand.overlaps(draw, interventions, indicators)
    num_rules = draw.integer(*shape.rules) if draw.has("rules", 0.6) else 0
    tables["rules"] = draw_demand.rules(draw, tables, periods, num_rules)
    tables["backbones"] = draw_supply.backbones(draw, tables)
    tables["agenda"] = draw_demand.agenda(draw, tables)
    tables["baseline"] = draw_supply.baseline(draw, tables, periods)
    if draw.has("scenarios", 0.2):
        tables["scenarios"] = {"without": {"remove": [f"interventions.{interventions[0]}.lag"]}}
    if draw.has("max_cost", 0.12):
        tables["agenda"]["max_cost"] = draw.money(10, 60)
    return tables
