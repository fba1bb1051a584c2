"""Who gains what from one world to the next: indicators, synergies, partners and funds, side by side."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ciopt.instance import Lookup
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.choices import Choices
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.plan.records import Plan
from ciopt.studies.collaboration.credit import by_fund, by_partner, credits
from ciopt.studies.collaboration.records import (
    FundGain,
    IndicatorGain,
    PartnerGain,
    SynergyGain,
    World,
    WorldName,
)
from ciopt.studies.collaboration.split import Split
from ciopt.verification.decisions import read_decisions

Against = Literal["alone", "informed"]
AGAINST: tuple[Against, ...] = ("alone", "informed")
_MICRO = 6


def _plans(worlds: tuple[World, ...]) -> dict[WorldName, Plan]:
    return {world.name: world.plan for world in worlds if world.plan is not None}


def rounded(credit: Fraction) -> Decimal:
    """Credit in natural units, to 10^-6, halves up."""
    scaled = credit / 10 ** (VALUE_DIGITS - _MICRO)
    return decimal((2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator), _MICRO)


def indicator_gains(lookup: Lookup, worlds: tuple[World, ...]) -> tuple[IndicatorGain, ...]:
    """What each world moves each indicator by."""
    totals = {
        name: {each.id: each.total for each in plan.indicators} for name, plan in _plans(worlds).items()
    }
    return tuple(
        IndicatorGain(
            id=each.id,
            name=each.name,
            unit=each.unit,
            falls=each.weight < 0,
            total={name: found[each.id] for name, found in totals.items()},
        )
        for each in lookup.instance.indicators
    )


def synergy_gains(lookup: Lookup, worlds: tuple[World, ...]) -> tuple[SynergyGain, ...]:
    """What each synergy pays in each world; those that never pay are left out."""
    found = []
    for synergy in lookup.instance.synergies:
        paid = {
            name: [each.value for each in plan.synergies if each.id == synergy.id]
            for name, plan in _plans(worlds).items()
        }
        if any(paid.values()):
            found.append(
                SynergyGain(
                    id=synergy.id,
                    name=synergy.name,
                    times={name: len(values) for name, values in paid.items()},
                    value={name: sum(values, Decimal(0)) for name, values in paid.items()},
                )
            )
    return tuple(found)


def _choices(lookup: Lookup, plan: Plan) -> Choices:
    return read_decisions(lookup, plan)[0]


def partner_gains(lookup: Lookup, worlds: tuple[World, ...]) -> tuple[PartnerGain, ...]:
    """What each partner does, spends, receives and has a part in; those that never act are left out."""
    plans = _plans(worlds)
    credit = {name: by_partner(credits(lookup, _choices(lookup, plan))) for name, plan in plans.items()}
    found = []
    for partner in lookup.instance.partners:
        mine = {name: rounded(each.get(partner.id, Fraction(0))) for name, each in credit.items()}
        spent = {name: _paid(plan, OWN_BUDGET + partner.id) for name, plan in plans.items()}
        done = {
            name: sum(each.partner == partner.id for each in plan.assignments) for name, plan in plans.items()
        }
        if not any(done.values()) and not any(spent.values()):
            continue
        found.append(
            PartnerGain(
                id=partner.id,
                name=partner.name,
                assignments=done,
                spent=spent,
                received={name: _received(plan, partner.id) for name, plan in plans.items()},
                credit=mine,
                compensation={
                    name: mine[name] - mine["together"]
                    for name in AGAINST
                    if name in mine and "together" in mine and mine[name] > mine["together"]
                },
            )
        )
    return tuple(found)


def fund_gains(lookup: Lookup, worlds: tuple[World, ...], split: Split) -> tuple[FundGain, ...]:
    """Where each fund's money goes, and the value it has a part in."""
    plans = _plans(worlds)
    credit = {}
    for name, plan in plans.items():
        choices = _choices(lookup, plan)
        credit[name] = by_fund(lookup, choices, credits(lookup, choices))
    pieces: Mapping[str, Decimal] = {fund.id: _total(fund.amount) for fund in split.instance.funds}
    found = []
    for fund in lookup.instance.funds:
        parts = {partner: pieces[part] for part, (whole, partner) in split.parts.items() if whole == fund.id}
        found.append(
            FundGain(
                id=fund.id,
                name=fund.name,
                owner=fund.partner,
                amount=_total(fund.amount),
                shared=len(parts) > 1,
                parts=parts,
                paid={name: _by_payee(plan, fund.id) for name, plan in plans.items()},
                credit={name: rounded(each.get(fund.id, Fraction(0))) for name, each in credit.items()},
            )
        )
    return tuple(found)


def _total(amount: Decimal | dict[str, Decimal]) -> Decimal:
    return sum(amount.values(), Decimal(0)) if isinstance(amount, dict) else amount


def _by_payee(plan: Plan, fund: str) -> dict[str, Decimal]:
    paid: dict[str, Decimal] = {}
    for each in plan.payments:
        if each.fund == fund:
            payee = each.payee
            paid[payee] = paid.get(payee, Decimal(0)) + each.amount
    return paid


def _paid(plan: Plan, fund: str) -> Decimal:
    return sum((each.amount for each in plan.payments if each.fund == fund), Decimal(0))


def _received(plan: Plan, partner: str) -> Decimal:
    return sum(
        (
            each.amount
            for each in plan.payments
            if not each.fund.startswith(OWN_BUDGET) and each.payee == partner
        ),
        Decimal(0),
    )
