"""The exact engine: suggestions that do not hold, claims that are wrong, goals in order, ties."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any, ClassVar

import numpy as np
import pytest

from ciopt.engines.backends import BACKENDS, HIGHS, find_backend
from ciopt.engines.cpsat import solve as truth
from ciopt.engines.exact import search
from ciopt.engines.exact.engine import solve_exact
from ciopt.engines.matrix import Incumbent, Listener, Matrix, Outcome, Parameters, Status, StoppedBy
from ciopt.engines.solution import Solution
from ciopt.engines.start import Start
from ciopt.errors import SolverFailed
from ciopt.instance import Instance, parse
from ciopt.program import compile_program

Suggest = Callable[[Matrix, Outcome], Outcome]
NOBODY = Listener(lambda news: None, lambda: False)


def instance(**tables: Any) -> Instance:
    """Two interventions at two places, one partner with money for some of it."""
    data: dict[str, Any] = {
        "ciopt": 1,
        "currency": "USD",
        "places": [{"id": "a"}, {"id": "b"}],
        "indicators": [{"id": "k"}],
        "partners": [{"id": "p", "roles": ["implementing"], "budget": 20}],
        "interventions": [
            {"id": "i", "cost": 10, "impact": {"k": 3}},
            {"id": "j", "cost": 10, "impact": {"k": 2}},
        ],
        "capabilities": [{"partner": "p", "intervention": "i"}, {"partner": "p", "intervention": "j"}],
    }
    return parse({**data, **tables})


class FakeWorker:
    """Answers as CP-SAT does, and lets a test bend the first answers."""

    suggestions: ClassVar[list[Suggest]] = []

    def __init__(self, backend: object) -> None:
        self.bends = getattr(backend, "name", "") == "highs"

    def run(
        self,
        matrix: Matrix,
        parameters: Parameters,
        on_incumbent: Callable[[Incumbent], None] = lambda news: None,
        interrupt: Event | None = None,
    ) -> Outcome:
        outcome = truth(matrix, replace(parameters, threads=1), NOBODY)
        if self.bends and self.suggestions:
            return self.suggestions.pop(0)(matrix, outcome)
        return outcome

    def close(self) -> None:
        """Nothing to end."""


@pytest.fixture
def suggest(monkeypatch: pytest.MonkeyPatch) -> list[Suggest]:
    bends: list[Suggest] = []
    monkeypatch.setattr(FakeWorker, "suggestions", bends)
    monkeypatch.setattr(search, "borrow", lambda backend, threads: FakeWorker(backend))
    monkeypatch.setattr(search, "give_back", FakeWorker.close)
    return bends


def run(made: Instance, backend: Any = HIGHS, **parameters: Any) -> Solution:
    return solve_exact(compile_program(made), backend, Parameters(**parameters), lambda news: None, Event())


def value_of(solution: Solution) -> int | None:
    return solution.stages[0].objective


def test_a_plan_that_overspends_is_cut_off(suggest: list[Suggest]) -> None:
    suggest.append(
        lambda matrix, right: replace(right, values=np.ones(matrix.num_columns, dtype=np.int64), bound=10.0)
    )
    solution = run(instance())
    assert value_of(solution) == 6 * 10**12
    assert solution.stages[0].proven
    assert any("cut off" in note for note in solution.notes)


def test_a_false_claim_of_infeasibility_is_refuted(suggest: list[Suggest]) -> None:
    suggest.append(lambda matrix, right: Outcome(Status.INFEASIBLE, None, None, None, "liar"))
    solution = run(instance())
    assert not solution.infeasible
    assert value_of(solution) == 6 * 10**12
    assert any("liar called the instance infeasible" in note for note in solution.notes)


def test_infeasible_is_confirmed_in_integers(suggest: list[Suggest]) -> None:
    rules = [{"at_least": 3, "of": ["i", "j"], "within": "all"}]
    solution = run(instance(rules=rules))
    assert solution.infeasible
    assert "confirmed by" in solution.solver


def test_a_claim_below_the_plan_is_followed_up(suggest: list[Suggest]) -> None:
    """A product left at 0 makes the solver's own sum too small: the plan counts, and more is asked for."""
    synergies = [{"id": "s", "between": ["i", "j"], "adds": {"k": 4}}]

    def forget(matrix: Matrix, right: Outcome) -> Outcome:
        assert right.values is not None
        values = right.values.copy()
        values[4:] = 0
        return replace(right, values=values)

    suggest.append(forget)
    solution = run(instance(synergies=synergies))
    assert value_of(solution) == 9 * 10**12
    assert solution.stages[0].proven


def poorer(matrix: Matrix, right: Outcome) -> Outcome:
    """Claim the optimum of another goal: the plan with the options of the least value."""
    upper = matrix.upper.copy()
    upper[matrix.objective == matrix.objective.max()] = 0
    less = truth(replace(matrix, upper=upper), Parameters(), NOBODY)
    assert less.values is not None
    return replace(less, bound=float(matrix.objective @ less.values))


