"""The workshop in which the rule families put a program together, block by block."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from ciopt.instance import Instance, Lookup
from ciopt.program.exact import SAFE, int64
from ciopt.program.model import NONE, Effects, Options, Ragged, RowKind, Rows, Switches, Thresholds

Array = NDArray[np.int64]
EMPTY = np.zeros(0, dtype=np.int64)


def ragged(rows: Iterable[Sequence[int] | Array]) -> Ragged:
    """Pack sequences of integers."""
    arrays = [np.asarray(row, dtype=np.int64) for row in rows]
    start = np.zeros(len(arrays) + 1, dtype=np.int64)
    np.cumsum([len(row) for row in arrays], out=start[1:])
    return Ragged(start, np.concatenate(arrays) if arrays else EMPTY)


def stack(blocks: Sequence[Ragged]) -> Ragged:
    """Put ragged blocks one below the other."""
    lengths = [np.zeros(1, dtype=np.int64), *(block.lengths for block in blocks)]
    index = [block.index for block in blocks] or [EMPTY]
    return Ragged(np.cumsum(np.concatenate(lengths)), np.concatenate(index))


def concatenated(blocks: Sequence[Array]) -> Array:
    """Concatenate arrays; an empty one if there are none."""
    return np.concatenate(blocks) if blocks else EMPTY


def grouped(keys: Array, rows: Array) -> Iterator[tuple[int, Array]]:
    """Split rows by their key: each key in order, with its rows."""
    if not len(rows):
        return
    order = rows[np.argsort(keys[rows], kind="stable")]
    values, first = np.unique(keys[order], return_index=True)
    yield from zip(values.tolist(), np.split(order, first[1:]), strict=True)


class Workshop:
    """Collects columns, literals, thresholds, switches, effects and rows while a program is compiled.

    Parameters
    ----------
    lookup
        The instance.
    options
        Its options: the first columns.
    activity_at
        Number of the activity of (intervention, place), -1 where there is none.
    """

    def __init__(self, lookup: Lookup, options: Options, activity_at: Array) -> None:
        self.lookup = lookup
        self.options = options
        self.activity_at = activity_at
        self._upper = [np.ones(len(options), dtype=np.int64)]
        self._forbidden: list[Array] = []
        self.implied = [np.zeros(len(options), dtype=np.bool_)]
        self.measures = [np.zeros(len(options), dtype=np.bool_)]
        self.labels: list[str] = []
        self.num_columns = len(options)
        self._intervention_number = {name: n for n, name in enumerate(lookup.interventions)}
        self._place_number = {name: n for n, name in enumerate(lookup.places)}
        self._group_number = {name: n for n, name in enumerate(lookup.groups)}
        self.first_option = self._first_options()
        self._literals = [Ragged(self.first_option, np.arange(len(options), dtype=np.int64))]
        self._num_literals = len(self.first_option) - 1
        self._thresholds: list[tuple[Array, Array, NDArray[np.bool_], Ragged]] = []
        self._switches: list[tuple[Array, Ragged]] = []
        self._effects: list[tuple[Array, Array, Array, Array, Array, Array]] = []
        self._rows: list[tuple[Ragged, Array, Array, Array, Array, NDArray[np.float64]]] = []
        self._row_labels: list[str] = []

    @property
    def instance(self) -> Instance:
        """The instance that is compiled."""
        return self.lookup.instance

    def _first_options(self) -> Array:
        activity = self.options.activity
        starts = np.flatnonzero(np.diff(activity, prepend=-1)) if len(activity) else EMPTY
        return np.append(starts, len(activity)).astype(np.int64)

    def options_of(self, activity: int) -> Array:
        """Columns of an activity's options."""
        return np.arange(self.first_option[activity], self.first_option[activity + 1], dtype=np.int64)

    def activity(self, intervention: str, place: str) -> int:
        """Number of an activity, -1 if no option exists."""
        return int(self.activity_at[self._intervention_number[intervention], self._place_number[place]])

    def intervention_number(self, intervention: str) -> int:
        """Position of an intervention in its table."""
        return self._intervention_number[intervention]

    def place_number(self, place: str) -> int:
        """Position of a place in its table."""
        return self._place_number[place]

    def group_of(self, place: int) -> int:
        """Number of a place's group, in the order of `Lookup.groups`; -1 if it has none."""
        group = self.instance.places[place].group
        return -1 if group is None else self._group_number[group]

    def add_columns(
        self, labels: Sequence[str], upper: int | Array = 1, implied: bool = False, is_measure: bool = False
    ) -> Array:
        """Add columns and return their numbers."""
        count = len(labels)
        self.measures.append(np.full(count, is_measure))
        self._upper.append(np.broadcast_to(np.asarray(upper, dtype=np.int64), (count,)))
        self.implied.append(np.full(count, implied))
        self.labels.extend(labels)
        first, self.num_columns = self.num_columns, self.num_columns + count
        return np.arange(first, self.num_columns, dtype=np.int64)

    def add_literals(self, rows: Iterable[Sequence[int] | Array]) -> Array:
        """Add literals (each a set of columns of which at most one is 1) and return their numbers."""
        block = ragged(rows)
        self._literals.append(block)
        first, self._num_literals = self._num_literals, self._num_literals + len(block)
        return np.arange(first, self._num_literals, dtype=np.int64)

    def add_thresholds(
        self, labels: Sequence[str], members: Ragged, needed: int | Array, free: bool = False
    ) -> Array:
        """Add columns that are 1 exactly if at least ``needed`` of their members hold; return them."""
        column = self.add_columns(labels, implied=True)
        wanted = np.broadcast_to(np.asarray(needed, dtype=np.int64), (len(column),))
        self._thresholds.append((column, wanted, np.full(len(column), free), members))
        return column

    def any_of(self, label: str, literals: Sequence[int]) -> int:
        """Return a literal that holds exactly if one of several holds."""
        if len(literals) == 1:
            return int(literals[0])
        column = self.add_thresholds([label], ragged([literals]), 1)
        return int(self.add_literals([column])[0])

    def add_switch(self, label: str, literals: Sequence[int] | Array, upper: int = 1) -> int:
        """Add a column that is at least each of the literals."""
        column = self.add_columns([label], upper)
        self._switches.append((column, ragged([literals])))
        return int(column[0])

    def add_effects(
        self,
        column: Array,
        indicator: int,
        amount: Array,
        place: Array | int = -1,
        group: Array | int = -1,
        estimate: Array | int = -1,
    ) -> None:
        """Say what columns move an indicator by, where, and what the amounts err with."""
        kept = amount != 0
        count = int(kept.sum())
        if count:
            where = [
                np.broadcast_to(np.asarray(each, dtype=np.int64), amount.shape)[kept]
                for each in (place, group, estimate)
            ]
            self._effects.append(
                (column[kept], np.full(count, indicator), where[0], where[1], amount[kept], where[2])
            )

    def effects(self) -> Effects:
        """All effects so far."""
        fields = zip(*self._effects, strict=True) if self._effects else [[]] * 6
        return Effects(*(concatenated(list(field)) for field in fields))

    def add_row(
        self,
        label: str,
        column: Array,
        value: Array,
        lower: int | None = None,
        upper: int | None = None,
        kind: RowKind = RowKind.LIMIT,
        unit: float = 1.0,
    ) -> None:
        """Add lower <= Σ value x column <= upper; doubled columns are added up, zeros dropped."""
        column, inverse = np.unique(column, return_inverse=True)
        total = np.zeros(len(column), dtype=np.int64)
        np.add.at(total, inverse, value)
        if float(np.abs(value.astype(float)).sum()) >= SAFE:
            int64(np.array([SAFE], dtype=object), label)
        kept = total != 0
        column, total = column[kept], total[kept]
        divisor = abs(int(np.gcd.reduce(total))) if len(total) else 1
        low = -NONE if lower is None else -(-lower // divisor)
        high = NONE if upper is None else upper // divisor
        if len(total) or low > 0 or high < 0:  # an empty row that cannot hold makes the program infeasible
            sides = np.array([low]), np.array([high]), np.array([kind]), np.array([unit * divisor])
            self._rows.append((ragged([column]), total // divisor, *sides))
            self._row_labels.append(label)

    def add_row_terms(
        self,
        labels: Sequence[str],
        row: Array,
        column: Array,
        value: Array,
        lower: int | None = None,
        upper: int | None = None,
        kind: RowKind = RowKind.LIMIT,
    ) -> None:
        """Add a row for each label, given as terms (row, column, value) in any order; see `add_row`.

        Every row must keep a term: no row's values may cancel out.
        """
        order = np.lexsort((column, row))
        row, column, value = row[order], column[order], value[order]
        first = np.flatnonzero((np.diff(row, prepend=-1) != 0) | (np.diff(column, prepend=-1) != 0))
        size = np.add.reduceat(np.abs(value.astype(float)), np.searchsorted(row, np.arange(len(labels))))
        if size.max(initial=0.0) >= SAFE:
            int64(np.array([SAFE], dtype=object), labels[int(size.argmax())])
        total, row, column = np.add.reduceat(value, first), row[first], column[first]
        kept = total != 0
        total, row, column = total[kept], row[kept], column[kept]
        start = np.searchsorted(row, np.arange(len(labels) + 1))
        divisor = np.gcd.reduceat(total, start[:-1])
        low = np.full(len(labels), -NONE) if lower is None else -(-lower // divisor)
        high = np.full(len(labels), NONE) if upper is None else upper // divisor
        kinds, units = np.full(len(labels), kind), divisor.astype(np.float64)
        self._rows.append((Ragged(start, column), total // divisor[row], low, high, kinds, units))
        self._row_labels.extend(labels)

    def forbid(self, columns: Array) -> None:
        """Fix columns at 0."""
        self._forbidden.append(columns)

    def upper(self) -> Array:
        """Upper bound of every column."""
        found = concatenated(self._upper)
        for columns in self._forbidden:
            found[columns] = 0
        return found

    def literals(self) -> Ragged:
        """All literals, the activities first."""
        return stack(self._literals)

    def thresholds(self) -> Thresholds:
        """All thresholds, members before what is built on them."""
        blocks = self._thresholds
        return Thresholds(
            concatenated([block[0] for block in blocks]),
            concatenated([block[1] for block in blocks]),
            np.concatenate([block[2] for block in blocks]) if blocks else np.zeros(0, dtype=np.bool_),
            stack([block[3] for block in blocks]),
        )

    def switches(self) -> Switches:
        """All switches."""
        return Switches(
            concatenated([column for column, _ in self._switches]),
            stack([each for _, each in self._switches]),
        )

    def rows(self) -> Rows:
        """All rows."""
        blocks = self._rows
        terms = stack([block[0] for block in blocks])
        value = concatenated([block[1] for block in blocks])
        lower = concatenated([block[2] for block in blocks])
        upper = concatenated([block[3] for block in blocks])
        kind = concatenated([block[4] for block in blocks])
        unit = np.concatenate([block[5] for block in blocks]) if blocks else np.zeros(0)
        return Rows(terms, value, lower, upper, tuple(self._row_labels), kind, unit)
