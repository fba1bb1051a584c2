"""The smallest words: numbers, ids, quantities, estimates, and what every record carries.

Field docstrings are the documentation: ``ciopt schema`` prints them.
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    SerializerFunctionWrapHandler,
    StrictBool,
    WithJsonSchema,
    model_serializer,
)
from pydantic_core import PydanticCustomError

MAX_FRACTION_DIGITS = 6
MICRO: int = 10**MAX_FRACTION_DIGITS
"""Numbers are kept as integers of 10^-6 wherever arithmetic is done."""

OWN_BUDGET = "budget:"
"""Prefix that makes a partner's id the name of the fund that its own budget is."""

_MAX_WHOLE = Decimal(10) ** 15
_ID = re.compile(r"[A-Za-z0-9_.\-]+")


def _number(value: object) -> Decimal:
    """Accept an exact decimal; refuse booleans, text, NaN, infinities and too many digits."""
    if isinstance(value, bool) or not isinstance(value, (int, float, Decimal)):
        raise PydanticCustomError("number", "expected a number, found {found}", {"found": describe(value)})
    number = Decimal(str(value) if isinstance(value, float) else value)
    if not number.is_finite():
        raise PydanticCustomError("number", "expected a finite number, found {found}", {"found": str(value)})
    if not -_MAX_WHOLE < number < _MAX_WHOLE:
        raise PydanticCustomError("number", "numbers lie between -10^15 and 10^15", {})
    exponent = number.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -MAX_FRACTION_DIGITS:
        if number != round(number, MAX_FRACTION_DIGITS):
            raise PydanticCustomError(
                "digits", "{found} has more than 6 fractional digits", {"found": str(number)[:40]}
            )
        number = round(number, MAX_FRACTION_DIGITS)
    return number


def _count(value: object) -> int:
    """Accept a whole number of at least 0."""
    number = _number(value)
    if number != number.to_integral_value() or number < 0:
        raise PydanticCustomError(
            "count", "expected a whole number of at least 0, found {n}", {"n": str(number)}
        )
    return int(number)


def _identifier(value: object) -> str:
    """Accept letters, digits, ``_ . -``; name the offending character otherwise."""
    if not isinstance(value, str):
        raise PydanticCustomError("id", "expected an id (text), found {found}", {"found": describe(value)})
    if not value:
        raise PydanticCustomError("id", "an id cannot be empty", {})
    if len(value) > 200:
        raise PydanticCustomError(
            "id", "an id has at most 200 characters, this one has {n}", {"n": len(value)}
        )
    if not _ID.fullmatch(value):
        wrong = next(c for c in value if not _ID.fullmatch(c))
        known_as = unicodedata.name(wrong, "unnamed character")
        raise PydanticCustomError(
            "id",
            "id {id} has the character {wrong} (U+{point}, {known_as}); ids use A-Z a-z 0-9 _ . -",
            {
                "id": ascii(value[:60]),
                "wrong": ascii(wrong),
                "point": f"{ord(wrong):04X}",
                "known_as": known_as,
            },
        )
    return value


def _fund_identifier(value: object) -> str:
    """Accept the id of a fund, or ``budget:`` and the id of a partner."""
    if isinstance(value, str) and value.startswith(OWN_BUDGET):
        return OWN_BUDGET + _identifier(value.removeprefix(OWN_BUDGET))
    return _identifier(value)


