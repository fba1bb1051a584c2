"""How sure is a plan? The distribution of its value and indicators, and what to believe of it.

Probabilities have a 95 % interval after Wilson (JASA 22, 1927), means one of 1.96 standard errors. The
corrected value takes every estimate times its reliability (`ciopt.instance.uncertainty.reliability`), because
an optimiser picks what happens to be overestimated.
"""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from ciopt.errors import InvalidInput, UsageError
from ciopt.files import instance_sha256
from ciopt.instance import Instance, Lookup
from ciopt.instance.agenda import Target
from ciopt.instance.base import Count, Flag, Words
from ciopt.instance.choices import Choices
from ciopt.instance.scenarios import apply
from ciopt.instance.uncertainty import PLACE_SHARE, reliability
from ciopt.plan import Plan
from ciopt.plan.records import Exact, InstanceStamp
from ciopt.studies.uncertainty.draws import Draws
from ciopt.studies.uncertainty.outcome import Floats, constant, drawn, missing, outcome
from ciopt.verification.decisions import read_decisions

_MOST_SAMPLES = 1_000_000
Z = 1.959964
_TENTH = Decimal("0.1")


class Distribution(Words):
    """Samples of one number, summed up."""

    central: Exact
    """At the central estimates: what the plan says."""
    corrected: Exact
    """With every estimate shrunk by its grade: what to believe after selection."""
    mean: Exact
    mean_low: Exact
    """95 % interval of the mean, which is sampled."""
    mean_high: Exact
    sd: Exact
    low: Exact
    """10 % quantile."""
    median: Exact
    high: Exact
    """90 % quantile."""


class IndicatorRisk(Words):
    """How an indicator's total is distributed."""

    id: str
    total: Distribution


class TargetRisk(Words):
    """How likely a target is met."""

    number: Count
    indicator: str
    soft: Flag = False
    met_centrally: Flag
    probability: Exact
    probability_low: Exact
    """95 % interval."""
    probability_high: Exact


class Tail(Words):
    """The mean of the worst part of the samples (CVaR), with its 95 % interval."""

    part: Exact
    """Which part: ``alpha`` of a cvar agenda, else a tenth."""
    mean: Exact
    low: Exact
    high: Exact


class Risk(Words):
    """What a plan may achieve, given how uncertain its estimates are."""

    kind: Literal["risk"] = "risk"
    instance: InstanceStamp = InstanceStamp()
    samples: Count
    seed: Count
    place_effects: Flag = False
    value: Distribution
    objective: Distribution
    """The first goal among value and cost, larger is better: penalties of soft targets taken off."""
    tail: Tail | None = None
    """Of the objective, out of sample: these are not the samples that a cvar agenda plans with."""
    indicators: tuple[IndicatorRisk, ...] = ()
    targets: tuple[TargetRisk, ...] = ()
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def risk(
    instance: Instance,
    plan: Plan,
    *,
    samples: int = 4000,
    seed: int = 0,
    place_effects: bool = False,
    scenario: str | None = None,
) -> Risk:
    """Draw what a plan achieves, from the ranges and grades of its estimates.

    Parameters
    ----------
    instance, plan
        What the plan was made for.
    scenario
        Applied first; the plan's own if missing.
    samples
        How many draws; the same seed draws the same errors for every plan.
    place_effects
        Give a quarter of each variance to the places; otherwise an estimate errs alike everywhere.

    Raises
    ------
    UsageError, InvalidInput
        If there is no plan, or it does not belong to the instance.

    Examples
    --------
    >>> risk(instance, plan, samples=1000).targets[0].probability  # doctest: +SKIP
    Decimal('0.874')
    """
    lookup, choices = judged_by(instance, plan, scenario)
    draws = errors(samples, seed, place_effects=place_effects)
    central = outcome(lookup, choices, 1, constant(lambda estimate: 1.0))
    corrected = outcome(lookup, choices, 1, constant(lambda estimate: float(reliability(estimate))))
    found = outcome(lookup, choices, samples, drawn(draws))
    three = (central, corrected, found)
    named = {} if scenario is None else {"scenario": scenario}
    return Risk(
        instance=plan.instance.model_copy(update=named),
        samples=samples,
        seed=seed,
        place_effects=place_effects,
        value=_distribution(central.value, corrected.value, found.value),
        objective=_distribution(central.objective, corrected.objective, found.objective),
        tail=_tail(found.objective, worst_part(lookup)),
        indicators=tuple(
            IndicatorRisk(id=name, total=_distribution(*(each.indicators[name] for each in three)))
            for name in lookup.indicators
        ),
        targets=tuple(
            _target(number, each, found.targets[number], central.targets[number])
            for number, each in enumerate(lookup.instance.agenda.targets)
        ),
        notes=_notes(instance, plan),
    )


