"""What the large engine takes: said before anything is solved, and without loading what it runs on."""

from __future__ import annotations

import numpy as np

from ciopt.program.model import Program


def refuses(program: Program) -> str:
    """Say what of a program the large engine does not take; empty if it takes all."""
    if len(program.instance.agenda.goals) > 1:
        return "the agenda has several goals in order of priority"
    if program.ordered or program.floor is not None or program.estimates:
        return "the agenda asks for fairness or looks at risk"
    if program.own_columns:
        return "a study asks for more than rows over its options"
    goal = program.goals[0]
    largest = np.abs(goal.coefficient.astype(float)) @ program.upper[goal.column].astype(float)
    if goal.coefficient.dtype == object or largest >= 2.0**61:
        return "its numbers are too large for 64 bits"
    if not program.num_activities:
        return "there are no options"
    return ""
