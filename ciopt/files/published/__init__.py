"""Published problem sets of operations research as ordinary instances: to compare with what is known.

Every set can be said in the format, so that engines, verification and reports need to know nothing of it.
The files are other people's and are not part of ciopt.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from ciopt.errors import InvalidInput, Location, Problem, UsageError, did_you_mean
from ciopt.files.names import content, shown
from ciopt.files.published.assignment import gap, gqmkp, sscflp
from ciopt.files.published.items import kpf, mkp, pabulib, qkp, teams
from ciopt.files.published.records import Record
from ciopt.files.published.releases import nrp
from ciopt.instance import Instance, parse

KINDS: dict[str, Callable[[str], dict[str, Record]]] = {
    "gap": gap,
    "gqmkp": gqmkp,
    "kpf": kpf,
    "mkp": mkp,
    "nrp": nrp,
    "pabulib": pabulib,
    "qkp": qkp,
    "sscflp": sscflp,
    "teams": teams,
}
"""How to read each set: from a file's text to its problems by name (one, if the name is empty)."""


def read_published(kind: str, path: str | os.PathLike[str]) -> dict[str, Instance]:
    """Read a file of a published set.

    Parameters
    ----------
    kind
        One of `KINDS`.
    path
        The file.

    Returns
    -------
    dict
        Its problems by name; a file with one problem has it under the empty name.

    Raises
    ------
    UsageError
        If there is no such set or file.
    InvalidInput
        If the file is not of that set.

    Examples
    --------
    >>> read_published("qkp", "jeu_100_25_1.txt")[""].partners[0].budget  # doctest: +SKIP
    Decimal('669')
    """
    if kind not in KINDS:
        hint = did_you_mean(kind, KINDS) or "known: " + ", ".join(KINDS)
        raise UsageError(f"there is no published set {kind!r}; {hint}")
    file = Path(path)
    text = content(file, file.read_bytes).decode("latin-1")
    try:
        problems = KINDS[kind](text)
    except (ValueError, IndexError, StopIteration, KeyError) as error:
        message = f"this is not a file of the set {kind}: {error or type(error).__name__}"
        raise InvalidInput([Problem("E001", message, (), "", Location(shown(file)))]) from None
    return {name: parse(data) for name, data in problems.items()}
