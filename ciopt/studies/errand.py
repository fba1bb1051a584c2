"""An errand: a question of a study that is no plain solve, for a worker on this machine or on another.

It names a function of ciopt and brings plain arguments, pickled between processes of the same version; the
function gets them, and an event that says that nobody waits any longer.
"""

from __future__ import annotations

import importlib
import pickle
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import Any

from ciopt.errors import CioptError, UsageError
from ciopt.version import __version__


@dataclass(frozen=True)
class Errand:
    """What to call, and with what.

    Parameters
    ----------
    place
        ``module:function``, of ciopt.
    content
        The pickled arguments.
    stop
        Name of the event of a cluster that asks its workers to stop.
    """

    place: str
    content: bytes
    stop: str | None = None
    version: str = __version__

    @classmethod
    def of(cls, call: Callable[..., Any], arguments: tuple[Any, ...]) -> Errand:
        """Make an errand of a function at the top of a module of ciopt, which gets the event last."""
        return cls(f"{call.__module__}:{call.__qualname__}", pickle.dumps(arguments))


def run_errand(errand: Errand, stop: Event) -> bytes:
    """Do an errand, in whatever process; return its pickled answer, or the pickled `CioptError`."""
    if errand.version != __version__:
        text = f"a worker runs ciopt {__version__}, but this is ciopt {errand.version}"
        return pickle.dumps(UsageError(text))
    module, _, name = errand.place.partition(":")
    call = getattr(importlib.import_module(module), name)
    try:
        return pickle.dumps(call(*pickle.loads(errand.content), stop))
    except CioptError as error:
        return pickle.dumps(error)


def answer_of(content: bytes) -> Any:
    """Return what `run_errand` answered.

    Raises
    ------
    CioptError
        If the function raised it.
    """
    found = pickle.loads(content)
    if isinstance(found, CioptError):
        raise found
    return found
