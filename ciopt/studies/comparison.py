"""Scenarios, or given plans, beside each other: what each achieves, costs and changes."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any, Literal, NamedTuple

from ciopt.errors import SolverFailed, UsageError, VerificationFailed
from ciopt.instance import Instance
from ciopt.instance.base import Flag, Words
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.records import InstanceStamp
from ciopt.planner import stamp
from ciopt.settings import Settings
from ciopt.studies.case import Asked, Case, asked, case_of, failed_case
from ciopt.studies.pool import Pool
from ciopt.studies.standing import ranked
from ciopt.studies.task import Answer, Task
from ciopt.studies.what_if import WhatIf
from ciopt.verification import verify

BASE = "base"

MANY, ROUNDS = 8, 10
"""From so many scenarios on the plan they start from is worth some more rounds of the large engine."""


_UNUSED: dict[str, Any] = dict.fromkeys(
    ("places", "interventions", "capabilities", "options", "synergies", "overlaps", "rules", "baseline"), ()
)
"""Tables that no case says anything of: many changed instances without them take little memory."""


class Frame(NamedTuple):
    """What a case says besides its plan: title, changes, and the changed instance's names and measures."""

    title: str
    changes: tuple[str, ...]
    instance: Instance


class Comparison(Words):
    """Cases beside each other; the first is what the others are compared with."""

    kind: Literal["comparison"] = "comparison"
    instance: InstanceStamp = InstanceStamp()
    goals: tuple[str, ...] = ()
    """Of the instance's agenda, in order."""
    asked: Asked | None = None
    """How the cases were solved; None for given plans."""
    complete: Flag = True
    """Whether nothing was interrupted: otherwise the cases are those that were finished."""
    cases: tuple[Case, ...] = ()
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def compare(
    instance: Instance,
    what_ifs: Sequence[WhatIf],
    settings: Settings | None = None,
    *,
    pool: Pool | None = None,
) -> Comparison:
    """Solve an instance as it is and under scenarios, and put the plans beside each other.

    The instance as it is comes first. Every other solve starts from its plan, whatever is solved beside it:
    what comes out depends neither on the number of workers nor on what else is compared.

    Parameters
    ----------
    what_ifs
        From `named` or `set_all`.
    pool
        Where to solve, left open; this process if None.

    Raises
    ------
    UsageError, InvalidInput
        If a scenario makes no sense.

    Examples
    --------
    >>> result = compare(instance, named(instance, ["mars-doubles"]))  # doctest: +SKIP
    >>> result.cases[1].standing, result.cases[1].gain  # doctest: +SKIP
    ('better', (Decimal('512.3'), Decimal('512.3')))
    """
    settings = settings or Settings()
    frames = frames_of(instance, what_ifs)
    with Pool() if pool is None else nullcontext(pool) as hands:
        base, answers = solve_all(instance, what_ifs, settings, hands)
        notes = tuple(hands.notes)
    cases = cases_of(frames, what_ifs, base, answers)
    return Comparison(
        instance=stamp(instance),
        goals=instance.agenda.goals,
        asked=asked(settings),
        complete=len(cases) == 1 + len(what_ifs),
        cases=ranked(cases) if cases else (),
        notes=notes,
    )


def compare_plans(instance: Instance, plans: Sequence[tuple[str, Plan]]) -> Comparison:
    """Put given plans of one instance beside each other; each is verified first.

    Parameters
    ----------
    plans
        Each with the name that the result gives it.

    Raises
    ------
    VerificationFailed
        If a plan does not follow from the instance.
    UsageError
        If there are no plans, or two have one name.
    """
    if not plans or len({name for name, _ in plans}) < len(plans):
        raise UsageError("give plans to compare, each once")
    cases: list[Case] = []
    for name, plan in plans:
        verdict = verify(instance, plan)
        if not verdict.is_valid:
            raise VerificationFailed(verdict.problems)
        scenario = plan.instance.scenario
        what = () if scenario is None else WhatIf(scenario, scenario).changes(instance)
        base = plans[0][1] if cases else None
        applied = apply(instance, scenario).instance
        cases.append(case_of(name, plan, applied, changes=what, base=base))
    return Comparison(instance=stamp(instance), goals=instance.agenda.goals, cases=ranked(cases))


def solve_all(
    instance: Instance, what_ifs: Sequence[WhatIf], settings: Settings, pool: Pool
) -> tuple[Answer | None, dict[str, Answer]]:
    """Solve an instance as it is, then under scenarios; every scenario starts from the first plan.

    Returns
    -------
    tuple
        The answer of the instance as it is (None after an interrupt), and the finished others by key.
    """
    base = pool.solve([Task(BASE, instance, settings)]).get(BASE)
    if base is not None and len(what_ifs) >= MANY:
        base = _closer(base, instance, settings, pool)
    if base is None:
        return None, {}
    start = base.plan if base.plan is not None and base.plan.has_plan else None
    return base, pool.solve(Task(each.key, instance, settings, each.scenario, start) for each in what_ifs)


def _closer(base: Answer, instance: Instance, settings: Settings, pool: Pool) -> Answer | None:
    """Bring a plan that prices led to closer to its bound, in a number of rounds.

    Its prices and assignments then do for many more of the scenarios that start from them.

    Returns
    -------
    Answer
        The first one where there is nothing to gain; None after an interrupt.
    """
    plan = base.plan
    half = settings.gap / 2
    if plan is None or plan.run.engine != "large" or plan.stopped_by != "gap" or plan.gap is None:
        return base
    if plan.gap <= half:
        return base
    closer = replace(settings, gap=half, iterations=ROUNDS)
    found = pool.solve([Task(BASE, instance, closer, start=plan)]).get(BASE)
    if found is None:
        return None
    better = found.plan is not None and found.plan.gap is not None and found.plan.gap < plan.gap
    return found if better else base


def frames_of(instance: Instance, what_ifs: Sequence[WhatIf]) -> dict[str, Frame]:
    """Apply every scenario, so that all of them are known to make sense before the first solve.

    Raises
    ------
    UsageError, InvalidInput
        If one does not.
    """
    frames = {BASE: Frame("as it is", (), instance)}
    for each in what_ifs:
        if each.key in frames:
            raise UsageError(f"{each.key} is compared twice, or has the name of the instance as it is")
        applied = each.applied(instance).instance
        frames[each.key] = Frame(each.title, each.changes(instance), applied.model_copy(update=_UNUSED))
    return frames


def cases_of(
    frames: dict[str, Frame], what_ifs: Sequence[WhatIf], base: Answer | None, answers: dict[str, Answer]
) -> list[Case]:
    """Return the cases that were finished, that of the instance as it is first."""
    if base is None:
        return []
    finished = [answers[each.key] for each in what_ifs if each.key in answers]
    return [
        _case(base, frames[BASE], None),
        *(_case(answer, frames[answer.key], base.plan) for answer in finished),
    ]


def _case(answer: Answer, frame: Frame, base: Plan | None) -> Case:
    words: dict[str, Any] = {"title": frame.title, "changes": frame.changes}
    if answer.plan is None:
        return failed_case(answer.key, answer.error or SolverFailed("no answer"), **words)
    return case_of(answer.key, answer.plan, frame.instance, base=base, **words)
