"""What the truth may be: the instance with its estimates multiplied, to be solved as if all were known.

A truth gives each estimate e a standard normal error z_e, or leaves it at its mean. All that belongs to the
estimate (the intervention's quantity, and options that override it) is multiplied by the split normal number
of its own spread at z_e: the numbers that `ciopt.studies.uncertainty.outcome` judges plans by. Hard targets
are requirements on what is planned, not on what comes true: they are held at the central estimates, on a copy
of the indicator that weighs nothing and that no truth moves.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

import numpy as np

from ciopt.errors import UsageError
from ciopt.instance import Instance, Lookup
from ciopt.instance.agenda import Agenda, Goal
from ciopt.instance.base import MICRO, EstimateRecord, micro
from ciopt.instance.estimates import Key
from ciopt.instance.learning import number
from ciopt.instance.records import OptionOverride
from ciopt.instance.uncertainty import TAIL, Spread, governing, spread
from ciopt.studies.uncertainty.draws import Draws, Floats, split_normal

PLANNED = "_as_planned"
"""Ends the id of an indicator's copy on which hard targets are held."""

NUM_QUANTILES = 255
"""Equally likely errors that stand for a normal distribution where one estimate is asked about alone."""

Truth = Mapping[Key, float]
"""Error of each estimate, as a standard normal number; one that is missing is at its mean."""


def normal_quantiles() -> Floats:
    """Return the middles of equally likely parts of the standard normal distribution, in order."""
    from statistics import NormalDist

    normal = NormalDist()
    return np.array([normal.inv_cdf((n + 0.5) / NUM_QUANTILES) for n in range(NUM_QUANTILES)])


_ABOVE = float(np.maximum(normal_quantiles(), 0).mean())


def mean_multiplier(wide: Spread) -> float:
    """Mean of a multiplier: its centre, and what the longer side adds.

    Examples
    --------
    >>> mean_multiplier(Spread(Decimal("0.5"), Decimal("1.5")))
    1.0
    """
    centre = float(wide.centre)
    return centre + _ABOVE * ((float(wide.high) - centre) - (centre - float(wide.low))) / float(TAIL)


def multiplier_of(truth: Truth, key: Key, says: EstimateRecord) -> float:
    """Multiplier of an estimate in a truth, given the estimate whose range holds for it."""
    wide = spread(says)
    if key not in truth:
        return mean_multiplier(wide)
    return float(split_normal(np.array([truth[key]]), wide)[0])


def drawn_truth(draws: Draws, keys: list[Key], sample: int) -> dict[Key, float]:
    """Return one of the draws as a truth: the errors that `outcome` uses for the same sample."""
    return {key: float(draws.normal(key)[sample]) for key in keys}


def asking_for_value(instance: Instance) -> tuple[Instance, tuple[str, ...]]:
    """Return the instance with an agenda that a known truth can be planned for, and what that leaves out.

    One goal remains: the first of value and cost, with the penalties of soft targets. Risk has no meaning
    once all is known. Hard targets move to copies of their indicators.

    Raises
    ------
    UsageError
        If no estimate can change the best plan, since only cost counts.
    """
    agenda = instance.agenda
    goal = next(each for each in agenda.goals if each in ("value", "cost"))
    if goal == "cost" and not any(target.soft for target in agenda.targets):
        raise UsageError(
            "the agenda minimises cost, which no estimate moves, and has no soft targets: there is nothing "
            "that better estimates could change; maximise value, or make targets soft"
        )
    before = agenda.goals[: agenda.goals.index(goal)]
    notes = []
    if before:
        notes.append(
            f"the agenda puts {' and '.join(before)} before {goal}: here only {goal} is looked at, "
            "with the penalties of soft targets"
        )
    if agenda.fairness is not None and not _is_planned(agenda):
        notes.append("fairness is left out: it would ask for another thing in every truth")
    held = tuple(target for target in agenda.targets if not target.soft)
    if held:
        notes.append("hard targets are held at the central estimates, whatever the truth")
    return _with_copies(instance, _single(agenda, goal)), tuple(notes)


def _is_planned(agenda: Agenda) -> bool:
    """Whether fairness is a requirement that no estimate moves: a limit on burdens."""
    fairness = agenda.fairness
    if fairness is None or "fairness" in agenda.goals:
        return False
    return fairness.how == "floor" and fairness.counts == "burden"


def _single(agenda: Agenda, goal: Goal) -> Agenda:
    return agenda.model_copy(
        update={
            "maximize": "value" if goal == "value" else None,
            "minimize": "cost" if goal == "cost" else None,
            "priorities": (),
            "risk": None,
            "fairness": agenda.fairness if _is_planned(agenda) else None,
        }
    )


