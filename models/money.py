"""Money: who pays what, when.

For a fund f, something paid e and a period t there is a whole number p_{f,e,t} of minor units. Funds are
the instance's, and every partner's own budget (``budget:PARTNER``), which pays for its own assignments,
participation and coordination. With cost_{j,t} the cost of option j by its profile,

- every assignment is paid in full:    Σ_f p_{f,j,t} = cost_{j,t} x_j       for all j, t
- participation, in any periods:       Σ_t p_{f,e,t} = cost_p w_p
- coordination, in any periods:        Σ_t p_{f,e,t} = cost_q b_q + cost_per_synergy_q Σ_s c_{s,q}
- no fund pays more than it has:       Σ_e Σ_t p_{f,e,t} <= amount_f, of the whole horizon;
  or by period:                        Σ_e p_{f,e,t} <= amount_{f,t}              for all t;
  or by period, with ``carry_over``:   Σ_e Σ_{t' <= t} p_{f,e,t'} <= Σ_{t' <= t} amount_{f,t'}
- ``max_share`` s:                     Σ_t p_{f,j,t} <= floor(s x cost_j) x_j
- ``match`` G at ratio r:              Σ_t p_{f,j,t} <= r Σ_{g in G} Σ_t p_{g,j,t}
- ``min_spend``:                       Σ_e Σ_t p_{f,e,t} >= min_spend_f

A period that an amount by period does not name has none.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from decimal import Decimal

import pulp

from ciopt.instance.base import MICRO, OWN_BUDGET, Selection, micro
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import to_minor
from ciopt.instance.options import cost, cost_by_period
from ciopt.instance.records import Fund
from ciopt.plan.records import BACKBONE, PARTICIPATION
from models.model import Expression, Model, Terms, Variable, expand, total


def add_money(model: Model) -> None:
    """Add p and its constraints."""
    for option in model.chosen:
        _pay_option(model, option)
    for payer, (what, terms) in own_costs(model):
        _pay_any_time(model, payer, what, terms)
    for fund in model.lookup.instance.funds:
        _limit(model, fund.id, fund.amount, fund.carry_over)
        _require_conditions(model, fund)
    for partner in model.lookup.instance.partners:
        if partner.budget is not None:
            _limit(model, OWN_BUDGET + partner.id, partner.budget, carry_over=False)


def total_cost(model: Model) -> Terms:
    """Cost of the plan in minor units: assignments, participation, coordination."""
    terms = [(cost(model.lookup, option), x) for option, x in model.chosen.items()]
    for _, (_, more) in own_costs(model):
        terms += more
    return terms


def own_costs(model: Model) -> Iterable[tuple[str, tuple[str, Terms]]]:
    """Yield (partner, (what, terms)) for what only a partner's own budget may pay, in minor units."""
    currency = model.lookup.instance.currency
    for partner, takes_part in model.takes_part.items():
        fee = to_minor(model.lookup.partners[partner].participation_cost, currency)
        yield partner, (PARTICIPATION + partner, expand(fee, takes_part))
    for backbone in model.lookup.instance.backbones:
        terms: Terms = [(to_minor(backbone.cost, currency), model.coordinates[backbone.partner])]
        each = to_minor(backbone.cost_per_synergy, currency)
        terms += [(each, c) for (_, partner), c in model.carried.items() if partner == backbone.partner]
        yield backbone.partner, (BACKBONE + backbone.partner, [term for term in terms if term[0]])


def may_pay(lookup: Lookup, option: Option) -> list[str]:
    """Funds that may pay for an option: those whose conditions all hold, and its partner's own budget."""

    def covers(selection: Selection, name: str) -> bool:
        return selection == "*" or name in selection

    funds = [
        fund.id
        for fund in lookup.instance.funds
        if covers(fund.pays_for.interventions, option.intervention)
        and covers(fund.pays_for.partners, option.partner)
        and covers(fund.pays_for.places, option.place)
    ]
    own = [] if lookup.partners[option.partner].budget is None else [OWN_BUDGET + option.partner]
    return funds + own


def _pay_option(model: Model, option: Option) -> None:
    payers = may_pay(model.lookup, option)
    for period, amount in cost_by_period(model.lookup, option).items():
        payments = [_payment(model, fund, option.id, period, amount) for fund in payers]
        row = pulp.lpSum(payments) - amount * model.chosen[option] == 0
        model.require(row, f"{option.id} is paid in {period}")


def _pay_any_time(model: Model, partner: str, what: str, terms: Terms) -> None:
    most = sum(amount for amount, _ in terms)
    payments = []
    if model.lookup.partners[partner].budget is not None and most:
        periods = model.lookup.instance.periods
        payments = [_payment(model, OWN_BUDGET + partner, what, period, most) for period in periods]
    model.require(pulp.lpSum(payments) - total(terms) == 0, f"{what} is paid")


def _payment(model: Model, fund: str, what: str, period: str, most: int) -> Variable:
    payment = model.whole(f"{fund} pays {what} in {period}", 0, most)
    model.payments[fund, what, period] = payment
    return payment


def _paid(model: Model, fund: str, periods: Iterable[str], what: str | None = None) -> Expression:
    """Σ p over some periods, for one thing or for all."""
    return pulp.lpSum(
        payment
        for (payer, paid, period), payment in model.payments.items()
        if payer == fund and period in periods and what in (None, paid)
    )


def _limit(model: Model, fund: str, amount: Decimal | dict[str, Decimal], carry_over: bool) -> None:
    currency, periods = model.lookup.instance.currency, model.lookup.instance.periods
    if not isinstance(amount, dict):
        model.require(_paid(model, fund, periods) <= to_minor(amount, currency), f"{fund}: amount")
        return
    for number, period in enumerate(periods):
        window = periods[: number + 1] if carry_over else (period,)
        most = sum(to_minor(amount.get(each, Decimal(0)), currency) for each in window)
        model.require(_paid(model, fund, window) <= most, f"{fund}: amount until {period}")


def _require_conditions(model: Model, fund: Fund) -> None:
    lookup, periods = model.lookup, model.lookup.instance.periods
    for option, x in model.chosen.items():
        if fund.id not in may_pay(lookup, option):
            continue
        paid = _paid(model, fund.id, periods, option.id)
        if fund.max_share < 1:
            most = micro(fund.max_share) * cost(lookup, option) // MICRO
            model.require(paid - most * x <= 0, f"{fund.id}: max_share of {option.id}")
        if fund.match is not None:
            ratio = micro(fund.match.ratio)
            unit = math.gcd(MICRO, ratio)
            others = pulp.lpSum(_paid(model, other, periods, option.id) for other in fund.match.with_)
            row = (MICRO // unit) * paid - (ratio // unit) * others <= 0
            model.require(row, f"{fund.id}: match for {option.id}")
    if fund.min_spend:
        least = to_minor(fund.min_spend, lookup.instance.currency)
        model.require(_paid(model, fund.id, periods) >= least, f"{fund.id}: min_spend")
