"""Each cent: every assignment is paid in full, when it is due, by funds that may pay and have the money.

Σ_f pay_fjt = cost_jt                               every assignment j and period t
Σ_t pay_fj <= floor(share_f cost_j)
Σ_t pay_fj <= ratio_f Σ_{g matched} Σ_t pay_gj
Σ_j pay_fjt <= amount_ft, cumulated, or in all;   Σ pay_f >= min_spend_f
Σ cost <= max_cost
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from ciopt.errors import Problem
from ciopt.instance import Lookup, Option
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.choices import Choices
from ciopt.instance.money import from_minor, to_minor
from ciopt.instance.options import cost, cost_by_period, may_pay, participation_cost
from ciopt.instance.risk import money_limit, reserve
from ciopt.instance.value import total_cost
from ciopt.plan.records import BACKBONE, PARTICIPATION


class Payments:
    """Payments added up in the ways that the rules look at them."""

    def __init__(self, lookup: Lookup, choices: Choices) -> None:
        self.lookup, self.choices = lookup, choices
        self.options = {option.id: option for option in choices.options}
        self.due: Counter[tuple[str, str]] = Counter()
        self.by_fund_and_item: Counter[tuple[str, str]] = Counter()
        self.by_fund_and_period: Counter[tuple[str, str]] = Counter()
        self.by_item: Counter[str] = Counter()
        self.by_fund: Counter[str] = Counter()
        for paid in choices.payments:
            self.due[paid.paid_for, paid.period] += paid.amount
            self.by_fund_and_item[paid.fund, paid.paid_for] += paid.amount
            self.by_fund_and_period[paid.fund, paid.period] += paid.amount
            self.by_item[paid.paid_for] += paid.amount
            self.by_fund[paid.fund] += paid.amount

    def show(self, amount: int) -> str:
        """Write an amount for people."""
        return f"{from_minor(amount, self.lookup.instance.currency):,f}"


def check_money(lookup: Lookup, choices: Choices) -> Iterator[Problem]:
    """Yield every cent that is missing, too much, or paid by the wrong fund."""
    payments = Payments(lookup, choices)
    yield from _check_assignments(payments)
    yield from _check_fixed(payments)
    yield from _check_eligible(payments)
    yield from check_amounts(payments)
    yield from _check_total(payments)


def _check_assignments(payments: Payments) -> Iterator[Problem]:
    """Every assignment is paid in full, in each period."""
    for number, option in enumerate(payments.choices.options):
        needed = cost_by_period(payments.lookup, option)
        for period in payments.lookup.instance.periods:
            paid, due = payments.due[option.id, period], needed.get(period, 0)
            if paid != due:
                text = f"{option.id} costs {payments.show(due)} in {period}; {payments.show(paid)} is paid"
                yield Problem("E511", text, ("assignments", number))


def _check_fixed(payments: Payments) -> Iterator[Problem]:
    """Participation and backbones are paid in full, in any periods, from the partner's own budget."""
    lookup, choices = payments.lookup, payments.choices
    currency = lookup.instance.currency
    due = {
        PARTICIPATION + partner: participation_cost(lookup, partner)
        for partner in sorted({option.partner for option in choices.options})
    }
    for backbone in lookup.instance.backbones:
        if backbone.partner in choices.backbones:
            carried = len(choices.backbones[backbone.partner]) * to_minor(backbone.cost_per_synergy, currency)
            due[BACKBONE + backbone.partner] = to_minor(backbone.cost, currency) + carried
    for what, amount in due.items():
        paid = payments.by_item[what]
        if paid != amount:
            text = f"{what} costs {payments.show(amount)}; {payments.show(paid)} is paid"
            yield Problem("E512", text, ("payments",))


def _owner(paid_for: str, option: Option | None) -> str:
    return option.partner if option is not None else paid_for.partition(":")[2]