def describe(value: object) -> str:
    """Say what a JSON value is, in the words of JSON, for messages."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return f"the text {value[:40]!a}"
    if isinstance(value, (list, tuple)):
        return "a list"
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a number of more than 40 digits"  # Python itself refuses to write the longest
    return str(value)[:40]


def _plain(number: Decimal) -> int | Decimal:
    """Write whole numbers without a fraction, others as they are."""
    return int(number) if number == number.to_integral_value() else number


_NUMBER_SCHEMA = {"type": "number", "multipleOf": 0.000001}
Number = Annotated[
    Decimal,
    PlainValidator(_number),
    PlainSerializer(_plain, return_type=Any),
    WithJsonSchema(_NUMBER_SCHEMA),
]
"""An exact decimal with at most 6 fractional digits."""

Count = Annotated[int, PlainValidator(_count), WithJsonSchema({"type": "integer", "minimum": 0})]
Id = Annotated[
    str, PlainValidator(_identifier), WithJsonSchema({"type": "string", "pattern": r"^[A-Za-z0-9_.\-]+$"})
]
FundId = Annotated[
    str,
    PlainValidator(_fund_identifier),
    WithJsonSchema({"type": "string", "pattern": r"^(budget:)?[A-Za-z0-9_.\-]+$"}),
]
"""The id of a fund, or ``budget:PARTNER`` for a partner's own budget."""
Flag = StrictBool
Everything = Literal["*"]
Evidence = Literal["strong", "moderate", "weak", "assumed"]


def micro(number: Decimal) -> int:
    """Return a number as an integer of 10^-6 (exact: it has at most six fractional digits)."""
    return int(number.scaleb(MAX_FRACTION_DIGITS))


class Words(BaseModel):
    """Base of all records: frozen, no unknown keys, documented by the docstrings of its fields."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True, allow_inf_nan=False)

    @model_serializer(mode="wrap")
    def _only_what_was_said(self, handler: SerializerFunctionWrapHandler) -> Any:
        """Leave out what has its default: the canonical form says nothing twice."""
        data = handler(self)
        if not isinstance(data, dict):
            return data
        fields = type(self).model_fields
        kept: dict[str, Any] = {}
        for name, field in fields.items():
            key = field.serialization_alias or field.alias or name
            shown = key if key in data else name
            if shown in data and (
                field.is_required() or getattr(self, name) != field.get_default(call_default_factory=True)
            ):
                kept[key] = data[shown]
        return kept


class Reference(Words):
    """A code of a public vocabulary, kept and exported, ignored by the solver."""

    vocabulary: str
    """The vocabulary: IATI, SDG, DAC, p-code, IRIS+ …"""
    code: str
    """The code in that vocabulary."""


class Record(Words):
    """What every record of a table may carry besides its own fields."""

    name: str = ""
    """A name for people; ids are used where it is missing."""
    notes: str = ""
    """Sources, doubts, explanations."""
    refs: tuple[Reference, ...] = ()
    """Codes in public vocabularies."""


def _quantity(value: object) -> object:
    """Read a bare number as a fixed quantity."""
    if isinstance(value, (Words, dict)):
        return value
    return {"fixed": value}


class Quantity(Words):
    """``fixed`` + Σ ``per``[attribute] x attribute(place); a bare number is a fixed quantity."""

    fixed: Number = Decimal(0)
    """The part that does not depend on the place."""
    per: dict[Id, Number] = Field(default_factory=dict)
    """Amount per unit of an attribute of the place."""

    @model_serializer(mode="wrap")
    def _number_if_fixed(self, handler: SerializerFunctionWrapHandler) -> Any:
        data: dict[str, Any] = handler(self)
        said = {key: value for key, value in data.items() if value not in ({}, None)}
        if set(said) == {"fixed"}:
            return said["fixed"]
        if not self.fixed and "fixed" in said:
            del said["fixed"]
        return said


class EstimateRecord(Quantity):
    """A quantity that somebody estimated, and how sure they are."""

    range: tuple[Number, Number] | None = None
    """Multipliers of the central value, [low, high]: an 80 % interval."""
    evidence: Evidence | None = None
    """How good it is. Without a range: strong 15 %, moderate 30 %, weak 60 %, assumed 80 % either way."""


AQuantity = Annotated[Quantity, BeforeValidator(_quantity)]
Estimate = Annotated[EstimateRecord, BeforeValidator(_quantity)]
Selection = Everything | tuple[Id, ...]
"""``"*"`` for all, or the ids."""
Amount = Annotated[Number, Field(description="over the whole horizon")] | dict[Id, Number]
"""A number for the whole horizon, or an object with an amount for each period."""
