"""`Start`: what an earlier solve left, to begin with. It makes a solve faster; it decides nothing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate import Certificate
from ciopt.instance.lookup import Option
from ciopt.program.model import Program

Array = NDArray[np.int64]


@dataclass(frozen=True)
class Start:
    """A plan and prices from an earlier solve, perhaps of another version of the instance.

    Parameters
    ----------
    options
        What was chosen; what this program does not offer is left out.
    certificate
        Prices to begin with.
    """

    options: tuple[Option, ...] = ()
    certificate: Certificate | None = None

    def columns(self, program: Program) -> Array:
        """Return the numbers of the chosen options that the program has and allows, one an activity."""
        instance, options = program.instance, program.options
        names = (
            {each.id: number for number, each in enumerate(instance.partners)},
            {each.id: number for number, each in enumerate(instance.interventions)},
            {each.id: number for number, each in enumerate(instance.places)},
            {period: number for number, period in enumerate(instance.periods)},
        )
        levels = [
            {level.id: number for number, level in enumerate(each.levels)} for each in instance.interventions
        ]
        table = (options.partner, options.intervention, options.place, options.period, options.level)
        sizes = [*(len(each) + 1 for each in names), 2 + int(options.level.max(initial=0))]
        keys = np.ravel_multi_index([column + 1 for column in table], [size + 1 for size in sizes])
        order = np.argsort(keys)
        wanted = np.array(_numbers(self.options, names, levels), dtype=np.int64).reshape(-1, 5)
        wanted = wanted[wanted[:, 4] <= sizes[4] - 2]
        sought = np.ravel_multi_index((wanted + 1).T, [size + 1 for size in sizes])
        at = np.minimum(np.searchsorted(keys, sought, sorter=order), max(0, len(keys) - 1))
        found = order[at][keys[order[at]] == sought] if len(keys) else np.zeros(0, dtype=np.int64)
        found = np.unique(found[program.upper[found] > 0])
        _, first = np.unique(options.activity[found], return_index=True)
        return np.asarray(found[first])


def _numbers(
    chosen: Iterable[Option], names: tuple[dict[str, int], ...], levels: list[dict[str, int]]
) -> list[tuple[int, ...]]:
    """(partner, intervention, place, period, level) of the options that an instance has words for."""
    found = []
    for option in chosen:
        words = (option.partner, option.intervention, option.place, option.period)
        numbers = [table.get(word, -1) for table, word in zip(names, words, strict=True)]
        if min(numbers) < 0:
            continue
        level = -1 if option.level is None else levels[numbers[1]].get(option.level, -2)
        if level > -2:
            found.append((*numbers, level))
    return found
