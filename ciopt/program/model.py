"""`Program`: an instance as integers, with the structure that makes it easy still visible.

Columns are non-negative integers: options, thresholds, switches, carried synergies, payments, utilities
and shortfalls. Besides plain rows there are three kinds of structure, each exact by definition:

- choices: at most one option an activity (options are sorted by activity);
- thresholds: z = 1 exactly if at least k of its members hold (AND: k = n, OR: k = 1);
- switches: s >= each of its members.

A *literal* is a set of columns of which at most one is 1; "it holds" means that their sum is 1. The first
literals are the activities.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.estimates import Estimated
from ciopt.program.exact import Integers
from ciopt.program.forms import Floor, Forms, Ordered
from ciopt.program.purse import Purse
from ciopt.program.rows import NONE, Ragged, RowKind, Rows

__all__ = [
    "NONE",
    "NO_BONUS",
    "Bonus",
    "Carried",
    "Effects",
    "Floor",
    "Forms",
    "Goal",
    "Options",
    "Ordered",
    "Payers",
    "Program",
    "Ragged",
    "RowKind",
    "Rows",
    "Switches",
    "Thresholds",
    "option_at",
]


@dataclass(frozen=True)
class Options:
    """All options as arrays, sorted by activity, partner, start period and level.

    Parameters
    ----------
    activity
        Number of the activity, consecutive from 0.
    partner, intervention, place, period
        Positions in the instance's tables.
    level
        Position in the intervention's levels, -1 if it has none.
    capability
        Position in the instance's capabilities.
    cost
        Minor units.
    """

    activity: NDArray[np.int64]
    partner: NDArray[np.int64]
    intervention: NDArray[np.int64]
    place: NDArray[np.int64]
    period: NDArray[np.int64]
    level: NDArray[np.int64]
    capability: NDArray[np.int64]
    cost: NDArray[np.int64]

    def __len__(self) -> int:
        return len(self.activity)


def option_at(instance: Instance, options: Options, number: int) -> Option:
    """Return one option of the arrays in domain ids."""
    intervention = instance.interventions[options.intervention[number]]
    level = int(options.level[number])
    return Option(
        instance.partners[options.partner[number]].id,
        intervention.id,
        instance.places[options.place[number]].id,
        instance.periods[options.period[number]],
        None if level < 0 else intervention.levels[level].id,
    )


@dataclass(frozen=True)
class Effects:
    """What columns move: (column, indicator, place or -1, group or -1, amount in 10^-6, estimate).

    ``estimate`` says which of `Program.estimates` the amount errs with, -1 for none. Estimates are told
    apart only where the agenda asks for risk; a synergy then may have several rows for one indicator.
    """

    column: NDArray[np.int64]
    indicator: NDArray[np.int64]
    place: NDArray[np.int64]
    group: NDArray[np.int64]
    amount: NDArray[np.int64]
    estimate: NDArray[np.int64]


@dataclass(frozen=True)
class Thresholds:
    """Column q is 1 exactly if at least ``needed[q]`` of its members (literals) hold.

    A ``free`` one may also be 0: a synergy that a backbone may choose not to carry.
    """

    column: NDArray[np.int64]
    needed: NDArray[np.int64]
    free: NDArray[np.bool_]
    members: Ragged


@dataclass(frozen=True)
class Switches:
    """Column s is at least each of its members (literals)."""

    column: NDArray[np.int64]
    members: Ragged


@dataclass(frozen=True)
class Goal:
    """Maximise ``unit`` x (Σ coefficient x column) + ``offset``, in 10^-12 of value or currency."""

    name: str
    column: NDArray[np.int64]
    coefficient: Integers
    unit: Fraction
    offset: int | Fraction = 0


@dataclass(frozen=True)
class Carried:
    """Which columns say that a backbone carries a synergy: (synergy instance, backbone, column)."""

    instance: NDArray[np.int64]
    backbone: NDArray[np.int64]
    column: NDArray[np.int64]


@dataclass(frozen=True)
class Payers:
    """How payment columns are read back: see `ciopt.program.money`.

    Parameters
    ----------
    unit
        Payment columns count in this many minor units.
    purses
        All funds: records first, then partners' own budgets.
    option_class
        Class (set of eligible funds) of each option.
    class_funds
        For each class its eligible funds.
    pooled
        (class, period or -1, fund, column): what a fund pays to a class in all.
    itemised
        (activity, class, period or -1, fund, column): what a fund pays to one assignment.
    due
        (option, period, amount): what assignments cost when, minor units.
    fixed
        (fund, column, amount): participation and backbones, paid from own budgets in any period.
    """

    unit: int
    purses: tuple[Purse, ...]
    option_class: NDArray[np.int64]
    class_funds: tuple[tuple[int, ...], ...]
    pooled: NDArray[np.int64]
    itemised: NDArray[np.int64]
    due: NDArray[np.int64]
    fixed: NDArray[np.int64]


@dataclass(frozen=True)
class Bonus:
    """What side conditions add to the first goal: Σ amount x column + offset, in 10^-12."""

    amounts: dict[int, int]
    offset: int = 0

    def of(self, values: NDArray[np.int64]) -> int:
        """Return what a plan's columns bring."""
        return self.offset + sum(amount * int(values[column]) for column, amount in self.amounts.items())


