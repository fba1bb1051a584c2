"""What any back-end claims of a matrix is true, or the exact re-check shows that it is not."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from ciopt.engines import cpsat, highs, scip
from ciopt.engines.backends import BACKENDS, find_backend
from ciopt.engines.doctor import pulp_solvers
from ciopt.engines.exactness import objective_of, violations
from ciopt.engines.matrix import Incumbent, Listener, Matrix, Outcome, Parameters, Status, StoppedBy
from ciopt.engines.selftest import Case, cases, judge
from ciopt.engines.worker import SolverWorker
from tests.engines.matrices import hard_knapsack, matrix
from tests.engines.random_models import SIZES, best_payable, random_model, with_payments

NAMES = [*(backend.name for backend in BACKENDS), *(f"pulp:{name}" for name in pulp_solvers())]
IN_PROCESS = {"highs": highs.solve, "scip": scip.solve, "cpsat": cpsat.solve}
SEEDS = range(40)
MANY_SEEDS = range(1_000, 2_000)
NOBODY = Listener(lambda news: None, lambda: False)


@pytest.fixture(scope="module", params=NAMES)
def worker(request: pytest.FixtureRequest) -> Iterator[SolverWorker]:
    with SolverWorker(find_backend(request.param)) as started:
        yield started


def best_of(problem: Matrix) -> int | None:
    """Best objective by enumeration; None if no vector keeps all rows."""
    ranges = [range(low, most + 1) for low, most in zip(problem.lower, problem.upper, strict=True)]
    vectors = np.array(list(itertools.product(*ranges)), dtype=np.int64)
    sums = np.zeros((len(vectors), problem.num_rows), dtype=np.int64)
    for row in range(problem.num_rows):
        entries = slice(problem.start[row], problem.start[row + 1])
        sums[:, row] = vectors[:, problem.index[entries]] @ problem.value[entries]
    holds = ((sums >= problem.row_lower) & (sums <= problem.row_upper)).all(axis=1)
    return int((vectors[holds] @ problem.objective).max()) if holds.any() else None


def is_honest(problem: Matrix, best: int | None, outcome: Outcome) -> str:
    """Say what a claim gets wrong; empty if it is true, or if the re-check in integers refutes it."""
    if outcome.status is Status.FAILED:
        return ""
    if outcome.values is not None:
        if (outcome.values < problem.lower).any() or (outcome.values > problem.upper).any():
            return "values out of bounds"
        if len(violations(problem, outcome.values)):
            return ""  # found out: the engine settles, or cuts off and asks again
    if outcome.status is Status.INFEASIBLE:
        return "" if best is None else f"infeasible, but {best} is possible"
    if best is None:
        return "a plan that holds, of a matrix without one"
    if outcome.status is not Status.OPTIMAL or outcome.values is None:
        return f"{outcome.status} without a limit"
    reached = objective_of(problem, outcome.values)
    if reached != best:
        return f"{reached} is called optimal, {best} is"
    if outcome.bound is None or outcome.bound < best - 1e-6 * max(1, abs(best)):
        return f"the bound {outcome.bound} is below {best}"
    return ""


def lies(worker: SolverWorker, seeds: range, size: str) -> list[str]:
    found = []
    for seed in seeds:
        problem = random_model(seed, size)
        wrong = is_honest(problem, best_of(problem), worker.run(problem, Parameters(seed=seed)))
        if wrong:
            found.append(f"{size} {seed}: {wrong}")
    return found


@pytest.mark.parametrize("size", SIZES)
def test_claims_are_true_or_found_out(worker: SolverWorker, size: str) -> None:
    """Infeasible and optimal are exact words for CP-SAT; a float solver's are confirmed before they count."""
    found = lies(worker, SEEDS, size)
    if worker.backend.is_exact:
        assert found == []
    else:
        # a unit beside 10^8 is beyond floats: the engine puts such claims to CP-SAT before they count
        assert len(found) <= (2 if size == "cents" else 0), found


@pytest.mark.sweep
@pytest.mark.parametrize("size", SIZES)
def test_a_thousand_claims_in_integers_are_true(size: str) -> None:
    with SolverWorker(find_backend("cpsat")) as exact:
        assert lies(exact, MANY_SEEDS, size) == []


def test_payments_to_the_cent_are_found_or_found_out(worker: SolverWorker) -> None:
    """Columns of money are scaled, and rounded back: the sums hold, or the re-check shows which do not."""
    for seed in range(25):
        problem = with_payments(seed)
        outcome = worker.run(problem, Parameters())
        assert outcome.status is Status.OPTIMAL, seed
        assert outcome.values is not None
        best, reached = best_payable(problem), objective_of(problem, outcome.values)
        if not len(violations(problem, outcome.values)):
            assert reached == best, seed
        assert reached >= best, seed


def test_no_rows_and_no_goal(worker: SolverWorker) -> None:
    free = worker.run(matrix([3, -2], [4, 4], []), Parameters())
    assert free.status is Status.OPTIMAL
    assert free.values is not None
    assert free.values.tolist() == [4, 0]
    indifferent = worker.run(matrix([0, 0], [4, 4], [([1, 1], 3, 3)]), Parameters())
    assert indifferent.status is Status.OPTIMAL
    assert indifferent.values is not None
    assert indifferent.values.sum() == 3


