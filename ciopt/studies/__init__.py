"""Many solves: what differs between plans, scenarios beside each other, sweeps, and where solves run."""

from __future__ import annotations

from ciopt.studies.alternatives import Alternatives, alternatives
from ciopt.studies.case import Case
from ciopt.studies.comparison import Comparison, compare, compare_plans
from ciopt.studies.difference import Difference, MoneyMove, Move, difference
from ciopt.studies.pool import Pool, Step
from ciopt.studies.repairing import Infeasibility, why_infeasible
from ciopt.studies.replanning import Replanning, replan
from ciopt.studies.sweep import Point, Sweep, sweep
from ciopt.studies.task import Answer, Task
from ciopt.studies.what_if import Axis, WhatIf, named, set_all, set_each
from ciopt.studies.why.explain import explain
from ciopt.studies.why.importance import importance
from ciopt.studies.why.records import Explanation, Importance, WhyNot
from ciopt.studies.why.why_not import why_not

__all__ = [
    "Alternatives",
    "Answer",
    "Axis",
    "Case",
    "Comparison",
    "Difference",
    "Explanation",
    "Importance",
    "Infeasibility",
    "MoneyMove",
    "Move",
    "Point",
    "Pool",
    "Replanning",
    "Step",
    "Sweep",
    "Task",
    "WhatIf",
    "WhyNot",
    "alternatives",
    "compare",
    "compare_plans",
    "difference",
    "explain",
    "importance",
    "named",
    "replan",
    "set_all",
    "set_each",
    "sweep",
    "why_infeasible",
    "why_not",
]
