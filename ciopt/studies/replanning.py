"""Planning again: the best plan that respects what has started, and what stability costs.

Changes are counted by activity: one that is done otherwise than before, no longer, or newly is one change,

    changes(x) = Σ_{a in old} (1 - x_old(a)) + Σ_{a not in old} Σ_{j of a} x_j

which is what `Difference.changed` counts. They are limited (--max-changes), or each costs so much of the
first goal (--change-cost). The price of stability is how much better the free best plan is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from threading import Event
from typing import Any, Literal

from pydantic import Field

from ciopt.engines.warm import keeping
from ciopt.errors import UsageError, did_you_mean
from ciopt.instance import Instance
from ciopt.instance.base import Count, Words
from ciopt.instance.goals import sign_of
from ciopt.instance.lookup import Option
from ciopt.instance.scenarios import apply
from ciopt.plan import Assignment, Plan
from ciopt.plan.records import Exact, InstanceStamp, StoppedBy
from ciopt.planner import solve, stamp
from ciopt.program import compile_program
from ciopt.program.side import SideConditions
from ciopt.settings import Progress, Settings
from ciopt.studies.difference import Difference, difference
from ciopt.studies.narrowed import Narrowed, solve_narrowed
from ciopt.studies.pool import Pool

PICO = 10**12


class Lost(Words):
    """An assignment of the old plan that cannot be kept, and why."""

    assignment: Assignment
    why: str


class Replanning(Words):
    """A new plan, what it changes, and what keeping costs."""

    kind: Literal["replanning"] = "replanning"
    instance: InstanceStamp = InstanceStamp()
    goal: str = "value"
    """What objective and prices are in: the first of value and cost."""
    keep: str = "committed"
    now: str | None = None
    max_changes: Count | None = None
    change_cost: Exact | None = None
    status: Literal["optimal", "feasible", "infeasible", "no_plan"] = "no_plan"
    """Of the stable plan among those that keep what is to be kept."""
    stopped_by: StoppedBy | None = None
    solver: str = ""
    """Who vouches for the bound on stable plans."""
    plan: Plan | None = None
    """The stable plan, verified as a plan of the instance."""
    objective: Exact | None = None
    """Value or cost of the stable plan, without what changes cost."""
    bound: Exact | None = None
    """Of the first goal: no stable plan is better, changes paid for."""
    changes: Count = 0
    """Activities that change."""
    free: Plan | None = None
    """The best plan that keeps nothing but what the instance says."""
    price_at_least: Exact | None = None
    """Of stability: how much better the free plan is; not below 0."""
    price_at_most: Exact | None = None
    """How much better a free plan can be at most."""
    difference: Difference = Field(default_factory=Difference)
    """From the old plan to the stable one."""
    lost: tuple[Lost, ...] = ()
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def replan(
    instance: Instance,
    old: Plan,
    settings: Settings | None = None,
    *,
    keep: str = "committed",
    now: str | None = None,
    max_changes: int | None = None,
    change_cost: Decimal | None = None,
    scenario: str | None = None,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    pool: Pool | None = None,
) -> Replanning:
    """Find the best plan that stays close to an old one.

    Parameters
    ----------
    instance
        As it is now; it may differ from the one that the old plan was made for.
    keep
        ``committed``: what the instance's baseline commits to; ``all``: every assignment of the old plan that
        is still offered; ``partner:ID``: those of one partner.
    now
        A period: what started before it is kept, and nothing new starts before it.
    max_changes
        At most so many activities change.
    change_cost
        What each change costs, in the unit of the first goal.
    scenario
        Applied first.
    pool
        Where to solve the two questions, the stable plan and the free one, side by side, each with one thread
        unless the settings say more; here, one after the other, if None. A pool has its own progress and
        interrupt.

    Raises
    ------
    UsageError
        If a word is unknown, both limits are given, or the old plan has nothing in common with the instance.

    Examples
    --------
    >>> replan(instance, plan, max_changes=5).changes  # doctest: +SKIP
    4
    """
    settings, changed = settings or Settings(), apply(instance, scenario)
    current = changed.instance
    _check(current, old, keep, now, max_changes, change_cost)
    offered = set(SideConditions(compile_program(current)).columns)
    lost = _kept(current, old, keep, now, offered)[1]
    _still_possible(old, offered)
    question = _Question(instance, old, settings, scenario, keep, now, max_changes, change_cost)
    if pool is None:
        with keeping():
            free, found = question.free(progress, interrupt), question.stable(progress, interrupt)
    else:
        alone = replace(question, settings=replace(settings, threads=settings.threads or 1))
        free, found = pool.each(_answer, [(alone, "free"), (alone, "stable")])
        free = free or Plan(status="no_plan", stopped_by="interrupt", instance=stamp(instance, scenario))
        found = found or Narrowed(None, None, None, False, "interrupt", "")
    asked = {"keep": keep, "now": now, "max_changes": max_changes, "change_cost": change_cost}
    return _told(current, old, free, found, lost, asked, changed.notes)


@dataclass(frozen=True)
class _Question:
    """What was asked, as it can travel to a worker."""

    instance: Instance
    old: Plan
    settings: Settings
    scenario: str | None
    keep: str
    now: str | None
    max_changes: int | None
    change_cost: Decimal | None

    def free(self, progress: Callable[[Progress], None] | None, interrupt: Event | None) -> Plan:
        """The best plan that keeps nothing but what the instance says."""
        return solve(self.instance, self.settings, **self._how(progress, interrupt))

    def stable(self, progress: Callable[[Progress], None] | None, interrupt: Event | None) -> Narrowed:
        """The best plan that stays close."""
        current = apply(self.instance, self.scenario).instance
        program = compile_program(current)
        offered = set(SideConditions(program).columns)
        kept, _ = _kept(current, self.old, self.keep, self.now, offered)
        before = _still_possible(self.old, offered)
        early, staying = _before(current, self.now), set(kept)

        def conditions(side: SideConditions) -> None:
            side.require(kept)
            side.forbid(each for each in side.columns if each.period in early and each not in staying)
            gone = len(self.old.assignments) - len(before)
            _stay(side, before, gone, self.max_changes, self.change_cost)

        how = self._how(progress, interrupt)
        return solve_narrowed(self.instance, conditions, self.settings, program=program, **how)

    def _how(self, progress: Callable[[Progress], None] | None, interrupt: Event | None) -> dict[str, Any]:
        return {"scenario": self.scenario, "progress": progress, "interrupt": interrupt, "start": self.old}


def _answer(question: _Question, part: Literal["free", "stable"], stop: Event) -> Plan | Narrowed:
    """Answer one of the two questions, in a worker."""
    return question.free(None, stop) if part == "free" else question.stable(None, stop)


def _check(
    instance: Instance,
    old: Plan,
    keep: str,
    now: str | None,
    max_changes: int | None,
    change_cost: Decimal | None,
) -> None:
    if not old.has_plan:
        raise UsageError(f"there is nothing to keep: the plan is {old.status}")
    if max_changes is not None and change_cost is not None:
        raise UsageError("limit the changes or let each cost something, not both")
    if (change_cost is not None and change_cost < 0) or (max_changes is not None and max_changes < 0):
        raise UsageError("changes are limited by a number of at least 0, and cost at least 0")
    if now is not None and now not in instance.periods:
        hint = did_you_mean(now, instance.periods) or "known: " + ", ".join(instance.periods)
        raise UsageError(f"there is no period {now!r}; {hint}")
    if keep.startswith("partner:"):
        ids = [each.id for each in instance.partners]
        if keep.removeprefix("partner:") not in ids:
            hint = did_you_mean(keep.removeprefix("partner:"), ids) or "known: " + ", ".join(ids)
            raise UsageError(f"there is no partner {keep.removeprefix('partner:')!r}; {hint}")
    elif keep not in ("committed", "all"):
        raise UsageError(f"keep committed, all, or partner:ID, not {keep!r}")


def _before(instance: Instance, now: str | None) -> set[str]:
    """Periods that are over."""
    return set() if now is None else set(instance.periods[: instance.periods.index(now)])


def _still_possible(old: Plan, offered: set[Option]) -> list[Option]:
    """What of the old plan is still offered; a plan of which nothing is, is another coalition's."""
    before = [each.option for each in old.assignments if each.option in offered]
    if old.assignments and not before:
        name = f" ({old.instance.name})" if old.instance.name else ""
        raise UsageError(
            f"nothing that the old plan{name} does is possible in this instance: is it another coalition's?"
        )
    return before


