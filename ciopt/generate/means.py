"""Money and staff: so much that a part of everything can be done."""

from __future__ import annotations

from random import Random
from typing import Any

from ciopt.generate.land import Land
from ciopt.generate.wish import Wish
from ciopt.generate.work import period

Record = dict[str, Any]

IN_FUNDS = 0.4
"""Part of the money that funds hold, if there are any."""


def quantity(said: Record, attributes: dict[str, int]) -> float:
    """Evaluate a quantity at a place."""
    total: float = said.get("fixed", 0) + sum(
        rate * attributes[name] for name, rate in said.get("per", {}).items()
    )
    return total


def money(
    wish: Wish, land: Land, kinds: list[Record], capabilities: list[Record], draw: Random
) -> tuple[list[Record], list[Record]]:
    """Return partners with budgets (and capacities), and funds."""
    of = {kind["id"]: kind for kind in kinds}
    attributes = {place["id"]: place["attributes"] for place in land.places}
    cost = {
        (name, place): quantity(kind["cost"], attributes[place])
        for name, kind in of.items()
        for place in attributes
    }
    ways: dict[tuple[str, str], int] = {}
    for each in capabilities:
        for place in each["places"]:
            ways[each["intervention"], place] = ways.get((each["intervention"], place), 0) + 1
    share = {f"partner-{n}": 0.0 for n in range(wish.partners)}
    staff = dict.fromkeys(share, 0.0)
    for each in capabilities:
        name = each["intervention"]
        uses = of[name].get("uses", {}).get("staff_days")
        for place in each["places"]:
            part = wish.tightness / ways[name, place]
            share[each["partner"]] += part * cost[name, place] * each["cost_factor"]
            if uses:
                staff[each["partner"]] += part * quantity(uses, attributes[place])
    own = 1 - IN_FUNDS * (wish.funds > 0)
    partners = [
        {
            "id": name,
            "roles": ["funding", "implementing"],
            "budget": _in_time(wish, own * amount * draw.uniform(0.7, 1.3)),
            **({"capacity": {"staff_days": round(1.2 * staff[name])}} if wish.capacities else {}),
        }
        for name, amount in share.items()
    ]
    return partners, _funds(wish, kinds, IN_FUNDS * sum(share.values()), draw)


def _in_time(wish: Wish, amount: float) -> int | Record:
    """Return one amount, or one for each period."""
    if wish.periods == 1:
        return round(amount)
    return {period(t): round(amount / wish.periods) for t in range(wish.periods)}


def _funds(wish: Wish, kinds: list[Record], total: float, draw: Random) -> list[Record]:
    """Each pays for half of the interventions; some only a share, some keep what is left."""
    found = []
    for number in range(wish.funds):
        chosen = draw.sample([kind["id"] for kind in kinds], -(-len(kinds) // 2))
        record: Record = {
            "id": f"fund-{number}",
            "partner": f"donor-{number}",
            "amount": _in_time(wish, total / wish.funds * draw.uniform(0.7, 1.3)),
            "pays_for": {"interventions": sorted(chosen)},
        }
        if number % 2:
            record["max_share"] = 0.8
        if wish.periods > 1 and number % 3 == 0:
            record["carry_over"] = True
        found.append(record)
    return found


def quotes(wish: Wish, capabilities: list[Record], draw: Random) -> list[Record]:
    """Return a cost of its own for every option, as after a tender."""
    if not wish.quotes:
        return []
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