def _target(number: int, target: Target, drawn_totals: Floats, central_total: Floats) -> TargetRisk:
    """Say how often a target is met in the draws, and whether it is at the central estimates."""
    met = _met(target, drawn_totals)
    low, high = wilson(int(met.sum()), len(met))
    return TargetRisk(
        number=number,
        indicator=target.indicator,
        soft=target.soft,
        met_centrally=bool(_met(target, central_total)[0]),
        probability=rounded(float(met.mean())),
        probability_low=rounded(low),
        probability_high=rounded(high),
    )


def judged_by(instance: Instance, plan: Plan, scenario: str | None) -> tuple[Lookup, Choices]:
    """Return what a plan is judged by (the scenario, else its own, applied), and its decisions.

    Raises
    ------
    UsageError, InvalidInput
        If there is no plan, or it does not belong to the instance.
    """
    if not plan.has_plan:
        raise UsageError(f"the file has no plan: it is {plan.status}")
    lookup = Lookup(apply(instance, plan.instance.scenario if scenario is None else scenario).instance)
    choices, problems = read_decisions(lookup, plan)
    if problems:
        raise InvalidInput(problems)
    return lookup, choices


def errors(samples: int, seed: int, *, place_effects: bool) -> Draws:
    """Return draws that are the same for every plan.

    Raises
    ------
    UsageError
        If there are too few or too many.
    """
    if not 2 <= samples <= _MOST_SAMPLES:
        raise UsageError(f"{samples} samples: take 2 to {_MOST_SAMPLES:,}")
    return Draws(samples, seed, float(PLACE_SHARE) if place_effects else 0.0)


def worst_part(lookup: Lookup) -> Decimal:
    """Return which part of the samples counts as the worst: that of a cvar agenda, else a tenth."""
    said = lookup.instance.agenda.risk
    return said.alpha if said is not None and said.how == "cvar" and said.alpha is not None else _TENTH


def shortfalls(found: Floats, part: float) -> tuple[float, Floats]:
    """Return the quantile below which the worst part lies, and by how much each sample falls below it.

    CVaR = q - E[(q - X)+] / part (Rockafellar & Uryasev, Journal of Risk 2(3), 2000).
    """
    level = float(np.quantile(found, part))
    return level, np.maximum(0.0, level - found)


def _tail(found: Floats, part: Decimal) -> Tail:
    level, below = shortfalls(found, float(part))
    mean = level - float(below.mean()) / float(part)
    error = Z * float(below.std(ddof=1)) / float(part) / len(found) ** 0.5
    return Tail(part=part, mean=rounded(mean), low=rounded(mean - error), high=rounded(mean + error))


def _notes(instance: Instance, plan: Plan) -> tuple[str, ...]:
    if plan.instance.sha256 == instance_sha256(instance):
        return ()
    return ("the plan was made for another state of the instance: its decisions are judged by this one",)


def _met(target: Target, total: Floats) -> NDArray[np.bool_]:
    """Whether a target is met, but for the rounding of floats."""
    bound = target.at_least if target.at_least is not None else target.at_most
    assert bound is not None
    return missing(target, total) <= 1e-9 * max(1.0, abs(float(bound)))


def _distribution(central: Floats, corrected: Floats, found: Floats) -> Distribution:
    low, median, high = np.quantile(found, [0.1, 0.5, 0.9])
    mean, sd = float(found.mean()), float(found.std(ddof=1))
    error = Z * sd / len(found) ** 0.5
    return Distribution(
        central=rounded(float(central[0])),
        corrected=rounded(float(corrected[0])),
        mean=rounded(mean),
        mean_low=rounded(mean - error),
        mean_high=rounded(mean + error),
        sd=rounded(sd),
        low=rounded(float(low)),
        median=rounded(float(median)),
        high=rounded(float(high)),
    )


def rounded(number: float) -> Decimal:
    """Return a sampled number with six digits after the point.

    Examples
    --------
    >>> rounded(0.1 + 0.2)
    Decimal('0.300000')
    """
    return Decimal(f"{number:.6f}") + 0


def wilson(hits: int, samples: int) -> tuple[float, float]:
    """95 % interval of a probability after so many hits.

    Examples
    --------
    >>> low, high = wilson(50, 100)
    >>> round(low, 3), round(high, 3)
    (0.404, 0.596)
    """
    part, square = hits / samples, Z * Z
    middle = (part + square / (2 * samples)) / (1 + square / samples)
    half = Z * (part * (1 - part) / samples + square / (4 * samples * samples)) ** 0.5
    half /= 1 + square / samples
    return max(0.0, middle - half), min(1.0, middle + half)
