"""What members get as parts of a mix: numbers as certificates have them, and weights that come back."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest

from ciopt.certificate import Certificate
from ciopt.certificate.fair import held_worth
from ciopt.engines.large.mix import LinearForms, Mix
from ciopt.engines.large.outcomes import HeldSums, Least
from ciopt.engines.large.stage import Clock, Reached

FORMS = LinearForms(3, np.arange(3), np.arange(3), np.array([1.0, 2.0, 3.0]))
MEMBERS = ["a", "b", "c"]
ATTRIBUTE = np.array([1.0, 2.0, 1.0])


def held(sums: list[float], reached: list[float]) -> HeldSums:
    return HeldSums(FORMS, MEMBERS, ATTRIBUTE, np.array(sums), np.array(reached), 1.0)


@pytest.mark.parametrize("weights", [(0.0, 0.0, 0.0), (5.0, 1.0, 2.0), (1.0, 3.0, 3.0)])
@pytest.mark.parametrize("sums", [[4.0], [4.0, 10.0], [4.0, 10.0, 18.0]])
def test_held_sums_cost_what_the_certificate_says(weights: tuple[float, ...], sums: list[float]) -> None:
    prices = [int(weight * attribute) for weight, attribute in zip(weights, ATTRIBUTE, strict=True)]
    _, constant = held(sums, [4.0, 6.0, 8.0]).mixed(np.array(weights))
    assert constant == -held_worth(prices, [int(each) for each in sums])


def test_the_worst_off_are_held_one_by_one_and_all_others_at_the_best_of_them() -> None:
    part = held([4.0, 10.0], [6.0, 9.0, 4.0])
    assert part.pinned.tolist() == [True, False, True]
    assert part.due(0.0).tolist() == [6.0, 6.0, 4.0]


def test_the_bound_falls_where_a_dearer_member_gets_more_than_it_is_held_at() -> None:
    """o = 1, 4, 3 are r = 1, 2, 3: of the dearest, b, less is held than it gets; of the cheapest, a, more."""
    excess = held([0.0, 3.0, 9.0], [0.0, 3.0, 6.0]).excess(
        np.array([0.0, 2.0, 1.0]), np.array([1.0, 4.0, 3.0])
    )
    assert (excess * 3.0).tolist() == [6.0 - 1.0, 0.0 - 2.0, 3.0 - 3.0]


def test_the_least_are_taken_per_unit() -> None:
    part = Least(FORMS, MEMBERS, ATTRIBUTE, 2, 4.0)
    worst, weights = part.worst(np.array([5.0, 6.0, 9.0]))
    assert weights.tolist() == [1.0, 1.0, 0.0]
    assert worst == 4.0 * (5.0 + 3.0)


def test_weights_come_back_from_a_certificate_for_one_member_more() -> None:
    one = Mix((Least(FORMS, MEMBERS, ATTRIBUTE, 1, 4.0),), 3)
    stated = {name: Decimal(str(weight)) for name, weight in one.written(np.array([0.7, 0.3, 0.0])).items()}
    two = Mix((Least(FORMS, MEMBERS, ATTRIBUTE, 2, 4.0), held([4.0], [4.0, 5.0, 6.0])), 3)
    found = two.given(stated, two.start)
    assert found[:3] == pytest.approx([1.0, 1.0, 0.0], abs=1e-6)
    assert found[3:].tolist() == [0.0, 0.0, 0.0]


def test_prices_of_a_sum_begin_the_next_in_proportion() -> None:
    done = Certificate(
        goal="fairness 2",
        prices={"target 0": Decimal(-3)},
        money={"fund": {"2027": Decimal(4)}},
        synergies={"s": (10, -4)},
        participation={"p": (6,)},
    )
    found = Reached(prices=done).prices_for("fairness 3")
    assert found == Certificate(
        goal="fairness 2",
        prices={"target 0": Decimal("-4.5")},
        money={"fund": {"2027": Decimal(6)}},
        synergies={"s": (15, -6)},
        participation={"p": (9,)},
    )
    assert Reached(prices=done).prices_for("value") is None
    assert Reached().prices_for("fairness 1") is None


def test_time_is_kept_for_the_last_goal_and_goals_that_there_is_none_for_have_none() -> None:
    assert Clock(None, 5).share(0) is None
    two = Clock(100.0, 2)
    assert two.share(0) == pytest.approx(50.0, abs=1.0)
    many = Clock(90.0, 31)
    assert many.share(0) == 30.0
    many.began(2.0)
    many.started -= 30.0
    assert many.share(1) == 12.0
    many.started -= 20.0  # 40 are left; of these 4 are for a check, and 30 for the last goal
    assert many.share(2) == 0.0
    assert many.share(30) == pytest.approx(36.0, abs=1.0)
