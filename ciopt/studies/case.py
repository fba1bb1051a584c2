"""One plan among several, in the numbers that they are compared by; complete in itself, without the plan."""

from __future__ import annotations

from decimal import Decimal
from itertools import takewhile
from typing import Literal

from ciopt.errors import CioptError
from ciopt.files import canonical_sha256
from ciopt.instance import Instance
from ciopt.instance.base import OWN_BUDGET, Count, Flag, Words
from ciopt.instance.goals import FAIRNESS, counts_otherwise, is_fairness
from ciopt.plan import Plan
from ciopt.plan.records import Exact, GoalResult, InstanceStamp, Status, StoppedBy, TargetResult
from ciopt.settings import Settings
from ciopt.studies.difference import Difference, difference
from ciopt.version import __version__

Standing = Literal["better", "worse", "equal", "not distinguishable", "not comparable"]


class Asked(Words):
    """How every case was solved."""

    ciopt: str = ""
    engine: str = ""
    gap: Exact = Decimal(0)
    time_limit: Exact | None = None
    threads: Count = 1
    seed: Count = 0
    iterations: Count | None = None


class IndicatorCase(Words):
    """Where an indicator ends."""

    id: str
    name: str = ""
    unit: str = ""
    total: Exact
    attained: Exact
    target: Exact | None = None
    met: Flag | None = None


class PartnerCase(Words):
    """What a partner does and pays."""

    id: str
    name: str = ""
    assignments: Count = 0
    cost: Exact = Decimal(0)
    """Of its assignments, whoever pays for them."""
    spent: Exact = Decimal(0)
    """Of its own budget."""
    budget: Exact | None = None


class FundCase(Words):
    """What a fund pays."""

    id: str
    name: str = ""
    partner: str
    """Whose it is."""
    spent: Exact
    amount: Exact


class Case(Words):
    """One plan of a comparison."""

    key: str
    """The scenario's id, what was set, or the file of a given plan."""
    title: str = ""
    """For people; the key if missing."""
    changes: tuple[str, ...] = ()
    """What the scenario changes: ``set partners.mars.budget = 3000000``."""
    instance: InstanceStamp = InstanceStamp()
    """What the plan follows from; for changes on the fly the hash of the changed instance."""
    status: Status
    """``error`` if the solve failed; see ``error``."""
    error: str = ""
    stopped_by: StoppedBy | None = None
    objective: Exact | None = None
    bound: Exact | None = None
    """The best that is possible in this case lies between objective and bound."""
    gap: Exact | None = None
    proof: str | None = None
    goals: tuple[GoalResult, ...] = ()
    """Those of the agenda, in its order, without the ties."""
    reasons: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    yardstick: str = ""
    """Hash of what value and penalties are measured by; cases of different yardsticks are not ranked."""
    value: Exact | None = None
    cost: Exact | None = None
    assignments: Count = 0
    synergies: Count = 0
    synergy_value: Exact = Decimal(0)
    indicators: tuple[IndicatorCase, ...] = ()
    targets: tuple[TargetResult, ...] = ()
    partners: tuple[PartnerCase, ...] = ()
    funds: tuple[FundCase, ...] = ()
    difference: Difference | None = None
    """What changes against the first case; None for that one, and where there is no plan."""
    standing: Standing | None = None
    """Against the first case; None for that one, and where there is no plan."""
    gain: tuple[Exact | None, Exact | None] | None = None
    """Least and most that the best objective gains against the first case's best, as far as is proven: more
    value or less cost counts as gain; None at an end that is not known."""
    rank: tuple[Count, Count] | None = None
    """Best and worst place among the cases of the first case's yardstick that the bounds allow."""

    @property
    def has_plan(self) -> bool:
        """Whether there is a plan to compare."""
        return self.status in ("optimal", "feasible")


def asked(settings: Settings) -> Asked:
    """Return the settings as results keep them."""
    return Asked(
        ciopt=__version__,
        engine=settings.engine,
        gap=Decimal(str(settings.gap)),
        time_limit=None if settings.time_limit is None else Decimal(str(settings.time_limit)),
        threads=settings.threads or 1,
        seed=settings.seed,
        iterations=settings.iterations,
    )


