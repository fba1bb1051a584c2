"""Which engine solves a program: what the user said, or what measured best for its size."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event

from ciopt.engines.backends import Backend, find_backend
from ciopt.engines.exact.engine import solve_exact
from ciopt.engines.large.scope import decides_by_least, refuses
from ciopt.engines.matrix import Parameters, StoppedBy
from ciopt.engines.solution import Solution
from ciopt.engines.start import Start
from ciopt.program.model import Program
from ciopt.settings import Progress, Settings

MAX_CPSAT_COLUMNS = 100
"""Up to so many columns CP-SAT, which computes in integers, proves about as fast as HiGHS."""
MIN_LARGE_OPTIONS, MIN_LARGE_COLUMNS = 5_000, 50_000
"""From so many options or columns on prices give a better plan and bound, sooner, than any solver."""
BEGIN_PRODUCTS, BEGIN_SHARE = 1_000, 0.5
"""Where the time is limited and products are so many, the large engine finds the first plan, in this part
of the time: a solver may need longer than there is for a plan that is any good."""


@dataclass(frozen=True)
class Engine:
    """Who solves: its name for the plan, a back-end, whether prices go first, and why it was chosen."""

    name: str
    backend: Backend
    notes: tuple[str, ...] = ()
    is_large: bool = False
    begins_large: bool = False

    def solve(
        self,
        program: Program,
        parameters: Parameters,
        report: Callable[[Progress], None],
        interrupt: Event,
        start: Start,
    ) -> Solution:
        """Solve a program; see `solve_exact`."""
        if not self.is_large:
            if self.begins_large and parameters.time_limit is not None:
                start, parameters = _begun(
                    program, parameters, parameters.time_limit, report, interrupt, start
                )
            found = solve_exact(program, self.backend, parameters, report, interrupt, start)
            return _certified(program, found, parameters.gap)
        from ciopt.engines.large.solve import solve_large

        started = time.monotonic()
        solution = solve_large(program, parameters, report, interrupt, start)
        if solution.choices is not None or solution.stopped_by is not StoppedBy.STALLED:
            return solution
        if parameters.time_limit is not None:
            left = parameters.time_limit - (time.monotonic() - started)
            parameters = replace(parameters, time_limit=max(0.1, left))
        exact = solve_exact(program, self.backend, parameters, report, interrupt, start)
        note = f"prices led to no plan that keeps every limit: {self.backend.name} went on"
        return replace(exact, notes=(note, *exact.notes))


def _begun(
    program: Program,
    parameters: Parameters,
    limit: float,
    report: Callable[[Progress], None],
    interrupt: Event,
    start: Start,
) -> tuple[Start, Parameters]:
    """Let the large engine begin; return its plan to go on from, and the time that is left."""
    from ciopt.engines.large.solve import solve_large

    started = time.monotonic()
    share = replace(parameters, time_limit=BEGIN_SHARE * limit)
    first = solve_large(program, share, report, interrupt, start)
    if first.choices is not None:
        start = Start(first.choices.options, first.certificate)
    left = max(0.1, limit - (time.monotonic() - started))
    return start, replace(parameters, time_limit=left)


def _certified(program: Program, solution: Solution, gap: float) -> Solution:
    """Add a certificate where a gap was asked for and the search ended with it."""
    ended = solution.choices is not None and solution.stopped_by in (None, StoppedBy.GAP)
    if not gap or not ended or decides_by_least(program) or refuses(program):
        return solution
    from ciopt.engines.large.beside import with_certificate

    return with_certificate(program, solution, gap)


def choose(program: Program, settings: Settings) -> Engine:
    """Return the engine that the settings ask for.

    Raises
    ------
    UsageError
        If there is no such engine.
    """
    if settings.engine not in ("auto", "exact", "large"):
        return Engine(settings.engine, find_backend(settings.engine))
    columns, options = program.num_columns, len(program.options)
    # outcomes, losses and samples have wide ranges, which CP-SAT enumerates
    is_small = columns <= MAX_CPSAT_COLUMNS and not program.ordered
    backend = find_backend("cpsat" if is_small else "highs")
    refused = "" if settings.engine == "exact" else refuses(program)
    if settings.engine == "large" and not refused:
        return Engine("large", backend, is_large=True)
    is_big = options >= MIN_LARGE_OPTIONS or columns >= MIN_LARGE_COLUMNS
    if settings.engine == "auto" and not refused and is_big:
        note = f"large was chosen for {columns:,} columns and {options:,} options"
        return Engine("large", backend, (note,), is_large=True)
    many = len(program.thresholds.column) >= BEGIN_PRODUCTS
    begins = settings.engine == "auto" and not refused and many
    note = f"{backend.name} was chosen for {columns:,} columns and {options:,} options"
    asked = settings.engine == "large" or is_big
    why = (f"large does not take this instance: {refused}",) if refused and asked else ()
    return Engine("exact", backend, (*why, note), begins_large=begins)
