"""`Exact`: a decimal of any length in a plan or a result."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

from ciopt.instance.base import describe


def _exact(value: object) -> Decimal:
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
        raise PydanticCustomError("number", "expected a number, found {found}", {"found": describe(value)})
    number = Decimal(value)
    if not number.is_finite() or abs(number.adjusted()) > 60:
        raise PydanticCustomError("number", "expected a finite number of ordinary size", {})
    return number


def _plain(number: Decimal) -> int | Decimal:
    return int(number) if number == number.to_integral_value() else number


Exact = Annotated[
    Decimal,
    PlainValidator(_exact),
    PlainSerializer(_plain, return_type=Any),
    WithJsonSchema({"type": "number"}),
]
"""A decimal of any length: sums and products of the instance's numbers, never rounded."""
