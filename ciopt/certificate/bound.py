"""`certified_bound`: the bound that a certificate proves, from the instance alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

from ciopt.certificate.blocks import (
    Valued,
    Worth,
    overlap_constants,
    split_synergies,
    valued_synergies,
)
from ciopt.certificate.doubt import Doubt
from ciopt.certificate.fair import Fair
from ciopt.certificate.limits import Charges, charges, forced
from ciopt.certificate.money import Money
from ciopt.certificate.record import SPLIT_DIGITS, Certificate
from ciopt.certificate.slopes import goal_weights, slopes
from ciopt.certificate.worth import FINE, Potential
from ciopt.instance.base import MICRO
from ciopt.instance.facts import Facts
from ciopt.instance.goals import FAIRNESS
from ciopt.instance.lookup import Lookup, Option, matches
from ciopt.instance.money import to_minor
from ciopt.instance.rules import Filter, MustNotRule

Activity = tuple[str, str]
_PROOFS, _POTENTIAL, _VALUED = "proofs", "potential", "valued"
_KEPT = 4
"""Prices whose bounds are kept."""
_MOST = 50_000
"""Activities up to which the worth of options and synergies is kept."""


NOTHING_HELD: Mapping[str, int] = {}


def not_covered(lookup: Lookup) -> str:
    """Say what of an agenda no certificate speaks of; empty if there is nothing."""
    agenda = lookup.instance.agenda
    fairness, risk = agenda.fairness, agenda.risk
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

    Notes
    -----
    Only `Priced.constant` depends on amounts of money, capacities and targets: at the same prices λ,

        U(b') = U(b) + λ (b' - b)

    What is left of the bound is kept, so that what-ifs about amounts do not add up all options again.

    Examples
    --------
    >>> certified_bound(lookup, Certificate())  # doctest: +SKIP
    Fraction(25, 2)
    """
    priced = Priced.of(lookup, certificate, held)
    rest = priced.known()
    if rest is None:
        rest = priced.remember(_of_work(lookup, certificate, priced))
    return priced.bound(rest)


@dataclass(frozen=True)
class Priced:
    """All that a certificate's prices come to in an instance.

    Parameters
    ----------
    constant
        What the amounts are worth (money, capacities, targets), in 10^-30: the only part that they are in.
    key, valued
        Everything that the rest of the bound follows from, besides the tables of work; and the part of it
        that the worth of options and synergies follows from.
    """

    facts: Facts
    worth_of: Worth
    money: Money
    limits: Charges
    constant: int
    key: tuple[Any, ...]
    valued: tuple[Any, ...]

    @classmethod
    def of(cls, lookup: Lookup, certificate: Certificate, held: Mapping[str, int]) -> Priced:
        """Work out the prices of an instance."""
        others, agenda = lookup.facts.others, lookup.instance.agenda

        def possible() -> Potential:
            if _POTENTIAL not in others:
                others[_POTENTIAL] = Potential(lookup)
            found: Potential = others[_POTENTIAL]
            return found

        weights, constant = goal_weights(lookup, certificate, held)
        fair, doubt = Fair(lookup, certificate, held, possible), Doubt(lookup, certificate)
        unit = slopes(lookup, certificate, weights, fair, possible)
        money, limits = Money(lookup, certificate, weights.get("cost", 0)), charges(lookup, certificate)
        constant += unit.constant + fair.constant + money.constant + limits.constant
        constant += sum(_participation(lookup, certificate, money))
        valued = (
            replace(unit, constant=0),
            (forced(lookup), _banned(lookup)),
            (agenda.fairness, fair.over, fair.prices),
            (agenda.risk, doubt.how, doubt.ends, doubt.samples, doubt.count),
        )
        key = (
            valued,
            (money.every, money.own, [(fund.pays_for, payer) for fund, payer in money.funds]),
            replace(limits, constant=0),
            (certificate.synergies, certificate.participation),
        )
        worth_of = Worth(lookup, unit, fair, doubt)
        return cls(lookup.facts, worth_of, money, limits, constant, key, valued)

    def known(self) -> tuple[int | None] | None:
        """Return the rest of the bound in 10^-30 if it was worked out for the same prices before."""
        kept = self._kept()
        found = next((each for each in kept if each[0] == self.key), None)
        if found is None:
            return None
        self.facts.others[_PROOFS] = (found, *(each for each in kept if each is not found))
        return found[1]

    def remember(self, rest: int | None) -> tuple[int | None]:
        """Keep the rest of the bound, instead of the oldest."""
        self.facts.others[_PROOFS] = ((self.key, (rest,)), *self._kept()[: _KEPT - 1])
        return (rest,)

    def _kept(self) -> tuple[tuple[tuple[Any, ...], tuple[int | None]], ...]:
        found: tuple[tuple[tuple[Any, ...], tuple[int | None]], ...] = self.facts.others.get(_PROOFS, ())
        return found

    def bound(self, rest: tuple[int | None]) -> Fraction | None:
        """Return the bound in the goal's unit; None if there is no plan."""
        if rest[0] is None:
            return None
        return Fraction(self.constant + rest[0], FINE) / Fraction(self.worth_of.fair.size, MICRO)


