"""The oracle's own reading of rules, limits and commitments, on cases worked out by hand."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.instance import Lookup, Option
from tests.models.small import can, does, instance, partner
from tests.oracle.rules import keeps_rules

PLACES = [
    {"id": "a", "group": "west", "neighbours": ["b"]},
    {"id": "b", "group": "west", "neighbours": ["c"]},
    {"id": "c", "group": "east"},
    {"id": "d"},
]
NEEDS: dict[str, Any] = {"intervention": "y", "needs": ["x"]}
XY = ["x", "y"]


def keeps(plan: str, **tables: Any) -> bool:
    """``"p x a 1, q y b 2"``: p does x at a from period 1, q does y at b from period 2; level s."""
    whole = {
        "places": PLACES,
        "periods": ["1", "2"],
        "partners": [partner("p"), partner("q")],
        "interventions": [does(name, 1, 1, levels=[{"id": "s"}, {"id": "l"}]) for name in "xyz"],
        **tables,
    }
    assigned: dict[tuple[str, str], Option] = {}
    for each in plan.split(", ") if plan else ():
        who, what, where, when = each.split()
        assigned[what, where] = Option(who, what, where, when, "s")
    return keeps_rules(Lookup(instance(**whole)), assigned)


@pytest.mark.parametrize(
    ("rule", "plan", "holds"),
    [
        ({"requires": NEEDS}, "p y a 1, q x a 2", True),
        ({"requires": NEEDS}, "p x a 1", True),
        ({"requires": NEEDS}, "p y a 1, p x b 1", False),
        ({"requires": {**NEEDS, "needs": ["x", "z"]}}, "p y a 1, p x a 1", False),
        ({"requires": {**NEEDS, "needs": ["x", "z"]}}, "p y a 1, p x a 1, p z a 1", True),
        ({"requires": {**NEEDS, "before": True}}, "p y a 2, p x a 1", True),
        ({"requires": {**NEEDS, "before": True}}, "p y a 1, p x a 1", False),
        ({"requires": {**NEEDS, "within": "neighbours"}}, "p y c 1, p x b 1", True),
        ({"requires": {**NEEDS, "within": "neighbours"}}, "p y a 1, p x a 1", False),
        ({"requires": {**NEEDS, "within": "neighbours"}}, "p y a 1, p x c 1", False),
        ({"requires": {**NEEDS, "within": "group"}}, "p y a 1, p x b 1", True),
        ({"requires": {**NEEDS, "within": "group"}}, "p y a 1, p x c 1", False),
        ({"requires": {**NEEDS, "within": "group"}}, "p y d 1, p x d 1", False),
        ({"requires": {**NEEDS, "within": "all"}}, "p y a 1, p x d 1", True),
        ({"requires": {**NEEDS, "within": "all", "before": True}}, "p y a 2, p x d 2, p x b 1", True),
        ({"excludes": XY}, "p x a 1, p y b 1", True),
        ({"excludes": XY}, "p x a 1, p y a 1", False),
        ({"excludes": XY, "within": "neighbours"}, "p x a 1, p y b 1", False),
        ({"excludes": XY, "within": "neighbours"}, "p x a 1, p y c 1", True),
        ({"excludes": XY, "within": "neighbours"}, "p x d 1, p y d 1", False),
        ({"excludes": XY, "within": "group"}, "p x a 1, p x b 1, p y c 1", True),
        ({"excludes": XY, "within": "group"}, "p x d 1, p y d 1", True),
        ({"excludes": XY, "within": "all"}, "p x a 1, p y d 1", False),
        ({"at_most": 1, "of": XY}, "p x a 1, p y a 1", False),
        ({"at_most": 1, "of": XY}, "p x a 1, p y b 1, p z a 1", True),
        ({"at_most": 1, "of": ["x"], "within": "neighbours"}, "p x b 1, p x c 1", False),
        ({"at_most": 1, "of": ["x"], "within": "neighbours"}, "p x a 1, p x c 1", True),
        ({"at_most": 1, "of": ["x"], "within": "group"}, "p x a 1, p x b 1", False),
        ({"at_most": 0, "of": XY, "within": "all"}, "p z a 1", True),
        ({"at_least": 1, "of": XY}, "p x a 1, p x b 1, p y c 1", False),
        ({"at_least": 1, "of": XY}, "p x a 1, p x b 1, p y c 1, p x d 1", True),
        ({"at_least": 1, "of": ["x"], "within": "neighbours"}, "p x b 1, p x d 1", True),
        ({"at_least": 1, "of": ["x"], "within": "neighbours"}, "p x b 1", False),
        ({"at_least": 1, "of": ["x"], "within": "group"}, "p x a 1, p x c 1", True),
        ({"at_least": 3, "of": XY, "within": "all"}, "p x a 1, p y a 1", False),
        ({"together": XY}, "", True),
        ({"together": XY}, "p x a 1, p y b 1", False),
        ({"together": XY, "within": "neighbours"}, "p x a 1, p y b 1", False),
        ({"together": XY, "within": "neighbours"}, "p x b 1, p y a 1, p y c 1", True),
        ({"together": XY, "within": "group"}, "p x a 1, p y b 1", True),
        ({"together": XY, "within": "group"}, "p x d 1", True),
        ({"together": XY, "within": "all"}, "p x a 1, p y d 1", True),
        ({"must": {"intervention": "x", "partner": "q"}}, "p x a 1, q y a 1", False),
        ({"must": {"intervention": "x", "partner": "q"}}, "q x d 2", True),
        ({"must": {"level": "l"}}, "q x d 2", False),
        ({"must_not": {"period": "2"}}, "q x d 2", False),
        ({"must_not": {"period": "2", "place": "a"}}, "q x d 2", True),
    ],
)
def test_a_rule_holds_or_not(rule: dict[str, Any], plan: str, holds: bool) -> None:
    """a, b in the west, c in the east, d in none; a next to b next to c."""
    assert keeps(plan, rules=[rule]) is holds


@pytest.mark.parametrize(
    ("entry", "plan", "holds"),
    [
        ({}, "p x a 2", True),
        ({}, "q x a 1", False),
        ({}, "", False),
        ({"period": "1"}, "p x a 2", False),
        ({"level": "l"}, "p x a 1", False),
        ({"level": "s", "period": "1"}, "p x a 1", True),
        ({"status": "planned"}, "q x a 1", True),
    ],
)
def test_what_is_committed_is_done_as_it_was_said(entry: dict[str, Any], plan: str, holds: bool) -> None:
    committed = {"partner": "p", "intervention": "x", "place": "a", **entry}
    assert keeps(plan, baseline=[committed]) is holds


@pytest.mark.parametrize(
    ("p", "holds"),
    [
        ({"max_activities": 2}, True),
        ({"max_activities": 1}, False),
        ({"capacity": {"days": Decimal("0.6")}}, True),
        ({"capacity": {"days": Decimal("0.599999")}}, False),
        ({"capacity": {"days": {"1": Decimal("0.2"), "2": Decimal("0.4")}}}, True),
        ({"capacity": {"days": {"1": Decimal("0.6")}}}, False),
        ({"capacity": {"days": {"1": 9, "2": Decimal("0.3")}}}, False),
        ({"capacity": {"trucks": 0}}, True),
    ],
)
def test_a_partner_bears_what_it_can(p: dict[str, Any], holds: bool) -> None:
    """p needs 0.2 days from period 1 and 0.4 from period 2; what q does is no matter."""
    done = [
        does("x", 1, 1, uses={"days": Decimal("0.2")}, levels=[{"id": "s"}]),
        does("y", 1, 1, uses={"days": Decimal("0.4")}, levels=[{"id": "s"}]),
    ]
    plan = "p x a 1, p y a 2, q x b 1, q y b 2"
    assert keeps(plan, partners=[partner("p", **p), partner("q")], interventions=done) is holds


def test_a_capability_is_not_used_too_often() -> None:
    """Two capabilities of one partner for one intervention count apart."""
    here = can("p", "x", places=["a", "b"], max_activities=1)
    elsewhere = can("p", "x", places=["c", "d"], max_activities=2)
    assert keeps("p x a 1, p x c 1, p x d 2", capabilities=[here, elsewhere])
    assert not keeps("p x a 1, p x b 2", capabilities=[here, elsewhere])
