"""Each cent: decisions whose claims all agree with them, and that break one rule of money."""

from __future__ import annotations

from typing import Any

import pytest

from tests.verify.builders import can, codes, decide, does, instance, judge, partner

ROAD = "p/i/a/all"
OWN = "budget:p"


def funded(**fund: Any) -> Any:
    """One activity of 100.00 and a fund that may pay for it."""
    return instance(funds=[{"id": "f", "partner": "p", "amount": 1000, **fund}])


def by_year(amount: Any, **fund: Any) -> Any:
    """Two years, an activity in each, and a fund."""
    return instance(
        periods=["y1", "y2"],
        places=[{"id": "a"}, {"id": "b"}],
        funds=[{"id": "f", "partner": "p", "amount": amount, **fund}],
    )


@pytest.mark.parametrize(
    ("payments", "found"),
    [
        ([(OWN, ROAD, "all", 10000)], []),
        ([(OWN, ROAD, "all", 9999)], ["E511"]),
        ([(OWN, ROAD, "all", 10001)], ["E511"]),
        ([], ["E511"]),
        ([(OWN, ROAD, "all", 5000), ("f", ROAD, "all", 5000)], []),
        ([("nobody", ROAD, "all", 10000)], ["E503"]),
        ([(OWN, ROAD, "2050", 10000)], ["E503"]),
        ([(OWN, "p/i/b/all", "all", 10000)], ["E503"]),
        ([(OWN, "participation:q", "all", 10000)], ["E503"]),
        ([(OWN, ROAD, "all", 10000), ("f", ROAD, "all", 0)], ["E504"]),
        ([(OWN, ROAD, "all", 10001), ("f", ROAD, "all", -1)], ["E504"]),
        ([(OWN, ROAD, "all", 5000), (OWN, ROAD, "all", 5000)], ["E502"]),
    ],
)
def test_an_assignment_is_paid_in_full_once_by_funds_that_exist(payments: Any, found: list[str]) -> None:
    made = funded()
    assert codes(made, decide(made, [ROAD], payments)) == found


def test_an_assignment_is_paid_when_each_part_is_due() -> None:
    made = instance(periods=["y1", "y2"], interventions=[does("i", 100, cost_profile=[0.7, 0.3])])
    due = [(OWN, "p/i/a/y1", "y1", 7000), (OWN, "p/i/a/y1", "y2", 3000)]
    assert codes(made, decide(made, ["p/i/a/y1"], due)) == []
    early = [(OWN, "p/i/a/y1", "y1", 10000)]
    verdict = judge(made, decide(made, ["p/i/a/y1"], early))
    assert [(each.code, each.path) for each in verdict.problems] == [("E511", ("assignments", 0))] * 2
    assert verdict.problems[0].message == "p/i/a/y1 costs 70.00 in y1; 100.00 is paid"


def test_own_money_pays_only_for_what_is_ones_own() -> None:
    made = instance(partners=[partner("p"), partner("q")])
    assert codes(made, decide(made, [ROAD], [("budget:q", ROAD, "all", 10000)])) == ["E513"]


def test_a_partner_without_a_budget_has_no_fund_of_its_own() -> None:
    made = instance(partners=[{"id": "p", "roles": ["implementing"]}])
    assert codes(made, decide(made, [ROAD], [(OWN, ROAD, "all", 10000)])) == ["E503"]


@pytest.mark.parametrize(
    ("conditions", "found"),
    [
        ({}, []),
        ({"interventions": ["i"], "partners": ["p"], "places": ["a"]}, []),
        ({"interventions": ["j"]}, ["E513"]),
        ({"partners": ["q"]}, ["E513"]),
        ({"places": ["b"]}, ["E513"]),
        ({"interventions": ["i"], "partners": ["q"]}, ["E513"]),
        ({"interventions": []}, ["E513"]),
    ],
)
def test_a_fund_pays_only_where_all_its_conditions_hold(conditions: Any, found: list[str]) -> None:
    made = instance(
        places=[{"id": "a"}, {"id": "b"}],
        partners=[partner("p"), partner("q")],
        interventions=[does("i"), does("j")],
        funds=[{"id": "f", "partner": "p", "amount": 1000, "pays_for": conditions}],
    )
    assert codes(made, decide(made, [ROAD], [("f", ROAD, "all", 10000)])) == found


@pytest.mark.parametrize(("cents", "found"), [(3333, []), (3334, ["E514"])])
def test_a_share_is_rounded_down_to_the_cent(cents: int, found: list[str]) -> None:
    """floor(0.333333 x 100.00) = 33.33."""
    made = funded(max_share=0.333333)
    paid = [("f", ROAD, "all", cents), (OWN, ROAD, "all", 10000 - cents)]
    assert codes(made, decide(made, [ROAD], paid)) == found


def test_a_share_is_of_the_whole_assignment_not_of_a_period() -> None:
    made = instance(
        periods=["y1", "y2"],
        interventions=[does("i", 100, cost_profile=[0.5, 0.5])],
        funds=[{"id": "f", "partner": "p", "amount": 1000, "max_share": 0.5}],
    )
    name = "p/i/a/y1"
    assert codes(made, decide(made, [name], [("f", name, "y1", 5000), (OWN, name, "y2", 5000)])) == []
    more = [("f", name, "y1", 5000), ("f", name, "y2", 1), (OWN, name, "y2", 4999)]
    assert codes(made, decide(made, [name], more)) == ["E514"]


