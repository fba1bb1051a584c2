"""What happens when plans made apart meet: the same activity twice, and rules that only hold together.

An activity that two partners planned counts once. Who starts earlier keeps it, then who stands first in the
table of partners; commitments stand in any case. What excludes or exceeds what stands already, or lacks what
it needs once others are gone, falls too. The money planned for what falls is counted as wasted.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ciopt.instance import Lookup, Option
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.lookup import Scope, matches
from ciopt.instance.rules import AtMostRule, ExcludesRule, Filter, RequiresRule, TogetherRule
from ciopt.plan.records import PARTICIPATION
from ciopt.verification.rules import Done, check_requires, check_scope


@dataclass(frozen=True)
class Fallen:
    """An assignment that does not happen although its partner planned it.

    Parameters
    ----------
    because
        ``done twice``, or the name of the rule.
    stands
        Option id of what stands in its way; empty if nothing in particular does.
    paid
        Minor units that were planned for it.
    """

    option: Option
    because: str
    stands: str
    paid: int


@dataclass(frozen=True)
class Combined:
    """What is left of plans made apart, and what fell."""

    choices: Choices
    fallen: tuple[Fallen, ...]


def combine(lookup: Lookup, options: Iterable[Option], payments: Iterable[Paid]) -> Combined:
    """Put plans together.

    Parameters
    ----------
    lookup
        The coalition's instance: its rules judge.
    options, payments
        Of all partners; payments name the coalition's funds.
    """
    order = {partner: number for number, partner in enumerate(lookup.partners)}
    paid = list(payments)
    ranked = sorted(
        options,
        key=lambda o: (not _committed(lookup, o), lookup.periods[o.period], order[o.partner], o.id),
    )
    meeting = _Meeting(lookup)
    fallen: list[tuple[Option, str, str]] = []
    for option in ranked:
        problem = meeting.admit(option)
        if problem is not None:
            fallen.append((option, *problem))
    fallen += meeting.prune()
    standing = sorted(meeting.done.assigned.values(), key=lambda option: option.id)
    payable = {option.id for option in standing} | {PARTICIPATION + option.partner for option in standing}
    kept = tuple(sorted(each for each in paid if each.paid_for in payable))
    return Combined(
        Choices(tuple(standing), kept),
        tuple(
            Fallen(option, because, stands, sum(each.amount for each in paid if each.paid_for == option.id))
            for option, because, stands in fallen
        ),
    )


def _committed(lookup: Lookup, option: Option) -> bool:
    return any(
        entry.status == "committed"
        and matches(Filter(**{name: getattr(entry, name) for name in Filter.model_fields}), option)
        for entry in lookup.instance.baseline
    )


class _Meeting:
    """What stands so far."""

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.done = Done(lookup, Choices(()))
        rules = [(f"rule {rule.id or number}", rule) for number, rule in enumerate(lookup.instance.rules)]
        self.exclusive = [
            (name, rule) for name, rule in rules if isinstance(rule, (ExcludesRule, AtMostRule))
        ]
        self.together = [(name, rule) for name, rule in rules if isinstance(rule, TogetherRule)]
        self.scopes: dict[str, dict[str, list[Scope]]] = {}
        for within in {rule.within for _, rule in self.exclusive}:
            here = self.scopes.setdefault(within, {})
            for scope in lookup.scopes(within):
                for place in scope.places:
                    here.setdefault(place, []).append(scope)
        self.requires = [(name, rule) for name, rule in rules if isinstance(rule, RequiresRule)]

    def admit(self, option: Option) -> tuple[str, str] | None:
        """Let an assignment stand, or say what is in its way."""
        assigned = self.done.assigned
        there = assigned.get(option.activity)
        if there is not None:
            return "done twice", there.id
        assigned[option.activity] = option
        for name, rule in self.exclusive:
            named = rule.excludes if isinstance(rule, ExcludesRule) else rule.of
            if option.intervention not in named:
                continue
            for scope in self.scopes[rule.within].get(option.place, ()):
                if check_scope(self.done, rule, scope):
                    if not _committed(self.lookup, option):
                        del assigned[option.activity]
                    return None if option.activity in assigned else (name, "")
        return None

    def prune(self) -> list[tuple[Option, str, str]]:
        """Let fall what lacks what it needs, until nothing more falls; commitments stand."""
        found: list[tuple[Option, str, str]] = []
        while True:
            lacking = [
                (option, name) for option, name in self._lacking() if not _committed(self.lookup, option)
            ]
            if not lacking:
                return found
            for option, name in lacking:
                if self.done.assigned.pop(option.activity, None) is not None:
                    found.append((option, name, ""))

    def _lacking(self) -> Iterable[tuple[Option, str]]:
        options = tuple(self.done.assigned.values())
        now = Done(self.lookup, Choices(options))
        for name, rule in self.requires:
            for problem in check_requires(now, rule, name):
                yield options[int(problem.path[1])], name
        for name, alike in self.together:
            for scope in self.lookup.scopes(alike.within):
                if check_scope(now, alike, scope):
                    for each in options:
                        if each.intervention in alike.together and each.place in scope.places:
                            yield each, name
