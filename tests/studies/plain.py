"""Exact decimals compare with whole numbers, which is easier to read than their text."""

from __future__ import annotations

from typing import Any


def plain(thing: Any) -> Any:
    """Return the thing itself, for a comparison across types of numbers.

    Examples
    --------
    >>> from decimal import Decimal
    >>> plain((Decimal("2.0"), None)) == (2, None)
    True
    """
    return thing
