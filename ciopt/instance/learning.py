"""Measurements correct estimates: a normal-normal update, exact and repeatable from the instance alone.

The multiplier of an intervention's estimate on an indicator is, at a place l, θ_l = θ + δ_l with

    θ ~ N(c, (1 - s) σ²)      what is the same everywhere; c is the centre of the range, 1 if it holds 1
    δ_l ~ N(0, s σ²)          the place's own; s = 1/4
    y ~ N(θ_l m_l, sd²)       a measurement: what one assignment moved at l, at factor 1 (and in one period,
                              where the indicator accrues so), where the estimate said m_l

Measurements at one place are pooled by precision p_l = Σ m_l²/sd² to y_l; with ω² = s σ², v_l = 1 / p_l:

    1/V = 1/((1 - s) σ²) + Σ_l 1/(ω² + v_l),      μ = V (c/((1 - s) σ²) + Σ_l y_l/(ω² + v_l))
    θ_l | y ~ mean (1 - k) μ + k y_l, variance (1 - k)² V + (1 - k) ω²,      k = ω²/(ω² + v_l)

The intervention's estimate is multiplied by μ. At measured places its options get μ_l instead, as overrides;
impacts that overrides stated before stay. All is done in fractions; results are rounded half up to 10^-6.
"""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

from ciopt.instance.amounts import PICO
from ciopt.instance.base import MAX_FRACTION_DIGITS, MICRO, EstimateRecord, micro
from ciopt.instance.lookup import Lookup, Option
from ciopt.instance.model import Instance
from ciopt.instance.money import half_up
from ciopt.instance.records import Intervention, Measurement, OptionOverride
from ciopt.instance.uncertainty import PLACE_SHARE, TAIL, spread

_WIDEST = Fraction(1000)
"""Ranges reach no further to either side: where the mean is next to nothing, multiples of it say little."""


class Belief(NamedTuple):
    """What is believed of a multiplier: mean and variance."""

    mean: Fraction
    variance: Fraction


class Lesson(NamedTuple):
    """What measurements say about one estimate.

    Parameters
    ----------
    before, after
        Multiplier at a place that was not measured.
    places
        Multiplier at each measured place, after.
    times
        How many measurements.
    """

    intervention: str
    indicator: str
    before: Belief
    after: Belief
    places: dict[str, Belief]
    times: int


def lessons(instance: Instance) -> list[Lesson]:
    """Work out what the instance's measurements say, an estimate each, in order of first mention."""
    lookup = Lookup(instance)
    found: dict[tuple[str, str], list[Measurement]] = defaultdict(list)
    for measurement in instance.measurements:
        found[measurement.intervention, measurement.indicator].append(measurement)
    return [_lesson(lookup, *key, measured) for key, measured in found.items()]


def _lesson(lookup: Lookup, intervention: str, indicator: str, measured: list[Measurement]) -> Lesson:
    estimate = lookup.interventions[intervention].impact[indicator]
    wide = spread(estimate)
    centre, variance = Fraction(wide.centre), wide.sd**2
    before = Belief(centre, variance)
    if not variance:  # what is certain cannot be corrected
        return Lesson(intervention, indicator, before, before, {}, len(measured))
    own, common = PLACE_SHARE * variance, (1 - PLACE_SHARE) * variance
    precision: dict[str, Fraction] = defaultdict(Fraction)
    weighted: dict[str, Fraction] = defaultdict(Fraction)
    for each in measured:
        central, sd = Fraction(lookup.amounts.at(estimate, each.place), PICO), Fraction(each.sd)
        precision[each.place] += (central / sd) ** 2
        weighted[each.place] += Fraction(each.value) * central / sd**2
    total, pull = 1 / common, centre / common
    for place, p in precision.items():
        weight = 1 / (own + 1 / p)
        total += weight
        pull += weight * weighted[place] / p
    mean, left = pull / total, 1 / total
    places = {}
    for place, p in precision.items():
        k = own / (own + 1 / p)
        here = (1 - k) * mean + k * weighted[place] / p
        places[place] = Belief(here, (1 - k) ** 2 * left + (1 - k) * own)
    return Lesson(intervention, indicator, before, Belief(mean, left + own), places, len(measured))


