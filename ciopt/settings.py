"""How to solve, and the news on the way."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Settings:
    """How to solve: kept in the plan's ``run``, so that it can be made again.

    Parameters
    ----------
    engine
        ``auto`` (chosen by size, and said), ``large`` (prices, with a certificate), ``exact`` (the solver
        chosen by size), ``highs``, ``scip``, ``cpsat``, or ``pulp:NAME`` for a solver that PuLP finds.
    time_limit
        Seconds for the whole solve; None for no limit.
    gap
        Relative gap that is good enough; 0 asks for the proven optimum.
    threads
        Solver threads; None for one a core.
    seed
        Random seed of the solver.
    iterations
        Rounds of exchanges after which the large engine ends; with them, the same seed gives the same plan on
        any machine, whatever its speed (no solver is asked for pieces, since it would look at the clock).
    memory_limit
        Bytes that a solver process may use; None for what the machine has.
    """

    engine: str = "auto"
    time_limit: float | None = None
    gap: float = 0.0
    threads: int | None = None
    seed: int = 0
    iterations: int | None = None
    memory_limit: int | None = None


@dataclass(frozen=True)
class Progress:
    """News from a running solve.

    Parameters
    ----------
    seconds
        Since the solve began.
    goal
        The stage: ``targets``, ``value``, ``cost``; ``total_cost`` and ``option_ids`` are ties.
    objective, bound
        Of that goal, in its units; None while unknown. The objective is the solver's until re-checked.
    gap
        Relative; None while unknown.
    message
        A word on what happens; may be empty.
    """

    seconds: float
    goal: str
    objective: Decimal | None = None
    bound: Decimal | None = None
    gap: Decimal | None = None
    message: str = ""
