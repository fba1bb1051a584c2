"""`Repair`: what to change in an instance without a plan, so that it has one."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from ciopt.instance.base import Flag, Words
from ciopt.instance.rules import Scenario
from ciopt.plan.exact import Exact


class Change(Words):
    """One requirement that is changed."""

    path: str
    """Where it stands, as a scenario's path."""
    requirement: str
    """What people call it."""
    how: Literal["raise", "lower", "remove", "plan"]
    """Raise or lower an amount; remove a rule or a condition; make a commitment merely planned."""
    before: Exact | None = None
    after: Exact | None = None
    unit: str = ""


class Repair(Words):
    """Changes after which the instance has a plan; one was found and re-checked."""

    changes: tuple[Change, ...]
    least: Flag = False
    """Whether no smaller amounts of the same changes suffice: proven."""
    relative: Exact | None = None
    """What the changes are of what was required, added up: 0.1 is a tenth, a rule counts as 1."""
    set: dict[str, Any] = Field(default_factory=dict)
    """New values by path: a scenario's `set`."""
    remove: tuple[str, ...] = ()
    """Paths to take away: a scenario's `remove`."""

    @property
    def scenario(self) -> Scenario:
        """The changes as a scenario."""
        return Scenario(set=self.set, remove=self.remove)
