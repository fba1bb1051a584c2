"""Limits that are sums over assignments: what their prices charge every option, and what they allow.

Each is named as people would name it; the names are the keys of a certificate's prices.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property

from ciopt.certificate.record import Certificate
from ciopt.certificate.worth import price18
from ciopt.instance.base import micro
from ciopt.instance.lookup import Lookup, Option, Scope, matches
from ciopt.instance.options import uses
from ciopt.instance.rules import (
    AtLeastRule,
    AtMostRule,
    ExcludesRule,
    Filter,
    MustRule,
    RequiresRule,
    TogetherRule,
)

Activity = tuple[str, str]
_WHOLE = 10**12
"""From a price of 10^-18 to 10^-30."""


@dataclass
class Charges:
    """What limits charge, in 10^-30.

    Parameters
    ----------
    constant
        What all limits allow is worth.
    activities
        By activity, whichever option is chosen.
    capacity
        By partner, resource and start period: price of 10^-12 units.
    partners, capabilities
        By partner, and by position in the capabilities: for each assignment.
    before
        Prerequisites that look at start periods: by activity and period.
    """

    constant: int = 0
    activities: dict[Activity, int] = field(default_factory=dict)
    capacity: dict[tuple[str, str], dict[str, int]] = field(default_factory=dict)
    partners: dict[str, int] = field(default_factory=dict)
    capabilities: dict[int, int] = field(default_factory=dict)
    before: dict[tuple[Activity, str], int] = field(default_factory=dict)
    filters: list[tuple[MustRule, int]] = field(default_factory=list)

    def of(self, lookup: Lookup, option: Option) -> int:
        """What an option is charged by all limits."""
        total = self.activities.get(option.activity, 0) + self.partners.get(option.partner, 0)
        total += self.before.get((option.activity, option.period), 0)
        if self.capabilities:
            total += self.capabilities.get(id(lookup.capability_of(option)), 0)
        if option.partner in self.limited:
            for resource, amount in uses(lookup, option).items():
                price = self.capacity.get((option.partner, resource), {}).get(option.period, 0)
                total += amount * price
        for rule, price in self.filters:
            if matches(rule.must, option):
                total += price
        return total

    @cached_property
    def limited(self) -> set[str]:
        """Partners whose resources have prices."""
        return {partner for partner, _ in self.capacity}


def charges(lookup: Lookup, certificate: Certificate) -> Charges:
    """Put the prices of all limits together; limits without a price charge nothing."""
    found, prices = Charges(), certificate.prices
    if prices:
        _capacities(lookup, prices, found)
        _counts(lookup, prices, found)
        _rules(lookup, prices, found)
    return found


def _upper(prices: Mapping[str, Decimal], name: str) -> int:
    """Price of an upper limit, at least 0."""
    price = prices.get(name)
    return 0 if price is None else max(0, price18(price))


def _lower(prices: Mapping[str, Decimal], name: str) -> int:
    """Price of a lower limit, at most 0."""
    price = prices.get(name)
    return 0 if price is None else min(0, price18(price))


def _capacities(lookup: Lookup, prices: Mapping[str, Decimal], found: Charges) -> None:
    for partner in lookup.partners.values():
        for resource, capacity in partner.capacity.items():
            name = f"capacity {partner.id}.{resource}"
            by_period = isinstance(capacity, dict)
            mine = {}
            for period in lookup.periods:
                price = _upper(prices, f"{name} in {period}" if by_period else name)
                mine[period] = price
                if isinstance(capacity, dict):
                    found.constant += price * micro(capacity.get(period, Decimal(0))) * 10**6
            if not isinstance(capacity, dict):
                found.constant += _upper(prices, name) * micro(capacity) * 10**6
            if any(mine.values()):
                found.capacity[partner.id, resource] = mine


def _counts(lookup: Lookup, prices: Mapping[str, Decimal], found: Charges) -> None:
    for partner in lookup.partners.values():
        if partner.max_activities is not None:
            price = _upper(prices, f"max_activities {partner.id}") * _WHOLE
            found.constant += price * partner.max_activities
            found.partners[partner.id] = price
    for capability in lookup.instance.capabilities:
        if capability.max_activities is not None:
            name = capability.id or f"{capability.partner}:{capability.intervention}"
            price = _upper(prices, f"max_activities {name}") * _WHOLE
            if price:
                found.constant += price * capability.max_activities
                found.capabilities[id(capability)] = price


def _rules(lookup: Lookup, prices: Mapping[str, Decimal], found: Charges) -> None:
    for number, rule in enumerate(lookup.instance.rules):
        name = f"rule {rule.id or number}"
        if isinstance(rule, RequiresRule):
            _requires(lookup, prices, rule, name, found)
        elif isinstance(rule, MustRule):
            price = _lower(prices, name) * _WHOLE
            if price:
                found.constant += price
                found.filters.append((rule, price))
        elif isinstance(rule, (AtMostRule, AtLeastRule)):
            for scope in lookup.scopes(rule.within):
                label = f"{name} at {scope.name}"
                is_most = isinstance(rule, AtMostRule)
                price = (_upper if is_most else _lower)(prices, label) * _WHOLE
                found.constant += price * (rule.at_most if isinstance(rule, AtMostRule) else rule.at_least)
                _charge(found, _activities(lookup, rule.of, scope), price)
        elif isinstance(rule, (ExcludesRule, TogetherRule)):
            _presences(lookup, prices, rule, name, found)


def _requires(
    lookup: Lookup, prices: Mapping[str, Decimal], rule: RequiresRule, name: str, found: Charges
) -> None:
    """y_i <= Σ y_n; with `before`, for every period what has started until then against what came earlier."""
    said = rule.requires
    for place in lookup.places:
        asking = said.intervention, place
        if asking not in lookup.activities:
            continue
        for needed in said.needs:
            giving = [(needed, other) for other in lookup.needed_places(said.within, place)]
            label = f"{name}: {said.intervention} needs {needed} at {place}"
            if not said.before:
                price = _upper(prices, label) * _WHOLE
                _charge(found, [asking], price)
                _charge(found, giving, -price)
                continue
            for period, number in lookup.periods.items():
                price = _upper(prices, f"{label} before {period}") * _WHOLE
                if not price:
                    continue
                for start, when in lookup.periods.items():
                    if when <= number:
                        _add(found.before, (asking, start), price)
                    if when < number:
                        for activity in giving:
                            _add(found.before, (activity, start), -price)


def _presences(
    lookup: Lookup,
    prices: Mapping[str, Decimal],
    rule: ExcludesRule | TogetherRule,
    name: str,
    found: Charges,
) -> None:
    """Where an intervention is present if one activity is assigned; elsewhere the rule goes unpriced."""
    for scope in lookup.scopes(rule.within):
        if isinstance(rule, ExcludesRule):
            parts = [_activities(lookup, (each,), scope) for each in rule.excludes]
            if all(len(part) < 2 for part in parts):
                price = _upper(prices, f"{name} at {scope.name}") * _WHOLE
                found.constant += price
                _charge(found, [activity for part in parts for activity in part], price)
            continue
        pairs = zip(rule.together, rule.together[1:], strict=False)
        for first, second in pairs:
            one, other = _activities(lookup, (first,), scope), _activities(lookup, (second,), scope)
            if len(one) < 2 and len(other) < 2:
                given = prices.get(f"{name}: {first} with {second} at {scope.name}", Decimal(0))
                _charge(found, one, price18(given) * _WHOLE)
                _charge(found, other, -price18(given) * _WHOLE)


def _activities(lookup: Lookup, interventions: tuple[str, ...], scope: Scope) -> list[Activity]:
    return [
        (each, place)
        for each in interventions
        for place in scope.places
        if (each, place) in lookup.activities
    ]


def _charge(found: Charges, activities: list[Activity], price: int) -> None:
    for activity in activities if price else ():
        _add(found.activities, activity, price)


def _add(table: dict, key: object, amount: int) -> None:  # type: ignore[type-arg]
    table[key] = table.get(key, 0) + amount


def forced(lookup: Lookup) -> dict[Activity, list[Filter]]:
    """Activities that must be assigned, with what their options have to match."""
    found: dict[Activity, list[Filter]] = {}
    for rule in lookup.instance.rules:
        said = rule.must if isinstance(rule, MustRule) else None
        if said is not None and said.intervention is not None and said.place is not None:
            found.setdefault((said.intervention, said.place), []).append(said)
    for entry in lookup.instance.baseline:
        if entry.status == "committed":
            said = Filter(**{name: getattr(entry, name) for name in Filter.model_fields})
            found.setdefault((entry.intervention, entry.place), []).append(said)
    return found
