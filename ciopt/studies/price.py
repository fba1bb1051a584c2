"""The price of an agenda: what is lost by asking for fairness or caution, against asking for value alone.

The same instance is solved without the demand and with it, at one strength after the other; every plan is
then judged without it. With the best plan without the demand worth between L0 and U0, a plan found for it
worth v has lost at least L0 - v and at most U0 - v. Where the demand is a requirement and value stays the
goal, the best plan under it lies between its own L and U, and the price of the demand itself is from L0 - U
to U0 - L. All plans meet the same drawn errors, other ones than a cvar agenda plans with: an out-of-sample
check.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from decimal import Decimal
from typing import Any, Literal

from ciopt.errors import UsageError
from ciopt.instance import Instance, Lookup, parse
from ciopt.instance.agenda import Agenda, Risk
from ciopt.instance.base import Count, Flag, Words
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.compose import compose
from ciopt.plan.records import Exact, InstanceStamp
from ciopt.planner import stamp
from ciopt.settings import Settings
from ciopt.studies.case import Asked, Case, asked, case_of, failed_case
from ciopt.studies.pool import Pool
from ciopt.studies.task import Answer, Task
from ciopt.studies.uncertainty.side_by_side import RiskCase, compare_risks
from ciopt.verification.decisions import read_decisions

Demand = Literal["fairness", "share", "dial", "robustness", "cvar"]
FREE = "without"


class PricePoint(Words):
    """The agenda with the demand at one strength; or without it."""

    at: Exact | None = None
    """Gamma, alpha, share or dial; None for the agenda as it is, and without the demand."""
    case: Case
    """Its objective and bound are those of the agenda with the demand."""
    worth: Exact | None = None
    """The plan's objective without the demand."""
    lost: tuple[Exact, Exact | None] | None = None
    """Least and most that is lost against the best plan without the demand; None if there is no plan."""
    worst_off: Exact | None = None
    """The least that any member gets, per unit, where fairness is asked for."""
    risk: RiskCase | None = None
    """In drawn truths; held against the plan without the demand."""


class Price(Words):
    """What fairness or caution costs."""

    kind: Literal["price"] = "price"
    instance: InstanceStamp = InstanceStamp()
    of: Demand
    asked: Asked | None = None
    samples: Count = 0
    draws_seed: Count = 0
    part: Exact | None = None
    """Which part of the draws the tails are."""
    free: PricePoint | None = None
    """Without the demand; None if even that was interrupted."""
    points: tuple[PricePoint, ...] = ()
    complete: Flag = True
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def price(
    instance: Instance,
    of: Demand,
    at: Sequence[Decimal] = (),
    settings: Settings | None = None,
    *,
    scenario: str | None = None,
    samples: int = 4000,
    draws_seed: int = 1,
    pool: Pool | None = None,
) -> Price:
    """Say what fairness or caution costs, at each of several strengths.

    Parameters
    ----------
    of
        ``fairness``: as the agenda has it. ``share``: the floor's, ``dial``: the dial's strength, with
        members and attribute as the agenda's fairness has them. ``robustness``: gamma; ``cvar``: alpha.
    at
        The strengths; none for ``fairness``.
    samples, draws_seed
        Of the draws that every plan is judged in.
    pool
        Where to solve, left open; this process if None.

    Raises
    ------
    UsageError, InvalidInput
        If the agenda has no fairness to vary, or a strength makes no sense.

    Examples
    --------
    >>> found = price(instance, "robustness", [Decimal(2), Decimal(4)])  # doctest: +SKIP
    >>> [point.lost for point in found.points]  # doctest: +SKIP
    [(Decimal('0'), Decimal('3.1')), (Decimal('40.2'), Decimal('43.3'))]
    """
    settings = settings or Settings()
    base = apply(instance, scenario).instance
    strengths = _strengths(of, at)
    free = _with(base, _without(base.agenda, of))
    varied = {_key(of, each): _with(base, _asking(base.agenda, of, each)) for each in strengths}
    with Pool() if pool is None else nullcontext(pool) as hands:
        first = hands.solve([Task(FREE, free, settings)]).get(FREE)
        start = first.plan if first is not None and first.plan is not None and first.plan.has_plan else None
        tasks = [Task(key, each, settings, start=start) for key, each in varied.items()]
        answers = hands.solve(tasks) if first is not None else {}
        notes = tuple(hands.notes)
    told = Price(
        instance=stamp(instance, scenario),
        of=of,
        asked=asked(settings),
        samples=samples,
        draws_seed=draws_seed,
        complete=first is not None and len(answers) == len(varied),
        notes=notes,
    )
    if first is None:
        return told
    asking = [(each, varied[_key(of, each)], answers.get(_key(of, each))) for each in strengths]
    return _judged(told, free, first, asking)


def _strengths(of: Demand, at: Sequence[Decimal]) -> list[Decimal | None]:
    """Return the strengths asked for; None stands for the demand as it is."""
    if (of == "fairness") == bool(at):
        raise UsageError("fairness as it is takes no --at; everything else needs --at, such as --at 0.2,0.5")
    if len(set(at)) < len(at):
        raise UsageError("--at names a strength twice")
    return [*at] or [None]


def _key(of: Demand, at: Decimal | None) -> str:
    """Name a case: the demand, and how strong it is."""
    return of if at is None else f"{of} {at}"


