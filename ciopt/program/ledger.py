"""What funds are charged, while a program is put together."""

from __future__ import annotations

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]


class Ledger:
    """What each fund is charged in each period (-1: any), as columns and amounts."""

    def __init__(self) -> None:
        self.entries: dict[int, dict[int, list[tuple[Array, Array]]]] = defaultdict(lambda: defaultdict(list))

    def charge(self, fund: int, period: int, columns: Array, amounts: Array) -> None:
        """Enter Σ amount x column against a fund in a period."""
        self.entries[fund][period].append((columns, amounts))

    def of(self, fund: int, periods: set[int] | None = None) -> tuple[Array, Array]:
        """Join the charges of a fund in some periods (None: all)."""
        chosen = [
            part
            for period, parts in self.entries[fund].items()
            if periods is None or period in periods
            for part in parts
        ]
        empty = np.zeros(0, dtype=np.int64)
        columns = np.concatenate([columns for columns, _ in chosen]) if chosen else empty
        amounts = np.concatenate([amounts for _, amounts in chosen]) if chosen else empty
        return columns, amounts
