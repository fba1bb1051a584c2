"""Synergies where they arise and pay off, and overlaps: worked out by hand."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

import pytest

from ciopt.instance import Lookup, Option
from ciopt.instance.effects import (
    achieved_synergies,
    is_achieved,
    joint_impacts,
    overlap_corrections,
    synergy_effect,
    synergy_instances,
)
from ciopt.instance.estimates import parts
from ciopt.instance.options import impact
from ciopt.instance.records import Overlap
from ciopt.instance.value import by_activity, movements
from tests.models.small import can, does, instance, partner
from tests.oracle.random_instances import random_instance

MICRO = 10**6
PLACES = [
    {"id": "a", "group": "west", "neighbours": ["b"], "attributes": {"farmers": 10}},
    {"id": "b", "group": "west", "attributes": {"farmers": 20}},
    {"id": "c", "attributes": {"farmers": 40}},
]
DONE = [does("x", 1, 6), does("y", 1, {"fixed": 2, "per": {"farmers": 1}}), does("z", 1, 3)]
PARTNERS = [partner("p"), partner("q")]


def lookup_of(synergy: dict[str, Any], **tables: Any) -> Lookup:
    record = {"id": "s", "between": ["x", "y"], "adds": {"k": 5}, **synergy}
    if "boost" in synergy:
        del record["adds"]
    whole = {"places": PLACES, "interventions": DONE, "partners": PARTNERS, **tables}
    return Lookup(instance(**whole, synergies=[record]))


def option(words: str) -> Option:
    """``"p x a"``: p does x at a."""
    who, what, where = words.split()
    return Option(who, what, where, "all")


def assigned(*words: str) -> dict[tuple[str, str], Option]:
    return by_activity(option(word) for word in words)


@pytest.mark.parametrize(
    ("within", "arises_at"),
    [("place", ["a", "b", "c"]), ("neighbours", ["a>b", "b>a"]), ("group", ["group:west"])],
)
def test_a_synergy_arises_at_places_pairs_and_groups(within: str, arises_at: list[str]) -> None:
    lookup = lookup_of({"within": within})
    assert [each.at for each in synergy_instances(lookup)] == arises_at


def test_it_arises_only_where_all_its_members_exist() -> None:
    """y can be done at b only: of the ordered pairs only a>b has x here and y there."""
    capabilities = [can("p", "x"), can("p", "y", places=["b"])]
    for within, arises_at in {"place": ["b"], "neighbours": ["a>b"], "group": ["group:west"]}.items():
        lookup = lookup_of({"within": within}, capabilities=capabilities)
        assert [each.at for each in synergy_instances(lookup)] == arises_at


def test_an_intervention_can_help_itself_next_door() -> None:
    lookup = lookup_of({"between": ["x", "x"], "within": "neighbours"})
    first, second = synergy_instances(lookup)
    assert first.members == ((("x", "a"),), (("x", "b"),))
    assert second.members == ((("x", "b"),), (("x", "a"),))


@pytest.mark.parametrize(
    ("synergy", "plan", "pays"),
    [
        ({}, ["p x a", "p y a"], True),
        ({}, ["p x a", "p y b"], False),
        ({}, ["p x a"], False),
        ({"within": "neighbours"}, ["p x a", "p y b"], True),
        ({"within": "neighbours"}, ["p y a", "p x b"], False),
        ({"within": "group"}, ["p x a", "p y b"], True),
        ({"within": "group"}, ["p x a", "p y c"], False),
        ({"partners": "same"}, ["p x a", "p y a"], True),
        ({"partners": "same"}, ["p x a", "q y a"], False),
        ({"partners": "different"}, ["p x a", "q y a"], True),
        ({"partners": "different"}, ["p x a", "p y a"], False),
        ({"between": ["x", "y", "z"], "at_least": 2}, ["p x a", "q z a"], True),
        ({"between": ["x", "y", "z"], "at_least": 2}, ["p x a"], False),
        ({"between": ["x", "y", "z"], "at_least": 2, "partners": "same"}, ["p x a", "q y a", "p z a"], True),
        ({"between": ["x", "y", "z"], "partners": "same"}, ["p x a", "q y a", "p z a"], False),
        ({"between": ["x", "y", "z"], "at_least": 1, "partners": "different"}, ["p x a"], False),
        ({"within": "group", "partners": "same"}, ["p x a", "q y a", "p y b"], True),
        ({"within": "group", "partners": "different"}, ["p x a", "p y a", "q x b"], True),
    ],
)
def test_a_synergy_pays_off_when_enough_members_are_done(
    synergy: dict[str, Any], plan: list[str], pays: bool
) -> None:
    """At place a, the pair a>b, or the group west: whichever comes first."""
    first = next(iter(synergy_instances(lookup_of(synergy))))
    assert is_achieved(first, assigned(*plan)) is pays


@pytest.mark.parametrize(
    ("synergy", "effect"),
    [
        ({}, 5),
        ({"adds": {"k": {"fixed": 1, "per": {"farmers": Decimal("0.5")}}}}, 6),
        ({"adds": {"k": -2}}, -2),
        ({"adds": {"k": {"per": {"farmers": 1}}}, "within": "neighbours"}, 10),
        ({"adds": {"k": {"fixed": 1, "per": {"farmers": 1}}}, "within": "group"}, 32),
        ({"boost": Decimal("0.5")}, 9),
        ({"boost": Decimal("-0.25")}, Decimal("-4.5")),
        ({"boost": Decimal("0.5"), "within": "neighbours"}, 9),
        ({"boost": Decimal("0.5"), "within": "group"}, 23),
        ({"boost": Decimal("0.5"), "on": ["k"]}, 9),
    ],
)
def test_effects_are_evaluated_at_the_place_the_first_of_a_pair_or_summed_over_a_group(
    synergy: dict[str, Any], effect: Any
) -> None:
    """At a: x moves k by 6, y by 2 + 10; over the group 2 x 6 and 4 + 30. Factors do not count."""
    factors = {"impact_factor": 7}
    lookup = lookup_of(synergy, capabilities=[can("p", name, **factors) for name in "xyz"])
    first = next(iter(synergy_instances(lookup)))
    assert synergy_effect(lookup, first) == {"k": int(effect * MICRO)}


def test_a_boost_acts_on_the_indicators_it_names() -> None:
    tables: dict[str, Any] = {
        "indicators": [{"id": "k"}, {"id": "m"}],
        "interventions": [{"id": "x", "cost": 1, "impact": {"k": 2, "m": 4}}, does("y", 1, 6)],
    }
    for on, effect in {("m",): {"m": 2 * MICRO}, (): {"k": 4 * MICRO, "m": 2 * MICRO}}.items():
        lookup = lookup_of({"boost": Decimal("0.5"), "on": list(on)}, **tables)
        assert synergy_effect(lookup, next(iter(synergy_instances(lookup)))) == effect


@pytest.mark.parametrize(
    ("how", "reach", "impacts", "counted"),
    [
        ("additive", {}, [("x", 6), ("y", 4)], [6, 4]),
        ("best", {}, [("x", 4), ("y", 6), ("z", 5)], [0, 6, 0]),
        ("best", {}, [("x", 6), ("y", 6)], [6, 0]),
        ("best", {}, [("x", -6), ("y", 4)], [-6, 0]),
        # E_x = 6 / 0.5 = 12, E_y = 4 / 0.25 = 16: y is stronger, x counts 6 x 0.75 = 4.5
        ("random", {"x": "0.5", "y": "0.25"}, [("x", 6), ("y", 4)], [5, 4]),
        ("random", {"x": "1", "y": "0.5"}, [("x", 8), ("y", 2)], [8, 0]),
        ("random", {"x": "0.5", "y": "0.5", "z": "0.5"}, [("x", 8), ("y", 16), ("z", 4)], [4, 16, 1]),
        # equal strength: as listed
        ("random", {"x": "0.5", "y": "0.5"}, [("y", 8), ("x", 8)], [4, 8]),
    ],
)
def test_people_reached_twice_get_the_stronger_effect(
    how: Any, reach: dict[str, str], impacts: list[tuple[str, int]], counted: list[int]
) -> None:
    """Impacts are whole millionths, so that the rounding (half up, once each) shows."""
    overlap = Overlap(
        indicator="k",
        interventions=("x", "y", "z"),
        how=how,
        reach={"z": Decimal(1), **{name: Decimal(part) for name, part in reach.items()}},
    )
    assert joint_impacts(overlap, impacts) == counted


def test_an_overlap_corrects_the_sum_at_each_place() -> None:
    lookup = Lookup(
        instance(
            places=PLACES,
            interventions=DONE,
            overlaps=[{"indicator": "k", "interventions": ["x", "z"], "how": "best"}],
        )
    )
    plan = assigned("p x a", "p z a", "p x b", "p y b", "p z c")
    impacts = {option: impact(lookup, option) for option in plan.values()}
    assert list(overlap_corrections(lookup, plan, impacts)) == [("k", "a", -3 * MICRO)]


@pytest.mark.parametrize("seed", range(40))
def test_synergies_that_pay_off_are_found_from_what_is_assigned(seed: int) -> None:
    """Looking only where enough members are assigned finds the same, in the same order."""
    lookup = Lookup(random_instance(seed))
    draw = random.Random(seed)
    assigned: dict[tuple[str, str], Option] = {}
    for option in lookup.options():
        if draw.random() < 0.6:
            assigned.setdefault(option.activity, option)
    everywhere = [each for each in synergy_instances(lookup) if is_achieved(each, assigned)]
    assert list(achieved_synergies(lookup, assigned)) == everywhere


def test_overlaps_are_taken_off_once_however_often_a_plan_is_looked_at() -> None:
    """Taking movements apart by what they err with changed what the coalition's options are known to move."""
    made = instance(
        interventions=[does("x", 1, 6), does("y", 1, 4)],
        capabilities=[can("p", "x"), can("p", "y")],
        overlaps=[{"indicator": "k", "interventions": ["x", "y"], "how": "best"}],
    )
    lookup = Lookup(made)
    assigned = by_activity(lookup.options())
    for _ in range(2):
        assert sum(each.amount for each in parts(lookup, assigned, ())) == 6 * MICRO
        assert movements(lookup, assigned, ())["k"].places == {"a": 6 * MICRO}
