"""What members get as parts of a mix: floors, the least outcomes, and sums of them that are held.

o_m is what a member gets, a_m its attribute, r_m = o_m / a_m (see `ciopt.certificate.fair`).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ciopt.engines.large.mix import TINY, LinearForms, Part, Smallest

Floats = NDArray[np.float64]


class Floors(Part):
    """Everybody's outcome is at least so much, or at least a part of the mean: o_m >= a_m f.

    Parameters
    ----------
    forms
        Outcomes.
    attribute
        a_m.
    floor
        f; None where it is a part of the mean.
    share
        Part of the mean.
    unit
        Size of a step, in the goal's unit a unit of outcome.
    """

    def __init__(
        self,
        kind: str,
        forms: LinearForms,
        members: list[str],
        attribute: Floats,
        floor: float | None,
        share: float,
        unit: float,
    ) -> None:
        self.kind, self.forms, self.members, self.attribute = kind, forms, members, attribute
        self.floor, self.share, self.unit = floor, share, unit

    @property
    def start(self) -> Floats:
        """Nobody's floor has a price."""
        return np.zeros(self.forms.count)

    def mixed(self, at: Floats) -> tuple[Floats, float]:
        bill = float(at @ self.attribute)
        if self.floor is not None:
            return at, -bill * self.floor
        return at - self.share * bill / float(self.attribute.sum()), 0.0

    def due(self, mean: float) -> Floats:
        """What everybody is due per unit, given the mean."""
        return np.full(len(self.attribute), self.share * mean if self.floor is None else self.floor)

    def excess(self, at: Floats, outcome: Floats) -> Floats:
        mean = float(outcome.sum()) / float(self.attribute.sum())
        due = self.attribute * self.due(mean)
        scale = self.attribute * max(abs(mean), TINY)
        return np.asarray((due - outcome) / scale)

    def moved(self, at: Floats, pace: Floats) -> Floats:
        return self.allowed(at + self.unit * pace)

    def labels(self) -> list[str]:
        return [f"{self.kind} {member}" for member in self.members]


class HeldSums(Floors):
    """Sums of the least outcomes per unit that are held where a plan brought them.

    Weights v >= 0 add

        Σ v_m r_m - min Σ v_m r_m,    the minimum over all r whose j smallest are at least S_j together

    (see `ciopt.certificate.fair`). A search holds the worst-off of that plan one by one where they are, and
    everybody else at the best of these.

    Parameters
    ----------
    sums
        S_1 .. S_k.
    reached
        r of that plan.
    """

    def __init__(
        self,
        forms: LinearForms,
        members: list[str],
        attribute: Floats,
        sums: Floats,
        reached: Floats,
        unit: float,
    ) -> None:
        super().__init__("held fairness", forms, members, attribute, None, 0.0, unit)
        more = np.arange(len(sums) + 1, len(members) + 1) * sums[-1] / len(sums)
        self.sums = np.append(sums, more)[: len(members)]
        self.pinned = np.zeros(len(members), dtype=np.bool_)
        self.pinned[np.argsort(reached, kind="stable")[: len(sums)]] = True
        self.levels = np.where(self.pinned, reached, reached[self.pinned].max())

    def _rises(self, at: Floats, each: Floats) -> Floats:
        """What the next r adds to the minimum, by member: the dearest come first, of equals the worst-off."""
        found = np.empty(len(at))
        found[np.lexsort((each, -at * self.attribute))] = np.diff(self.sums, prepend=0.0)
        return found

    def mixed(self, at: Floats) -> tuple[Floats, float]:
        return at, -float(at * self.attribute @ self._rises(at, at))

    def excess(self, at: Floats, outcome: Floats) -> Floats:
        due = self._rises(at, outcome / self.attribute)
        scale = max(float(np.abs(due).mean()), TINY)
        return np.asarray((due - outcome / self.attribute) / scale)

    def due(self, mean: float) -> Floats:
        return self.levels


class Least(Smallest):
    """The ``count`` smallest outcomes per unit, times a size: weights that sum to ``count``."""

    def __init__(
        self, forms: LinearForms, members: list[str], attribute: Floats, count: int, size: float
    ) -> None:
        self.attribute, self.size = attribute, size
        names = [f"fairness {member}" for member in members]
        super().__init__(forms, np.zeros((0, 0)), np.arange(len(members)), min(count, len(members)), names)

    def mixed(self, at: Floats) -> tuple[Floats, float]:
        return self.size * at / self.attribute, 0.0

    def worst(self, outcome: Floats) -> tuple[float, Floats]:
        each = outcome / self.attribute
        weights = np.zeros(len(each))
        weights[np.argsort(each, kind="stable")[: self.least]] = 1.0
        return self.size * float(weights @ each), weights

    def excess(self, at: Floats, outcome: Floats) -> Floats:
        each = outcome / self.attribute
        mean = float(at @ each) / self.least
        return np.asarray((mean - each) / (float(np.abs(each).mean()) + TINY))
