"""What an engine answers: decisions, how good they are, how that is known, and why it stopped."""

from __future__ import annotations

from dataclasses import dataclass

from ciopt.certificate import Certificate
from ciopt.engines.matrix import StoppedBy
from ciopt.instance.choices import Choices


@dataclass(frozen=True)
class Stage:
    """One goal, given the earlier ones at their best.

    Parameters
    ----------
    goal
        One of `ciopt.instance.goals.stages_of`; ``option_ids`` breaks the last ties.
    objective, bound
        In 10^-12, larger is better (cost and penalties are negative); None while unknown.
    proven
        Whether nothing better exists.
    certificate
        What proves the bound of a goal that is not the plan's headline.
    """

    goal: str
    objective: int | None
    bound: int | None
    proven: bool
    certificate: Certificate | None = None


@dataclass(frozen=True)
class Solution:
    """The answer of an engine, in words and exact integers.

    Parameters
    ----------
    choices
        The best decisions found; None if there are none.
    stages
        What is known of each goal.
    infeasible
        Whether the solver showed that no plan exists.
    stopped_by
        None if the search ended by itself.
    solver
        Who vouches for the bounds: name and version.
    notes
        What happened on the way that a reader of the plan should know.
    certificate
        What proves a bound of the headline, the first goal of value and cost, from the instance alone.
    certified
        What it proves, in 10^-12, where the bound of the stage is a solver's word; None where it is the same.
    """

    choices: Choices | None
    stages: tuple[Stage, ...]
    infeasible: bool
    stopped_by: StoppedBy | None
    solver: str
    notes: tuple[str, ...] = ()
    certificate: Certificate | None = None
    certified: int | None = None
