"""What a value-for-money curve varies: the money of a fund, of a partner, all of it, or a cost ceiling.

An amount on the axis is a total; parts (periods of a fund, or all funds and budgets) keep their shares of it:

    part_t(a) = floor(a x part_t / Σ part)        in minor units

so that every part grows with the amount, and whatever was affordable stays so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from ciopt.errors import UsageError, did_you_mean
from ciopt.instance import Instance, Lookup
from ciopt.instance.base import OWN_BUDGET, Amount
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.money import from_minor, to_minor
from ciopt.plan import Plan
from ciopt.verification.money import Payments, check_amounts

AxisKind = Literal["fund", "partner", "funds", "cost"]


@dataclass(frozen=True)
class Axis:
    """Whose money is varied.

    Parameters
    ----------
    kind
        ``fund``, ``partner`` (its own budget), ``funds``: every fund and every partner's own budget; or
        ``cost``: a ceiling on what all may cost together.
    id
        Of the fund or partner; empty for all.
    """

    kind: AxisKind
    id: str = ""

    def check(self, instance: Instance) -> None:
        """Refuse an id that is not there, and money that nobody could spend.

        Raises
        ------
        UsageError
            With the nearest known names.
        """
        records = instance.funds if self.kind == "fund" else instance.partners
        known = [record.id for record in records]
        if self.kind in ("fund", "partner") and self.id not in known:
            hint = did_you_mean(self.id, known) or (
                "known: " + ", ".join(known) if known else "the instance has none"
            )
            raise UsageError(f"no {self.kind} is called {self.id!r}; {hint}")
        if self.kind == "partner":
            roles = next(partner.roles for partner in instance.partners if partner.id == self.id)
            if not {"implementing", "backbone"} & set(roles):
                own = [fund.id for fund in instance.funds if fund.partner == self.id]
                hint = f"; its funds: {', '.join(own)} (--fund)" if own else ""
                raise UsageError(f"{self.id} does nothing that its own budget could pay for{hint}")

    def _amounts(self, instance: Instance) -> Iterator[Amount]:
        for fund in instance.funds:
            if self.kind == "funds" or (self.kind == "fund" and fund.id == self.id):
                yield fund.amount
        for partner in instance.partners:
            mine = self.kind == "funds" or (self.kind == "partner" and partner.id == self.id)
            if mine and partner.budget is not None:
                yield partner.budget

    def current(self, instance: Instance) -> int:
        """What the instance says, in minor units; without a ceiling on the cost all the money there is."""
        if self.kind == "cost":
            most = instance.agenda.max_cost
            everything = Axis("funds").current(instance)
            return everything if most is None else to_minor(most, instance.currency)
        return sum(_total(amount, instance.currency) for amount in self._amounts(instance))

    def at(self, instance: Instance, amount: int) -> Instance:
        """Return the instance with another amount (minor units); everything else is as it was."""
        whole, currency = self.current(instance), instance.currency
        if self.kind == "cost":
            agenda = instance.agenda.model_copy(update={"max_cost": from_minor(amount, currency)})
            return instance.model_copy(update={"agenda": agenda})

        def scaled(said: Amount) -> Amount:
            part = _total(said, currency) if self.kind == "funds" else whole
            share = amount * part // whole if whole else (0 if self.kind == "funds" else amount)
            if not isinstance(said, dict):
                return from_minor(share, currency)
            if not part:  # nothing to keep the shares of: equal ones
                periods = instance.periods
                return {period: from_minor(share // len(periods), currency) for period in periods}
            return {
                period: from_minor(amount * to_minor(each, currency) // whole, currency)
                for period, each in said.items()
            }

        funds = tuple(
            fund.model_copy(update={"amount": scaled(fund.amount)})
            if self.kind == "funds" or (self.kind == "fund" and fund.id == self.id)
            else fund
            for fund in instance.funds
        )
        partners = tuple(
            partner.model_copy(update={"budget": scaled(_said(partner.budget))})
            if (self.kind == "funds" and partner.budget is not None)
            or (self.kind == "partner" and partner.id == self.id)
            else partner
            for partner in instance.partners
        )
        return instance.model_copy(update={"funds": funds, "partners": partners})

    def spent(self, instance: Instance, plan: Plan) -> int:
        """What a plan spends of the money on the axis, in minor units."""
        if self.kind == "cost":
            return to_minor(plan.cost or Decimal(0), instance.currency)
        return sum(
            to_minor(payment.amount, instance.currency)
            for payment in plan.payments
            if self.kind == "funds"
            or payment.fund == (self.id if self.kind == "fund" else OWN_BUDGET + self.id)
        )

    def needed(self, instance: Instance, plan: Plan, amount: int) -> int:
        """Return the least amount at which a plan's very payments, made at ``amount``, are possible.

        What was affordable stays so with more: found by bisection.
        """
        if self.kind == "cost":
            return self.spent(instance, plan)
        totals: Counter[tuple[str, str]] = Counter()
        for payment in plan.payments:
            totals[payment.fund, payment.period] += to_minor(payment.amount, instance.currency)
        paid = Choices((), tuple(Paid(fund, "", period, sum_) for (fund, period), sum_ in totals.items()))
        light = instance.model_copy(update={"capabilities": (), "options": (), "synergies": (), "rules": ()})

        def fits(least: int) -> bool:
            return not any(check_amounts(Payments(Lookup(self.at(light, least)), paid)))

        low, high = -1, amount
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if fits(middle) else (middle, high)
        return high


def _said(amount: Amount | None) -> Amount:
    return Decimal(0) if amount is None else amount


def _total(amount: Amount, currency: str) -> int:
    parts = amount.values() if isinstance(amount, dict) else (amount,)
    return sum(to_minor(part, currency) for part in parts)
