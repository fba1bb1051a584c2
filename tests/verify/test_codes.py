"""Each code of the check, once: a minimal instance, a broken plan, and a message that says the amounts."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from ciopt.certificate import Certificate
from ciopt.instance import Instance
from ciopt.plan import Plan
from ciopt.plan.records import GoalResult
from ciopt.verification import verify
from tests.verify.builders import can, decide, does, instance, partner, plan_of

Broken = tuple[Instance, Plan]
DEAR = Certificate(money={"budget:p": {"all": Decimal(1)}})
ONE, TWO = "p/i/a/all", "p/j/a/all"


def good(**tables: Any) -> Broken:
    """One activity for 100.00, worth 10, paid by its partner."""
    made = instance(**tables)
    return made, plan_of(made, decide(made, [ONE]))


def changed(**fields: Any) -> Broken:
    made, plan = good()
    return made, plan.model_copy(update=fields)


def with_record(table: str, number: int = 0, **fields: Any) -> Broken:
    """Change one record of the good plan."""
    made, plan = good()
    records = list(getattr(plan, table))
    records[number] = records[number].model_copy(update=fields)
    return made, plan.model_copy(update={table: tuple(records)})


def paid(*payments: tuple[str, str, str, int], options: tuple[str, ...] = (ONE,), **tables: Any) -> Broken:
    made = instance(**tables)
    return made, plan_of(made, decide(made, options, payments))


def decided(*options: str, **tables: Any) -> Broken:
    made = instance(**tables)
    return made, plan_of(made, decide(made, options))


def coordinated() -> Broken:
    """A backbone that carries two synergies and has room for one."""
    made = instance(
        places=[{"id": "a"}, {"id": "b"}],
        partners=[partner("p"), {"id": "h", "roles": ["backbone"], "budget": 9}],
        interventions=[does("i"), does("j")],
        capabilities=[can("p", "i"), can("p", "j")],
        synergies=[{"id": "s", "between": ["i", "j"], "adds": {"k": 1}, "backbone": True}],
        backbones=[{"partner": "h", "capacity": 1}],
    )
    options = [f"p/{what}/{where}/all" for what in "ij" for where in "ab"]
    return made, plan_of(made, decide(made, options, backbones={"h": (("s", "a"), ("s", "b"))}))


def fund(**fields: Any) -> dict[str, Any]:
    return {"funds": [{"id": "f", "partner": "p", "amount": 50, **fields}]}


def infeasible(**fields: Any) -> Broken:
    made, plan = good()
    return made, Plan(
        **{"instance": plan.instance, "status": "infeasible", "proof": "solver test 1.0", **fields}
    )


def with_goal(number: int, **fields: Any) -> Broken:
    made, plan = good()
    goals = list(plan.goals)
    goals[number] = goals[number].model_copy(update=fields)
    return made, plan.model_copy(update={"goals": tuple(goals)})


TWO_DONE: dict[str, Any] = {"interventions": [does("i"), does("j")]}

CASES: dict[str, list[tuple[Callable[[], Broken], str]]] = {
    "E501": [(lambda: with_record("assignments", place="b"), "no capability gives the option p/i/b/all")],
    "E502": [
        (
            lambda: decided(ONE, "q/i/a/all", partners=[partner("p"), partner("q")]),
            "i at a is assigned twice",
        ),
        (
            lambda: paid(("budget:p", ONE, "all", 5000), ("budget:p", ONE, "all", 5000)),
            "this payment is listed twice",
        ),
    ],
    "E503": [
        (lambda: with_record("payments", fund="budget:q"), "there is no fund 'budget:q'"),
        (lambda: with_record("payments", assignment=TWO), "'p/j/a/all' is nothing that this plan pays for"),
        (lambda: with_record("payments", period="2027"), "there is no period '2027'"),
    ],
    "E504": [
        (lambda: with_record("payments", amount=Decimal("99.999")), "99.999 is not a positive amount of USD"),
        (lambda: with_record("payments", amount=Decimal(0)), "0 is not a positive amount of USD"),
    ],
    "E505": [(coordinated, "h carries 2 synergies, its capacity is 1")],
    "E511": [
        (lambda: paid(("budget:p", ONE, "all", 9999)), "p/i/a/all costs 100.00 in all; 99.99 is paid"),
        (lambda: paid(("budget:p", ONE, "all", 10001)), "p/i/a/all costs 100.00 in all; 100.01 is paid"),
    ],
    "E512": [
        (
            lambda: paid(
                ("budget:p", ONE, "all", 10000),
                ("budget:p", "participation:p", "all", 699),
                partners=[partner("p", participation_cost=7)],
            ),
            "participation:p costs 7.00; 6.99 is paid",
        )
    ],
    "E513": [
        (
            lambda: paid(("budget:q", ONE, "all", 10000), partners=[partner("p"), partner("q")]),
            "budget:q pays for another partner's p/i/a/all",
        ),
        (
            lambda: paid(("f", ONE, "all", 10000), **fund(amount=100, pays_for={"places": []})),
            "f may not pay for p/i/a/all",
        ),
        (
            lambda: paid(
                ("budget:p", ONE, "all", 10000),
                ("f", "participation:p", "all", 700),
                partners=[partner("p", participation_cost=7)],
                **fund(),
            ),
            "f cannot pay for participation:p: only its own budget can",
        ),
    ],
    "E514": [
        (
            lambda: paid(
                ("f", ONE, "all", 2501),
                ("budget:p", ONE, "all", 7500),
                interventions=[does("i", 100.01)],
                **fund(max_share=0.25),
            ),
            "f pays 25.01 of p/i/a/all, its share is 25.00 at most",
        )
    ],
    "E515": [
        (
            lambda: paid(
                ("f", ONE, "all", 5000),
                ("budget:p", ONE, "all", 5000),
                **fund(match={"with": ["budget:p"], "ratio": 0.999999}),
            ),
            "f pays 50.00 of p/i/a/all, and matches 0.999999 x 50.00 paid by budget:p",
        )
    ],
    "E516": [
        (lambda: decided(ONE, partners=[partner("p", 99.99)]), "budget:p pays 100.00, it has 99.99"),
        (
            lambda: decided(
                "p/i/a/y1", periods=["y1", "y2"], partners=[partner("p", {"y1": 50, "y2": 99.99})]
            ),
            "budget:p pays 100.00 in y1, it has 50.00",
        ),
    ],
    "E517": [(lambda: good(**fund(min_spend=0.01)), "f spends 0.00 and must spend 0.01")],
    "E521": [
        (
            lambda: decided(ONE, TWO, **TWO_DONE, rules=[{"at_most": 1, "of": ["i", "j"]}]),
            "rule 0: 2 of at most 1 of i, j in a",
        )
    ],
    "E518": [
        (
            lambda: good(agenda={"max_cost": 99.99}),
            "all together cost 100.00, at most 99.99 (agenda.max_cost)",
        )
    ],
    "E522": [
        (
            lambda: decided(
                baseline=[{"partner": "p", "intervention": "i", "place": "a", "status": "committed"}]
            ),
            "p has committed to i at a (baseline[0]), and the plan does otherwise",
        )
    ],
    "E523": [
        (
            lambda: good(
                partners=[partner("p", capacity={"staff": 2.5})],
                interventions=[does("i", uses={"staff": 2.500001})],
            ),
            "p uses 2.500001 staff in all periods, its capacity is 2.5",
        ),
        (
            lambda: decided(ONE, TWO, **TWO_DONE, partners=[partner("p", max_activities=1)]),
            "p does 2 activities, at most 1",
        ),
    ],
    "E524": [
        (
            lambda: good(agenda={"targets": [{"indicator": "k", "at_least": 10.000001}]}),
            "the target for k (agenda.targets[0]) is missed by 0.000001",
        )
    ],
    "E531": [
        (
            lambda: changed(value=Decimal("10.000001")),
            "value is 10.000001; the decisions give 10.000000000000",
        ),
        (
            lambda: with_record("assignments", cost=Decimal("99.99")),
            "p/i/a/all: cost is 99.99; the decisions give 100.00",
        ),
    ],
    "E532": [
        (
            lambda: changed(partners=good()[1].partners * 2),
            "p is listed twice",
        ),
    ],
    "E533": [(lambda: with_record("partners", id="q"), "q does not follow from the decisions")],
    "E534": [(lambda: changed(partners=()), "p follows from the decisions and is not listed")],
    "E541": [
        (lambda: with_goal(0, objective=Decimal(11)), "value is 11; the decisions give 10.000000000000"),
        (
            lambda: changed(goals=(GoalResult(goal="cost"),)),
            "the goals are value, cost, option_ids, in this order",
        ),
    ],
    "E542": [
        (
            lambda: with_goal(0, bound=Decimal(9)),
            "the bound 9 is worse than the plan's value 10.000000000000",
        ),
        (lambda: with_goal(0, bound=Decimal(11)), "value is called proven, and its bound is 11"),
        (lambda: with_goal(0, proven=False), "cost follows a goal that is not proven"),
    ],
    "E543": [
        (lambda: changed(bound=Decimal(11)), "the bound is 11; the goals say 10.000000000000"),
        (lambda: changed(gap=Decimal("0.1")), "the gap is 0.1; objective and bound give 0"),
    ],
    "E544": [
        (lambda: changed(status="feasible"), "the status is feasible, and every goal is proven"),
        (lambda: changed(stopped_by="time_limit"), "optimal is never said of a run stopped by time_limit"),
        (
            lambda: infeasible(stopped_by="time_limit"),
            "infeasible is never said of a run stopped by time_limit",
        ),
    ],
    "E545": [
        (lambda: changed(proof="certificate"), "the proof cannot be checked: the plan has no certificate"),
        (lambda: changed(proof="enumeration"), "the proof 'enumeration' cannot be checked"),
        (lambda: changed(certified=Decimal(11)), "the proof cannot be checked: the plan has no certificate"),
        (
            lambda: changed(proof="certificate", certificate=Certificate(), certified=Decimal(11)),
            "the certificate's bound is the plan's: said twice",
        ),
        (
            lambda: changed(proof="certificate", certificate=Certificate(goal="cost")),
            "the certificate is about cost; the plan's bound is one on value",
        ),
        (lambda: changed(proof=None), "a bound has a proof, and a proof a bound"),
        (lambda: infeasible(proof=None), "nobody is named who says that there is no plan"),
    ],
    "E546": [
        (
            lambda: changed(
                proof="certificate", certificate=Certificate(money={"budget:p": {"all": Decimal(1)}})
            ),
            "the certificate proves",
        ),
        (
            lambda: changed(certificate=Certificate(), certified=Decimal("0.5")),
            "the bound is 0.5; the certificate proves",
        ),
        (lambda: changed(certificate=Certificate()), "the bound is None; the certificate proves"),
    ],
    "E550": [
        (
            lambda: (instance(partners=[partner("p", 1001)]), good()[1]),
            "the plan is for an instance with SHA-256",
        ),
        (
            lambda: changed(instance=good()[1].instance.model_copy(update={"scenario": "none"})),
            "no scenario",
        ),
    ],
    "E551": [
        (lambda: infeasible(value=Decimal(3)), "a plan that is infeasible has no value"),
        (lambda: changed(reasons=("too dear",)), "a plan that is optimal needs no reasons"),
    ],
}


@pytest.mark.parametrize(
    ("code", "broken", "message"),
    [(code, broken, message) for code, cases in CASES.items() for broken, message in cases],
)
def test_what_is_broken_is_said_with_its_code_and_amounts(
    code: str, broken: Callable[[], Broken], message: str
) -> None:
    found = verify(*broken()).problems
    assert code in [problem.code for problem in found]
    assert any(message in problem.message for problem in found if problem.code == code), found


def test_what_they_start_from_is_valid() -> None:
    assert verify(*good()).problems == ()
    assert verify(*infeasible()).problems == ()


def test_every_code_of_the_check_is_here() -> None:
    folder = Path(verify.__code__.co_filename).parent
    raised = {code for path in folder.glob("*.py") for code in re.findall(r'"(E5\d\d)"', path.read_text())}
    assert set(CASES) == raised
