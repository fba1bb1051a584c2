"""Tight instances are tight: a cent more money changes what can be done."""

from __future__ import annotations

from tests.models.small import does, instance, partner
from tests.oracle.brute_force import brute_force
from tests.oracle.drawing import Draw
from tests.oracle.tight import tightened, with_a_unit_more


def test_limits_are_what_a_plan_needs_or_a_unit_less() -> None:
    """One activity for 6.01 in 2027: the budget becomes 6.01 or 6.00, the target 3 or 3.000001."""
    whole = instance(
        partners=[partner("p", 100, capacity={"days": 7})],
        interventions=[does("x", 6.01, 3, uses={"days": 2})],
        agenda={"targets": [{"indicator": "k", "at_least": 1}]},
    )
    made = [tightened(whole, Draw(seed)) for seed in range(60)]
    assert {str(each.partners[0].budget) for each in made} == {"100", "6.01", "6.00"}
    assert {str(each.partners[0].capacity["days"]) for each in made} >= {"7", "2.000000", "1.999999"}
    assert {str(each.agenda.targets[0].at_least) for each in made} >= {"1", "0.000000", "3.000000"}


def test_a_unit_more_pays_for_more() -> None:
    short = instance(
        partners=[partner("p", {"all": 9.99})],
        funds=[{"id": "f", "partner": "p", "amount": 1, "max_share": 0}],
        interventions=[does("x", 10, 1)],
    )
    assert brute_force(short).options == ()
    assert brute_force(with_a_unit_more(short)).options == ("p/x/a/all",)
