"""Rules of the coalition, checked by hand."""

from __future__ import annotations

from typing import Any

from tests.models.small import Record, answer, can, does, instance, optimum

LINE = [
    {"id": "a", "group": "g", "neighbours": ["b"]},
    {"id": "b", "group": "g"},
    {"id": "c", "group": "h"},
]
"""a and b are neighbours and a group; c is alone."""


def ruled(rule: Record, gains: dict[str, Any], **more: Any) -> Any:
    return instance(
        places=LINE, interventions=[does(name, 0, gain) for name, gain in gains.items()], rules=[rule], **more
    )


def needs(within: str, **more: Any) -> Record:
    return {"requires": {"intervention": "x", "needs": ["y"], "within": within, **more}}


def test_requires_within() -> None:
    """x gains 3 at each of three places and needs a y, which loses 2.

    At the place: each pair gains 1, so 3. In the group: one y serves a and b, 4, and c gains 1. Next to it: a
    needs y at b and b needs y at a, 2 in all, and c has no neighbour. Anywhere: one y for three.
    """
    for within, best in (("place", 3), ("group", 5), ("neighbours", 2), ("all", 7)):
        assert optimum(ruled(needs(within), {"x": 3, "y": -2})) == best


def test_requires_every_need() -> None:
    """x gains 3, y loses 1, z loses 2.5: not worth it."""
    rule = {"requires": {"intervention": "x", "needs": ["y", "z"]}}
    assert optimum(ruled(rule, {"x": 3, "y": -1, "z": -2.5})) == 0
    assert optimum(ruled(rule, {"x": 4, "y": -1, "z": -2.5})) == 1.5


def test_requires_before_is_strictly_earlier() -> None:
    """y starts in 1, x in 2; where y can start in 2 only, x cannot be done."""
    for periods, best in (("*", 9), (["2"], 0)):
        made = ruled(
            needs("place", before=True),
            {"x": 3, "y": 0},
            periods=["1", "2"],
            capabilities=[can("p", "x"), can("p", "y", periods=periods)],
        )
        assert optimum(made) == best


def test_excludes_looks_at_presence() -> None:
    """x gains 3, y gains 2, at three places.

    In a group: x at a, b and c, 9: several assignments of one intervention are one presence. With x at a
    only, y everywhere is worth 6; at the place, x goes with two y; in all, an x of 7 beats three y.
    """
    rule = {"excludes": ["x", "y"], "within": "group"}
    assert optimum(ruled(rule, {"x": 3, "y": 2})) == 9
    only_a = [can("p", "x", places=["a"]), can("p", "y")]
    assert optimum(ruled(rule, {"x": 3, "y": 2}, capabilities=only_a)) == 2 + 2 + 2
    assert optimum(ruled({**rule, "within": "place"}, {"x": 3, "y": 2}, capabilities=only_a)) == 3 + 2 + 2
    assert optimum(ruled({**rule, "within": "all"}, {"x": 7, "y": 2}, capabilities=only_a)) == 7


def test_excludes_between_neighbours() -> None:
    """x at a forbids y at b, and c, which is alone, has x or y."""
    capabilities = [can("p", "x", places=["a", "c"]), can("p", "y", places=["b", "c"])]
    rule = {"excludes": ["x", "y"], "within": "neighbours"}
    assert optimum(ruled(rule, {"x": 3, "y": 2}, capabilities=capabilities)) == 6


def test_at_most_counts_assignments() -> None:
    """One of x and y in each scope: 3 a place; 3 in g and 3 in h; 3 in all."""
    for within, best in (("place", 9), ("group", 6), ("neighbours", 6), ("all", 3)):
        assert optimum(ruled({"at_most": 1, "of": ["x", "y"], "within": within}, {"x": 3, "y": 2})) == best


def test_at_least_counts_assignments() -> None:
    """x loses 3, y loses 2; two of them are asked for in each scope: -5 a place, -4 in g and -5 in h."""
    for within, best in (("place", -15), ("group", -9), ("all", -4)):
        assert optimum(ruled({"at_least": 2, "of": ["x", "y"], "within": within}, {"x": -3, "y": -2})) == best


def test_at_least_where_nothing_can_be_done() -> None:
    rule = {"at_least": 1, "of": ["x"], "within": "place"}
    assert answer(ruled(rule, {"x": 1}, capabilities=[can("p", "x", places=["a"])]))[0] == "infeasible"


def test_together() -> None:
    """x gains 3 and y loses 2.

    At the place each pair gains 1. In g one y goes with two x (4), in h 1. With y at a only: at a 1 and no x
    elsewhere; in g 4 and none in h; in all 7.
    """
    gains = {"x": 3, "y": -2}
    only_a = [can("p", "x"), can("p", "y", places=["a"])]
    for within, best, best_a in (("place", 3, 1), ("group", 5, 4), ("all", 7, 7)):
        rule = {"together": ["x", "y"], "within": within}
        assert optimum(ruled(rule, gains)) == best
        assert optimum(ruled(rule, gains, capabilities=only_a)) == best_a


def test_must_and_must_not() -> None:
    """x loses 3: one somewhere is a must; it must be at c; nothing at b is allowed."""
    gains = {"x": -3, "y": 2}
    assert optimum(ruled({"must": {"intervention": "x"}}, gains)) == 3
    assert answer(ruled({"must": {"intervention": "x", "place": "c"}}, gains))[3][0] == "p/x/c/all"
    assert optimum(ruled({"must_not": {"place": "b"}}, gains)) == 4


def test_must_what_nobody_can_is_infeasible() -> None:
    rule = {"must": {"intervention": "x", "place": "b"}}
    assert answer(ruled(rule, {"x": 1}, capabilities=[can("p", "x", places=["a"])]))[0] == "infeasible"