def _of_work(lookup: Lookup, certificate: Certificate, priced: Priced) -> int | None:
    """What the activities leave after all charges, in 10^-30; None if there is no plan."""
    total = sum(overlap_constants(lookup, priced.worth_of))
    splits: dict[Activity, int] = {}
    valued = _Valued.of(lookup, priced)
    for constant, activities, amounts in split_synergies(certificate, valued.synergies):
        total += constant
        for activity, amount in zip(activities, amounts, strict=True):
            splits[activity] = splits.get(activity, 0) + amount
    best = _best_options(lookup, certificate, priced, valued.options)
    must = forced(lookup)
    for activity in lookup.activities:
        worth = best.get(activity)
        if activity in must:
            if worth is None:
                return None
            total += worth + splits.get(activity, 0)
        elif worth is not None:
            total += max(0, worth + splits.get(activity, 0))
    return total


def _banned(lookup: Lookup) -> list[Filter]:
    return [rule.must_not for rule in lookup.instance.rules if isinstance(rule, MustNotRule)]


@dataclass(frozen=True)
class _Valued:
    """What options and synergies are worth before they are charged for: other prices leave it as it is."""

    options: Iterable[tuple[Option, int]]
    synergies: Iterable[Valued]

    @classmethod
    def of(cls, lookup: Lookup, priced: Priced) -> _Valued:
        """Return what is known of the instance's tables of work, or value them one by one."""
        others = lookup.facts.others
        key, known = others.get(_VALUED, (None, None))
        if known is not None and key == priced.valued:
            found: _Valued = known
            return found
        worth_of, must, banned = priced.worth_of, forced(lookup), _banned(lookup)
        options = (
            (option, worth_of.option(option))
            for option in lookup.options()
            if _is_allowed(option, must, banned)
        )
        synergies = valued_synergies(lookup, worth_of)
        if len(lookup.activities) > _MOST:
            return cls(options, synergies)
        found = cls(list(options), list(synergies))
        others[_VALUED] = priced.valued, found
        return found


def _best_options(
    lookup: Lookup, certificate: Certificate, priced: Priced, options: Iterable[tuple[Option, int]]
) -> dict[Activity, int]:
    """What the best option of each activity leaves after all charges, in 10^-30."""
    money, limits = priced.money, priced.limits
    bears = _Bearing(lookup, certificate)
    best: dict[Activity, int] = {}
    for option, alone in options:
        charged = money.charge(option)
        if charged is None:
            continue
        worth = alone - charged - limits.of(lookup, option) - bears.of(option)
        activity = option.activity
        if activity not in best or worth > best[activity]:
            best[activity] = worth
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