def _kept(
    instance: Instance, old: Plan, keep: str, now: str | None, offered: set[Option]
) -> tuple[list[Option], list[Lost]]:
    """What must stay, and what cannot although it should."""
    early = _before(instance, now)
    kept, lost = [], []
    for each in old.assignments:
        wanted = keep == "all" or keep == f"partner:{each.partner}" or each.period in early
        if not wanted:
            continue
        if each.option in offered:
            kept.append(each.option)
        else:
            lost.append(Lost(assignment=each, why=_why_not(instance, each)))
    return kept, lost


def _why_not(instance: Instance, each: Assignment) -> str:
    """Say what of an assignment the instance has no word for any more."""
    tables = (
        ("partner", each.partner, [record.id for record in instance.partners]),
        ("intervention", each.intervention, [record.id for record in instance.interventions]),
        ("place", each.place, [record.id for record in instance.places]),
        ("period", each.period, list(instance.periods)),
    )
    for table, name, known in tables:
        if name not in known:
            return f"there is no {table} {name} any more"
    return f"{each.partner} does not offer it any more"


def _stay(
    side: SideConditions,
    before: Sequence[Option],
    gone: int,
    max_changes: int | None,
    change_cost: Decimal | None,
) -> None:
    """Count changes: an old assignment that does not stay, or an activity that is new."""
    stays = [side.columns[option] for option in before]
    old = {option.activity for option in before}
    new = [column for option, column in side.columns.items() if option.activity not in old]
    if max_changes is not None:
        values = [-1] * len(stays) + [1] * len(new)
        side.add_row("changes", stays + new, values, upper=max_changes - gone - len(stays))
    if change_cost:
        amount = int(change_cost * PICO)
        side.reward(stays, amount, -amount * (len(stays) + gone))
        side.reward(new, -amount)


