"""Numbers, money and foreign text as people read them.

Names and ids may come from anybody's file: `clean` makes what would move the cursor, recolour the terminal
or reverse the line visible instead of effective.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_CEILING, Decimal

from ciopt.files.source import is_unsafe
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.money import minor_digits

_SIGNIFICANT = 6
_MAX_FRACTION = 12


def clean(text: str, limit: int = 200) -> str:
    r"""Make control characters, lone surrogates and writing-direction marks visible; shorten what is endless.

    Examples
    --------
    >>> clean("Soubré\x1b[2J")
    'Soubré\\x1b[2J'
    """
    shown = text if len(text) <= limit else text[: limit - 1] + "…"
    if shown.isascii() and shown.isprintable():
        return shown
    return "".join(ascii(char)[1:-1] if is_unsafe(char) else char for char in shown)


def number(amount: Decimal | int) -> str:
    """Write a number with thousands separators and, if it has a fraction, about six significant digits.

    Examples
    --------
    >>> number(Decimal("1234567")), number(Decimal("1234.56789")), number(Decimal("0.5"))
    ('1,234,567', '1,234.57', '0.5')
    """
    value = Decimal(amount)
    if value == 0:
        return "0"
    digits = min(max(_SIGNIFICANT - 1 - value.adjusted(), 0), _MAX_FRACTION)
    text = f"{value:,.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return f"{value:.2E}" if text.strip("-") == "0" else text


def numbers(values: Iterable[Decimal]) -> list[str]:
    """Write a column of numbers alike: all with the digits after the point that the largest needs.

    Examples
    --------
    >>> numbers([Decimal("4825.656"), Decimal("769"), Decimal("0.0001")])
    ['4,825.66', '769.00', '0.0001']
    """
    column = list(values)
    largest = max((abs(value) for value in column), default=Decimal(0))
    whole = max(_SIGNIFICANT - 1 - largest.adjusted(), 0) if largest else 0
    digits = min(whole, max((_num_digits(value) for value in column), default=0))
    written = (f"{value:,.{digits}f}" for value in column)
    return [
        text if not value or text.strip("-0.,") else number(value)
        for text, value in zip(written, column, strict=True)
    ]


def amount(value: Decimal, currency: str) -> str:
    """Write money without its currency; minor digits only if there are any.

    Examples
    --------
    >>> amount(Decimal("1234567.5"), "USD"), amount(Decimal("310000"), "USD")
    ('1,234,567.50', '310,000')
    """
    return amounts([value], currency)[0]


def amounts(values: Iterable[Decimal | None], currency: str) -> list[str]:
    """Write a column of money alike: all with minor digits, or none; empty for None."""
    column = list(values)
    has_fraction = any(value is not None and value != value.to_integral_value() for value in column)
    digits = 0
    if has_fraction:
        digits = minor_digits(currency) if currency else max(_num_digits(value) for value in column)
    return ["" if value is None else f"{value:,.{digits}f}" for value in column]


def _num_digits(value: Decimal | None) -> int:
    """Count the digits after the point; 0 for None."""
    exponent = value.normalize().as_tuple().exponent if value is not None else 0
    return max(-exponent, 0) if isinstance(exponent, int) else 0


def money(value: Decimal, currency: str) -> str:
    """Write money with its currency: ``1,234.50 USD``."""
    return f"{amount(value, currency)} {currency}".rstrip()


def goal_amount(goal: str, value: Decimal, currency: str) -> str:
    """Write an amount in the unit of a goal: value has none, cost has a currency.

    Examples
    --------
    >>> goal_amount("value", Decimal("12.50"), "USD"), goal_amount("cost", Decimal(12), "USD")
    ('12.5', '12 USD')
    """
    return number(value) if goal == "value" else money(value, currency)


def percent(part: Decimal) -> str:
    """Write a part of 1, rounded up so that a gap never looks closed: ``0.0313 -> 3.13 %``.

    Examples
    --------
    >>> percent(Decimal("0.5")), percent(Decimal("0.000000001"))
    ('50 %', '0.0000001 %')
    """
    hundredths = part * 100
    if hundredths == 0:
        return "0 %"
    digits = 2 if abs(hundredths) >= Decimal("0.01") else min(-hundredths.adjusted(), _MAX_FRACTION)
    rounded = hundredths.quantize(Decimal(1).scaleb(-digits), ROUND_CEILING)
    text = f"{rounded:,f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) + " %"


def fund_name(fund: str) -> str:
    """Write a fund's id; a partner's own budget as ``mars, own``."""
    return f"{fund.removeprefix(OWN_BUDGET)}, own" if fund.startswith(OWN_BUDGET) else fund


def used(spent: Decimal, available: Decimal | None) -> str:
    """Write how much of something is used, in whole percent; empty if nothing is known or available.

    Rounded down: ``100 %`` means that nothing is left.
    """
    if not available:
        return ""
    return f"{int(spent * 100 / available):,} %"


def plural(count: int, one: str, many: str = "") -> str:
    """Write a count with its noun.

    Examples
    --------
    >>> plural(1, "synergy", "synergies"), plural(1200, "option")
    ('1 synergy', '1,200 options')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def seconds(value: Decimal | float) -> str:
    """Write a duration: ``9.3 s``."""
    return f"{float(value):,.1f} s"
