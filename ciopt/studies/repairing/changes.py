"""From what gave way to changes in the user's own units, and to the changed instance."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from ciopt.instance import Instance
from ciopt.instance.requirements import Requirement
from ciopt.instance.scenarios import apply_scenario
from ciopt.plan.repair import Change, Repair
from ciopt.program.decode import Array
from ciopt.program.slacks import Slack
from ciopt.studies.repairing.prices import Price

Given = Mapping[str, Fraction | None]
"""By how much each requirement gave way, by its path; None: wholly."""


def given_way(slacks: Iterable[Slack], values: Array) -> dict[Slack, Fraction | None]:
    """Read what gave way from a vector."""
    found: dict[Slack, Fraction | None] = {}
    for slack in slacks:
        if slack.amount is None and values[slack.touched]:
            found[slack] = _wholly(slack.requirement)
        elif slack.amount is not None and values[slack.amount]:
            found[slack] = slack.grain * int(values[slack.amount])
    return found


def _wholly(requirement: Requirement) -> Fraction | None:
    """By how much a requirement gives way that is lifted: a share becomes 1, a number of overruns 0."""
    if requirement.kind == "max_share":
        return 1 - Fraction(requirement.limit or 0)
    return Fraction(requirement.limit or 0) if requirement.kind == "reserve" else None


def change(requirement: Requirement, by: Fraction | None) -> Change:
    """Say what becomes of a requirement."""
    said: dict[str, Any] = {
        "path": requirement.path,
        "requirement": requirement.name,
        "before": requirement.limit,
        "unit": requirement.unit,
    }
    if by is None:
        return Change(**said, how="plan" if requirement.kind == "baseline" else "remove")
    before = Fraction(requirement.limit or 0)
    after = before - by if requirement.is_least else before + by
    rounded = _rounded(after, requirement.digits, up=not requirement.is_least)
    return Change(**said, how="lower" if requirement.is_least else "raise", after=rounded)


def _rounded(number: Fraction, digits: int, *, up: bool) -> Decimal:
    """The nearest number of so many digits on the side that gives way."""
    scaled = number * 10**digits
    whole = -(-scaled.numerator // scaled.denominator) if up else scaled.numerator // scaled.denominator
    return Decimal(f"{whole}e-{digits}")


def repair_of(changes: Iterable[Change], prices: Mapping[str, Price], *, least: bool) -> Repair:
    """Put changes together, with the scenario that makes them."""
    made = tuple(changes)
    new: dict[str, Any] = {}
    gone: list[str] = []
    for each in made:
        if each.how == "plan":
            new[each.path] = "planned"
        elif each.how == "remove":
            gone.append("agenda.fairness" if "fairness" in each.path else each.path.removesuffix(".ratio"))
        else:
            assert each.after is not None
            whole = each.after == each.after.to_integral_value()
            new[each.path] = int(each.after) if whole else each.after.normalize()
    return Repair(changes=made, least=least, relative=relative(made, prices), set=new, remove=tuple(gone))


def relative(changes: Iterable[Change], prices: Mapping[str, Price]) -> Decimal:
    """Add up what changes are of what was required; to 10^-9."""
    total = Fraction(0)
    for each in changes:
        fixed, per_unit = prices[each.path]
        if each.after is None:
            total += 1
        else:
            total += fixed + per_unit * abs(Fraction(each.after) - Fraction(each.before or 0))
    return Decimal(round(total * 10**9)).scaleb(-9)


def changed(instance: Instance, repair: Repair) -> Instance:
    """Return the instance with a repair made."""
    return apply_scenario(instance, repair.scenario).instance
