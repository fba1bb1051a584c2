"""The agenda: what the coalition maximises and what must hold."""

from __future__ import annotations

from decimal import Decimal
from typing import Literal

from ciopt.instance.base import Count, Flag, Id, Number, Record, Words


class Target(Record):
    """The plan moves an indicator by at least (or at most) so much: in all, in a group or at a place."""

    id: Id | None = None
    indicator: Id
    at_least: Number | None = None
    at_most: Number | None = None
    group: Id | None = None
    place: Id | None = None
    soft: Flag = False
    """May be missed, at a price."""
    penalty: Number = Decimal(0)
    """Price of a missing unit: in value, or in money where cost is minimised."""


class Fairness(Words):
    """How shares must be fair (read and kept; not solved by this version)."""

    over: Literal["places", "groups", "partners"] = "places"
    per: Id | None = None
    how: Literal["floor", "maximin", "leximin"] = "floor"
    share: Number | None = None
    at_least: Number | None = None
    indicator: Id | None = None


class Risk(Words):
    """How uncertain estimates count.

    `expected`: the central values count, as without it. `robust` and `cvar` are read and kept, and not
    solved by this version; `ciopt risk` says how sure a plan is.
    """

    how: Literal["expected", "robust", "cvar"] = "expected"
    gamma: Number | None = None
    alpha: Number | None = None
    samples: Count | None = None


Goal = Literal["targets", "fairness", "value", "cost"]
Stage = Literal["targets", "fairness", "value", "cost", "total_cost"]
"""A goal, or what breaks ties between plans that are equally good."""


class Agenda(Record):
    """Common agenda: one goal, or several in order of priority."""

    maximize: Literal["value"] | None = None
    minimize: Literal["cost"] | None = None
    """Cheapest plan that meets the targets; needs targets."""
    targets: tuple[Target, ...] = ()
    max_cost: Number | None = None
    """Most that all may cost together, whoever pays: assignments, participation and backbones."""
    fairness: Fairness | None = None
    priorities: tuple[Goal, ...] = ()
    """Goals in order: a later one never costs an earlier one anything. `targets`: least total penalty."""
    risk: Risk | None = None

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals in order."""
        if self.priorities:
            return self.priorities
        return ("cost",) if self.minimize else ("value",)

    @property
    def bearer(self) -> Goal:
        """The goal that bears the penalties of soft targets: `targets`, or the first of value and cost."""
        if "targets" in self.goals:
            return "targets"
        return next(goal for goal in self.goals if goal in ("value", "cost"))

    @property
    def stages(self) -> tuple[Stage, ...]:
        """The goals, and then the cost that breaks ties; without the penalties that a cost goal may bear."""
        if "cost" not in self.goals:
            return (*self.goals, "cost")
        bears = self.bearer == "cost" and any(target.soft for target in self.targets)
        return (*self.goals, "total_cost") if bears else self.goals
