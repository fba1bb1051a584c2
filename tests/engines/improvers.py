"""An improver with its first plan, as the large engine begins it."""

from __future__ import annotations

from ciopt.engines.large.improver import Improver
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.structure import structure_of
from ciopt.instance import Instance
from ciopt.program import compile_program


def improver_of(instance: Instance, steps: int = 40) -> Improver:
    """Search for prices for some steps and make a plan of what they lead to."""
    program = compile_program(instance)
    relaxation = Relaxation(structure_of(program, program.goals[0]))
    search = PriceSearch(relaxation)
    search.run(lambda: True, steps)
    improver = Improver(relaxation, program.goals[0], search.best, search.relaxed, 1)
    improver.start_from(improver.relaxed)
    return improver
