"""Back from integers to words: a column vector as the decisions of a plan.

Only decisions are read: options, carried synergies, payments. Everything else follows from them and is
computed anew, so that a solver's rounding cannot reach the plan.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.lookup import Option
from ciopt.instance.money import to_minor
from ciopt.instance.options import cost_by_period
from ciopt.program.model import Program

Array = NDArray[np.int64]


def complete(program: Program, values: Array) -> Array:
    """Return the vector with thresholds and switches recomputed from options and carried synergies."""
    exact = values.copy()
    literals = program.literals
    held = np.zeros(len(literals), dtype=np.int64)
    thresholds = program.thresholds
    owner = np.repeat(np.arange(len(thresholds.column)), thresholds.members.lengths)
    # Members come before what is built on them, so a pass for each level of nesting settles all.
    for _ in range(_depth(program)):
        held = _sums(literals.start, exact[literals.index])
        count = np.bincount(owner, weights=held[thresholds.members.index], minlength=len(thresholds.column))
        met = (count >= thresholds.needed).astype(np.int64)
        exact[thresholds.column] = np.where(thresholds.free, np.minimum(met, values[thresholds.column]), met)
    _carry(program, exact)
    held = _sums(literals.start, exact[literals.index])
    switches = program.switches
    for number, column in enumerate(switches.column.tolist()):
        members = switches.members.row(number)
        exact[column] = min(1, int(held[members].max())) if len(members) else 0
    return exact


def _sums(start: Array, values: Array) -> Array:
    """Sum of each ragged row."""
    total = np.concatenate([[0], np.cumsum(values)])
    return np.asarray(total[start[1:]] - total[start[:-1]])


def _depth(program: Program) -> int:
    """How deep thresholds are built on one another, plus one."""
    level = np.zeros(program.num_columns, dtype=np.int64)
    thresholds, literals = program.thresholds, program.literals
    if not len(thresholds.column):
        return 1
    owner = np.repeat(np.arange(len(thresholds.column)), thresholds.members.lengths)
    for depth in range(1, 6):
        deepest = np.zeros(len(literals), dtype=np.int64)
        lengths = literals.lengths
        np.maximum.at(deepest, np.repeat(np.arange(len(literals)), lengths), level[literals.index])
        above = np.zeros(len(thresholds.column), dtype=np.int64)
        np.maximum.at(above, owner, deepest[thresholds.members.index])
        if (level[thresholds.column] == above + 1).all():
            return depth
        level[thresholds.column] = above + 1
    return 6


def _carry(program: Program, exact: Array) -> None:
    """A carried synergy is one that is achieved, by one backbone."""
    carried = program.carried
    columns = program.carried_columns
    several = carried.column != columns[carried.instance]
    exact[carried.column[several]] = np.minimum(
        exact[carried.column[several]], exact[columns[carried.instance[several]]]
    )


def decode(program: Program, values: Array) -> Choices:
    """Read the decisions from a completed vector."""
    chosen = np.flatnonzero(values[: len(program.options)])
    options = {int(number): program.option(int(number)) for number in chosen}
    backbones = _backbones(program, values)
    payments = _Payments(program, values, options, backbones)
    return Choices(tuple(sorted(options.values(), key=lambda option: option.id)), payments.all(), backbones)


def _backbones(program: Program, values: Array) -> dict[str, tuple[tuple[str, str], ...]]:
    carried, records = program.carried, program.instance.backbones
    found: dict[str, list[tuple[str, str]]] = {}
    for q, backbone, column in zip(carried.instance, carried.backbone, carried.column, strict=True):
        if values[column]:
            found.setdefault(records[backbone].partner, []).append(program.synergy_labels[q])
    return {partner: tuple(sorted(labels)) for partner, labels in sorted(found.items())}


class _Payments:
    """Turns payment columns into payments to the minor unit, fund by fund and period by period."""

    def __init__(
        self,
        program: Program,
        values: Array,
        options: dict[int, Option],
        backbones: dict[str, tuple[tuple[str, str], ...]],
    ) -> None:
        self.program, self.values = program, values
        self.lookup, self.payers = program.lookup, program.payers
        self.options, self.backbones = options, backbones
        self.due = {column: dict(cost_by_period(self.lookup, option)) for column, option in options.items()}
        self.paid: dict[tuple[str, str, str], int] = {}

    def all(self) -> tuple[Paid, ...]:
        """All payments, sorted."""
        self._itemised()
        self._pooled()
        self._single()
        self._fixed()
        return tuple(sorted(Paid(*key, amount) for key, amount in self.paid.items()))

    def _pay(self, fund: int, column: int, amount: int, period: int) -> int:
        """Pay what is due of one assignment (in one period, or -1: in any); return what is left to pay."""
        name, option = self.payers.purses[fund].name, self.options[column].id
        periods = self.program.instance.periods
        for when in list(self.due[column]) if period < 0 else [periods[period]]:
            part = min(amount, self.due[column].get(when, 0))
            if part:
                key = name, option, when
                self.paid[key] = self.paid.get(key, 0) + part
                self.due[column][when] -= part
                amount -= part
        return amount

    def _itemised(self) -> None:
        by_activity = {int(self.program.options.activity[column]): column for column in self.options}
        for activity, number, period, fund, column in self.payers.itemised.tolist():
            amount = int(self.values[column]) * self.payers.unit
            chosen = by_activity.get(activity)
            if amount and chosen is not None and self.payers.option_class[chosen] == number:
                self._pay(fund, chosen, amount, period)

    def _pooled(self) -> None:
        members: dict[int, list[int]] = {}
        for column in sorted(self.options, key=lambda column: self.options[column].id):
            members.setdefault(int(self.payers.option_class[column]), []).append(column)
        for number, period, fund, column in self.payers.pooled.tolist():
            amount = int(self.values[column]) * self.payers.unit
            for chosen in members.get(number, []):
                if not amount:
                    break
                amount = self._pay(fund, chosen, amount, period)

    def _single(self) -> None:
        """What is still due falls to the one payer that is left."""
        itemising = set(np.unique(self.payers.itemised[:, 3]).tolist())
        for column in self.options:
            left = sum(self.due[column].values())
            funds = self.payers.class_funds[self.payers.option_class[column]]
            rest = [fund for fund in funds if fund not in itemising]
            if left and len(rest) == 1:
                self._pay(rest[0], column, left, -1)

    def _fixed(self) -> None:
        """Participation and backbones are paid as early as the partner's own budget allows."""
        currency = self.program.instance.currency
        due: dict[str, list[tuple[str, int]]] = {}
        for partner in {option.partner for option in self.options.values()}:
            amount = to_minor(self.lookup.partners[partner].participation_cost, currency)
            due.setdefault(partner, []).append((f"participation:{partner}", amount))
        for backbone in self.program.instance.backbones:
            if backbone.partner in self.backbones:
                carried = len(self.backbones[backbone.partner])
                each = to_minor(backbone.cost_per_synergy, currency)
                amount = to_minor(backbone.cost, currency) + carried * each
                due.setdefault(backbone.partner, []).append((f"backbone:{backbone.partner}", amount))
        spent: dict[tuple[str, str], int] = {}
        for (name, _, period), amount in self.paid.items():
            spent[name, period] = spent.get((name, period), 0) + amount
        for partner, bills in due.items():
            free = self._free(partner, spent)
            for what, amount in bills:
                for period, room in free.items():
                    part = min(amount, room)
                    if part:
                        self.paid[OWN_BUDGET + partner, what, period] = part
                        free[period] -= part
                        amount -= part

    def _free(self, partner: str, spent: dict[tuple[str, str], int]) -> dict[str, int]:
        """What is left of a partner's own budget in each period, after what each fund spent in each."""
        instance, fund = self.program.instance, OWN_BUDGET + partner
        budget = self.lookup.partners[partner].budget
        if budget is None:
            return {}
        if not isinstance(budget, dict):
            total = sum(spent.get((fund, period), 0) for period in instance.periods)
            return {instance.periods[0]: to_minor(budget, instance.currency) - total}
        return {
            period: to_minor(budget.get(period, Decimal(0)), instance.currency) - spent.get((fund, period), 0)
            for period in instance.periods
        }
