"""Why a plan is as it is: numbers against trying every plan, words against what a planner asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest

import ciopt
from ciopt.errors import UsageError
from ciopt.instance import Instance, Lookup, parse
from ciopt.plan import Plan
from ciopt.plan.compose import compose
from ciopt.studies import explain, importance, why_not
from ciopt.studies.why.contribution import contribution
from ciopt.studies.why.ground import ground
from tests.oracle.draw_agreements import agreed_instance
from tests.oracle.random_instances import random_instance
from tests.studies.plain import plain
from tests.studies.why_oracle import (
    SETTINGS,
    all_plans,
    best_plan,
    check_explanation,
    check_importance,
    check_why_not,
)

SEEDS = range(701, 704)
ISSUE_SAMPLES = 200


def asked_about(instance: Instance) -> Iterator[str]:
    """Every way to say who does what where, whether anybody can or not."""
    for partner in instance.partners:
        for intervention in instance.interventions:
            for place in instance.places:
                yield f"partner={partner.id} intervention={intervention.id} place={place.id}"


def check(seed: int, most: int, draw: Callable[[int], Instance] = random_instance) -> int:
    """Hold the answers about a random instance against trying every plan; return how many."""
    instance = draw(seed)
    plan = best_plan(instance)
    if plan is None:
        return 0
    every, count = all_plans(instance), 0
    for each in plan.assignments[:most]:
        check_explanation(instance, explain(instance, plan, each.option.id, SETTINGS), every)
        count += 1
    for words in list(asked_about(instance))[seed % 3 :: 5][:most]:
        check_why_not(why_not(instance, plan, words, SETTINGS), every)
        count += 1
    found = importance(instance, plan, "all", SETTINGS)
    return count + check_importance(ground(instance, plan), found, every)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_number_is_what_trying_every_plan_gives(seed: int) -> None:
    check(seed, 2)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(20_000, 20_000 + ISSUE_SAMPLES))
def test_two_hundred_instances_are_explained_rightly(seed: int) -> None:
    """The issue's measure: 200 samples, every number in them equals an independent answer."""
    check(seed, 1)


@pytest.mark.sweep
@pytest.mark.parametrize("seed", range(30, 70))
def test_agendas_with_fairness_and_risk_are_explained_rightly(seed: int) -> None:
    check(seed, 1, agreed_instance)


@pytest.mark.parametrize("seed", range(720, 732))
def test_what_an_assignment_moves_is_the_plan_less_the_plan_without_it(seed: int) -> None:
    instance = random_instance(seed)
    plan = best_plan(instance)
    if plan is None:
        return
    base = ground(instance, plan)
    for each in plan.assignments:
        found = contribution(base, each.option)
        rest = compose(base.lookup, base.without(each.option))
        before = {indicator.id: indicator.total for indicator in plan.indicators}
        after = {indicator.id: indicator.total for indicator in rest.indicators}
        moved = {move.id: move.total for move in found.moves}
        assert moved == {id_: before[id_] - after[id_] for id_ in moved}
        assert all(before[id_] == after[id_] for id_ in set(before) - set(moved))
        assert all(move.total == move.alone + move.overlaps + move.synergies for move in found.moves)
        assert rest.value is not None
        assert plan.value is not None
        assert found.value == plan.value - rest.value
        lost = {(part.id, part.at) for part in found.synergies if part.needs_it}
        assert lost == {(s.id, s.at) for s in plan.synergies} - {(s.id, s.at) for s in rest.synergies}


def two_towns(**more: Any) -> Instance:
    """A mill town and a lake town; a well each, a clinic nobody but the ministry can do."""
    tables: dict[str, Any] = {
        "ciopt": 1,
        "name": "two towns",
        "currency": "USD",
        "periods": ["2027", "2028"],
        "places": [{"id": "mill"}, {"id": "lake"}],
        "indicators": [{"id": "health", "unit": "people"}],
        "partners": [
            {"id": "ngo", "roles": ["implementing"], "budget": 100, "capacity": {"days": 10}},
            {"id": "ministry", "roles": ["implementing"], "budget": 50},
            {"id": "bank", "roles": ["funding"]},
        ],
        "funds": [{"id": "grant", "partner": "bank", "amount": 60, "max_share": 0.5}],
        "interventions": [
            {"id": "well", "cost": 80, "impact": {"health": 10}, "uses": {"days": 6}},
            {"id": "clinic", "cost": 90, "impact": {"health": 20}},
        ],
        "capabilities": [
            {"partner": "ngo", "intervention": "well", "periods": ["2027"]},
            {"partner": "ministry", "intervention": "clinic", "places": ["lake"]},
        ],
    }
    return parse({**tables, **more})


def solved(instance: Instance) -> Plan:
    return ciopt.solve(instance, SETTINGS)


