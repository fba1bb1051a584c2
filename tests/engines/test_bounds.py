"""A bound is never better than what is possible, however a solver's claims and a limit meet."""

from __future__ import annotations

from dataclasses import replace
from threading import Event
from typing import Any

import numpy as np
import pytest

from ciopt.engines.backends import HIGHS
from ciopt.engines.exact import search
from ciopt.engines.exact.engine import solve_exact
from ciopt.engines.matrix import Matrix, Outcome, Parameters, Status, StoppedBy
from ciopt.engines.solution import Solution
from ciopt.program import compile_program
from tests.engines.test_exact import FakeWorker, Suggest, instance

UNIT = 10**12
SYNERGY: list[dict[str, Any]] = [{"id": "s", "between": ["i", "j"], "adds": {"k": 4}}]
BEST = 9 * UNIT
"""Both at one place, 3 + 2 + 4; the two better ones at two places are worth 6."""


@pytest.fixture
def suggest(monkeypatch: pytest.MonkeyPatch) -> list[Suggest]:
    bends: list[Suggest] = []
    monkeypatch.setattr(FakeWorker, "suggestions", bends)
    monkeypatch.setattr(search, "borrow", lambda backend, threads: FakeWorker(backend))
    monkeypatch.setattr(search, "give_back", FakeWorker.close)
    return bends


def run(**tables: Any) -> Solution:
    program = compile_program(instance(**tables))
    return solve_exact(program, HIGHS, Parameters(), lambda news: None, Event())


def chosen(matrix: Matrix, *columns: int) -> np.ndarray:
    """Return options by number; all that is built on them is said to hold as well."""
    values = np.ones(matrix.num_columns, dtype=np.int64)
    values[:4] = 0
    values[list(columns)] = 1
    return values


def out_of_time(matrix: Matrix, right: Outcome) -> Outcome:
    return Outcome(Status.NOTHING, None, None, StoppedBy.TIME_LIMIT, "slow")


def cheating(bound: float) -> Suggest:
    """Claim a synergy whose members are not both done: the solver's own sum is too large."""
    return lambda matrix, right: replace(right, values=chosen(matrix, 0, 1), bound=bound)


@pytest.mark.parametrize("second", ["time limit", "infeasible", "right"])
def test_a_sum_that_was_too_large_does_not_lower_the_bound(suggest: list[Suggest], second: str) -> None:
    """The plan is worth less than the solver said; whether there is a better one is still open."""
    suggest.append(cheating(bound=1e6))
    if second == "time limit":
        suggest.append(out_of_time)
    if second == "infeasible":
        suggest.append(lambda matrix, right: Outcome(Status.INFEASIBLE, None, None, None, "liar"))
    solution = run(synergies=SYNERGY)
    stage = solution.stages[0]
    assert stage.objective is not None
    if stage.bound is not None and second != "infeasible":
        assert stage.bound >= BEST
    if second == "right":
        assert (stage.objective, stage.proven) == (BEST, True)
    if second == "time limit":
        assert not stage.proven


def test_infeasible_after_a_plan_is_not_believed_of_a_float_solver(suggest: list[Suggest]) -> None:
    """It found a plan, was asked for a better one, and says wrongly that there is none."""
    suggest.append(cheating(bound=1e6))
    suggest.append(lambda matrix, right: Outcome(Status.INFEASIBLE, None, None, None, "liar"))
    stage = run(synergies=SYNERGY).stages[0]
    assert stage.objective == BEST or not stage.proven


def test_infeasible_in_a_later_goal_is_not_a_limit_of_nobody(suggest: list[Suggest]) -> None:
    """The plan of the first goal stands; why the search ended is said."""
    suggest.append(lambda matrix, right: right)
    suggest.append(lambda matrix, right: Outcome(Status.INFEASIBLE, None, None, None, "liar"))
    solution = run(agenda={"priorities": ["value", "cost"]})
    assert solution.choices is not None
    assert solution.stages[0].proven
    assert solution.stages[-1].proven or solution.stopped_by is not None
