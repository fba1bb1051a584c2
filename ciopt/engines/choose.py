"""Which engine solves a program: what the user said, or what measured best for its size."""

from __future__ import annotations

from dataclasses import dataclass

from ciopt.engines.backends import Backend, find_backend
from ciopt.program.model import Program
from ciopt.settings import Settings

MAX_CPSAT_COLUMNS = 400
"""Up to so many columns CP-SAT, which computes in integers, proves about as fast as HiGHS."""


@dataclass(frozen=True)
class Engine:
    """A back-end, its name for the plan, and why it was chosen."""

    name: str
    backend: Backend
    notes: tuple[str, ...] = ()


def choose(program: Program, settings: Settings) -> Engine:
    """Return the engine that the settings ask for.

    Raises
    ------
    UsageError
        If there is no such engine.
    """
    if settings.engine not in ("auto", "exact"):
        return Engine(settings.engine, find_backend(settings.engine))
    columns = program.num_columns
    backend = find_backend("cpsat" if columns <= MAX_CPSAT_COLUMNS else "highs")
    note = f"{backend.name} was chosen for {columns:,} columns and {len(program.options):,} options"
    return Engine("exact", backend, (note,))
