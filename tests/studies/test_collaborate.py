"""Alone, informed, together: by hand, and on random instances what theory says."""

from __future__ import annotations

from decimal import Decimal
from threading import Event
from typing import Any

import pytest

from ciopt import load, verify
from ciopt.instance import Instance
from ciopt.studies.collaboration import Collaboration, collaborate
from ciopt.studies.collaboration.records import WorldName
from tests.models.small import can, does, instance, partner
from tests.studies.collaboration_oracle import check_collaboration
from tests.studies.plain import plain

SEEDS = range(12)
NIGHTLY_SEEDS = [seed for seed in range(12, 240) if seed != 76]
"""Brute force would try 2^16 ways to carry the synergies of 76."""


def objective(found: Collaboration, name: WorldName) -> Decimal | None:
    world = found.world(name)
    assert world is not None
    return world.objective


def test_two_villages() -> None:
    """The purse splits 16 to 12: road in Alpha, training in Beta; informed both in Beta; then Alpha."""
    instance_ = load("instances/small/two-villages.json")
    found = collaborate(instance_)
    values = [objective(found, name) for name in ("baseline", "alone", "informed", "together")]
    assert values == [0, 170, 245, 390]
    assert found.by_theory == ("informed >= alone", "together >= informed", "together >= alone")
    (synergy,) = found.synergies
    assert synergy.value == {"baseline": 0, "alone": 0, "informed": 75, "together": 150}
    credit = {each.id: each.credit["together"] for each in found.partners}
    assert credit == {"government": 175, "company": 215}, "75 each of the synergy"
    (purse,) = found.funds
    assert purse.parts == {"government": Decimal("114285.71"), "company": Decimal("85714.29")}
    assert purse.credit["together"] == 390
    assert plain([(each.what, each.at_least, each.at_most) for each in found.without]) == [
        ("shared money", 145, 145)
    ]
    assert found.compensation == {"alone": 0, "informed": 0}
    assert (found.world("informed") or found.worlds[0]).ending == "fixed_point"


def test_plans_of_all_worlds_follow_from_the_instance() -> None:
    instance_ = load("instances/small/two-villages.json")
    for world in collaborate(instance_).worlds:
        assert world.plan is not None
        assert verify(instance_, world.plan).is_valid


def rivals(**tables: Any) -> Instance:
    """Both want the only clinic, and p could do something else."""
    return instance(
        **{
            "partners": [partner("p", 10), partner("q", 10)],
            "interventions": [does("clinic", 10, 5), does("well", 10, 3)],
            "capabilities": [can("p", "clinic"), can("q", "clinic"), can("p", "well")],
            **tables,
        }
    )


def test_the_same_thing_twice_is_money_in_vain() -> None:
    """Alone both build the clinic; informed p digs the well."""
    found = collaborate(rivals())
    alone = found.world("alone")
    assert alone is not None
    assert plain((alone.objective, alone.wasted)) == (5, 10)
    assert [(each.partner, each.option, each.stands) for each in alone.fallen] == [
        ("q", "q/clinic/a/all", "p/clinic/a/all")
    ]
    assert objective(found, "informed") == 5, "p has the clinic, and q can do nothing else"
    assert objective(found, "together") == 8


def test_who_has_less_together_is_named_with_what_it_would_take() -> None:
    """q gives the place to p, which does it better with the same fund."""
    found = collaborate(
        rivals(
            partners=[partner("p", 0), partner("q", 0)],
            funds=[{"id": "f", "partner": "p", "amount": 20}],
            interventions=[does("clinic", 10, 5)],
            capabilities=[can("p", "clinic", cost_factor=2, impact_factor=3), can("q", "clinic")],
        )
    )
    assert [objective(found, name) for name in ("alone", "informed", "together")] == [0, 0, 15]
    assert found.compensation["alone"] == 0
    richer = collaborate(
        rivals(
            partners=[partner("p", 0), partner("q", 10)],
            funds=[{"id": "f", "partner": "p", "amount": 20, "pays_for": {"partners": ["p", "q"]}}],
            interventions=[does("clinic", 10, 5)],
            capabilities=[can("p", "clinic", cost_factor=2, impact_factor=3), can("q", "clinic")],
        )
    )
    assert [objective(richer, name) for name in ("alone", "together")] == [5, 15]
    assert {each.id: each.compensation for each in richer.partners} == {
        "p": {},
        "q": {"alone": 5, "informed": 5},
    }
    assert richer.compensation == {"alone": 5, "informed": 5}


def test_an_obligation_that_partners_miss_apart_is_named_and_theory_says_no_more() -> None:
    made = rivals(
        partners=[partner("p", 10), partner("q", 0)],
        rules=[{"id": "wells", "at_least": 1, "of": ["well"], "within": "all"}],
    )
    found = collaborate(made)
    informed = found.world("informed")
    assert informed is not None
    assert plain((informed.objective, informed.keeps_all)) == (5, False)
    assert informed.broken == ("rule wells: 0 of at least 1 of well in all places",)
    assert objective(found, "together") == 3, "less, since the rule costs value"
    assert found.by_theory == ("informed >= alone",)


def test_coordination_is_what_only_one_plan_has() -> None:
    made = instance(
        partners=[partner("p", 10), partner("q", 14)],
        interventions=[does("x", 10, 1), does("y", 10, 1)],
        capabilities=[can("p", "x"), can("q", "y")],
        synergies=[{"id": "s", "between": ["x", "y"], "adds": {"k": 7}, "backbone": True}],
        backbones=[{"partner": "q", "cost": 4}],
    )
    found = collaborate(made)
    assert [objective(found, name) for name in ("alone", "informed", "together")] == [2, 2, 9]
    assert plain([(each.what, each.at_least, each.at_most) for each in found.without]) == [
        ("backbones", 7, 7)
    ]


def test_no_plan_together_is_said() -> None:
    found = collaborate(rivals(agenda={"targets": [{"indicator": "k", "at_least": 99}]}))
    together = found.world("together")
    assert together is not None
    assert together.impossible
    assert together.plan is None


def test_each_fund_can_be_split_by_itself() -> None:
    made = load("instances/small/two-villages.json")
    found = collaborate(made, each_fund=True)
    assert plain([(each.what, each.id, each.at_least) for each in found.without]) == [
        ("shared money", "", 145),
        ("fund", "purse", 145),
    ]


def test_an_interrupt_keeps_what_was_found() -> None:
    stop = Event()
    stop.set()
    found = collaborate(rivals(), interrupt=stop)
    assert found.stopped_by == "interrupt"
    assert [world.name for world in found.worlds] == ["baseline"]


def test_the_record_says_what_it_is() -> None:
    data = collaborate(rivals()).to_data()
    assert (data["ciopt"], data["kind"]) == (1, "collaboration")
    assert [world["name"] for world in data["worlds"]] == ["baseline", "alone", "informed", "together"]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_theory_says_holds_and_accounts_add_up(seed: int) -> None:
    assert check_collaboration(seed) == []


@pytest.mark.sweep
@pytest.mark.parametrize("seed", NIGHTLY_SEEDS)
def test_what_theory_says_holds_on_many(seed: int) -> None:
    assert check_collaboration(seed) == []
