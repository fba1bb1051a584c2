"""How uncertain estimates count in the goal ``value``: exact, from the words alone.

    robust    V - (the Γ largest D_e),   D_e = max(0, c_e (1 - low_e), c_e (1 - high_e))
    cvar      the mean of the K smallest V_s,   K = alpha x samples rounded up,
              V_s = Σ_k weight_k u_k(Σ_e M_es t_ek)

V is the central value; c_e what an estimate contributes to it before saturation, [low_e, high_e] its 80 %
interval, t_ek the movement that comes from it, M_es its multiplier in sample s (Bertsimas & Sim, Operations
Research 52(1), 2004; Rockafellar & Uryasev, Journal of Risk 2(3), 2000). A loss D_e and a sampled value V_s
are integers of 10^-6, rounded to the worse side. Cost and the ``cost_gamma`` largest overruns of costs, an
intervention each, stay within a limit.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction

from ciopt.instance.agenda import DEFAULT_SAMPLES, Risk
from ciopt.instance.base import MICRO, micro
from ciopt.instance.choices import Choices
from ciopt.instance.estimates import Estimated, Key, Part, parts
from ciopt.instance.fairness import least
from ciopt.instance.lookup import Lookup
from ciopt.instance.money import to_minor
from ciopt.instance.options import cost
from ciopt.instance.records import Intervention, PerPlace
from ciopt.instance.sampling import MILLI, multipliers
from ciopt.instance.uncertainty import spread
from ciopt.instance.value import by_activity, paying_synergies, place_level, saturated


def tail(risk: Risk) -> tuple[int, int]:
    """(how many samples count, how many there are) for cvar."""
    assert risk.alpha is not None
    samples = DEFAULT_SAMPLES if risk.samples is None else risk.samples
    return -(-micro(risk.alpha) * samples // MICRO), samples


def reserve(lookup: Lookup, choices: Choices) -> int | None:
    """What the largest overruns of costs come to together, in minor units; None if nobody asks.

    The overrun of an assignment is cost x (high - 1), rounded up once.
    """
    risk = lookup.instance.agenda.risk
    if risk is None or risk.cost_gamma is None:
        return None
    return -least((-each for each in overruns(lookup, choices).values()), int(risk.cost_gamma))


def overruns(lookup: Lookup, choices: Choices) -> dict[str, int]:
    """By how much the costs of each intervention may be overrun in a plan, in minor units."""
    found: dict[str, int] = defaultdict(int)
    for option in choices.options:
        found[option.intervention] += overrun(lookup.interventions[option.intervention], cost(lookup, option))
    return found


def overrun(intervention: Intervention, amount: int) -> int:
    """By how much a cost in minor units may be overrun."""
    estimate = intervention.cost
    if estimate.range is None and estimate.evidence is None:
        return 0
    above = micro(spread(estimate).high) - MICRO
    return max(0, -(-amount * above // MICRO))


def money_limit(lookup: Lookup) -> int:
    """What cost and overruns have to stay within, in minor units: ``max_cost``, or all money there is."""
    instance = lookup.instance
    if instance.agenda.max_cost is not None:
        return to_minor(instance.agenda.max_cost, instance.currency)
    amounts = [fund.amount for fund in instance.funds]
    amounts += [partner.budget for partner in instance.partners if partner.budget is not None]
    parts = [part for each in amounts for part in (each.values() if isinstance(each, dict) else (each,))]
    return sum(to_minor(part, instance.currency) for part in parts)


def adjusted_value(lookup: Lookup, choices: Choices, central: int) -> int | Fraction:
    """What the goal ``value`` counts instead of the central value, in 10^-12."""
    risk = lookup.instance.agenda.risk
    if risk is None or risk.how == "expected":
        return central
    assigned = by_activity(choices.options)
    moved = list(parts(lookup, assigned, paying_synergies(lookup, choices)))
    if risk.how == "robust":
        if risk.gamma is None:
            return central
        return central + MICRO * least((-loss for loss in losses(lookup, moved).values()), int(risk.gamma))
    count, samples = tail(risk)
    return Fraction(MICRO * least(sampled_values(lookup, moved, samples), count), count)


def losses(lookup: Lookup, moved: Iterable[Part]) -> dict[Key, int]:
    """D_e of every estimate that contributes to the value, in 10^-6, rounded up."""
    ends: dict[Key, list[int]] = defaultdict(lambda: [0, 0])
    for part in moved:
        if part.estimated is not None:
            worth = micro(lookup.indicators[part.indicator].weight) * part.amount
            for number, end in enumerate(part.estimated.spread):
                ends[part.estimated.key][number] += worth * (MICRO - micro(end))
    return {key: max(0, *(-(-lost // MICRO**2) for lost in both)) for key, both in ends.items()}


def sampled_values(lookup: Lookup, moved: Iterable[Part], samples: int) -> list[int]:
    """V_s of every sample, in 10^-6, rounded down."""
    # what saturates together is added up before it is multiplied
    total: dict[tuple[str, str | None], dict[Estimated | None, int]] = defaultdict(lambda: defaultdict(int))
    for part in moved:
        alone = isinstance(lookup.indicators[part.indicator].saturates_at, PerPlace)
        total[part.indicator, part.place if alone else None][part.estimated] += part.amount
    worth = [0] * samples
    for (name, place), amounts in total.items():
        indicator = lookup.indicators[name]
        level = None
        if place is not None:
            level = place_level(lookup, indicator, place)
        elif indicator.saturates_at is not None and not isinstance(indicator.saturates_at, PerPlace):
            level = micro(indicator.saturates_at)
        for number, moves in enumerate(_sampled(amounts, samples)):
            utility = moves if level is None else saturated(moves, level * MILLI)
            worth[number] += micro(indicator.weight) * utility
    return [each // (MICRO * MILLI) for each in worth]


def _sampled(amounts: dict[Estimated | None, int], samples: int) -> list[int]:
    """Σ_e M_es x amount_e of every sample, in 10^-9."""
    moves = [0] * samples
    for source, amount in amounts.items():
        factors = (MILLI,) * samples if source is None else multipliers(source, samples)
        for number, factor in enumerate(factors):
            moves[number] += factor * amount
    return moves
