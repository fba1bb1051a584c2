"""`certified_bound`: the bound that a certificate proves, from the instance alone."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from ciopt.certificate.blocks import overlap_constants, split_synergies
from ciopt.certificate.limits import Charges, charges, forced
from ciopt.certificate.money import Money
from ciopt.certificate.record import SPLIT_DIGITS, Certificate
from ciopt.certificate.worth import FINE, Potential, Slopes, slopes
from ciopt.instance.lookup import Lookup, Option, matches
from ciopt.instance.money import to_minor
from ciopt.instance.options import impact
from ciopt.instance.rules import Filter, MustNotRule

Activity = tuple[str, str]


def certified_bound(lookup: Lookup, certificate: Certificate) -> Fraction | None:
    """Return what no plan of the instance is worth more than, in the goal's unit, larger is better.

    Valid for any certificate whatever; None if it shows that there is no plan.

    Parameters
    ----------
    lookup
        The instance, with the scenario applied.
    certificate
        Prices and splits; of a cost goal, worth is minus the cost and the penalties.

    Examples
    --------
    >>> certified_bound(lookup, Certificate())  # doctest: +SKIP
    Fraction(25, 2)
    """
    potential: list[Potential] = []

    def possible() -> Potential:
        if not potential:
            potential.append(Potential(lookup))
        return potential[0]

    unit = slopes(lookup, certificate, possible)
    money, limits = Money(lookup, certificate), charges(lookup, certificate)
    total = unit.constant + money.constant + limits.constant + sum(overlap_constants(lookup, unit))
    splits: dict[Activity, int] = {}
    for constant, parts in split_synergies(lookup, certificate, unit):
        total += constant
        for activity, amount in parts:
            splits[activity] = splits.get(activity, 0) + amount
    best = _best_options(lookup, certificate, unit, money, limits)
    total += sum(_participation(lookup, certificate, money))
    must = forced(lookup)
    for activity in lookup.activities:
        worth = best.get(activity)
        if activity in must:
            if worth is None:
                return None
            total += worth + splits.get(activity, 0)
        elif worth is not None:
            total += max(0, worth + splits.get(activity, 0))
    return Fraction(total, FINE)


def _best_options(
    lookup: Lookup, certificate: Certificate, unit: Slopes, money: Money, limits: Charges
) -> dict[Activity, int]:
    """What the best option of each activity leaves after all charges, in 10^-30."""
    must = forced(lookup)
    banned = [rule.must_not for rule in lookup.instance.rules if isinstance(rule, MustNotRule)]
    bears = _Bearing(lookup, certificate)
    best: dict[Activity, int] = {}
    for option in lookup.options():
        if not _is_allowed(option, must, banned):
            continue
        charged = money.charge(option)
        if charged is None:
            continue
        group = lookup.places[option.place].group
        moved = sum(
            amount * unit.at(indicator, option.place, group)
            for indicator, amount in impact(lookup, option).items()
        )
        worth = moved * 10**6 - charged - limits.of(lookup, option) - bears.of(option)
        if option.activity not in best or worth > best[option.activity]:
            best[option.activity] = worth
    return best


def _is_allowed(option: Option, must: dict[Activity, list[Filter]], banned: list[Filter]) -> bool:
    if any(matches(said, option) for said in banned):
        return False
    return all(matches(said, option) for said in must.get(option.activity, ()))


class _Bearing:
    """What the participation cost of a partner charges its activities."""

    def __init__(self, lookup: Lookup, certificate: Certificate) -> None:
        self.charge: dict[tuple[str, Activity], int] = {}
        for partner, splits in certificate.participation.items():
            activities = activities_of(lookup, partner)
            for activity, split in zip(activities, splits, strict=False):
                self.charge[partner, activity] = max(0, split) * (FINE // 10**SPLIT_DIGITS)

    def of(self, option: Option) -> int:
        """What an option bears."""
        return self.charge.get((option.partner, option.activity), 0) if self.charge else 0


def activities_of(lookup: Lookup, partner: str) -> list[Activity]:
    """Activities that a partner can do, sorted: the order of its splits."""
    found = {
        (intervention, place)
        for (who, intervention), capabilities in lookup.capabilities.items()
        if who == partner
        for capability in capabilities
        for place in lookup.places_of(capability)
    }
    return sorted(found)


def _participation(lookup: Lookup, certificate: Certificate, money: Money) -> Iterator[int]:
    """max(0, Σ what its activities bear - what taking part costs) of each partner with splits."""
    borne: dict[str, int] = {}
    for (partner, _), amount in _Bearing(lookup, certificate).charge.items():
        borne[partner] = borne.get(partner, 0) + amount
    for partner, total in borne.items():
        fee = to_minor(lookup.partners[partner].participation_cost, lookup.instance.currency)
        yield max(0, total - fee * money.fixed(partner))
