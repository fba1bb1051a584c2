"""What instances of published sets have in common."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

Record = dict[str, Any]

HERE = "here"
"""The place, where a problem has none."""
WORTH = "worth"
"""The indicator that is counted."""
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")


def numbers(text: str) -> Iterator[Decimal]:
    """All numbers of a text, one after the other."""
    return (Decimal(found) for found in _NUMBER.findall(text))


def integers(text: str) -> Iterator[int]:
    """All numbers of a text, which are whole."""
    return (int(number) for number in numbers(text))


def instance(description: str, partners: list[Record], **tables: Any) -> Record:
    """Put an instance together: what is worth something is counted once, at one place if none are given."""
    return {
        "ciopt": 1,
        "description": description,
        "currency": "USD",
        "places": tables.pop("places", [{"id": HERE}]),
        "indicators": [{"id": WORTH}],
        "partners": [{"roles": ["funding", "implementing"], **partner} for partner in partners],
        "agenda": tables.pop("agenda", {"maximize": "value"}),
        **{name: table for name, table in tables.items() if table},
    }


def chooser(budget: Any, items: list[str], **more: Any) -> Record:
    """Tables of one partner that chooses among items."""
    return {
        "partners": [{"id": "chooser", "budget": budget, **more}],
        "capabilities": [{"partner": "chooser", "intervention": item, "places": "*"} for item in items],
    }