def _with(instance: Instance, agenda: Agenda) -> Instance:
    """Return the instance with another agenda, checked anew; scenarios are applied, and left out."""
    return parse(instance.model_copy(update={"agenda": agenda, "scenarios": {}}).to_data())


def _without(agenda: Agenda, of: Demand) -> Agenda:
    """Take the demand out of an agenda."""
    if of in ("robustness", "cvar"):
        return agenda.model_copy(update={"risk": None})
    if agenda.fairness is None:
        raise UsageError("the agenda has no fairness to price: add agenda.fairness (over, per, how)")
    kept = tuple(goal for goal in agenda.priorities if goal != "fairness")
    return agenda.model_copy(update={"fairness": None, "priorities": kept})


def _asking(agenda: Agenda, of: Demand, at: Decimal | None) -> Agenda:
    """Put the demand into an agenda, at a strength."""
    if of == "fairness" or at is None:
        return agenda
    if of == "robustness":
        return agenda.model_copy(update={"risk": Risk(how="robust", gamma=at)})
    if of == "cvar":
        samples = None if agenda.risk is None else agenda.risk.samples
        return agenda.model_copy(update={"risk": Risk(how="cvar", alpha=at, samples=samples)})
    assert agenda.fairness is not None
    strength = {"how": "floor", "share": at} if of == "share" else {"how": "dial", "dial": at}
    cleared = {"share": None, "at_least": None, "at_most": None, "dial": None}
    fairness = agenda.fairness.model_copy(update={**cleared, **strength})
    kept = tuple(goal for goal in agenda.priorities if goal != "fairness")
    return agenda.model_copy(update={"fairness": fairness, "priorities": kept})


class _Judge:
    """Judges plans without the demand."""

    def __init__(self, free: Instance, first: Answer, is_fair: bool) -> None:
        self.lookup, self.is_fair = Lookup(free), is_fair
        self.sign = 1 if next(g for g in free.agenda.goals if g in ("value", "cost")) == "value" else -1
        plan = first.plan
        has_plan = plan is not None and plan.has_plan
        self.least = plan.objective if plan is not None and has_plan else None
        self.most = plan.bound if plan is not None and has_plan else None

    def point(
        self, answer: Answer, instance: Instance, at: Decimal | None, members_of: Instance | None = None
    ) -> PricePoint:
        """Return what a plan is worth without the demand, and what that has lost."""
        plan = answer.plan
        if plan is None:
            return PricePoint(at=at, case=failed_case(answer.key, answer.error or UsageError("no answer")))
        case = case_of(answer.key, plan, instance)
        if not plan.has_plan:
            return PricePoint(at=at, case=case)
        choices, _ = read_decisions(self.lookup, plan)
        worth = compose(self.lookup, choices).objective
        is_free = answer.key == FREE
        worst_off = None
        if self.is_fair:
            shares = compose(Lookup(members_of or instance), choices).fairness
            worst_off = min((each.per_unit for each in shares), default=None)
        return PricePoint(
            at=at,
            case=case,
            worth=worth,
            lost=None if is_free or worth is None else self.lost(plan, worth, instance.agenda),
            worst_off=worst_off,
        )

    def lost(self, plan: Plan, worth: Decimal, agenda: Agenda) -> tuple[Decimal, Decimal | None] | None:
        """Return the least and the most that is lost."""
        if self.least is None:
            return None
        is_requirement = not agenda.risk and agenda.fairness is not None and _keeps_goals(agenda)
        above = plan.bound if is_requirement else worth
        least = Decimal(0) if above is None else self.sign * (self.least - above)
        most = None if self.most is None else self.sign * (self.most - worth)
        return max(Decimal(0), least), None if most is None else max(Decimal(0), most)


def _keeps_goals(agenda: Agenda) -> bool:
    """Whether fairness is a requirement, and the goals are what they are without it."""
    return agenda.fairness is not None and agenda.fairness.how == "floor" and "fairness" not in agenda.goals


def _judged(
    told: Price,
    free: Instance,
    first: Answer,
    asking: Sequence[tuple[Decimal | None, Instance, Answer | None]],
) -> Price:
    """Judge every answer without the demand; those that were not finished are left out."""
    judge = _Judge(free, first, told.of in ("fairness", "share", "dial"))
    points = [judge.point(answer, each, at) for at, each, answer in asking if answer is not None]
    some_fairness = asking[0][1] if judge.is_fair else None
    reference = judge.point(first, free, None, some_fairness)
    answers = {answer.key: answer for _, _, answer in asking if answer is not None}
    return _drawn(told, free, reference, points, {FREE: first, **answers})


def _drawn(
    told: Price,
    free: Instance,
    reference: PricePoint,
    points: list[PricePoint],
    answers: dict[str, Answer],
) -> Price:
    """Judge all plans in the same drawn truths."""
    plans = [
        (point.case.key, plan)
        for point in (reference, *points)
        if point.case.has_plan and (plan := answers[point.case.key].plan) is not None
    ]
    if not reference.case.has_plan:
        return told.model_copy(update={"free": reference, "points": tuple(points)})
    found = compare_risks(free, plans, samples=told.samples, seed=told.draws_seed)
    risks = {each.key: each for each in found.cases}

    def judged(point: PricePoint) -> PricePoint:
        return point.model_copy(update={"risk": risks.get(point.case.key)})

    return told.model_copy(
        update={"part": found.part, "free": judged(reference), "points": tuple(map(judged, points))}
    )
