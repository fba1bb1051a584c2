"""The relaxation under prices: every coupling is paid for, one cut chooses, the value is a bound.

U = Σ_r m_r b_r + Σ_ft price_ft amount_ft - Σ_f spend_f least_f        what the limits are worth
  + Σ_u max(0, reduced_u) upper_u                                      utilities and shortfalls
  + Σ_q max_y (reduced_q z_q(y) - Σ_m split_qm y_m)                    blocks
  + the cut                                                            activities at their best option
"""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.charges import Charges, Cheapest, FundPrices
from ciopt.engines.large.cut import Chosen, Cut
from ciopt.engines.large.flat import Flat, flatten
from ciopt.engines.large.structure import Structure, structure_of
from ciopt.engines.large.switches import SwitchBlocks
from ciopt.program.amounts import is_patched
from ciopt.program.model import Goal, Program

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

_LAST = "relaxation"
_MOST = 500_000
"""Options up to which a relaxation is kept for the next what-if."""

IMPOSSIBLE = -1e300
"""Worth of an option that may not be chosen."""


@dataclass(frozen=True)
class Multipliers:
    """One price for everything that couples activities.

    Parameters
    ----------
    rows
        One for each priced row: at least 0 for an upper limit, at most 0 for a lower one.
    funds
        Prices of money.
    splits
        One for each entry of the blocks.
    switches
        One for each member of a switch.
    mix
        Weights of what decides by its least.
    """

    rows: Floats
    funds: FundPrices
    splits: Floats
    switches: Floats
    mix: Floats


@dataclass(frozen=True)
class Relaxed:
    """The relaxation at some multipliers.

    Parameters
    ----------
    bound
        No plan is worth more.
    reduced
        Per column: objective less prices, with the splits.
    best
        Best option of each activity.
    share
        How much of each activity is chosen.
    columns
        Value of each column (0 to 1, or its amount).
    spent
        (funds, periods).
    splits, switches
        Value of the copies of the members, entry by entry.
    chosen
        The cut's answer.
    """

    bound: float
    reduced: Floats
    best: Array
    share: Floats
    columns: Floats
    spent: Floats
    splits: Floats
    switches: Floats
    chosen: Chosen


