"""Words: the instance of a coalition, checked, with what its numbers mean.

>>> from ciopt.instance import parse  # doctest: +SKIP
"""

from __future__ import annotations

from ciopt.errors import Problem
from ciopt.instance.checks import check
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.model import Instance
from ciopt.instance.parse import parse

__all__ = ["Instance", "Lookup", "Option", "parse", "warnings"]


def warnings(instance: Instance) -> list[Problem]:
    """Return the doubts about a valid instance, with codes ``W…``."""
    return [problem for problem in check(instance) if not problem.is_error]
