"""Many truths, one coalition: solving for each of them, and judging every plan found in all of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import numpy as np

from ciopt.errors import InvalidInput, VerificationFailed
from ciopt.instance import Instance, Lookup
from ciopt.instance.base import EstimateRecord
from ciopt.instance.estimates import Key
from ciopt.instance.scenarios import apply
from ciopt.instance.uncertainty import Spread, spread
from ciopt.plan import Plan
from ciopt.plan.records import InstanceStamp
from ciopt.planner import stamp
from ciopt.settings import Settings
from ciopt.studies.pool import Pool
from ciopt.studies.task import Answer, Task
from ciopt.studies.uncertainty.draws import Draws, Floats, split_normal
from ciopt.studies.uncertainty.outcome import outcome
from ciopt.studies.uncertainty.truths import (
    Truth,
    asking_for_value,
    drawn_truth,
    mean_multiplier,
    multiplied,
    normal_quantiles,
    uncertain,
)
from ciopt.verification import verify
from ciopt.verification.decisions import read_decisions

QUANTILES = normal_quantiles()
MEANS = "mean estimates"
CLOSER = 5
"""The plan at the means is asked for with a gap so many times smaller: everything is compared with it."""


@dataclass(frozen=True)
class Judged:
    """What a plan is worth, larger is better.

    Parameters
    ----------
    mean
        With every estimate at its mean.
    alone
        A row an estimate: at each of its quantiles, the others at their means.
    drawn
        In each drawn truth.
    """

    mean: float
    alone: Floats
    drawn: Floats


@dataclass
class Question:
    """A coalition that may learn the truth before it plans.

    Parameters
    ----------
    told
        Which instance and scenario this is about.
    instance
        With an agenda that truths can be planned for.
    keys
        The uncertain estimates that may count.
    draws
        Truths that are drawn.
    """

    told: InstanceStamp
    instance: Instance
    keys: list[Key]
    draws: Draws
    notes: tuple[str, ...]
    lookup: Lookup
    _known: dict[tuple[str, ...], Judged] = field(default_factory=dict)
    _rows: dict[tuple[Key, Spread], Floats] = field(default_factory=dict)

    @classmethod
    def about(cls, instance: Instance, scenario: str | None, draws: int, seed: int) -> Question:
        """Ask about an instance with one of its scenarios.

        Raises
        ------
        UsageError
            If no estimate can change the best plan.
        """
        applied = apply(instance, scenario)
        asking, notes = asking_for_value(applied.instance)
        lookup = Lookup(asking)
        return cls(
            told=stamp(instance, scenario),
            instance=asking,
            keys=uncertain(lookup),
            draws=Draws(draws, seed),
            notes=(*applied.notes, *notes),
            lookup=lookup,
        )

    @property
    def sign(self) -> int:
        """1 where value is maximised, -1 where cost is minimised."""
        return -1 if self.instance.agenda.minimize else 1

    def task(self, name: str, truth: Truth, settings: Settings, start: Plan | None) -> Task:
        """Return the solve for one truth."""
        return Task(name, multiplied(self.instance, truth), settings, start=start)

    def at_means(self, settings: Settings, start: Plan | None, pool: Pool) -> Answer | None:
        """Solve with every estimate at its mean; None after an interrupt."""
        closer = replace(settings, gap=settings.gap / CLOSER)
        what = "at the mean estimates"
        return pool.solve([self.task(MEANS, {}, closer, start)], what).get(MEANS)

    def drawn(self, settings: Settings, start: Plan | None, pool: Pool) -> dict[int, Answer]:
        """Solve for the drawn truths; after an interrupt only those that were finished are there."""
        names = [f"truth {n}" for n in range(1, self.draws.samples + 1)]
        answers = pool.solve(
            (
                self.task(name, drawn_truth(self.draws, self.keys, n), settings, start)
                for n, name in enumerate(names)
            ),
            "drawn truths",
        )
        return {n: answers[name] for n, name in enumerate(names) if name in answers}

    def judge(self, plan: Plan) -> Judged:
        """Judge a plan in every truth that is asked about.

        Raises
        ------
        InvalidInput
            If the plan does not belong to the instance.
        """
        done = sorted(each.option.id for each in plan.assignments)
        carried = sorted(f"{each.partner} {name}" for each in plan.backbones for name in each.synergies)
        known = (*done, "", *carried)
        if known not in self._known:
            choices, problems = read_decisions(self.lookup, plan.model_copy(update={"payments": ()}))
            if problems:
                raise InvalidInput(problems)
            length = self._length
            worth = outcome(self.lookup, choices, length, self._multiplier).objective
            per = len(QUANTILES)
            alone = worth[1 : 1 + per * len(self.keys)].reshape(len(self.keys), per)
            self._known[known] = Judged(float(worth[0]), alone, worth[1 + per * len(self.keys) :])
        return self._known[known]

    @property
    def judged(self) -> list[Judged]:
        """Return every plan that was judged, once."""
        return list(self._known.values())

    @property
    def _length(self) -> int:
        return 1 + len(QUANTILES) * len(self.keys) + self.draws.samples

    def _multiplier(self, key: Key, estimate: EstimateRecord, place: str) -> Floats:
        """At the means; then with one estimate after the other at its quantiles; then as drawn."""
        wide = spread(estimate)
        if (key, wide) not in self._rows:
            row = np.full(self._length, mean_multiplier(wide))
            if key in self.keys:
                first = 1 + len(QUANTILES) * self.keys.index(key)
                row[first : first + len(QUANTILES)] = split_normal(QUANTILES, wide)
                row[1 + len(QUANTILES) * len(self.keys) :] = self.draws.multiplier(key, wide, place)
            self._rows[key, wide] = row
        return self._rows[key, wide]


def scenario_of(instance: Instance, plan: Plan | None, scenario: str | None) -> str | None:
    """Return the scenario that is meant: the one named, else the plan's own, which must follow from it.

    Raises
    ------
    VerificationFailed
        If the plan does not follow from the instance.
    """
    if plan is None:
        return scenario
    verdict = verify(instance, plan)
    if not verdict.is_valid:
        raise VerificationFailed(verdict.problems)
    return plan.instance.scenario if scenario is None else scenario


def bound_of(plan: Plan, sign: int) -> float | None:
    """What no plan exceeds, larger being better; None if nobody says."""
    bound = plan.objective if plan.status == "optimal" else plan.bound
    return None if bound is None else sign * float(bound)
