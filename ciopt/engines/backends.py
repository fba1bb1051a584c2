"""The solver back-ends there are: their modules, what they can do, and whether they are installed."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, replace

from ciopt.errors import UsageError, did_you_mean

PULP = "pulp:"


@dataclass(frozen=True)
class Backend:
    """One way to solve a matrix.

    Parameters
    ----------
    name
        What users call it.
    module, argument
        The module whose ``solve`` runs in the worker, and what it is told besides.
    library
        The package that must be installed.
    is_exact
        Whether it computes in integers; the word of others on infeasibility is confirmed by one that does.
    """

    name: str
    module: str
    library: str
    argument: str = ""
    is_exact: bool = False

    @property
    def is_installed(self) -> bool:
        """Whether its package is there (nothing is imported)."""
        return importlib.util.find_spec(self.library) is not None


HIGHS = Backend("highs", "ciopt.engines.highs", "ortools")
SCIP = Backend("scip", "ciopt.engines.scip", "ortools")
CPSAT = Backend("cpsat", "ciopt.engines.cpsat", "ortools", is_exact=True)
ANY_PULP = Backend(PULP, "ciopt.engines.pulp_any", "pulp")
BACKENDS = (HIGHS, SCIP, CPSAT)


def find_backend(name: str) -> Backend:
    """Return the back-end with a name: ``highs``, ``scip``, ``cpsat`` or ``pulp:SOLVER``.

    Raises
    ------
    UsageError
        If there is none.
    """
    if name.startswith(PULP) and len(name) > len(PULP):
        return replace(ANY_PULP, name=name, argument=name.removeprefix(PULP))
    for backend in BACKENDS:
        if backend.name == name:
            return backend
    known = ["auto", "exact", *(backend.name for backend in BACKENDS), "pulp:NAME"]
    hint = did_you_mean(name, known) or "known: " + ", ".join(known)
    raise UsageError(f"there is no engine {name!r}; {hint}")
