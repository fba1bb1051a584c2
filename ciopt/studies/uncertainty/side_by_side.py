"""Several plans in the same draws: how much better one is than another, and how sure that is.

Every plan meets the same errors (common random numbers), so that differences are sampled pair by pair and
what all plans share cancels. Means have an interval of 1.96 standard errors; so has the difference of tails,
by the shortfalls of both below their own quantiles.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Literal

import numpy as np

from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.instance.base import Count, Flag, Words
from ciopt.plan import Plan
from ciopt.plan.records import Exact, InstanceStamp
from ciopt.planner import stamp
from ciopt.studies.uncertainty.draws import Floats
from ciopt.studies.uncertainty.outcome import drawn, outcome
from ciopt.studies.uncertainty.risk import (
    Risk,
    Z,
    errors,
    judged_by,
    risk,
    rounded,
    shortfalls,
    wilson,
    worst_part,
)


class Between(Words):
    """A sampled number and its 95 % interval."""

    mean: Exact
    low: Exact
    high: Exact

    @property
    def sign(self) -> int:
        """1 or -1 if the interval is on one side of 0; 0 if the difference may be chance."""
        return 1 if self.low > 0 else -1 if self.high < 0 else 0


class Against(Words):
    """A plan against the first one, in the same draws; larger objectives are better."""

    objective: Between
    """By how much its objective is larger."""
    tail: Between
    """By how much the mean of its worst part is larger."""
    ahead: Between
    """Probability that it does better."""


class RiskCase(Words):
    """One of several plans."""

    key: str
    risk: Risk
    against: Against | None = None
    """None for the first plan."""


class RiskComparison(Words):
    """Several plans of one instance in the same draws."""

    kind: Literal["risk-comparison"] = "risk-comparison"
    instance: InstanceStamp = InstanceStamp()
    samples: Count
    seed: Count
    place_effects: Flag = False
    part: Exact
    """Which part of the samples the tail is."""
    cases: tuple[RiskCase, ...] = ()
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}


def compare_risks(
    instance: Instance,
    plans: Sequence[tuple[str, Plan]],
    *,
    samples: int = 4000,
    seed: int = 0,
    place_effects: bool = False,
    scenario: str | None = None,
) -> RiskComparison:
    """Draw what several plans achieve, all from the same errors.

    Parameters
    ----------
    plans
        Each with the name that the result gives it; the others are held against the first.
    scenario
        All are judged by it; each by its own if missing.

    Raises
    ------
    UsageError, InvalidInput
        If a plan does not belong to the instance, or two have one name.

    Examples
    --------
    >>> found = compare_risks(instance, [("expected", one), ("cvar", other)])  # doctest: +SKIP
    >>> found.cases[1].against.tail.low > 0  # doctest: +SKIP
    True
    """
    if not plans or len({name for name, _ in plans}) < len(plans):
        raise UsageError("give plans to compare, each once")
    draws = errors(samples, seed, place_effects=place_effects)
    part, objectives, cases, notes = Decimal(0), [], [], []
    for name, plan in plans:
        lookup, choices = judged_by(instance, plan, scenario)
        part = part or worst_part(lookup)
        objectives.append(outcome(lookup, choices, samples, drawn(draws)).objective)
        found = risk(
            instance, plan, samples=samples, seed=seed, place_effects=place_effects, scenario=scenario
        )
        notes += [f"{name}: {note}" for note in found.notes]
        first = objectives[0]
        versus = None if len(objectives) == 1 else _against(first, objectives[-1], float(part))
        cases.append(RiskCase(key=name, risk=found.model_copy(update={"notes": ()}), against=versus))
    return RiskComparison(
        instance=stamp(instance, scenario),
        samples=samples,
        seed=seed,
        place_effects=place_effects,
        part=part,
        cases=tuple(cases),
        notes=tuple(notes),
    )


def _against(first: Floats, other: Floats, part: float) -> Against:
    (level, below), (own_level, own_below) = shortfalls(first, part), shortfalls(other, part)
    gained = own_level - level + (below - own_below) / part
    better = int((other > first).sum())
    low, high = wilson(better, len(first))
    ahead = Between(mean=rounded(better / len(first)), low=rounded(low), high=rounded(high))
    return Against(objective=_between(other - first), tail=_between(gained), ahead=ahead)


def _between(gained: Floats) -> Between:
    mean, error = float(gained.mean()), Z * float(gained.std(ddof=1)) / float(np.sqrt(len(gained)))
    return Between(mean=rounded(mean), low=rounded(mean - error), high=rounded(mean + error))
