"""Ties between equally good plans: the lexicographically smallest sorted list of option ids wins.

That makes equal runs, and different solvers, give equal plans. With every goal pinned:

1. Is the plan the only one left? Maximise the number of decisions in which another plan differs.
2. If not, decide the options in order of their ids, a block at a time: maximise Σ 2^-i x_i.
3. A list that is a prefix of another is smaller: drop a tail of options that cost and matter nothing.

Which backbone carries which synergy is decided last, in the same way.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.exact.candidate import Candidate
from ciopt.engines.exact.search import Search
from ciopt.engines.matrix import Matrix
from ciopt.engines.solution import Stage

BLOCK = 24
"""Decisions taken in one solve: 2^24 stays far below what any solver's numbers bear."""

MAX_DECISIONS = 20_000
"""With more of them, ties are left as the solver broke them, and the plan says so."""

MIN_SECONDS = 10.0
"""Ties may take so long, and twice as long as the goals took: then the plan stays as it is, and says so.
Some solvers start a process for each question, which takes a second on a busy machine."""

Array = NDArray[np.int64]


def break_ties(search: Search, best: Candidate) -> tuple[Candidate, Stage]:
    """Return the smallest among the equally good plans, and whether that is proven."""
    options, carried = _decisions(search)
    unproven = Stage("option_ids", None, None, False)
    if len(options) + len(carried) > MAX_DECISIONS:
        search.notes.append(
            "which of several equally good plans comes first was not settled: too many options"
        )
        return best, unproven
    allowed = MIN_SECONDS + 2 * search.seconds()
    limit = search.parameters.time_limit
    search.parameters = replace(
        search.parameters, time_limit=allowed if limit is None else min(limit, allowed)
    )
    best, proven = _smallest(search, best, options, carried)
    if not proven:
        search.notes.append("which of several equally good plans comes first was not settled in the time")
    return best, replace(unproven, proven=proven)


def limit_ties(search: Search) -> None:
    """Give what is left of the search, ties only, about as long as it has taken so far."""
    allowed = MIN_SECONDS + 2 * search.seconds()
    limit = search.parameters.time_limit
    search.parameters = replace(
        search.parameters, time_limit=allowed if limit is None else min(limit, allowed)
    )


def _decisions(search: Search) -> tuple[Array, Array]:
    """Columns of the options and of carried synergies, each in order of their ids."""
    program = search.program
    count = len(program.options)
    ids = [program.option(number).id for number in range(count)]
    labels = {int(column): program.label(int(column)) for column in program.carried.column}
    options = sorted(range(count), key=ids.__getitem__)
    return (
        np.array(options, dtype=np.int64),
        np.array(sorted(labels, key=lambda column: (labels[column], column)), dtype=np.int64),
    )


def _smallest(search: Search, best: Candidate, options: Array, carried: Array) -> tuple[Candidate, bool]:
    """The smallest list among the equally good, and whether it was found in the time there is."""
    decisions = np.concatenate([options, carried])
    differs = np.where(best.values[decisions] > 0, -1, 1).astype(np.int64)
    other = search.maximise(_with_objective(search.matrix, decisions, differs), "option_ids", None)
    if not other.proven or other.candidate is None:
        return best, False
    if (other.candidate.values[decisions] == best.values[decisions]).all():
        return best, True
    found, matrix = _in_order(search, search.matrix, best, options)
    if found is None:
        return best, False
    best = _shortest(search, found, options)
    matrix = fixed(search.matrix, options, best.values[options])
    found, _ = _in_order(search, matrix, best, carried)
    return (best, False) if found is None else (found, True)


def _in_order(
    search: Search, matrix: Matrix, best: Candidate, decisions: Array
) -> tuple[Candidate | None, Matrix]:
    """Take each decision in turn if it can be taken; None if the time did not suffice."""
    for first in range(0, len(decisions), BLOCK):
        block = decisions[first : first + BLOCK]
        weights = (1 << np.arange(len(block) - 1, -1, -1)).astype(np.int64)
        found = search.maximise(_with_objective(matrix, block, weights), "option_ids", None)
        if not found.proven or found.candidate is None:
            return None, matrix
        best = found.candidate
        matrix = fixed(matrix, block, best.values[block])
    return best, matrix


def _with_objective(matrix: Matrix, columns: Array, factors: Array) -> Matrix:
    objective = np.zeros(matrix.num_columns, dtype=np.int64)
    objective[columns] = factors
    return replace(matrix, objective=objective)


def fixed(matrix: Matrix, columns: Array, values: Array) -> Matrix:
    """Fix columns at values."""
    lower, upper = matrix.lower.copy(), matrix.upper.copy()
    lower[columns] = upper[columns] = values
    return replace(matrix, lower=lower, upper=upper)


def _shortest(search: Search, best: Candidate, options: Array) -> Candidate:
    """The shortest prefix of the list that is as good: only options without cost can be dropped."""
    chosen = options[best.values[options] > 0]
    paid = np.flatnonzero(search.program.options.cost[chosen])
    nothing = np.zeros(0, dtype=np.int64)
    for length in range(int(paid[-1]) + 1 if len(paid) else 0, len(chosen)):
        taken = np.isin(options, chosen[:length]).astype(np.int64)
        matrix = fixed(search.matrix, options, taken)
        found = search.maximise(_with_objective(matrix, nothing, nothing), "option_ids", None)
        if found.candidate is not None:
            return found.candidate
    return best
