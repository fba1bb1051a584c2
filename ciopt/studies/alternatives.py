"""Alternatives: really different plans that are about as good, and what they have in common.

Each plan is the best one that keeps at least the distance K from all before it and is worth at least so much;
K is the largest of a halving series (half of the plan, a quarter, …, 1) at which as many plans as asked for
exist, or, if even 1 gives fewer, that with the most. All pairs are then at least K apart.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Event
from typing import Any, Literal

from ciopt.engines.warm import keeping
from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.instance.base import Count, Flag, Words
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.records import Exact, InstanceStamp, StoppedBy
from ciopt.planner import solve
from ciopt.program import compile_program
from ciopt.program.model import Program
from ciopt.program.side import SideConditions
from ciopt.settings import Progress, Settings
from ciopt.studies.distance import UNITS, Aspect, distance, keep_away, most
from ciopt.studies.exchange import Exchange, Shared, exchanges, shared
from ciopt.studies.narrowed import Narrowed, solve_narrowed
from ciopt.studies.pool import Pool

PICO = 10**12
LEAST_SECONDS = 0.5


class Alternatives(Words):
    """Plans that are about as good and far from each other."""

    kind: Literal["alternatives"] = "alternatives"
    instance: InstanceStamp = InstanceStamp()
    goal: str = "value"
    within: Exact
    """Relative: how much worse than the best plan found a plan may be."""
    floor: Exact | None = None
    """The objective that every plan reaches (for cost: does not exceed)."""
    bound: Exact | None = None
    """No plan at all is better than this."""
    differ_in: Aspect
    unit: str = ""
    asked: Count
    distance: Count = 0
    """At least so much between any two of the plans."""
    plans: tuple[Plan, ...] = ()
    """The best one first."""
    no_more: Flag = False
    """Whether it is proven that no further plan keeps distance and floor."""
    stopped_by: StoppedBy | None = None
    assignments: tuple[Shared, ...] = ()
    """How many plans have each; what none has is left out."""
    never: tuple[str, ...] = ()
    """Activities that are offered and that no plan does: ``intervention/place``."""
    exchangeable: tuple[Exchange, ...] = ()
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


@dataclass
class _Attempt:
    """Plans at one distance, and how the series ended."""

    least: int
    plans: list[Plan]
    no_more: bool = False
    stopped_by: StoppedBy | None = None


def alternatives(
    instance: Instance,
    settings: Settings | None = None,
    *,
    within: Decimal = Decimal("0.01"),
    count: int = 5,
    differ_in: Aspect = "activity",
    scenario: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    pool: Pool | None = None,
) -> Alternatives:
    """Find plans that are about as good as the best one and really different from each other.

    Parameters
    ----------
    within
        Relative to the best plan found.
    count
        How many plans, the best one among them.
    differ_in
        What the distance counts: see `ciopt.studies.distance`.
    settings
        ``time_limit`` is that of all solves together.
    pool
        Where to try several distances side by side, each with one thread unless the settings say more. The
        plans of one distance need each other and are found one by one. Without a time limit the answer is
        the same; here, one distance after the other, if None. A pool has its own progress and interrupt.

    Raises
    ------
    UsageError
        If ``within`` or ``count`` makes no sense.

    Examples
    --------
    >>> found = alternatives(instance, within=Decimal("0.02"), count=3)  # doctest: +SKIP
    >>> found.distance, len(found.plans)  # doctest: +SKIP
    (12, 3)
    """
    if not 0 <= within < 1 or count < 1:
        raise UsageError("--within is from 0 to below 1, --count at least 1")
    wish = _Wish(settings or Settings(), within, count, differ_in)
    if pool is not None:
        wish = replace(wish, settings=replace(wish.settings, threads=wish.settings.threads or 1))
        interrupt = pool.interrupt
    with keeping():
        return _Search(instance, scenario, wish, progress, interrupt or Event(), pool).run()


@dataclass(frozen=True)
class _Wish:
    """What was asked for."""

    settings: Settings
    within: Decimal
    count: int
    aspect: Aspect


class _Search:
    def __init__(
        self,
        instance: Instance,
        scenario: str | None,
        wish: _Wish,
        progress: Callable[[Progress], None] | None,
        interrupt: Event,
        pool: Pool | None = None,
    ) -> None:
        self.instance, self.scenario, self.pool = instance, scenario, pool
        self.wish, self.settings = wish, wish.settings
        self.progress, self.interrupt = progress, interrupt
        limit = wish.settings.time_limit
        self.deadline = None if limit is None else time.monotonic() + limit
        changed = apply(instance, scenario).instance
        self.program: Program = compile_program(changed)
        goals = changed.agenda.goals
        self.goal = next(each for each in goals if each in ("value", "cost"))
        self.sign = 1 if self.goal == "value" else -1

    def run(self) -> Alternatives:
        """Solve once freely, then for distance after distance."""
        limit = self.settings.time_limit
        first = replace(self.settings, time_limit=None if limit is None else limit / (self.wish.count + 1))
        best = solve(
            self.instance,
            first,
            scenario=self.scenario,
            progress=self.progress,
            interrupt=self.interrupt,
        )
        told = Alternatives(
            instance=best.instance,
            goal=self.goal,
            within=self.wish.within,
            bound=best.bound,
            differ_in=self.wish.aspect,
            unit=UNITS[self.wish.aspect],
            asked=self.wish.count,
            notes=best.run.notes,
        )
        if not best.has_plan or best.objective is None:
            return told.model_copy(
                update={"stopped_by": best.stopped_by, "no_more": best.status == "infeasible"}
            )
        floor = self.floor(best)
        kept = self.attempts(best, floor)
        kept.plans.sort(key=lambda plan: -self.sign * (plan.objective or Decimal(0)))
        floor = self.floor(kept.plans[0])
        kept.plans = [plan for plan in kept.plans if self.reaches(plan, floor)]
        return told.model_copy(
            update={
                "floor": floor,
                "distance": apart(self.wish.aspect, kept.plans) or 0,
                "plans": tuple(kept.plans),
                "no_more": kept.no_more,
                "stopped_by": kept.stopped_by,
                **self.summary(kept.plans),
            }
        )

    def floor(self, best: Plan) -> Decimal:
        """What a plan has to reach to be about as good as another one."""
        assert best.objective is not None
        return best.objective - self.sign * self.wish.within * abs(best.objective)

    def attempts(self, best: Plan, floor: Decimal) -> _Attempt:
        """Halve the distance until there are enough plans; keep the attempt with the most.

        Each attempt but the last gets half of the time that is left.
        """
        kept = _Attempt(1, [best])
        for attempt in self.tried(best, floor):
            if len(attempt.plans) > len(kept.plans) or len(kept.plans) == 1:
                kept = attempt
            if len(attempt.plans) >= self.wish.count or attempt.stopped_by == "interrupt":
                break
        return kept

    def tried(self, best: Plan, floor: Decimal) -> Iterator[_Attempt]:
        """Try distance after distance, the largest first; in a pool as many at once as it has workers."""
        series = _halved(most(self.wish.aspect, best))
        width = 1 if self.pool is None else self.pool.width
        for number in range(0, len(series), width):
            together = series[number : number + width]
            now, until = time.monotonic(), self.deadline
            if until is not None and together[-1] > 1:
                until = now + (until - now) / 2
            if self.pool is None:
                yield self.attempt(best, floor, together[0], until)
                continue
            seconds = None if until is None else until - now
            asked = (self.instance, self.scenario, self.wish, best, floor)
            answers = self.pool.each(_attempt, [(*asked, least, seconds) for least in together])
            for least, answer in zip(together, answers, strict=True):
                yield answer or _Attempt(least, [best], stopped_by="interrupt")

    def attempt(self, best: Plan, floor: Decimal, least: int, until: float | None) -> _Attempt:
        """Add one plan after the other, each far from all before."""
        attempt = _Attempt(least, [best])
        while len(attempt.plans) < self.wish.count:
            left = None if until is None else until - time.monotonic()
            if self.interrupt.is_set() or (left is not None and left < LEAST_SECONDS):
                attempt.stopped_by = "interrupt" if self.interrupt.is_set() else "time_limit"
                return attempt
            found = self.next_plan(attempt.plans, floor, least, left)
            if found.plan is None or not self.reaches(found.plan, floor):
                attempt.no_more = found.proven
                attempt.stopped_by = None if found.proven else found.stopped_by
                return attempt
            attempt.plans.append(found.plan)
        return attempt

    def next_plan(self, plans: list[Plan], floor: Decimal, least: int, left: float | None) -> Narrowed:
        """Ask for the best plan that is far from all others and good enough."""

        def conditions(side: SideConditions) -> None:
            for number, plan in enumerate(plans, 1):
                keep_away(side, self.wish.aspect, plan, least, number)
            self.hold(side, floor)

        share = None if left is None else left / (self.wish.count - len(plans) + 1)
        settings = replace(
            self.settings, time_limit=share, gap=max(self.settings.gap, float(self.wish.within) / 2)
        )
        return solve_narrowed(
            self.instance,
            conditions,
            settings,
            scenario=self.scenario,
            program=self.program,
            progress=self.progress,
            interrupt=self.interrupt,
            start=plans[0],
        )

    def hold(self, side: SideConditions, floor: Decimal) -> None:
        """Ask for at least the floor, where it is a goal of its own and its numbers fit a row."""
        goal = self.program.goals[0]
        if goal.name != self.goal or goal.coefficient.dtype == object:
            return
        least = (self.sign * int(floor * PICO) - goal.offset) / goal.unit
        side.add_row("good enough", goal.column, goal.coefficient, lower=-int(-least // 1))

    def reaches(self, plan: Plan, floor: Decimal) -> bool:
        """Whether a plan is good enough."""
        return plan.objective is not None and self.sign * plan.objective >= self.sign * floor

    def summary(self, plans: Iterable[Plan]) -> dict[str, Any]:
        """Say what the plans have in common, and what takes the place of what."""
        plans = list(plans)
        done = {each.option.activity for plan in plans for each in plan.assignments}
        offered = {option.activity for option in SideConditions(self.program).columns}
        return {
            "assignments": shared(plans),
            "never": tuple(sorted("/".join(activity) for activity in offered - done)),
            "exchangeable": exchanges(plans),
        }


def _halved(distance: int) -> list[int]:
    """Return the distance, half of it, a quarter, and so on down to 1."""
    series = [distance]
    while series[-1] > 1:
        series.append(max(1, series[-1] // 2))
    return series


def _attempt(
    instance: Instance,
    scenario: str | None,
    wish: _Wish,
    best: Plan,
    floor: Decimal,
    least: int,
    seconds: float | None,
    stop: Event,
) -> _Attempt:
    """Try one distance, in a worker."""
    until = None if seconds is None else time.monotonic() + seconds
    return _Search(instance, scenario, wish, None, stop).attempt(best, floor, least, until)


def apart(aspect: Aspect, plans: Iterable[Plan]) -> int | None:
    """Return the least distance between any two plans, rounded down; None for fewer than two."""
    plans = list(plans)
    pairs = [(one, other) for number, one in enumerate(plans) for other in plans[:number]]
    return min((int(distance(aspect, other, one)) for one, other in pairs), default=None)
