"""Solving: no solver is believed, every solver that PuLP finds gives the same, limits are not optima."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pulp
import pytest

from ciopt.errors import SolverFailed, UsageError
from models import build, solve
from models.model import evaluate, is_satisfied
from models.solve import is_feasible
from models.solvers import available
from tests.models.small import can, does, instance, partner


def rich() -> Any:
    """Something of everything; the numbers are small."""
    return instance(
        periods=["1", "2"],
        places=[{"id": "a", "group": "g", "neighbours": ["b"]}, {"id": "b", "group": "g"}],
        indicators=[{"id": "k", "saturates_at": 30}],
        partners=[
            partner("p", {"1": 100, "2": 40}, participation_cost=5),
            {"id": "q", "roles": ["implementing", "backbone"], "budget": 70},
        ],
        funds=[
            {"id": "f", "partner": "q", "amount": {"1": 50, "2": 50}, "carry_over": True, "max_share": 0.5}
        ],
        interventions=[does("r", 30, 10, cost_profile=[0.7, 0.3]), does("t", 40.01, 8)],
        capabilities=[can("p", "r"), can("q", "t"), can("q", "r")],
        synergies=[
            {"id": "s", "between": ["r", "t"], "adds": {"k": 5}, "partners": "different", "backbone": True}
        ],
        backbones=[{"partner": "q", "cost": 3, "cost_per_synergy": 1}],
    )


@pytest.mark.parametrize("solver", available())
def test_every_solver_says_the_same(solver: str) -> None:
    """30 at best, by two r, a t and the synergy: 30 + 30 + 40.01, participation 5 and backbone 4."""
    result = solve(rich(), solver)
    assert result.status == "optimal"
    assert result.goals == {"value": 30 * 10**12}
    assert result.cost == 10901
    assert result.choices.backbones["q"] in ((("s", "a"),), (("s", "b"),))


def test_payments_add_up() -> None:
    """Every minor unit of the cost is paid."""
    result = solve(rich())
    assert sum(paid.amount for paid in result.choices.payments) == result.cost


def test_building_is_repeatable() -> None:
    """The same columns and rows under the same names: stages build the problem anew."""
    one, other = build(rich()), build(rich())
    assert one.columns == other.columns
    assert one.rows == other.rows
    assert list(one.variables) == [variable.name for variable in one.variables.values()]


class Liar:
    """A solver that says "optimal" of whatever it likes."""

    name = "LIAR"

    def __init__(self, value: int) -> None:
        self.value = value

    def solve(self, problem: Any, **_: Any) -> Any:
        """Answer as PuLP 4 wants it."""
        return self.actualSolve(problem)

    def actualSolve(self, problem: Any, **_: Any) -> Any:  # noqa: N802, RUF100
        """Set every variable to the same value."""
        problem.assignVarsVals({variable.name: self.value for variable in problem.variables()})
        if hasattr(pulp, "LpSolveStats"):
            return pulp.LpSolveStats(status=pulp.LpSolveStatus.Optimal, has_solution=True)
        problem.assignStatus(pulp.LpStatusOptimal, pulp.LpSolutionOptimal)
        return problem.status


def test_a_solver_that_overspends_is_not_believed() -> None:
    """All options at once break a budget: its decisions are cut off again and again, and it never learns."""
    made = instance(partners=[partner("p", 10)], interventions=[does("x", 8, 1), does("y", 8, 1)])
    assert solve(made, Liar(1)).status == "unreliable"


def test_a_limit_is_not_an_optimum() -> None:
    """A solver that stops without an answer leaves no plan."""

    class Stopped(Liar):
        def actualSolve(self, problem: Any, **_: Any) -> Any:  # noqa: N802, RUF100
            if hasattr(pulp, "LpSolveStats"):
                return pulp.LpSolveStats(status=pulp.LpSolveStatus.TimeLimit, has_solution=False)
            problem.assignStatus(pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound)
            return problem.status

    result = solve(rich(), Stopped(0))
    assert (result.status, result.cost, result.options) == ("stopped", None, ())


@pytest.mark.skipif("PULP_CBC_CMD" not in available(), reason="PuLP 4 has no bundled CBC")
def test_cbc_is_right_or_unreliable() -> None:
    """CBC writes 200000001 cents as 200000000: decisions are kept, payments found anew."""
    costs = [Decimal("2000000.01"), Decimal("1999999.98"), Decimal("2345678.91")]
    made = instance(
        partners=[partner("p", sum(costs))],
        interventions=[does(n, cost, gain) for n, cost, gain in zip("xyz", costs, (5, 4, 6), strict=True)],
    )
    result = solve(made, "PULP_CBC_CMD")
    assert result.status == "unreliable" or result.goals == {"value": 15 * 10**12}


def test_rows_are_checked_in_integers() -> None:
    """One cent too much is too much, in numbers where floats do not see it."""
    made = instance(partners=[partner("p", 90_000_000_000)], interventions=[does("x", 90_000_000_000, 1)])
    model = build(made)
    values = dict.fromkeys(model.variables, 0)
    assert is_feasible(model, values)
    (x,), (payment,) = model.chosen.values(), model.payments.values()
    values |= {x.name: 1, payment.name: 9 * 10**12}
    assert is_feasible(model, values)
    values[payment.name] += 1
    assert not is_feasible(model, values)
    broken = [model.rows[row.name] for row in model.problem.constraints() if not is_satisfied(row, values)]
    assert broken == ["p/x/a/all is paid in all", "budget:p: amount"]
    assert evaluate(2 * x + 1, values) == 3


def test_numbers_that_floats_do_not_hold_are_refused() -> None:
    """10^14 in cents is beyond 2^53."""
    big = 99_999_999_999_999
    made = instance(partners=[partner("p", big)], interventions=[does("x", big, 1)])
    with pytest.raises(SolverFailed, match="2\\^53"):
        build(made)


def test_unknown_solver() -> None:
    with pytest.raises(UsageError, match="NOBODY"):
        solve(instance(), "NOBODY")
