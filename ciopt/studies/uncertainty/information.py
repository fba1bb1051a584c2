"""Which estimate is worth measuring next: the value of information.

With v(x, θ) the objective of plan x if the truth is θ, and x0 the best plan known at the mean estimates:

    EVPI  = E[max_x v(x, θ)] - max_x E[v(x, θ)]            all estimates known before planning
    EVPPI = E[max_x v(x, z_e)] - max_x E[v(x, z_e)]        one of them known, the others at their means
    EVSI  = the same, with z_e times the part that a measurement would reveal

All are between what known plans gain over x0 (less what x0 may fall short of the best one) and what the
bounds of the solves allow. EVPI is sampled, and its interval widened by 1.96 standard errors; EVPPI and EVSI
are summed over equally likely quantiles, without sampling. They are exact where value is linear in the
estimates; elsewhere holding the others at their means is an approximation.
"""

from __future__ import annotations

from contextlib import nullcontext
from decimal import Decimal
from typing import Any

import numpy as np

from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.instance.base import EstimateRecord
from ciopt.instance.estimates import Key
from ciopt.instance.uncertainty import PLACE_SHARE, grade, spread
from ciopt.plan import Plan
from ciopt.settings import Settings
from ciopt.studies.case import asked
from ciopt.studies.pool import Pool
from ciopt.studies.task import Answer, Task
from ciopt.studies.uncertainty.draws import Floats, split_normal
from ciopt.studies.uncertainty.envelope import Envelope, is_linear, reaches
from ciopt.studies.uncertainty.information_records import (
    EstimateWorth,
    Information,
    Worth,
    most_valuable,
    ranked,
    words_of,
)
from ciopt.studies.uncertainty.question import QUANTILES, Judged, Question, bound_of, scenario_of
from ciopt.studies.uncertainty.risk import Z, rounded
from ciopt.studies.uncertainty.truths import mean_multiplier

ENOUGH = 0.02
"""An interval is not narrowed by less than this part of the most that one estimate is known to be worth."""
LEAST_DRAWS = 2


def measure_next(
    instance: Instance,
    settings: Settings | None = None,
    *,
    plan: Plan | None = None,
    scenario: str | None = None,
    draws: int = 40,
    solves: int = 150,
    sd: Decimal | None = None,
    pool: Pool | None = None,
) -> Information:
    """Say what knowing each estimate is worth, and which should be measured next.

    Parameters
    ----------
    settings
        Of each solve; ``seed`` is also that of the draws.
    plan
        A plan to begin with; its scenario is applied unless another one is named.
    draws
        Truths that are drawn and solved for the worth of knowing everything; 0 to leave that out.
    solves
        How many solves to spend on single estimates, at most: first on those that may be worth the most.
    sd
        Standard error of a measurement as a part of the central estimate: adds what one measurement at one
        place is worth.
    pool
        Where to solve, left open; this process if None.

    Raises
    ------
    UsageError, VerificationFailed
        If no estimate can change the best plan, or the given plan does not follow from the instance.

    Examples
    --------
    >>> found = measure_next(instance, draws=20)  # doctest: +SKIP
    >>> best = found.estimates[0]  # doctest: +SKIP
    >>> best.source, best.indicator, best.known.low  # doctest: +SKIP
    ('after-school', 'bmi', Decimal('10.1'))
    """
    if draws and draws < LEAST_DRAWS:
        raise UsageError(f"{draws} draws: take 0, or at least {LEAST_DRAWS}")
    if sd is not None and sd <= 0:
        raise UsageError("a measurement's standard error is above 0")
    settings, scenario = settings or Settings(), scenario_of(instance, plan, scenario)
    question = Question.about(instance, scenario, draws, settings.seed)
    with Pool() if pool is None else nullcontext(pool) as hands:
        search = _Search(question, settings, hands, sd)
        search.run(plan, solves)
        notes = (*question.notes, *search.notes, *hands.notes)
    told = Information(
        instance=question.told,
        asked=asked(settings),
        draws=draws,
        sd=sd,
        complete=search.complete,
        notes=notes,
    )
    return told if search.reference is None else told.model_copy(update=search.findings())


