"""What money buys, by hand and against brute force."""

from __future__ import annotations

from decimal import Decimal
from threading import Event
from typing import Any

import pytest

from ciopt import load
from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.settings import Settings
from ciopt.studies.axis import Axis
from ciopt.studies.frontier import frontier
from ciopt.studies.frontier_records import Frontier
from tests.models.small import does, instance, partner
from tests.studies.money_oracle import check_curve, check_marginals
from tests.studies.plain import plain

SEEDS = range(20)
FEW_SEEDS = range(1, 5)
NIGHTLY_SEEDS = [seed for seed in range(100, 320) if seed != 249]
"""Brute force would try 3^14 ways to carry the synergies of 249."""


def shop(**tables: Any) -> Instance:
    """Three things to buy: 4 for 10, 5 for 20, 6 for 30."""
    return instance(
        **{
            "partners": [partner("p", 30)],
            "interventions": [does("x", 10, 4), does("y", 20, 5), does("z", 30, 6)],
            **tables,
        }
    )


def staircase(found: Frontier) -> list[tuple[Decimal, Decimal | None]]:
    """Where the curve steps, and to what."""
    steps: list[tuple[Decimal, Decimal | None]] = []
    for point in found.curve:
        assert point.at_least == point.at_most
        if not steps or steps[-1][1] != point.at_least:
            steps.append((point.amount, point.at_least))
    return steps


def test_every_step_of_a_curve_is_found_and_proven() -> None:
    """4 from 10 on, 5 from 20, 9 from 30, 10 from 40, 11 from 50, 15 from 60."""
    found = frontier(shop(), Axis("partner", "p"), points=60)
    assert found.proven
    assert found.stopped_by is None
    assert found.widest == 0
    assert plain(staircase(found)) == [(0, 0), (10, 4), (20, 5), (30, 9), (40, 10), (50, 11), (60, 15)]


def test_a_ceiling_on_the_cost_counts_whoever_pays_for_what() -> None:
    """Taking part costs 2: 4 from 12 on, 5 from 22, 9 from 32; there is no more money than 32."""
    made = shop(partners=[partner("p", 32, participation_cost=2)])
    found = frontier(made, Axis("cost"), points=40)
    assert found.proven
    assert found.axis.current is None
    assert plain(staircase(found)) == [(0, 0), (12, 4), (22, 5), (32, 9)]
    said = made.agenda.model_copy(update={"max_cost": Decimal(25)})
    limited = frontier(made.model_copy(update={"agenda": said}), Axis("cost"), points=3, solve_marginals=True)
    assert plain(limited.axis.current) == 25
    (ceiling,) = (each for each in limited.marginals if each.kind == "cost")
    assert plain((ceiling.now, ceiling.at_least, ceiling.at_most)) == (25, 4, 4)


def test_few_points_leave_an_honest_interval() -> None:
    found = frontier(shop(), Axis("partner", "p"), points=2)
    assert not found.proven
    assert found.stopped_by == "points"
    assert plain([(point.amount, point.at_least) for point in found.points]) == [(30, 9), (60, 15)]
    inside = next(point for point in found.curve if point.amount == Decimal("59.99"))
    assert plain((inside.at_least, inside.at_most)) == (9, 15)
    assert found.widest is None, "nothing is known below 30"


def test_an_amount_without_a_plan_says_that_there_is_none() -> None:
    made = shop(agenda={"targets": [{"indicator": "k", "at_least": 5}]})
    found = frontier(made, Axis("partner", "p"), points=40)
    assert found.proven
    first = next(point for point in found.curve if point.possible)
    assert plain((first.amount, first.at_least)) == (20, 5)
    assert all(
        point.possible is False and point.at_most is None for point in found.curve if point.amount < 20
    )


def test_a_cheaper_plan_needs_money_too() -> None:
    """Cost falls as the free offer is unlocked: y alone meets the target for 20; with x and a fund for 10."""
    made = instance(
        partners=[partner("p", 40), partner("q", 10)],
        interventions=[does("x", 30, 5), does("y", 10, 5)],
        capabilities=[{"partner": "p", "intervention": "x"}, {"partner": "q", "intervention": "y"}],
        agenda={"minimize": "cost", "targets": [{"indicator": "k", "at_least": 5}]},
    )
    found = frontier(made, Axis("partner", "q"), points=20)
    assert found.goal == "cost"
    assert found.proven
    assert plain(staircase(found)) == [(0, 30), (10, 10)]


