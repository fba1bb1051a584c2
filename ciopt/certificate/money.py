"""The least that an option's money can cost under prices.

The cheapest payment is a small linear program; see `least_cost`. Whatever multipliers are tried, its value is
a lower bound, so that a poor choice makes the bound weaker and never wrong.
"""

from __future__ import annotations

from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from ciopt.certificate.record import Certificate
from ciopt.certificate.worth import FINE, price18
from ciopt.instance.base import MICRO, OWN_BUDGET, Amount, micro
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.money import minor_digits, to_minor
from ciopt.instance.options import cost, cost_by_period, may_pay
from ciopt.instance.records import Fund

_PASSES = 2

MIN_SPEND = "min_spend"
MAX_COST = "max_cost"


class Payer(NamedTuple):
    """A fund that may pay, its prices by period, and how far it may go.

    Parameters
    ----------
    prices
        Of a minor unit, by period, in 10^-30.
    share
        Largest part of a cost, of 10^6.
    matches
        Funds that it matches, with the ratio in 10^6; empty if it pays alone.
    """

    name: str
    prices: tuple[int, ...]
    share: int
    matches: tuple[str, ...]
    ratio: int


class Money:
    """All money under the prices of a certificate, with the weight of cost as a goal in 10^-12.

    ``constant`` is what the amounts are worth, ``every`` what each minor unit costs whoever pays it: the
    price of `max_cost`, and the unit itself where cost is the goal.
    """

    def __init__(self, lookup: Lookup, certificate: Certificate, weight: int = 0) -> None:
        self.lookup, self.certificate = lookup, certificate
        self.periods = lookup.instance.periods
        self.minor = 10 ** minor_digits(lookup.instance.currency)
        self.constant, self.every = 0, weight * (FINE // 10**12 // self.minor)
        most = lookup.instance.agenda.max_cost
        if most is not None:
            price = self._unit(certificate.prices.get(MAX_COST, Decimal(0)))
            self.every += price
            self.constant += price * to_minor(most, lookup.instance.currency)
        self._costs = lookup.facts.memo(cost)
        self.own: dict[str, Payer] = {}
        self.funds: list[tuple[Fund, Payer]] = []
        for fund in lookup.instance.funds:
            prices = self._prices(fund.id, fund.amount, fund.carry_over)
            spend = self._price(fund.id, MIN_SPEND)
            self.constant -= spend * to_minor(fund.min_spend, lookup.instance.currency)
            matches, ratio = (fund.match.with_, micro(fund.match.ratio)) if fund.match else ((), 0)
            net = tuple(price - spend for price in prices)
            self.funds.append((fund, Payer(fund.id, net, micro(fund.max_share), matches, ratio)))
        for partner in lookup.partners.values():
            if partner.budget is not None:
                name = OWN_BUDGET + partner.id
                self.own[partner.id] = Payer(name, self._prices(name, partner.budget, False), MICRO, (), 0)

    def _price(self, fund: str, period: str) -> int:
        return self._unit(self.certificate.money.get(fund, {}).get(period, Decimal(0)))

    def _unit(self, price: Decimal) -> int:
        """Price of a minor unit from that of a whole one, in 10^-30; at least 0."""
        exact: int = max(0, price18(price)) * FINE // 10**18 // self.minor
        return exact

    def _prices(self, fund: str, amount: Amount, carries_over: bool) -> tuple[int, ...]:
        """Prices by period, made consistent; what the amounts are worth goes into the constant."""
        given = [self._price(fund, period) for period in self.periods]
        currency = self.lookup.instance.currency
        if not isinstance(amount, dict):
            price = max(given, default=0)
            self.constant += price * to_minor(amount, currency)
            return (price,) * len(self.periods)
        if carries_over:  # what may be kept is never worth less earlier
            for number in range(len(given) - 2, -1, -1):
                given[number] = max(given[number], given[number + 1])
        for price, period in zip(given, self.periods, strict=True):
            self.constant += price * to_minor(amount.get(period, Decimal(0)), currency)
        return tuple(given)

    def fixed(self, partner: str) -> int:
        """Price of a minor unit that a partner's own budget pays in any period."""
        payer = self.own.get(partner)
        least: int = min(payer.prices) if payer is not None else 0
        found: int = self.every + least
        return found

    def payers(self, option: Option) -> tuple[Payer, ...]:
        """Funds that may pay for an option."""
        own = self.own.get(option.partner)
        if not self.funds:
            return () if own is None else (own,)
        found = [payer for fund, payer in self.funds if may_pay(fund, option)]
        return (*found, own) if own is not None else tuple(found)

    def charge(self, option: Option) -> int | None:
        """What an option's cost charges it at least, in 10^-30; None if nobody may pay."""
        total = self._costs.get(option)
        if total is None:
            total = cost(self.lookup, option)
        least = self.least_cost(option, total)
        return None if least is None else least + total * self.every

    def least_cost(self, option: Option, total: int) -> int | None:
        """Least price of paying for an option, in 10^-30; None if nobody may pay.

        min Σ price_ft q_ft,  Σ_f q_ft = due_t,  Σ_t q_ft <= floor(share_f cost),  matches
        """
        if not total:
            return 0
        payers = self.payers(option)
        if not payers:
            return None
        prices = payers[0].prices
        if len(payers) == len(prices) == 1:
            return total * prices[0]
        due = cost_by_period(self.lookup, option)
        if len(payers) == 1:
            return sum(amount * prices[self.lookup.periods[period]] for period, amount in due.items())
        parts = tuple(due.get(period, 0) for period in self.periods)
        if all(payer.share == MICRO and not payer.matches for payer in payers):
            return sum(part * min(p.prices[t] for p in payers) for t, part in enumerate(parts) if part)
        return _limited(payers, parts, total)


@lru_cache(maxsize=4096)
def _limited(payers: tuple[Payer, ...], parts: tuple[int, ...], total: int) -> int:
    """Lower bound where shares or matches limit: multipliers u and m, one after the other.

    Σ_t due_t v_t - Σ_f floor(share_f cost) u_f,   v_t = min_f price_ft + u_f + m_f - Σ_h ratio_h m_h

    where h are the funds that match f.
    """
    u, m = [0] * len(payers), [0] * len(payers)
    room = [total * payer.share // MICRO for payer in payers]

    def price(number: int, period: int) -> int:
        payer = payers[number]
        least: int = payer.prices[period] + u[number] + (m[number] if payer.matches else 0)
        for other, its in enumerate(payers):
            if its.matches and payer.name in its.matches:
                least -= its.ratio * m[other] // MICRO + (1 if its.ratio * m[other] % MICRO else 0)
        return least

    def value() -> int:
        paid: int = sum(
            part * min(price(number, t) for number in range(len(payers)))
            for t, part in enumerate(parts)
            if part
        )
        limited: int = sum(
            limit * extra for limit, extra, payer in zip(room, u, payers, strict=True) if payer.share < MICRO
        )
        return paid - limited

    def improve(vector: list[int], number: int, candidates: list[int]) -> None:
        best, best_value = vector[number], value()
        for candidate in candidates:
            vector[number] = candidate
            worth = value()
            if worth > best_value:
                best, best_value = candidate, worth
        vector[number] = best

    used = [t for t, part in enumerate(parts) if part]
    for _ in range(_PASSES):
        for number, payer in enumerate(payers):
            others = [n for n in range(len(payers)) if n != number]
            if payer.share < MICRO and others:
                u[number] = 0
                gaps = [min(price(n, t) for n in others) - price(number, t) for t in used]
                improve(u, number, [gap for gap in gaps if gap > 0])
            if payer.matches and others:
                m[number] = 0
                gaps = []
                for t in used:
                    for n in others:
                        slope = MICRO + (payer.ratio if payers[n].name in payer.matches else 0)
                        gaps.append((price(n, t) - price(number, t)) * MICRO // slope)
                improve(m, number, [gap for gap in gaps if gap > 0])
    return value()
