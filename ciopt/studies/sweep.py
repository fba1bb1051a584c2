"""Sweeps: one or several numbers of the instance take several values, each combination is solved."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from typing import Any, Literal

from ciopt.instance import Instance
from ciopt.instance.base import Flag, Words
from ciopt.plan.records import InstanceStamp
from ciopt.planner import stamp
from ciopt.settings import Settings
from ciopt.studies.case import Asked, Case, asked
from ciopt.studies.comparison import cases_of, frames_of, solve_all
from ciopt.studies.pool import Pool
from ciopt.studies.standing import ranked
from ciopt.studies.what_if import Axis, cross, shown


class SweepAxis(Words):
    """What is varied, and the values in the order in which they were given."""

    path: str
    values: tuple[str, ...]
    """As text: numbers, words or JSON."""


class Point(Words):
    """One combination of values, and what comes of it."""

    values: tuple[str, ...]
    """One for each axis."""
    case: Case


class Sweep(Words):
    """All combinations of some values, each compared with the instance as it is."""

    kind: Literal["sweep"] = "sweep"
    instance: InstanceStamp = InstanceStamp()
    goals: tuple[str, ...] = ()
    """Of the instance's agenda, in order."""
    asked: Asked | None = None
    """How the points were solved."""
    complete: Flag = True
    """Whether nothing was interrupted: otherwise the points are those that were finished."""
    axes: tuple[SweepAxis, ...] = ()
    base: Case | None = None
    """The instance as it is; None if even that was interrupted."""
    points: tuple[Point, ...] = ()
    """In the order of the values; the last axis changes fastest."""
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def sweep(
    instance: Instance, axes: Sequence[Axis], settings: Settings | None = None, *, pool: Pool | None = None
) -> Sweep:
    """Solve an instance for every combination of values.

    Every solve starts from the plan of the instance as it is, so that the result depends neither on the
    number of workers nor on the order in which they finish.

    Parameters
    ----------
    axes
        From `set_each`.
    pool
        Where to solve, left open; this process if None.

    Raises
    ------
    UsageError
        If a value makes no sense where it is set.

    Examples
    --------
    >>> result = sweep(instance, [set_each("partners.mars.budget=1e6,2e6,4e6")])  # doctest: +SKIP
    >>> [point.case.objective for point in result.points]  # doctest: +SKIP
    [Decimal('16120'), Decimal('17002'), Decimal('17911')]
    """
    settings = settings or Settings()
    what_ifs = cross(axes)
    frames = frames_of(instance, what_ifs)
    with Pool() if pool is None else nullcontext(pool) as hands:
        base, answers = solve_all(instance, what_ifs, settings, hands)
        notes = tuple(hands.notes)
    cases = cases_of(frames, what_ifs, base, answers)
    first, *others = ranked(cases) if cases else (None,)
    by_key = {case.key: case for case in others if case is not None}
    return Sweep(
        instance=stamp(instance),
        goals=instance.agenda.goals,
        asked=asked(settings),
        complete=len(cases) == 1 + len(what_ifs),
        axes=tuple(SweepAxis(path=each.path, values=tuple(map(shown, each.values))) for each in axes),
        base=first,
        points=tuple(
            Point(values=_values(axes, each.scenario), case=by_key[each.key])
            for each in what_ifs
            if each.key in by_key
        ),
        notes=notes,
    )


def _values(axes: Sequence[Axis], scenario: Any) -> tuple[str, ...]:
    return tuple(shown(scenario.set[each.path]) for each in axes)
