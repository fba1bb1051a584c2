"""Whatever weights a certificate names for fairness and risk, its bound is never below the best plan."""

from __future__ import annotations

import random
from decimal import Decimal
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciopt.certificate import Certificate, certified_bound, not_covered
from ciopt.certificate.fair import held_worth
from ciopt.instance import Instance, Lookup
from ciopt.instance.estimates import estimate_keys
from ciopt.instance.fairness import members
from ciopt.program import compile_program
from tests.models.small import does, instance, partner
from tests.oracle.brute_force import brute_force
from tests.oracle.draw_agreements import agreed_instance
from tests.verify.test_certificate_bound import drawn

SEEDS = range(2_000, 2_050)
NIGHTLY_SEEDS = range(2_050, 2_500)


def weighted(made: Instance, goal: str, draw: random.Random) -> Certificate:
    """Prices of everything, and weights of members, errors and samples, for about half of them."""
    certificate = drawn(made, compile_program(made), draw)
    lookup = Lookup(made)
    kinds = ("floor", "share", "fairness", "held fairness")
    names = [f"{kind} {member.id}" for member in members(lookup) for kind in kinds]
    names += [f"error {'/'.join(key)} {end}" for key in estimate_keys(lookup) for end in ("low", "high")]
    names += [f"sample {number + 1}" for number in range(12)]
    names += [f"held {goal}" for goal in ("targets", "value", "cost")]
    weights = {
        name: Decimal(str(round(10 ** draw.uniform(-4, 1), 9))) for name in names if draw.random() < 0.6
    }
    return certificate.model_copy(update={"goal": goal, "prices": {**certificate.prices, **weights}})


def bounds_hold(seed: int) -> None:
    made = agreed_instance(seed)
    lookup = Lookup(made)
    if not_covered(lookup):
        return
    truth = brute_force(made)
    if truth.status == "infeasible":
        return
    draw = random.Random(seed)
    held: dict[str, int] = {}
    for goal, worth in truth.goals.items():
        plain = Certificate(goal=goal)
        for certificate in (plain, *(weighted(made, goal, draw) for _ in range(3))):
            bound = certified_bound(lookup, certificate, held)
            assert bound is not None
            assert bound * 10**12 >= worth
        held[goal] = worth


@pytest.mark.parametrize("seed", SEEDS)
def test_any_weights_give_a_bound(seed: int) -> None:
    bounds_hold(seed)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", NIGHTLY_SEEDS)
def test_any_weights_give_a_bound_of_many_instances(seed: int) -> None:
    bounds_hold(seed)


PLACES = [{"id": "a"}, {"id": "b"}]


def two_villages(fairness: dict[str, object]) -> Lookup:
    """10 can be done in either of two villages for 10, and there are 10."""
    made = instance(
        places=PLACES,
        partners=[partner("p", 10)],
        interventions=[does("x", 10, 10)],
        agenda={"maximize": "value", "fairness": fairness},
    )
    return Lookup(made)


@pytest.mark.parametrize(
    ("weights", "most"),
    [
        (("0.5", "0.5"), "5"),
        (("0.75", "0.25"), "7.5"),
        (("3", "1"), "10"),  # cut off at 1, and what is too much is taken off from the first on: 0 and 1
        (("0.6", "0.7"), "7"),
        (("0", "0"), "10"),  # what lacks is added from the first on
    ],
)
def test_the_least_outcome_is_bounded_by_any_mean(weights: tuple[str, str], most: str) -> None:
    """Weights sum to 1; the dearer village's at the price of money, max w x 10 is left for 10."""
    lookup = two_villages({"how": "maximin"})
    prices = {f"fairness {place}": Decimal(weight) for place, weight in zip("ab", weights, strict=True)}
    (period,) = lookup.instance.periods
    price = 2 * Decimal(most) / 10
    certificate = Certificate(goal="fairness", prices=prices, money={"budget:p": {period: price}})
    assert certified_bound(lookup, certificate) == Decimal(most)


def test_a_dial_leaves_a_part_of_the_value() -> None:
    """Half of 10 for the value, 1/2 x (a + b) x 1/2 for the worst-off: 10, or 20 if money has no price."""
    lookup = two_villages({"how": "dial", "dial": Decimal("0.5")})
    (period,) = lookup.instance.periods
    half = {"fairness a": Decimal("0.5"), "fairness b": Decimal("0.5")}
    certificate = Certificate(prices=half, money={"budget:p": {period: Decimal(1)}})
    assert certified_bound(lookup, certificate) == 10
    assert certified_bound(lookup, Certificate(prices=half)) == 20


def test_sums_that_are_held_are_prices_too() -> None:
    """Without a price for b's outcome both villages seem to get 10; held at 0, a price changes nothing."""
    lookup = two_villages({"how": "leximin"})
    (period,) = lookup.instance.periods
    money = {"budget:p": {period: Decimal(2)}}
    both = {"fairness a": Decimal(1), "fairness b": Decimal(1)}
    certificate = Certificate(goal="fairness 2", prices=both, money=money)
    assert certified_bound(lookup, certificate, {"fairness 1": 0}) == 10
    priced = certificate.model_copy(update={"prices": {**both, "held fairness a": Decimal(1)}})
    bound = certified_bound(lookup, priced, {"fairness 1": 10**12})
    assert bound == 10 + Decimal("4.5")  # 10 more for a, less 1 that is held, over the attributes' sum of 2
    assert certified_bound(lookup, priced, {"fairness 2": 10**12}) == 10  # none is held without those before


@given(
    each=st.lists(st.integers(-50, 50), min_size=1, max_size=7),
    draw=st.data(),
)
def test_no_outcomes_are_worth_less_than_sums_that_they_keep(each: list[int], draw: st.DataObject) -> None:
    """Σ v r against `held_worth`, for sums of r itself or lower ones."""
    number = draw.draw(st.integers(1, len(each)))
    lower = draw.draw(st.lists(st.integers(0, 9), min_size=number, max_size=number))
    prices = draw.draw(st.lists(st.integers(0, 9), min_size=len(each), max_size=len(each)))
    sums = [total - less for total, less in zip(accumulate(sorted(each)), lower, strict=False)]
    assert sum(v * r for v, r in zip(prices, each, strict=True)) >= held_worth(prices, sums)


def test_a_floor_has_a_price_for_every_member() -> None:
    """Each is due 6: at a price of 1 for both, 10 is worth 20 a village less 20 for money, 12 are owed."""
    lookup = two_villages({"how": "floor", "at_least": 6})
    prices = {"floor a": Decimal(1), "floor b": Decimal(1)}
    (period,) = lookup.instance.periods
    certificate = Certificate(prices=prices, money={"budget:p": {period: Decimal(2)}})
    assert certified_bound(lookup, certificate) == 20 - 12
    assert certified_bound(lookup, Certificate()) == 20
