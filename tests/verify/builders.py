"""Small instances, decisions and plans: say what matters, the rest has defaults."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from ciopt.files import canonical_sha256
from ciopt.instance import Instance, Lookup, Option, parse
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.goals import goal_values, rounded, sign_of, stages_of
from ciopt.instance.options import cost_by_period, participation_cost
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.compose import compose
from ciopt.plan.records import GoalResult, InstanceStamp
from ciopt.verification import Verdict, relative_gap, verify

Record = dict[str, Any]
Carried = Mapping[str, tuple[tuple[str, str], ...]]


def partner(name: str, budget: Any = 1000, **more: Any) -> Record:
    """Make an implementing partner with money."""
    return {"id": name, "roles": ["implementing"], "budget": budget, **more}


def does(name: str, cost: Any = 100, gain: Any = 10, **more: Any) -> Record:
    """Make an intervention that costs so much and moves the indicator k by so much."""
    return {"id": name, "cost": cost, "impact": {"k": gain}, **more}


def can(who: str, what: str, **more: Any) -> Record:
    """Make a capability, everywhere and in every period unless said otherwise."""
    return {"partner": who, "intervention": what, **more}


def instance(**tables: Any) -> Instance:
    """Parse an instance: place a, indicator k, partner p, intervention i unless said otherwise."""
    data: Record = {
        "ciopt": 1,
        "name": "test",
        "currency": "USD",
        "places": [{"id": "a"}],
        "indicators": [{"id": "k"}],
        "partners": [partner("p")],
        "interventions": [does("i")],
        **tables,
    }
    if "capabilities" not in data:
        data["capabilities"] = [
            can(each["id"], done["id"]) for each in data["partners"] for done in data["interventions"]
        ]
    return parse(data)


def option(text: str, period: str = "all") -> Option:
    """Read ``partner/intervention/place``, with period and level if they are said."""
    who, what, where, *rest = text.split("/")
    return Option(who, what, where, rest[0] if rest else period, rest[1] if len(rest) > 1 else None)


def own(lookup: Lookup, options: Iterable[Option]) -> tuple[Paid, ...]:
    """Pay every assignment, and each partner's participation, from the partner's own budget."""
    options = tuple(options)
    first = lookup.instance.periods[0]
    paid = [
        Paid(OWN_BUDGET + each.partner, each.id, period, amount)
        for each in options
        for period, amount in cost_by_period(lookup, each).items()
    ]
    for who in sorted({each.partner for each in options}):
        if participation_cost(lookup, who):
            amount = participation_cost(lookup, who)
            paid.append(Paid(OWN_BUDGET + who, f"participation:{who}", first, amount))
    return tuple(paid)


def decide(
    made: Instance,
    options: Iterable[str] = (),
    payments: Iterable[tuple[str, str, str, int]] | None = None,
    backbones: Carried | None = None,
    scenario: str | None = None,
) -> Choices:
    """Make decisions; own budgets pay unless payments are said."""
    chosen = tuple(option(text, made.periods[0]) for text in options)
    if payments is None:
        return Choices(chosen, own(Lookup(apply(made, scenario).instance), chosen), dict(backbones or {}))
    return Choices(chosen, tuple(Paid(*each) for each in payments), dict(backbones or {}))


def plan_of(made: Instance, choices: Choices, *, scenario: str | None = None, slack: int = 0) -> Plan:
    """Compose a plan and let it claim what a solver would: optimal, or with slack a bound so much better."""
    lookup = Lookup(apply(made, scenario).instance)
    plan = compose(lookup, choices)
    worth = goal_values(lookup, choices)
    order = stages_of(lookup)
    goals = []
    for goal in order[:1] if slack else order:
        sign = sign_of(goal)
        amount = Decimal(f"{sign * rounded(worth[goal])}e-12")
        goals.append(GoalResult(goal=goal, objective=amount, bound=amount + sign * slack, proven=not slack))
    if not slack:
        goals.append(GoalResult(goal="option_ids", proven=True))
    headline = next((each for each in goals if each.goal in ("value", "cost")), None)
    bound = headline.bound if headline else None
    assert plan.objective is not None
    return plan.model_copy(
        update={
            "instance": InstanceStamp(
                name=made.name,
                sha256=canonical_sha256(made.to_data()),
                scenario=scenario,
                currency=made.currency,
            ),
            "status": "feasible" if slack else "optimal",
            "stopped_by": "time_limit" if slack else None,
            "goals": tuple(goals),
            "bound": bound,
            "gap": None if bound is None else relative_gap(plan.objective, bound),
            "proof": None if bound is None else "solver test 1.0",
        }
    )


def judge(made: Instance, choices: Choices) -> Verdict:
    """Verify a plan whose every claim follows from its decisions: only the decisions can be wrong."""
    return verify(made, plan_of(made, choices))


def codes(made: Instance, choices: Choices) -> list[str]:
    """Codes of all that is wrong with the decisions, each once."""
    return sorted({problem.code for problem in judge(made, choices).problems})
