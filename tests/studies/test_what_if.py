"""``--set``: paths and values as they are typed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ciopt
from ciopt.errors import UsageError
from ciopt.studies import Axis, named, set_all, set_each
from ciopt.studies.what_if import cross, shown
from tests.cli.run import ROOT


@pytest.fixture(scope="module")
def instance() -> ciopt.Instance:
    return ciopt.load(ROOT / "instances/small/backbone.json")


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ("partners.mars.budget=3e6", "partners.mars.budget", Decimal(3000000)),
        ("a.b = 0.10", "a.b", Decimal("0.1")),
        ("a.b=-3", "a.b", -3),
        ("a.b=true", "a.b", True),
        ("a.b=gravel", "a.b", "gravel"),
        ("a.b=*", "a.b", "*"),
        ('a.b="3"', "a.b", "3"),
        ('a.b={"2027": 1, "2028": [2, 3]}', "a.b", {"2027": 1, "2028": [2, 3]}),
        ("a.b=x=y", None, None),
        ("a.b", None, None),
        ("=3", None, None),
        ("a.b=", None, None),
        ("a.b=3,000", None, None),
        ("a.b=3e", None, None),
        ("a.b=NaN", "a.b", "NaN"),
        ("a.b={", None, None),
    ],
)
def test_a_value_is_json_or_a_word(text: str, path: str | None, value: Any) -> None:
    if path is None:
        with pytest.raises(UsageError, match="expected"):
            set_all([text])
    else:
        assert set_all([text]).scenario.set == {path: value}  # type: ignore[union-attr]


def test_commas_separate_values_but_not_inside_brackets_and_quotes() -> None:
    assert set_each('p=1, [2,3],"a,\\",b",{"k":[1,2]},word').values == (
        1,
        [2, 3],
        'a,",b',
        {"k": [1, 2]},
        "word",
    )
    with pytest.raises(UsageError):
        set_each("p=1,,2")


def test_several_settings_make_one_scenario_that_is_named_after_them(instance: ciopt.Instance) -> None:
    both = set_all(["backbones.b-office.capacity=1", "funds.grant.amount=1e3"])
    assert both.key == "backbones.b-office.capacity=1, funds.grant.amount=1000"
    changed = both.applied(instance).instance
    assert changed.backbones[0].capacity == 1
    assert changed.funds[0].amount == Decimal(1000)
    assert both.changes(instance) == ("set backbones.b-office.capacity = 1", "set funds.grant.amount = 1000")


def test_the_same_path_twice_is_refused() -> None:
    with pytest.raises(UsageError, match="twice"):
        set_all(["a.b=1", "a.b=2"])
    with pytest.raises(UsageError, match="twice"):
        cross([Axis("a.b", (1,)), Axis("a.b", (2,))])
    with pytest.raises(UsageError, match="the same value twice"):
        cross([set_each("a.b=1e3,1000")])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("backbnes.b-office.capacity=1", "did you mean 'backbones'"),
        ("backbones.b-ofice.capacity=1", "did you mean 'b-office'"),
        ("backbones.b-office.capacty=1", "did you mean 'capacity'"),
        ("backbones.b-office.capacity=-1", "at least 0"),
        ("backbones.b-office.capacity=many", "found the text 'many'"),
    ],
)
def test_what_makes_no_sense_is_said_with_what_was_meant(
    text: str, said: str, instance: ciopt.Instance
) -> None:
    with pytest.raises(UsageError) as error:
        set_all([text]).applied(instance)
    assert said in str(error.value)
    assert str(error.value).startswith(f"--set {text}: ")


def test_named_scenarios_say_what_they_change(instance: ciopt.Instance) -> None:
    found = named(instance, ["weak-synergy", "no-backbone", "weak-synergy"])
    assert [each.key for each in found] == ["weak-synergy", "no-backbone"]
    assert found[0].changes(instance) == ("scale synergies.fed-pupils-learn.adds.learning by 0.25",)
    assert found[1].changes(instance) == ("remove backbones.b-office",)
    with pytest.raises(UsageError, match="did you mean 'no-backbone'"):
        named(instance, ["nobackbone"])


def test_axes_are_crossed_and_the_last_one_changes_fastest() -> None:
    points = cross([set_each("a=1,2"), set_each("b=x,y,z")])
    assert [each.key for each in points] == [
        "a=1, b=x",
        "a=1, b=y",
        "a=1, b=z",
        "a=2, b=x",
        "a=2, b=y",
        "a=2, b=z",
    ]
    with pytest.raises(UsageError, match="combinations are too many"):
        cross([Axis(path, tuple(range(100))) for path in "abc"])


JSON = st.recursive(
    st.integers(-(10**9), 10**9) | st.booleans() | st.text(min_size=1, max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)


@given(st.lists(JSON, min_size=1, max_size=4))
def test_what_is_shown_can_be_said_again(values: list[Any]) -> None:
    from ciopt.files import dump

    said = ",".join(" ".join(dump(value).splitlines()) for value in values)
    assert set_each(f"p={said}").values == tuple(values)
    assert [shown(value) for value in values if not isinstance(value, str)] == [
        " ".join(dump(value).split()) for value in values if not isinstance(value, str)
    ]


def test_several_values_where_one_is_expected_are_referred_to_sweep() -> None:
    with pytest.raises(UsageError, match="several values are for ciopt sweep"):
        set_all(["partners.mars.budget=1,5"])
