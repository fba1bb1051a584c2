"""Rules, limits and targets: decisions whose claims all agree with them, and that break one rule."""

from __future__ import annotations

from typing import Any

import pytest

from ciopt.verification import verify
from tests.verify.builders import can, codes, decide, does, instance, judge, option, partner, plan_of

PLACES = [
    {"id": "a", "group": "west", "neighbours": ["b"]},
    {"id": "b", "group": "west"},
    {"id": "c", "group": "east"},
    {"id": "d"},
]


def ruled(*rules: Any, **tables: Any) -> Any:
    """Three interventions, four places, two years, two rich partners, and rules."""
    return instance(
        **{
            "places": PLACES,
            "periods": ["y1", "y2"],
            "partners": [partner("p", 10000), partner("q", 10000)],
            "interventions": [does("i"), does("j"), does("x")],
            "rules": list(rules),
            **tables,
        }
    )


def needs(within: str = "place", before: bool = False) -> Any:
    return {"requires": {"intervention": "i", "needs": ["j"], "within": within, "before": before}}


@pytest.mark.parametrize(
    ("rule", "assigned", "found"),
    [
        (needs(), ["p/i/a/y1"], ["E521"]),
        (needs(), ["p/i/a/y1", "q/j/a/y2"], []),
        (needs(), ["p/i/a/y1", "q/j/b/y1"], ["E521"]),
        (needs(before=True), ["p/i/a/y2", "q/j/a/y1"], []),
        (needs(before=True), ["p/i/a/y1", "q/j/a/y1"], ["E521"]),
        (needs("neighbours"), ["p/i/b/y1", "q/j/a/y1"], []),
        (needs("neighbours"), ["p/i/a/y1", "q/j/a/y1"], ["E521"]),
        (needs("neighbours"), ["p/i/d/y1", "q/j/a/y1"], ["E521"]),
        (needs("group"), ["p/i/a/y1", "q/j/b/y1"], []),
        (needs("group"), ["p/i/a/y1", "q/j/c/y1"], ["E521"]),
        (needs("group"), ["p/i/d/y1", "q/j/d/y1"], ["E521"]),
        (needs("all"), ["p/i/a/y1", "q/j/d/y1"], []),
        (needs("all", before=True), ["p/i/a/y2", "q/j/d/y2"], ["E521"]),
        (needs("all", before=True), ["p/i/a/y2", "q/j/d/y2", "q/j/c/y1"], []),
        ({"excludes": ["i", "j"]}, ["p/i/a/y1", "q/j/a/y2"], ["E521"]),
        ({"excludes": ["i", "j"]}, ["p/i/a/y1", "q/j/b/y1"], []),
        ({"excludes": ["i", "j"], "within": "neighbours"}, ["p/i/a/y1", "q/j/b/y1"], ["E521"]),
        ({"excludes": ["i", "j"], "within": "neighbours"}, ["p/i/d/y1", "q/j/d/y1"], ["E521"]),
        ({"excludes": ["i", "j"], "within": "group"}, ["p/i/a/y1", "q/j/b/y1"], ["E521"]),
        ({"excludes": ["i", "j"], "within": "group"}, ["p/i/a/y1", "p/i/b/y1"], []),
        ({"excludes": ["i", "j"], "within": "all"}, ["p/i/a/y1", "q/j/d/y1"], ["E521"]),
        ({"excludes": ["i", "j", "x"]}, ["p/i/a/y1", "q/x/a/y1"], ["E521"]),
        ({"together": ["i", "j"]}, ["p/i/a/y1"], ["E521"]),
        ({"together": ["i", "j"]}, ["p/i/a/y1", "q/j/a/y1"], []),
        ({"together": ["i", "j"]}, [], []),
        ({"together": ["i", "j"], "within": "group"}, ["p/i/a/y1", "q/j/b/y1"], []),
        ({"at_most": 1, "of": ["i", "j"]}, ["p/i/a/y1", "q/j/a/y1"], ["E521"]),
        ({"at_most": 1, "of": ["i", "j"]}, ["p/i/a/y1", "q/j/b/y1"], []),
        ({"at_most": 1, "of": ["i"], "within": "group"}, ["p/i/a/y1", "p/i/b/y1"], ["E521"]),
        ({"at_most": 2, "of": ["i"], "within": "all"}, ["p/i/a/y1", "p/i/b/y1", "p/i/d/y1"], ["E521"]),
        ({"at_least": 1, "of": ["i"], "within": "group"}, ["p/i/a/y1"], ["E521"]),
        ({"at_least": 1, "of": ["i"], "within": "group"}, ["p/i/a/y1", "p/i/c/y1"], []),
        ({"at_least": 2, "of": ["i", "j"], "within": "all"}, ["p/i/a/y1", "p/j/a/y1"], []),
        ({"must": {"intervention": "i", "place": "b"}}, ["p/i/a/y1"], ["E521"]),
        ({"must": {"intervention": "i", "place": "b"}}, ["q/i/b/y2"], []),
        ({"must": {"partner": "q", "period": "y2"}}, ["q/i/b/y1"], ["E521"]),
        ({"must_not": {"partner": "q", "intervention": "i"}}, ["q/i/a/y1"], ["E521"]),
        ({"must_not": {"partner": "q", "intervention": "i"}}, ["p/i/a/y1", "q/j/a/y1"], []),
    ],
)
def test_a_rule_holds_in_every_scope(rule: Any, assigned: list[str], found: list[str]) -> None:
    made = ruled(rule)
    assert codes(made, decide(made, assigned)) == found


