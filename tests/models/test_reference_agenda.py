"""Value, saturation, targets and goals in order, checked by hand."""

from __future__ import annotations

from typing import Any

from ciopt.instance import Instance
from tests.models.small import Record, answer, can, does, instance, optimum

MUSTS = [{"must": {"intervention": "x"}}]
GROUPS = [{"id": "a", "group": "g"}, {"id": "b", "group": "g"}, {"id": "c", "group": "h"}]


def saturating(level: Any, weight: Any, gains: dict[str, Any], **more: Any) -> Instance:
    return instance(
        indicators=[{"id": "k", "weight": weight, "saturates_at": level}],
        interventions=[does(name, 1, gain) for name, gain in gains.items()],
        **more,
    )


def test_saturation_in_all() -> None:
    """7 + 6 count as 10; x alone would be 7. Three are no better than two, and cost more."""
    made = saturating(10, 1, {"x": 7, "y": 6, "z": 5})
    assert answer(made)[:3] == ("optimal", {"value": 10}, 2)


def test_saturated_harm_is_harm_once() -> None:
    """Weight -2: x (4) is a must and costs 8, x and y count as 5, so -10, not -16; z helps by -3."""
    made = saturating(5, -2, {"x": 4, "y": 4}, rules=[*MUSTS, {"must": {"intervention": "y"}}])
    assert optimum(made) == -10
    assert optimum(saturating(5, -2, {"x": 4, "z": -3}, rules=MUSTS)) == -2


def test_non_concave_saturation_takes_the_flat_part() -> None:
    """Weight -1 on k, flat beyond 5; m gains 2 for each: once k is spoilt (-5), all three are done."""
    made = instance(
        indicators=[{"id": "k", "weight": -1, "saturates_at": 5}, {"id": "m"}],
        interventions=[{"id": name, "cost": 1, "impact": {"k": 4, "m": 2}} for name in "xyz"],
    )
    assert answer(made)[:3] == ("optimal", {"value": 1}, 3)


def test_a_fall_saturates_at_a_negative_level() -> None:
    """Stunting should fall (weight -1), to -5 and no further: 3 and 3 count 5. With weight 1 it hurts 5."""
    assert optimum(saturating(-5, -1, {"x": -3, "y": -3})) == 5
    both = [*MUSTS, {"must": {"intervention": "y"}}]
    assert optimum(saturating(-5, 1, {"x": -3, "y": -3}, rules=both)) == -5
    assert optimum(saturating(-5, 1, {"x": -3, "y": -3, "z": 2}, rules=both)) == -4


def test_saturation_per_place() -> None:
    """Level 2 x houses: at a (1 house) 3 counts 2, at b (2 houses) 3 counts 3; two at b count 4."""
    made = instance(
        places=[{"id": "a", "attributes": {"houses": 1}}, {"id": "b", "attributes": {"houses": 2}}],
        indicators=[{"id": "k", "saturates_at": {"per_place": {"per": {"houses": 2}}}}],
        interventions=[does("x", 0, 3), does("y", 0, 3)],
    )
    assert optimum(made) == 6


def test_group_effects_do_not_saturate_per_place() -> None:
    """Level 1 a place: 1 + 1, and the group's synergy counts in full, 2 x 5 (summed over the group)."""
    made = instance(
        places=GROUPS[:2],
        indicators=[{"id": "k", "saturates_at": {"per_place": 1}}],
        interventions=[does("x", 0, 3), does("y", 0, 3)],
        synergies=[{"id": "s", "between": ["x", "y"], "within": "group", "adds": {"k": 5}}],
    )
    assert optimum(made) == 12


def targeted(*targets: Record, gains: dict[str, Any] | None = None, **agenda: Any) -> Instance:
    """Three places in two groups; x costs 2 and gains 3, y costs 1 and gains 1."""
    return instance(
        places=GROUPS,
        interventions=[does("x", 2, 3), does("y", 1, 1)],
        agenda={"targets": [{"indicator": "k", **target} for target in targets], **agenda},
    )


