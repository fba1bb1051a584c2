"""Places on a grid, in districts, with the attributes that costs and impacts depend on."""

from __future__ import annotations

import math
from dataclasses import dataclass
from random import Random
from typing import Any

from ciopt.generate.wish import Wish

Record = dict[str, Any]

ATTRIBUTES = ("people", "farmers", "children", "km", "need", "hills")
DISTRICT = 5
"""A district is a square of so many places a side."""


@dataclass(frozen=True)
class Land:
    """The places of a coalition.

    Parameters
    ----------
    places
        Their records.
    row
        Places a row of the grid.
    """

    places: list[Record]
    row: int

    def district(self, place: int) -> int:
        """Number of a place's district."""
        across = -(-self.row // DISTRICT)
        return place // self.row // DISTRICT * across + place % self.row // DISTRICT

    def districts(self) -> dict[int, list[int]]:
        """Places of each district."""
        found: dict[int, list[int]] = {}
        for place in range(len(self.places)):
            found.setdefault(self.district(place), []).append(place)
        return found

    def where(self, place: int) -> tuple[int, int]:
        """Row and column of a place."""
        return divmod(place, self.row)


def settle(wish: Wish, draw: Random) -> Land:
    """Draw as many places as the activities need."""
    count = -(-wish.activities // wish.interventions)
    row = max(1, math.isqrt(count))
    land = Land([], row)
    for number in range(count):
        land.places.append(
            {
                "id": f"p{number}",
                "group": f"d{land.district(number)}",
                "attributes": _attributes(draw),
                "neighbours": [f"p{other}" for other in _next_to(number, row, count)],
            }
        )
    return land


def _attributes(draw: Random) -> dict[str, int]:
    people = int(400 * 12 ** draw.random())  # many small villages, few towns
    return {
        "people": people,
        "farmers": people * draw.randint(10, 45) // 100,
        "children": people * draw.randint(15, 40) // 100,
        "km": draw.randint(1, 40),
        "need": draw.randint(5, 100),
        "hills": draw.randint(0, 30),
    }


def _next_to(place: int, row: int, count: int) -> list[int]:
    """Places to the right and below; the format makes neighbours symmetric."""
    right = [place + 1] if (place + 1) % row else []
    return [other for other in (*right, place + row) if other < count]
