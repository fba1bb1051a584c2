"""`collaborate`: what the coalition gains by planning together, and who gains it."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from threading import Event
from typing import Literal

from ciopt.instance import Instance
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.plan.records import InstanceStamp
from ciopt.planner import stamp
from ciopt.settings import Progress, Settings
from ciopt.studies.collaboration.gains import (
    AGAINST,
    fund_gains,
    indicator_gains,
    partner_gains,
    synergy_gains,
)
from ciopt.studies.collaboration.judge import judge
from ciopt.studies.collaboration.records import Collaboration, Without, World
from ciopt.studies.collaboration.worlds import Outcome, Worlds
from ciopt.studies.pool import Pool
from ciopt.studies.solving import Solver

Theory = Literal["together >= informed", "informed >= alone", "together >= alone"]


def collaborate(
    instance: Instance,
    settings: Settings | None = None,
    *,
    scenario: str | None = None,
    each_fund: bool = False,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    pool: Pool | None = None,
) -> Collaboration:
    """Measure the value of collaboration.

    *Alone*: each partner plans with its own money and its part of the shared funds, and counts only what it
    does. *Informed*: from there, each in turn sees what the others do and answers with its best plan.
    *Together*: one plan, all money, and the backbones. The coalition's own arithmetic judges all of them.

    Parameters
    ----------
    settings
        Engine, gap and seed of each solve; ``time_limit`` is that of all together.
    each_fund
        Solve once more for each shared fund: what if it alone were split?
    pool
        Plans at the same time what does not depend on each other.

    Raises
    ------
    InvalidInput, UsageError
        If the instance or scenario makes no sense.

    Examples
    --------
    >>> found = collaborate(instance)  # doctest: +SKIP
    >>> found.world("together").value - found.world("alone").value  # doctest: +SKIP
    Decimal('4310.5')
    """
    settings = settings or Settings()
    applied = apply(instance, scenario)
    solver = Solver(settings, progress, interrupt, pool)
    worlds = Worlds(applied.instance, solver)
    told = stamp(instance, scenario)
    found, theory, solved = _all(worlds, solver)
    without = _without(worlds, solver, solved, each_fund) if solved is not None else ()
    shown = tuple(_stamped(world, told, worlds.whole is applied.instance) for world in found)
    return _gains(worlds, found).model_copy(
        update={
            "instance": told,
            "worlds": shown,
            "without": without,
            "by_theory": theory,
            "engine": solved.run.solver if solved is not None else settings.engine,
            "seed": settings.seed,
            "gap": Decimal(str(settings.gap)),
            "seconds": Decimal(f"{solver.seconds:.3f}"),
            "stopped_by": _stopped(solver),
            "notes": (*applied.notes, *_agenda_note(applied.instance, worlds), *worlds.notes),
        }
    )


def _gains(worlds: Worlds, found: tuple[World, ...]) -> Collaboration:
    """Who gains what from world to world, and what would make good for those who lose."""
    partners = partner_gains(worlds.lookup, found)
    return Collaboration(
        indicators=indicator_gains(worlds.lookup, found),
        synergies=synergy_gains(worlds.lookup, found),
        partners=partners,
        funds=fund_gains(worlds.lookup, found, worlds.split),
        compensation={
            name: sum((each.compensation.get(name, Decimal(0)) for each in partners), Decimal(0))
            for name in AGAINST
        },
    )


def _stopped(solver: Solver) -> Literal["time_limit", "interrupt"] | None:
    stopped = solver.stopped_by
    return None if stopped is None else "interrupt" if stopped == "interrupt" else "time_limit"


def _all(worlds: Worlds, solver: Solver) -> tuple[tuple[World, ...], tuple[Theory, ...], Plan | None]:
    """Every world in turn, as long as there is time, and what must hold between them."""
    baseline = judge(worlds.lookup, "baseline", worlds.baseline())
    if solver.stopped_by:
        return (baseline,), (), None
    outcome = worlds.alone()
    if outcome is None:
        return (baseline,), (), None
    alone = judge(worlds.lookup, "alone", outcome)
    if solver.stopped_by:
        return (baseline, alone), (), None
    limit = solver.settings.time_limit
    informed = judge(
        worlds.lookup,
        "informed",
        worlds.informed(outcome, lambda: limit is not None and solver.seconds > limit / 2),
    )
    if solver.stopped_by:
        return (baseline, alone, informed), ("informed >= alone",), None
    plan = worlds.together(informed.plan, informed.keeps_all)
    together = judge(worlds.lookup, "together", plan)
    together, solved = _at_least(together, plan, [informed, alone])
    theory: list[Theory] = ["informed >= alone"]
    if together.plan is not None:
        theory += ["together >= informed"] if informed.keeps_all else []
        theory += ["together >= alone"] if alone.keeps_all else []
    return (baseline, alone, informed, together), tuple(theory), solved


def _at_least(together: World, outcome: Outcome, others: list[World]) -> tuple[World, Plan | None]:
    """Together nobody does worse than apart: of a search cut short, the best plan known is taken."""
    for other in others:
        if other.keeps_all and (
            together.objective is None or (other.objective or Decimal(0)) > together.objective
        ):
            together = other.model_copy(
                update={"name": "together", "at_most": together.at_most, "rounds": 0, "ending": None}
            )
    return together, outcome.plan if outcome.plan is not None and outcome.plan.has_plan else None


def _without(worlds: Worlds, solver: Solver, plan: Plan, each_fund: bool) -> tuple[Without, ...]:
    """What the coalition loses without its backbones, and with its shared money split."""
    tasks: list[tuple[Literal["backbones", "shared money", "fund"], str, Instance]] = []
    whole = worlds.whole
    if whole.backbones:
        tasks.append(("backbones", "", whole.model_copy(update={"backbones": ()})))
    several = {fund for fund, _ in worlds.split.parts.values()}
    shared = [
        fund
        for fund in sorted(several)
        if sum(whole_id == fund for whole_id, _ in worlds.split.parts.values()) > 1
    ]
    if shared:
        tasks.append(("shared money", "", worlds.with_split(set(several))))
    if each_fund:
        tasks += [("fund", fund, worlds.with_split({fund})) for fund in shared]
    plans = solver.solve_all("without", [(instance, plan) for _, _, instance in tasks])
    found = []
    for (what, name, _), other in zip(tasks, plans, strict=False):
        least, most = _difference(plan, other)
        found.append(
            Without(
                what=what,
                id=name,
                at_least=least,
                at_most=most,
                possible=True if other.has_plan else False if other.status == "infeasible" else None,
            )
        )
    return tuple(found)


def _difference(plan: Plan, other: Plan) -> tuple[Decimal | None, Decimal | None]:
    """Between the best values of two instances: from L - U' to U - L'."""

    def less(one: Decimal | None, two: Decimal | None) -> Decimal | None:
        if one is None or two is None:
            return None
        exact = (Fraction(one) - Fraction(two)) * 10**VALUE_DIGITS
        return decimal(int(exact), VALUE_DIGITS)

    return less(plan.objective, other.bound), less(plan.bound, other.objective)


def _stamped(world: World, told: InstanceStamp, is_same: bool) -> World:
    """Stamp a world's plan with the instance as written, where it was planned for just that."""
    if world.plan is None or not is_same:
        return world
    return world.model_copy(update={"plan": world.plan.model_copy(update={"instance": told})})


def _agenda_note(instance: Instance, worlds: Worlds) -> list[str]:
    if worlds.whole is instance:
        return []
    agenda = instance.agenda
    looked_at = [*agenda.goals, *(["fairness"] if agenda.fairness and "fairness" not in agenda.goals else [])]
    goals = ", ".join([*looked_at, *(["risk"] if agenda.risk and agenda.risk.how != "expected" else [])])
    return [f"the agenda looks at {goals}; collaboration is measured in value, for which all planned here"]