def test_cheapest_plan_for_targets() -> None:
    """7 in all: x, x, y for 5. 2 at b: x for 2. 4 in g: x and y for 3. Both of these: x at b, y in g."""
    for targets, cheapest in (
        ([{"at_least": 7}], 5),
        ([{"at_least": 2, "place": "b"}], 2),
        ([{"at_least": 4, "group": "g"}], 3),
        ([{"at_least": 2, "place": "b"}, {"at_least": 4, "group": "g"}], 3),
        ([{"at_least": 4, "place": "b"}, {"at_least": 4, "group": "h"}], 6),
    ):
        status, goals, cost, _ = answer(targeted(*targets, minimize="cost"))
        assert (status, goals, cost) == ("optimal", {"cost": -cheapest}, cheapest)


def test_unreachable_target_is_infeasible() -> None:
    assert answer(targeted({"at_least": 12}))[0] == "optimal"
    assert answer(targeted({"at_least": 12.000001}))[0] == "infeasible"


def test_hard_at_most() -> None:
    """At most 7 in all: 3 + 3 + 1. At most 2.5 in g: y at a and b."""
    assert optimum(targeted({"at_most": 7})) == 7
    assert optimum(targeted({"at_most": 2.5, "group": "g"})) == 2 + 4


def test_soft_target_in_money() -> None:
    """4 at b needs x and y, for 3; x alone costs 2 and misses 1; nothing misses 4."""
    for price, cheapest in ((1.4, 3), (0.9, 2.9), (0.4, 1.6)):
        target = {"at_least": 4, "place": "b", "soft": True, "penalty": price}
        goals = answer(targeted(target, minimize="cost"))[1]
        assert float(goals["cost"]) == -cheapest


def test_soft_at_most_in_value() -> None:
    """Above 10 each unit costs 0.5: all 12 are worth 11. At 1.5: 10 (3 + 3 + 3 + 1)."""
    for price, best in ((0.5, 11), (1.5, 10)):
        assert optimum(targeted({"at_most": 10, "soft": True, "penalty": price})) == best


def test_targets_first_then_value() -> None:
    """No more than 1.5 at a comes first, though a missing unit costs almost nothing: y there, 1 + 4 + 4."""
    target = {"at_most": 1.5, "place": "a", "soft": True, "penalty": 0.000001}
    status, goals, cost, _ = answer(targeted(target, priorities=["targets", "value"]))
    assert (status, goals, cost) == ("optimal", {"targets": 0, "value": 9}, 7)


def test_cost_first_then_value() -> None:
    """Cheapest for 4 at least is 3 (x and y): where is all one; then the value is 4."""
    status, goals, cost, _ = answer(targeted({"at_least": 4}, priorities=["cost", "value"]))
    assert (status, goals, cost) == ("optimal", {"cost": -3, "value": 4}, 3)


def test_penalties_belong_to_the_first_of_value_and_cost() -> None:
    """Cost bears 0.1 a missing unit: x (0.3) is not worth 2; the value then counts no penalty."""
    target = {"at_least": 20, "soft": True, "penalty": 0.1}
    status, goals, cost, _ = answer(targeted(target, priorities=["cost", "value"]))
    assert (status, goals, cost) == ("optimal", {"cost": -2, "value": 0}, 0)


def test_targets_count_overlaps_and_synergies() -> None:
    """At a, x and y reach the same people (best: 3) and the pair adds 0.5: 3.5 at a, not 4.5."""
    made = instance(
        places=GROUPS,
        interventions=[does("x", 2, 3), does("y", 1, 1)],
        overlaps=[{"indicator": "k", "interventions": ["x", "y"], "how": "best"}],
        synergies=[{"id": "s", "between": ["x", "y"], "adds": {"k": 0.5}}],
        agenda={"targets": [{"indicator": "k", "at_least": 3.5, "place": "a"}], "minimize": "cost"},
    )
    assert answer(made)[2] == 3
    harder = {"indicator": "k", "at_least": 3.500001, "place": "a"}
    assert answer(made.model_copy(update={"agenda": targeted({**harder}).agenda}))[0] == "infeasible"


def test_negative_weights() -> None:
    """k should fall: x moves it by 3 (a must), y by -1 at factor 4."""
    made = instance(
        indicators=[{"id": "k", "weight": -0.5}],
        interventions=[does("x", 0, 3), does("y", 0, -1)],
        capabilities=[can("p", "x"), can("p", "y", impact_factor=4)],
        rules=MUSTS,
    )
    assert float(optimum(made)) == 0.5
