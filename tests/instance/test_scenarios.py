"""E3xx and scenarios: named changes by id paths, read against the original."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.errors import InvalidInput, UsageError
from ciopt.instance import Instance, parse
from ciopt.instance.scenarios import Applied, apply
from tests.instance.faults import Where, whole

Scenarios = dict[str, dict[str, Any]]


def with_scenarios(scenarios: Scenarios) -> Instance:
    return parse({**whole(), "scenarios": scenarios})


def applied(**changes: Any) -> Instance:
    return apply(with_scenarios({"s": changes}), "s").instance


def test_no_scenario_changes_nothing() -> None:
    instance = parse(whole())
    assert apply(instance, None) == Applied(instance)


def test_an_unknown_scenario_is_met_with_the_known_ones() -> None:
    with pytest.raises(UsageError, match="did you mean 'rich'"):
        apply(parse(whole()), "rihc")
    with pytest.raises(UsageError, match="known: rich"):
        apply(parse(whole()), "x")
    with pytest.raises(UsageError, match="the instance has none"):
        apply(with_scenarios({}), "x")


def test_set_puts_a_value_in_place_of_another_or_of_none() -> None:
    changed = applied(set={"partners.mars.budget": 5, "funds.wb.max_share": Decimal("0.5"), "name": "other"})
    assert changed.partners[0].budget == 5
    assert changed.funds[0].max_share == Decimal("0.5")
    assert changed.name == "other"


def test_set_finds_entries_by_place_where_they_have_no_id() -> None:
    changed = applied(set={"rules.2.at_most": 1, "interventions.road.cost_profile.1": Decimal("0.3")})
    assert changed.rules[2].model_dump()["at_most"] == 1


@pytest.mark.parametrize(
    ("path", "factor", "expected"),
    [
        ("partners.mars.budget", Decimal("1.5"), 1500),
        ("partners.mars.budget", Decimal("0.3333333"), Decimal("333.33")),
        ("partners.mars.capacity", 2, {"days": 18}),
        ("funds.wb.amount", Decimal("0.00001"), {"2027": Decimal("0.01")}),
    ],
)
def test_scale_rounds_half_up_to_the_digits_there_are(path: str, factor: Any, expected: Any) -> None:
    changed = applied(scale={path: factor})
    table, name, field = path.split(".")
    (record,) = (each for each in getattr(changed, table) if each.id == name)
    assert getattr(record, field) == expected


def test_add_appends_records_and_keys() -> None:
    place = {"id": "issia", "attributes": {"farmers": 1}}
    changed = applied(
        add={"places": place, "partners.csa.roles": ["funding"], "partners.csa.budget": {"2028": 7}}
    )
    assert [each.id for each in changed.places] == ["soubre", "meagui", "issia"]
    assert changed.partners[1].roles == ("backbone", "funding")
    assert changed.partners[1].budget == {"2027": 50, "2028": 7}


def test_what_belongs_to_a_removed_partner_goes_with_it_and_is_told() -> None:
    result = apply(with_scenarios({"s": {"remove": ["partners.csa", "rules.3"]}}), "s")
    assert [partner.id for partner in result.instance.partners] == ["mars"]
    assert not result.instance.funds
    assert not result.instance.backbones
    assert result.notes == ("1 of funds went with csa", "1 of backbones went with csa")


def test_positions_are_those_of_the_original() -> None:
    changed = applied(remove=["rules.0", "rules.2"])
    assert [type(rule).__name__ for rule in changed.rules] == ["ExcludesRule", "MustNotRule"]


def test_scenarios_combine() -> None:
    scenarios: Scenarios = {
        "a": {"set": {"partners.mars.budget": 1}},
        "b": {"scale": {"funds.wb.amount": 2}},
        "both": {"of": ["a", "b"], "remove": ["baseline.0"]},
    }
    changed = apply(with_scenarios(scenarios), "both").instance
    assert changed.partners[0].budget == 1
    assert changed.funds[0].amount == {"2027": 1000}
    assert not changed.baseline


@pytest.mark.parametrize(
    ("scenarios", "code", "path", "said"),
    [
        ({"s": {"set": {"partners.marz.budget": 1}}}, "E301", ("s", "set", "partners.marz.budget"), "'mars'"),
        ({"s": {"remove": ["funds.wc"]}}, "E301", ("s", "remove", 0), "funds has no 'wc'"),
        ({"s": {"remove": [""]}}, "E301", ("s", "remove", 0), "an empty path"),
        (
            {"s": {"scale": {"partners.mars.budgt": 2}}},
            "E301",
            ("s", "scale", "partners.mars.budgt"),
            "budget",
        ),
        ({"s": {"of": ["t"]}, "t": {"of": ["s"]}}, "E302", ("s", "of"), "s of t of s"),
        (
            {"s": {"set": {"partners.mars.budget": 1}, "scale": {"partners.mars.budget": 2}}},
            "E303",
            ("s", "scale", "partners.mars.budget"),
            "change the same thing",
        ),
        (
            {"s": {"set": {"partners.mars.budget": 1}, "remove": ["partners.mars"]}},
            "E303",
            ("s", "remove", 0),
            "change the same thing",
        ),
        (
            {"s": {"of": ["t"], "set": {"name": "x"}}, "t": {"set": {"name": "y"}}},
            "E303",
            ("s", "set", "name"),
            "also said at scenarios.t.set.name",
        ),
        ({"s": {"scale": {"name": 2}}}, "E304", ("s", "scale", "name"), "scale needs a number"),
        ({"s": {"scale": {"partners.mars.budget": "2"}}}, "E304", ("s", "scale", "partners.mars.budget"), ""),
        ({"s": {"add": {"name": "x"}}}, "E304", ("s", "add", "name"), "not a list or an object"),
        (
            {"s": {"add": {"partners.csa.budget": {"2027": 1}}}},
            "E304",
            ("s", "add", "partners.csa.budget"),
            "is there already; use set",
        ),
        ({"s": {"set": {"partners.mars.budget": -1}}}, "E205", ("s",), "with the scenario applied"),
        ({"s": {"remove": ["interventions.road"]}}, "E202", ("s",), "no intervention has the id 'road'"),
    ],
)
def test_a_faulty_scenario_is_named_where_it_is(
    scenarios: Scenarios, code: str, path: Where, said: str
) -> None:
    with pytest.raises(InvalidInput) as caught:
        apply(with_scenarios(scenarios), "s")
    first = caught.value.problems[0]
    assert (first.code, first.path) == (code, ("scenarios", *path))
    assert said in f"{first.message}; {first.help}"


def test_ids_may_contain_dots() -> None:
    data = whole()
    data["partners"] += [{"id": "mars.ci", "budget": 1}, {"id": "mars.ci.west", "budget": 2}]
    data["scenarios"] = {"s": {"set": {"partners.mars.ci.west.budget": 9, "partners.mars.ci.budget": 8}}}
    changed = apply(parse(data), "s").instance
    assert [partner.budget for partner in changed.partners[2:]] == [8, 9]