def test_a_false_optimum_that_a_tie_outdoes_is_found_out(
    suggest: list[Suggest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search.Search, "_better", lambda *_: None)
    suggest.append(poorer)
    solution = run(instance())
    assert value_of(solution) == 6 * 10**12
    assert all(stage.proven for stage in solution.stages)
    assert solution.stopped_by is None
    assert any("went on" in note for note in solution.notes)


def test_a_false_optimum_below_the_given_plan_is_found_out(
    suggest: list[Suggest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search.Search, "_better", lambda *_: None)
    program = compile_program(instance())
    given = Start(tuple(each for each in map(program.option, range(4)) if each.intervention == "i"))
    suggest.append(poorer)
    solution = solve_exact(program, HIGHS, Parameters(), lambda news: None, Event(), given)
    assert value_of(solution) == 6 * 10**12
    assert solution.stages[0].proven
    assert solution.stopped_by is None


def test_payments_off_by_a_unit_are_settled(suggest: list[Suggest]) -> None:
    funds = [{"id": "f", "partner": "p", "amount": 13.33, "max_share": 0.5}]

    def noise(matrix: Matrix, right: Outcome) -> Outcome:
        assert right.values is not None
        values = right.values.copy()
        values[4:] = np.minimum(values[4:] + 1, matrix.upper[4:])
        return replace(right, values=values)

    suggest.extend([noise] * 4)
    solution = run(instance(funds=funds))
    assert solution.choices is not None
    assert solution.stages[0].proven
    assert sum(paid.amount for paid in solution.choices.payments) == 3000
    assert value_of(solution) == 8 * 10**12


def test_a_failing_solver_with_nothing_to_show_is_an_error(suggest: list[Suggest]) -> None:
    suggest.append(lambda matrix, right: Outcome(Status.FAILED, None, None, None, "broken 1.0", "no licence"))
    with pytest.raises(SolverFailed, match="no licence"):
        run(instance())


def test_a_failure_in_a_later_goal_keeps_the_plan(suggest: list[Suggest]) -> None:
    suggest.append(lambda matrix, right: right)
    suggest.append(
        lambda matrix, right: Outcome(Status.FAILED, None, None, None, "broken 1.0", "out of luck")
    )
    solution = run(instance())
    assert solution.choices is not None
    assert value_of(solution) == 6 * 10**12


def test_suggestions_that_never_hold_end_without_a_proof(
    suggest: list[Suggest], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MAX_ROUNDS", 3)
    everything: Suggest = lambda matrix, right: replace(  # noqa: E731
        right, values=np.ones(matrix.num_columns, dtype=np.int64)
    )
    suggest.extend([everything] * 3)
    solution = run(instance())
    assert solution.choices is None
    assert solution.stopped_by is StoppedBy.SOLVER_FAILURE
    assert not solution.stages[0].proven


def test_a_limit_is_not_an_optimum(suggest: list[Suggest]) -> None:
    suggest.append(
        lambda matrix, right: replace(
            right, status=Status.FEASIBLE, stopped_by=StoppedBy.TIME_LIMIT, bound=9.0
        )
    )
    solution = run(instance())
    assert not solution.stages[0].proven
    assert solution.stopped_by is StoppedBy.TIME_LIMIT
    assert len(solution.stages) == 1


@pytest.mark.parametrize("name", [backend.name for backend in BACKENDS])
def test_ties_go_to_lower_cost_then_to_smaller_ids(name: str) -> None:
    """Four options are worth the same; the dearest is out by cost, the rest is settled by ids."""
    made = instance(
        places=[{"id": "a"}, {"id": "b"}, {"id": "c"}, {"id": "d"}],
        interventions=[{"id": "i", "cost": 10, "impact": {"k": 1}}],
        capabilities=[
            {"partner": "p", "intervention": "i", "places": ["a"], "cost_factor": 1.2},
            {"partner": "p", "intervention": "i", "places": ["b", "c", "d"]},
        ],
        rules=[{"at_most": 2, "of": ["i"], "within": "all"}],
        partners=[{"id": "p", "roles": ["implementing"], "budget": 100}],
    )
    solution = run(made, find_backend(name))
    assert solution.choices is not None
    assert [option.place for option in solution.choices.options] == ["b", "c"]
    assert all(stage.proven for stage in solution.stages)


@pytest.mark.parametrize("name", [backend.name for backend in BACKENDS])
def test_of_two_lists_the_prefix_is_smaller(name: str) -> None:
    """An option that costs and moves nothing is left out."""
    made = instance(interventions=[{"id": "i", "cost": 10, "impact": {"k": 3}}, {"id": "j", "cost": 0}])
    solution = run(made, find_backend(name))
    assert solution.choices is not None
    assert [option.id for option in solution.choices.options] == ["p/i/a/all", "p/i/b/all"]


@pytest.mark.parametrize("name", [backend.name for backend in BACKENDS])
def test_a_later_goal_costs_an_earlier_one_nothing(name: str) -> None:
    """Cost first, then value: the cheapest plan that meets the target, and among those the best."""
    made = instance(
        agenda={
            "minimize": "cost",
            "targets": [{"indicator": "k", "at_least": 2}],
            "priorities": ["cost", "value"],
        }
    )
    solution = run(made, find_backend(name))
    assert [stage.goal for stage in solution.stages] == ["cost", "value", "option_ids"]
    assert solution.stages[0].objective == -10 * 10**12
    assert solution.stages[1].objective == 3 * 10**12


def test_an_interrupt_before_the_start_is_heard() -> None:
    interrupt = Event()
    interrupt.set()
    solution = solve_exact(compile_program(instance()), HIGHS, Parameters(), lambda news: None, interrupt)
    assert solution.stopped_by in (StoppedBy.INTERRUPT, None)


def test_no_options_no_solver() -> None:
    solution = run(instance(capabilities=[]))
    assert solution.choices is not None
    assert solution.choices.options == ()
    assert solution.stages[0].proven
