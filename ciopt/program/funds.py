"""Who may pay for what: funds as arrays, and the classes of options with the same payers.

A partner's budget is a fund of its own, after the records.
"""

from __future__ import annotations

from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Instance
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.money import to_minor
from ciopt.instance.records import Fund
from ciopt.program.build import Workshop
from ciopt.program.exact import common_divisor
from ciopt.program.purse import Purse, Timing

Array = NDArray[np.int64]


def purses(instance: Instance) -> tuple[Purse, ...]:
    """All funds, then all own budgets."""
    currency, periods = instance.currency, instance.periods

    def amounts(amount: Decimal | dict[str, Decimal]) -> tuple[int, ...]:
        if isinstance(amount, dict):
            return tuple(to_minor(amount.get(period, Decimal(0)), currency) for period in periods)
        return (to_minor(amount, currency),)

    found = []
    for fund in instance.funds:
        timing = Timing.TOTAL
        if isinstance(fund.amount, dict):
            timing = Timing.CUMULATIVE if fund.carry_over else Timing.PERIODIC
        found.append(Purse(fund.id, -1, timing, amounts(fund.amount), fund))
    for number, partner in enumerate(instance.partners):
        if partner.budget is not None:
            timing = Timing.PERIODIC if isinstance(partner.budget, dict) else Timing.TOTAL
            found.append(Purse(OWN_BUDGET + partner.id, number, timing, amounts(partner.budget), None))
    return tuple(found)


def itemising(wallets: tuple[Purse, ...]) -> set[int]:
    """Funds whose payments are followed assignment by assignment: those with a share or in a match."""
    number = {purse.name: n for n, purse in enumerate(wallets)}
    found = {n for n, purse in enumerate(wallets) if purse.has_share}
    for n, purse in enumerate(wallets):
        if purse.record is not None and purse.record.match is not None:
            found.add(n)
            found.update(number[name] for name in purse.record.match.with_ if name in number)
    return found


def money_unit(instance: Instance, wallets: tuple[Purse, ...], costs: Array) -> int:
    """Largest amount of which all money is a multiple; 1 where a match or share may split it.

    Parameters
    ----------
    costs
        What assignments cost, period by period, in minor units.
    """
    if itemising(wallets):
        return 1
    currency = instance.currency
    amounts = [amount for purse in wallets for amount in purse.amounts]
    amounts += [to_minor(fund.min_spend, currency) for fund in instance.funds]
    amounts += [to_minor(partner.participation_cost, currency) for partner in instance.partners]
    for backbone in instance.backbones:
        amounts += [to_minor(each, currency) for each in (backbone.cost, backbone.cost_per_synergy)]
    return common_divisor(costs, np.array(amounts, dtype=object))


def classes(shop: Workshop, wallets: tuple[Purse, ...]) -> tuple[Array, tuple[tuple[int, ...], ...]]:
    """Class of each option, and the funds that may pay for each class."""
    options = shop.options
    own = np.full(len(shop.instance.partners), -1, dtype=np.int64)
    words: list[Array] = []
    for number, purse in enumerate(wallets):
        if purse.record is None:
            own[purse.owner] = number
            continue
        if number % 62 == 0:
            words.append(np.zeros(len(options), dtype=np.int64))
        words[-1] += _may_pay(shop, purse.record).astype(np.int64) << (number % 62)
    keys = (
        np.stack([*words, own[options.partner]], axis=1) if len(options) else np.zeros((0, 1), dtype=np.int64)
    )
    distinct, number_of = np.unique(keys, axis=0, return_inverse=True)
    eligible = []
    for key in distinct.tolist():
        shared = [62 * w + bit for w, word in enumerate(key[:-1]) for bit in range(62) if word >> bit & 1]
        eligible.append(tuple(shared + ([key[-1]] if key[-1] >= 0 else [])))
    return number_of.astype(np.int64).ravel(), tuple(eligible)


def _may_pay(shop: Workshop, fund: Fund) -> NDArray[np.bool_]:
    """Whether a fund may pay for each option: all its conditions hold."""
    options, lookup = shop.options, shop.lookup
    conditions = (
        (fund.pays_for.interventions, list(lookup.interventions), options.intervention),
        (fund.pays_for.partners, list(lookup.partners), options.partner),
        (fund.pays_for.places, list(lookup.places), options.place),
    )
    allowed = np.ones(len(options), dtype=np.bool_)
    for selection, names, numbers in conditions:
        if selection != "*":
            chosen = set(selection)
            allowed &= np.array([name in chosen for name in names], dtype=np.bool_)[numbers]
    return allowed