def learned(instance: Instance) -> Instance:
    """Return the instance with its measurements worked into its estimates, and none left to work in.

    Parameters
    ----------
    instance
        A checked instance; without measurements it is returned as it is.

    Examples
    --------
    >>> learned(instance).measurements  # doctest: +SKIP
    ()
    """
    if not instance.measurements:
        return instance
    lookup, known = Lookup(instance), lessons(instance)
    return instance.model_copy(
        update={
            "interventions": tuple(_corrected(each, known) for each in instance.interventions),
            "options": _overrides(lookup, known),
            "measurements": (),
        }
    )


def _corrected(intervention: Intervention, known: list[Lesson]) -> Intervention:
    impact, notes = dict(intervention.impact), [intervention.notes] if intervention.notes else []
    for lesson in known:
        if lesson.intervention == intervention.id:
            estimate, after = impact[lesson.indicator], lesson.after
            if lesson.after != lesson.before:
                impact[lesson.indicator] = estimate.model_copy(
                    update={
                        "fixed": _times(estimate.fixed, after.mean),
                        "per": {name: _times(amount, after.mean) for name, amount in estimate.per.items()},
                        "range": _range(after),
                        "evidence": None,
                    }
                )
            notes.append(_provenance(lesson))
    return intervention.model_copy(update={"impact": impact, "notes": " ".join(notes)})


def _provenance(lesson: Lesson) -> str:
    times = number(lesson.after.mean)
    count = f"{lesson.times} measurement" + ("s" if lesson.times != 1 else "")
    return f"[{lesson.indicator}: estimate x {times} by {count}]"


def _overrides(lookup: Lookup, known: list[Lesson]) -> tuple[OptionOverride, ...]:
    """All overrides; those of options at measured places one by one, with what was learned there."""
    beliefs: dict[tuple[str, str], dict[str, Belief]] = defaultdict(dict)
    for lesson in known:
        for place, belief in lesson.places.items():
            beliefs[lesson.intervention, place][lesson.indicator] = belief
    kept = [each for each in lookup.instance.options if (each.intervention, each.place) not in beliefs]
    for option in lookup.options():
        if option.activity in beliefs:
            kept.append(_override(lookup, option, beliefs[option.activity]))
    return tuple(kept)


def _override(lookup: Lookup, option: Option, beliefs: dict[str, Belief]) -> OptionOverride:
    before = lookup.override_of(option)
    impact: dict[str, EstimateRecord] = {}
    for indicator, belief in beliefs.items():
        estimate = lookup.interventions[option.intervention].impact[indicator]
        central = lookup.amounts.at(estimate, option.place) * lookup.factors_of(option).impact
        amount = belief.mean * Fraction(central, PICO * PICO)
        impact[indicator] = EstimateRecord(fixed=number(amount), range=_range(belief))
    if before is None:
        return OptionOverride(**option._asdict(), impact=impact)
    impact.update(before.impact)
    return before.model_copy(update={"period": option.period, "impact": impact, "id": None})


def _range(belief: Belief) -> tuple[Decimal, Decimal] | None:
    """Range of a measured estimate: what the posterior says. Its grade was of the old one and goes."""
    if not belief.mean:
        return None
    reach = min(_WIDEST, TAIL * _sd(belief) / abs(belief.mean))
    return number(1 - reach), number(1 + reach)


def _sd(belief: Belief) -> Fraction:
    """Standard deviation, rounded down to 10^-9 by an integer square root: the same on any machine."""
    return Fraction(isqrt(belief.variance.numerator * 10**18 // belief.variance.denominator), 10**9)


def interval(belief: Belief) -> tuple[Decimal, Decimal]:
    """80 % interval of a multiplier.

    Examples
    --------
    >>> interval(Belief(Fraction(1), Fraction(1, 4)))
    (Decimal('0.359224'), Decimal('1.640776'))
    """
    reach = TAIL * _sd(belief)
    return number(belief.mean - reach), number(belief.mean + reach)


def _times(amount: Decimal, factor: Fraction) -> Decimal:
    return number(Fraction(micro(amount), MICRO) * factor)


def number(amount: Fraction) -> Decimal:
    """Round half up to the format's six digits.

    Examples
    --------
    >>> number(Fraction(2, 3))
    Decimal('0.666667')
    """
    rounded = Decimal(half_up(amount.numerator * MICRO, amount.denominator)).scaleb(-MAX_FRACTION_DIGITS)
    return rounded.normalize() if rounded else Decimal(0)
