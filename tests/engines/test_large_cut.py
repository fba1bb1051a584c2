"""The minimum cut against enumeration, and the splits that its flow gives as a proof."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from ciopt.engines.large.cut import Chosen, Cut

Array = NDArray[np.int64]


class Drawn:
    """A random choice of up to six nodes with products, implications and exclusions."""

    def __init__(self, seed: int, losses: bool) -> None:
        draw = np.random.default_rng(seed)
        self.count = int(draw.integers(2, 7))

        def ends(number: int) -> Array:
            found = [draw.choice(self.count, 2, replace=False) for _ in range(number)]
            return np.array(found, dtype=np.int64).reshape(-1, 2).T

        self.gain = np.round(draw.normal(size=self.count), 3)
        self.pair = ends(int(draw.integers(0, 8)))
        self.weight = np.round(draw.normal(size=self.pair.shape[1]), 3)
        if not losses:
            self.weight = np.abs(self.weight)
        self.implied = ends(int(draw.integers(0, 2)))
        self.excluded = ends(int(draw.integers(0, 2)) if losses else 0)
        self.forced = np.array([0] if seed % 2 else [], dtype=np.int64)

    def solve(self) -> Chosen:
        cut = Cut(self.count, self.pair, self.implied, self.excluded)
        return cut.solve(self.gain, self.weight, self.forced)

    def best(self) -> float:
        """Best value by enumeration; minus infinity if nothing is allowed."""
        best = -np.inf
        for chosen in itertools.product((0, 1), repeat=self.count):
            y = np.array(chosen)
            allowed = y[self.forced].all() and (y[self.implied[0]] <= y[self.implied[1]]).all()
            if allowed and (y[self.excluded[0]] + y[self.excluded[1]] <= 1).all():
                best = max(best, self.gain @ y + (self.weight * y[self.pair[0]] * y[self.pair[1]]).sum())
        return best

    def bound_of_splits(self, chosen: Chosen) -> float:
        """Value of the relaxation in which every product is split: what a certificate says."""
        adjusted = self.gain.copy()
        is_gain = self.weight >= 0
        np.add.at(adjusted, self.pair[0], np.where(is_gain, chosen.gain, -chosen.gain))
        np.add.at(adjusted, self.pair[1], np.where(is_gain, self.weight - chosen.gain, -chosen.gain))
        for node, sign in ((self.implied[0], -1), (self.implied[1], 1)):
            np.add.at(adjusted, node, sign * chosen.implied)
        for node in self.excluded:
            np.add.at(adjusted, node, -chosen.excluded)
        free = np.ones(self.count, dtype=np.bool_)
        free[self.forced] = False
        constant = chosen.gain[~is_gain].sum() + chosen.excluded.sum()
        return float(constant + np.where(free, np.maximum(adjusted, 0), adjusted).sum())


@pytest.mark.parametrize("losses", [False, True])
def test_the_value_is_a_bound_and_the_splits_prove_it(losses: bool) -> None:
    for seed in range(150):
        drawn = Drawn(seed, losses)
        best, chosen = drawn.best(), drawn.solve()
        if best == -np.inf:
            continue
        assert chosen.value >= best - 1e-6, seed
        assert drawn.bound_of_splits(chosen) == pytest.approx(chosen.value, abs=1e-6), seed
        if not losses:
            assert chosen.value == pytest.approx(best, abs=1e-6), seed
            assert set(chosen.share) <= {0.0, 1.0}


@pytest.mark.parametrize(
    ("gain", "forced", "share"),
    [([1.0, 2.0], [], [1.0, 1.0]), ([-1.0, -2.0], [], [0.0, 0.0]), ([-1.0, -2.0], [0, 1], [1.0, 1.0])],
)
def test_where_nothing_reaches_one_of_the_terminals_the_choice_is_still_right(
    gain: list[float], forced: list[int], share: list[float]
) -> None:
    """Known answers: without an arc there the solver says that nothing is on the source's side."""
    none = np.zeros((2, 0), dtype=np.int64)
    found = Cut(2, none, none, none).solve(np.array(gain), np.zeros(0), np.array(forced, dtype=np.int64))
    assert found.share.tolist() == share
    assert found.value == pytest.approx(float(np.array(gain) @ np.array(share)))
