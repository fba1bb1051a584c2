"""Checks of sense: what pydantic's types cannot say. Each module yields `Problem` records.

References are checked first, because the other checks follow them.
"""

from __future__ import annotations

from ciopt.errors import Problem
from ciopt.instance.checks import agenda, doubts, fairness, ids, links, meaning, measurements, numbers
from ciopt.instance.model import Instance


def check(instance: Instance) -> list[Problem]:
    """Return every error of an instance whose shape is right.

    Meaning is looked at only where all ids lead somewhere.
    """
    problems = [
        *ids.check(instance),
        *links.check(instance),
        *numbers.check(instance),
        *agenda.check(instance),
        *fairness.check(instance),
    ]
    if not any(problem.is_error for problem in problems):
        problems += meaning.check(instance)
    if not any(problem.is_error for problem in problems):
        problems += measurements.check(instance)
    return [problem for problem in problems if problem.is_error]


def warnings(instance: Instance) -> list[Problem]:
    """Return the doubts about an instance that has no errors, with codes ``W…``.

    Examples
    --------
    >>> [problem.code for problem in warnings(instance)]  # doctest: +SKIP
    ['W202']
    """
    return [problem for problem in ids.check(instance) if not problem.is_error] + list(doubts.check(instance))
