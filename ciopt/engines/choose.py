"""Which engine solves a program: what the user said, or what measured best for its size."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from threading import Event

from ciopt.engines.backends import Backend, find_backend
from ciopt.engines.exact.engine import solve_exact
from ciopt.engines.large.scope import refuses
from ciopt.engines.matrix import Parameters, StoppedBy
from ciopt.engines.solution import Solution
from ciopt.engines.start import Start
from ciopt.program.model import Program
from ciopt.settings import Progress, Settings

MAX_CPSAT_COLUMNS = 400
"""Up to so many columns CP-SAT, which computes in integers, proves about as fast as HiGHS."""
MIN_LARGE_OPTIONS = 5_000
"""From so many options on prices give a better plan and bound, sooner, than any solver."""


@dataclass(frozen=True)
class Engine:
    """Who solves: its name for the plan, a back-end, whether prices go first, and why it was chosen."""

    name: str
    backend: Backend
    notes: tuple[str, ...] = ()
    is_large: bool = False

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
            found = solve_exact(program, self.backend, parameters, report, interrupt, start)
            return _certified(program, found, parameters.gap)
        from ciopt.engines.large.engine import solve_large

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


def _certified(program: Program, solution: Solution, gap: float) -> Solution:
    """Add a certificate where a gap was asked for and the search ended with it."""
    ended = solution.choices is not None and solution.stopped_by in (None, StoppedBy.GAP)
    if not gap or not ended or refuses(program):
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
    backend = find_backend("cpsat" if columns <= MAX_CPSAT_COLUMNS else "highs")
    refused = "" if settings.engine == "exact" else refuses(program)
    if settings.engine == "large" and not refused:
        return Engine("large", backend, is_large=True)
    if settings.engine == "auto" and not refused and options >= MIN_LARGE_OPTIONS:
        return Engine("large", backend, (f"large was chosen for {options:,} options",), is_large=True)
    note = f"{backend.name} was chosen for {columns:,} columns and {options:,} options"
    asked = settings.engine == "large" or options >= MIN_LARGE_OPTIONS
    why = (f"large does not take this instance: {refused}",) if refused and asked else ()
    return Engine("exact", backend, (*why, note))
