"""Rows that may give way, each by slacks in the units of the requirements that it says."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil, gcd, lcm

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Instance
from ciopt.instance.lookup import matches
from ciopt.instance.money import minor_digits
from ciopt.instance.requirements import RATIOS, Requirement
from ciopt.instance.risk import money_limit
from ciopt.instance.rules import MustNotRule
from ciopt.program.build import ragged
from ciopt.program.model import NONE, Program, RowKind, Rows
from ciopt.program.risk import OVERRUN, RESERVE
from ciopt.program.side import SideConditions

Array = NDArray[np.int64]


@dataclass(frozen=True)
class Slack:
    """How a requirement gives way.

    Parameters
    ----------
    requirement
        Which.
    touched
        Column that is 1 if it does.
    amount
        Column that says by how many grains; None for what is dropped as a whole.
    grain
        What one unit of the amount is, in the requirement's unit.
    most
        Upper bound of the amount.
    """

    requirement: Requirement
    touched: int
    amount: int | None = None
    grain: Fraction = Fraction(1)
    most: int = 0


class Builder:
    """Takes the rows that requirements say out of a program, and puts elastic ones in."""

    def __init__(
        self, program: Program, requirements: tuple[Requirement, ...], claims: dict[int, list[int]]
    ) -> None:
        self.requirements, self.claims = requirements, claims
        self.rows = program.rows
        self.upper = program.upper
        self.money = Fraction(1, 10 ** minor_digits(program.instance.currency))
        self.rows_of: dict[int, list[int]] = defaultdict(list)
        for row, owners in claims.items():
            for owner in owners:
                self.rows_of[owner].append(row)
        kept = np.array([row not in claims for row in range(len(self.rows.labels))], dtype=np.bool_)
        self.side = SideConditions(replace(program, rows=_chosen(program.rows, np.flatnonzero(kept))))
        self.slacks: list[Slack] = []
        labels = self.rows.labels
        self.reserve = labels.index(RESERVE) if RESERVE in labels else -1
        """The row that keeps money for overruns: it has slacks of money, and may be lifted besides."""
        self.reserve_lifted = -1
        base = sum(each.base * each.forms.unit for each in program.ordered if each.name == OVERRUN)
        self.reserve_limit = (money_limit(program.lookup) + base) * self.money

    def _terms(self, row: int) -> tuple[Array, Array]:
        span = slice(self.rows.terms.start[row], self.rows.terms.start[row + 1])
        return self.rows.terms.index[span], self.rows.value[span]

    def _ends(self, row: int) -> tuple[int, int]:
        """Least and most that a row's sum can be."""
        columns, values = self._terms(row)
        sums = values.astype(object) * self.upper[columns].astype(object)
        return int(sum(each for each in sums if each < 0)), int(sum(each for each in sums if each > 0))

    def _touched(self, number: int) -> int:
        return int(self.side.add_columns([f"touched {self.requirements[number].path}"])[0])

    def forbid(self, number: int, instance: Instance) -> None:
        """Σ x_j <= M y over what must not be."""
        rule = instance.rules[
            [f"{each.id or n}" for n, each in enumerate(instance.rules)].index(self.requirements[number].key)
        ]
        assert isinstance(rule, MustNotRule)
        columns = [column for option, column in self.side.columns.items() if matches(rule.must_not, option)]
        if columns:
            touched = self._touched(number)
            self.slacks.append(Slack(self.requirements[number], touched))
            values = [1] * len(columns) + [-len(columns)]
            self.side.add_row(f"{self.requirements[number].path}", [*columns, touched], values, upper=0)

    def drop(self, number: int) -> None:
        """Let the rows of a rule hold unless it is dropped."""
        touched = -1
        for row in self.rows_of[number]:
            columns, values = self._terms(row)
            least, most = self._ends(row)
            low, high = int(self.rows.lower[row]), int(self.rows.upper[row])
            over, under = max(0, most - high) if high < NONE else 0, max(0, low - least) if low > -NONE else 0
            if (over or under) and touched < 0:
                touched = self._touched(number)
                self.slacks.append(Slack(self.requirements[number], touched))
            label = self.rows.labels[row]
            if over:
                self.side.add_row(f"{label}, most", [*columns, touched], [*values, -over], upper=high)
            if under:
                self.side.add_row(f"{label}, least", [*columns, touched], [*values, under], lower=low)

    def lift_reserve(self, number: int) -> None:
        """Let no money be kept for overruns, if somebody says so."""
        if self.reserve >= 0 and self._excess(self.reserve, []) > 0:
            self.reserve_lifted = self._touched(number)
            self.slacks.append(Slack(self.requirements[number], self.reserve_lifted))

    def amounts(self) -> None:
        """Add the slacks of all amounts, then the rows that have them."""
        mine = {
            row: [each for each in owners if self._is_amount(each)] for row, owners in self.claims.items()
        }
        mine = {row: owners for row, owners in mine.items() if owners or row == self.reserve}
        slack_of: dict[int, Slack] = {}
        for number in sorted({owner for owners in mine.values() for owner in owners}):
            known = self._slack(number, [row for row in self.rows_of[number] if row in mine])
            if known is not None:
                slack_of[number] = known
        for row, owners in mine.items():
            self._elastic_row(row, owners, [slack_of[each] for each in owners if each in slack_of])

    def _is_amount(self, number: int) -> bool:
        requirement = self.requirements[number]
        return not requirement.is_dropped and requirement.kind not in RATIOS

    def _unit(self, row: int) -> Fraction:
        """What one unit of a row is, exactly, in the requirement's unit."""
        unit = exact_unit(float(self.rows.unit[row]))
        is_money = row == self.reserve or self.rows.kind[row] == RowKind.MONEY
        return unit * self.money if is_money else unit

    def _bound(self, row: int, owners: list[int]) -> Fraction:
        """What the row is held to, in the requirement's unit: exact, before any rounding."""
        if row == self.reserve:
            return self.reserve_limit
        first = self.requirements[owners[0]]
        if first.kind == "backbone":
            return Fraction(0)
        total = sum((Fraction(self.requirements[each].limit or 0) for each in owners), Fraction(0))
        return -total if first.kind == "target" and not first.is_least else total

    def _excess(self, row: int, owners: list[int]) -> Fraction:
        """By how much the row could be broken."""
        least, most = self._ends(row)
        unit, bound = self._unit(row), self._bound(row, owners)
        return bound - least * unit if self.rows.lower[row] > -NONE else most * unit - bound

    def _slack(self, number: int, rows: list[int]) -> Slack | None:
        most = max((self._excess(row, self.claims[row]) for row in rows), default=Fraction(0))
        if most <= 0:
            return None
        grain = divisor(
            [self._unit(row) for row in rows] + [self._bound(row, self.claims[row]) for row in rows]
        )
        count = ceil(most / grain)
        touched = self._touched(number)
        amount = int(self.side.add_columns([f"slack {self.requirements[number].path}"], count)[0])
        self.side.add_row(
            f"slack of {self.requirements[number].path}", [amount, touched], [1, -count], upper=0
        )
        slack = Slack(self.requirements[number], touched, amount, grain, count)
        self.slacks.append(slack)
        return slack

    def _elastic_row(self, row: int, owners: list[int], slacks: list[Slack]) -> None:
        columns, values = self._terms(row)
        unit, bound = self._unit(row), self._bound(row, owners)
        grain = divisor([unit, bound, *(each.grain for each in slacks)])
        is_lower = bool(self.rows.lower[row] > -NONE)
        factor, sign = int(unit / grain), 1 if is_lower else -1
        scaled = [int(value) * factor for value in values]
        own = [sign * int(each.grain / grain) for each in slacks]
        where = [*columns.tolist(), *(each.amount for each in slacks)]
        held = int(bound / grain)
        label = self.rows.labels[row]
        if row == self.reserve and self.reserve_lifted >= 0:
            where.append(self.reserve_lifted)
            own.append(held - self._ends(row)[1] * factor)
        self.side.add_row(label, where, scaled + own, held if is_lower else None, None if is_lower else held)


def _chosen(rows: Rows, kept: Array) -> Rows:
    """Keep some rows."""
    start, index = rows.terms.start, rows.terms.index
    spans = [np.arange(start[row], start[row + 1]) for row in kept.tolist()]
    entries = np.concatenate(spans) if spans else np.zeros(0, dtype=np.int64)
    return Rows(
        ragged([index[span] for span in spans]),
        rows.value[entries],
        rows.lower[kept],
        rows.upper[kept],
        tuple(rows.labels[row] for row in kept.tolist()),
        rows.kind[kept],
        rows.unit[kept],
    )


def divisor(numbers: list[Fraction]) -> Fraction:
    """Largest number of which all are multiples; 1 if all are 0."""
    below = lcm(*(each.denominator for each in numbers))
    return Fraction(gcd(*(int(each * below) for each in numbers)) or below, below)


def exact_unit(unit: float) -> Fraction:
    """Return the decimal that a row's unit stands for: it is a whole number of some 10^-d."""
    for digits in range(19):
        whole = round(unit * 10**digits)
        if whole and abs(unit * 10**digits - whole) <= 1e-9 * abs(whole):
            return Fraction(whole, 10**digits)
    return Fraction(unit)
