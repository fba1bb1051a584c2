"""Names: what a page calls the things that results know by their ids."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance import parse
from ciopt.plan import Assignment
from ciopt.report.names import Names
from ciopt.report.nearby import alternatives_tables
from ciopt.report.studies import difference_tables
from ciopt.studies import Alternatives
from ciopt.studies.difference import Difference
from ciopt.studies.exchange import Exchange, Shared

NAMES = Names.of(
    parse(
        {
            "ciopt": 1,
            "name": "n",
            "currency": "USD",
            "places": [{"id": "a", "name": "Abidjan"}, {"id": "b"}],
            "indicators": [{"id": "k", "weight": 1}],
            "partners": [{"id": "p", "name": "Port", "roles": ["implementing"], "budget": 1}],
            "interventions": [
                {"id": "x", "name": "Road", "cost": 1, "levels": [{"id": "g", "name": "gravel"}]}
            ],
            "capabilities": [{"partner": "p", "intervention": "x"}],
        }
    )
)
HERE = Assignment(partner="p", intervention="x", place="a", period="1", level="g", cost=Decimal(1), impact={})
THERE = HERE.model_copy(update={"place": "b"})


def test_changes_are_told_in_names_and_what_has_none_keeps_its_id() -> None:
    found = Difference(added=(HERE,), dropped=(THERE,), synergies_gained=("s@a>b",), activities=2, changed=2)
    (grid,) = difference_tables(found, "new", "USD", NAMES)
    assert grid.rows == (
        ("starts", "Port", "Road (gravel)", "1", "Abidjan"),
        ("stops", "Port", "Road (gravel)", "1", "b"),
        ("synergy gained", "", "s", "", "Abidjan>b"),
    )
    (grid,) = difference_tables(found, "new", "USD")
    assert grid.rows[0] == ("starts", "p", "x (g)", "1", "a")


def test_alternatives_are_told_in_names() -> None:
    found = Alternatives(
        within=Decimal("0.01"),
        differ_in="place",
        asked=2,
        assignments=(Shared(assignment=HERE, plans=1, found="in some"),),
        exchangeable=(Exchange(one=HERE, other=THERE, differs=("place",)),),
    )
    _, swaps, loose = alternatives_tables(found, NAMES)
    assert swaps.rows == (("Port: Road (gravel) in Abidjan, 1", "Port: Road (gravel) in b, 1", "place"),)
    assert loose.rows == (("1", "Port", "Road (gravel)", "Abidjan", "1"),)
