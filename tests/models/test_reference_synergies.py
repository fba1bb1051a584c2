"""Synergies, backbones and overlaps, checked by hand."""

from __future__ import annotations

from typing import Any

import pytest

from tests.models.small import Record, answer, can, does, instance, optimum, partner

FREE = [does("x", 0, 1), does("y", 0, 1), does("z", 0, 1)]
GROUP = [{"id": "a", "group": "g", "neighbours": ["b"]}, {"id": "b", "group": "g"}]


def synergy(*between: str, adds: Any = 10, **more: Any) -> Record:
    return {"id": "s", "between": list(between), "adds": {"k": adds}, **more}


def test_all_members_are_needed() -> None:
    """Two of three cannot be had with 2 assignments of 3; the triple pays 10 only with all."""
    for most, best in ((3, 13), (2, 2)):
        made = instance(
            interventions=FREE,
            partners=[partner("p", max_activities=most)],
            synergies=[synergy("x", "y", "z")],
        )
        assert optimum(made) == best


def test_k_of_n_pays_once() -> None:
    """2 of 3: two are enough, three pay no more, one pays nothing."""
    for most, best in ((1, 1), (2, 12), (3, 13)):
        made = instance(
            interventions=FREE,
            partners=[partner("p", max_activities=most)],
            synergies=[synergy("x", "y", "z", at_least=2)],
        )
        assert optimum(made) == best


def test_a_loss_cannot_be_dodged() -> None:
    """x and y together lose 1.5: one of them alone is better; with both a must, the loss is taken."""
    bad = synergy("x", "y", adds=-1.5)
    assert optimum(instance(interventions=FREE[:2], synergies=[bad])) == 1
    musts = [{"must": {"intervention": "x"}}, {"must": {"intervention": "y"}}]
    assert optimum(instance(interventions=FREE[:2], synergies=[bad], rules=musts)) == 0.5


def test_a_gain_cannot_be_declined() -> None:
    """A hard limit of 5 on k: x and y together move it by 12, so only one is done."""
    made = instance(
        interventions=FREE[:2],
        synergies=[synergy("x", "y")],
        agenda={"targets": [{"indicator": "k", "at_most": 5}]},
    )
    assert optimum(made) == 1


def test_same_partner() -> None:
    """p gains 1 from x and q gains 3 from y: apart 4, by one partner (1 + 1 + 10) 12."""
    made = instance(
        partners=[partner("p"), partner("q")],
        interventions=FREE[:2],
        capabilities=[can("p", "x"), can("p", "y"), can("q", "y", impact_factor=3)],
        synergies=[synergy("x", "y", partners="same")],
    )
    assert optimum(made) == 12


def test_same_partner_cannot_be_declined() -> None:
    """Under a limit of 3: p does x and q does y, which is not the same partner's."""
    made = instance(
        partners=[partner("p"), partner("q")],
        interventions=FREE[:2],
        synergies=[synergy("x", "y", partners="same")],
        agenda={"targets": [{"indicator": "k", "at_most": 3}]},
    )
    assert optimum(made) == 2


def test_same_in_a_group_counts_any_place() -> None:
    """x at a by p and at b by q, y at b by p: p has both members in the group."""
    made = instance(
        places=GROUP,
        partners=[partner("p"), partner("q")],
        interventions=FREE[:2],
        capabilities=[can("p", "x", places=["a"]), can("q", "x", places=["b"]), can("p", "y", places=["b"])],
        synergies=[synergy("x", "y", partners="same", within="group", adds=4)],
    )
    assert optimum(made) == 3 + 8  # evaluated at both places


def test_different_partners() -> None:
    """p alone does x and y better (2 + 2), with q's y it is 2 + 1 + 10."""
    made = instance(
        partners=[partner("p"), partner("q")],
        interventions=FREE[:2],
        capabilities=[can("p", "x", impact_factor=2), can("p", "y", impact_factor=2), can("q", "y")],
        synergies=[synergy("x", "y", partners="different")],
    )
    assert optimum(made) == 13


def test_different_counts_partners_among_all_assigned_members() -> None:
    """2 of 3 by different partners: x and y by p do not, z by q makes two partners."""
    for able, best in ((True, 13), (False, 2)):
        made = instance(
            partners=[partner("p"), partner("q")],
            interventions=FREE,
            capabilities=[
                can("p", "x"),
                can("p", "y"),
                can("q", "z", places="*" if able else []),
                can("p", "z", places=[] if able else "*"),
            ],
            synergies=[synergy("x", "y", "z", partners="different", at_least=2)],
            rules=[{"at_most": 3 if able else 2, "of": ["x", "y", "z"]}],
        )
        assert optimum(made) == best


def test_neighbours_are_ordered_pairs() -> None:
    """x here and y there: both pairs arise, 4 + 10 + 10; with x at a only, one pair."""
    made = instance(places=GROUP, interventions=FREE[:2], synergies=[synergy("x", "y", within="neighbours")])
    assert optimum(made) == 24
    one = instance(
        places=GROUP,
        interventions=FREE[:2],
        capabilities=[can("p", "x", places=["a"]), can("p", "y")],
        synergies=[synergy("x", "y", within="neighbours")],
    )
    assert optimum(one) == 13


