"""Synergies and backbones: which pay off, who carries them, and what may not be claimed."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.verification import verify
from tests.verify.builders import Carried, can, codes, decide, does, instance, partner, plan_of

PLACES = [
    {"id": "a", "group": "west", "neighbours": ["b"], "attributes": {"n": 2}},
    {"id": "b", "group": "west", "attributes": {"n": 3}},
    {"id": "c", "attributes": {"n": 5}},
]
I_A, J_A, X_A = "p/i/a/all", "p/j/a/all", "p/x/a/all"


def helped(places: Any = "*", capacity: Any = None, cost: int = 0, **synergy: Any) -> Any:
    """Two partners, three interventions, one synergy, one backbone h (if the synergy needs it)."""
    record = {"id": "s", "between": ["i", "j"], "adds": {"k": {"per": {"n": 1}}}, **synergy}
    return instance(
        places=PLACES,
        partners=[partner("p"), partner("q"), {"id": "h", "roles": ["backbone"], "budget": 100}],
        interventions=[does("i"), does("j"), does("x")],
        capabilities=[can(who, what) for who in "pq" for what in "ijx"],
        synergies=[record],
        backbones=[{"partner": "h", "places": places, "capacity": capacity, "cost": cost}],
    )


@pytest.mark.parametrize(
    ("synergy", "assigned", "paid"),
    [
        ({}, [I_A, J_A], {"a": 2}),
        ({}, [I_A, "p/j/b/all"], {}),
        ({}, [I_A, "q/j/a/all", "p/i/b/all", "p/j/b/all"], {"a": 2, "b": 3}),
        ({"within": "neighbours"}, [I_A, "p/j/b/all"], {"a>b": 2}),
        ({"within": "neighbours"}, ["p/j/a/all", "p/i/b/all"], {"b>a": 3}),
        ({"within": "neighbours"}, [I_A, J_A, "p/i/b/all", "p/j/b/all"], {"a>b": 2, "b>a": 3}),
        ({"within": "neighbours"}, [I_A, "p/j/c/all"], {}),
        ({"within": "group"}, [I_A, "p/j/b/all"], {"group:west": 5}),
        ({"within": "group"}, ["p/i/c/all", "p/j/c/all"], {}),
        ({"partners": "same"}, [I_A, J_A], {"a": 2}),
        ({"partners": "same"}, [I_A, "q/j/a/all"], {}),
        ({"partners": "different"}, [I_A, "q/j/a/all"], {"a": 2}),
        ({"partners": "different"}, [I_A, J_A], {}),
        ({"between": ["i", "j", "x"]}, [I_A, J_A], {}),
        ({"between": ["i", "j", "x"], "at_least": 2}, [I_A, X_A], {"a": 2}),
        ({"between": ["i", "j", "x"], "at_least": 2, "partners": "same"}, [I_A, "q/j/a/all", X_A], {"a": 2}),
        ({"between": ["i", "j", "x"], "at_least": 3, "partners": "same"}, [I_A, "q/j/a/all", X_A], {}),
        ({"adds": {"k": -4}}, [I_A, J_A], {"a": -4}),
        ({"adds": {}, "boost": 0.5}, [I_A, J_A], {"a": 10}),
    ],
)
def test_a_synergy_pays_wherever_its_members_are_done(
    synergy: Any, assigned: list[str], paid: dict[str, int]
) -> None:
    made = helped(**synergy)
    plan = plan_of(made, decide(made, assigned))
    assert {each.at: each.effect["k"] for each in plan.synergies} == {
        at: Decimal(amount) for at, amount in paid.items()
    }
    assert plan.value == 10 * len(assigned) + sum(paid.values())
    assert verify(made, plan).is_valid


@pytest.mark.parametrize("at", ["a", "b"])
def test_a_synergy_may_not_be_left_out_or_made_up(at: str) -> None:
    made = helped()
    plan = plan_of(made, decide(made, [I_A, J_A, "p/i/b/all", "p/j/b/all"]))
    fewer = plan.model_copy(update={"synergies": tuple(each for each in plan.synergies if each.at != at)})
    assert [each.code for each in verify(made, fewer).problems] == ["E534"]
    invented = plan.synergies[0].model_copy(update={"at": "c"})
    more = plan.model_copy(update={"synergies": (*plan.synergies, invented)})
    assert [each.code for each in verify(made, more).problems] == ["E533"]


@pytest.mark.parametrize(
    ("backbone", "carried", "found"),
    [
        ({}, {"h": (("s", "a"),)}, []),
        ({}, {"h": (("s", "a"), ("s", "b"))}, []),
        ({"capacity": 1}, {"h": (("s", "a"), ("s", "b"))}, ["E505"]),
        ({"places": ["a"]}, {"h": (("s", "a"),)}, []),
        ({"places": ["a"]}, {"h": (("s", "b"),)}, ["E505"]),
        ({}, {"h": (("s", "a"), ("s", "a"))}, ["E505"]),
        ({}, {"h": (("s", "c"),)}, ["E505"]),
        ({}, {"h": (("s", "nowhere"),)}, ["E505"]),
        ({}, {"h": (("none", "a"),)}, ["E505"]),
        ({"backbone": False}, {"h": (("s", "a"),)}, ["E505"]),
    ],
)
def test_a_backbone_carries_what_it_covers_and_has_room_for(
    backbone: Any, carried: Carried, found: list[str]
) -> None:
    made = helped(**{"backbone": True, **backbone})
    assigned = [I_A, J_A, "p/i/b/all", "p/j/b/all"]
    assert codes(made, decide(made, assigned, backbones=carried)) == found


@pytest.mark.parametrize(
    ("within", "places", "at", "found"),
    [
        ("neighbours", ["a"], "a>b", []),
        ("neighbours", ["b"], "a>b", ["E505"]),
        ("group", ["a", "b"], "group:west", []),
        ("group", ["a"], "group:west", ["E505"]),
    ],
)
def test_a_backbone_covers_the_first_of_a_pair_and_all_of_a_group(
    within: str, places: list[str], at: str, found: list[str]
) -> None:
    made = helped(backbone=True, within=within, places=places)
    assert codes(made, decide(made, [I_A, "p/j/b/all"], backbones={"h": (("s", at),)})) == found


def test_without_its_backbone_a_synergy_does_not_pay() -> None:
    made = helped(backbone=True)
    plan = plan_of(made, decide(made, [I_A, J_A]))
    assert plan.synergies == ()
    assert plan.value == 20
    assert verify(made, plan).is_valid


def test_no_synergy_is_carried_by_two() -> None:
    made = instance(
        partners=[partner("p"), {"id": "g", "roles": ["backbone"]}, {"id": "h", "roles": ["backbone"]}],
        interventions=[does("i"), does("j")],
        capabilities=[can("p", "i"), can("p", "j")],
        synergies=[{"id": "s", "between": ["i", "j"], "adds": {"k": 5}, "backbone": True}],
        backbones=[{"partner": "g"}, {"partner": "h"}],
    )
    names = ["p/i/a/all", "p/j/a/all"]
    assert codes(made, decide(made, names, backbones={"g": (("s", "a"),), "h": (("s", "a"),)})) == ["E505"]


def test_a_partner_without_a_backbone_record_carries_nothing() -> None:
    made = helped(backbone=True)
    plan = plan_of(made, decide(made, [I_A, J_A], backbones={"h": (("s", "a"),)}))
    other = plan.backbones[0].model_copy(update={"partner": "q"})
    found = verify(made, plan.model_copy(update={"backbones": (other,)})).problems
    assert [each.path for each in found] == [("backbones", 0, "partner")]
