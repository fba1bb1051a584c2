"""What decides by its least: outcomes, losses and samples, mixed by weights that are prices like others.

Fairness and risk look at sums of the k smallest of linear forms, and for any weights 0 <= w <= 1, Σ w = k,

    (the k smallest of y_1 .. y_n) <= Σ w_i y_i

which is linear: prices and one cut bound it (weak duality), and the search for prices looks for weights too
(the least bound is a saddle point: von Neumann 1928). A floor's weight is the price of its row.

A *part* is one of these; its forms are sums of what columns move. `Mix` puts the parts of a program together.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.int64]
Floats = NDArray[np.float64]

TINY = 1e-9
"""In place of nothing where something is divided by it."""
_FAST = 10.0
"""No direction is longer than this in a coordinate."""
_LEAST_WEIGHT = 1e-9
"""Weights change by factors: none becomes smaller than this part of the even one."""


@dataclass(frozen=True)
class LinearForms:
    """y_i = Σ value x column: entries (form, column, value) in natural units."""

    count: int
    form: Array
    column: Array
    value: Floats

    def of(self, columns: Floats) -> Floats:
        """All forms of a plan, or of a relaxed one."""
        # of no entries bincount makes integers
        return np.bincount(self.form, self.value * columns[self.column], self.count).astype(np.float64)

    @staticmethod
    def summed(count: int, form: Array, column: Array, value: Floats) -> LinearForms:
        """Add up what stands for the same column of the same form."""
        width = int(column.max(initial=0)) + 1
        keys, inverse = np.unique(form * width + column, return_inverse=True)
        total = np.asarray(np.bincount(inverse.ravel(), value, len(keys)), dtype=np.float64)
        return LinearForms(count, keys // width, keys % width, total)

    def weighted(self, weights: Floats, num_columns: int) -> Floats:
        """Σ_i weight_i y_i, by column."""
        return np.bincount(self.column, self.value * weights[self.form], num_columns).astype(np.float64)


class Part(ABC):
    """Weights of some forms: where they begin, what they mix, and how they are named in a certificate."""

    forms: LinearForms

    @property
    @abstractmethod
    def start(self) -> Floats:
        """Weights to begin with."""

    @abstractmethod
    def mixed(self, at: Floats) -> tuple[Floats, float]:
        """(weight of each form, constant): what is added to the objective."""

    @abstractmethod
    def excess(self, at: Floats, outcome: Floats) -> Floats:
        """Direction in which weights lower the bound, given what the relaxed choice makes of the forms."""

    @abstractmethod
    def moved(self, at: Floats, pace: Floats) -> Floats:
        """Go along a direction, to weights that are allowed."""

    @abstractmethod
    def labels(self) -> list[str]:
        """Names of the weights in a certificate's prices."""

    def allowed(self, at: Floats) -> Floats:
        """The nearest weights that are allowed."""
        return np.maximum(at, 0.0)


class Smallest(Part):
    """The ``least`` smallest pieces, each Σ factor x form: weights between 0 and 1 that sum to ``least``.

    Parameters
    ----------
    forms
        What pieces are made of.
    factor
        (pieces, forms).
    owner
        Pieces of one owner share a weight of at most 1.
    names
        Of the pieces.
    or_nothing
        Whether every owner has a piece that is always 0 besides.
    """

    def __init__(
        self,
        forms: LinearForms,
        factor: Floats,
        owner: Array,
        least: int,
        names: list[str],
        or_nothing: bool = False,
    ) -> None:
        self.forms, self.factor, self.owner = forms, factor, owner
        self.least, self.names, self.or_nothing = least, names, or_nothing

    @property
    def start(self) -> Floats:
        """All alike."""
        size = np.bincount(self.owner)[self.owner]
        even: Floats = self.least / len(np.unique(self.owner)) / size
        return np.minimum(even, 1.0)

    def mixed(self, at: Floats) -> tuple[Floats, float]:
        return np.asarray(at @ self.factor), 0.0

    def worst(self, outcome: Floats) -> tuple[float, Floats]:
        """The sum itself, and the weights that pick its pieces."""
        pieces = self.factor @ outcome
        if self.or_nothing:
            pieces = np.minimum(pieces, 0.0)
        order = np.lexsort((pieces, self.owner))
        first = order[np.flatnonzero(np.diff(self.owner[order], prepend=-1))]  # the least of each owner
        taken = first[np.argsort(pieces[first], kind="stable")[: self.least]]
        weights = np.zeros(len(pieces))
        weights[taken] = 1.0
        return float(pieces[taken].sum()), weights

    def excess(self, at: Floats, outcome: Floats) -> Floats:
        pieces = self.factor @ outcome
        mean = float(at @ pieces) / max(float(at.sum()), TINY)
        scale = float(np.abs(pieces - mean).mean()) + TINY
        return np.asarray((mean - pieces) / scale)

    def moved(self, at: Floats, pace: Floats) -> Floats:
        return self.allowed(at * np.exp(np.clip(pace, -5.0, 5.0)))

    def allowed(self, at: Floats) -> Floats:
        least = np.maximum(at, _LEAST_WEIGHT * self.least / len(at))
        return capped(least, self.owner, float(self.least))

    def labels(self) -> list[str]:
        return self.names


