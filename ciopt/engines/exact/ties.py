"""Ties between equally good plans: the lexicographically smallest sorted list of option ids wins.

That makes equal runs, and different solvers, give equal plans. With every goal pinned:

1. Is the plan the only one left? Maximise the number of options in which another plan differs.
2. If not, decide the options in order of their ids, a block at a time: maximise Σ 2^-i x_i.
3. A list that is a prefix of another is smaller: drop a tail of options that cost and matter nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.exact.candidate import Candidate
from ciopt.engines.matrix import Matrix
from ciopt.engines.solution import Stage

if TYPE_CHECKING:
    from ciopt.engines.exact.search import Search

BLOCK = 24
"""Options decided in one solve: 2^24 stays far below what any solver's numbers bear."""

MAX_OPTIONS = 20_000
"""With more options, ties are left as the solver broke them, and the plan says so."""

MIN_SECONDS = 2.0
"""Ties may take so long, and as long again as the goals took: then the plan stays as it is, and says so."""

Array = NDArray[np.int64]


def break_ties(search: Search, best: Candidate) -> tuple[Candidate, Stage]:
    """Return the plan with the smallest option ids among the equally good, and whether that is proven."""
    unproven = Stage("option_ids", None, None, False)
    count = len(search.program.options)
    if count > MAX_OPTIONS:
        search.notes.append(f"ties between equally good plans were not broken: {count} options")
        return best, unproven
    allowed = MIN_SECONDS + 2 * search.seconds()
    limit = search.parameters.time_limit
    search.parameters = replace(
        search.parameters, time_limit=allowed if limit is None else min(limit, allowed)
    )
    best, proven = _smallest(search, best, count)
    if not proven:
        search.notes.append("which of several equally good plans comes first by option ids was not settled")
    return best, replace(unproven, proven=proven)


def _smallest(search: Search, best: Candidate, count: int) -> tuple[Candidate, bool]:
    """The smallest list among the equally good, and whether it was found in the time there is."""
    other = search.maximise(_with_objective(search.matrix, _differences(best, count)), "option_ids", None)
    if not other.proven or other.candidate is None:
        return best, False
    if (other.candidate.values[:count] == best.values[:count]).all():
        return best, True
    ids = [search.program.option(number).id for number in range(count)]
    order = np.array(sorted(range(count), key=ids.__getitem__), dtype=np.int64)
    matrix = search.matrix
    for first in range(0, count, BLOCK):
        block = order[first : first + BLOCK]
        objective = np.zeros(count, dtype=np.int64)
        objective[block] = 1 << np.arange(len(block) - 1, -1, -1)
        found = search.maximise(_with_objective(matrix, objective), "option_ids", None)
        if not found.proven or found.candidate is None:
            return best, False
        best = found.candidate
        matrix = fixed(matrix, block, best.values[block])
    return _shortest(search, best, order), True


def _differences(best: Candidate, count: int) -> Array:
    """Each option counts 1 where it differs from the plan (up to a constant)."""
    return np.where(best.values[:count] > 0, -1, 1).astype(np.int64)


def _with_objective(matrix: Matrix, objective: Array) -> Matrix:
    whole = np.zeros(matrix.num_columns, dtype=np.int64)
    whole[: len(objective)] = objective
    return replace(matrix, objective=whole)


def fixed(matrix: Matrix, columns: Array, values: Array) -> Matrix:
    """Fix columns at values."""
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[columns] = upper[columns] = values
    return replace(matrix, lower=lower, upper=upper)


def _shortest(search: Search, best: Candidate, order: Array) -> Candidate:
    """The shortest prefix of the list that is as good: only options without cost can be dropped."""
    chosen = order[best.values[order] > 0]
    cost = search.program.options.cost[chosen]
    paid = np.flatnonzero(cost)
    for length in range(int(paid[-1]) + 1 if len(paid) else 0, len(chosen)):
        values = np.zeros(len(order), dtype=np.int64)
        values[chosen[:length]] = 1
        matrix = fixed(search.matrix, np.arange(len(order), dtype=np.int64), values)
        found = search.maximise(_with_objective(matrix, np.zeros(0, dtype=np.int64)), "option_ids", None)
        if found.candidate is not None:
            return found.candidate
    return best
