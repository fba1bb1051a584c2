"""`explain`: what an assignment of a plan is for, who pays for it, and what is lost without it."""

from __future__ import annotations

from contextlib import nullcontext

from ciopt.instance import Instance
from ciopt.instance.money import from_minor
from ciopt.instance.options import participation_cost
from ciopt.plan import Assignment, Plan
from ciopt.settings import Settings
from ciopt.studies.case import asked
from ciopt.studies.pool import Pool
from ciopt.studies.why.anew import Change, forbid, solve_anew
from ciopt.studies.why.contribution import contribution, payers
from ciopt.studies.why.ground import Ground, ground
from ciopt.studies.why.limits import limits
from ciopt.studies.why.records import Explanation
from ciopt.studies.why.wanted import the_one


def explain(
    instance: Instance,
    plan: Plan,
    assignment: str,
    settings: Settings | None = None,
    *,
    pool: Pool | None = None,
) -> Explanation:
    """Explain one assignment of a plan.

    What it moves, pays and uses is arithmetic on the plan. What is lost without it is found by solving: the
    instance with a rule more, that it must not be.

    Parameters
    ----------
    plan
        Of the instance; its scenario is applied.
    assignment
        An option id, or ``partner=mars intervention=clinic place=soubre``: see `wanted`.
    pool
        Where to solve, left open; this process if None.

    Raises
    ------
    UsageError
        If the words mean no assignment of the plan, or more than one.
    VerificationFailed
        If the plan does not follow from the instance.

    Examples
    --------
    >>> found = explain(instance, plan, "partner=mars intervention=clinic")  # doctest: +SKIP
    >>> found.loss  # doctest: +SKIP
    (Decimal('31.2'), Decimal('31.2'))
    """
    settings = settings or Settings()
    base = ground(instance, plan)
    each = the_one(base.lookup, plan, assignment)
    option = each.option
    change = Change(option.id, forbid(base.instance, option), restricts=True)
    with Pool() if pool is None else nullcontext(pool) as hands:
        answers = solve_anew(base, [change], settings, hands)
    found = answers.found.get(option.id)
    return _read_from_the_plan(base, each).model_copy(
        update={
            "asked": asked(settings),
            "complete": found is not None,
            "bound": answers.base.bound,
            "without": None if found is None else found.case,
            "loss": None if found is None else found.loss,
            "notes": (*answers.notes, *_participation(base, option.partner)),
        }
    )


def _read_from_the_plan(base: Ground, each: Assignment) -> Explanation:
    """Say what an assignment moves, pays and uses: nothing is solved for it."""
    done = contribution(base, each.option)
    return Explanation(
        instance=base.plan.instance,
        goal=base.goal,
        assignment=each,
        objective=base.plan.objective,
        value_moved=done.value,
        moves=done.moves,
        synergies=done.synergies,
        payers=payers(base, base.plan, each.option.id),
        limits=limits(base, each.option),
        targets=done.targets,
        breaks=done.breaks,
    )


def _participation(base: Ground, partner: str) -> tuple[str, ...]:
    """Say that a partner takes part for one assignment alone, and what that costs."""
    joining = participation_cost(base.lookup, partner)
    if not joining or sum(each.partner == partner for each in base.plan.assignments) > 1:
        return ()
    currency = base.instance.currency
    return (
        f"{partner} takes part for this alone, which costs {from_minor(joining, currency):,f} {currency}",
    )
