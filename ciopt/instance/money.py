"""Money as whole minor units: how many digits a currency has, and how fractions are rounded."""

from __future__ import annotations

from decimal import Decimal

_NO_MINOR = frozenset(
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF".split()  # noqa: SIM905
)
_THREE = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
_FOUR = frozenset(["CLF", "UYW"])


def minor_digits(currency: str) -> int:
    """Digits of a currency's minor unit (ISO 4217): 2 for USD, 0 for XOF."""
    if currency in _NO_MINOR:
        return 0
    if currency in _THREE:
        return 3
    return 4 if currency in _FOUR else 2


def to_minor(amount: Decimal, currency: str) -> int:
    """Return an amount in minor units; exact, since amounts have no more digits than the currency."""
    scaled = amount.scaleb(minor_digits(currency))
    whole = int(scaled)
    if whole != scaled:
        raise ValueError(f"{amount} has more digits than {currency} has")
    return whole


def from_minor(amount: int, currency: str) -> Decimal:
    """Return minor units as an amount: 12345 -> 123.45."""
    return Decimal(amount).scaleb(-minor_digits(currency))


def half_up(numerator: int, denominator: int) -> int:
    """Round numerator / denominator to the nearest integer, halves up (towards +infinity)."""
    return (2 * numerator + denominator) // (2 * denominator)


def largest_remainders(total: int, shares: list[int]) -> list[int]:
    """Split a total in proportion to whole-number shares so that the parts add up.

    The units that rounding down leaves go to the largest remainders, the earlier part first on a tie.

    Examples
    --------
    >>> largest_remainders(100, [1, 1, 1])
    [34, 33, 33]
    """
    whole = sum(shares)
    parts = [total * share // whole for share in shares]
    order = sorted(range(len(shares)), key=lambda k: (-(total * shares[k] % whole), k))
    for k in order[: total - sum(parts)]:
        parts[k] += 1
    return parts
