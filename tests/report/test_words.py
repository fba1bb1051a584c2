"""Numbers, money and foreign text as people read them."""

from __future__ import annotations

from decimal import Decimal

import pytest

from ciopt.report.words import amount, amounts, clean, money, number, percent, plural, used


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("0", "0"),
        ("-0", "0"),
        ("1234567890123456789012345678901234567890", "1,234,567,890,123,456,789,012,345,678,901,234,567,890"),
        ("1234.5", "1,234.5"),
        ("1234567.89", "1,234,568"),
        ("-3.25", "-3.25"),
        ("0.000123456789", "0.000123457"),
        ("1E-30", "1.00E-30"),
        ("1E+12", "1,000,000,000,000"),
        ("999999.9", "1,000,000"),
    ],
)
def test_number(value: str, text: str) -> None:
    assert number(Decimal(value)) == text


def test_money_has_the_digits_of_its_currency_or_none() -> None:
    assert money(Decimal("1234.5"), "USD") == "1,234.50 USD"
    assert money(Decimal("1234.00"), "USD") == "1,234 USD"
    assert money(Decimal("1.5"), "BHD") == "1.500 BHD"
    assert amount(Decimal(1234), "XOF") == "1,234"


def test_money_of_an_unknown_currency_keeps_all_its_digits() -> None:
    assert money(Decimal("1.125"), "") == "1.125"


def test_a_column_of_money_is_written_alike() -> None:
    assert amounts([Decimal(1), None, Decimal("2.5")], "USD") == ["1.00", "", "2.50"]
    assert amounts([], "USD") == []


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ("0", "0 %"),
        ("1", "100 %"),
        ("0.0531", "5.31 %"),
        ("0.05311", "5.32 %"),
        ("0.000000001", "0.0000001 %"),
        ("1000000", "100,000,000 %"),
    ],
)
def test_a_gap_is_rounded_up_and_never_looks_closed(part: str, text: str) -> None:
    assert percent(Decimal(part)) == text


def test_use_of_nothing_is_not_a_number() -> None:
    assert used(Decimal(5), None) == used(Decimal(0), Decimal(0)) == ""
    assert used(Decimal(1), Decimal(3)) == "33 %"


def test_counts_agree_with_their_nouns() -> None:
    assert plural(1, "place") == "1 place"
    assert plural(0, "synergy", "synergies") == "0 synergies"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\u202etxt", "\\u202etxt"),
        ("\ud800", "\\ud800"),
        ("\u2028", "\\u2028"),
        ("Soubré 中文", "Soubré 中文"),
        ("[bold]x[/bold]", "[bold]x[/bold]"),
        ("", ""),
    ],
)
def test_foreign_text_cannot_act(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown


def test_endless_text_is_shortened() -> None:
    assert len(clean("x" * 10**6)) == 200
