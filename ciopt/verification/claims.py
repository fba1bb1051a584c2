"""Everything that a plan says besides its decisions: recomputed from them, and compared to the last digit."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ciopt.errors import Problem
from ciopt.instance import Lookup
from ciopt.instance.choices import Choices
from ciopt.instance.goals import HEADLINES, goal_values, goals_of, rounded, sign_of, stages_of
from ciopt.instance.value import Outcome
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.plan.records import Plan
from ciopt.verification.proof import check_solver

TABLES: dict[str, Callable[[Any], Any]] = {
    "assignments": lambda record: record.option.id,
    "payments": lambda record: (record.fund, record.assignment, record.period),
    "synergies": lambda record: (record.id, record.at),
    "backbones": lambda record: record.partner,
    "indicators": lambda record: record.id,
    "targets": lambda record: record.number,
    "fairness": lambda record: record.id,
    "partners": lambda record: record.id,
    "funds": lambda record: record.id,
}
"""The tables of a plan, and what identifies a record."""

_PROOF = ("bound", "gap", "certificate", "certified")
NOT_WITHOUT_A_PLAN = ("objective", "value", "counted", "cost", "reserve", *_PROOF, "goals", *TABLES)
"""What only a plan that exists can have."""


def check_claims(plan: Plan, computed: Plan) -> Iterator[Problem]:
    """Compare all tables and totals with the ones recomputed from the plan's decisions."""
    for name in ("value", "cost", "objective", "counted", "reserve"):
        claimed, right = getattr(plan, name), getattr(computed, name)
        if claimed != right:
            yield Problem("E531", f"{name} is {claimed}; the decisions give {right}", (name,))
    for table, key in TABLES.items():
        claimed, right = getattr(plan, table), getattr(computed, table)
        if claimed is not right:  # a plan that was just made has the very records
            yield from _check_table(table, claimed, right, key)


def _check_table(
    table: str, claimed: tuple[Any, ...], right: tuple[Any, ...], key: Callable[[Any], Any]
) -> Iterator[Problem]:
    expected = {key(record): record for record in right}
    seen = set()
    for number, record in enumerate(claimed):
        path, name = (table, number), key(record)
        if name in seen:
            yield Problem("E532", f"{_show(name)} is listed twice", path)
        elif name not in expected:
            yield Problem("E533", f"{_show(name)} does not follow from the decisions", path)
        else:
            for field in type(record).model_fields:
                says, gives = getattr(record, field), getattr(expected[name], field)
                if says != gives:
                    text = f"{_show(name)}: {field} is {_show(says)}; the decisions give {_show(gives)}"
                    yield Problem("E531", text, (*path, field))
        seen.add(name)
    for name in expected:
        if name not in seen:
            yield Problem("E534", f"{_show(name)} follows from the decisions and is not listed", (table,))


def _show(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {part}" for key, part in value.items()) + "}"
    return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def relative_gap(objective: Decimal, bound: Decimal) -> Decimal:
    """|bound - objective| / max(|objective|, 10^-6), rounded up to 10^-9.

    Examples
    --------
    >>> relative_gap(Decimal(100), Decimal(101))
    Decimal('0.010000000')
    """
    gap = abs(Fraction(bound) - Fraction(objective)) / max(abs(Fraction(objective)), Fraction(1, 10**6))
    return decimal(-(-gap.numerator * 10**9 // gap.denominator), 9)


def check_goals(lookup: Lookup, choices: Choices, found: Outcome, plan: Plan) -> Iterator[Problem]:
    """Goals in the agenda's order, each at what the decisions give, and bounds that allow it."""
    worth = goal_values(lookup, choices, found)
    order = [*stages_of(lookup), "option_ids"]
    if [stage.goal for stage in plan.goals] != order[: len(plan.goals)]:
        text = f"the goals are {', '.join(order)}, in this order"
        yield Problem("E541", text, ("goals",))
        return
    for number, stage in enumerate(plan.goals):
        path = ("goals", number)
        is_tie = number >= len(goals_of(lookup))
        if is_tie and not all(earlier.proven for earlier in plan.goals[:number]):
            yield Problem("E542", f"{stage.goal} follows a goal that is not proven", path)
        if stage.goal == "option_ids":
            if stage.objective is not None or stage.bound is not None:
                yield Problem("E541", "option_ids has no amounts", path)
            continue
        sign = sign_of(stage.goal)
        right = decimal(sign * rounded(worth[stage.goal]), VALUE_DIGITS)
        if stage.objective != right:
            text = f"{stage.goal} is {stage.objective}; the decisions give {right}"
            yield Problem("E541", text, (*path, "objective"))
        elif stage.bound is not None and sign * stage.bound < sign * right:
            text = f"the bound {stage.bound} is worse than the plan's {stage.goal} {right}"
            yield Problem("E542", text, (*path, "bound"))
        if stage.proven and stage.bound != right:
            yield Problem("E542", f"{stage.goal} is called proven, and its bound is {stage.bound}", path)


def check_status(lookup: Lookup, plan: Plan) -> Iterator[Problem]:
    """The words about the proof say no more than the goals do."""
    agenda = goals_of(lookup)
    headline = next((stage for stage in plan.goals if stage.goal in HEADLINES and stage.goal in agenda), None)
    bound = headline.bound if headline else None
    if plan.bound != bound:
        yield Problem("E543", f"the bound is {plan.bound}; the goals say {bound}", ("bound",))
    gap = None if bound is None or plan.objective is None else relative_gap(plan.objective, bound)
    if plan.gap != gap:
        yield Problem("E543", f"the gap is {plan.gap}; objective and bound give {gap}", ("gap",))
    proven = len(plan.goals) >= len(agenda) and all(stage.proven for stage in plan.goals[: len(agenda)])
    if proven != (plan.status == "optimal"):
        text = "every goal is proven" if proven else "not every goal is proven"
        yield Problem("E544", f"the status is {plan.status}, and {text}", ("status",))
    if plan.status == "optimal" and plan.stopped_by is not None:
        yield Problem("E544", f"optimal is never said of a run stopped by {plan.stopped_by}", ("stopped_by",))
    if (plan.bound is None) != (plan.proof is None):
        yield Problem("E545", "a bound has a proof, and a proof a bound", ("proof",))
    if plan.reasons:
        yield Problem("E551", f"a plan that is {plan.status} needs no reasons", ("reasons",))


def check_no_plan(plan: Plan) -> Iterator[Problem]:
    """A document without a plan claims nothing of one; that none exists is a solver's word."""
    for name in NOT_WITHOUT_A_PLAN:
        said = getattr(plan, name)
        if said is not None and said != ():
            yield Problem("E551", f"a plan that is {plan.status} has no {name}", (name,))
    if plan.status == "infeasible":
        if plan.stopped_by is not None:
            text = f"infeasible is never said of a run stopped by {plan.stopped_by}"
            yield Problem("E544", text, ("stopped_by",))
        if plan.proof is None:
            yield Problem("E545", "nobody is named who says that there is no plan", ("proof",))
        yield from check_solver(plan)
    else:
        for name in ("proof", "reasons"):
            if getattr(plan, name) not in (None, ()):
                yield Problem("E551", f"{plan.status} proves nothing: it has no {name}", (name,))
