"""`certified_bound`: the bound that a certificate proves, from the instance alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from ciopt.certificate.blocks import Worth, overlap_constants, split_synergies
from ciopt.certificate.doubt import Doubt
from ciopt.certificate.fair import Fair
from ciopt.certificate.limits import Charges, charges, forced
from ciopt.certificate.money import Money
from ciopt.certificate.record import SPLIT_DIGITS, Certificate
from ciopt.certificate.slopes import goal_weights, slopes
from ciopt.certificate.worth import FINE, Potential
from ciopt.instance.goals import FAIRNESS
from ciopt.instance.lookup import Lookup, Option, matches
from ciopt.instance.money import to_minor
from ciopt.instance.rules import Filter, MustNotRule

Activity = tuple[str, str]


NOTHING_HELD: Mapping[str, int] = {}


def not_covered(lookup: Lookup) -> str:
    """Say what of an agenda no certificate speaks of; empty if there is nothing."""
    agenda = lookup.instance.agenda
    fairness, risk = agenda.fairness, agenda.risk
    if fairness is not None and fairness.how in ("leximin", "dial"):
        return f'"how": "{fairness.how}"'
    if fairness is not None and fairness.how == "floor" and FAIRNESS in agenda.goals:
        return "a floor that is a goal"
    if fairness is not None and fairness.counts == "burden":
        return "fair burdens"
    saturates = any(each.saturates_at is not None for each in lookup.instance.indicators)
    if risk is not None and risk.how == "cvar" and saturates:
        return "cvar of indicators that saturate"
    return ""


def certified_bound(
    lookup: Lookup, certificate: Certificate, held: Mapping[str, int] = NOTHING_HELD
) -> Fraction | None:
    """Return what no plan of the instance is worth more than, in the goal's unit, larger is better.

    Valid for any certificate whatever; None if it shows that there is no plan.

    Parameters
    ----------
    lookup
        The instance, with the scenario applied.
    certificate
        Prices and splits; of a cost goal, worth is minus the cost and the penalties.
    held
        Worth of earlier goals, in 10^-12: the bound then is one on plans that are no worse in these.

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

    weights, total = goal_weights(lookup, certificate, held)
    fair = Fair(lookup, certificate, held, possible)
    unit = slopes(lookup, certificate, weights, fair, possible)
    worth_of = Worth(lookup, unit, fair, Doubt(lookup, certificate))
    money, limits = Money(lookup, certificate, weights.get("cost", 0)), charges(lookup, certificate)
    total += unit.constant + fair.constant + money.constant + limits.constant
    total += sum(overlap_constants(lookup, worth_of))
    splits: dict[Activity, int] = {}
    for constant, parts in split_synergies(lookup, certificate, worth_of):
        total += constant
        for activity, amount in parts:
            splits[activity] = splits.get(activity, 0) + amount
    best = _best_options(lookup, certificate, worth_of, money, limits)
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
    return Fraction(total, FINE) / (1 if fair.divisor is None else Fraction(fair.divisor, 10**18))


def _best_options(
    lookup: Lookup, certificate: Certificate, worth_of: Worth, money: Money, limits: Charges
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
        worth = worth_of.option(option) - charged - limits.of(lookup, option) - bears.of(option)
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