NO_BONUS = Bonus({})


@dataclass(frozen=True)
class Program:
    """An instance as integers: what engines solve. Made by `compile`, never changed.

    Parameters
    ----------
    instance, lookup
        Where it comes from.
    upper
        Upper bound of each column; the lower bound is 0.
    implied
        Columns whose integrality follows from the others' (pooled payments, thresholds), or which may be
        less than one unit too large (forms that are rounded down).
    measures
        Utilities and shortfalls: they follow from the rest and forbid nothing.
    options, literals, effects, thresholds, switches, rows, goals, carried, payers
        See their classes. ``goals`` are the agenda's, then cost as tie-break if it is not among them.
    column_labels
        Labels of the columns after the options; `label` gives any column's.
    carried_columns
        Column of each synergy instance.
    synergy_labels
        (id, at) of each synergy instance, as `carried` numbers them.
    ordered, floor
        What fairness and risk ask for, besides the rows that say the same.
    estimates
        What effects err with, where the agenda asks for risk.
    bonus
        What side conditions add to the first goal: see `ciopt.program.side`.
    own_columns
        How many columns, the last ones, side conditions have of their own.
    """

    instance: Instance
    lookup: Lookup
    upper: NDArray[np.int64]
    implied: NDArray[np.bool_]
    measures: NDArray[np.bool_]
    options: Options
    literals: Ragged
    effects: Effects
    thresholds: Thresholds
    switches: Switches
    rows: Rows
    goals: tuple[Goal, ...]
    carried: Carried
    carried_columns: NDArray[np.int64]
    payers: Payers
    column_labels: tuple[str, ...]
    synergy_labels: tuple[tuple[str, str], ...]
    ordered: tuple[Ordered, ...] = ()
    floor: Floor | None = None
    estimates: tuple[Estimated, ...] = ()
    bonus: Bonus = NO_BONUS
    own_columns: int = 0

    @property
    def num_columns(self) -> int:
        """Number of columns."""
        return len(self.upper)

    @property
    def num_activities(self) -> int:
        """Number of activities."""
        return int(self.options.activity[-1]) + 1 if len(self.options) else 0

    def option(self, number: int) -> Option:
        """Return option ``number`` in domain ids."""
        return option_at(self.instance, self.options, number)

    def label(self, column: int) -> str:
        """Name a column in domain ids."""
        if column < len(self.options):
            return self.option(column).id
        return self.column_labels[column - len(self.options)]
