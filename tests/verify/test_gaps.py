"""What the check once let pass."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from ciopt.instance import Lookup
from ciopt.plan import Plan
from ciopt.verification import verify
from ciopt.verification.rules import check_rules
from tests.verify.builders import decide, does, instance, partner, plan_of
from tests.verify.cases import infeasible, money, no_plan


def refuses(case: tuple[Any, Plan], **changes: Any) -> bool:
    made, plan = case
    return not verify(made, plan.model_copy(update=changes)).is_valid


@pytest.mark.parametrize("field", ["objective", "value", "cost", "bound", "gap"])
def test_what_has_no_plan_has_no_numbers(field: str) -> None:
    assert refuses(infeasible(), **{field: Decimal(1)})


@pytest.mark.parametrize("table", ["partners", "funds"])
def test_what_has_no_plan_has_no_results(table: str) -> None:
    assert refuses(infeasible(), **{table: getattr(money()[1], table)})


@pytest.mark.parametrize("proof", ["certificate", "enumeration", "", None])
def test_infeasible_is_a_solvers_word(proof: str | None) -> None:
    assert refuses(infeasible(), proof=proof)


def test_infeasible_is_never_said_of_a_run_that_a_limit_stopped() -> None:
    assert refuses(infeasible(), stopped_by="time_limit")
    assert refuses(infeasible(), status="no_plan")
    assert refuses(no_plan(), status="infeasible")


def test_the_verdict_says_whose_word_infeasible_is() -> None:
    made, plan = infeasible()
    assert verify(made, plan).bound_from == "solver test 1.0"


def test_a_plan_has_no_reasons_why_there_is_none() -> None:
    assert refuses(money(), reasons=("too dear",))


def test_ties_are_settled_only_among_proven_plans() -> None:
    _, plan = money()
    value, cost, ties = plan.goals
    assert cost.goal == "cost"
    assert refuses(money(), goals=(value, cost.model_copy(update={"proven": False}), ties))


def test_the_last_digit_of_a_huge_value_counts() -> None:
    """(10^14 + 0.123457) x (10^14 + 1) has 41 digits."""
    made = instance(
        indicators=[{"id": "k", "weight": Decimal("100000000000000.123457")}],
        interventions=[does("i", 1, Decimal(10**14 + 1))],
    )
    plan = plan_of(made, decide(made, ["p/i/a/all"]))
    assert plan.value == Decimal("10000000000000112345700000000.123457")


def test_a_prerequisite_anywhere_is_looked_for_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else the time grows with the square of the plan."""
    made = instance(
        places=[{"id": f"l{number}"} for number in range(200)],
        partners=[partner("p", 10**9)],
        interventions=[does("i"), does("j")],
        rules=[{"requires": {"intervention": "i", "needs": ["j"], "within": "all"}}],
    )
    choices = decide(made, [f"p/{each}/l{number}/all" for number in range(200) for each in "ij"])
    looked: list[str] = []
    find = Lookup.needed_places

    def counted(self: Lookup, within: str, place: str) -> tuple[str, ...]:
        found = find(self, within, place)
        looked.extend(found)
        return found

    monkeypatch.setattr(Lookup, "needed_places", counted)
    assert list(check_rules(Lookup(made), choices)) == []
    assert len(looked) < 2000
