"""The elastic program: every requirement may give way, by an amount that is measured in its own unit.

A requirement r has a switch y_r (1: it is touched) and, where it is an amount, a slack s_r in its grain g_r:

    Σ a x <= b            becomes   Σ a x - g_r s_r <= b,        s_r <= S_r y_r
    Σ a x >= b                      Σ a x + g_r s_r >= b
    a rule, a commitment            its rows hold unless y_r = 1
    must_not                        Σ x_j <= M y_r over what matches
    money kept for overruns         gives way wholly with y_r = 1, and by the slacks of what limits it
    money by period                 a row over several periods has the slacks of them all

With all y_r = 0 it is the program itself. Nothing is maximised in it: whoever asks says what the touched
ones cost. Only requirements that some plan could break have columns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from ciopt.instance import Instance
from ciopt.instance.agenda import Agenda
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.fairness import OWN_MONEY
from ciopt.instance.requirements import RATIOS, Requirement, requirements_of
from ciopt.instance.rules import AtLeastRule, MustNotRule
from ciopt.program.claims import claims_of
from ciopt.program.compile import compile_program
from ciopt.program.model import Program
from ciopt.program.risk import OVERRUN
from ciopt.program.slacks import Builder, Slack


@dataclass(frozen=True)
class Elastic:
    """A program in which requirements may give way, and how each does."""

    program: Program
    slacks: tuple[Slack, ...]


def neutral(instance: Instance) -> Instance:
    """Return an instance with the same plans and nothing to prefer among them.

    A partner without a budget gets one of nothing, so that it can be given some.
    """
    agenda = instance.agenda
    targets = tuple(each.model_copy(update={"penalty": Decimal(0)}) for each in agenda.targets)
    is_due = agenda.fairness is not None and agenda.fairness.how == "floor" and "fairness" not in agenda.goals
    fairness = agenda.fairness if is_due else None  # what everybody is due may be counted in value
    risk = None if agenda.risk is None else agenda.risk.model_copy(update={"gamma": None})
    kept = None if risk is None or risk.cost_gamma is None else risk
    return instance.model_copy(
        update={
            "indicators": instance.indicators
            if is_due
            else tuple(
                each.model_copy(update={"weight": Decimal(0), "saturates_at": None})
                for each in instance.indicators
            ),
            "partners": tuple(
                each if each.budget is not None else each.model_copy(update={"budget": Decimal(0)})
                for each in instance.partners
            ),
            "agenda": Agenda(targets=targets, max_cost=agenda.max_cost, fairness=fairness, risk=kept),
        }
    )


def elastic(instance: Instance) -> Elastic:
    """Build the elastic program of an instance."""
    nothing = AtLeastRule(at_least=0, of=())
    rules = tuple(nothing if isinstance(each, MustNotRule) else each for each in instance.rules)
    program = _lifted(compile_program(neutral(instance.model_copy(update={"rules": rules}))))
    requirements = tuple(each for each in requirements_of(instance) if _may_move(each, instance))
    claims = claims_of(program.rows.labels, requirements, instance.periods)
    builder = Builder(program, requirements, claims)
    for number, requirement in enumerate(requirements):
        if requirement.kind == "must_not":
            builder.forbid(number, instance)
        elif requirement.kind == "reserve":
            builder.lift_reserve(number)
        elif requirement.is_dropped or requirement.kind in RATIOS:
            builder.drop(number)
    builder.amounts()
    return Elastic(_overruns_bind(builder.side.narrowed()), tuple(builder.slacks))


def _overruns_bind(program: Program) -> Program:
    """Overruns of costs are no measure here: with the slacks they decide whether the money suffices."""
    measures = program.measures.copy()
    measures[[each.column for each in program.ordered if each.name == OVERRUN]] = False
    return replace(program, measures=measures)


def _may_move(requirement: Requirement, instance: Instance) -> bool:
    """Own budgets stay where what is due is counted per budget: what would be due would move with them."""
    fairness = instance.agenda.fairness
    per_budget = fairness is not None and (fairness.over, fairness.per) == ("partners", OWN_MONEY)
    return not (per_budget and requirement.key.startswith(OWN_BUDGET))


def _lifted(program: Program) -> Program:
    """Let payments be as large as bills are, however little a fund has."""
    upper, rows = program.upper.copy(), program.rows
    number = {label: row for row, label in enumerate(rows.labels)}
    for of_class, period, _, column in program.payers.pooled.tolist():
        row = number.get(f"payment of class {of_class} in period {period}")
        if row is not None:
            span = slice(rows.terms.start[row], rows.terms.start[row + 1])
            columns, values = rows.terms.index[span], rows.value[span]
            bill = int((np.maximum(values, 0) * upper[columns]).sum())
            upper[column] = max(int(upper[column]), bill // abs(int(values[columns == column][0])))
    return replace(program, upper=upper)
