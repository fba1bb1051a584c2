"""`Certificate`: what a bound is proven with."""

from __future__ import annotations

import base64
import binascii
import sys
import zlib
from array import array
from decimal import Decimal
from typing import Annotated, Any

from pydantic import Field, PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ciopt.instance.base import Words

PRICE_DIGITS = 18
"""Digits of a price after the point."""
SPLIT_DIGITS = 12
"""Splits are integers of 10^-12 of the goal's unit."""

_LONG = 50
"""Lists longer than this are written compressed."""
_MOST = 2**40


def _price(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise PydanticCustomError("number", "expected a number", {})
    number = Decimal(value)
    if not number.is_finite() or abs(number) >= 10**30:
        raise PydanticCustomError("number", "expected a finite number below 10^30", {})
    return number


def _splits(value: object) -> tuple[int, ...]:
    """Read a list of integers, or its compressed form."""
    if isinstance(value, str):
        try:
            raw = zlib.decompressobj().decompress(base64.b64decode(value, validate=True), _MOST)
            numbers = array("q", raw)
        except (binascii.Error, zlib.error, ValueError):
            raise PydanticCustomError("splits", "expected integers, or base64 of zlib of int64", {}) from None
        if sys.byteorder == "big":
            numbers.byteswap()
        return tuple(numbers)
    if not isinstance(value, (list, tuple)) or any(type(each) is not int for each in value):
        raise PydanticCustomError("splits", "expected a list of integers", {})
    return tuple(value)


def _packed(numbers: tuple[int, ...]) -> Any:
    if len(numbers) <= _LONG:
        return list(numbers)
    packed = array("q", numbers)
    if sys.byteorder == "big":
        packed.byteswap()
    return base64.b64encode(zlib.compress(packed.tobytes(), 6)).decode("ascii")


Price = Annotated[
    Decimal,
    PlainValidator(_price),
    PlainSerializer(lambda number: number, return_type=Any),
    WithJsonSchema({"type": "number"}),
]
Splits = Annotated[
    tuple[int, ...],
    PlainValidator(_splits),
    PlainSerializer(_packed, return_type=Any),
    WithJsonSchema({"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"type": "string"}]}),
]


class Certificate(Words):
    """Prices and splits that prove a bound on a goal."""

    goal: Annotated[str, Field(pattern=r"^(targets|fairness( [1-9][0-9]*)?|value|cost)$")] = "value"
    prices: dict[str, Price] = Field(default_factory=dict)
    """By name of the limit: what one unit of it is worth, in the goal's unit. Lower limits: at most 0.

    Also weights, at least 0: of members' outcomes (``floor``, ``share``, ``fairness`` with the member's
    id), of errors (``error`` with the estimate and its end, ``sample`` with its number), and of the goals
    before (``held`` with the goal's name; ``held fairness`` with the member's id)."""
    money: dict[str, dict[str, Price]] = Field(default_factory=dict)
    """By fund and period: what one unit of money is worth; ``min_spend``: what spending it is worth."""
    synergies: dict[str, Splits] = Field(default_factory=dict)
    """By synergy: what each member's activities get of it, instance by instance, in 10^-12."""
    participation: dict[str, Splits] = Field(default_factory=dict)
    """By partner: what each of its activities bears of the participation cost, in 10^-12."""
