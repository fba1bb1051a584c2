"""Seeded coalitions of any size, in the real format.

``python -m benchmarks.generate --places 1000 --interventions 20 --seed 1 > coalition.json``. Same arguments,
same file. Places lie on a grid, so neighbours are near; partners work in a few groups each, so several
compete for an activity; money covers about a third of what could be done, so the choice is hard.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from dataclasses import dataclass
from random import Random
from typing import Any

Record = dict[str, Any]

PERIODS = ("2027", "2028", "2029")
SHARE_PAID_FOR = 0.35
MEAN_COST = 22_000


@dataclass(frozen=True)
class Size:
    """How big a coalition is.

    Parameters
    ----------
    places, interventions
        Their product is the number of activities.
    partners
        Implementing partners; each covers a few groups of places.
    partners_each
        How many of them can do an activity.
    quotes
        Whether every option has a cost of its own, as after a tender; makes the file large.
    max_share
        The largest part of an activity's cost that the fund for everything pays.
    """

    places: int = 100
    interventions: int = 10
    partners: int = 20
    partners_each: int = 3
    quotes: bool = False
    max_share: float = 1.0

    @property
    def row(self) -> int:
        """Places a row of the grid."""
        return max(2, math.isqrt(self.places))


def coalition(size: Size, seed: int) -> Record:
    """Return an instance as plain data."""
    draw = Random(seed)
    places = _places(size, draw)
    interventions = _interventions(size, draw)
    capabilities = _capabilities(size, places, draw)
    instance: Record = {
        "ciopt": 1,
        "name": f"{size.places} places, {size.interventions} interventions, seed {seed}",
        "currency": "USD",
        "periods": list(PERIODS),
        "places": places,
        "indicators": [
            {"id": "income", "weight": 0.01},
            {"id": "health", "weight": 0.5, "accrues": "per_period"},
            {"id": "pollution", "weight": -0.2},
        ],
        **_money(size),
        "interventions": interventions,
        "capabilities": capabilities,
        "synergies": _synergies(size, draw),
        "backbones": [{"partner": "secretariat", "cost": 40_000, "capacity": size.places // 4}],
        "agenda": {"maximize": "value"},
    }
    if size.quotes:
        instance["options"] = _quotes(capabilities, draw)
    return instance


def _places(size: Size, draw: Random) -> list[Record]:
    def neighbours(n: int) -> list[str]:
        right = [n + 1] if (n + 1) % size.row else []
        return [f"p{other}" for other in (*right, n + size.row) if other < size.places]

    return [
        {
            "id": f"p{n}",
            "group": f"g{n // (2 * size.row)}",
            "attributes": {"people": draw.randint(300, 20_000), "km": draw.randint(1, 40)},
            "neighbours": neighbours(n),
        }
        for n in range(size.places)
    ]


def _interventions(size: Size, draw: Random) -> list[Record]:
    return [
        {
            "id": f"i{n}",
            "cost": {"fixed": draw.randint(2_000, 20_000), "per": {"km": draw.randint(100, 1_000)}},
            "cost_profile": draw.choice([[1], [0.6, 0.4]]),
            "impact": {
                "income": {"per": {"people": draw.randint(1, 20) / 10}},
                "health": {"fixed": draw.randint(1, 200), "per": {"people": draw.randint(1, 9) / 1_000}},
            },
            "lag": draw.randint(0, 1),
        }
        for n in range(size.interventions)
    ]


def _capabilities(size: Size, places: list[Record], draw: Random) -> list[Record]:
    """For each intervention and group, some partners that can do it at all places of the group."""
    groups: dict[str, list[str]] = {}
    for place in places:
        groups.setdefault(place["group"], []).append(place["id"])
    where: dict[tuple[int, int], list[str]] = {}
    for intervention in range(size.interventions):
        for members in groups.values():
            for partner in draw.sample(range(size.partners), size.partners_each):
                where.setdefault((partner, intervention), []).extend(members)
    return [
        {
            "partner": f"q{partner}",
            "intervention": f"i{intervention}",
            "places": found,
            "periods": [draw.choice(PERIODS[:2])],
            "cost_factor": draw.randint(80, 130) / 100,
            "impact_factor": draw.randint(80, 120) / 100,
        }
        for (partner, intervention), found in sorted(where.items())
    ]


def _money(size: Size) -> Record:
    """Own budgets for a part; a fund for some interventions, and one that matches it."""
    total = int(SHARE_PAID_FOR * size.places * size.interventions * MEAN_COST)
    roles = ["funding", "implementing"]
    partners: list[Record] = [
        {"id": f"q{n}", "roles": roles, "budget": total // (2 * size.partners), "participation_cost": 5_000}
        for n in range(size.partners)
    ]
    partners += [
        {"id": "donor", "roles": ["funding"]},
        {"id": "secretariat", "roles": ["backbone"], "budget": 60_000},
    ]
    half = [f"i{n}" for n in range(size.interventions // 2)]
    funds = [
        {"id": "earmarked", "partner": "donor", "amount": total // 4, "pays_for": {"interventions": half}},
        {"id": "shared", "partner": "donor", "amount": total // 4, "max_share": size.max_share},
    ]
    return {"partners": partners, "funds": funds}


def _synergies(size: Size, draw: Random) -> list[Record]:
    """Most at a place, some between neighbours, a few need the backbone, one in eight is a loss."""
    found = []
    for n in range(size.interventions + size.interventions // 2):
        within = "place" if n < size.interventions else "neighbours"
        amount = draw.randint(1, 9) / 10 * (-1 if n % 8 == 7 else 1)
        record = {
            "id": f"s{n}",
            "between": [f"i{k}" for k in draw.sample(range(size.interventions), 2)],
            "within": within,
            "adds": {"income": {"per": {"people": amount}}},
        }
        found.append({**record, "backbone": True} if n % 8 == 3 else record)
    return found


def _quotes(capabilities: list[Record], draw: Random) -> list[Record]:
    return [
        {
            "partner": each["partner"],
            "intervention": each["intervention"],
            "place": place,
            "cost": draw.randint(4_000, 40_000),
            "notes": "offer of the spring tender",
        }
        for each in capabilities
        for place in each["places"]
    ]


def main() -> None:
    """Write a coalition to stdout."""
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ("places", "interventions", "partners", "partners_each"):
        flag = f"--{name.replace('_', '-')}"
        parser.add_argument(flag, type=int, default=getattr(Size, name))
    parser.add_argument("--max-share", type=float, default=Size.max_share)
    parser.add_argument("--quotes", action="store_true", help="a cost of its own for every option")
    parser.add_argument("--seed", type=int, default=1)
    wish = vars(parser.parse_args())
    seed = wish.pop("seed")
    json.dump(coalition(Size(**wish), seed), sys.stdout, indent=1)


if __name__ == "__main__":
    main()
