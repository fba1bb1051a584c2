"""Whatever prices a certificate names, its bound is never below the best plan."""

from __future__ import annotations

import random
from decimal import Decimal

import pytest

from ciopt.certificate import Certificate, certified_bound
from ciopt.files import dump
from ciopt.instance import Instance, Lookup
from ciopt.program import compile_program
from ciopt.program.model import NONE, Program
from tests.models.small import can, does, instance, partner
from tests.oracle.brute_force import brute_force
from tests.oracle.random_instances import random_instance

SEEDS = range(40)
NIGHTLY_SEEDS = range(1_000, 1_400)


def drawn(made: Instance, program: Program, draw: random.Random) -> Certificate:
    """Prices and splits of any size, some of a wrong sign, for about half of everything."""

    def price() -> Decimal:
        return Decimal(str(round(10 ** draw.uniform(-4, 3), 6)))

    def splits(least: int, count: int) -> tuple[int, ...]:
        return tuple(draw.randint(least, 10**13) for _ in range(count))

    prices = {}
    for number, label in enumerate(program.rows.labels):
        if draw.random() < 0.6:
            is_upper = program.rows.upper[number] < NONE
            prices[label] = price() if is_upper == (draw.random() < 0.9) else -price()
    names = [purse.name for purse in program.payers.purses if draw.random() < 0.8]
    money = {name: {period: price() for period in made.periods} for name in names}
    for fund in made.funds:
        if fund.min_spend and draw.random() < 0.7:
            money.setdefault(fund.id, {})["min_spend"] = price()
    return Certificate(
        goal=program.goals[0].name if program.goals[0].name != "total_cost" else "cost",
        prices=prices,
        money=money,
        synergies={each.id: splits(-(10**13), 60) for each in made.synergies if draw.random() < 0.6},
        participation={each.id: splits(0, 40) for each in made.partners if each.participation_cost},
    )


def holds(seed: int) -> None:
    made = random_instance(seed)
    program, lookup = compile_program(made), Lookup(made)
    truth = brute_force(made)
    if truth.status == "infeasible":
        return
    goal = program.goals[0].name
    draw = random.Random(seed)
    plain = Certificate(goal=goal if goal != "total_cost" else "cost")
    for certificate in (plain, *(drawn(made, program, draw) for _ in range(3))):
        bound = certified_bound(lookup, certificate)
        assert bound is not None
        assert bound * 10**12 >= truth.goals[goal]


@pytest.mark.parametrize("seed", SEEDS)
def test_any_prices_give_a_bound(seed: int) -> None:
    holds(seed)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", NIGHTLY_SEEDS)
def test_any_prices_give_a_bound_of_many_instances(seed: int) -> None:
    holds(seed)


def test_the_right_price_proves_the_optimum() -> None:
    """Two activities for 10 and 5, worth 20 and 5, a budget of 10: at 1 a unit of money, 20 is the most."""
    made = instance(partners=[partner("p", 10)], interventions=[does("x", 10, 20), does("y", 5, 5)])
    lookup = Lookup(made)
    (period,) = made.periods

    def bound(price: str) -> Decimal:
        money = {"budget:p": {period: Decimal(price)}}
        proven = certified_bound(lookup, Certificate(money=money))
        assert proven is not None
        return Decimal(proven.numerator) / Decimal(proven.denominator)

    assert bound("0") == 25
    assert bound("1") == 20
    assert bound("2") == 20
    assert bound("3") == 30


@pytest.mark.parametrize(("price", "most", "with_fee"), [(0, 35, 35), (1, 30, 29), (2, 30, 28), (3, 36, 36)])
def test_a_ceiling_on_all_costs_has_a_price(price: int, most: int, with_fee: int) -> None:
    """Worth 20 for 8 and 5 for 5 by one partner, 10 for 4 by another that pays 1 to take part; 12 is all.

    At 2 a unit of money 24 pays for the limit, and 4 are left of the first, none of the second, 2 of the
    third: its partner's fee is worth as much.
    """
    made = instance(
        partners=[partner("p", 100), partner("q", 100, participation_cost=1)],
        interventions=[does("x", 8, 20), does("y", 5, 5), does("z", 4, 10)],
        capabilities=[can(who, what) for who, what in ("px", "py", "qz")],
        agenda={"maximize": "value", "max_cost": 12},
    )
    certificate = Certificate(prices={"max_cost": Decimal(price)})
    assert certified_bound(Lookup(made), certificate) == most
    bears = certificate.model_copy(update={"participation": {"q": (10**12 * price,)}})
    assert certified_bound(Lookup(made), bears) == with_fee


def test_a_certificate_survives_its_file() -> None:
    long = Certificate(
        synergies={"s": tuple(range(-100, 100))}, prices={"a": Decimal("0.000000000000000001")}
    )
    data = long.model_dump()
    assert isinstance(data["synergies"]["s"], str)
    assert Certificate.model_validate(data) == long
    assert dump(data)
