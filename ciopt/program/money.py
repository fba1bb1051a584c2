"""Every assignment is paid in full, by funds that may pay for it, and no fund pays more than it has.

Payment columns exist only where there is a choice. Options with the same payers form a class c:

    one payer                Σ_j cost_jt x_j is charged to it directly
    several                  Σ_f P_fct = Σ_{j in c} cost_jt x_j                 pooled: a transport problem
    with a share or match    Σ_f q_fat <= (=) Σ_{j in a} cost_jt x_j            itemised by activity a
                             Σ_t q_fat <= Σ_j floor(share_f cost_j) x_j
                             Σ_t q_fat <= ratio_f Σ_{g matched} Σ_t q_gat

    amounts                  Σ charges_t <= amount_t, or cumulated, or in all;  Σ charges >= min_spend

A pooled payment can always be divided among the class's assignments, and a transport problem with whole
numbers has whole solutions: that is why pooling loses nothing.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import micro
from ciopt.instance.money import to_minor
from ciopt.instance.records import Fund
from ciopt.program.build import EMPTY, Workshop, concatenated
from ciopt.program.exact import as_integer
from ciopt.program.funds import classes, itemising, money_unit, purses
from ciopt.program.ledger import Ledger
from ciopt.program.model import Payers, RowKind
from ciopt.program.options import spread_costs
from ciopt.program.purse import Purse, Timing

Array = NDArray[np.int64]


class _Payments:
    """The money part of a program while it is built."""

    def __init__(self, shop: Workshop) -> None:
        self.shop = shop
        self.wallets = purses(shop.instance)
        self.option_class, self.class_funds = classes(shop, self.wallets)
        self.ledger = Ledger()
        self.itemising = itemising(self.wallets)
        self.cost_column, self.cost_period, self.cost_amount = spread_costs(shop.lookup, shop.options)
        self.unit = money_unit(shop.instance, self.wallets, self.cost_amount)
        self.pooled: list[tuple[int, int, int, int]] = []
        self.itemised: list[Array] = []
        self.fixed: list[Array] = []

    def charge_class(self, number: int, entries: Array) -> None:
        """Charge the costs of one class; ``entries`` are its rows of the spread costs."""
        funds = self.class_funds[number]
        if not funds:
            self.shop.forbid(np.unique(self.cost_column[entries]))
            return
        columns, amounts = self.cost_column[entries], self.cost_amount[entries]
        periods = self.cost_period[entries]
        if all(self.wallets[fund].timing is Timing.TOTAL for fund in funds):
            periods = np.full(len(entries), -1, dtype=np.int64)
        rest = tuple(fund for fund in funds if fund not in self.itemising)
        singled = [fund for fund in funds if fund in self.itemising]
        items, due = EMPTY, EMPTY
        if singled:
            items, due = self._itemise(number, singled, rest, columns, periods, amounts)
        for period in np.unique(periods).tolist() if rest else ():
            here = periods == period
            self._pool(number, period, rest, columns[here], amounts[here], items[due == period])

    def _pool(
        self,
        number: int,
        period: int,
        funds: tuple[int, ...],
        columns: Array,
        amounts: Array,
        items: Array,
    ) -> None:
        """Σ_f P_fct + Σ itemised = Σ cost_jt x_j, with one payer charged directly."""
        unit = np.full(len(items), -self.unit, dtype=np.int64)
        columns, amounts = np.append(columns, items), np.append(amounts, unit)
        if len(funds) == 1:
            self.ledger.charge(funds[0], period, columns, amounts)
            return
        most = int(np.maximum(amounts, 0).sum())
        name = f"class {number} in period {period}"
        limits = [most_paid(self.wallets[fund], most, self.unit) for fund in funds]
        labels = [f"{self.wallets[fund].name} pays {name}" for fund in funds]
        paid = self.shop.add_columns(labels, np.array(limits, dtype=np.int64), implied=True)
        self.pooled += [(number, period, fund, int(c)) for fund, c in zip(funds, paid, strict=True)]
        values = np.append(amounts, np.full(len(paid), -self.unit, dtype=np.int64))
        self.shop.add_row(
            f"payment of {name}", np.append(columns, paid), values, lower=0, upper=0, kind=RowKind.MONEY
        )
        for fund, column in zip(funds, paid.tolist(), strict=True):
            self.ledger.charge(fund, period, np.array([column]), np.array([self.unit]))

    def _itemise(
        self,
        number: int,
        singled: list[int],
        rest: tuple[int, ...],
        columns: Array,
        periods: Array,
        amounts: Array,
    ) -> tuple[Array, Array]:
        """Add q_fat for the funds with shares and matches; return the columns and their periods."""
        activities = self.shop.options.activity[columns]
        keys, bill = np.unique(np.stack([activities, periods]), axis=1, return_inverse=True)
        bill, (item, period) = bill.ravel(), keys
        names = [self.wallets[fund].name for fund in singled]
        labels = [f"{name} pays activity {a} in {t}" for a, t in keys.T.tolist() for name in names]
        most = np.repeat(_largest_sums(bill, columns, amounts), len(singled))
        new = self.shop.add_columns(labels, most, implied=True).reshape(-1, len(singled))
        for place, fund in enumerate(singled):
            own = [item, np.full_like(item, number), period, np.full_like(item, fund), new[:, place]]
            self.itemised.append(np.stack(own, axis=1))
            for when in np.unique(period).tolist():
                paid = new[period == when, place]
                self.ledger.charge(fund, when, paid, np.full(len(paid), self.unit, dtype=np.int64))
        self.shop.add_row_terms(
            [f"payment of activity {a} in {t}" for a, t in keys.T.tolist()],
            np.append(np.repeat(np.arange(len(item)), len(singled)), bill),
            np.append(new.ravel(), columns),
            np.append(np.full(new.size, self.unit, dtype=np.int64), -amounts),
            lower=None if rest else 0,
            upper=0,
            kind=RowKind.MONEY,
        )
        for place, fund in enumerate(singled):
            record = self.wallets[fund].record
            if record is not None:
                self._share(record, item, new[:, place], columns)
                self._match(record, item, new[:, place], {name: new[:, n] for n, name in enumerate(names)})
        return new.ravel(), np.repeat(period, len(singled))

    def _share(self, record: Fund, item: Array, paid: Array, columns: Array) -> None:
        """Σ_t q_fat <= Σ_j floor(share_f cost_j) x_j for every activity of a class."""
        if record.max_share == 1:
            return
        options, share = np.unique(columns), micro(record.max_share)
        whole, part = np.divmod(self.shop.options.cost[options], 10**6)
        most = whole * share + part * share // 10**6
        activities = np.unique(item)
        place = np.searchsorted(activities, item)
        self.shop.add_row_terms(
            [f"max_share {record.id} of activity {a}" for a in activities.tolist()],
            np.append(place, np.searchsorted(activities, self.shop.options.activity[options])),
            np.append(paid, options),
            np.append(np.ones(len(paid), dtype=np.int64), -most),
            upper=0,
            kind=RowKind.MONEY,
        )

    def _match(self, record: Fund, item: Array, paid: Array, by_name: dict[str, Array]) -> None:
        """Σ_t q_fat <= ratio_f Σ_{g matched} Σ_t q_gat for every activity of a class."""
        if record.match is None:
            return
        matched = [by_name[name] for name in record.match.with_ if name in by_name]
        ratio, digits = as_integer(record.match.ratio)
        activities = np.unique(item)
        place = np.searchsorted(activities, item)
        self.shop.add_row_terms(
            [f"match {record.id} of activity {a}" for a in activities.tolist()],
            np.tile(place, 1 + len(matched)),
            concatenated([paid, *matched]),
            np.append(np.full(len(paid), 10**digits), np.full(len(paid) * len(matched), -ratio)),
            upper=0,
            kind=RowKind.MONEY,
        )

    def charge_fixed(self, partner: int, columns: Array, amounts: Array) -> None:
        """Charge costs that may be paid in any period to a partner's own budget."""
        for fund, purse in enumerate(self.wallets):
            if purse.owner == partner:
                self.ledger.charge(fund, -1, columns, amounts)
                self.fixed.append(np.stack([np.full_like(columns, fund), columns, amounts], axis=1))
                return
        for column, amount in zip(columns.tolist(), amounts.tolist(), strict=True):
            if amount:
                name = self.shop.instance.partners[partner].id
                self.shop.add_row(
                    f"{name} has no budget", np.array([column]), np.ones(1, dtype=np.int64), upper=0
                )

    def add_amounts(self) -> None:
        """No fund pays more than it has, period by period, cumulated or in all; some must be spent."""
        for fund, purse in enumerate(self.wallets):
            everything = self.ledger.of(fund)
            for name, when, amount in ceilings(purse, self.shop.instance.periods):
                self._row(name, *self.ledger.of(fund, when), upper=amount)
            if purse.record is not None and purse.record.min_spend:
                least = to_minor(purse.record.min_spend, self.shop.instance.currency)
                self._row(f"min_spend {purse.name}", *everything, lower=least)

    def _row(
        self, label: str, columns: Array, values: Array, lower: int | None = None, upper: int | None = None
    ) -> None:
        self.shop.add_row(label, columns, values, lower, upper, RowKind.MONEY)