def _check_eligible(payments: Payments) -> Iterator[Problem]:
    """A fund pays only for what its conditions allow, at most its share, and alongside those it matches."""
    lookup = payments.lookup
    for number, paid in enumerate(payments.choices.payments):
        path, option = ("payments", number), payments.options.get(paid.paid_for)
        if paid.fund.startswith(OWN_BUDGET):
            if paid.fund != OWN_BUDGET + _owner(paid.paid_for, option):
                yield Problem("E513", f"{paid.fund} pays for another partner's {paid.paid_for}", path)
        elif option is None:
            yield Problem(
                "E513", f"{paid.fund} cannot pay for {paid.paid_for}: only its own budget can", path
            )
        elif not may_pay(lookup.funds[paid.fund], option):
            yield Problem("E513", f"{paid.fund} may not pay for {paid.paid_for}", path)
    for (fund, item), amount in payments.by_fund_and_item.items():
        option = payments.options.get(item)
        if fund not in lookup.funds or option is None:
            continue
        record = lookup.funds[fund]
        most = int(Fraction(record.max_share) * cost(lookup, option) // 1)
        if record.max_share < 1 and amount > most:
            text = (
                f"{fund} pays {payments.show(amount)} of {item}, its share is {payments.show(most)} at most"
            )
            yield Problem("E514", text, ("payments",))
        if record.match is not None:
            others = sum(payments.by_fund_and_item[other, item] for other in record.match.with_)
            if Fraction(amount) > Fraction(record.match.ratio) * others:
                text = (
                    f"{fund} pays {payments.show(amount)} of {item}, and matches {record.match.ratio} x "
                    f"{payments.show(others)} paid by {', '.join(record.match.with_) or 'nobody'}"
                )
                yield Problem("E515", text, ("payments",))


def _check_total(payments: Payments) -> Iterator[Problem]:
    """All together cost no more than the agenda allows."""
    most = payments.lookup.instance.agenda.max_cost
    if most is not None:
        spent = total_cost(payments.lookup, payments.choices)
        if spent > to_minor(most, payments.lookup.instance.currency):
            text = f"all together cost {payments.show(spent)}, at most {most:,f} (agenda.max_cost)"
            yield Problem("E518", text, ("cost",))
    more = reserve(payments.lookup, payments.choices)
    if more is not None:
        spent, limit = total_cost(payments.lookup, payments.choices), money_limit(payments.lookup)
        if spent + more > limit:
            sums = (payments.show(each) for each in (spent, more, limit))
            text = "cost {} and overruns {} together are more than {}".format(*sums)
            yield Problem("E518", text, ("reserve",))


def check_amounts(payments: Payments) -> Iterator[Problem]:
    """No fund pays more than it has, and each spends what it must."""
    lookup = payments.lookup
    for fund in lookup.instance.funds:
        yield from _check_amount(payments, fund.id, fund.amount, fund.carry_over)
        least = to_minor(fund.min_spend, lookup.instance.currency)
        spent = payments.by_fund[fund.id]
        if spent < least:
            text = f"{fund.id} spends {payments.show(spent)} and must spend {payments.show(least)}"
            yield Problem("E517", text, ("payments",))
    for partner in lookup.instance.partners:
        if partner.budget is not None:
            yield from _check_amount(payments, OWN_BUDGET + partner.id, partner.budget, carry_over=False)


def _check_amount(
    payments: Payments, fund: str, amount: Decimal | dict[str, Decimal], carry_over: bool
) -> Iterator[Problem]:
    currency = payments.lookup.instance.currency
    if isinstance(amount, Decimal):
        has, spent = to_minor(amount, currency), payments.by_fund[fund]
        if spent > has:
            text = f"{fund} pays {payments.show(spent)}, it has {payments.show(has)}"
            yield Problem("E516", text, ("payments",))
        return
    left = 0
    for period in payments.lookup.instance.periods:
        has = left + to_minor(amount.get(period, Decimal(0)), currency)
        spent = payments.by_fund_and_period[fund, period]
        if spent > has:
            text = f"{fund} pays {payments.show(spent)} in {period}, it has {payments.show(has)}"
            yield Problem("E516", text, ("payments",))
        left = max(0, has - spent) if carry_over else 0
