"""What flows through a plan: money from funds by partners to interventions, value on to indicators."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from ciopt.report.page.story import Story

TOGETHER = "*together"
"""Coordination and taking part at all; what synergies add is theirs. No id has a star."""
OTHERS = "*others"

Pairs = dict[tuple[str, str], Decimal]


@dataclass
class Flows:
    """Amounts between things, by their ids.

    Parameters
    ----------
    paid
        Money from a fund to a partner.
    spent
        Money of a partner on an intervention, or on `TOGETHER`.
    moved
        Impact of an intervention (or of synergies) on an indicator, in the indicator's unit, alone.
    value
        The same times the indicator's weight.
    """

    paid: Pairs = field(default_factory=lambda: defaultdict(Decimal))
    spent: Pairs = field(default_factory=lambda: defaultdict(Decimal))
    moved: Pairs = field(default_factory=lambda: defaultdict(Decimal))
    value: Pairs = field(default_factory=lambda: defaultdict(Decimal))


def flows(story: Story) -> Flows:
    """Add up a plan's payments and impacts."""
    found = Flows()
    for payment in story.plan.payments:
        partner = story.payee(payment)
        assigned = story.assignments.get(payment.assignment)
        found.paid[payment.fund, partner] += payment.amount
        found.spent[partner, assigned.intervention if assigned else TOGETHER] += payment.amount
    for assigned in story.plan.assignments:
        _add(story, found, assigned.intervention, assigned.impact)
    for synergy in story.plan.synergies:
        _add(story, found, TOGETHER, synergy.effect)
    return found


def _add(story: Story, found: Flows, source: str, effects: Mapping[str, Decimal]) -> None:
    for indicator, amount in effects.items():
        found.moved[source, indicator] += amount
        found.value[source, indicator] += amount * story.lookup.indicators[indicator].weight


def total(amounts: Iterable[Decimal]) -> Decimal:
    """Add up amounts exactly."""
    return sum(amounts, Decimal(0))


def by_end(pairs: Pairs, end: int) -> dict[str, Decimal]:
    """Add up what leaves each source (0) or reaches each target (1), in absolute terms."""
    found: dict[str, Decimal] = {}
    for pair, amount in pairs.items():
        found[pair[end]] = found.get(pair[end], Decimal(0)) + abs(amount)
    return found


def largest(amounts: Mapping[str, Decimal], most: int, keep: frozenset[str] = frozenset()) -> dict[str, str]:
    """Map each key to itself if it is among the largest (or to be kept), else to `OTHERS`.

    One that would stand alone among the others keeps its name.
    """
    order = sorted(amounts, key=lambda key: (key not in keep, -amounts[key]))
    if len(order) <= most + 1:
        return {key: key for key in order}
    return {key: key if number < most else OTHERS for number, key in enumerate(order)}


def folded(
    pairs: Mapping[tuple[str, str], Decimal], left: Mapping[str, str], right: Mapping[str, str]
) -> Pairs:
    """Add up the pairs whose ends were put together."""
    found: Pairs = {}
    for (source, target), amount in pairs.items():
        key = left[source], right[target]
        found[key] = found.get(key, Decimal(0)) + amount
    return found
