"""Results of studies on the page: what they say is shown, by name, with a table behind each chart."""

from __future__ import annotations

from decimal import Decimal
from functools import cache
from typing import Any

import pytest

import ciopt
from ciopt import Settings
from ciopt.errors import InvalidInput
from ciopt.report.page.compared import comparison_headline
from ciopt.report.page.html import write_html
from ciopt.report.page.markdown import write_markdown
from ciopt.report.page.pages import plan_page, study_page
from ciopt.report.page.places import coordinates
from ciopt.report.page.story import Story
from ciopt.report.page.studies import study_headline, study_sections
from ciopt.studies import Comparison, compare, compare_plans, named, set_each, sweep
from ciopt.studies.axis import Axis
from ciopt.studies.collaboration import collaborate
from ciopt.studies.frontier import frontier
from ciopt.studies.read import Result, parse_result
from tests.report.page.html_reader import by_id, read, table
from tests.report.page.pages import INSTANCES, sources

SETTINGS = Settings(threads=1)
KINDS = ("comparison", "sweep", "frontier", "collaboration")


@cache
def result(kind: str) -> Result:
    """A small result of each kind."""
    instance = sources("two-villages")[0]
    if kind == "comparison":
        town = ciopt.load(INSTANCES / "small" / "matched-fund.json")
        return compare(town, named(town, list(town.scenarios)), SETTINGS)
    if kind == "sweep":
        return sweep(instance, [set_each("funds.purse.amount=0,100000,300000")], SETTINGS)
    if kind == "frontier":
        return frontier(instance, Axis("fund", "purse"), SETTINGS, points=4)
    return collaborate(instance, SETTINGS)


def page(kind: str) -> str:
    found = result(kind)
    return write_html(study_page("Two villages", study_headline(found), study_sections((found,))))


@pytest.mark.parametrize("kind", KINDS)
def test_a_result_read_back_is_the_same_and_makes_the_same_page(kind: str) -> None:
    found = result(kind)
    again = parse_result(found.to_data())
    assert again == found
    root = read(page(kind))
    headline = next(each.text for each in root.all("p") if each.has("headline"))
    assert headline == study_headline(again)
    text = write_markdown(study_page("x", study_headline(found), study_sections((found,))))
    assert headline in text.replace("\\", "")
    for figure in root.all("figure"):
        assert [each for each in figure.all("details") if each.all("table")]


def test_outcomes_are_those_of_the_comparison() -> None:
    found = result("comparison")
    assert isinstance(found, Comparison)
    heads, *rows = table(read(page("comparison")), "Outcomes")
    assert len(rows) == len(found.cases) > 1
    for row, case in zip(rows, found.cases, strict=True):
        assert len(row) == len(heads)
        assert row[0] == (case.title or case.key)
        if case.objective is not None:
            assert Decimal(row[1].replace(",", "")) == case.objective


def test_several_results_on_one_page_have_anchors_of_their_own() -> None:
    sections = study_sections((result("comparison"), result("comparison"), result("frontier")))
    root = read(write_html(study_page("x", "y", sections)))
    assert len(root.all("main")[0].all("section")) == 3
    assert len({each.attributes["id"] for each in root.all("figure")}) == len(root.all("figure"))


def test_studies_stand_on_the_page_of_their_plan() -> None:
    instance, plan = sources("two-villages")
    sections = study_sections((result("frontier"), result("collaboration")))
    root = read(write_html(plan_page(Story(instance, plan), sections)))
    titles = [each.text for each in root.all("h2")]
    assert titles.index("What more or less money would do") < titles.index("What it means for each partner")
    assert "Together" in root.text


def test_given_plans_are_compared_by_what_they_are_worth() -> None:
    instance, plan = sources("two-villages")
    found = compare_plans(instance, [("ours", plan), ("theirs", plan)])
    assert comparison_headline(found) == "1 case beside “ours” (worth 390): 1 proven equal."
    root = read(write_html(plan_page(Story(instance, plan), study_sections((found,)))))
    assert "Plans beside each other" in [each.text for each in root.all("h2")]


@pytest.mark.parametrize(
    "data", [{"kind": "front"}, {"kind": "frontier", "axis": 1}, {"kind": "comparison", "colour": "red"}]
)
def test_what_is_no_result_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(InvalidInput):
        parse_result(data)


def with_coordinates(**given: dict[str, Decimal]) -> Story:
    instance, plan = sources("two-villages")
    data = instance.to_data()
    data["places"] = [
        {**each, "attributes": {**each.get("attributes", {}), **given.get(each["id"], {})}}
        for each in data["places"]
    ]
    return Story(ciopt.parse(data), plan)


def test_places_with_coordinates_are_on_a_map() -> None:
    plan = sources("two-villages")[1]
    busy = {each.place for each in plan.assignments}
    points = {
        place: {"lat": Decimal(number), "lon": Decimal(-number)}
        for number, place in enumerate(sorted(busy), 5)
    }
    root = read(write_html(plan_page(with_coordinates(**points))))
    figure = by_id(root, "map")
    wide = figure.all("svg")[0]
    assert len(wide.all("circle")) == len(busy)
    assert not [each for each in root.all("figure") if each.attributes["id"] == "groups"]


def test_coordinates_that_cannot_be_are_none() -> None:
    instance = sources("two-villages")[0]
    place = instance.places[0]
    for attributes, known in (
        ({"lat": Decimal(5), "lng": Decimal(-6)}, (5.0, -6.0)),
        ({"latitude": Decimal(91), "longitude": Decimal(0)}, None),
        ({"lat": Decimal(5)}, None),
        ({}, None),
    ):
        assert coordinates(place.model_copy(update={"attributes": attributes})) == known
