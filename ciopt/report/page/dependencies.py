"""Who depends on whom in a plan, and why: rules, synergies, coordination, money that matches other money."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from ciopt.instance.rules import RequiresRule, TogetherRule
from ciopt.plan.records import Assignment
from ciopt.report.page.story import Story


@dataclass(frozen=True)
class Dependency:
    """One partner that depends on another.

    Parameters
    ----------
    partner, on
        Who depends, and on whom.
    why
        The reason, as either may read it.
    times
        For how many activities, synergies or payments.
    value
        Of the synergies; 0 where it is not about them.
    is_mutual
        Whether each of the two depends on the other in the same way.
    """

    partner: str
    on: str
    why: str
    times: int
    value: Decimal = Decimal(0)
    is_mutual: bool = False


def dependencies(story: Story) -> tuple[Dependency, ...]:
    """List who depends on whom, each reason once, with how often it holds and what it is worth."""
    times: Counter[tuple[str, str, str]] = Counter()
    values: dict[tuple[str, str, str], Decimal] = defaultdict(Decimal)
    for partner, on, why, value in (
        *_needs(story),
        *_together(story),
        *_synergies(story),
        *_matches(story),
    ):
        times[partner, on, why] += 1
        values[partner, on, why] += value
    found = [
        Dependency(*key, count, values[key], times.get((key[1], key[0], key[2])) == count)
        for key, count in times.items()
    ]
    return tuple(sorted(found, key=lambda each: (-abs(each.value), each.partner, each.on, each.why)))


_Found = tuple[str, str, str, Decimal]


def _needs(story: Story) -> Iterator[_Found]:
    """What a rule requires, and another partner does; the earliest one, where several would do."""
    assigned: dict[str, list[Assignment]] = defaultdict(list)
    for each in story.plan.assignments:
        assigned[each.intervention].append(each)
    for rule in story.instance.rules:
        if not isinstance(rule, RequiresRule):
            continue
        said = rule.requires
        for needed in said.needs:
            first: dict[str, tuple[str, ...]] = _first_doers(story, assigned[needed], said.within)
            when = "earlier" if said.before else "too"
            what = f"{story.intervention(said.intervention)} needs {story.intervention(needed)}"
            why = f"{what} {_WITHIN[said.within]} {when}"
            for each in assigned[said.intervention]:
                doers = {who for key in _keys(story, said.within, each.place) for who in first.get(key, ())}
                if doers and each.partner not in doers:
                    yield each.partner, min(doers), why, Decimal(0)


_WITHIN = {"place": "there", "neighbours": "next door", "group": "in the group", "all": "somewhere"}


def _keys(story: Story, within: str, place: str) -> tuple[str, ...]:
    """Where a need may be met: places, or a group or everything as a whole."""
    if within == "group":
        return (f"group:{story.lookup.places[place].group}",)
    if within == "all":
        return ("*",)
    return story.lookup.needed_places(within, place)


def _first_doers(story: Story, doing: list[Assignment], within: str) -> dict[str, tuple[str, ...]]:
    """Partners that are first to do something, by place, group or in all."""
    periods = story.lookup.periods
    first: dict[str, tuple[int, set[str]]] = {}
    for each in doing:
        key = {"group": f"group:{story.lookup.places[each.place].group}", "all": "*"}.get(within, each.place)
        start = periods[each.period]
        best = first.get(key)
        if best is None or start < best[0]:
            first[key] = start, {each.partner}
        elif start == best[0]:
            best[1].add(each.partner)
    return {key: tuple(sorted(who)) for key, (_, who) in first.items()}


def _together(story: Story) -> Iterator[_Found]:
    """What must come together, and is done by different partners."""
    doers: dict[tuple[str, str], str] = {
        each.option.activity: each.partner for each in story.plan.assignments
    }
    for rule in story.instance.rules:
        if not isinstance(rule, TogetherRule):
            continue
        names = " and ".join(story.intervention(each) for each in rule.together)
        for scope in story.lookup.scopes(rule.within):
            who = {
                doers[each, place]
                for each in rule.together
                for place in scope.places
                if (each, place) in doers
            }
            for one, other in combinations(sorted(who), 2):
                yield one, other, f"{names} come together or not at all", Decimal(0)
                yield other, one, f"{names} come together or not at all", Decimal(0)


def _synergies(story: Story) -> Iterator[_Found]:
    """What pays off only if both do their part, and only if somebody coordinates."""
    for paid in story.plan.synergies:
        for one, other in combinations(paid.partners, 2):
            yield one, other, "your activities help each other", paid.value
            yield other, one, "your activities help each other", paid.value
        if paid.backbone is not None:
            for partner in paid.partners:
                if partner != paid.backbone:
                    yield (
                        partner,
                        paid.backbone,
                        "coordination, without which synergies do not arise",
                        paid.value,
                    )


def _matches(story: Story) -> Iterator[_Found]:
    """Money that pays only as much as other money does."""
    payers: dict[str, set[str]] = defaultdict(set)
    for payment in story.plan.payments:
        payers[payment.assignment].add(payment.fund)
    for payment in story.plan.payments:
        fund = story.lookup.funds.get(payment.fund)
        if fund is None or fund.match is None:
            continue
        partner = story.payee(payment)
        for other in sorted(payers[payment.assignment] & set(fund.match.with_)):
            if story.owner(other) != partner:
                why = f"{story.fund(payment.fund)} pays only alongside {story.fund(other)}"
                yield partner, story.owner(other), why, Decimal(0)