def ceilings(purse: Purse, periods: tuple[str, ...]) -> Iterator[tuple[str, set[int] | None, int]]:
    """Rows that a fund's amounts bound from above: label, periods (None for all), and the bound."""
    if purse.timing is Timing.PERIODIC:
        for period, amount in enumerate(purse.amounts):
            yield f"{purse.name} in {periods[period]}", {period}, amount
    if purse.timing is Timing.CUMULATIVE:
        for period in range(len(purse.amounts) - 1):
            until = set(range(period + 1))
            yield f"{purse.name} until {periods[period]}", until, sum(purse.amounts[: period + 1])
    yield purse.name, None, purse.total


def most_paid(purse: Purse, due: int, unit: int) -> int:
    """Upper bound of a pooled payment, in units of money: what is due, and what there is."""
    return min(due // unit, purse.total // unit)


def _largest_sums(bill: Array, columns: Array, amounts: Array) -> Array:
    """Largest total of one column in each bill: an option may be due in several periods."""
    pairs, inverse = np.unique(np.stack([bill, columns]), axis=1, return_inverse=True)
    total = np.zeros(pairs.shape[1], dtype=np.int64)
    np.add.at(total, inverse.ravel(), amounts)
    largest = np.zeros(int(bill.max()) + 1, dtype=np.int64)
    np.maximum.at(largest, pairs[0], total)
    return largest


def compile_money(
    shop: Workshop,
    participation: dict[int, int],
    backbones: dict[int, int],
    carried: Array,
    carried_by: Array,
) -> tuple[Payers, Array, Array]:
    """Add payment columns and the rows of funds.

    Parameters
    ----------
    participation, backbones
        Switch columns by partner and by backbone.
    carried, carried_by
        Columns of carried synergies, and the backbone of each.

    Returns
    -------
    payers
        How to read payments back.
    column, amount
        Total cost of a plan: Σ amount x column, minor units.
    """
    payments = _Payments(shop)
    order = np.argsort(payments.option_class[payments.cost_column], kind="stable")
    numbers = payments.option_class[payments.cost_column][order]
    bounds = np.searchsorted(numbers, np.arange(len(payments.class_funds) + 1))
    for number in range(len(payments.class_funds)):
        entries = order[bounds[number] : bounds[number + 1]]
        if len(entries):
            payments.charge_class(number, entries)
    currency = shop.instance.currency
    columns, amounts = [np.arange(len(shop.options), dtype=np.int64)], [shop.options.cost]
    for partner, switch in participation.items():
        cost = to_minor(shop.instance.partners[partner].participation_cost, currency)
        columns.append(np.array([switch]))
        amounts.append(np.array([cost]))
        payments.charge_fixed(partner, columns[-1], amounts[-1])
    number_of = {partner: n for n, partner in enumerate(shop.lookup.partners)}
    for backbone, switch in backbones.items():
        record = shop.instance.backbones[backbone]
        own = carried[carried_by == backbone]
        columns.append(np.append(own, switch))
        each = np.full(len(own), to_minor(record.cost_per_synergy, currency), dtype=np.int64)
        amounts.append(np.append(each, to_minor(record.cost, currency)))
        payments.charge_fixed(number_of[record.partner], columns[-1], amounts[-1])
    payments.add_amounts()
    payers = Payers(
        payments.unit,
        payments.wallets,
        payments.option_class,
        payments.class_funds,
        np.array(payments.pooled, dtype=np.int64).reshape(-1, 4),
        concatenated([block.ravel() for block in payments.itemised]).reshape(-1, 5),
        np.stack([payments.cost_column, payments.cost_period, payments.cost_amount], axis=1),
        concatenated([block.ravel() for block in payments.fixed]).reshape(-1, 3),
    )
    return payers, np.concatenate(columns), np.concatenate(amounts)