@pytest.mark.parametrize(("cents", "found"), [(6666, []), (6667, ["E515"])])
def test_a_match_is_at_most_its_ratio_of_what_the_others_pay(cents: int, found: list[str]) -> None:
    made = funded(match={"with": [OWN], "ratio": 2})
    paid = [("f", ROAD, "all", cents), (OWN, ROAD, "all", 10000 - cents)]
    assert codes(made, decide(made, [ROAD], paid)) == found


def test_a_match_counts_payments_for_the_same_assignment_only() -> None:
    made = instance(
        places=[{"id": "a"}, {"id": "b"}],
        funds=[{"id": "f", "partner": "p", "amount": 1000, "match": {"with": [OWN], "ratio": 1}}],
    )
    names = ["p/i/a/all", "p/i/b/all"]
    crossed = [("f", names[0], "all", 10000), (OWN, names[1], "all", 10000)]
    assert codes(made, decide(made, names, crossed)) == ["E515"]


@pytest.mark.parametrize(
    ("fund", "found"),
    [
        ({"amount": 200}, []),
        ({"amount": 199.99}, ["E516"]),
        ({"amount": {"y1": 100, "y2": 100}}, []),
        ({"amount": {"y1": 200}}, ["E516"]),
        ({"amount": {"y1": 200}, "carry_over": True}, []),
        ({"amount": {"y1": 199.99}, "carry_over": True}, ["E516"]),
        ({"amount": {"y1": 99.99, "y2": 500}, "carry_over": True}, ["E516"]),
        ({"amount": 1000, "min_spend": 200}, []),
        ({"amount": 1000, "min_spend": 200.01}, ["E517"]),
    ],
)
def test_no_fund_pays_more_than_it_has_by_then_or_less_than_it_must(fund: Any, found: list[str]) -> None:
    """100.00 in each of two years."""
    made = by_year(**fund)
    names = ["p/i/a/y1", "p/i/b/y2"]
    paid = [("f", names[0], "y1", 10000), ("f", names[1], "y2", 10000)]
    assert codes(made, decide(made, names, paid)) == found


@pytest.mark.parametrize(
    ("budget", "found"),
    [(200, []), (199.99, ["E516"]), ({"y1": 100, "y2": 100}, []), ({"y1": 300, "y2": 99.99}, ["E516"])],
)
def test_an_own_budget_by_period_does_not_carry_over(budget: Any, found: list[str]) -> None:
    made = instance(periods=["y1", "y2"], places=[{"id": "a"}, {"id": "b"}], partners=[partner("p", budget)])
    assert codes(made, decide(made, ["p/i/a/y1", "p/i/b/y2"])) == found


def test_the_message_names_fund_period_and_both_amounts() -> None:
    made = by_year({"y1": 99.99, "y2": 100})
    names = ["p/i/a/y1", "p/i/b/y2"]
    paid = [("f", names[0], "y1", 10000), ("f", names[1], "y2", 10000)]
    (problem,) = judge(made, decide(made, names, paid)).problems
    assert problem.message == "f pays 100.00 in y1, it has 99.99"


@pytest.mark.parametrize(
    ("fixed", "found"),
    [
        ([(OWN, "participation:p", "y1", 500)], []),
        ([(OWN, "participation:p", "y2", 500)], []),
        ([(OWN, "participation:p", "y1", 200), (OWN, "participation:p", "y2", 300)], []),
        ([(OWN, "participation:p", "y1", 499)], ["E512"]),
        ([(OWN, "participation:p", "y1", 501)], ["E512"]),
        ([], ["E512"]),
        ([("f", "participation:p", "y1", 500)], ["E513"]),
    ],
)
def test_participation_is_paid_exactly_in_any_period_by_the_partner(fixed: Any, found: list[str]) -> None:
    made = instance(
        periods=["y1", "y2"],
        partners=[partner("p", participation_cost=5)],
        funds=[{"id": "f", "partner": "p", "amount": 1000}],
    )
    name = "p/i/a/y1"
    assert codes(made, decide(made, [name], [(OWN, name, "y1", 10000), *fixed])) == found


def test_who_does_nothing_pays_no_participation() -> None:
    made = instance(partners=[partner("p", participation_cost=5)])
    assert codes(made, decide(made)) == []
    assert codes(made, decide(made, [], [(OWN, "participation:p", "all", 500)])) == ["E503"]


@pytest.mark.parametrize(("cents", "found"), [(1300, []), (1299, ["E512"]), (1000, ["E512"])])
def test_a_backbone_costs_its_cost_and_so_much_a_synergy(cents: int, found: list[str]) -> None:
    """10.00 + 1 x 3.00."""
    made = instance(
        partners=[partner("p"), {"id": "h", "roles": ["backbone"], "budget": 100}],
        interventions=[does("i"), does("j")],
        capabilities=[can("p", "i"), can("p", "j")],
        synergies=[{"id": "s", "between": ["i", "j"], "adds": {"k": 5}, "backbone": True}],
        backbones=[{"partner": "h", "cost": 10, "cost_per_synergy": 3}],
    )
    names = ["p/i/a/all", "p/j/a/all"]
    paid = [(OWN, name, "all", 10000) for name in names] + [("budget:h", "backbone:h", "all", cents)]
    assert codes(made, decide(made, names, paid, {"h": (("s", "a"),)})) == found


def test_a_currency_without_cents_has_none() -> None:
    made = instance(currency="JPY", interventions=[does("i", 100.5)])
    assert codes(made, decide(made, [ROAD], [(OWN, ROAD, "all", 101)])) == []
