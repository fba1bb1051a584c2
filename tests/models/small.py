"""Small instances for hand-checked tests: say what matters, the rest has defaults."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ciopt.instance import Instance, parse
from models import solve

Record = dict[str, Any]


def partner(name: str, budget: Any = 1000, **more: Any) -> Record:
    """Make an implementing partner with money."""
    return {"id": name, "roles": ["implementing"], "budget": budget, **more}


def does(name: str, cost: Any, gain: Any, **more: Any) -> Record:
    """Make an intervention that costs so much and moves the indicator k by so much."""
    return {"id": name, "cost": cost, "impact": {"k": gain}, **more}


def can(who: str, what: str, **more: Any) -> Record:
    """Make a capability, everywhere and in every period unless said otherwise."""
    return {"partner": who, "intervention": what, **more}


def instance(**tables: Any) -> Instance:
    """Parse an instance: one place, one indicator k of weight 1 and one partner p unless said otherwise."""
    data: Record = {
        "ciopt": 1,
        "currency": "USD",
        "places": [{"id": "a"}],
        "indicators": [{"id": "k"}],
        "partners": [partner("p")],
        "interventions": [],
        **tables,
    }
    if "capabilities" not in data:
        data["capabilities"] = [
            can(each["id"], done["id"]) for each in data["partners"] for done in data["interventions"]
        ]
    return parse(data)


def answer(made: Instance) -> tuple[Any, Any, Any, Any]:
    """Solve by the reference: status, goals and cost in units, ids of the assignments."""
    result = solve(made)
    goals = {goal: Decimal(amount).scaleb(-12).normalize() for goal, amount in result.goals.items()}
    cost = None if result.cost is None else Decimal(result.cost) / 100
    return result.status, goals, cost, [option.id for option in result.options]


def optimum(made: Instance) -> Decimal:
    """Value of the best plan."""
    status, goals, _, _ = answer(made)
    assert status == "optimal"
    best: Decimal = goals["value"]
    return best