def test_a_hand_checked_explanation() -> None:
    """The clinic costs 90: the ministry has 50, the grant may pay half of it and pays 40; it moves 20."""
    instance = two_towns()
    plan = solved(instance)
    assert sorted(each.option.id for each in plan.assignments)[0] == "ministry/clinic/lake/2027"
    found = explain(instance, plan, "intervention=clinic", SETTINGS)
    assert found.assignment.partner == "ministry"
    assert found.value_moved == 20
    assert found.loss is not None
    best_without = found.without
    assert best_without is not None
    assert [each.option.id for each in plan.assignments].count("ministry/clinic/lake/2027") == 1
    # the same clinic in 2028 is as good
    assert best_without.value == plan.value
    assert plain(found.loss) == (0, 0)
    assert {each.fund: each.amount for each in found.payers} == {"grant": 40, "budget:ministry": 50}
    assert {each.fund: each.max_share for each in found.payers}["grant"] == Decimal("0.5")
    money = {each.id: (each.takes, each.used, each.limit) for each in found.limits if each.kind == "money"}
    assert plain(money["budget:ministry"]) == (50, 50, 50)


def test_a_partner_that_nobody_replaces_is_worth_what_it_does() -> None:
    instance = two_towns()
    found = importance(instance, solved(instance), "partners", SETTINGS)
    losses = {each.id: each.loss for each in found.things}
    assert plain(losses) == {"ministry": (20, 20), "bank": (20, 20), "ngo": (10, 10)}
    assert [each.id for each in found.things][-1] == "ngo"
    ranks = {each.id: each.rank for each in found.things}
    assert ranks == {"bank": (1, 1), "ministry": (1, 1), "ngo": (3, 3)}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("partner=bank", "carries out nothing itself"),
        ("partner=ngo intervention=clinic", "those who can: ministry"),
        ("partner=ministry place=mill", "but not in mill; only in lake"),
        ("intervention=well period=2028", "only in 2027, not in 2028"),
    ],
)
def test_what_no_capability_gives_is_said_in_words(words: str, said: str) -> None:
    instance = two_towns()
    found = why_not(instance, solved(instance), words, SETTINGS)
    assert found.answer == "impossible"
    assert said in found.obstacles[0]
    assert found.with_it is None


def test_money_that_is_not_enough_is_said_with_amounts() -> None:
    instance = two_towns(funds=[{"id": "grant", "partner": "bank", "amount": 30, "max_share": 0.5}])
    found = why_not(instance, solved(instance), "intervention=clinic place=lake period=2027", SETTINGS)
    assert found.answer == "impossible"
    assert "it costs 90 USD" in found.obstacles[0]
    assert "at most 80 USD" in found.obstacles[0]
    assert "grant 30 USD" in found.obstacles[0]


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        ([{"id": "no", "must_not": {"partner": "ngo", "place": "mill"}}], "rule no forbids it"),
        ([{"id": "none", "at_most": 0, "of": ["well"], "within": "all"}], "rule none allows none of well"),
        (
            [{"id": "first", "requires": {"intervention": "well", "needs": ["clinic"]}}],
            "needs clinic, which nobody can do there",
        ),
        (
            [{"requires": {"intervention": "well", "needs": ["clinic"], "within": "all", "before": True}}],
            "2027 is the first",
        ),
    ],
)
def test_rules_that_forbid_are_named(rules: list[Any], said: str) -> None:
    instance = two_towns(rules=rules)
    found = why_not(instance, solved(instance), "ngo/well/mill", SETTINGS)
    assert found.answer == "impossible"
    assert any(said in each for each in found.obstacles)


def test_capacity_and_commitments_are_named() -> None:
    baseline = [{"partner": "ngo", "intervention": "well", "place": "mill", "period": "2027"}]
    capable = [
        {"partner": "ngo", "intervention": "well"},
        {"partner": "ministry", "intervention": "clinic", "places": ["lake"]},
    ]
    instance = two_towns(baseline=baseline, capabilities=capable)
    found = why_not(instance, solved(instance), "ngo/well/mill/2028", SETTINGS)
    assert any("ngo has committed to well in mill (2027)" in each for each in found.obstacles)
    partners = [
        {"id": "ngo", "roles": ["implementing"], "budget": 100, "capacity": {"days": 5}},
        {"id": "ministry", "roles": ["implementing"], "budget": 50},
        {"id": "bank", "roles": ["funding"]},
    ]
    small = two_towns(partners=partners)
    found = why_not(small, solved(small), "ngo/well/mill", SETTINGS)
    assert found.obstacles == ("it uses 6 days, and ngo has 5",)


def test_what_is_in_the_plan_is_said_to_be() -> None:
    instance = two_towns()
    found = why_not(instance, solved(instance), "partner=ministry", SETTINGS)
    assert found.answer == "in the plan"
    assert [each.intervention for each in found.present] == ["clinic"]


