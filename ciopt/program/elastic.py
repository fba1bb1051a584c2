"""The elastic program: every requirement may give way, by an amount that is measured in its own unit.

A requirement r has a switch y_r (1: it is touched) and, where it is an amount, a slack s_r in its grain g_r:

    Σ a x <= b            becomes   Σ a x - g_r s_r <= b,        s_r <= S_r y_r
    Σ a x >= b                      Σ a x + g_r s_r >= b
    a rule, a commitment            its rows hold unless y_r = 1
    must_not                        Σ x_j <= M y_r over what matches
    money by period                 a row over several periods has the slacks of them all

With all y_r = 0 it is the program itself. Nothing is maximised in it: whoever asks says what the touched
ones cost. Only requirements that some plan could break have columns.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from math import ceil, gcd, lcm

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Instance
from ciopt.instance.agenda import Agenda
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.fairness import OWN_MONEY
from ciopt.instance.lookup import matches
from ciopt.instance.money import minor_digits
from ciopt.instance.requirements import RATIOS, Requirement, requirements_of
from ciopt.instance.rules import AtLeastRule, MustNotRule
from ciopt.program.build import ragged
from ciopt.program.compile import compile_program
from ciopt.program.model import NONE, Program, RowKind, Rows
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


@dataclass(frozen=True)
class Elastic:
    """A program in which requirements may give way, and how each does."""

    program: Program
    slacks: tuple[Slack, ...]


def neutral(instance: Instance) -> Instance:
    """Return an instance with the same plans and nothing to prefer among them.

    A partner without a budget gets one of nothing, so that it can be given some.
    """
    agenda = instance.agenda
    targets = tuple(each.model_copy(update={"penalty": Decimal(0)}) for each in agenda.targets)
    is_due = agenda.fairness is not None and agenda.fairness.how == "floor" and "fairness" not in agenda.goals
    fairness = agenda.fairness if is_due else None  # what everybody is due may be counted in value
    return instance.model_copy(
        update={
            "indicators": instance.indicators
            if is_due
            else tuple(
                each.model_copy(update={"weight": Decimal(0), "saturates_at": None})
                for each in instance.indicators
            ),
            "partners": tuple(
                each if each.budget is not None else each.model_copy(update={"budget": Decimal(0)})
                for each in instance.partners
            ),
            "agenda": Agenda(targets=targets, max_cost=agenda.max_cost, fairness=fairness),
        }
    )


def elastic(instance: Instance) -> Elastic:
    """Build the elastic program of an instance."""
    nothing = AtLeastRule(at_least=0, of=())
    rules = tuple(nothing if isinstance(each, MustNotRule) else each for each in instance.rules)
    program = _lifted(compile_program(neutral(instance.model_copy(update={"rules": rules}))))
    requirements = tuple(each for each in requirements_of(instance) if _may_move(each, instance))
    claims = _claims(program.rows.labels, requirements, instance.periods)
    builder = _Builder(program, requirements, claims)
    for number, requirement in enumerate(requirements):
        if requirement.kind == "must_not":
            builder.forbid(number, instance)
        elif requirement.is_dropped or requirement.kind in RATIOS:
            builder.drop(number)
    builder.amounts()
    return Elastic(builder.side.narrowed(), tuple(builder.slacks))


def _may_move(requirement: Requirement, instance: Instance) -> bool:
    """Own budgets stay where what is due is counted per budget: what would be due would move with them."""
    fairness = instance.agenda.fairness
    per_budget = fairness is not None and (fairness.over, fairness.per) == ("partners", OWN_MONEY)
    return not (per_budget and requirement.key.startswith(OWN_BUDGET))


def _lifted(program: Program) -> Program:
    """Let payments be as large as bills are, however little a fund has."""
    upper, rows = program.upper.copy(), program.rows
    number = {label: row for row, label in enumerate(rows.labels)}
    for of_class, period, _, column in program.payers.pooled.tolist():
        row = number.get(f"payment of class {of_class} in period {period}")
        if row is not None:
            span = slice(rows.terms.start[row], rows.terms.start[row + 1])
            columns, values = rows.terms.index[span], rows.value[span]
            bill = int((np.maximum(values, 0) * upper[columns]).sum())
            upper[column] = max(int(upper[column]), bill // abs(int(values[columns == column][0])))
    return replace(program, upper=upper)


def labels_of(requirement: Requirement, periods: tuple[str, ...]) -> tuple[list[str], str]:
    """Labels of the rows that say a requirement, and how further ones begin (empty: none do)."""
    key, period = requirement.key, requirement.period
    if requirement.kind == "purse" and period is not None:
        later = periods[periods.index(period) :]
        return [key, f"{key} in {period}", *(f"{key} until {each}" for each in later)], ""
    when = "" if period is None else f" in {period}"
    labels = {
        "purse": key,
        "target": f"target {key}",
        "max_cost": "max_cost",
        "min_spend": f"min_spend {key}",
        "capacity": f"capacity {key}{when}",
        "activities": f"max_activities {key}",
        "backbone": f"capacity backbone {key}",
        "baseline": f"baseline {key}",
        "rule": f"rule {key}",
    }
    prefixes = {
        "max_share": f"max_share {key} of activity ",
        "match": f"match {key} of activity ",
        "floor": "fairness: ",
        "count": f"rule {key} at ",
        "rule": f"rule {key}",
    }
    label = labels.get(requirement.kind)
    return [label] if label else [], prefixes.get(requirement.kind, "")


def _claims(
    labels: tuple[str, ...], requirements: tuple[Requirement, ...], periods: tuple[str, ...]
) -> dict[int, list[int]]:
    """Which requirements each row says; rows with one label are given out in the order of the tables."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        rows[label].append(row)
    found: dict[int, list[int]] = defaultdict(list)
    taken: dict[str, int] = defaultdict(int)
    prefixes: dict[str, int] = {}
    for number, requirement in enumerate(requirements):
        exact, prefix = labels_of(requirement, periods)
        for label in exact:
            if label in rows:
                turn = 0 if requirement.period is not None else min(taken[label], len(rows[label]) - 1)
                taken[label] += 1
                found[rows[label][turn]].append(number)
        if prefix:
            prefixes.setdefault(prefix, number)
    for row, label in enumerate(labels):
        if row not in found:
            for end in (" at ", ": ", " of activity "):
                before = label.split(end, 1)[0]
                for prefix in (before, before + end):
                    if prefix in prefixes and row not in found and label != before:
                        found[row].append(prefixes[prefix])
    return dict(found)


class _Builder:
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

    def amounts(self) -> None:
        """Add the slacks of all amounts, then the rows that have them."""
        mine = {
            row: owners
            for row, owners in self.claims.items()
            if not self.requirements[owners[0]].is_dropped and self.requirements[owners[0]].kind not in RATIOS
        }
        slack_of: dict[int, Slack] = {}
        for number in sorted({owner for owners in mine.values() for owner in owners}):
            known = self._slack(number, [row for row in self.rows_of[number] if row in mine])
            if known is not None:
                slack_of[number] = known
        for row, owners in mine.items():
            self._elastic_row(row, owners, [slack_of[each] for each in owners if each in slack_of])

    def _unit(self, row: int) -> Fraction:
        """What one unit of a row is, exactly, in the requirement's unit."""
        unit = exact_unit(float(self.rows.unit[row]))
        return unit * self.money if self.rows.kind[row] == RowKind.MONEY else unit

    def _bound(self, row: int, owners: list[int]) -> Fraction:
        """What the row is held to, in the requirement's unit: exact, before any rounding."""
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