def capped(weights: Floats, owner: Array, total: float) -> Floats:
    """Scale weights to a total, with at most 1 for each owner (in proportion, where it would be more)."""
    found = weights.copy()
    full = np.zeros(int(owner.max(initial=-1)) + 1, dtype=np.bool_)
    for _ in range(len(full) + 1):
        each = np.bincount(owner, found, len(full))
        left = total - float(full.sum())
        free = ~full
        size = float(each[free].sum())
        if not free.any() or size <= 0.0:
            break
        scaled = np.where(free, each * max(left, 0.0) / size, 1.0)
        over = free & (scaled > 1.0)
        found *= (scaled / np.maximum(each, 1e-300))[owner]
        if not over.any():
            break
        full |= over
        found *= np.where(full, 1.0 / np.maximum(np.bincount(owner, found, len(full)), 1e-300), 1.0)[owner]
    return found


class Mix:
    """All parts of a program, one after another in one vector of weights.

    Parameters
    ----------
    parts
        What decides by its least.
    num_columns
        Of the program.
    """

    def __init__(self, parts: tuple[Part, ...], num_columns: int) -> None:
        self.parts, self.num_columns = parts, num_columns
        self.start = np.concatenate([np.zeros(0), *(part.start for part in parts)])
        ends = np.cumsum([len(part.start) for part in parts], dtype=np.int64)
        self.ends = [int(end) for end in ends[:-1]]
        self.base, self.base_constant = self._mixed(self.start)

    def split(self, at: Floats) -> list[Floats]:
        """Weights of each part."""
        return np.split(at, self.ends) if self.parts else []

    def _mixed(self, at: Floats) -> tuple[Floats, float]:
        """What the weights add to the objective: by column, and constant."""
        total, constant = np.zeros(self.num_columns), 0.0
        for part, own in zip(self.parts, self.split(at), strict=True):
            weights, more = part.mixed(own)
            total += part.forms.weighted(weights, self.num_columns)
            constant += more
        return total, constant

    def change(self, at: Floats) -> tuple[Floats, float]:
        """By how much the objective and its constant differ from those at the start."""
        if not self.parts:
            return np.zeros(1), 0.0
        total, constant = self._mixed(at)
        return total - self.base, constant - self.base_constant

    def excess(self, at: Floats, columns: Floats) -> Floats:
        """Direction of all weights."""
        found = [
            np.clip(part.excess(own, part.forms.of(columns)), -_FAST, _FAST)
            for part, own in zip(self.parts, self.split(at), strict=True)
        ]
        return np.concatenate([np.zeros(0), *found])

    def moved(self, at: Floats, pace: Floats) -> Floats:
        """Go along a direction with all weights."""
        found = [
            part.moved(own, its)
            for part, own, its in zip(self.parts, self.split(at), self.split(pace), strict=True)
        ]
        return np.concatenate([np.zeros(0), *found])

    def given(self, prices: Mapping[str, Decimal], guess: Floats) -> Floats:
        """Weights that a certificate states; those of a part that it says nothing of stay a guess."""
        found = []
        for part, own in zip(self.parts, self.split(guess), strict=True):
            stated = np.array([float(prices.get(name, 0)) for name in part.labels()])
            found.append(part.allowed(stated) if stated.any() else own)
        return np.concatenate([np.zeros(0), *found])

    def written(self, at: Floats) -> dict[str, float]:
        """All weights by the names that a certificate knows them by."""
        return {
            name: float(weight)
            for part, own in zip(self.parts, self.split(at), strict=True)
            for name, weight in zip(part.labels(), own.tolist(), strict=True)
            if weight
        }


def no_mix(num_columns: int) -> Mix:
    """Return the mix of a program in which nothing decides by its least."""
    return Mix((), num_columns)