def test_a_time_limit_is_kept_and_is_never_a_proof(worker: SolverWorker) -> None:
    outcome = worker.run(hard_knapsack(), Parameters(time_limit=0.5))
    assert outcome.status in (Status.FEASIBLE, Status.NOTHING)
    assert outcome.stopped_by is StoppedBy.TIME_LIMIT
    if outcome.values is not None:
        assert outcome.status is Status.FEASIBLE


def wide(seed: int) -> Matrix:
    """Draw a knapsack with many plans and a best one that is hard to prove."""
    draw = np.random.default_rng(seed)
    weights = draw.integers(50, 150, size=(4, 120))
    rows: list[tuple[list[int], int | None, int | None]] = [
        (row.tolist(), None, int(row.sum()) // 3) for row in weights
    ]
    return matrix((weights.sum(axis=0) + draw.integers(0, 30, 120)).tolist(), [1] * 120, rows)


def test_a_bound_at_a_limit_allows_every_plan_that_is_known(worker: SolverWorker) -> None:
    """Whatever any of the others finds is not above a bound that one gave."""
    problem = wide(1)
    outcome = worker.run(problem, Parameters(time_limit=1.0))
    other = cpsat.solve(problem, Parameters(time_limit=2.0), NOBODY)
    assert other.values is not None
    known = objective_of(problem, other.values)
    assert outcome.status in (Status.FEASIBLE, Status.OPTIMAL, Status.NOTHING)
    if outcome.bound is not None:
        assert outcome.bound >= known - 1e-6 * abs(known)
        if outcome.values is not None:
            assert objective_of(problem, outcome.values) <= outcome.bound + 1e-6 * abs(outcome.bound)


def test_a_gap_that_was_asked_for_is_reached_and_not_called_optimal(worker: SolverWorker) -> None:
    problem = wide(2)
    outcome = worker.run(problem, Parameters(gap=0.05, time_limit=60))
    assert outcome.status in (Status.FEASIBLE, Status.OPTIMAL)
    assert outcome.values is not None
    reached = objective_of(problem, outcome.values)
    if outcome.status is Status.FEASIBLE:
        assert outcome.stopped_by is StoppedBy.GAP
    if outcome.bound is not None:
        assert reached <= outcome.bound * (1 + 1e-9)
        assert outcome.bound - reached <= 0.0501 * abs(reached)
    if outcome.status is Status.OPTIMAL:
        exact = cpsat.solve(problem, Parameters(time_limit=5), NOBODY)
        assert exact.values is None or objective_of(problem, exact.values) <= reached


@pytest.mark.parametrize("name", ["highs", "cpsat"])
def test_every_plan_in_the_news_holds_and_no_bound_is_below_the_best(name: str) -> None:
    problem = wide(3)
    heard: list[Incumbent] = []
    outcome = IN_PROCESS[name](problem, Parameters(time_limit=1.5), Listener(heard.append, lambda: False))
    plans = [news.values for news in heard if news.values is not None]
    assert plans
    assert all(not len(violations(problem, values)) for values in plans)
    worths = [objective_of(problem, values) for values in plans]
    assert worths == sorted(worths)
    assert outcome.values is not None
    best = objective_of(problem, outcome.values)
    assert best >= worths[-1]
    assert all(news.bound is None or news.bound >= best - 1e-6 * best for news in heard)


@pytest.mark.parametrize("name", sorted(IN_PROCESS))
@pytest.mark.parametrize("case", list(cases()), ids=lambda case: case.name)
def test_known_answers_with_any_seed_and_thread(name: str, case: Case) -> None:
    for seed, threads in ((1, 1), (2, 2)):
        outcome = IN_PROCESS[name](case.matrix, Parameters(seed=seed, threads=threads), NOBODY)
        if outcome.values is not None and len(violations(case.matrix, outcome.values)):
            continue
        assert judge(case, outcome) == ""


def test_what_the_preprocessing_of_cbc_loses(worker: SolverWorker) -> None:
    """CBC 2.10 called x = 1, y = 3 the best: two columns, coefficients below 50."""
    problem = matrix([29, -28], [1, 4], [([-42, 21], 16, 25)])
    outcome = worker.run(problem, Parameters())
    assert outcome.status is Status.OPTIMAL
    assert outcome.values is not None
    assert outcome.values.tolist() == [0, 1]


@pytest.mark.parametrize("scale", [1, 10**3, 10**9])
def test_or_tools_5293_against_enumeration(scale: int) -> None:
    """CP-SAT over boolean rows that total from below to far beyond 2^31."""
    for seed in range(12):
        draw = np.random.default_rng(seed)
        weights = (draw.integers(1, 40, 8) * scale + draw.integers(0, 7, 8)).tolist()
        limit = sum(weights) // 2 + int(draw.integers(-3, 4))
        problem = matrix(draw.integers(1, 30, 8).tolist(), [1] * 8, [(weights, None, limit)])
        outcome = cpsat.solve(problem, Parameters(threads=1, seed=seed), NOBODY)
        assert outcome.values is not None
        assert objective_of(problem, outcome.values) == best_of(problem)


@pytest.mark.parametrize(
    ("objective", "row", "refused"),
    [(1, 2**61, True), (1, 2**60, False), (2**60, 1, False), (2**61, 1, True)],
)
def test_sums_of_2_62_are_refused_in_rows_and_in_the_goal(objective: int, row: int, refused: bool) -> None:
    problem = matrix([objective], [2], [([row], None, row)])
    assert (cpsat.refuses(problem) is not None) == refused
    outcome = cpsat.solve(problem, Parameters(), NOBODY)
    assert (outcome.status is Status.FAILED) == refused
    assert ("2^62" in outcome.message) == refused
