"""What differs between two plans: nothing forgotten, nothing twice, the same in both directions."""

from __future__ import annotations

import json
from decimal import Decimal

import pytest
from hypothesis import given

from ciopt.errors import UsageError
from ciopt.files import dump
from ciopt.instance.lookup import Option
from ciopt.plan import Assignment, Plan
from ciopt.plan.records import InstanceStamp
from ciopt.studies import Difference, Move, difference
from tests.studies.drawn_plans import plans


def plan(*options: str, cost: int = 1, currency: str = "USD") -> Plan:
    """A plan of assignments such as ``a/road/north/2027/paved``, without payments."""
    return Plan(
        status="feasible",
        instance=InstanceStamp(currency=currency),
        assignments=tuple(
            Assignment(**Option(*each.split("/"))._asdict(), cost=Decimal(cost)) for each in options
        ),
    )


def ids(found: tuple[Assignment, ...]) -> list[str]:
    return [each.option.id for each in found]


def pairs(found: tuple[Move, ...]) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(each.before.option.id, each.after.option.id, each.differs) for each in found]


def test_what_only_one_plan_does_is_added_or_dropped() -> None:
    found = difference(
        plan("a/road/north/2027", "b/clinic/north/2027"), plan("a/road/north/2027", "a/clinic/south/2027")
    )
    assert ids(found.added) == ["a/clinic/south/2027"]
    assert ids(found.dropped) == ["b/clinic/north/2027"]
    assert not found.moved
    assert (found.changed, found.activities, found.churn) == (2, 3, Decimal("66.666667"))


@pytest.mark.parametrize(
    ("before", "after", "differs"),
    [
        ("a/road/north/2027", "b/road/north/2027", ("partner",)),
        ("a/road/north/2027", "a/road/south/2027", ("place",)),
        ("a/road/north/2027", "a/road/north/2028", ("period",)),
        ("a/road/north/2027/dirt", "a/road/north/2027/paved", ("level",)),
        ("a/road/north/2027/dirt", "b/road/north/2028/paved", ("partner", "period", "level")),
        ("a/road/north/2027/dirt", "a/road/south/2028/paved", ("place", "period", "level")),
    ],
)
def test_what_is_done_otherwise_has_moved(before: str, after: str, differs: tuple[str, ...]) -> None:
    found = difference(plan(before), plan(after))
    assert pairs(found.moved) == [(before, after, differs)]
    assert not found.added
    assert not found.dropped
    assert found.churn == 100


def test_a_move_to_another_place_is_paired_with_the_most_alike() -> None:
    found = difference(
        plan("a/road/north/2027", "a/road/south/2028"), plan("a/road/east/2028", "a/road/west/2029")
    )
    assert pairs(found.moved) == [
        ("a/road/north/2027", "a/road/west/2029", ("place", "period")),
        ("a/road/south/2028", "a/road/east/2028", ("place",)),
    ]


def test_the_same_option_at_another_cost_is_repriced_and_no_churn() -> None:
    found = difference(plan("a/road/north/2027"), plan("a/road/north/2027", cost=2))
    assert pairs(found.repriced) == [("a/road/north/2027", "a/road/north/2027", ())]
    assert found.changed == found.churn == 0
    assert not found.is_empty


def test_a_plan_that_does_not_exist_does_nothing() -> None:
    nothing = Plan(status="infeasible")
    assert ids(difference(plan("a/road/north/2027"), nothing).dropped) == ["a/road/north/2027"]
    assert difference(nothing, nothing) == Difference()


def test_plans_in_two_currencies_do_not_compare() -> None:
    with pytest.raises(UsageError, match="EUR and USD"):
        difference(plan(), plan(currency="EUR"))


@given(plans())
def test_a_plan_does_not_differ_from_itself(one: Plan) -> None:
    found = difference(one, one)
    assert found.is_empty
    assert found == Difference(activities=len(one.assignments))


@given(plans(), plans())
def test_the_other_direction_is_the_mirror_image(one: Plan, other: Plan) -> None:
    there, back = difference(one, other), difference(other, one)
    assert (there.added, there.dropped) == (back.dropped, back.added)
    assert {(a, b, d) for a, b, d in pairs(there.moved)} == {(b, a, d) for a, b, d in pairs(back.moved)}
    assert [(m.fund, m.partner, m.change) for m in there.money] == [
        (m.fund, m.partner, -m.change) for m in back.money
    ]
    assert (there.synergies_gained, there.backbones_added) == (back.synergies_lost, back.backbones_dropped)
    assert (there.churn, there.changed, there.activities) == (back.churn, back.changed, back.activities)


@given(plans(), plans())
def test_the_first_plan_and_the_difference_make_the_second(one: Plan, other: Plan) -> None:
    found = difference(one, other)
    left = {each.option for each in one.assignments}
    left -= {each.option for each in found.dropped} | {each.before.option for each in found.moved}
    left |= {each.option for each in found.added} | {each.after.option for each in found.moved}
    assert left == {each.option for each in other.assignments}
    paid = _paid(one)
    for each in found.money:
        assert paid.get((each.fund, each.partner), 0) == each.before
        assert each.before != each.after
        paid[each.fund, each.partner] = each.after
    assert {key: much for key, much in paid.items() if much} == {
        key: much for key, much in _paid(other).items() if much
    }


@given(plans(), plans())
def test_churn_counts_the_activities_that_are_not_done_alike(one: Plan, other: Plan) -> None:
    """Recomputed activity by activity, and from the lists of the difference."""
    found = difference(one, other)
    old = {(each.intervention, each.place): each.option for each in one.assignments}
    new = {(each.intervention, each.place): each.option for each in other.assignments}
    either = {*old, *new}
    unlike = sum(old.get(activity) != new.get(activity) for activity in either)
    assert (found.changed, found.activities) == (unlike, len(either))
    elsewhere = sum("place" in each.differs for each in found.moved)
    assert found.changed == len(found.added) + len(found.dropped) + len(found.moved) + elsewhere
    assert abs(found.churn * len(either) - 100 * unlike) <= len(either) * Decimal("0.0000005")


@given(plans(), plans(), plans())
def test_churn_is_a_distance(one: Plan, other: Plan, third: Plan) -> None:
    direct = difference(one, third).churn
    detour = difference(one, other).churn + difference(other, third).churn
    assert direct <= detour + Decimal("0.000002")
    same = {each.option for each in one.assignments} == {each.option for each in third.assignments}
    assert (direct == 0) == same


@given(plans(), plans())
def test_it_is_kept_as_json(one: Plan, other: Plan) -> None:
    found = difference(one, other)
    data = json.loads(dump(found.to_data()), parse_float=Decimal, parse_int=Decimal)
    assert Difference.model_validate(data) == found


def _paid(one: Plan) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for each in one.payments:
        payee = each.assignment.split(":")[1] if ":" in each.assignment else each.assignment.split("/")[0]
        sums[each.fund, payee] = sums.get((each.fund, payee), Decimal(0)) + each.amount
    return sums