def test_boost() -> None:
    """Half of the members' central impact at factor 1: 0.5 x (1 + 1), whatever p's own factors."""
    made = instance(
        interventions=FREE[:2],
        capabilities=[can("p", "x", impact_factor=5), can("p", "y")],
        synergies=[{"id": "s", "between": ["x", "y"], "boost": 0.5}],
    )
    assert optimum(made) == 7


def backed(backbone: Record, budget: Any = 100, adds: Any = 10, **more: Any) -> Any:
    return instance(
        places=GROUP,
        partners=[partner("p"), {"id": "c", "roles": ["backbone"], "budget": budget}],
        interventions=FREE[:2],
        capabilities=[can("p", "x"), can("p", "y")],
        synergies=[synergy("x", "y", backbone=True, adds=adds)],
        backbones=[{"partner": "c", **backbone}],
        **more,
    )


@pytest.mark.parametrize(
    ("backbone", "budget", "best"),
    [
        ({"cost": 60, "cost_per_synergy": 20}, 100, 24),
        ({"cost": 60, "cost_per_synergy": 20}, 99, 14),
        ({"cost": 60, "cost_per_synergy": 20}, 79, 4),
        ({"capacity": 1}, None, 14),
        ({"places": ["b"]}, None, 14),
        ({"cost": 1}, None, 4),
    ],
)
def test_backbone(backbone: Record, budget: Any, best: int) -> None:
    """Two synergies of 10 could be carried: money, capacity and places say how many are."""
    assert optimum(backed(backbone, budget)) == best


def test_carrying_is_a_decision() -> None:
    """A harmful synergy is not carried, and a limit of 4 does not forbid x and y at both places."""
    assert optimum(backed({}, adds=-10)) == 4
    assert optimum(backed({}, agenda={"targets": [{"indicator": "k", "at_most": 4}]})) == 4


def test_backbone_covers_every_place_of_a_group() -> None:
    """A group's synergy needs a backbone for a and b; a pair's for its first place only."""
    for within, places, best in (("group", ["a"], 4), ("group", ["a", "b"], 24), ("neighbours", ["a"], 14)):
        made = instance(
            places=GROUP,
            partners=[partner("p"), {"id": "c", "roles": ["backbone"]}],
            interventions=FREE[:2],
            capabilities=[can("p", "x"), can("p", "y")],
            synergies=[synergy("x", "y", backbone=True, within=within)],
            backbones=[{"partner": "c", "places": places}],
        )
        assert optimum(made) == best


def overlapping(how: str, gains: tuple[Any, ...], **more: Any) -> Record:
    names = ["x", "y", "z"][: len(gains)]
    return {
        "interventions": [does(name, 1, gain) for name, gain in zip(names, gains, strict=True)],
        "overlaps": [{"indicator": "k", "interventions": names, "how": how, **more}],
    }


def test_best_counts_the_strongest() -> None:
    """6, 5 and 4 reach the same people: 6, at the least cost, which is x alone."""
    assert answer(instance(**overlapping("best", (6, 5, 4)))) == ("optimal", {"value": 6}, 1, ["p/x/a/all"])


def test_best_with_partners_of_different_strength() -> None:
    """y by q counts 3 x 5: stronger than x, which is a must and counts nothing then."""
    made = instance(
        **overlapping("best", (6, 5)),
        partners=[partner("p"), partner("q")],
        capabilities=[can("p", "x"), can("p", "y"), can("q", "y", impact_factor=3)],
        rules=[{"must": {"intervention": "x"}}],
    )
    assert answer(made) == ("optimal", {"value": 15}, 2, ["p/x/a/all", "q/y/a/all"])


def test_best_of_a_loss_and_a_gain() -> None:
    """-6 is stronger than 5: with both a must the joint impact is -6."""
    both = [{"must": {"intervention": "x"}}, {"must": {"intervention": "y"}}]
    assert optimum(instance(**overlapping("best", (-6, 5)), rules=both)) == -6
    assert optimum(instance(**overlapping("best", (-6, 5)))) == 5


def test_random_overlap_of_three() -> None:
    """E = 20, 10, 4 with reach 0.5, 0.5, 0.25: 10 + 5 x 0.5 + 1 x 0.5 x 0.5 = 12.75."""
    made = instance(**overlapping("random", (10, 5, 1), reach={"x": 0.5, "y": 0.5, "z": 0.25}))
    assert optimum(made) == pytest.approx(12.75, abs=0)


def test_random_overlap_can_make_more_worse() -> None:
    """-8 at reach 0.8 (E = 10) is weaker than 10 at reach 0.5 (E = 20): together 10 - 8 x 0.5."""
    both = [{"must": {"intervention": "x"}}, {"must": {"intervention": "y"}}]
    made = instance(**overlapping("random", (10, -8), reach={"x": 0.5, "y": 0.8}), rules=both)
    assert optimum(made) == 6


def test_overlaps_stay_at_their_place() -> None:
    """x at a and y at b reach different people."""
    made = instance(
        **overlapping("best", (6, 5)),
        places=[{"id": "a"}, {"id": "b"}],
        capabilities=[can("p", "x", places=["a"]), can("p", "y", places=["b"])],
    )
    assert optimum(made) == 11