def test_where_something_comes_before_value_amounts_do_not_bound_each_other() -> None:
    made = shop(
        agenda={
            "targets": [{"indicator": "k", "at_least": 9, "soft": True, "penalty": 1}],
            "priorities": ["targets", "value"],
        }
    )
    found = frontier(made, Axis("partner", "p"), points=3)
    assert not found.first_goal
    assert not found.proven
    assert "targets first" in found.notes[-1]
    assert {point.amount for point in found.curve} == {point.amount for point in found.points}


def test_the_next_step_is_worth_what_two_exact_optima_differ_by() -> None:
    """x for 10 more; a tenth more time is 1.1 days, still one day's work; one more assignment brings x."""
    made = instance(
        partners=[partner("p", 30, capacity={"days": 1}, max_activities=1)],
        interventions=[
            does("x", 10, 4, uses={"days": Decimal("0.1")}),
            does("z", 30, 6, uses={"days": 1}),
        ],
        agenda={"targets": [{"indicator": "k", "at_least": 3}]},
    )
    found = frontier(made, Axis("funds"), points=2, step=Decimal(10), solve_marginals=True)
    said = {
        (each.kind, each.id): (each.step, each.at_least, each.at_most, each.how) for each in found.marginals
    }
    assert plain(said) == {
        ("budget", "p"): (10, 0, 0, "solved"),
        ("capacity", "p.days"): (Decimal("0.1"), 0, 0, "solved"),
        ("activities", "p"): (1, 0, 0, "solved"),
        ("target", "k (1)"): (Decimal("0.3"), 0, 0, "solved"),
    }
    free = made.model_copy(
        update={"partners": (made.partners[0].model_copy(update={"max_activities": None, "capacity": {}}),)}
    )
    more = frontier(free, Axis("funds"), points=2, step=Decimal(10), solve_marginals=True)
    budgets = [(each.at_least, each.at_most) for each in more.marginals if each.kind == "budget"]
    assert plain(budgets) == [(4, 4)]


def test_prices_bound_all_amounts_and_every_next_step() -> None:
    """The large engine's certificate speaks for amounts that were not solved, without another solve."""
    found = frontier(
        load("instances/small/two-villages.json"), Axis("funds"), Settings(engine="large"), points=3
    )
    assert found.lines
    assert all(point.proof == "certificate" for point in found.points)
    exact = frontier(load("instances/small/two-villages.json"), Axis("funds"), points=40)
    right = dict(staircase(exact))
    for point in found.curve:
        best = [value for amount, value in right.items() if amount <= point.amount][-1]
        assert best is not None
        assert point.at_least is None or point.at_least <= best
        assert point.at_most is None or point.at_most >= best
    assert {each.how for each in found.marginals} == {"at most"}
    assert [(each.kind, each.id) for each in found.marginals] == [("fund", "purse")]


def test_an_interrupt_keeps_what_was_solved() -> None:
    stop = Event()
    stop.set()
    found = frontier(shop(), Axis("partner", "p"), interrupt=stop)
    assert found.stopped_by == "interrupt"
    assert len(found.points) == 1


@pytest.mark.parametrize(("low", "high"), [(5, 5), (9, 5)])
def test_an_empty_range_is_refused(low: int, high: int) -> None:
    with pytest.raises(UsageError, match="range of amounts is empty"):
        frontier(shop(), Axis("funds"), low=Decimal(low), high=Decimal(high))


def test_the_record_says_what_it_is() -> None:
    data = frontier(shop(), Axis("partner", "p"), points=2).to_data()
    assert (data["ciopt"], data["kind"], data["of"]) == (1, "frontier", "money")
    assert data["instance"]["currency"] == "USD"


@pytest.mark.parametrize("seed", SEEDS)
def test_the_exact_best_lies_between_the_ends(seed: int) -> None:
    assert check_curve(seed) == []


@pytest.mark.parametrize("seed", FEW_SEEDS)
def test_marginal_values_hold_the_exact_difference(seed: int) -> None:
    assert check_marginals(seed) == []


@pytest.mark.sweep
@pytest.mark.parametrize("seed", NIGHTLY_SEEDS)
def test_the_exact_best_lies_between_the_ends_and_next_steps_are_right(seed: int) -> None:
    assert check_curve(seed) + check_marginals(seed) == []
