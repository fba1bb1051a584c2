"""What the large engine takes: said before anything is solved, and without loading what it runs on."""

from __future__ import annotations

import numpy as np

from ciopt.certificate import not_covered
from ciopt.instance.fairness import saturates
from ciopt.instance.goals import FAIRNESS, HEADLINES
from ciopt.program.model import Program


def decides_by_least(program: Program) -> bool:
    """Whether fairness or risk ask for more than sums."""
    return bool(program.ordered or program.estimates) or program.floor is not None


def refuses(program: Program) -> str:
    """Say what of a program the large engine does not take; empty if it takes all."""
    if unlike := _agenda(program):
        return unlike
    if program.own_columns:
        return "a study asks for more than rows over its options"
    goal = next(goal for goal in program.goals if goal.name in HEADLINES)
    largest = np.abs(goal.coefficient.astype(float)) @ program.upper[goal.column].astype(float)
    if goal.coefficient.dtype == object or largest >= 2.0**61:
        return "its numbers are too large for 64 bits"
    if not program.num_activities:
        return "there are no options"
    return ""


def _agenda(program: Program) -> str:
    """What of the agenda prices do not take: several goals, but for the least before value or cost."""
    lookup, agenda = program.lookup, program.instance.agenda
    if len(agenda.goals) > 1 and not (len(agenda.goals) == 2 and agenda.goals[0] == FAIRNESS):
        return "the agenda has several goals in order of priority"
    if agenda.risk is not None and agenda.risk.cost_gamma is not None:
        return "money is kept for overruns of costs"
    if lacks := not_covered(lookup):
        return f"certificates do not speak of {lacks}"
    indicators = lookup.instance.indicators
    if agenda.fairness is not None and any(saturates(lookup, each) for each in indicators):
        return "fairness looks at values that saturate at places"
    return ""