def case_of(
    key: str,
    plan: Plan,
    instance: Instance,
    *,
    title: str = "",
    changes: tuple[str, ...] = (),
    base: Plan | None = None,
) -> Case:
    """Put a plan into the numbers of a comparison.

    Parameters
    ----------
    plan
        A verified plan.
    instance
        What it follows from, with the scenario applied: its names, units and yardstick.
    base
        The plan of the first case.
    """
    agenda = instance.agenda.goals
    comparable = base is not None and base.has_plan and plan.has_plan
    synergy_value = sum((each.value for each in plan.synergies), Decimal(0))
    return Case(
        key=key,
        title=title,
        changes=changes,
        instance=plan.instance,
        status=plan.status,
        stopped_by=plan.stopped_by,
        objective=plan.objective,
        bound=plan.bound,
        gap=plan.gap,
        proof=plan.proof,
        goals=tuple(
            each.model_copy(update={"certificate": None})
            for each in takewhile(lambda each: _goal(each.goal) in agenda, plan.goals)
        ),
        reasons=plan.reasons,
        notes=plan.run.notes,
        yardstick=yardstick(instance),
        value=plan.value,
        cost=plan.cost,
        assignments=len(plan.assignments),
        synergies=len(plan.synergies),
        synergy_value=synergy_value,
        indicators=_indicators(plan, instance),
        targets=plan.targets,
        partners=_partners(plan, instance),
        funds=_funds(plan, instance),
        difference=difference(base, plan) if base is not None and comparable else None,
    )


def failed_case(key: str, error: CioptError, *, title: str = "", changes: tuple[str, ...] = ()) -> Case:
    """Say that a case could not be solved."""
    return Case(key=key, title=title, changes=changes, status="error", error=str(error))


def yardstick(instance: Instance) -> str:
    """Return the hash of what the objective is measured by: weights, saturation, goals, soft targets.

    What is possible (money, partners, impacts, hard targets) may differ between cases that are ranked; what
    a plan is worth must not.
    """
    agenda = instance.agenda
    measure = [
        {"id": each["id"], **{key: each[key] for key in ("weight", "saturates_at", "accrues") if key in each}}
        for each in (indicator.model_dump() for indicator in instance.indicators)
    ]
    soft = [target.model_dump() for target in agenda.targets if target.soft]
    said = {"indicators": measure, "goals": list(agenda.goals), "soft": soft, "currency": instance.currency}
    if FAIRNESS in agenda.goals or counts_otherwise(agenda):
        records = {"fairness": agenda.fairness, "risk": agenda.risk}
        said |= {key: record.model_dump() for key, record in records.items() if record is not None}
    return canonical_sha256(said)


def _goal(stage: str) -> str:
    """The goal of the agenda that a stage is for: leximin has a stage for each number of members."""
    return FAIRNESS if is_fairness(stage) else stage


def _indicators(plan: Plan, instance: Instance) -> tuple[IndicatorCase, ...]:
    known = {each.id: each for each in instance.indicators}
    return tuple(
        IndicatorCase(
            id=each.id,
            name=known[each.id].name,
            unit=known[each.id].unit,
            total=each.total,
            attained=each.attained,
            target=each.target,
            met=each.met,
        )
        for each in plan.indicators
    )


def _partners(plan: Plan, instance: Instance) -> tuple[PartnerCase, ...]:
    names = {each.id: each.name for each in instance.partners}
    costs: dict[str, Decimal] = {}
    for each in plan.assignments:
        costs[each.partner] = costs.get(each.partner, Decimal(0)) + each.cost
    return tuple(
        PartnerCase(
            id=each.id,
            name=names[each.id],
            assignments=each.assignments,
            cost=costs.get(each.id, Decimal(0)),
            spent=each.spent,
            budget=each.budget,
        )
        for each in plan.partners
    )


def _funds(plan: Plan, instance: Instance) -> tuple[FundCase, ...]:
    known = {each.id: each for each in instance.funds}
    return tuple(
        FundCase(
            id=each.id,
            name=known[each.id].name,
            partner=known[each.id].partner,
            spent=each.spent,
            amount=each.amount,
        )
        for each in plan.funds
        if not each.id.startswith(OWN_BUDGET)
    )
