"""Choices, resources and the committed baseline, checked by hand."""

from __future__ import annotations

import pytest

from ciopt.errors import UsageError
from models import solve
from tests.models.small import answer, can, does, instance, optimum, partner


def test_one_assignment_an_activity() -> None:
    """Two partners could do r: it counts once, by the cheaper one (ties go to lower cost)."""
    made = instance(
        partners=[partner("p"), partner("q")],
        interventions=[does("r", 100, 5)],
        capabilities=[can("p", "r"), can("q", "r", cost_factor=0.9)],
    )
    assert answer(made) == ("optimal", {"value": 5}, 90, ["q/r/a/all"])


def test_budget_chooses_the_better_pair() -> None:
    """10 for 60, 7 for 50 and 6 for 50 with 100: 7 + 6 beats 10 alone."""
    made = instance(
        partners=[partner("p", 100)],
        interventions=[does("x", 60, 10), does("y", 50, 7), does("z", 50, 6)],
    )
    assert answer(made) == ("optimal", {"value": 13}, 100, ["p/y/a/all", "p/z/a/all"])


def test_max_activities_of_partner_and_capability() -> None:
    """Of 5 + 4 + 3 a partner with two assignments gets 9; with one r only, 5 + 3."""
    places = [{"id": "a"}, {"id": "b"}]
    free = [does("r", 0, {"fixed": 4}), does("t", 0, 3)]
    made = instance(places=places, interventions=free, partners=[partner("p", max_activities=2)])
    assert optimum(made) == 8
    limited = instance(
        places=places,
        interventions=free,
        partners=[partner("p", max_activities=2)],
        capabilities=[can("p", "r", max_activities=1), can("p", "t")],
    )
    assert optimum(limited) == 7


def test_capacity_over_the_horizon_and_by_period() -> None:
    """Two days for three assignments of one day: two fit; one day in period 1 and none in 2: one fits."""
    days = does("r", 0, 1, uses={"days": 1})
    three = [{"id": "a"}, {"id": "b"}, {"id": "c"}]

    def made(capacity: object) -> object:
        return optimum(
            instance(
                periods=["1", "2"],
                places=three,
                interventions=[days],
                partners=[partner("p", capacity={"days": capacity})],
            )
        )

    assert made(2) == 2
    assert made({"1": 1}) == 1
    assert made({"1": 1, "2": 1.999999}) == 2


def test_participation_is_paid_once() -> None:
    """Two assignments of 10 with 25: participation of 5 leaves room for both; of 6 for one."""
    places = [{"id": "a"}, {"id": "b"}]
    for fee, best in ((5, 2), (6, 1)):
        made = instance(
            places=places,
            partners=[partner("p", 25, participation_cost=fee)],
            interventions=[does("r", 10, 1)],
        )
        assert optimum(made) == best


def test_participation_needs_an_own_budget() -> None:
    """A fund pays for assignments only: without a budget, p cannot take part."""
    made = instance(
        partners=[{"id": "p", "roles": ["implementing"], "participation_cost": 1}],
        funds=[{"id": "f", "partner": "p", "amount": 100}],
        interventions=[does("r", 10, 1)],
    )
    assert optimum(made) == 0


def test_committed_is_fixed_in_some_period() -> None:
    """A harmful r must start some time: it does so in 2, where it does not become active (lag 1)."""
    made = instance(
        periods=["1", "2"],
        interventions=[does("r", 10, -3, lag=1)],
        baseline=[{"partner": "p", "intervention": "r", "place": "a"}],
    )
    assert answer(made) == ("optimal", {"value": 0}, 10, ["p/r/a/2"])


def test_committed_without_money_is_infeasible() -> None:
    made = instance(
        partners=[partner("p", 9)],
        interventions=[does("r", 10, 1)],
        baseline=[{"partner": "p", "intervention": "r", "place": "a"}],
    )
    assert answer(made)[0] == "infeasible"


def test_levels_and_per_period_impact() -> None:
    """Level b: 2 x 3 in each of 2 active periods if it starts in period 1 = 12, for 2.5 x 10 of 25."""
    made = instance(
        periods=["1", "2"],
        partners=[partner("p", 25)],
        indicators=[{"id": "k", "accrues": "per_period"}],
        interventions=[
            does("r", 10, 3, levels=[{"id": "s"}, {"id": "b", "cost_factor": 2.5, "impact_factor": 2}])
        ],
    )
    assert answer(made) == ("optimal", {"value": 12}, 25, ["p/r/a/1/b"])


def test_nothing_to_do_is_a_plan() -> None:
    assert answer(instance()) == ("optimal", {"value": 0}, 0, [])


def test_refuses_what_is_not_solved() -> None:
    many = [{"id": f"p{number}"} for number in range(201)]
    with pytest.raises(UsageError, match="leximin over 201 members"):
        solve(instance(places=many, agenda={"fairness": {"how": "leximin"}}))