def test_what_a_rule_asks_for_cannot_be_left_out() -> None:
    rules = [{"id": "agreed", "must": {"partner": "ngo", "intervention": "well"}}]
    instance = two_towns(rules=rules)
    plan = solved(instance)
    found = {each.id: each for each in importance(instance, plan, "partners", SETTINGS).things}
    assert found["ngo"].case.status == "infeasible"
    assert found["ngo"].case.reasons == ("rule agreed asks for it",)
    assert found["ngo"].rank == (1, 1)
    well = explain(instance, plan, "partner=ngo", SETTINGS)
    assert any("agreed" in each for each in well.breaks)


def test_rules_that_forbid_a_partner_something_go_with_it() -> None:
    instance = two_towns(rules=[{"id": "no", "must_not": {"partner": "ngo", "place": "mill"}}])
    found = {each.id: each for each in importance(instance, solved(instance), "partners", SETTINGS).things}
    assert plain(found["ngo"].loss) == (10, 10)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("partner=minstry", "did you mean 'ministry'?"),
        ("ministry/clnic/lake", "did you mean 'clinic'?"),
        ("clinic", "say intervention=clinic"),
        ("who=ngo", "an assignment has no 'who'"),
        ("partner=ngo partner=ngo", "said twice"),
        ("ministry clinic", "not of the form KEY=VALUE"),
        ("", "which assignment?"),
        ("a/b/c/d/e/f", "names no assignment"),
        ("partner=", "not of the form KEY=VALUE"),
        ("level=gold", "nothing here has a level"),
        ("partner=ngo intervention=clinic", "nobody can do"),
        ("partner=ngo place=lake place=lake", "said twice"),
    ],
)
def test_words_that_name_nothing_are_answered_with_what_there_is(words: str, said: str) -> None:
    instance = two_towns()
    with pytest.raises(UsageError) as caught:
        explain(instance, solved(instance), words, SETTINGS)
    assert said in str(caught.value)


def test_an_assignment_must_be_one_alone() -> None:
    partners = [
        {"id": "ngo", "roles": ["implementing"], "budget": 500},
        {"id": "ministry", "roles": ["implementing"]},
    ]
    instance = two_towns(partners=partners, funds=[])
    plan = solved(instance)
    with pytest.raises(UsageError, match="2 assignments are partner=ngo; say more of it: ngo/well/lake"):
        explain(instance, plan, "partner=ngo", SETTINGS)


def test_a_plan_of_another_instance_is_one_clear_message() -> None:
    with pytest.raises(UsageError, match="made for another instance"):
        explain(two_towns(name="three towns"), solved(two_towns()), "partner=ngo", SETTINGS)


def test_there_is_nothing_to_explain_without_a_plan() -> None:
    instance = two_towns(agenda={"targets": [{"indicator": "health", "at_least": 1000}]})
    with pytest.raises(UsageError, match="nothing to explain: the plan is infeasible: target health"):
        importance(instance, solved(instance), "all", SETTINGS)


def test_a_plan_without_a_bound_is_solved_for_one() -> None:
    instance = two_towns()
    plan = solved(instance)
    bare = compose(Lookup(instance), ground(instance, plan).choices).model_copy(
        update={"instance": plan.instance}
    )
    found = explain(instance, bare, "partner=ngo", SETTINGS)
    assert found.bound == plan.objective
    assert plain(found.loss) == (0, 0)  # a well in the other town is as good
    assert any("brings no bound" in each for each in found.notes)


def test_a_worse_plan_is_explained_against_the_best_one() -> None:
    """What is lost without an assignment is measured from the best plan, not from a bad one."""
    instance = two_towns()
    without_clinic = two_towns(rules=[{"must_not": {"intervention": "clinic"}}])
    bad = solved(without_clinic)
    bare = compose(Lookup(instance), ground(without_clinic, bad).choices)
    found = why_not(
        instance,
        bare.model_copy(update={"instance": solved(instance).instance}),
        "intervention=clinic",
        SETTINGS,
    )
    assert plain(found.loss) == (0, 0)
    assert found.objective == 10
    assert found.bound == 30


def test_a_claim_that_a_better_plan_refutes_is_not_used() -> None:
    instance = two_towns()
    rules = [{"must_not": {"intervention": "clinic"}}]
    bad = ciopt.solve(two_towns(rules=rules), SETTINGS)
    claimed = bad.model_copy(update={"instance": solved(instance).instance})
    assert ciopt.verify(instance, claimed).is_valid
    found = why_not(instance, claimed, "intervention=clinic", SETTINGS)
    assert plain(found.loss) == (0, None)
    assert any("its claim is wrong" in each for each in found.notes)


def test_a_scenario_of_the_plan_is_applied_first() -> None:
    scenarios = {"no-grant": {"remove": ["funds.grant"]}}
    instance = two_towns(scenarios=scenarios)
    plan = ciopt.solve(instance, SETTINGS, scenario="no-grant")
    found = why_not(instance, plan, "intervention=clinic place=lake", SETTINGS)
    assert found.answer == "impossible"
    assert "it costs 90 USD" in found.obstacles[0]
    assert importance(instance, plan, "funds", SETTINGS).things[0].id == "budget:ngo"
