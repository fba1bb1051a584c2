"""Which assignments are best whatever the truth: the best plan of many drawn truths, and what they share.

A truth is drawn, the best plan for it found, and so on. How often an assignment belongs to the best plan is
its probability, with a 95 % interval after Wilson. Within a gap of the solves, and where plans are equally
good, which one was found is the search's accident; the gap is told.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import nullcontext
from decimal import Decimal
from typing import Any, Literal

from ciopt.errors import UsageError
from ciopt.instance import Instance, Option
from ciopt.instance.base import Count, Flag, Words
from ciopt.plan import Plan
from ciopt.plan.records import Exact, InstanceStamp
from ciopt.settings import Settings
from ciopt.studies.case import Asked, asked
from ciopt.studies.pool import Pool
from ciopt.studies.uncertainty.question import Question, scenario_of
from ciopt.studies.uncertainty.risk import rounded, wilson

Class = Literal["core", "exchangeable", "never"]
CORE, NEVER = Decimal("0.95"), Decimal("0.05")
"""From which probability on an assignment is core, and up to which it is called never."""
MOST_DRAWS = 10_000


class OptionChance(Words):
    """How often an assignment belongs to the best plan."""

    partner: str
    intervention: str
    place: str
    period: str
    level: str | None = None
    times: Count
    probability: Exact
    probability_low: Exact
    """95 % interval."""
    probability_high: Exact
    activity: Exact
    """How often the activity is done at all, whoever does it and when."""
    belongs: Class
    in_plan: Flag | None = None
    """Whether the given plan has it; None without a plan."""


class Core(Words):
    """How often each assignment belongs to the best plan of a drawn truth."""

    kind: Literal["core"] = "core"
    instance: InstanceStamp = InstanceStamp()
    asked: Asked | None = None
    estimates: Count = 0
    """Uncertain estimates that were drawn."""
    draws: Count
    solved: Count = 0
    """Draws for which a plan was found: probabilities are of these."""
    proven: Count = 0
    """Of these, plans that are proven to be the best."""
    worst_gap: Exact | None = None
    """The largest relative gap among the others; None if one has no bound."""
    complete: Flag = True
    options: tuple[OptionChance, ...] = ()
    """All that some best plan or the given plan has, the most frequent first."""
    never: tuple[str, ...] = ()
    """Activities that are offered and that no best plan does: ``intervention/place``."""
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def core(
    instance: Instance,
    settings: Settings | None = None,
    *,
    plan: Plan | None = None,
    scenario: str | None = None,
    draws: int = 50,
    pool: Pool | None = None,
) -> Core:
    """Say how often each assignment belongs to the best plan, when the estimates are drawn.

    Parameters
    ----------
    settings
        Of each solve; ``seed`` is also that of the draws.
    plan
        A plan to hold against it; its scenario is applied unless another one is named.
    draws
        How many truths. Errors are the same everywhere for one estimate, and the same in `measure_next`.
    pool
        Where to solve, left open; this process if None.

    Raises
    ------
    UsageError, VerificationFailed
        If no estimate can change the best plan, or the given plan does not follow from the instance.

    Examples
    --------
    >>> found = core(instance, draws=40)  # doctest: +SKIP
    >>> [each.place for each in found.options if each.belongs == "core"]  # doctest: +SKIP
    ['winter-hill', 'east']
    """
    if not 1 <= draws <= MOST_DRAWS:
        raise UsageError(f"{draws} draws: take 1 to {MOST_DRAWS:,}")
    settings, scenario = settings or Settings(), scenario_of(instance, plan, scenario)
    question = Question.about(instance, scenario, draws, settings.seed)
    with Pool() if pool is None else nullcontext(pool) as hands:
        first = question.at_means(settings, plan, hands)
        start = first.plan if first is not None and first.plan is not None and first.plan.has_plan else None
        answers = question.drawn(settings, start, hands) if first is not None else {}
        notes = [*question.notes, *hands.notes]
    plans = [each.plan for each in answers.values() if each.plan is not None and each.plan.has_plan]
    if len(plans) < len(answers):
        notes.append(f"{len(answers) - len(plans)} of {len(answers)} draws have no plan and are left out")
    gaps = [each.gap for each in plans if each.status != "optimal"]
    return Core(
        instance=question.told,
        asked=asked(settings),
        estimates=len(question.keys),
        draws=draws,
        solved=len(plans),
        proven=len(plans) - len(gaps),
        worst_gap=_worst(gaps),
        complete=len(answers) == draws,
        options=chances(plans, plan),
        never=_never(question.lookup.activities, plans),
        notes=tuple(notes),
    )


def _worst(gaps: list[Decimal | None]) -> Decimal | None:
    """Return the largest gap, 0 of none; None where one is not known."""
    known = [gap for gap in gaps if gap is not None]
    return max(known, default=Decimal(0)) if len(known) == len(gaps) else None


def chances(plans: list[Plan], given: Plan | None) -> tuple[OptionChance, ...]:
    """Count in how many plans each assignment is.

    Parameters
    ----------
    plans
        One for each truth.
    given
        Its assignments are listed too.
    """
    if not plans:
        return ()
    times = Counter(each.option for plan in plans for each in plan.assignments)
    activities = Counter(each.option.activity for plan in plans for each in plan.assignments)
    mine = None if given is None else {each.option for each in given.assignments}
    options = sorted({*times, *(mine or ())}, key=lambda option: (-times[option], option.id))
    return tuple(_chance(option, times[option], activities, len(plans), mine) for option in options)


def _chance(
    option: Option,
    times: int,
    activities: Counter[tuple[str, str]],
    plans: int,
    mine: set[Option] | None,
) -> OptionChance:
    low, high = wilson(times, plans)
    probability = rounded(times / plans)
    return OptionChance(
        **option._asdict(),
        times=times,
        probability=probability,
        probability_low=rounded(low),
        probability_high=rounded(high),
        activity=rounded(activities[option.activity] / plans),
        belongs="core" if probability >= CORE else "never" if probability <= NEVER else "exchangeable",
        in_plan=None if mine is None else option in mine,
    )


def _never(offered: Iterable[tuple[str, str]], plans: list[Plan]) -> tuple[str, ...]:
    done = {each.option.activity for plan in plans for each in plan.assignments}
    return tuple(sorted("/".join(activity) for activity in set(offered) - done)) if plans else ()
