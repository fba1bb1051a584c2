"""Forms that decide by the least of them: what members get, what may be lost, what everybody is due."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ciopt.program.exact import Integers
from ciopt.program.rows import Ragged


@dataclass(frozen=True)
class Forms:
    """Integer forms that are compared with one another: outcomes of members, losses, sampled values.

    y_i = floor((Σ value x column + constant) / divisor), the least over the pieces of i, counted in ``unit``
    of 10^-6. Column i of ``columns`` is at most y_i - base_i, by rows of kind MEASURE.

    Parameters
    ----------
    labels
        Name of each form.
    columns, base
        Column and base of each form.
    of
        Form of each piece; a form has one piece or several.
    terms, value, constant, divisor
        The pieces, without common divisor; ``constant`` in Python integers.
    unit
        What y counts in, in 10^-6.
    """

    labels: tuple[str, ...]
    columns: NDArray[np.int64]
    base: NDArray[np.int64]
    of: NDArray[np.int64]
    terms: Ragged
    value: NDArray[np.int64]
    constant: tuple[int, ...]
    divisor: tuple[int, ...]
    unit: int

    def __len__(self) -> int:
        return len(self.columns)


@dataclass(frozen=True)
class Ordered:
    """Column ``column`` + ``base`` is at most the sum of the ``least`` smallest forms, 1 <= least <= n.

    Rows of kind ORDERED say so, with columns of their own (see `ciopt.program.ordered`). ``name``:
    ``fairness``, ``fairness 3``, ``dial``, ``robust``, ``cvar`` or, in minor units of money, ``overrun``.
    """

    name: str
    forms: Forms
    least: int
    column: int
    base: int


@dataclass(frozen=True)
class Floor:
    """Every member is due so much: outcome_m >= attribute_m x f, in 10^-12.

    Parameters
    ----------
    labels, attribute
        Members, and their attributes in 10^-6.
    terms, value, constant
        outcome_m = Σ value x column + constant.
    absolute
        f is at least this, in 10^-6; None if only the others count.
    share
        f is at least this part (10^-6) of Σ outcome / Σ attribute, rounded up to 10^-6; None if only the
        absolute floor counts.
    column, base
        f = column + base where there is a share, else -1 and f is ``absolute``.
    lacking
        Where the floor is a goal, a column for each member: what it lacks per unit, in 10^-6.
    """

    labels: tuple[str, ...]
    attribute: tuple[int, ...]
    terms: Ragged
    value: Integers
    constant: tuple[int, ...]
    absolute: int | None
    share: int | None
    column: int
    base: int
    lacking: NDArray[np.int64]
