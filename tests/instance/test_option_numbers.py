"""What one option costs, uses and moves: each rule of the format, worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciopt.instance import Lookup, Option
from ciopt.instance.money import from_minor, half_up, largest_remainders, minor_digits, to_minor
from ciopt.instance.options import cost, cost_by_period, impact, participation_cost, uses
from tests.models.small import can, does, instance, partner

MICRO = 10**6
AMOUNTS = st.integers(-(10**24), 10**24)


def lookup_of(**tables: Any) -> Lookup:
    return Lookup(instance(**tables))


@pytest.mark.parametrize(
    ("numerator", "denominator", "rounded"),
    [
        (5, 10, 1),
        (4, 10, 0),
        (15, 10, 2),
        (-5, 10, 0),
        (-6, 10, -1),
        (-15, 10, -1),
        (10**30 + 1, 2, 5 * 10**29 + 1),
    ],
)
def test_halves_are_rounded_up(numerator: int, denominator: int, rounded: int) -> None:
    assert half_up(numerator, denominator) == rounded


@given(numerator=AMOUNTS, denominator=st.integers(1, 10**18))
def test_rounding_is_off_by_half_a_unit_at_most(numerator: int, denominator: int) -> None:
    double_error = 2 * (half_up(numerator, denominator) * denominator - numerator)
    assert -denominator < double_error <= denominator


@pytest.mark.parametrize(
    ("total", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (2, [1, 1, 1], [1, 1, 0]),
        (10, [700000, 300000], [7, 3]),
        (1, [300000, 700000], [0, 1]),
        (1, [500000, 500000], [1, 0]),
        (5, [0, 1000000], [0, 5]),
        (0, [1, 2], [0, 0]),
    ],
)
def test_what_rounding_leaves_goes_to_the_largest_remainders(
    total: int, shares: list[int], parts: list[int]
) -> None:
    assert largest_remainders(total, shares) == parts


@given(total=st.integers(0, 10**15), shares=st.lists(st.integers(0, MICRO), min_size=1).filter(any))
def test_parts_add_up_and_are_off_by_less_than_a_unit(total: int, shares: list[int]) -> None:
    parts = largest_remainders(total, shares)
    assert sum(parts) == total
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * sum(shares) - total * share) < sum(shares)


@pytest.mark.parametrize(("currency", "digits"), [("USD", 2), ("XOF", 0), ("TND", 3), ("CLF", 4)])
def test_money_is_kept_in_minor_units(currency: str, digits: int) -> None:
    assert minor_digits(currency) == digits
    assert to_minor(Decimal(12), currency) == 12 * 10**digits
    assert from_minor(12 * 10**digits, currency) == 12
    with pytest.raises(ValueError, match="more digits"):
        to_minor(Decimal(1).scaleb(-digits - 1), currency)


def test_cost_is_rounded_once_after_all_factors() -> None:
    """0.05 x 0.5 x 0.5 = 0.0125 is 1 cent; rounding between the factors would give 2."""
    done = does("x", Decimal("0.05"), 1, levels=[{"id": "half", "cost_factor": Decimal("0.5")}])
    lookup = lookup_of(interventions=[done], capabilities=[can("p", "x", cost_factor=Decimal("0.5"))])
    assert cost(lookup, Option("p", "x", "a", "all", "half")) == 1


@pytest.mark.parametrize(("currency", "amount"), [("XOF", 1), ("USD", 50), ("TND", 500)])
def test_half_a_unit_is_rounded_to_the_currency(currency: str, amount: int) -> None:
    lookup = lookup_of(currency=currency, interventions=[does("x", Decimal("0.5"), 1)])
    assert cost(lookup, Option("p", "x", "a", "all")) == amount


def test_a_quantity_is_evaluated_at_the_place() -> None:
    """100 + 2.5 x 30 farmers = 175; 1 + 0.1 x 30 = 4; 3 + 30/1000 = 3.03 days."""
    done = {
        "id": "x",
        "cost": {"fixed": 100, "per": {"farmers": Decimal("2.5")}},
        "impact": {"k": {"fixed": 1, "per": {"farmers": Decimal("0.1")}}},
        "uses": {"days": {"fixed": 3, "per": {"farmers": Decimal("0.001")}}},
    }
    lookup = lookup_of(places=[{"id": "a", "attributes": {"farmers": 30}}], interventions=[done])
    option = Option("p", "x", "a", "all")
    assert cost(lookup, option) == 175_00
    assert impact(lookup, option) == {"k": 4 * MICRO}
    assert uses(lookup, option) == {"days": 3_030_000 * MICRO}


@pytest.mark.parametrize(
    ("profile", "start", "spread"),
    [
        (["1"], "2", {"2": 1001}),
        (["0.5", "0.5"], "1", {"1": 501, "2": 500}),
        (["0.7", "0.2", "0.1"], "1", {"1": 701, "2": 200, "3": 100}),
        (["0.7", "0.2", "0.1"], "2", {"2": 701, "3": 300}),
        (["0.7", "0.2", "0.1"], "3", {"3": 1001}),
        (["0", "1"], "1", {"2": 1001}),
    ],
)
def test_cost_is_spread_by_profile_and_folds_into_the_last_period(
    profile: list[str], start: str, spread: dict[str, int]
) -> None:
    done = does("x", Decimal("10.01"), 1, cost_profile=[Decimal(share) for share in profile])
    lookup = lookup_of(periods=["1", "2", "3"], interventions=[done])
    assert cost_by_period(lookup, Option("p", "x", "a", start)) == spread


@pytest.mark.parametrize(
    ("lag", "lasts", "start", "once", "per_period"),
    [
        (0, None, "1", 1, 4),
        (0, None, "4", 1, 1),
        (1, None, "1", 1, 3),
        (1, None, "4", 0, 0),
        (0, 2, "1", 1, 2),
        (0, 2, "4", 1, 1),
        (2, 1, "2", 1, 1),
        (2, 5, "1", 1, 2),
        (4, None, "1", 0, 0),
    ],
)
def test_an_impact_counts_while_it_is_active(
    lag: int, lasts: int | None, start: str, once: int, per_period: int
) -> None:
    done = {"id": "x", "cost": 1, "impact": {"k": 3, "m": 3}, "lag": lag}
    lookup = lookup_of(
        periods=["1", "2", "3", "4"],
        indicators=[{"id": "k"}, {"id": "m", "accrues": "per_period"}],
        interventions=[done if lasts is None else {**done, "lasts": lasts}],
    )
    counted = impact(lookup, Option("p", "x", "a", start))
    assert (counted.get("k", 0), counted.get("m", 0)) == (once * 3 * MICRO, per_period * 3 * MICRO)


def test_one_count_is_rounded_before_it_is_multiplied() -> None:
    """0.000001 x 0.5 = half a millionth, rounded up, in each of 3 periods."""
    lookup = lookup_of(
        periods=["1", "2", "3"],
        indicators=[{"id": "k", "accrues": "per_period"}],
        interventions=[does("x", 1, Decimal("0.000001"))],
        capabilities=[can("p", "x", impact_factor=Decimal("0.5"))],
    )
    assert impact(lookup, Option("p", "x", "a", "1")) == {"k": 3}


OVERRIDDEN = {"partner": "p", "intervention": "x", "place": "a"}


@pytest.mark.parametrize(
    ("override", "new_cost", "new_impact"),
    [
        ({}, 20_00, {"k": 6 * MICRO, "m": 3 * MICRO}),
        ({"cost": Decimal("7.50")}, 7_50, {"k": 6 * MICRO, "m": 3 * MICRO}),
        ({"impact": {"k": 1}}, 20_00, {"k": 1 * MICRO, "m": 3 * MICRO}),
        ({"impact": {"k": 0}}, 20_00, {"m": 3 * MICRO}),
        ({"period": "2", "cost": 1}, 20_00, {"k": 6 * MICRO, "m": 3 * MICRO}),
        ({"period": "1", "cost": 1}, 1_00, {"k": 6 * MICRO, "m": 3 * MICRO}),
    ],
)
def test_an_override_replaces_final_numbers(
    override: dict[str, Any], new_cost: int, new_impact: dict[str, int]
) -> None:
    """No factors are applied to it, and what it does not name stays."""
    lookup = lookup_of(
        periods=["1", "2"],
        indicators=[{"id": "k"}, {"id": "m"}],
        interventions=[{"id": "x", "cost": 10, "impact": {"k": 2, "m": 1}}],
        capabilities=[can("p", "x", cost_factor=2, impact_factor=3)],
        options=[{**OVERRIDDEN, **override}],
    )
    option = Option("p", "x", "a", "1")
    assert (cost(lookup, option), impact(lookup, option)) == (new_cost, new_impact)


def test_an_override_is_for_one_level() -> None:
    levels = [{"id": "small"}, {"id": "large", "cost_factor": 3, "impact_factor": 2}]
    lookup = lookup_of(
        interventions=[does("x", 10, 4, levels=levels)],
        options=[{**OVERRIDDEN, "level": "large", "cost": 25}],
    )
    small, large = (Option("p", "x", "a", "all", level) for level in ("small", "large"))
    assert (cost(lookup, small), cost(lookup, large)) == (10_00, 25_00)
    assert (impact(lookup, small), impact(lookup, large)) == ({"k": 4 * MICRO}, {"k": 8 * MICRO})


def test_taking_part_costs_once() -> None:
    lookup = lookup_of(partners=[partner("p", participation_cost=Decimal("0.05"))])
    assert participation_cost(lookup, "p") == 5
