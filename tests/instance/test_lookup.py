"""What exists where: options, groups, neighbours, and the scopes of rules."""

from __future__ import annotations

from typing import Any

import pytest

from ciopt.instance import Lookup, Option
from ciopt.instance.lookup import matches
from ciopt.instance.rules import Filter
from tests.models.small import can, does, instance, partner

PLACES = [
    {"id": "a", "group": "west", "neighbours": ["b", "c"]},
    {"id": "b", "group": "west"},
    {"id": "c", "group": "east"},
    {"id": "d"},
]


def lookup_of(**tables: Any) -> Lookup:
    return Lookup(instance(places=PLACES, interventions=[does("x", 1, 1)], **tables))


def test_neighbours_are_so_both_ways_and_pairs_are_ordered() -> None:
    lookup = lookup_of()
    assert lookup.neighbours == {"a": ("b", "c"), "b": ("a",), "c": ("a",), "d": ()}
    assert lookup.neighbour_pairs == [("a", "b"), ("a", "c"), ("b", "a"), ("c", "a")]


@pytest.mark.parametrize(
    ("within", "scopes"),
    [
        ("place", [("a",), ("b",), ("c",), ("d",)]),
        ("neighbours", [("d",), ("a", "b"), ("a", "c")]),
        ("group", [("a", "b"), ("c",)]),
        ("all", [("a", "b", "c", "d")]),
    ],
)
def test_rules_look_at_scopes(within: str, scopes: list[tuple[str, ...]]) -> None:
    """A place without neighbours stands alone; one without a group is in no group."""
    assert [scope.places for scope in lookup_of().scopes(within)] == scopes


@pytest.mark.parametrize(
    ("within", "here", "there"),
    [
        ("place", "a", ("a",)),
        ("neighbours", "a", ("b", "c")),
        ("neighbours", "d", ()),
        ("group", "a", ("a", "b")),
        ("group", "d", ()),
        ("all", "d", ("a", "b", "c", "d")),
    ],
)
def test_a_need_is_met_near_the_place(within: str, here: str, there: tuple[str, ...]) -> None:
    assert lookup_of().needed_places(within, here) == there


def test_only_an_implementing_partner_has_options() -> None:
    lookup = lookup_of(partners=[partner("p"), {"id": "q", "roles": ["funding"]}])
    assert {option.partner for option in lookup.options()} == {"p"}
    assert lookup.capability_of(Option("q", "x", "a", "all")) is None


def test_an_option_is_partner_period_and_level_of_an_activity() -> None:
    lookup = Lookup(
        instance(
            places=PLACES,
            periods=["1", "2"],
            interventions=[does("x", 1, 1, levels=[{"id": "s"}, {"id": "l"}])],
            capabilities=[can("p", "x", places=["d", "a"], periods=["2"])],
        )
    )
    ids = [option.id for option in lookup.options()]
    assert ids == ["p/x/d/2/s", "p/x/d/2/l", "p/x/a/2/s", "p/x/a/2/l"]
    assert lookup.activities == {("x", "d"), ("x", "a")}


@pytest.mark.parametrize(
    "option",
    [
        Option("p", "x", "nowhere", "all"),
        Option("p", "x", "a", "never"),
        Option("p", "x", "a", "all", "large"),
        Option("p", "y", "a", "all"),
        Option("r", "x", "a", "all"),
    ],
)
def test_what_no_capability_gives_does_not_exist(option: Option) -> None:
    assert lookup_of().capability_of(option) is None


@pytest.mark.parametrize(
    ("said", "is_meant"),
    [
        ({"partner": "p"}, True),
        ({"partner": "q"}, False),
        ({"intervention": "x", "place": "a", "period": "1", "level": "s"}, True),
        ({"level": "l"}, False),
        ({"period": "2"}, False),
        ({"place": "b"}, False),
    ],
)
def test_a_filter_matches_what_it_says(said: dict[str, str], is_meant: bool) -> None:
    assert matches(Filter(**said), Option("p", "x", "a", "1", "s")) is is_meant
