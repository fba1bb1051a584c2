"""Everything that can go wrong, in one tree.

A message states the value, the rule and the remedy. Problems with the user's data are collected as
`Problem` records and raised together, so that one run of ``ciopt check`` shows them all.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, replace

Path = tuple[str | int, ...]
"""Where in an instance: ``("partners", 2, "budget")``."""


@dataclass(frozen=True)
class Location:
    """Where in a file: ``line`` and ``column`` count from 1; ``cell`` is used by workbooks instead."""

    file: str
    line: int | None = None
    column: int | None = None
    cell: str | None = None

    def __str__(self) -> str:
        if self.cell is not None:
            return f"{self.file}:{self.cell}"
        parts = [self.file, self.line, self.column]
        return ":".join(str(part) for part in parts if part is not None)


@dataclass(frozen=True)
class Problem:
    """One thing that is wrong (or doubtful) in the user's data.

    Parameters
    ----------
    code
        Stable identifier, ``"E203"`` or ``"W101"``; the first letter is the severity.
    message
        The value and the rule it breaks, in one sentence.
    path
        Where in the instance.
    help
        The remedy, in one sentence; empty if the message already says it.
    location, excerpt
        Where in the file, and the text that stands there; filled in by the reader of the file.
    """

    code: str
    message: str
    path: Path = ()
    help: str = ""
    location: Location | None = None
    excerpt: str = ""

    @property
    def is_error(self) -> bool:
        """Whether the instance cannot be used (as opposed to a warning)."""
        return self.code.startswith("E")

    def at(self, location: Location, excerpt: str = "") -> Problem:
        """Return the same problem with its place in a file."""
        return replace(self, location=location, excerpt=excerpt)


class CioptError(Exception):
    """Base of every error that ciopt raises on purpose; ``exit_code`` is what the command line returns."""

    exit_code = 1


class UsageError(CioptError):
    """The call itself is wrong: an unknown scenario, an engine that does not exist, a missing file."""

    exit_code = 2


class InvalidInput(CioptError):
    """The user's data break the format; ``problems`` has every one of them."""

    exit_code = 3

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.code} {format_path(p.path)}: {p.message}" for p in self.problems))

    def __reduce__(self) -> tuple[type[InvalidInput], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


class SolverFailed(CioptError):
    """A solver is missing, crashed, or gave an answer that its own model refutes."""

    exit_code = 7


class VerificationFailed(CioptError):
    """A plan or its claims do not follow from the instance."""

    exit_code = 8

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(f"{p.code} {format_path(p.path)}: {p.message}" for p in self.problems))

    def __reduce__(self) -> tuple[type[VerificationFailed], tuple[tuple[Problem, ...]]]:
        return type(self), (self.problems,)


def format_path(path: Path) -> str:
    """Write a path as planners read it: ``partners[2].budget``."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else (f".{part}" if text else part)
    return text or "(top level)"


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Suggest the nearest known names: ``did you mean 'training'?``; empty if none is near.

    Examples
    --------
    >>> did_you_mean("trainin", ["road", "training"])
    "did you mean 'training'?"
    """
    near = difflib.get_close_matches(name[:80], [k for k in known if len(k) <= 80], n=3, cutoff=0.6)
    if not near:
        return ""
    return "did you mean " + " or ".join(repr(match) for match in near) + "?"