def test_a_committed_baseline_is_kept_as_far_as_it_is_said() -> None:
    entry = {"partner": "p", "intervention": "i", "place": "a", "period": "y1"}
    made = ruled(baseline=[entry])
    assert codes(made, decide(made, ["p/i/a/y1"])) == []
    for otherwise in ([], ["q/i/a/y1"], ["p/i/a/y2"], ["p/i/b/y1"]):
        assert codes(made, decide(made, otherwise)) == ["E522"]
    any_year = ruled(baseline=[{**entry, "period": None}])
    assert codes(any_year, decide(any_year, ["p/i/a/y2"])) == []
    planned = ruled(baseline=[{**entry, "status": "planned"}])
    assert codes(planned, decide(planned)) == []


@pytest.mark.parametrize(
    ("capacity", "found"),
    [
        ({"staff": 5}, []),
        ({"staff": 4.999999}, ["E523"]),
        ({"staff": {"y1": 2.5, "y2": 2.5}}, []),
        ({"staff": {"y1": 2.499999, "y2": 9}}, ["E523"]),
        ({"staff": {"y1": 9}}, ["E523"]),
        ({"trucks": 0}, []),
    ],
)
def test_uses_fall_in_the_start_period_and_stay_in_capacity(capacity: Any, found: list[str]) -> None:
    """2.5 staff in each of two years."""
    made = ruled(
        partners=[partner("p", capacity=capacity)], interventions=[does("i", uses={"staff": 2.5}, lag=1)]
    )
    assert codes(made, decide(made, ["p/i/a/y1", "p/i/b/y2"])) == found


@pytest.mark.parametrize(("most", "found"), [(2, []), (1, ["E523"]), (0, ["E523"])])
def test_partners_and_capabilities_have_a_most_number_of_activities(most: int, found: list[str]) -> None:
    assigned = ["p/i/a/y1", "p/i/b/y1", "q/i/c/y1"]
    by_partner = ruled(partners=[partner("p", max_activities=most), partner("q")])
    assert codes(by_partner, decide(by_partner, assigned)) == found
    by_capability = ruled(capabilities=[can("p", "i", max_activities=most), can("q", "i")])
    assert codes(by_capability, decide(by_capability, assigned)) == found


def test_an_option_needs_a_capability_at_its_place_period_and_level() -> None:
    made = ruled(
        interventions=[does("i", levels=[{"id": "big"}])],
        capabilities=[can("p", "i", places=["a"], periods=["y1"])],
    )
    assert codes(made, decide(made, ["p/i/a/y1/big"])) == []
    for other in ("q/i/a/y1/big", "p/i/b/y1/big", "p/i/a/y2/big", "p/i/a/y1/small", "p/i/a/y1"):
        assert "E501" in renamed(made, other)


def renamed(made: Any, name: str) -> set[str]:
    """Codes for a plan whose only assignment is renamed."""
    plan = plan_of(made, decide(made, ["p/i/a/y1/big"]))
    other = plan.assignments[0].model_copy(update=option(name)._asdict())
    return {each.code for each in verify(made, plan.model_copy(update={"assignments": (other,)})).problems}


def test_an_activity_is_assigned_once() -> None:
    made = ruled()
    assert codes(made, decide(made, ["p/i/a/y1", "q/i/a/y2"])) == ["E502"]


@pytest.mark.parametrize(
    ("target", "found"),
    [
        ({"at_least": 30}, []),
        ({"at_least": 30.000001}, ["E524"]),
        ({"at_most": 29.999999}, ["E524"]),
        ({"at_least": 20, "group": "west"}, []),
        ({"at_least": 20.000001, "group": "west"}, ["E524"]),
        ({"at_least": 10, "place": "c"}, []),
        ({"at_least": 10, "place": "d"}, ["E524"]),
        ({"at_least": 1000, "soft": True, "penalty": 0.5}, []),
    ],
)
def test_a_hard_target_is_met_to_the_last_digit(target: Any, found: list[str]) -> None:
    """10 each at a and b (west) and c (east)."""
    made = ruled(agenda={"targets": [{"indicator": "k", **target}]})
    assert codes(made, decide(made, ["p/i/a/y1", "p/i/b/y1", "p/i/c/y1"])) == found


def test_all_problems_come_at_once() -> None:
    made = ruled(
        {"excludes": ["i", "j"]},
        {"must": {"intervention": "x"}},
        partners=[partner("p", 199.99, max_activities=1)],
        agenda={"targets": [{"indicator": "k", "at_least": 50}]},
    )
    verdict = judge(made, decide(made, ["p/i/a/y1", "p/j/a/y1"]))
    assert [each.code for each in verdict.problems] == ["E516", "E521", "E521", "E523", "E524"]


def test_a_group_of_a_thousand_broken_places_is_a_thousand_problems() -> None:
    made = instance(
        places=[{"id": f"l{n}"} for n in range(1000)],
        partners=[partner("p", 10**9)],
        rules=[{"at_least": 1, "of": ["i"]}],
    )
    assert len(judge(made, decide(made)).problems) == 1000
