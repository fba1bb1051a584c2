"""Between solved amounts: the ends hold whatever the curve is, and closing them needs few solves."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ciopt.studies.curve import Curve, Known

TOP = 60
steps = st.dictionaries(st.integers(0, TOP), st.integers(1, 9), max_size=6)


def worth(made: dict[int, int], amount: int) -> int:
    """A staircase: what all steps up to an amount add."""
    return sum(height for at, height in made.items() if at <= amount)


def known(made: dict[int, int], amount: int, slack: tuple[int, int] = (0, 0)) -> Known:
    """What a solve at an amount says, exact or not so."""
    value = worth(made, amount)
    lower = max(0, value - slack[0])
    needed = next(a for a in range(amount + 1) if worth(made, a) >= lower)
    return Known(amount, lower, needed, value + slack[1])


@given(steps, st.lists(st.tuples(st.integers(0, TOP), st.integers(0, 3), st.integers(0, 3)), min_size=1))
def test_the_worth_of_every_amount_lies_between_the_ends(
    made: dict[int, int], solved: list[tuple[int, int, int]]
) -> None:
    curve = Curve(0, TOP)
    for amount, below, above in solved:
        curve.add(known(made, amount, (below, above)))
    for amount in range(TOP + 1):
        lower, upper = curve.lower(amount), curve.upper(amount)
        assert lower is None or lower <= worth(made, amount)
        assert upper is None or upper >= worth(made, amount)
    assert not curve.gaps() or any(gap.width != 0 for gap in curve.gaps())


@given(steps)
def test_exact_solves_where_the_ends_are_apart_close_the_curve(made: dict[int, int]) -> None:
    curve = Curve(0, TOP)
    curve.add(known(made, TOP))
    while amounts := curve.next_amounts(2):
        solved = {point.amount for point in curve.known}
        assert not solved & set(amounts), "an amount was to be solved twice"
        for amount in amounts:
            curve.add(known(made, amount))
    assert curve.gaps() == []
    assert all(curve.lower(a) == curve.upper(a) == worth(made, a) for a in range(TOP + 1))


def test_just_short_of_a_step_closes_a_flat_stretch_at_once() -> None:
    """After the ends the middle, then the last amount before the step."""
    made = {40: 5}
    curve = Curve(0, TOP)
    for amount in (TOP, 0):
        curve.add(known(made, amount))
    assert curve.next_amounts(1) == [20]
    curve.add(known(made, 20))
    assert curve.next_amounts(1) == [39], "nothing is gained from 0 to 20"
    curve.add(known(made, 39))
    assert curve.gaps() == []


def test_what_is_impossible_is_so_for_less() -> None:
    curve = Curve(0, 10)
    curve.add(Known(10, 3, 7, 3))
    curve.add(Known(4, None, 4, None, impossible=True))
    assert curve.impossible(4)
    assert curve.impossible(0)
    assert not curve.impossible(5)
    assert sorted((gap.low, gap.high) for gap in curve.gaps()) == [(5, 5), (6, 6)]


def test_without_monotony_an_amount_speaks_for_itself() -> None:
    curve = Curve(0, 10, monotone=False)
    curve.add(Known(5, 3, 2, 3))
    assert (curve.lower(5), curve.upper(5)) == (3, 3)
    assert (curve.lower(6), curve.upper(4)) == (None, None)


def test_a_line_of_prices_bounds_every_amount() -> None:
    curve = Curve(0, 10)
    curve.add(Known(10, 0, 0, 40))
    curve.lines.append(lambda amount: 2 * amount + 1)
    assert [curve.upper(amount) for amount in (0, 5, 10)] == [1, 11, 21]


def test_a_tolerance_leaves_narrow_gaps_alone() -> None:
    curve = Curve(0, 10)
    curve.add(Known(0, 5, 0, 5))
    curve.add(Known(10, 8, 10, 8))
    assert curve.next_amounts(3, tolerance=3) == []
    assert len(curve.next_amounts(3, tolerance=2)) == 1
