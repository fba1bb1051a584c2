"""`solve_large`: the large engine, for sums and for what decides by its least."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

from ciopt.engines.large.engine import solve_sums
from ciopt.engines.large.goals import solve_goals
from ciopt.engines.large.scope import decides_by_least
from ciopt.engines.matrix import Parameters
from ciopt.engines.solution import Solution
from ciopt.engines.start import Start
from ciopt.program.model import Program
from ciopt.settings import Progress


def solve_large(
    program: Program,
    parameters: Parameters,
    report: Callable[[Progress], None],
    interrupt: Event,
    start: Start,
) -> Solution:
    """Solve a program with prices; see `solve_exact` for the parameters."""
    solve = solve_goals if decides_by_least(program) else solve_sums
    return solve(program, parameters, report, interrupt, start)
