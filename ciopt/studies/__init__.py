"""Many solves: what differs between plans, scenarios beside each other, sweeps, and where solves run."""

from __future__ import annotations

from ciopt.studies.alternatives import Alternatives, alternatives
from ciopt.studies.case import Case
from ciopt.studies.comparison import Comparison, compare, compare_plans
from ciopt.studies.difference import Difference, MoneyMove, Move, difference
from ciopt.studies.pool import Pool, Step
from ciopt.studies.replanning import Replanning, replan
from ciopt.studies.sweep import Point, Sweep, sweep
from ciopt.studies.task import Answer, Task
from ciopt.studies.what_if import Axis, WhatIf, named, set_all, set_each

__all__ = [
    "Alternatives",
    "Answer",
    "Axis",
    "Case",
    "Comparison",
    "Difference",
    "MoneyMove",
    "Move",
    "Point",
    "Pool",
    "Replanning",
    "Step",
    "Sweep",
    "Task",
    "WhatIf",
    "alternatives",
    "compare",
    "compare_plans",
    "difference",
    "named",
    "replan",
    "set_all",
    "set_each",
    "sweep",
]
