"""Instances survive the way through data and pickles; hostile data end in `InvalidInput`, nothing else."""

from __future__ import annotations

import pickle
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from ciopt.errors import InvalidInput
from ciopt.instance import Instance, Lookup, parse, warnings
from tests.instance.faults import Where, broken, whole
from tests.oracle.random_instances import random_instance

SEEDS = st.integers(0, 10**6)


@given(seed=SEEDS)
@settings(max_examples=60, deadline=None)
def test_data_and_back_is_the_same_instance(seed: int) -> None:
    instance = random_instance(seed)
    again = parse(instance.to_data())
    assert again == instance
    assert again.to_data() == instance.to_data()


@given(seed=SEEDS)
@settings(max_examples=20, deadline=None)
def test_pickled_and_back_is_the_same_instance(seed: int) -> None:
    instance = random_instance(seed)
    assert pickle.loads(pickle.dumps(instance)) == instance


def test_problems_survive_a_pickle() -> None:
    with pytest.raises(InvalidInput) as caught:
        parse(broken((("currency",), 7)))
    again = pickle.loads(pickle.dumps(caught.value))
    assert again.problems == caught.value.problems


def test_an_instance_is_frozen() -> None:
    with pytest.raises(ValidationError):
        parse(whole()).name = "other"


def test_what_has_its_default_is_not_said_twice() -> None:
    data = whole()
    data["places"][0]["notes"] = ""
    data["agenda"]["priorities"] = []
    assert parse(data) == parse(whole())
    assert "notes" not in parse(data).to_data()["places"][0]
    assert "priorities" not in parse(data).to_data()["agenda"]


HOSTILE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**20), 10**20)
    | st.floats()
    | st.decimals()
    | st.text(max_size=5)
    | st.sampled_from(["*", "mars", "soubre", "2027", "income", "road", "budget:mars", "\ud800", "a/b"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.text(max_size=3) | st.sampled_from(["id", "fixed", "per", "partner", "within", "of"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=6,
)


def places_in(data: Any, path: Where = ()) -> Iterator[Where]:
    """Every place in plain data."""
    if path:
        yield path
    for key in data if isinstance(data, dict) else range(len(data)) if isinstance(data, list) else ():
        yield from places_in(data[key], (*path, key))


PLACES = list(places_in(whole()))


def is_refused_or_made(data: object) -> Instance | None:
    """Make an instance if the data are one; anything but `InvalidInput` is a fault."""
    try:
        instance = parse(data)
    except InvalidInput as error:
        problems = error.problems
    else:
        warnings(instance)
        list(Lookup(instance).options())
        return instance
    assert problems
    assert all(problem.is_error and problem.message for problem in problems)
    return None


@given(data=HOSTILE)
@settings(deadline=None)
def test_what_is_no_instance_is_refused(data: object) -> None:
    assert is_refused_or_made(data) is None


@given(change=st.tuples(st.sampled_from(PLACES), HOSTILE))
@settings(max_examples=300, deadline=None)
def test_a_hostile_value_is_refused_or_harmless(change: tuple[Where, Any]) -> None:
    is_refused_or_made(broken(change))


@given(places=st.lists(st.sampled_from(PLACES), min_size=2, max_size=3), value=HOSTILE)
@settings(max_examples=200, deadline=None)
def test_hostile_values_in_several_places_are_refused_or_harmless(places: list[Where], value: Any) -> None:
    apart = [place for n, place in enumerate(places) if not any(_meet(place, other) for other in places[:n])]
    is_refused_or_made(broken(*((place, value) for place in apart)))


def _meet(one: Where, other: Where) -> bool:
    """Whether one place is inside the other."""
    shorter = min(len(one), len(other))
    return one[:shorter] == other[:shorter]


@given(where=st.sampled_from(PLACES))
@settings(max_examples=200, deadline=None)
def test_whatever_is_missing_is_told_or_has_a_default(where: Where) -> None:
    data: Any = whole()
    here = data
    for step in where[:-1]:
        here = here[step]
    del here[where[-1]]
    is_refused_or_made(data)


def test_long_and_deep_data_are_refused_in_words() -> None:
    deep: Any = 1
    for _ in range(200):
        deep = {"fixed": deep}
    is_refused_or_made(broken((("interventions", 0, "cost"), deep)))
    is_refused_or_made(broken((("places", 0, "id"), "a" * 10**6)))
    is_refused_or_made(broken((("indicators", 0, "weight"), Decimal("1E+999999"))))
    is_refused_or_made(broken((("indicators", 0, "weight"), Decimal("1E-999999"))))
    is_refused_or_made(broken((("indicators", 0, "weight"), 10**400)))


@pytest.mark.parametrize("number", [10**5000, -(10**5000)], ids=["positive", "negative"])
@pytest.mark.parametrize(
    "where", [("ciopt",), ("indicators", 0, "weight"), ("interventions", 0, "lag"), ("name",)]
)
def test_an_int_too_long_to_be_written_is_refused(where: Where, number: int) -> None:
    """JSON files cannot hold it (the reader refuses it first); data from Python can."""
    assert is_refused_or_made(broken((where, number))) is None


def test_a_signalling_nan_is_no_version() -> None:
    assert is_refused_or_made(broken((("ciopt",), Decimal("sNaN")))) is None
