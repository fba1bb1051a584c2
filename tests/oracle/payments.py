"""Whether a set of assignments can be paid: every cent, every fund's conditions, in whole minor units.

The rows are written from `format.md` alone; CP-SAT, which computes in integers, looks for payments, and what
it finds is put into every row again.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple

from ortools.sat.python import cp_model

from ciopt.instance import Lookup, Option
from ciopt.instance.money import to_minor
from ciopt.instance.options import cost, cost_by_period
from ciopt.instance.records import Fund

Amount = Decimal | dict[str, Decimal]


class Bill(NamedTuple):
    """An amount that is due: in one period, or, if that is None, whenever there is money."""

    paid_for: Option | str
    owner: str
    period: str | None
    amount: int


class Payment(NamedTuple):
    """What one fund may pay of one bill in one period."""

    fund: str
    bill: Bill
    period: str


class Row(NamedTuple):
    """``low <= Σ factor x payment <= high``; None is no limit."""

    terms: dict[Payment, int]
    low: int | None
    high: int | None


def can_be_paid(lookup: Lookup, options: Sequence[Option], coordination: Mapping[str, int]) -> bool:
    """Whether there are payments for assignments, participation and what backbones cost.

    Parameters
    ----------
    coordination
        What each chosen backbone costs with the synergies it carries, in minor units.
    """
    bills = list(_bills(lookup, options, coordination))
    possible = [payment for bill in bills for payment in _payments(lookup, bill)]
    rows = [*_paid_in_full(bills, possible), *_funds(lookup, options, possible)]
    rows += _budgets(lookup, possible)
    return _has_solution(possible, rows)


def _bills(lookup: Lookup, options: Sequence[Option], coordination: Mapping[str, int]) -> Iterator[Bill]:
    currency = lookup.instance.currency
    for option in options:
        for period, amount in cost_by_period(lookup, option).items():
            yield Bill(option, option.partner, period, amount)
    for partner in sorted({option.partner for option in options}):
        amount = to_minor(lookup.partners[partner].participation_cost, currency)
        yield Bill("participation", partner, None, amount)
    for partner, amount in coordination.items():
        yield Bill("backbone", partner, None, amount)


def _payments(lookup: Lookup, bill: Bill) -> Iterator[Payment]:
    """Who may pay a bill: the partner's own budget any of its own, a fund the assignments it pays for."""
    periods = lookup.instance.periods if bill.period is None else (bill.period,)
    names = [] if lookup.partners[bill.owner].budget is None else [f"budget:{bill.owner}"]
    if isinstance(bill.paid_for, Option):
        names += [fund.id for fund in lookup.instance.funds if _pays_for(fund, bill.paid_for)]
    for name in names:
        for period in periods:
            yield Payment(name, bill, period)


def _pays_for(fund: Fund, option: Option) -> bool:
    conditions = fund.pays_for
    asked = (
        (conditions.interventions, option.intervention),
        (conditions.partners, option.partner),
        (conditions.places, option.place),
    )
    return all(selection == "*" or name in selection for selection, name in asked)


def _paid_in_full(bills: Sequence[Bill], possible: Sequence[Payment]) -> Iterator[Row]:
    for bill in bills:
        yield Row({each: 1 for each in possible if each.bill == bill}, bill.amount, bill.amount)


def _funds(lookup: Lookup, options: Sequence[Option], possible: Sequence[Payment]) -> Iterator[Row]:
    """What a fund has, must spend, and may pay of one assignment."""
    currency = lookup.instance.currency
    for fund in lookup.instance.funds:
        own = [each for each in possible if each.fund == fund.id]
        yield from _within(lookup, fund.amount, fund.carry_over, own)
        yield Row(dict.fromkeys(own, 1), to_minor(fund.min_spend, currency), None)
        for option in options:
            paid = [each for each in own if each.bill.paid_for == option]
            most = Fraction(fund.max_share) * cost(lookup, option)
            yield Row(dict.fromkeys(paid, most.denominator), None, most.numerator)
            if fund.match is not None:
                ratio = Fraction(fund.match.ratio)
                terms = dict.fromkeys(paid, ratio.denominator)
                for each in possible:
                    if each.fund in fund.match.with_ and each.bill.paid_for == option:
                        terms[each] = -ratio.numerator
                yield Row(terms, None, 0)


def _budgets(lookup: Lookup, possible: Sequence[Payment]) -> Iterator[Row]:
    for partner in lookup.instance.partners:
        if partner.budget is not None:
            own = [each for each in possible if each.fund == f"budget:{partner.id}"]
            yield from _within(lookup, partner.budget, False, own)


def _within(lookup: Lookup, amount: Amount, carry_over: bool, own: Sequence[Payment]) -> Iterator[Row]:
    """No more than there is: over the horizon, up to each period, or in each (one not named has nothing)."""
    currency = lookup.instance.currency
    if isinstance(amount, Decimal):
        yield Row(dict.fromkeys(own, 1), None, to_minor(amount, currency))
        return
    seen: list[str] = []
    for period in lookup.instance.periods:
        seen = [*seen, period] if carry_over else [period]
        there_is = sum(to_minor(amount.get(each, Decimal(0)), currency) for each in seen)
        yield Row({each: 1 for each in own if each.period in seen}, None, there_is)


def _has_solution(possible: Sequence[Payment], rows: Sequence[Row]) -> bool:
    """Whether whole payments of at least 0 satisfy all rows."""
    if any(not _holds(row, {}) for row in rows if not row.terms):
        return False
    if all(_holds(row, {}) for row in rows):
        return True
    model = cp_model.CpModel()
    paid = {each: model.new_int_var(0, each.bill.amount, "") for each in possible}
    most = 1 << 62
    for row in rows:
        total = sum(factor * paid[each] for each, factor in row.terms.items())
        low, high = (-most if row.low is None else row.low), (most if row.high is None else row.high)
        if row.terms:
            model.add_linear_constraint(total, low, high)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    # google/or-tools#5293: wrong answers without it when a row's coefficients total more than 2^31
    solver.parameters.presolve_inclusion_work_limit = 0
    status = solver.solve(model)
    assert status in (cp_model.OPTIMAL, cp_model.FEASIBLE, cp_model.INFEASIBLE), solver.status_name()
    if status == cp_model.INFEASIBLE:
        return False
    found = {each: solver.value(variable) for each, variable in paid.items()}
    assert all(_holds(row, found) for row in rows), "CP-SAT's payments break a row"
    return True


def _holds(row: Row, paid: Mapping[Payment, int]) -> bool:
    total = sum(factor * paid.get(each, 0) for each, factor in row.terms.items())
    return (row.low is None or row.low <= total) and (row.high is None or total <= row.high)