class _Search:
    """Plans and bounds, as they come in."""

    def __init__(self, question: Question, settings: Settings, pool: Pool, sd: Decimal | None) -> None:
        self.question, self.settings, self.pool, self.sd = question, settings, pool, sd
        self.reference: Judged | None = None
        self.start: Plan | None = None
        self.at_mean = float("inf")
        self.drawn: dict[int, float] = {}
        self.envelopes: dict[Key, Envelope] = {}
        self.complete = True
        self.notes: list[str] = []

    def run(self, plan: Plan | None, solves: int) -> None:
        """Solve at the means, then the draws, then where one estimate is off."""
        first = self.question.at_means(self.settings, plan, self.pool)
        self.complete = first is not None
        if first is None or first.plan is None or not first.plan.has_plan:
            self.notes += [] if first is None else [_trouble(first)]
            return
        self.start = first.plan
        self.take(first.plan)
        if plan is not None:
            self.take(plan)
        self.reference = max(self.question.judged, key=lambda judged: judged.mean)
        self.at_mean = self._bound(first.plan)
        self._open()
        self._draw()
        self._narrow(solves)

    def take(self, plan: Plan) -> None:
        """Judge a plan in every truth: it may be the best one there."""
        self.question.judge(plan)

    def _bound(self, plan: Plan) -> float:
        bound = bound_of(plan, self.question.sign)
        return float("inf") if bound is None else bound

    def _open(self) -> None:
        """Begin with what is known without solving: how far each estimate can move anything."""
        lookup = self.question.lookup
        for key, reach in reaches(lookup, self.question.keys).items():
            wide = spread(self.estimate(key))
            offsets = np.abs(split_normal(QUANTILES, wide) - mean_multiplier(wide))
            straight = is_linear(lookup, key)
            self.envelopes[key] = Envelope(offsets, reach, is_linear=straight, at_mean=self.at_mean)

    def estimate(self, key: Key) -> EstimateRecord:
        """Return the estimate itself; of overrides alone the first."""
        instance = self.question.instance
        if key.kind == "adds":
            return next(each.adds[key.indicator] for each in instance.synergies if each.id == key.source)
        own = self.question.lookup.interventions[key.source].impact.get(key.indicator)
        if own is not None:
            return own
        return next(
            each.impact[key.indicator]
            for each in instance.options
            if each.intervention == key.source and key.indicator in each.impact
        )

    def _draw(self) -> None:
        answers = self.question.drawn(self.settings, self.start, self.pool)
        self.complete &= len(answers) == self.question.draws.samples
        for sample, answer in answers.items():
            if answer.plan is not None and answer.plan.has_plan:
                self.take(answer.plan)
                self.drawn[sample] = self._bound(answer.plan)
        if len(self.drawn) < len(answers):
            self.notes.append(f"{len(answers) - len(self.drawn)} draws have no plan and are left out")

    def _narrow(self, solves: int) -> None:
        """Solve where it tells the most, a point an estimate and round, until no more is to be gained."""
        while solves > 0 and self.complete:
            wanted = self._wanted()[:solves]
            if not wanted:
                return
            tasks = [self._task(key, at) for key, at in wanted]
            answers = self.pool.solve(tasks, "single estimates")
            solves -= len(tasks)
            self.complete &= len(answers) == len(tasks)
            for (key, at), task in zip(wanted, tasks, strict=True):
                if task.key in answers:
                    self._add(key, at, answers[task.key])
        if self.complete and self._wanted():
            self.notes.append("more solves (--solves) would narrow some intervals")

    def _task(self, key: Key, at: int) -> Task:
        truth = {key: float(QUANTILES[at])}
        return self.question.task(f"{words_of(key)} at {at}", truth, self.settings, self.start)

    def _add(self, key: Key, at: int, answer: Answer) -> None:
        has_plan = answer.plan is not None and answer.plan.has_plan
        self.envelopes[key].add(at, self._bound(answer.plan) if answer.plan and has_plan else float("inf"))
        if answer.plan is not None and has_plan:
            self.take(answer.plan)

    def _wanted(self) -> list[tuple[Key, int]]:
        """Return where solving would tell something, the widest interval first."""
        intervals = {key: self.interval(key) for key in self.envelopes}
        best = max((found for found, _ in intervals.values()), default=0.0)
        enough = max(ENOUGH * best, 1e-9 * max(1.0, abs(self.at_mean)))
        wanted = []
        for key, (found, high) in intervals.items():
            point = self.envelopes[key].next_point(self.lower(key), enough)
            if point is not None and high - found > enough:
                wanted.append((found - high, key, point))
        return [(key, point) for _, key, point in sorted(wanted)]

    def lower(self, key: Key) -> Floats:
        """Return the worth of the best known plan at each quantile of an estimate."""
        row = self.question.keys.index(key)
        found: Floats = np.max([judged.alone[row] for judged in self.question.judged], axis=0)
        return found

    def interval(self, key: Key, part: float = 1.0) -> tuple[float, float]:
        """Return what known plans gain, and the most that is possible, when part of an error is known."""
        assert self.reference is not None
        own = self.reference.alone[self.question.keys.index(key)]
        envelope, lower = self.envelopes[key], self.lower(key)

        def mean(curve: Floats) -> float:
            return float((np.interp(part * QUANTILES, QUANTILES, curve) - own_mean).mean())

        own_mean = np.interp(part * QUANTILES, QUANTILES, own)
        found, high = mean(lower), mean(np.maximum(envelope.upper(), lower))
        return max(0.0, found), max(0.0, found, min(high, max(found, envelope.most_gain)))

    @property
    def short(self) -> float:
        """What the plan that everything is compared with may fall short of the best one."""
        assert self.reference is not None
        return max(0.0, self.at_mean - self.reference.mean)

    def findings(self) -> dict[str, Any]:
        """Return everything that was found, for the record."""
        assert self.reference is not None
        estimates = sorted((self._estimate(key) for key in self.envelopes), key=most_valuable)
        return {
            "value": rounded(self.question.sign * self.reference.mean),
            "short": None if self.short == float("inf") else rounded(self.short),
            "everything": self._everything(),
            "solved": len(self.drawn),
            "estimates": tuple(ranked(estimates)),
        }

    def _everything(self) -> Worth | None:
        if len(self.drawn) < LEAST_DRAWS:
            return None
        assert self.reference is not None
        samples = sorted(self.drawn)
        lower = np.max([judged.drawn for judged in self.question.judged], axis=0)[samples]
        own = self.reference.drawn[samples]
        upper = np.maximum(lower, [self.drawn[sample] for sample in samples])

        def error(gains: Floats) -> float:
            return Z * float(gains.std(ddof=1)) / float(np.sqrt(len(samples)))

        found = float((lower - own).mean())
        least = found - error(lower - own) - self.short
        bounded = bool(np.isfinite(upper).all())
        most = float((upper - own).mean()) + error(upper - own) if bounded else None
        return _worth(least, found, most)

    def _estimate(self, key: Key) -> EstimateWorth:
        estimate, envelope = self.estimate(key), self.envelopes[key]
        wide = spread(estimate)
        found, high = self.interval(key)
        measured = None
        if self.sd is not None:
            part = revealed(float(wide.sd), float(self.sd))
            some, most = self.interval(key, part)
            measured = _worth(some - self.short, some, min(most, high))
        return EstimateWorth(
            kind="adds" if key.kind == "adds" else "impact",
            source=key.source,
            indicator=key.indicator,
            evidence=grade(estimate),
            low=wide.low,
            high=wide.high,
            known=_worth(found - self.short, found, high),
            measured=measured,
            proven=envelope.is_linear or high == found or high == envelope.most_gain,
            solves=len(envelope.solved),
        )


def revealed(sd: float, error: float) -> float:
    """Return the part of an estimate's spread that one measurement at one place reveals elsewhere.

    As `ciopt.instance.learning` updates: of variance σ² the part 1 - s is common, and a measurement at a
    place sees the common part with the variance s σ² + error² on top. The mean believed afterwards varies
    with the standard deviation (1 - s) σ² / sqrt(σ² + error²).

    Examples
    --------
    >>> round(revealed(0.5, 0.000001), 3)
    0.75
    """
    if sd == 0:
        return 0.0
    return float(1 - PLACE_SHARE) * sd / float(np.hypot(sd, error))


def _worth(low: float, found: float, high: float | None) -> Worth:
    bounded = high is not None and np.isfinite(high)
    return Worth(
        low=rounded(max(0.0, low) if np.isfinite(low) else 0.0),
        found=rounded(found),
        high=rounded(high) if high is not None and bounded else None,
    )


def _trouble(answer: Answer) -> str:
    if answer.error is not None:
        return f"no plan at the mean estimates: {answer.error}"
    return f"no plan at the mean estimates: {answer.plan.status if answer.plan is not None else 'no answer'}"
