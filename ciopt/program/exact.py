"""Exact decimals in arrays: integers and one common number of digits after the point.

Products of quantities, factors and weights are computed in int64 where the result provably fits and in
Python integers (object arrays) where it does not; floats never appear.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ciopt.errors import InvalidInput, Problem

SAFE = 2**62
"""Results below this are computed in int64."""

Integers = NDArray[Any]
"""int64, or Python integers in an object array."""


@dataclass(frozen=True)
class Scaled:
    """``values`` x 10^-``digits``."""

    values: Integers
    digits: int

    def times(self, factor: Decimal) -> Scaled:
        """Multiply by a decimal."""
        number, digits = as_integer(factor)
        return Scaled(multiply(self.values, number), self.digits + digits)

    def at(self, rows: NDArray[np.int64]) -> Scaled:
        """Take some entries."""
        return Scaled(self.values[rows], self.digits)

    def rounded(self, digits: int) -> Integers:
        """Return integers of 10^-``digits``, rounded half up (towards +infinity) once."""
        if digits >= self.digits:
            return multiply(self.values, 10 ** (digits - self.digits))
        denominator = 10 ** (self.digits - digits)
        if 2 * largest(self.values) + denominator < SAFE and denominator < SAFE // 2:
            return np.asarray((2 * self.values.astype(np.int64) + denominator) // (2 * denominator))
        exact: Integers = (2 * self.values.astype(object) + denominator) // (2 * denominator)
        return exact


def as_integer(number: Decimal) -> tuple[int, int]:
    """Return (n, d) with number = n x 10^-d and d as small as can be, at least 0."""
    if not number:
        return 0, 0
    exponent = number.normalize().as_tuple().exponent
    assert isinstance(exponent, int)
    return int(number.scaleb(max(0, -exponent))), max(0, -exponent)


def column(numbers: Iterable[Decimal]) -> Scaled:
    """Make an array of decimals, with as few digits as they need."""
    pairs = [as_integer(number) for number in numbers]
    digits = max((d for _, d in pairs), default=0)
    return Scaled(integers([n * 10 ** (digits - d) for n, d in pairs]), digits)


def constant(number: Decimal, length: int) -> Scaled:
    """Make an array that has one decimal everywhere."""
    value, digits = as_integer(number)
    return Scaled(np.full(length, value, dtype=np.int64), digits)


def integers(values: list[int]) -> Integers:
    """Make an array of Python integers: int64 if they fit."""
    if all(-SAFE < value < SAFE for value in values):
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=object)


def largest(values: Integers) -> int:
    """Largest absolute value, 0 for an empty array."""
    if not len(values):
        return 0
    return max(abs(int(values.max())), abs(int(values.min())))


def multiply(values: Integers, factor: int) -> Integers:
    """Multiply exactly."""
    if values.dtype != object and largest(values) * abs(factor) < SAFE:
        return np.asarray(values * factor)
    return slim(values.astype(object) * factor)


def add(one: Scaled, other: Scaled) -> Scaled:
    """Add entry by entry."""
    digits = max(one.digits, other.digits)
    left = multiply(one.values, 10 ** (digits - one.digits))
    right = multiply(other.values, 10 ** (digits - other.digits))
    if largest(left) + largest(right) < SAFE:
        return Scaled(left + right, digits)
    return Scaled(left.astype(object) + right.astype(object), digits)


def times(one: Scaled, other: Scaled) -> Scaled:
    """Multiply entry by entry."""
    digits = one.digits + other.digits
    if largest(one.values) * largest(other.values) < SAFE:
        return Scaled(one.values * other.values, digits)
    return Scaled(one.values.astype(object) * other.values.astype(object), digits)


def slim(values: Integers) -> Integers:
    """Return int64 where everything fits."""
    if values.dtype == object and largest(values) < SAFE:
        return values.astype(np.int64)
    return values


def int64(values: Integers, what: str) -> NDArray[np.int64]:
    """Insist on int64: more than 4.6 x 10^18 units is no coalition's plan but a slip of the pen."""
    slimmed = slim(values)
    if slimmed.dtype == object:
        text = f"{what}: the numbers are too large ({largest(slimmed):.3e} of the smallest unit)"
        raise InvalidInput([Problem("E220", text, (), "use a larger unit (millions instead of ones)")])
    return np.asarray(slimmed, dtype=np.int64)


def common_divisor(*arrays: Integers) -> int:
    """Greatest common divisor of all entries; 1 if all are 0 or there are none."""
    divisor = 0
    for values in arrays:
        if len(values):
            divisor = int(np.gcd.reduce(np.append(values, divisor) if divisor else values))
    return abs(divisor) or 1


def ranges(start: NDArray[np.int64], length: NDArray[np.int64]) -> NDArray[np.int64]:
    """Concatenate ``start[i], …, start[i] + length[i] - 1`` for all i."""
    if not len(start):
        return np.zeros(0, dtype=np.int64)
    ends = np.cumsum(length)
    return np.arange(ends[-1], dtype=np.int64) - np.repeat(ends - length - start, length)
