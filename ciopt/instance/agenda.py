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
    """How shares must be fair, between places, groups or partners.

    What a member gets is its outcome: its own part of the value, or of one indicator; for partners with
    ``"counts": "burden"`` minus what it has to pay for. Outcomes are compared per unit of an attribute and
    rounded down to 10^-6. Members whose attribute is 0 do not count.
    """

    over: Literal["places", "groups", "partners"] = "places"
    """The members. A group has what its places have, and the effects of its own synergies. Partners are
    those that can deliver something."""
    counts: Literal["credit", "burden"] = "credit"
    """For partners: what their own assignments move (alone, without synergies); or what their assignments,
    participation and coordination cost, whoever pays: less is better."""
    indicator: Id | None = None
    """Looks at this indicator alone, in its units; one of negative weight counts with the other sign: a fall
    is good. If missing, value: every indicator at its weight, saturated where it saturates per place."""
    per: Id | None = None
    """Attribute of the places that outcomes are divided by (groups: summed). For partners ``budget``: their
    own. If missing, every member counts as 1."""
    how: Literal["floor", "maximin", "leximin", "dial"] = "floor"
    """``floor``: each member gets so much, or the plan is not allowed (if the priorities name fairness, a
    goal: the least sum of what lacks). ``maximin``: the worst-off member gets the most; ``leximin``: then the
    second worst-off, and so on. ``dial``: value is mixed with the outcome of the worst-off."""
    share: Number | None = None
    """For floor: least part of the mean outcome per unit (Σ outcomes / Σ attribute). A burden is at most so
    many times the mean."""
    at_least: Number | None = None
    """For floor: least outcome per unit."""
    at_most: Number | None = None
    """For floor on burdens: largest burden per unit."""
    dial: Number | None = None
    """For dial, from 0 to 1: maximise (1 - dial) x value + dial x (Σ attribute) x (outcome per unit of the
    worst-off). At 1 only the worst-off count; equal outcomes are worth the same at any dial."""

    @property
    def is_goal(self) -> bool:
        """Whether it is a goal even where the priorities do not name it."""
        return self.how in ("maximin", "leximin")


class Risk(Words):
    """How uncertain estimates count in the goal ``value``. Targets look at central values.

    An estimate is an intervention's impact on an indicator, or what a synergy adds to one. It errs the same
    way everywhere, by a multiplier that its range or its grade of evidence describes. What an overlap leaves
    of an assignment is settled at central values.
    """

    how: Literal["expected", "robust", "cvar"] = "expected"
    """``expected``: the central value counts. ``robust``: value, less the ``gamma`` largest losses; an
    estimate loses what its part of the value (before saturation) falls by at the worse end of its 80 %
    interval. At least so much is left if no more than ``gamma`` estimates err within their intervals.
    ``cvar``: the mean of the worst ``alpha`` of sampled values."""
    gamma: Number | None = None
    """For robust: how many estimates may go wrong at once, a whole number."""
    cost_gamma: Number | None = None
    """For robust: how many costs may be overrun at once, a whole number. The cost of an intervention overruns
    alike everywhere, up to the upper end of its interval. Cost and the ``cost_gamma`` largest overruns
    together stay within ``max_cost``; without one, within all money that funds and budgets have."""
    alpha: Number | None = None
    """For cvar: part of the samples that counts, in (0, 1]; so many samples, rounded up."""
    samples: Count | None = None
    """For cvar: how many samples, 100 if missing. Each estimate takes each of so many quantiles once, in an
    order that depends on its name alone: every plan meets the same samples."""


DEFAULT_SAMPLES = 100

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
    """Goals in order: a later one never costs an earlier one anything. ``targets``: least total penalty.
    Maximin and leximin fairness that is not named comes right before the value (or the cost minimised)."""
    risk: Risk | None = None

    @property
    def goals(self) -> tuple[Goal, ...]:
        """The goals in order; `ciopt.instance.goals` takes leximin apart into its stages."""
        main: Goal = "cost" if self.minimize else "value"
        goals = self.priorities or (main,)
        if self.fairness is None or not self.fairness.is_goal or "fairness" in goals:
            return goals
        before = goals.index(main)
        return (*goals[:before], "fairness", *goals[before:])

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
