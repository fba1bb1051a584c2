"""`why_not`: why something is not in a plan, and what it would cost to have it."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

from ciopt.instance import Instance, Option
from ciopt.instance.lookup import matches
from ciopt.instance.rules import Filter
from ciopt.plan import Plan
from ciopt.settings import Settings
from ciopt.studies.case import asked
from ciopt.studies.pool import Pool
from ciopt.studies.why.anew import Anew, Change, demand, solve_anew
from ciopt.studies.why.contribution import payers
from ciopt.studies.why.ground import Ground, ground
from ciopt.studies.why.obstacles import missing_option, obstacles
from ciopt.studies.why.records import WhyNot
from ciopt.studies.why.wanted import in_words, matching, wanted


def why_not(
    instance: Instance,
    plan: Plan,
    words: str,
    settings: Settings | None = None,
    *,
    pool: Pool | None = None,
) -> WhyNot:
    """Say what it would cost to have something that is not in a plan, or what forbids it.

    Parameters
    ----------
    plan
        Of the instance; its scenario is applied.
    words
        ``partner=mars intervention=clinic place=soubre`` or an option id: see `wanted`. Anything that they
        mean will do.
    pool
        Where to solve, left open; this process if None. Nothing is solved if it is in the plan already, or
        if arithmetic shows that it cannot be.

    Raises
    ------
    UsageError
        If the words name nothing that the instance knows.
    VerificationFailed
        If the plan does not follow from the instance.

    Examples
    --------
    >>> why_not(instance, plan, "partner=mars intervention=clinic").obstacles  # doctest: +SKIP
    ('no capability says that mars can do clinic; those who can: health-ministry',)
    """
    settings = settings or Settings()
    base = ground(instance, plan)
    said = wanted(base.lookup, words)
    common = _common(base, said, settings)
    present = matching(said, plan)
    if present:
        return WhyNot(answer="in the plan", present=present, **common)
    options = [each for each in base.lookup.options() if matches(said, each)]
    if not options:
        return WhyNot(answer="impossible", obstacles=(missing_option(base.lookup, said),), **common)
    common["options"] = len(options)
    forbidden, is_free = _forbidden(base, options)
    if not is_free:
        return WhyNot(answer="impossible", obstacles=forbidden, **common)
    change = Change(in_words(said), demand(base.instance, said), restricts=True)
    with Pool() if pool is None else nullcontext(pool) as hands:
        answers = solve_anew(base, [change], settings, hands)
    common |= {"bound": answers.base.bound, "notes": tuple(answers.notes)}
    found = answers.found.get(change.key)
    if found is None:
        return WhyNot(answer="not known", complete=False, obstacles=forbidden, **common)
    return _answered(base, said, found, forbidden, common)


def _common(base: Ground, said: Filter, settings: Settings) -> dict[str, Any]:
    """What the record says whatever the answer is."""
    return {
        "instance": base.plan.instance,
        "goal": base.goal,
        "asked": asked(settings),
        "wanted": {name: value for name, value in said if value is not None},
        "objective": base.plan.objective,
        "bound": base.plan.bound,
    }


def _forbidden(base: Ground, options: list[Option]) -> tuple[tuple[str, ...], bool]:
    """What forbids options, and whether some option is forbidden by nothing that arithmetic shows."""
    said: dict[str, None] = {}
    is_free = False
    for option in options:
        found = list(obstacles(base.lookup, option))
        is_free |= not found
        alone = len(options) == 1
        said |= dict.fromkeys(text if alone else f"{option.id}: {text}" for text in found)
    return tuple(said), is_free


def _answered(
    base: Ground, said: Filter, found: Anew, forbidden: tuple[str, ...], common: dict[str, Any]
) -> WhyNot:
    """Put the answer of the solve into words."""
    case = found.case
    if case.status == "infeasible":
        why = f"no plan that has it keeps every rule, hard target and limit ({case.proof or 'proven'})"
        return WhyNot(answer="impossible", obstacles=(*forbidden, *case.reasons, why), with_it=case, **common)
    if found.plan is None or not case.has_plan:
        return WhyNot(answer="not known", obstacles=forbidden, with_it=case, **common)
    chosen = matching(said, found.plan)
    return WhyNot(
        answer="possible",
        obstacles=forbidden,
        chosen=chosen,
        payers=tuple(payer for each in chosen for payer in payers(base, found.plan, each.option.id)),
        with_it=case,
        loss=found.loss,
        **common,
    )
