"""Planned anew under a change: what an answer to why costs is the difference of two bests, each an interval.

With worth L and bound U of the best plan as it is, L' and U' of the best plan under the change,

    L - U' <= loss <= U - L'

and not below 0 where the change only takes plans away: then no plan under it is better than the best as it
is, and one that is found under it is a plan of the instance as it is, too (L' raises L).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from ciopt.errors import InvalidInput, Problem, SolverFailed
from ciopt.instance import Instance, Option
from ciopt.instance.rules import Filter, Scenario
from ciopt.instance.scenarios import apply_scenario
from ciopt.plan import Plan
from ciopt.plan.records import GoalResult
from ciopt.settings import Settings
from ciopt.studies.case import Case, case_of, failed_case
from ciopt.studies.pool import Pool
from ciopt.studies.standing import gain, interval, standing
from ciopt.studies.task import Task
from ciopt.studies.what_if import WhatIf
from ciopt.studies.why.ground import Ground
from ciopt.studies.why.records import Loss

BASE = "as it is"
_ZERO = Decimal(0)


@dataclass(frozen=True)
class Change:
    """A change of the instance, by which a question is asked.

    Parameters
    ----------
    key
        What it is about.
    scenario
        The change: written into the file by hand, it gives the same answer.
    restricts
        Whether every plan under it is a plan of the instance as it is, and worth there at least as much.
    impossible
        Why no plan can be under it, where that is known without solving.
    """

    key: str
    scenario: Scenario
    restricts: bool
    title: str = ""
    impossible: str = ""


class Anew(NamedTuple):
    """What comes of a change; the plan is None if there is none."""

    case: Case
    loss: Loss | None
    plan: Plan | None


@dataclass
class Answers:
    """The best as it is, and under each change; what an interrupt left out is missing."""

    base: Case
    found: dict[str, Anew] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def forbid(instance: Instance, option: Option) -> Scenario:
    """Change the instance so that an option must not be chosen."""
    return _rule(instance, "must_not", Filter(**option._asdict()))


def demand(instance: Instance, said: Filter) -> Scenario:
    """Change the instance so that some option that a filter means must be chosen."""
    return _rule(instance, "must", said)


def _rule(instance: Instance, key: str, said: Filter) -> Scenario:
    rule = {key: {name: value for name, value in said if value is not None}}
    return Scenario(add={"rules": [rule]}) if instance.rules else Scenario(set={"rules": [rule]})


def solve_anew(ground: Ground, changes: Sequence[Change], settings: Settings, pool: Pool) -> Answers:
    """Solve the instance under each change, starting from the plan.

    A plan that brings no bound with it is solved as it is, too: without a bound nothing can be said.
    """
    changed: dict[str, Instance] = {}
    refused: dict[str, Anew] = {}
    for each in changes:
        if each.impossible:
            case = Case(key=each.key, title=each.title, status="infeasible", reasons=(each.impossible,))
            refused[each.key] = Anew(case, None, None)
            continue
        try:
            changed[each.key] = apply_scenario(ground.instance, each.scenario).instance
        except InvalidInput as error:
            text = SolverFailed("; ".join(map(_said, error.problems)))
            words = WhatIf(each.key, each.scenario).changes(ground.instance)
            refused[each.key] = Anew(failed_case(each.key, text, title=each.title, changes=words), None, None)
    tasks = [
        Task(each.key, ground.instance, settings, each.scenario, ground.plan)
        for each in changes
        if each.key in changed
    ]
    own = case_of(BASE, ground.plan, ground.instance)
    alone = own.bound is None or len(own.goals) < len(ground.instance.agenda.goals)
    if alone:
        tasks.insert(0, Task(BASE, ground.instance, settings, start=ground.plan))
    given = pool.solve(tasks)
    answers = Answers(own, dict(refused), list(pool.notes))
    if alone and BASE in given and (solved := given[BASE].plan) is not None and solved.has_plan:
        answers.base = case_of(BASE, solved, ground.instance)
        answers.notes.append("the plan brings no bound with it: the best plan was looked for anew")
    for each in changes:
        if each.key in given:
            answer, words = given[each.key], WhatIf(each.key, each.scenario).changes(ground.instance)
            if answer.plan is None:
                case = failed_case(each.key, answer.error or SolverFailed("no answer"), changes=words)
            else:
                case = case_of(
                    each.key,
                    answer.plan,
                    changed[each.key],
                    title=each.title,
                    changes=words,
                    base=ground.plan,
                )
            answers.found[each.key] = Anew(case, None, answer.plan)
    return _with_losses(answers, changes)


def _said(problem: Problem) -> str:
    """What is wrong with a changed instance, without saying that it was changed."""
    return problem.message.removeprefix("with the scenario applied, ")


def lost(base: Case, other: Case, *, restricts: bool) -> Loss | None:
    """Return the least and most that the best loses; None without a plan, or if goals do not compare."""
    found = gain(base, other)
    if found is None:
        return None
    least, most = (None if end is None else -end for end in reversed(found))
    if restricts:
        least = max(_ZERO, least or _ZERO)
    return least, most


def _with_losses(answers: Answers, changes: Sequence[Change]) -> Answers:
    """Set every case against the best as it is, after raising that by what was found under restrictions."""
    restricting = {each.key for each in changes if each.restricts}
    found = [each.case for key, each in answers.found.items() if key in restricting and each.case.goals]
    raised = answers.base
    for case in found:
        if raised.goals and _is_better(case.goals[0], raised.goals[0]):
            goals = (
                raised.goals[0].model_copy(update={"objective": case.goals[0].objective, "proven": False}),
            )
            rest = (GoalResult(goal=each.goal) for each in raised.goals[1:])
            raised = raised.model_copy(update={"goals": (*goals, *rest)})
    if raised is not answers.base:
        answers.notes.append("a better plan than this one was found on the way: solve again from it")
        raised = _without_false_bound(raised, answers)
    for key, each in answers.found.items():
        loss = lost(raised, each.case, restricts=key in restricting)
        gained = None if loss is None else tuple(None if end is None else -end for end in reversed(loss))
        case = each.case.model_copy(update={"standing": standing(raised, each.case), "gain": gained})
        answers.found[key] = Anew(case, loss, each.plan)
    return answers


def _is_better(one: GoalResult, other: GoalResult) -> bool:
    mine, theirs = interval(one, exactly=True), interval(other, exactly=True)
    return mine is not None and (theirs is None or mine[0] > theirs[0])


def _without_false_bound(raised: Case, answers: Answers) -> Case:
    """A plan may claim a bound that a better plan refutes: then nothing is known from above."""
    first = raised.goals[0]
    known = interval(first)
    claimed_best = bool(answers.base.goals) and answers.base.goals[0].proven
    if known is None or not (claimed_best or (known[1] is not None and known[0] > known[1])):
        return raised
    answers.notes.append("the plan claims that nothing so good exists: its claim is wrong, and not used")
    return raised.model_copy(update={"goals": (first.model_copy(update={"bound": None}), *raised.goals[1:])})
