"""Switches under prices: participation and backbones, each with priced copies of its members.

    max_s  s (reduced_s + Σ_m max(0, split_m))         of a backbone with room for n: the n largest splits

A synergy that several backbones can carry is charged the cheapest of them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.program.model import Program

Array = NDArray[np.int64]
Floats = NDArray[np.float64]


class SwitchBlocks:
    """All switches of a program; entry (switch, literal), sorted by switch."""

    def __init__(self, program: Program) -> None:
        switches = program.switches
        self.column = switches.column
        self.switch = np.repeat(np.arange(len(switches.column)), switches.members.lengths)
        self.literal = switches.members.index
        self.num_entries = len(self.literal)
        start = switches.members.start[:-1]
        self.start = start
        self.rank = np.arange(self.num_entries) - np.repeat(start, switches.members.lengths)
        self.filled = np.flatnonzero(switches.members.lengths)
        self.room = np.full(len(self.column), self.num_entries + 1, dtype=np.int64)
        # backbones are the last switches, in the order of their records
        records = program.instance.backbones
        for number, record in enumerate(records):
            if record.capacity is not None:
                self.room[len(self.column) - len(records) + number] = record.capacity
        carried, own = program.carried, program.carried_columns
        several = carried.column != own[carried.instance]
        self.carried = carried.column[several]
        self.carried_for = own[carried.instance[several]]

    def carry(self, reduced: Floats) -> None:
        """Charge synergies that several backbones can carry the cheapest of them.

        Splits have been taken off the columns of the members already: of the synergy's own where one
        backbone only can carry it, of the column "carried by b" where there are several.
        """
        if len(self.carried):
            cheapest = self._cheapest(reduced)
            reduced[self.carried_for[cheapest]] += reduced[self.carried[cheapest]]

    def _cheapest(self, reduced: Floats) -> Array:
        """Entry of the cheapest backbone for each synergy that several can carry."""
        order = np.lexsort((-reduced[self.carried], self.carried_for))
        first = np.flatnonzero(np.diff(self.carried_for[order], prepend=-1))
        return np.asarray(order[first])

    def carried_by_cheapest(self, reduced: Floats, columns: Floats) -> None:
        """Say which backbone carries what is carried."""
        if len(self.carried):
            cheapest = self._cheapest(reduced)
            columns[self.carried[cheapest]] = columns[self.carried_for[cheapest]]

    def solve(self, reduced: Floats, splits: Floats, columns: Floats) -> tuple[float, Floats]:
        """Return (value, value of each copy); the switches' columns are set."""
        if not len(self.column):
            return 0.0, np.zeros(0)
        gain = np.maximum(splits, 0.0)
        order = np.lexsort((-gain, self.switch))
        taken = self.rank < self.room[self.switch]
        total = np.zeros(len(self.column))
        np.add.at(total, self.switch, np.where(taken, gain[order], 0.0))
        worth = reduced[self.column] + total
        on = worth > 0
        columns[self.column] = on
        copies = np.zeros(self.num_entries)
        copies[order] = on[self.switch] & taken & (gain[order] > 0)
        return float(worth[on].sum()), copies
