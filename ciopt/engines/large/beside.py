"""A certificate beside a solver's word: prices that prove nearly as much, and that anyone can check."""

from __future__ import annotations

from dataclasses import replace

from ciopt.certificate import certified_bound
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.proof import certificate_of
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.structure import structure_of
from ciopt.engines.solution import Solution
from ciopt.program.model import Program

STEPS = 400
"""Steps of prices at most."""
_PICO = 10**12


def with_certificate(program: Program, solution: Solution, gap: float) -> Solution:
    """Add a certificate to a solver's solution if what it proves is within the gap.

    If that is even more than the solver proved, it takes the place of the solver's word.

    Parameters
    ----------
    program
        With one goal, as the large engine takes it.
    solution
        With a plan.
    gap
        Relative, between 0 and 1.
    """
    stage = solution.stages[0]
    assert stage.objective is not None
    search = PriceSearch(Relaxation(structure_of(program, program.goals[0])))
    search.run(lambda: True, STEPS)
    certificate = certificate_of(search.relaxation, search.best, search.relaxed)
    proven = certified_bound(program.lookup, certificate)
    if proven is None:
        return solution
    bound = int(proven * _PICO // 1)
    if bound - stage.objective > gap * max(abs(stage.objective), _PICO // 10**6):
        return solution
    if stage.bound is None or bound < stage.bound:
        better = replace(stage, bound=bound)
        return replace(solution, stages=(better, *solution.stages[1:]), certificate=certificate)
    return replace(solution, certificate=certificate, certified=bound)
