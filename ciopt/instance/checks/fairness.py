"""Fairness and risk make sense: what each kind needs, and what it has no use for."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ciopt.errors import Path, Problem
from ciopt.instance.agenda import Fairness, Risk
from ciopt.instance.model import Instance

FIELDS = ("share", "at_least", "at_most", "dial")
MOST_SAMPLES = 1000

NEEDS = {"robust": ("gamma", "cost_gamma"), "cvar": ("alpha",)}
BELONGS = {"gamma": "robust", "cost_gamma": "robust", "alpha": "cvar", "samples": "cvar"}
"""The fields of risk, and what they belong to."""


def check(instance: Instance) -> Iterator[Problem]:
    """Yield contradictions of fairness (E222) and of risk (E223)."""
    agenda = instance.agenda
    has_value = "value" in agenda.goals
    if agenda.fairness is not None:
        yield from _check_members(agenda.fairness)
        yield from _check_how(agenda.fairness, has_value)
        if agenda.fairness.how == "dial" and "fairness" in agenda.priorities:
            text = "a dial mixes fairness with the value: it is no goal of its own"
            yield Problem("E222", text, ("agenda", "priorities"), "take fairness out of the priorities")
    if agenda.risk is not None:
        yield from _check_risk(agenda.risk, has_value)


def _check_members(fairness: Fairness) -> Iterator[Problem]:
    path: Path = ("agenda", "fairness")
    if fairness.counts == "burden":
        if fairness.over != "partners":
            text = f"only partners bear a burden, and this looks at {fairness.over}"
            yield Problem("E222", text, (*path, "counts"), 'say "over": "partners"')
        if fairness.indicator is not None:
            text = "a burden is money, not an indicator"
            yield Problem("E222", text, (*path, "indicator"), "take indicator out")
    if fairness.over == "partners" and fairness.per not in (None, "budget"):
        text = f"partners have no attribute {fairness.per!r}"
        yield Problem("E222", text, (*path, "per"), 'say "per": "budget" (their own), or leave it out')


def _check_how(fairness: Fairness, has_value: bool) -> Iterator[Problem]:
    """What belongs to which kind of fairness, and between what it lies."""
    path: Path = ("agenda", "fairness")
    is_burden = fairness.counts == "burden"
    absolute = "at_most" if is_burden else "at_least"
    allowed = {"floor": {"share", absolute}, "dial": {"dial"}}.get(fairness.how, set())
    for field in FIELDS:
        number = getattr(fairness, field)
        if number is None:
            continue
        if field not in allowed:
            text = f"{field} does not belong to {fairness.how}" + (" of a burden" if is_burden else "")
            yield Problem("E222", text, (*path, field), f"take {field} out")
        elif field == "dial" and not 0 <= number <= 1:
            yield Problem("E222", f"a dial is from 0 to 1, not {number}", (*path, field))
        elif field == "share" and not is_burden and not 0 <= number <= 1:
            text = f"a share is part of the mean, from 0 to 1, not {number}: nobody can have more than all"
            yield Problem("E222", text, (*path, field))
        elif field == "share" and is_burden and number < 1:
            text = f"not everybody's burden can be below {number} of the mean"
            yield Problem("E222", text, (*path, field), "give 1 or more")
        elif field == "at_most" and number < 0:
            yield Problem("E222", f"a burden is not below 0, at most {number} never holds", (*path, field))
    if fairness.how == "floor" and all(getattr(fairness, field) is None for field in allowed):
        yield Problem("E222", f"a floor needs share or {absolute}, or both", path)
    if fairness.how == "dial":
        if fairness.dial is None:
            yield Problem("E222", "a dial needs its number", path, 'give "dial", from 0 to 1')
        if not has_value:
            yield Problem("E222", "a dial mixes with the value, which is no goal here", (*path, "how"))
        if is_burden or fairness.indicator is not None:
            text = "a dial mixes value with value, not with a burden or one indicator"
            yield Problem("E222", text, path, "take counts and indicator out, or say maximin")


def _check_risk(risk: Risk, has_value: bool) -> Iterator[Problem]:
    path: Path = ("agenda", "risk")
    for field, how in BELONGS.items():
        if getattr(risk, field) is not None and risk.how != how:
            text = f"{field} belongs to {how}, not to {risk.how}"
            yield Problem("E223", text, (*path, field), f'take it out, or say "how": "{how}"')
    needed = NEEDS.get(risk.how)
    if needed is None:
        return
    if all(getattr(risk, field) is None for field in needed):
        yield Problem("E223", f"{risk.how} needs {' or '.join(needed)}", path)
    if not has_value and (risk.gamma is not None or risk.alpha is not None):
        text = f"{risk.how} is about the value, which is no goal here"
        yield Problem("E223", text, (*path, "how"), "add value to the priorities, or take risk out")
    for field, number in (("gamma", risk.gamma), ("cost_gamma", risk.cost_gamma)):
        if number is not None and (number < 0 or number != number.to_integral_value()):
            text = f"{field} counts estimates: a whole number of at least 0, not {number}"
            yield Problem("E223", text, (*path, field))
    if risk.alpha is not None and not Decimal(0) < risk.alpha <= 1:
        text = f"alpha is a part of the samples, above 0 and at most 1, not {risk.alpha}"
        yield Problem("E223", text, (*path, "alpha"), "0.1 looks at the worst tenth")
    if risk.samples is not None and not 1 <= risk.samples <= MOST_SAMPLES:
        text = f"samples is from 1 to {MOST_SAMPLES}, not {risk.samples}"
        yield Problem("E223", text, (*path, "samples"))