class Relaxation:
    """One structure, evaluated at multipliers as often as one likes."""

    def __init__(self, structure: Structure, goal: Goal | None = None) -> None:
        program = structure.program
        self.goal = goal
        self._flat: tuple[Goal, Flat] | None = None
        self.structure, self.program = structure, program
        self.charges = Charges(program)
        self.switch_blocks = SwitchBlocks(program)
        options = program.options
        self.first = np.searchsorted(options.activity, np.arange(program.num_activities))
        self.literal_owner = np.repeat(np.arange(len(program.literals)), program.literals.lengths)
        self.box = np.flatnonzero(program.measures)
        links = structure.links
        nodes = program.num_activities + len(links.group)
        member = np.stack([program.num_activities + links.group_of, links.group_member])
        implied = np.concatenate([links.implied[1:], member], axis=1)
        self.pair_of, self.pairs = self._merged_pairs(links.pair[1:])
        self.cut = Cut(nodes, self.pairs, implied, links.excluded[1:])
        self.block_size = np.zeros(len(structure.blocks.size), dtype=np.int64)
        self._rank_blocks()

    @classmethod
    def of(cls, program: Program, goal: Goal) -> Relaxation:
        """Return the relaxation of a program for a goal, from the last one that differs in amounts only."""
        last: Relaxation | None = program.lookup.facts.others.pop(_LAST, None)
        if last is None or last.goal is not goal or not is_patched(program, last.program):
            return cls(structure_of(program, goal), goal)
        found = copy(last)
        found.structure = replace(last.structure, program=program)
        found.program, found.charges = program, last.charges.with_amounts(program)
        return found

    def keep(self) -> None:
        """Leave it to the next what-if: not before the end, since it cannot serve two solves at once."""
        if len(self.program.options) <= _MOST:
            self.program.lookup.facts.others[_LAST] = self

    def flat(self, goal: Goal) -> Flat:
        """Return the program for compiled code, laid out once."""
        if self._flat is None or self._flat[0] is not goal:
            self._flat = goal, flatten(self.program, goal)
        return self._flat[1]._replace(amount=self.charges.amounts.astype(np.int64))

    def _merged_pairs(self, ends: Array) -> tuple[Array, Array]:
        """Products of the same two activities are one arc."""
        low, high = ends.min(axis=0, initial=2**62), ends.max(axis=0, initial=-1)
        count = max(1, self.program.num_activities)
        keys, inverse = np.unique(low * count + high, return_inverse=True)
        return inverse, np.stack(np.divmod(keys, count))

    def _rank_blocks(self) -> None:
        blocks = self.structure.blocks
        start = np.concatenate([[0], np.cumsum(blocks.size)])
        self.block_start = start[:-1]
        self.place_in_block = np.arange(len(blocks.block)) - np.repeat(start[:-1], blocks.size)

    def start(self) -> Multipliers:
        """All prices 0, losses and gains of blocks divided evenly."""
        blocks = self.structure.blocks
        weight = self.structure.objective[self.program.thresholds.column[blocks.threshold]]
        even = np.where(
            weight > 0, weight / np.maximum(blocks.needed, 1), weight / np.maximum(blocks.size, 1)
        )
        funds = FundPrices(
            np.zeros((len(self.charges.purses), self.charges.num_periods)), np.zeros(len(self.charges.purses))
        )
        return Multipliers(
            np.zeros(len(self.structure.priced)),
            funds,
            even[blocks.block] if len(blocks.block) else np.zeros(0),
            np.zeros(self.switch_blocks.num_entries),
            self.structure.mix.start,
        )

    def evaluate(self, at: Multipliers) -> Relaxed:
        """Solve the relaxation."""
        structure, program = self.structure, self.program
        cheapest = self.charges.cheapest(at.funds)
        reduced = self._reduced(at, cheapest)
        columns = np.zeros(program.num_columns)
        bound = structure.constant + structure.mix.change(at.mix)[1] + self._limits(at)
        boxed = np.maximum(reduced[self.box], 0.0)
        bound += float(boxed @ program.upper[self.box])
        columns[self.box] = np.where(boxed > 0, program.upper[self.box], 0.0)
        worth, copies = self._blocks(reduced, at.splits, columns)
        bound += worth
        switched, switch_copies = self.switch_blocks.solve(reduced, at.switches, columns)
        bound += switched
        best, gain, weight = self._activities(reduced)
        chosen = self.cut.solve(gain, weight, np.flatnonzero(structure.forced))
        bound += chosen.value
        share = chosen.share[: program.num_activities]
        columns[best] = share
        self._products(columns, share, chosen)
        self.switch_blocks.carried_by_cheapest(reduced, columns)
        taken = np.flatnonzero(share > 0)
        spent = self.charges.spent(cheapest, best[taken], share[taken])
        self._spend_fixed(at, spent, columns)
        return Relaxed(bound, reduced, best, share, columns, spent, copies, switch_copies, chosen)

    def _limits(self, at: Multipliers) -> float:
        priced, charges = self.structure.priced, self.charges
        side = np.where(at.rows > 0, priced.upper, priced.lower)
        worth = float((at.rows[at.rows != 0] * side[at.rows != 0]).sum())
        worth += float((at.funds.unit * charges.amounts).sum())
        return worth - float(at.funds.spend @ charges.least)

    def _reduced(self, at: Multipliers, cheapest: Cheapest) -> Floats:
        """Objective less the prices of rows and money, plus what splits and switches give or take."""
        structure, program, priced = self.structure, self.program, self.structure.priced
        reduced = structure.objective + structure.mix.change(at.mix)[0]
        reduced -= np.bincount(priced.column, at.rows[priced.row] * priced.value, program.num_columns)
        reduced[: len(program.options)] -= self.charges.of_options(cheapest)
        fixed = self.charges.fixed
        np.subtract.at(reduced, fixed[:, 1], self.charges.fixed_prices(at.funds))
        for literal, amount in (
            (structure.blocks.literal, at.splits),
            (self.switch_blocks.literal, -at.switches),
        ):
            if len(literal):
                per_literal = np.bincount(literal, amount, len(program.literals))
                change = per_literal[self.literal_owner]
                reduced += np.bincount(program.literals.index, change, program.num_columns)
        self.switch_blocks.carry(reduced)
        return np.asarray(reduced)

    def _activities(self, reduced: Floats) -> tuple[Array, Floats, Floats]:
        """Best option and gain of each activity, gain of each product."""
        program, links = self.program, self.structure.links
        options = program.options
        own = np.where(self.structure.allowed, reduced[: len(options)], IMPOSSIBLE)
        best_gain = np.maximum.reduceat(own, self.first) if len(options) else np.zeros(0)
        is_best = (
            np.flatnonzero(own == best_gain[options.activity]) if len(options) else np.zeros(0, np.int64)
        )
        best = np.zeros(program.num_activities, dtype=np.int64)
        best[options.activity[is_best[::-1]]] = is_best[::-1]
        group = np.maximum(reduced[program.thresholds.column[links.group]], 0.0)
        product = self._pair_gains(reduced)
        weight: Floats = np.bincount(self.pair_of, product, self.pairs.shape[1]).astype(np.float64)
        # what cannot be done at all is not worth it for any product
        never = -1.0 - float(np.abs(weight).sum() + group.sum())
        best_gain = np.where(best_gain <= IMPOSSIBLE, never, best_gain)
        return best, np.concatenate([best_gain, group]), weight

    def _pair_gains(self, reduced: Floats) -> Floats:
        """Gain of each product of two; one that may be left uncarried is never a loss."""
        thresholds = self.program.thresholds
        number = self.structure.links.pair[0]
        gain: Floats = reduced[thresholds.column[number]]
        return np.asarray(np.where(thresholds.free[number], np.maximum(gain, 0.0), gain))

    def _products(self, columns: Floats, share: Floats, chosen: Chosen) -> None:
        """Value of the products that the cut holds."""
        links, thresholds = self.structure.links, self.program.thresholds
        _, first, second = links.pair
        both = np.minimum(share[first], share[second])
        loss = np.maximum(0.0, share[first] + share[second] - 1.0)
        column = thresholds.column[links.pair[0]]
        columns[column] = np.where(self.structure.objective[column] < 0, loss, both)
        columns[thresholds.column[links.group]] = chosen.share[len(share) :]

    def _blocks(self, reduced: Floats, splits: Floats, columns: Floats) -> tuple[float, Floats]:
        """Best copies of each block: either fewer than k members, or at least k and the product's gain."""
        blocks, thresholds = self.structure.blocks, self.program.thresholds
        if not len(blocks.block):
            return 0.0, np.zeros(0)
        order = np.lexsort((splits, blocks.block))  # cheapest first
        pay = -splits[order]  # what a chosen copy brings
        needed = blocks.needed[blocks.block]
        rank = self.place_in_block
        gains = np.maximum(pay, 0.0)
        below = np.add.reduceat(np.where(rank < needed - 1, gains, 0.0), self.block_start)
        above = np.add.reduceat(np.where(rank < needed, pay, gains), self.block_start)
        column = thresholds.column[blocks.threshold]
        weight = reduced[column]
        is_free = thresholds.free[blocks.threshold]
        weight = np.where(is_free, np.maximum(weight, 0.0), weight)
        possible = blocks.size >= blocks.needed
        met = possible & (above + weight > below)
        columns[column] = met
        copies = np.zeros(len(order))
        is_met = met[blocks.block]
        copies[order] = np.where(is_met, (rank < needed) | (pay > 0), (rank < needed - 1) & (pay > 0))
        return float(np.where(met, above + weight, below).sum()), copies

    def _spend_fixed(self, at: Multipliers, spent: Floats, columns: Floats) -> None:
        fixed = self.charges.fixed
        if len(fixed):
            when = at.funds.net.argmin(axis=1)[fixed[:, 0]]
            np.add.at(spent, (fixed[:, 0], when), fixed[:, 2] * columns[fixed[:, 1]])