def _told(
    instance: Instance,
    old: Plan,
    free: Plan,
    found: Narrowed,
    lost: list[Lost],
    asked: dict[str, Any],
    notes: tuple[str, ...],
) -> Replanning:
    """Put the answer together; prices are differences of certified ends."""
    goal = next(each for each in instance.agenda.goals if each in ("value", "cost"))
    sign = 1 if goal == "value" else -1
    first = sign_of(instance.agenda.stages[0])
    common = {
        "instance": free.instance,
        "goal": goal,
        "free": free,
        "lost": tuple(lost),
        "stopped_by": found.stopped_by,
        "solver": found.solver,
        "bound": None if found.bound is None else first * found.bound,
        "notes": (*notes, *found.notes),
        **asked,
    }
    if found.plan is None:
        return Replanning(status="infeasible" if found.proven else "no_plan", **common)
    moved = difference(old, found.plan)
    return Replanning(
        status="optimal" if found.proven else "feasible",
        plan=found.plan,
        objective=found.plan.objective,
        changes=moved.changed,
        price_at_least=_price(free.objective, found.plan, sign),
        price_at_most=_price(free.bound, found.plan, sign),
        difference=moved,
        **common,
    )


def _price(best: Decimal | None, stable: Plan, sign: int) -> Decimal | None:
    """What is given up against a plan (or a bound) of the free question; not below 0."""
    if best is None or stable.objective is None:
        return None
    return max(Decimal(0), sign * (best - stable.objective))
