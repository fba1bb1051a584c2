"""`trade_off`: plans that are best on one indicator for what they do on another, in exact steps.

Totals are integers of 10^-6. A box between two neighbours is split: best on the first indicator with at least
the middle on the second (a target of the instance), then best on the second with what the first then has.
What is proven on the way closes boxes; when none is left, all such plans are known (one for each pair of
totals).
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from threading import Event
from typing import Literal, NamedTuple

from ciopt.errors import UsageError, did_you_mean
from ciopt.instance import Instance
from ciopt.instance.agenda import Agenda, Target
from ciopt.instance.base import MICRO
from ciopt.instance.records import Indicator
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.compose import decimal
from ciopt.planner import stamp
from ciopt.settings import Progress, Settings
from ciopt.studies.frontier_records import OpenBox, TradeOff, TradePoint
from ciopt.studies.pool import Pool
from ciopt.studies.solving import Solver
from ciopt.studies.worth import value_of

POINTS = 12


class _Found(NamedTuple):
    """A plan by its two totals (10^-6, larger is better), and whether each step to it was proven."""

    first: int
    second: int
    proven: bool
    plan: Plan


class _Box(NamedTuple):
    """Between two neighbours: what could still be there lies strictly inside both ranges."""

    first: tuple[int, int]
    second: tuple[int, int]
    is_flat: bool = False
    """Whether nothing was found just above it."""

    @property
    def is_empty(self) -> bool:
        """Whether no pair of integers lies strictly inside."""
        return self.first[1] - self.first[0] < 2 or self.second[1] - self.second[0] < 2

    @property
    def area(self) -> int:
        """For the choice of the next box."""
        return (self.first[1] - self.first[0]) * (self.second[1] - self.second[0])


def trade_off(
    instance: Instance,
    indicators: tuple[str, str],
    settings: Settings | None = None,
    *,
    scenario: str | None = None,
    points: int = POINTS,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    pool: Pool | None = None,
) -> TradeOff:
    """Find plans that no other beats on both of two indicators.

    All rules, limits and hard targets hold; weights, saturation and soft targets say what the coalition
    wants, and are left out: what counts is how far each indicator moves in the direction of its weight.

    Parameters
    ----------
    indicators
        Their ids.
    points
        Most plans to find; fewer if these are proven to be all.

    Raises
    ------
    UsageError
        If an indicator does not exist, or both are the same.

    Examples
    --------
    >>> trade_off(instance, ("income", "stunting")).complete  # doctest: +SKIP
    True
    """
    settings = settings or Settings()
    applied = apply(instance, scenario)
    both = tuple(_indicator(applied.instance, name) for name in indicators)
    if both[0].id == both[1].id:
        raise UsageError(f"{both[0].id} against itself: name two indicators")
    study = _Study(applied.instance, (both[0], both[1]), Solver(settings, progress, interrupt, pool))
    stopped_by = study.run(max(2, points))
    left_out = "weights, saturation and soft targets are left out; rules, limits and hard targets hold"
    return study.told(stopped_by).model_copy(
        update={
            "instance": stamp(instance, scenario),
            "seed": settings.seed,
            "gap": Decimal(str(settings.gap)),
            "notes": (*applied.notes, left_out),
        }
    )


def _indicator(instance: Instance, name: str) -> Indicator:
    known = {each.id: each for each in instance.indicators}
    if name not in known:
        hint = did_you_mean(name, known) or "known: " + ", ".join(known)
        raise UsageError(f"no indicator is called {name!r}; {hint}")
    return known[name]


class _Study:
    """Plans found and boxes still open."""

    def __init__(self, instance: Instance, both: tuple[Indicator, Indicator], solver: Solver) -> None:
        self.instance, self.both, self.solver = instance, both, solver
        self.signs = tuple(-1 if each.weight < 0 else 1 for each in both)
        self.found: list[_Found] = []
        self.boxes: list[_Box] = []
        self.stuck: list[_Box] = []
        self.impossible = False

    def run(self, points: int) -> Literal["points", "gap", "time_limit", "interrupt"] | None:
        """Find the ends, then split the largest box until none is left; say why it stopped before."""
        first = self._best(0, {})
        if first is None:
            return None if self.impossible else self._stopped() or "gap"
        second = self._best(1, {}) if not self._stopped() else None
        self._add(first)
        if second is None:
            return self._stopped() or "gap"
        self._add(second)
        if not (first.proven and second.proven):
            self.stuck.append(_Box((second.first, first.first), (first.second, second.second)))
        self.boxes = [_Box((second.first, first.first), (first.second, second.second))]
        while True:
            self.boxes = [box for box in self.boxes if not box.is_empty]
            if not self.boxes:
                return "gap" if self.stuck else None
            if len(self.found) >= points:
                return "points"
            stopped = self._stopped()
            if stopped:
                return stopped
            box = max(self.boxes, key=lambda each: each.area)
            self.boxes.remove(box)
            self._split(box)

    def _split(self, box: _Box) -> None:
        """Best on the first with at least the middle of the second, or with just more than the box's end.

        The latter where the upper half is known to be empty: it closes the box, or finds the next plan.
        """
        low, high = box.second
        least = low + 1 if box.is_flat else low + (high - low + 1) // 2
        one = self._solve(0, {1: least})
        if one is None:
            self.stuck.append(box)
            return
        if one.status == "optimal" and self._totals(one)[0] <= box.first[0]:
            if not box.is_flat:  # nothing but the neighbour has so much of the second
                self.boxes.append(_Box(box.first, (low, least), is_flat=True))
            return
        new = self._then(0, {1: least}, one)
        if not new.proven:
            self.stuck.append(box)  # the bound was not reached: what lies inside is not known
        if new.first > box.first[0]:
            self._add(new)
            self.boxes.append(_Box((box.first[0], new.first), (new.second, high)))
            # nothing beyond new.first has so much of the second
            self.boxes.append(_Box((new.first, box.first[1]), (low, least)))

    def _best(self, which: int, least: dict[int, int]) -> _Found | None:
        """Best on one indicator, then on the other with that; None without a plan."""
        one = self._solve(which, least)
        return None if one is None else self._then(which, least, one)

    def _then(self, which: int, least: dict[int, int], one: Plan) -> _Found:
        """Best on the other indicator with what a plan has of the first."""
        if self._stopped():
            return self._as_found(one, proven=False)
        two = self._solve(1 - which, {**least, which: self._totals(one)[which]}, one)
        proven = one.status == "optimal" and two is not None and two.status == "optimal"
        return self._as_found(two or one, proven=proven)

    def _as_found(self, plan: Plan, *, proven: bool) -> _Found:
        first, second = self._totals(plan)
        return _Found(first, second, proven, plan)

    def _solve(self, which: int, least: dict[int, int], start: Plan | None = None) -> Plan | None:
        what = f"plan {len(self.found) + 1}, {self.both[which].id}"
        plan = self.solver.solve(what, self._instance(which, least), start, to_come=2)
        self.impossible = self.impossible or (plan.status == "infeasible" and not least)
        return plan if plan.has_plan else None

    def _instance(self, which: int, least: dict[int, int]) -> Instance:
        """Weight 1 for one indicator, and a hard target for what the other must have."""
        indicators = tuple(
            each.model_copy(
                update={
                    "weight": Decimal(self.signs[which] if each.id == self.both[which].id else 0),
                    "saturates_at": None,
                }
            )
            for each in self.instance.indicators
        )
        targets = [target for target in self.instance.agenda.targets if not target.soft]
        for number, total in least.items():
            name, bound = self.both[number].id, decimal(self.signs[number] * total)
            rises = self.signs[number] > 0
            targets.append(
                Target(indicator=name, at_least=bound) if rises else Target(indicator=name, at_most=bound)
            )
        agenda = Agenda(maximize="value", targets=tuple(targets), max_cost=self.instance.agenda.max_cost)
        return self.instance.model_copy(update={"indicators": indicators, "agenda": agenda})

    def _totals(self, plan: Plan) -> tuple[int, int]:
        totals = {each.id: each.total for each in plan.indicators}
        first, second = (
            sign * int(Fraction(totals[each.id]) * MICRO)
            for each, sign in zip(self.both, self.signs, strict=True)
        )
        return first, second

    def _add(self, new: _Found) -> None:
        """Keep what nothing known beats."""
        if any(each.first >= new.first and each.second >= new.second for each in self.found):
            return
        self.found = [
            each for each in self.found if not (new.first >= each.first and new.second >= each.second)
        ]
        self.found.append(new)

    def _stopped(self) -> Literal["time_limit", "interrupt"] | None:
        stopped = self.solver.stopped_by
        return None if stopped is None else "interrupt" if stopped == "interrupt" else "time_limit"

    def told(self, stopped_by: Literal["points", "gap", "time_limit", "interrupt"] | None) -> TradeOff:
        """All that was found, for the record."""
        first, second = self.both
        found = sorted(self.found, key=lambda each: -each.first)
        return TradeOff(
            indicators=(first.id, second.id),
            names=(first.name, second.name),
            units=(first.unit, second.unit),
            falls=(first.weight < 0, second.weight < 0),
            points=tuple(self.point(each) for each in found),
            open=tuple(self.open_box(box) for box in (*self.boxes, *self.stuck) if not box.is_empty),
            complete=stopped_by is None,
            stopped_by=stopped_by,
            engine=", ".join(sorted({each.plan.run.solver for each in found})),
            seconds=Decimal(f"{self.solver.seconds:.3f}"),
        )

    def point(self, found: _Found) -> TradePoint:
        """A plan for the record, in the indicators' own directions."""
        return TradePoint(
            first=decimal(self.signs[0] * found.first),
            second=decimal(self.signs[1] * found.second),
            proven=found.proven,
            value=value_of(self.instance, found.plan),
            cost=found.plan.cost or Decimal(0),
            assignments=len(found.plan.assignments),
        )

    def open_box(self, box: _Box) -> OpenBox:
        """A box for the record, each pair from its worse to its better end."""
        first, second = (
            tuple(decimal(sign * total) for total in ends)
            for sign, ends in zip(self.signs, (box.first, box.second), strict=True)
        )
        return OpenBox(first=(first[0], first[1]), second=(second[0], second[1]))
