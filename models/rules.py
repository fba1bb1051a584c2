"""Rules of the coalition: needs, exclusions, limits, what must and must not be.

With y_a = Σ_j x_j, and within a scope S (a set of places):

- ``requires``: y_{i,l} <= Σ_{l' near l} y_{n,l'} for every needed n; with ``before``, for every start t:
  Σ_{j of (i,l) starting in t} x_j <= Σ_{l' near l} Σ_{j of (n,l') starting before t} x_j
- ``excludes``: Σ_i P_{i,S} <= 1, where P_{i,S} = max_{l in S} y_{i,l} says that i is present in S
- ``at_most``, ``at_least``: Σ_i Σ_{l in S} y_{i,l} <= n or >= n, in every scope: an ``at_least`` cannot hold
  where nothing can be done
- ``together``: P_{i,S} = P_{i',S}
- ``must``, ``must_not``: Σ_{j matching} x_j >= 1, = 0

Prerequisites alone make a closure problem.

References
----------
J.-C. Picard (1976), Maximal closure of a graph and applications to combinatorial problems, Management
Science 22(11), 1268-1272.
"""

from __future__ import annotations

from collections.abc import Iterable

import pulp

from ciopt.instance.lookup import Option, Scope, matches
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
from models.logic import any_of
from models.model import Expression, Model


def add_rules(model: Model) -> None:
    """Add the rows of every rule."""
    for number, rule in enumerate(model.lookup.instance.rules):
        name = rule.id or f"rules[{number}]"
        if isinstance(rule, RequiresRule):
            _add_requires(model, rule, name)
        elif isinstance(rule, ExcludesRule):
            for scope in model.lookup.scopes(rule.within):
                present = [_present(model, each, scope) for each in rule.excludes]
                model.require(pulp.lpSum(present) <= 1, f"{name}: excludes in {scope.name}")
        elif isinstance(rule, TogetherRule):
            for scope in model.lookup.scopes(rule.within):
                first, *others = (_present(model, each, scope) for each in rule.together)
                for other in others:
                    model.require(pulp.lpSum([first]) - other == 0, f"{name}: together in {scope.name}")
        elif isinstance(rule, AtMostRule):
            for scope in model.lookup.scopes(rule.within):
                count = _count(model, rule.of, scope)
                model.require(count <= rule.at_most, f"{name}: at most in {scope.name}")
        elif isinstance(rule, AtLeastRule):
            for scope in model.lookup.scopes(rule.within):
                count = _count(model, rule.of, scope)
                model.require(count >= rule.at_least, f"{name}: at least in {scope.name}")
        elif isinstance(rule, MustRule):
            model.require(_matching(model, rule.must) >= 1, f"{name}: must")
        else:
            assert isinstance(rule, MustNotRule)
            model.require(_matching(model, rule.must_not) == 0, f"{name}: must not")


def _add_requires(model: Model, rule: RequiresRule, name: str) -> None:
    said, order = rule.requires, model.lookup.periods
    for place in model.lookup.places:
        options = model.options_of(said.intervention, place)
        for needed in said.needs:
            near = model.lookup.needed_places(said.within, place)
            able = [option for there in near for option in model.options_of(needed, there)]
            label = f"{name}: {said.intervention} at {place} requires {needed}"
            if said.before:
                for period, start in order.items():
                    here = _sum(model, (option for option in options if option.period == period))
                    earlier = _sum(model, (option for option in able if order[option.period] < start))
                    model.require(here - earlier <= 0, f"{label} before {period}")
            else:
                model.require(_sum(model, options) - _sum(model, able) <= 0, label)


def _sum(model: Model, options: Iterable[Option]) -> Expression:
    return pulp.lpSum(model.chosen[option] for option in options)


def _present(model: Model, intervention: str, scope: Scope) -> Expression:
    """P: assigned at any place of the scope."""
    parts = [
        model.activity(intervention, place) for place in scope.places if model.options_of(intervention, place)
    ]
    return any_of(model, parts, f"{intervention} present in {scope.name}")


def _count(model: Model, interventions: Iterable[str], scope: Scope) -> Expression:
    return pulp.lpSum(model.activity(each, place) for each in interventions for place in scope.places)


def _matching(model: Model, said: Filter) -> Expression:
    return _sum(model, (option for option in model.chosen if matches(said, option)))
