"""Each rule of the coalition, each limit of a partner, each hard target, checked where it applies."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from decimal import Decimal

from ciopt.errors import Problem
from ciopt.instance import Lookup, Option
from ciopt.instance.base import MICRO, micro
from ciopt.instance.choices import Choices
from ciopt.instance.lookup import Scope, matches
from ciopt.instance.options import uses
from ciopt.instance.rules import (
    AtLeastRule,
    AtMostRule,
    ExcludesRule,
    Filter,
    MustNotRule,
    MustRule,
    RequiresRule,
    TogetherRule,
)
from ciopt.instance.value import Movement, by_activity, missing


class Done:
    """What is assigned, found by activity."""

    def __init__(self, lookup: Lookup, choices: Choices) -> None:
        self.lookup, self.options = lookup, choices.options
        self.assigned = by_activity(choices.options)

    def present(self, intervention: str, scope: Scope) -> bool:
        """Whether an intervention is assigned anywhere in a scope."""
        return any((intervention, place) in self.assigned for place in scope.places)


def check_rules(lookup: Lookup, choices: Choices) -> Iterator[Problem]:
    """Yield every rule that the plan breaks, and where."""
    done = Done(lookup, choices)
    for number, rule in enumerate(lookup.instance.rules):
        name = f"rule {rule.id or number}"
        if isinstance(rule, RequiresRule):
            yield from check_requires(done, rule, name)
        elif isinstance(rule, (MustRule, MustNotRule)):
            yield from _check_must(done, rule, name)
        else:
            for scope in lookup.scopes(rule.within):
                broken = check_scope(done, rule, scope)
                if broken:
                    yield Problem("E521", f"{name}: {broken} in {scope.name}")
    for number, entry in enumerate(lookup.instance.baseline):
        said = Filter(**{field: getattr(entry, field) for field in Filter.model_fields})
        found = done.assigned.get((entry.intervention, entry.place))
        if entry.status == "committed" and (found is None or not matches(said, found)):
            what = f"{entry.partner} has committed to {entry.intervention} at {entry.place}"
            yield Problem(
                "E522", f"{what} (baseline[{number}]), and the plan does otherwise", ("assignments",)
            )


def check_scope(
    done: Done, rule: ExcludesRule | AtMostRule | AtLeastRule | TogetherRule, scope: Scope
) -> str:
    """Say how a scope breaks a rule; empty if it does not."""
    if isinstance(rule, ExcludesRule):
        both = [each for each in rule.excludes if done.present(each, scope)]
        return f"{' and '.join(both)} exclude each other" if len(both) > 1 else ""
    if isinstance(rule, TogetherRule):
        present = [done.present(each, scope) for each in rule.together]
        return f"{', '.join(rule.together)} come together or not at all" if len(set(present)) > 1 else ""
    count = sum((each, place) in done.assigned for each in rule.of for place in scope.places)
    if isinstance(rule, AtMostRule):
        return f"{count} of at most {rule.at_most} of {', '.join(rule.of)}" if count > rule.at_most else ""
    return f"{count} of at least {rule.at_least} of {', '.join(rule.of)}" if count < rule.at_least else ""


def check_requires(done: Done, rule: RequiresRule, name: str) -> Iterator[Problem]:
    """The earliest start of what is needed lies before the option's, or anywhere in the horizon.

    It is found once for all options of a group, or of all places: looked for anew, it would be quadratic.
    """
    said, lookup, periods = rule.requires, done.lookup, done.lookup.periods
    never = len(periods)
    earliest: dict[tuple[str, str], int] = {}

    def first_start(needed: str, place: str) -> int:
        shared = {"group": lookup.places[place].group, "all": "*"}.get(said.within)
        key = needed, place if shared is None else f"{said.within}:{shared}"
        if key not in earliest:
            near = lookup.needed_places(said.within, place)
            given = (done.assigned.get((needed, there)) for there in near)
            earliest[key] = min((periods[each.period] for each in given if each is not None), default=never)
        return earliest[key]

    for number, option in enumerate(done.options):
        if option.intervention != said.intervention:
            continue
        for needed in said.needs:
            if first_start(needed, option.place) >= (periods[option.period] if said.before else never):
                earlier = " in an earlier period" if said.before else ""
                text = f"{name}: {option.id} needs {needed}{earlier}"
                yield Problem("E521", text, ("assignments", number))


def _check_must(done: Done, rule: MustRule | MustNotRule, name: str) -> Iterator[Problem]:
    if isinstance(rule, MustRule):
        if not any(matches(rule.must, option) for option in done.options):
            yield Problem("E521", f"{name}: nothing assigned is what must be")
        return
    for number, option in enumerate(done.options):
        if matches(rule.must_not, option):
            yield Problem("E521", f"{name}: {option.id} must not be", ("assignments", number))


def check_limits(lookup: Lookup, choices: Choices) -> Iterator[Problem]:
    """Yield capacities and numbers of activities that are exceeded."""
    by_partner: dict[str, list[Option]] = {}
    by_capability: Counter[int] = Counter()
    for option in choices.options:
        by_partner.setdefault(option.partner, []).append(option)
        by_capability[id(lookup.capability_of(option))] += 1
    for partner in lookup.instance.partners:
        options = by_partner.get(partner.id, [])
        if partner.max_activities is not None and len(options) > partner.max_activities:
            text = f"{partner.id} does {len(options)} activities, at most {partner.max_activities}"
            yield Problem("E523", text, ("assignments",))
        for resource, capacity in partner.capacity.items():
            yield from _check_capacity(lookup, partner.id, resource, capacity, options)
    for number, capability in enumerate(lookup.instance.capabilities):
        count = by_capability[id(capability)]
        if capability.max_activities is not None and count > capability.max_activities:
            name = capability.id or f"capabilities[{number}]"
            yield Problem(
                "E523", f"{name}: {count} activities, at most {capability.max_activities}", ("assignments",)
            )


def _check_capacity(
    lookup: Lookup, partner: str, resource: str, capacity: Decimal | dict[str, Decimal], options: list[Option]
) -> Iterator[Problem]:
    """Σ uses <= capacity, over the horizon or by start period."""
    used: Counter[str] = Counter()
    for option in options:
        used[option.period] += uses(lookup, option).get(resource, 0)
    if isinstance(capacity, Decimal):
        limits = {"all periods": (sum(used.values()), capacity)}
    else:
        limits = {period: (used[period], capacity.get(period, Decimal(0))) for period in lookup.periods}
    for when, (amount, limit) in limits.items():
        if amount > micro(limit) * MICRO:
            shown = (Decimal(amount) / (MICRO * MICRO)).normalize()
            text = f"{partner} uses {shown:,f} {resource} in {when}, its capacity is {limit:,f}"
            yield Problem("E523", text, ("assignments",))


def check_targets(lookup: Lookup, moved: Mapping[str, Movement]) -> Iterator[Problem]:
    """Yield hard targets that are missed."""
    for number, target in enumerate(lookup.instance.agenda.targets):
        short = missing(lookup, target, moved)
        if short and not target.soft:
            shown = (Decimal(short) / MICRO).normalize()
            text = f"the target for {target.indicator} (agenda.targets[{number}]) is missed by {shown:,f}"
            yield Problem("E524", text, ("targets", number))
