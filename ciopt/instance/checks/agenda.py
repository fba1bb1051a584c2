"""The agenda makes sense: one goal or an order of goals, targets that say something."""

from __future__ import annotations

from collections.abc import Iterator

from ciopt.errors import Path, Problem
from ciopt.instance.model import Instance


def check(instance: Instance) -> Iterator[Problem]:
    """Yield contradictions of the agenda (E210) and of its targets (E211)."""
    agenda = instance.agenda
    if not instance.periods:
        yield Problem("E209", "the list of periods is empty", ("periods",), "name one, or leave the key out")
    if agenda.maximize and agenda.minimize:
        yield Problem("E210", "the agenda both maximizes and minimizes", ("agenda",), "keep one")
    if agenda.minimize and not agenda.targets:
        help_ = "say what has to be reached in agenda.targets"
        yield Problem(
            "E210", "minimizing cost needs targets: doing nothing is cheapest", ("agenda", "minimize"), help_
        )
    path: Path = ("agenda", "priorities")
    if len(set(agenda.priorities)) < len(agenda.priorities):
        yield Problem("E210", "a goal is listed twice", path)
    if agenda.priorities:
        needed = "cost" if agenda.minimize else "value"
        if needed not in agenda.priorities:
            text = f"the priorities leave out {needed!r}, which the agenda is to optimise"
            yield Problem("E210", text, path, f"add {needed!r}")
        if "fairness" in agenda.priorities and agenda.fairness is None:
            text = "the priorities name fairness, and the agenda says nothing about it"
            yield Problem("E210", text, path, "add agenda.fairness or drop it from the priorities")
        if "targets" in agenda.priorities and not any(target.soft for target in agenda.targets):
            text = "the priorities name targets, and no target is soft (hard ones always hold)"
            yield Problem("E210", text, path, "drop it from the priorities, or make a target soft")
    for n, target in enumerate(agenda.targets):
        path = ("agenda", "targets", n)
        if (target.at_least is None) == (target.at_most is None):
            yield Problem("E211", "a target says at_least or at_most, one of them", path)
        if target.group is not None and target.place is not None:
            yield Problem("E211", "a target looks at a group or at a place, not both", path)
        if target.soft and not target.penalty:
            yield Problem(
                "E211", "a soft target without penalty asks for nothing", path, "give a penalty per unit"
            )
        if target.penalty and not target.soft:
            yield Problem("E211", "a hard target has no penalty", (*path, "penalty"), 'add "soft": true')
