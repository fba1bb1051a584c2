"""What an option's money costs, when the money of each fund in each period has a price.

The cheapest payment of one option is a small linear program,

    min Σ_ft price_ft q_ft    Σ_f q_ft = due_t,   Σ_t q_ft <= share_f cost,   Σ_t q_ft <= ratio_f Σ_g Σ_t q_gt

of which any multipliers u (shares) and m (matches) give a lower bound:

    Σ_t due_t v_t - Σ_f share_f cost u_f,    v_t = min_f price_ft + u_f + m_f - Σ_{h that match f} ratio_h m_h

Options of one class, intervention and start period have the same due parts: they share u, m and v.
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.base import micro
from ciopt.instance.money import to_minor
from ciopt.program.model import Program
from ciopt.program.purse import Purse, Timing

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

_PASSES = 2
"""Rounds in which the multipliers of one fund after the other are chosen anew."""


@dataclass(frozen=True)
class FundPrices:
    """Price of a minor unit.

    Parameters
    ----------
    unit
        (funds, periods): at least 0; the same in all periods for a fund of one amount, never rising with
        time where money is carried over.
    spend
        (funds): what spending is worth, for funds with a minimum.
    """

    unit: Floats
    spend: Floats

    @property
    def net(self) -> Floats:
        """What a payment costs."""
        return self.unit - self.spend[:, None]


@dataclass(frozen=True)
class Cheapest:
    """The cheapest payment of every group of options.

    Parameters
    ----------
    value
        v: (groups, periods).
    share
        u: (groups, payers).
    match
        m of each fund that matches others: (groups).
    price
        What each payer's money costs with both: (groups, payers, periods).
    """

    value: Floats
    share: Floats
    match: list[Floats]
    price: Floats


class Charges:
    """The money of a program as prices see it."""

    def __init__(self, program: Program) -> None:
        payers, options = program.payers, program.options
        self.purses: tuple[Purse, ...] = payers.purses
        self.num_periods = len(program.instance.periods)
        currency = program.instance.currency
        self.amounts = self._amounts()
        self.least = np.array(
            [to_minor(purse.record.min_spend, currency) if purse.record else 0 for purse in self.purses],
            float,
        )
        self.is_total = np.array([purse.timing is Timing.TOTAL for purse in self.purses], dtype=np.bool_)
        self.is_kept = np.array([purse.timing is Timing.CUMULATIVE for purse in self.purses], dtype=np.bool_)
        self.fixed = payers.fixed
        keys = np.stack([payers.option_class, options.intervention, options.period])
        distinct, self.group = np.unique(keys, axis=1, return_inverse=True)
        self.group = self.group.ravel()
        self.option, self.period = payers.due[:, 0], payers.due[:, 1]
        self.amount = payers.due[:, 2].astype(float)
        self.cost = options.cost.astype(float)
        self.part = np.zeros((distinct.shape[1], self.num_periods))
        np.add.at(self.part, (self.group[self.option], self.period), self.amount)
        self.part /= np.maximum(self.part.sum(axis=1, keepdims=True), 1.0)
        self._payers(payers.class_funds, distinct[0])

    def with_amounts(self, program: Program) -> Charges:
        """Return the same for a program that differs in amounts of money only."""
        found = copy(self)
        found.purses = program.payers.purses
        found.amounts = found._amounts()
        return found

    def _amounts(self) -> Floats:
        return np.array([self._by_period(purse) for purse in self.purses]).reshape(-1, self.num_periods)

    def _by_period(self, purse: Purse) -> list[float]:
        """Amount that each period's price applies to (one amount: the first)."""
        amounts = [float(amount) for amount in purse.amounts]
        return amounts + [0.0] * (self.num_periods - len(amounts))

    def _payers(self, class_funds: tuple[tuple[int, ...], ...], classes: Array) -> None:
        """Pad the payers of each group to the same number: fund, share, match."""
        width = max([1, *(len(funds) for funds in class_funds)])
        table = np.full((len(class_funds), width), -1, dtype=np.int64)
        for number, funds in enumerate(class_funds):
            table[number, : len(funds)] = funds
        self.payer = table[classes]
        share = np.ones(len(self.purses) + 1)
        for number, purse in enumerate(self.purses):
            if purse.has_share and purse.record is not None:
                share[number] = micro(purse.record.max_share) / 1e6
        self.share = share[self.payer]
        number_of = {purse.name: number for number, purse in enumerate(self.purses)}
        self.ratio = np.zeros(self.payer.shape)
        self.matched: list[tuple[int, Floats]] = []
        for number, purse in enumerate(self.purses):
            if purse.record is not None and purse.record.match is not None:
                ratio = float(purse.record.match.ratio)
                names = [number_of[name] for name in purse.record.match.with_ if name in number_of]
                effect = np.where(np.isin(self.payer, names), -ratio, 0.0)
                effect[self.payer == number] = 1.0
                self.matched.append((number, effect))

    def cheapest(self, prices: FundPrices) -> Cheapest:
        """Find the multipliers of each group, and what its money costs in each period."""
        padded = np.vstack([prices.net, np.full((1, self.num_periods), np.inf)])
        price = padded[self.payer]  # groups x payers x periods
        extra = np.zeros(self.payer.shape)
        factors = [np.zeros(len(price)) for _ in self.matched]
        limited = [place for place in range(self.payer.shape[1]) if (self.share[:, place] < 1).any()]
        for _ in range(_PASSES if limited or self.matched else 0):
            for place in limited:
                extra[:, place] = self._share_multiplier(price + self._matches(factors), extra, place)
            for number in range(len(self.matched)):
                factors[number] = np.zeros(len(price))
                base = price + extra[:, :, None] + self._matches(factors)
                factors[number] = self._match_multiplier(base, number)
        price = price + extra[:, :, None] + self._matches(factors)
        value = price.min(axis=1)
        return Cheapest(np.where(np.isfinite(value), value, 0.0), extra, factors, price)

    def _matches(self, factors: list[Floats]) -> Floats:
        """What matches add to the price of each payer."""
        total = np.zeros((*self.payer.shape, 1))
        for factor, (_, effect) in zip(factors, self.matched, strict=True):
            total[:, :, 0] += factor[:, None] * effect
        return total

    def _share_multiplier(self, price: Floats, extra: Floats, place: int) -> Floats:
        """Best u of one payer, the others' as they are: one of the points where v_t changes slope."""
        others = price + extra[:, :, None]
        others[:, place] = np.inf
        rest = others.min(axis=1)
        own, share = price[:, place], self.share[:, place]
        best_u, best = np.zeros(len(own)), np.full(len(own), -np.inf)
        with np.errstate(invalid="ignore"):
            gaps = (rest - own).T
        for candidate in [np.zeros(len(own)), *gaps]:
            u = np.where((share < 1) & np.isfinite(candidate) & (candidate > 0), candidate, 0.0)
            least = np.minimum(rest, own + u[:, None])
            worth = (self.part * np.where(np.isfinite(least), least, 0.0)).sum(axis=1) - share * u
            better = worth > best
            best_u, best = np.where(better, u, best_u), np.where(better, worth, best)
        return best_u

    def _match_multiplier(self, base: Floats, number: int) -> Floats:
        """Best m of one fund: where it costs as much as another payer, or as one that it matches."""
        fund, effect = self.matched[number]
        mine = self.payer == fund
        has = mine.any(axis=1)
        own = np.where(mine[:, :, None], base, np.inf).min(axis=1)
        best_m, best = np.zeros(len(has)), np.full(len(has), -np.inf)
        candidates = [np.zeros(len(has))]
        for place in range(self.payer.shape[1]):
            slope = 1.0 - np.minimum(effect[:, place], 0.0)
            with np.errstate(invalid="ignore"):
                candidates += list(((base[:, place] - own) / slope[:, None]).T)
        for candidate in candidates:
            m = np.where(has & np.isfinite(candidate) & (candidate > 0), candidate, 0.0)
            least = (base + (m[:, None] * effect)[:, :, None]).min(axis=1)
            worth = (self.part * np.where(np.isfinite(least), least, 0.0)).sum(axis=1)
            better = worth > best
            best_m, best = np.where(better, m, best_m), np.where(better, worth, best)
        return best_m

    def of_options(self, cheapest: Cheapest) -> Floats:
        """Return what each option's money costs."""
        count = len(self.cost)
        unit = cheapest.value[self.group[self.option], self.period]
        due = np.bincount(self.option, self.amount * unit, count)
        capped = np.where(self.share < 1, self.share * cheapest.share, 0.0).sum(axis=1)
        return np.asarray(due - self.cost * capped[self.group])

    def fixed_prices(self, prices: FundPrices) -> Floats:
        """Return what each fixed charge costs: paid when its fund's money is cheapest."""
        net = prices.net
        cheapest = net.min(axis=1) if len(net) else np.zeros(0)
        return np.asarray(cheapest[self.fixed[:, 0]] * self.fixed[:, 2])

    def spent(self, cheapest: Cheapest, options: Array, part: Floats) -> Floats:
        """Return what chosen options (in parts) take from each fund in each period, at the cheapest."""
        bill = np.zeros(len(self.part))
        np.add.at(bill, self.group[options], part * self.cost[options])
        left = self.part * bill[:, None]
        found = np.zeros((len(self.purses) + 1, self.num_periods))
        price = cheapest.price.copy()
        rows = np.arange(len(left))
        for place in range(self.payer.shape[1]):
            binds = cheapest.share[:, place] > 0
            self._up_to(found, price, left, np.full(len(left), place), binds, self.share[:, place] * bill)
        for (fund, effect), factor in zip(self.matched, cheapest.match, strict=True):
            ratio = -np.minimum(effect.min(axis=1), 0.0)
            room = ratio / (1 + ratio) * left.sum(axis=1)
            self._up_to(found, price, left, (self.payer == fund).argmax(axis=1), factor > 0, room)
        for period in range(self.num_periods):
            place = price[:, :, period].argmin(axis=1)
            np.add.at(found[:, period], self.payer[rows, place], left[:, period])
        return found[:-1]

    def _up_to(
        self, found: Floats, price: Floats, left: Floats, place: Array, binds: NDArray[np.bool_], room: Floats
    ) -> None:
        """Let a fund whose share or match binds pay what it may, first where it saves the most."""
        rows = np.flatnonzero(binds)
        if not len(rows):
            return
        place, room = place[rows], room[rows]
        others = price[rows]
        own = others[np.arange(len(rows)), place].copy()
        others[np.arange(len(rows)), place] = np.inf
        order = np.argsort(own - others.min(axis=1), axis=1, kind="stable")
        for rank in range(self.num_periods):
            period = order[:, rank]
            part = np.minimum(left[rows, period], room)
            np.add.at(found, (self.payer[rows, place], period), part)
            left[rows, period] -= part
            room = room - part
        price[rows, place] = np.inf

    def feasible(self, prices: FundPrices) -> FundPrices:
        """Return the nearest prices that are allowed: one for one amount, falling where money is kept."""
        unit = np.maximum(prices.unit, 0.0)
        unit[self.is_total] = unit[self.is_total, :1]
        kept = unit[self.is_kept]
        unit[self.is_kept] = np.maximum.accumulate(kept[:, ::-1], axis=1)[:, ::-1]
        return FundPrices(unit, np.where(self.least > 0, np.maximum(prices.spend, 0.0), 0.0))

    def steps(self, unit: Floats) -> Floats:
        """Return the price of each limit on money: where it is kept, of what may be spent up to a period.

        With μ_t for Σ_{s <= t} spent_s <= Σ_{s <= t} amount_s, a unit in period t costs Σ_{s >= t} μ_s.
        """
        steps = unit.copy()
        steps[self.is_kept, :-1] -= unit[self.is_kept, 1:]
        return steps

    def units(self, steps: Floats) -> Floats:
        """Return what a unit costs in each period, from the prices of the limits: undoes `steps`."""
        unit = steps.copy()
        unit[self.is_kept] = np.cumsum(steps[self.is_kept, ::-1], axis=1)[:, ::-1]
        return unit

    def limited(self, spent: Floats) -> Floats:
        """Return what each of these limits looks at: one amount in the first period, kept money summed."""
        found = spent.copy()
        found[self.is_total] = 0.0
        found[self.is_total, 0] = spent[self.is_total].sum(axis=1)
        found[self.is_kept] = np.cumsum(spent[self.is_kept], axis=1)
        return found
