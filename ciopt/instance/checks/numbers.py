"""Numbers: signs, shares, digits of the currency, parts that add up."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ciopt.errors import Path, Problem
from ciopt.instance.model import Instance
from ciopt.instance.money import minor_digits


def check(instance: Instance) -> Iterator[Problem]:
    """Yield numbers outside what they can be (E205 to E208)."""
    for path, amount in _money(instance):
        digits = minor_digits(instance.currency)
        if amount < 0:
            yield Problem("E205", f"{amount} is negative; money is at least 0", path)
        elif amount != round(amount, digits):
            text = f"{amount} has more digits than the currency {instance.currency} has ({digits})"
            yield Problem("E206", text, path, f"write {round(amount, digits)}")
    for path, number in _not_negative(instance):
        if number < 0:
            yield Problem("E205", f"{number} is negative; it must be at least 0", path)
    yield from _check_shares(instance)
    for n, intervention in enumerate(instance.interventions):
        if intervention.lasts == 0:
            yield Problem("E207", "lasts is 0; it is at least 1", ("interventions", n, "lasts"))
        yield from _check_range(intervention.cost.range, ("interventions", n, "cost", "range"))
        for key, estimate in intervention.impact.items():
            yield from _check_range(estimate.range, ("interventions", n, "impact", key, "range"))
    for n, synergy in enumerate(instance.synergies):
        for key, estimate in synergy.adds.items():
            yield from _check_range(estimate.range, ("synergies", n, "adds", key, "range"))


def _amounts(amount: object, path: Path) -> Iterator[tuple[Path, Decimal]]:
    if isinstance(amount, dict):
        for period, part in amount.items():
            yield (*path, period), part
    elif isinstance(amount, Decimal):
        yield path, amount


def _money(instance: Instance) -> Iterator[tuple[Path, Decimal]]:
    for n, partner in enumerate(instance.partners):
        yield from _amounts(partner.budget, ("partners", n, "budget"))
        yield ("partners", n, "participation_cost"), partner.participation_cost
    for n, fund in enumerate(instance.funds):
        yield from _amounts(fund.amount, ("funds", n, "amount"))
        yield ("funds", n, "min_spend"), fund.min_spend
    for n, backbone in enumerate(instance.backbones):
        yield ("backbones", n, "cost"), backbone.cost
        yield ("backbones", n, "cost_per_synergy"), backbone.cost_per_synergy
    if instance.agenda.max_cost is not None:
        yield ("agenda", "max_cost"), instance.agenda.max_cost


def _not_negative(instance: Instance) -> Iterator[tuple[Path, Decimal]]:
    for n, partner in enumerate(instance.partners):
        for resource, amount in partner.capacity.items():
            yield from _amounts(amount, ("partners", n, "capacity", resource))
    for n, capability in enumerate(instance.capabilities):
        yield ("capabilities", n, "cost_factor"), capability.cost_factor
        yield ("capabilities", n, "impact_factor"), capability.impact_factor
    for n, intervention in enumerate(instance.interventions):
        for k, level in enumerate(intervention.levels):
            yield ("interventions", n, "levels", k, "cost_factor"), level.cost_factor
            yield ("interventions", n, "levels", k, "impact_factor"), level.impact_factor
        for k, share in enumerate(intervention.cost_profile):
            yield ("interventions", n, "cost_profile", k), share
    for n, target in enumerate(instance.agenda.targets):
        yield ("agenda", "targets", n, "penalty"), target.penalty
    for n, fund in enumerate(instance.funds):
        if fund.match is not None:
            yield ("funds", n, "match", "ratio"), fund.match.ratio


def _check_shares(instance: Instance) -> Iterator[Problem]:
    for n, fund in enumerate(instance.funds):
        if not 0 <= fund.max_share <= 1:
            yield Problem(
                "E207", f"max_share is {fund.max_share}; a share lies in 0 to 1", ("funds", n, "max_share")
            )
    for n, intervention in enumerate(instance.interventions):
        whole = sum(intervention.cost_profile)
        if whole != 1:
            path = ("interventions", n, "cost_profile")
            yield Problem("E208", f"the parts of cost_profile add up to {whole}, not to 1", path)
    for n, overlap in enumerate(instance.overlaps):
        for member, reach in overlap.reach.items():
            if not 0 < reach <= 1:
                where = ("overlaps", n, "reach", member)
                yield Problem("E207", f"reach is {reach}; it lies above 0 and at most at 1", where)


def _check_range(bounds: tuple[Decimal, Decimal] | None, path: Path) -> Iterator[Problem]:
    if bounds is not None and bounds[0] > bounds[1]:
        yield Problem(
            "E207", f"the range [{bounds[0]}, {bounds[1]}] runs backwards", path, "low first, then high"
        )
