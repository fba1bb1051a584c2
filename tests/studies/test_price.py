"""What fairness and caution cost, on instances that a person can plan."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.errors import InvalidInput, UsageError
from ciopt.instance import Instance, parse
from ciopt.studies.price import Demand, PricePoint, price
from ciopt.studies.read import parse_result

SURE, DOUBTFUL = [Decimal(1), Decimal(1)], [Decimal("0.4"), Decimal("1.6")]


def two_of_three(**agenda: Any) -> Instance:
    """Money for two: at ``east`` 10 (doubtful) and 9, at ``west`` 4. East twice is 19, one of each 14."""
    impacts = {"a": (10, DOUBTFUL, "east"), "b": (9, SURE, "east"), "c": (4, SURE, "west")}
    return parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": [{"id": "east"}, {"id": "west"}],
            "indicators": [{"id": "good"}],
            "partners": [{"id": "all", "roles": ["implementing"], "budget": 2}],
            "interventions": [
                {"id": name, "cost": 1, "impact": {"good": {"fixed": amount, "range": wide}}}
                for name, (amount, wide, _) in impacts.items()
            ],
            "capabilities": [
                {"partner": "all", "intervention": name, "places": [place]}
                for name, (_, _, place) in impacts.items()
            ],
            "agenda": {"maximize": "value", **agenda},
        }
    )


def lost(point: PricePoint) -> tuple[float, float]:
    """What a point has lost, at least and at most."""
    assert point.lost is not None
    assert point.lost[1] is not None
    return float(point.lost[0]), float(point.lost[1])


def test_a_floor_costs_what_enumeration_says() -> None:
    """A floor for the west of half the mean (7 of 14 for a and c) cannot be kept; of 0.4 (2.8) by a and c."""
    fair = two_of_three(fairness={"over": "places", "how": "floor", "share": Decimal("0.4")})
    found = price(fair, "fairness", samples=50)
    assert found.free is not None
    assert found.free.worth == 19
    assert found.free.worst_off == 0
    (point,) = found.points
    assert point.worth == 14
    assert point.worst_off == 4
    assert lost(point) == (5, 5)
    curve = price(fair, "share", [Decimal(0), Decimal("0.4"), Decimal("0.9")], samples=50)
    assert [lost(each) for each in curve.points[:2]] == [(0, 0), (5, 5)]
    assert curve.points[2].case.status in ("infeasible", "optimal")
    assert parse_result(curve.to_data()) == curve


def test_maximin_and_the_dial_are_priced_in_value() -> None:
    fair = two_of_three(fairness={"over": "places", "how": "maximin"})
    assert [lost(each) for each in price(fair, "fairness", samples=50).points] == [(5, 5)]
    dial = price(fair, "dial", [Decimal(0), Decimal(1)], samples=50)
    assert [lost(each) for each in dial.points] == [(0, 0), (5, 5)]


def test_caution_costs_value_and_helps_where_things_go_badly() -> None:
    """With gamma 1 the doubtful 10 counts 4, and 10 + 9 only 13: 9 + 5, with c raised to 5, is better."""
    instance = two_of_three()
    cautious = instance.model_copy(
        update={
            "interventions": tuple(
                each.model_copy(
                    update={"impact": {"good": each.impact["good"].model_copy(update={"fixed": Decimal(5)})}}
                )
                if each.id == "c"
                else each
                for each in instance.interventions
            )
        }
    )
    found = price(cautious, "robustness", [Decimal(0), Decimal(1)], samples=4000)
    none, one = found.points
    assert lost(none) == (0, 0)
    assert one.worth == 14
    assert one.case.objective == 14
    assert lost(one) == (5, 5)
    assert one.risk is not None
    assert one.risk.against is not None
    assert one.risk.against.tail.sign == 1
    assert one.risk.against.objective.sign == -1
    cvar = price(cautious, "cvar", [Decimal("0.1")], samples=4000)
    (point,) = cvar.points
    assert lost(point) == (5, 5)
    assert point.risk is not None
    assert point.risk.against is not None
    assert point.risk.against.tail.sign == 1


@pytest.mark.parametrize(
    ("of", "at", "error", "words"),
    [
        ("robustness", [], UsageError, "needs --at"),
        ("fairness", ["1"], UsageError, "takes no --at"),
        ("share", ["0.5"], UsageError, "no fairness to price"),
        ("robustness", ["2", "2"], UsageError, "twice"),
        ("robustness", ["0.5"], InvalidInput, "gamma"),
        ("cvar", ["2"], InvalidInput, "alpha"),
    ],
)
def test_senseless_demands_are_refused(of: Demand, at: list[str], error: type[Exception], words: str) -> None:
    with pytest.raises(error, match=words):
        price(two_of_three(), of, [Decimal(each) for each in at])