def _with_copies(instance: Instance, agenda: Agenda) -> Instance:
    """Give indicators of hard targets a copy that weighs nothing, and let the targets look at it."""
    copied = {target.indicator for target in agenda.targets if not target.soft}

    def also(amounts: Mapping[str, EstimateRecord]) -> dict[str, EstimateRecord]:
        exact = {"range": (Decimal(1), Decimal(1)), "evidence": None}
        copies = {k + PLANNED: v.model_copy(update=exact) for k, v in amounts.items() if k in copied}
        return {**amounts, **copies}

    def named(on: tuple[str, ...]) -> tuple[str, ...]:
        return (*on, *(k + PLANNED for k in on if k in copied))

    free = {"weight": Decimal(0), "saturates_at": None, "target": None}
    return instance.model_copy(
        update={
            "indicators": (
                *instance.indicators,
                *(
                    each.model_copy(update={**free, "id": each.id + PLANNED})
                    for each in instance.indicators
                    if each.id in copied
                ),
            ),
            "interventions": tuple(
                each.model_copy(update={"impact": also(each.impact)}) for each in instance.interventions
            ),
            "options": tuple(
                each.model_copy(update={"impact": also(each.impact)}) for each in instance.options
            ),
            "synergies": tuple(
                each.model_copy(update={"adds": also(each.adds), "on": named(each.on)})
                for each in instance.synergies
            ),
            "overlaps": (
                *instance.overlaps,
                *(
                    each.model_copy(update={"indicator": each.indicator + PLANNED, "id": None})
                    for each in instance.overlaps
                    if each.indicator in copied
                ),
            ),
            "agenda": agenda.model_copy(
                update={
                    "targets": tuple(
                        target
                        if target.soft
                        else target.model_copy(update={"indicator": target.indicator + PLANNED})
                        for target in agenda.targets
                    ),
                }
            ),
        }
    )


def multiplied(instance: Instance, truth: Truth) -> Instance:
    """Return the instance as it would be if a truth were known, without ranges.

    Parameters
    ----------
    instance
        From `asking_for_value`.

    Notes
    -----
    Amounts are rounded to the format's six digits.
    """
    interventions = {each.id: each for each in instance.interventions}

    def times(key: Key, amount: EstimateRecord, says: EstimateRecord) -> EstimateRecord:
        return _times(amount, Fraction(multiplier_of(truth, key, says)))

    def override(each: OptionOverride) -> dict[str, EstimateRecord]:
        own = interventions[each.intervention].impact
        return {
            k: times(Key("impact", each.intervention, k), v, governing(v, own.get(k)))
            for k, v in each.impact.items()
        }

    def table(kind: str, source: str, amounts: Mapping[str, EstimateRecord]) -> dict[str, EstimateRecord]:
        return {k: times(Key(kind, source, k), v, v) for k, v in amounts.items()}

    return instance.model_copy(
        update={
            "interventions": tuple(
                each.model_copy(update={"impact": table("impact", each.id, each.impact)})
                for each in instance.interventions
            ),
            "options": tuple(each.model_copy(update={"impact": override(each)}) for each in instance.options),
            "synergies": tuple(
                each.model_copy(update={"adds": table("adds", each.id, each.adds)})
                for each in instance.synergies
            ),
            "scenarios": {},
        }
    )


def _times(estimate: EstimateRecord, factor: Fraction) -> EstimateRecord:
    def amount(of: Decimal) -> Decimal:
        return number(Fraction(micro(of), MICRO) * factor)

    return EstimateRecord(
        fixed=amount(estimate.fixed), per={name: amount(each) for name, each in estimate.per.items()}
    )


def uncertain(lookup: Lookup) -> list[Key]:
    """Return what is uncertain and may count: estimates of activities and synergies that exist, in order."""
    counts = {each.id for each in lookup.instance.indicators if each.weight}
    counts |= {each.indicator for each in lookup.instance.agenda.targets if each.soft}
    found: dict[Key, bool] = {}

    def look(key: Key, amounts: EstimateRecord) -> None:
        wide = spread(amounts)
        known = key.indicator not in counts or wide.low == wide.high
        if not known and (amounts.fixed or any(amounts.per.values())):
            found[key] = True

    done = {intervention for intervention, _ in lookup.activities}
    for each in lookup.instance.interventions:
        if each.id in done:
            for k, v in each.impact.items():
                look(Key("impact", each.id, k), v)
    for override in lookup.instance.options:
        if override.intervention in done:
            own = lookup.interventions[override.intervention].impact
            for k, v in override.impact.items():
                if v.fixed or any(v.per.values()):
                    look(Key("impact", override.intervention, k), governing(v, own.get(k)))
    for synergy in lookup.instance.synergies:
        if all(member in done for member in synergy.between):
            for k, v in synergy.adds.items():
                look(Key("adds", synergy.id, k), v)
    return list(found)
