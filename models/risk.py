"""Risk: what the goal value counts instead of the central value, in 10^-6.

With t_ek the movement of indicator k that comes from estimate e, and two ends of the interval of its
multiplier:

- ``robust``:  V + Σ of the Γ smallest y_e,  y_e <= 0,  y_e <= Σ_k weight_k t_ek (end - 1) for both ends
- ``cost_gamma``:  cost + Σ of the largest Σ_j overrun_j x_j, an intervention each, <= limit
- ``cvar``:    (Σ of the K smallest V_s) / K,  V_s <= Σ_k weight_k u_k(Σ_e M_es t_ek)

y_e and V_s are whole; M_es are the multipliers of the samples, in 10^-3 (`ciopt.instance.sampling`).
"""

from __future__ import annotations

from collections.abc import Iterable

from ciopt.instance.base import MICRO, micro
from ciopt.instance.estimates import Estimated, Key
from ciopt.instance.options import cost
from ciopt.instance.records import Indicator, PerPlace
from ciopt.instance.risk import money_limit, overrun, tail
from ciopt.instance.sampling import MILLI, multipliers
from ciopt.instance.value import place_level
from models.model import Expression, Model, Terms, total
from models.money import total_cost
from models.ordered import floored, smallest
from models.saturation import saturated

Sourced = Iterable[tuple[Estimated | None, Terms]]


def robust(model: Model, gamma: int) -> Expression:
    """What the largest losses take from the value, in 10^-6, negative."""
    ends: dict[Key, tuple[Terms, Terms]] = {}
    for indicator, _, source, terms in model.parts:
        weight = micro(model.lookup.indicators[indicator].weight)
        if source is not None:
            both = ends.setdefault(source.key, ([], []))
            for part, end in zip(both, source.spread, strict=True):
                change = weight * (micro(end) - MICRO)
                part.extend((change * amount, x) for amount, x in terms if change)
    losses = [floored(model, f"loss of {'/'.join(key)}", [*both, []], MICRO**2) for key, both in ends.items()]
    count = min(gamma, len(losses))
    return smallest(model, "robust", losses, count) if count else 0


def add_reserve(model: Model) -> None:
    """Cost and the largest overruns of the interventions' costs stay within the money there is."""
    lookup = model.lookup
    risk = lookup.instance.agenda.risk
    if risk is None or risk.cost_gamma is None:
        return
    saved: dict[str, Terms] = {}
    for option, x in model.chosen.items():
        amount = overrun(lookup.interventions[option.intervention], cost(lookup, option))
        if amount:
            saved.setdefault(option.intervention, []).append((-amount, x))
    forms = [floored(model, f"overrun of {name}", [terms], 1) for name, terms in saved.items()]
    count = min(int(risk.cost_gamma), len(forms))
    lowest = smallest(model, "overrun", forms, count) if count else 0
    model.require(total(total_cost(model)) - lowest <= money_limit(lookup), "reserve for overruns")


def tail_sum(model: Model) -> tuple[Expression, int]:
    """(sum of the smallest sampled values in 10^-6, how many those are)."""
    risk = model.lookup.instance.agenda.risk
    assert risk is not None
    count, samples = tail(risk)
    values = [
        floored(model, f"value in sample {sample}", [_value(model, sample, samples)], MICRO * MILLI)
        for sample in range(samples)
    ]
    return smallest(model, "cvar", values, count), count


def _value(model: Model, sample: int, samples: int) -> Terms:
    """V_s in 10^-15, but for rounding."""
    terms: Terms = []
    for indicator in model.lookup.instance.indicators:
        parts: dict[str | None, Terms] = {}
        for name, place, source, moved in model.parts:
            if name == indicator.id and indicator.weight:
                alone = isinstance(indicator.saturates_at, PerPlace)
                times = MILLI if source is None else multipliers(source, samples)[sample]
                here = parts.setdefault(place if alone else None, [])
                here.extend((times * amount, x) for amount, x in moved if times)
        for where, moves in parts.items():
            level, name = _level(model, indicator, where), f"{indicator.id} of {where} in sample {sample}"
            if level is None:
                terms += [(micro(indicator.weight) * amount, x) for amount, x in moves]
            else:
                terms += saturated(model, indicator.weight, moves, level * MILLI, name)
    return terms


def _level(model: Model, indicator: Indicator, place: str | None) -> int | None:
    if indicator.saturates_at is None:
        return None
    if isinstance(indicator.saturates_at, PerPlace):
        return None if place is None else place_level(model.lookup, indicator, place)
    return micro(indicator.saturates_at)
