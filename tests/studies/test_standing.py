"""Cases are ranked only where their bounds prove the order."""

from __future__ import annotations

from decimal import Decimal
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ciopt.plan.records import GoalResult, InstanceStamp
from ciopt.studies.case import Case
from ciopt.studies.standing import gain as exact_gain
from ciopt.studies.standing import ranked, standing

SMALL = st.integers(0, 4)


def gain(first: Case, other: Case) -> tuple[int | None, ...] | None:
    """The gain in whole numbers, as all these cases have them."""
    found = exact_gain(first, other)
    return None if found is None else tuple(None if end is None else int(end) for end in found)


def goal(name: str, objective: int, slack: int | None) -> GoalResult:
    """A goal whose bound is ``slack`` better than its objective; None: no bound is known."""
    sign = 1 if name == "value" else -1
    bound = None if slack is None else Decimal(objective + sign * slack)
    return GoalResult(goal=name, objective=Decimal(objective), bound=bound, proven=slack == 0)


def case(*goals: GoalResult, key: str = "x", yardstick: str = "", sha256: str = "") -> Case:
    stamp = InstanceStamp(sha256=sha256)
    return Case(key=key, status="feasible", goals=goals, yardstick=yardstick, instance=stamp)


def value(objective: int, slack: int | None = 0, key: str = "x") -> Case:
    return case(goal("value", objective, slack), key=key)


@pytest.mark.parametrize(
    ("first", "other", "expected"),
    [
        ((10, 0), (11, 0), "better"),
        ((10, 0), (9, 0), "worse"),
        ((10, 0), (10, 0), "equal"),
        ((10, 1), (11, 0), "not distinguishable"),
        ((10, 1), (12, 0), "better"),
        ((10, 0), (9, 1), "not distinguishable"),
        ((10, 0), (8, 1), "worse"),
        ((10, None), (12, 0), "not distinguishable"),
        ((10, 0), (8, None), "not distinguishable"),
        ((10, 0), (12, None), "better"),
    ],
)
def test_value(first: tuple[int, int | None], other: tuple[int, int | None], expected: str) -> None:
    assert standing(value(*first), value(*other)) == expected


def test_less_cost_is_better() -> None:
    cheap, dear = case(goal("cost", 10, 1)), case(goal("cost", 12, 1))
    assert standing(dear, cheap) == "better"
    assert standing(cheap, dear) == "worse"
    assert gain(dear, cheap) == (1, 3)
    assert standing(case(goal("cost", 10, 2)), case(goal("cost", 12, 2))) == "not distinguishable"


def test_a_later_goal_decides_only_what_the_earlier_ones_leave_equal() -> None:
    def two(missing: tuple[int, int], worth: tuple[int, int]) -> Case:
        return case(goal("targets", *missing), goal("value", *worth))

    assert standing(two((0, 0), (10, 0)), two((0, 0), (12, 1))) == "better"
    assert standing(two((0, 0), (10, 0)), two((3, 0), (12, 0))) == "worse"
    assert standing(two((3, 1), (10, 0)), two((3, 0), (12, 0))) == "not distinguishable"
    assert gain(two((0, 0), (10, 0)), two((3, 0), (12, 0))) is None
    assert gain(two((3, 0), (10, 0)), two((3, 0), (12, 1))) == (2, 3)


def test_cases_that_are_measured_otherwise_are_not_compared() -> None:
    other = case(goal("value", 12, 0), yardstick="weights doubled")
    assert standing(value(10), other) == "not comparable"
    assert gain(value(10), other) is None
    assert [each.rank for each in ranked([value(10), other, value(11)])] == [(2, 2), None, (1, 1)]


def test_given_plans_for_one_question_are_compared_by_what_they_are_worth() -> None:
    poor, rich = (case(goal("value", worth, 5), sha256="same") for worth in (10, 11))
    assert standing(poor, rich) == "better"
    assert gain(poor, rich) == (1, 1)


def test_without_a_plan_there_is_no_standing() -> None:
    nothing = Case(key="n", status="infeasible")
    assert standing(value(10), nothing) is None
    assert ranked([value(10), nothing])[1].rank is None
    assert ranked([nothing, value(10)])[1].standing is None


@given(SMALL, SMALL, SMALL, SMALL)
def test_a_standing_holds_wherever_the_best_plans_lie(a: int, da: int, b: int, db: int) -> None:
    """Every pair of values that the bounds allow, looked at."""
    first, other = value(a, da), value(b, db)
    outcomes = {(y > x) - (y < x) for x, y in product(range(a, a + da + 1), range(b, b + db + 1))}
    words = {frozenset({1}): "better", frozenset({-1}): "worse", frozenset({0}): "equal"}
    assert standing(first, other) == words.get(frozenset(outcomes), "not distinguishable")
    gains = [y - x for x, y in product(range(a, a + da + 1), range(b, b + db + 1))]
    assert gain(first, other) == (min(gains), max(gains))


@given(st.lists(st.tuples(SMALL, SMALL), min_size=1, max_size=4))
def test_a_rank_is_what_the_bounds_allow(ends: list[tuple[int, int]]) -> None:
    """Every combination of values; equal ones share the better place."""
    cases = ranked([value(worth, slack, str(n)) for n, (worth, slack) in enumerate(ends)])
    possible: list[set[int]] = [set() for _ in ends]
    for worths in product(*(range(worth, worth + slack + 1) for worth, slack in ends)):
        for n, worth in enumerate(worths):
            possible[n].add(1 + sum(other > worth for other in worths))
    for each, places in zip(cases, possible, strict=True):
        assert each.rank is not None
        assert each.rank[0] <= min(places)
        assert max(places) <= each.rank[1]
        if each.rank[0] == each.rank[1]:
            assert places == {each.rank[0]}
