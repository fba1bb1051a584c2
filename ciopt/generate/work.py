"""What can be done, by whom, and what goes well together."""

from __future__ import annotations

from itertools import combinations
from random import Random
from typing import Any

from ciopt.generate.land import Land
from ciopt.generate.wish import Wish

Record = dict[str, Any]

NAMES = (
    "road", "training", "planting-stock", "clinic", "nutrition", "school", "water", "savings", "market",
    "child-care", "literacy", "agroforestry", "storage", "irrigation", "latrines", "vaccines", "radio",
    "land-titles", "insurance", "meals",
)  # fmt: skip
INDICATORS = {"income": 0.01, "health": 0.5, "learning": 0.2}
BASES = {"income": ("farmers", 9.0), "health": ("people", 0.06), "learning": ("children", 0.5)}
"""What an impact on an indicator grows with, and how much of it one intervention brings, about."""
ORDERED_NEIGHBOURS = 4
"""Ordered pairs of neighbours a place on a grid."""


def names(wish: Wish) -> list[str]:
    """Names of the interventions."""
    return [*NAMES, *(f"work-{n}" for n in range(len(NAMES), wish.interventions))][: wish.interventions]


def interventions(wish: Wish, draw: Random) -> list[Record]:
    """Templates: costs and impacts as quantities of a place's attributes."""
    return [_intervention(wish, name, draw) for name in names(wish)]


def _intervention(wish: Wish, name: str, draw: Random) -> Record:
    size = 10 ** (2 * wish.lumpiness * draw.random())  # cheap and dear kinds
    cost = {
        "fixed": round(size * draw.randint(2_000, 9_000)),
        "per": {
            "km": round(size * draw.randint(40, 500), 2),
            "hills": round(size * draw.randint(20, 300), 2),
            "people": round(size * draw.randint(5, 60) / 100, 2),
        },
    }
    record: Record = {"id": name, "cost": cost, "impact": _impact(wish, size, draw)}
    if wish.periods > 1:
        record["cost_profile"] = draw.choice([[1], [0.6, 0.4], [0.7, 0.3]])
        record["lag"] = draw.randint(0, 1)
    if wish.capacities:
        record["uses"] = {
            "staff_days": {"fixed": draw.randint(3, 20), "per": {"km": draw.randint(1, 9) / 10}}
        }
    return record


def _impact(wish: Wish, size: float, draw: Random) -> Record:
    chosen = draw.sample(sorted(INDICATORS), draw.randint(1, 2))
    found = {}
    for indicator in chosen:
        base, rate = BASES[indicator]
        part = size * rate * draw.uniform(0.3, 1.7) / len(chosen)
        found[indicator] = {
            "fixed": round(100 * part * draw.random(), 2),
            "per": {base: round(part, 4), "need": round(20 * part * draw.random(), 4)},
        }
    return found


def capabilities(wish: Wish, land: Land, draw: Random) -> list[Record]:
    """For each intervention and district, some of the partners at home nearby."""
    homes = [
        (draw.uniform(0, len(land.places) / land.row), draw.uniform(0, land.row))
        for _ in range(wish.partners)
    ]
    rates = [(draw.randint(85, 125) / 100, draw.randint(85, 120) / 100) for _ in range(wish.partners)]
    where: dict[tuple[int, int], list[int]] = {}
    for members in land.districts().values():
        row, column = land.where(members[0])
        near = sorted(
            range(wish.partners), key=lambda p: (homes[p][0] - row) ** 2 + (homes[p][1] - column) ** 2
        )
        candidates = near[: 2 * wish.ways + 2]
        for intervention in range(wish.interventions):
            able = min(len(candidates), max(1, wish.ways + draw.choice((-1, 0, 0, 1))))
            for partner in draw.sample(candidates, able):
                where.setdefault((partner, intervention), []).extend(members)
    # the last place has only as many activities as are left
    missing = wish.interventions * len(land.places) - wish.activities
    last, kept = len(land.places) - 1, wish.interventions - missing
    found = []
    kinds = names(wish)
    for (partner, intervention), places in sorted(where.items()):
        here = [f"p{place}" for place in places if place != last or intervention < kept]
        cost, impact = rates[partner]
        record: Record = {
            "partner": f"partner-{partner}",
            "intervention": kinds[intervention],
            "places": here,
            "cost_factor": round(cost * draw.uniform(0.9, 1.1), 3),
            "impact_factor": round(impact * draw.uniform(0.9, 1.1), 3),
        }
        if wish.periods > 1:
            first = draw.randrange(wish.periods)
            record["periods"] = [period(first)] if draw.random() < 0.7 else [period(first), period(first - 1)]
            record["periods"] = sorted(set(record["periods"]) & {period(t) for t in range(wish.periods)})
        if here:
            found.append(record)
    return found


def period(number: int) -> str:
    """Return the name of a period."""
    return str(2027 + number)


def synergies(wish: Wish, kinds: list[Record], draw: Random) -> list[Record]:
    """Pairs at one place, and one in eight between neighbours, until there are enough instances."""
    wanted = wish.density * wish.interventions  # instances a place
    pairs = list(combinations(range(len(kinds)), 2))
    draw.shuffle(pairs)
    found: list[Record] = []
    instances = 0
    while instances < wanted and pairs:
        one, other = pairs.pop()
        far = wanted - instances >= ORDERED_NEIGHBOURS and len(found) % 8 == 0
        number = len(found)
        sign = -1 if int((number + 1) * wish.negative) > int(number * wish.negative) else 1
        found.append(
            {
                "id": f"s{len(found)}",
                "between": [kinds[one]["id"], kinds[other]["id"]],
                "within": "neighbours" if far else "place",
                "adds": _adds(wish, [kinds[one], kinds[other]], sign * (0.25 if far else 1.0), draw),
            }
        )
        instances += ORDERED_NEIGHBOURS if far else 1
    return found


def _adds(wish: Wish, members: list[Record], part: float, draw: Random) -> Record:
    """Return a part of what the members bring: the same attributes, smaller factors."""
    source: Record = draw.choice(members)["impact"]
    indicator = draw.choice(sorted(source))
    factor = part * wish.synergy * draw.uniform(0.2, 1.8)
    quantity = source[indicator]
    return {
        indicator: {
            "fixed": round(factor * quantity["fixed"], 2),
            "per": {name: round(factor * rate, 4) for name, rate in quantity["per"].items()},
        }
    }


def rules(wish: Wish, draw: Random) -> list[Record]:
    """As many rules of each kind as are wished for, on interventions that differ."""
    kinds = names(wish)
    found: list[Record] = []
    for number in range(wish.rules):
        one, other = draw.sample(kinds, 2) if len(kinds) > 1 else (kinds[0], kinds[0])
        if one == other:
            break
        first, second = sorted((one, other), key=kinds.index)  # one order of all: requirements have no circle
        found += [
            {
                "id": f"needs-{number}",
                "requires": {"intervention": second, "needs": [first], "within": "place"},
            },
            {"id": f"either-{number}", "excludes": draw.sample(kinds, 2), "within": "place"},
            {"id": f"few-{number}", "at_most": draw.randint(5, 9), "of": [first], "within": "group"},
        ]
    return found
