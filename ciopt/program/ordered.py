"""Sums of the k smallest of several forms: what fairness, robust and cvar have in common.

    y_i <= floor((Σ value x column + constant) / divisor)                 each piece of each form
    s <= k t - Σ_i d_i,   d_i >= t - y_i,   d_i >= 0                        1 < k < n
    s <= y_i  for every i                                                  k = 1
    s <= Σ_i y_i                                                           k = n

The largest such s is the sum of the k smallest y_i, with t the k-th smallest (Ogryczak & Śliwiński, European
Journal of Operational Research 148(1), 2003; Rockafellar & Uryasev, Journal of Risk 2(3), 2000). All columns
are counted from their least value.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import gcd

import numpy as np
from numpy.typing import NDArray

from ciopt.program.build import Workshop, ragged
from ciopt.program.exact import int64
from ciopt.program.form import Form
from ciopt.program.model import Forms, Ordered, RowKind

Array = NDArray[np.int64]
Piece = tuple[Form, int]
"""A form and what it is divided by."""


class _Reduced:
    """A piece without common divisor, and between what it lies."""

    def __init__(self, piece: Piece, upper: Array, unit: int, name: str) -> None:
        form, divisor = piece
        assert form.scale == 1
        columns, factors = form.summed()
        divisor *= unit
        common = gcd(divisor, form.constant, *factors.tolist())
        self.divisor, self.constant = divisor // common, form.constant // common
        self.columns, self.factors = columns, int64(factors // common, name)
        reach = self.factors.astype(object) * upper[columns].astype(object)
        self.least = (self.constant + sum(each for each in reach if each < 0)) // self.divisor
        self.most = (self.constant + sum(each for each in reach if each > 0)) // self.divisor


def common_unit(pieces: Sequence[Sequence[Piece]]) -> int:
    """What all forms are multiples of, in their own units; 1 where some piece has to be rounded."""
    unit = 0
    for form, divisor in (piece for several in pieces for piece in several):
        whole = gcd(form.constant, *form.summed()[1].tolist())
        if whole % divisor:
            return 1
        unit = gcd(unit, whole // divisor)
    return unit or 1


def add_forms(shop: Workshop, kind: str, labels: Sequence[str], pieces: Sequence[Sequence[Piece]]) -> Forms:
    """Add a column for every form, the least of its pieces.

    A solver that counts in floats may leave out that y_i is rounded down: wide whole columns, which cannot
    be scaled, led HiGHS to wrong optima. Its bound stays valid, and what a plan is worth is computed anew.
    """
    unit, upper = common_unit(pieces), shop.upper()
    reduced = [
        [_Reduced(piece, upper, unit, f"{kind} of {label}") for piece in several]
        for label, several in zip(labels, pieces, strict=True)
    ]
    base = [min(each.least for each in several) for several in reduced]
    most = [min(each.most for each in several) for several in reduced]
    size = int64(np.array([high - low for high, low in zip(most, base, strict=True)], dtype=object), kind)
    names = [f"{kind} of {label}" for label in labels]
    columns = shop.add_columns(names, size, implied=True, is_measure=True)
    for name, several, column, low in zip(names, reduced, columns.tolist(), base, strict=True):
        for number, each in enumerate(several):
            label = name if len(several) == 1 else f"{name}, {number + 1}"
            shop.add_row(
                label,
                np.append(column, each.columns),
                int64(np.append(np.array([each.divisor], dtype=object), -each.factors.astype(object)), name),
                upper=each.constant - each.divisor * low,
                kind=RowKind.MEASURE,
            )
    flat = [each for several in reduced for each in several]
    return Forms(
        labels=tuple(labels),
        columns=columns,
        base=int64(np.array(base, dtype=object), kind),
        of=np.repeat(np.arange(len(reduced), dtype=np.int64), [len(several) for several in reduced]),
        terms=ragged([each.columns for each in flat]),
        value=np.concatenate([each.factors for each in flat]) if flat else np.zeros(0, np.int64),
        constant=tuple(each.constant for each in flat),
        divisor=tuple(each.divisor for each in flat),
        unit=unit,
    )


def add_ordered(shop: Workshop, name: str, forms: Forms, least: int) -> Ordered:
    """Add the column of the sum of the ``least`` smallest forms, 1 <= least <= n."""
    upper = shop.upper()[forms.columns].astype(object)
    low = forms.base.astype(object)
    high = low + upper
    base = sum(sorted(low.tolist())[:least])
    most = sum(sorted(high.tolist())[:least])
    room = int64(np.array([most - base], dtype=object), name)
    column = int(shop.add_columns([f"{name}: sum"], room, implied=True, is_measure=True)[0])
    if least == 1:
        for label, each, own in zip(forms.labels, forms.columns.tolist(), low.tolist(), strict=True):
            _row(shop, f"{name} and {label}", [column, each], [1, -1], own - base)
    elif least == len(forms):
        terms = [column, *forms.columns.tolist()]
        _row(shop, f"{name}: sum", terms, [1] + [-1] * least, sum(low.tolist()) - base)
    else:
        _add_tail(shop, name, forms, least, column, base)
    return Ordered(name, forms, least, column, base)


def sum_of_least(ordered: Ordered, values: Array) -> int:
    """Return the sum of the smallest forms for given values of their columns, in the forms' unit."""
    forms = ordered.forms
    products = forms.value.astype(object) * values[forms.terms.index].astype(object)
    least: dict[int, int] = {}
    for piece, form in enumerate(forms.of.tolist()):
        own = products[forms.terms.start[piece] : forms.terms.start[piece + 1]]
        found = (int(sum(own)) + forms.constant[piece]) // forms.divisor[piece]
        least[form] = min(found, least.get(form, found))
    return sum(sorted(least.values())[: ordered.least])


def _add_tail(shop: Workshop, name: str, forms: Forms, least: int, column: int, base: int) -> None:
    """Add t between the k-th smallest lower and upper ends of the forms, and d_i where it can be above 0."""
    low = forms.base.tolist()
    high = (forms.base + shop.upper()[forms.columns]).tolist()
    start, end = sorted(low)[least - 1], sorted(high)[least - 1]
    level = int(shop.add_columns([f"{name}: level"], end - start, implied=True, is_measure=True)[0])
    terms, values = [column, level], [1, -least]
    for label, each, own in zip(forms.labels, forms.columns.tolist(), low, strict=True):
        if own < end:
            below = f"{name}: {label} below"
            under = int(shop.add_columns([below], end - own, implied=True, is_measure=True)[0])
            _row(shop, below, [level, under, each], [1, -1, -1], own - start)
            terms.append(under)
            values.append(1)
    _row(shop, f"{name}: sum", terms, values, least * start - base)


def _row(shop: Workshop, label: str, columns: list[int], values: list[int], upper: int) -> None:
    terms = np.array(columns, dtype=np.int64), np.array(values, dtype=np.int64)
    shop.add_row(label, *terms, upper=upper, kind=RowKind.ORDERED)
