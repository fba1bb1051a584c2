"""Rules of the coalition as rows over options; y_il = Σ x_j over the options of i at l.

requires   y_il <= Σ_{m in scope(l)} y_nm                      for every needed n
           Σ_{start <= t} x_il <= Σ_m Σ_{start < t} x_nm        for every t, with `before`
excludes   Σ_i present_iS <= 1           present_iS = OR_{l in S} y_il
at_most    Σ_i Σ_{l in S} y_il <= n      at_least likewise
together   present_iS = present_jS
must       Σ x_j >= 1 over what matches; must_not: x_j = 0; committed: Σ x_j = 1
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from ciopt.instance.lookup import Scope
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
from ciopt.program.build import Workshop

Array = NDArray[np.int64]


def compile_rules(shop: Workshop) -> None:
    """Add the rows of all rules and of the committed baseline."""
    for number, rule in enumerate(shop.instance.rules):
        name = f"rule {rule.id or number}"
        if isinstance(rule, RequiresRule):
            _requires(shop, name, rule)
        elif isinstance(rule, ExcludesRule):
            for scope in shop.lookup.scopes(rule.within):
                columns = _concatenate([_present(shop, name, each, scope) for each in rule.excludes])
                shop.add_row(
                    f"{name} at {scope.name}", columns, np.ones(len(columns), dtype=np.int64), upper=1
                )
        elif isinstance(rule, (AtMostRule, AtLeastRule)):
            _count(shop, name, rule)
        elif isinstance(rule, TogetherRule):
            _together(shop, name, rule)
        elif isinstance(rule, MustRule):
            columns = matching(shop, rule.must)
            shop.add_row(name, columns, np.ones(len(columns), dtype=np.int64), lower=1)
        elif isinstance(rule, MustNotRule):
            shop.forbid(matching(shop, rule.must_not))
    for number, entry in enumerate(shop.instance.baseline):
        if entry.status == "committed":
            fields = ("partner", "intervention", "place", "period", "level")
            columns = matching(shop, Filter(**{field: getattr(entry, field) for field in fields}))
            ones = np.ones(len(columns), dtype=np.int64)
            shop.add_row(f"baseline {entry.id or number}", columns, ones, lower=1, upper=1)


def matching(shop: Workshop, said: Filter) -> Array:
    """Columns of the options that a filter matches."""
    options, lookup = shop.options, shop.lookup
    fits = np.ones(len(options), dtype=np.bool_)
    tables = {
        "partner": (options.partner, list(lookup.partners)),
        "intervention": (options.intervention, list(lookup.interventions)),
        "place": (options.place, list(lookup.places)),
        "period": (options.period, list(lookup.periods)),
    }
    for field, (numbers, names) in tables.items():
        name = getattr(said, field)
        if name is not None:
            fits &= numbers == names.index(name)
    if said.level is not None:
        levels = [[level.id for level in each.levels] for each in lookup.interventions.values()]
        wanted = [names.index(said.level) if said.level in names else -2 for names in levels]
        fits &= options.level == np.array(wanted, dtype=np.int64)[options.intervention]
    return np.flatnonzero(fits)


def _concatenate(parts: list[Array]) -> Array:
    return np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)


def _columns(shop: Workshop, intervention: str, places: tuple[str, ...]) -> Array:
    """Columns of the options of an intervention at some places."""
    activities = [shop.activity(intervention, place) for place in places]
    return _concatenate([shop.options_of(activity) for activity in activities if activity >= 0])


def _present(shop: Workshop, name: str, intervention: str, scope: Scope) -> Array:
    """Columns whose sum says whether an intervention is present in a scope."""
    activities = [shop.activity(intervention, place) for place in scope.places]
    literals = [activity for activity in activities if activity >= 0]
    if len(literals) < 2:
        return _columns(shop, intervention, scope.places)
    literal = shop.any_of(f"{name}: {intervention} in {scope.name}", literals)
    return np.array([shop.num_columns - 1], dtype=np.int64) if literal >= 0 else np.zeros(0, dtype=np.int64)


def _requires(shop: Workshop, name: str, rule: RequiresRule) -> None:
    said = rule.requires
    for place in shop.lookup.places:
        asking = _columns(shop, said.intervention, (place,))
        if not len(asking):
            continue
        for needed in said.needs:
            giving = _columns(shop, needed, shop.lookup.needed_places(said.within, place))
            label = f"{name}: {said.intervention} needs {needed} at {place}"
            if not said.before:
                _at_most_as_many(shop, label, asking, giving)
                continue
            for period, number in shop.lookup.periods.items():
                early = asking[shop.options.period[asking] <= number]
                before = giving[shop.options.period[giving] < number]
                if len(early):
                    _at_most_as_many(shop, f"{label} before {period}", early, before)


def _at_most_as_many(shop: Workshop, label: str, some: Array, others: Array) -> None:
    """Σ some <= Σ others."""
    values = np.concatenate([np.ones(len(some)), -np.ones(len(others))]).astype(np.int64)
    shop.add_row(label, np.concatenate([some, others]), values, upper=0)


def _count(shop: Workshop, name: str, rule: AtMostRule | AtLeastRule) -> None:
    for scope in shop.lookup.scopes(rule.within):
        columns = _concatenate([_columns(shop, each, scope.places) for each in rule.of])
        ones = np.ones(len(columns), dtype=np.int64)
        if isinstance(rule, AtMostRule):
            shop.add_row(f"{name} at {scope.name}", columns, ones, upper=rule.at_most)
        else:
            shop.add_row(f"{name} at {scope.name}", columns, ones, lower=rule.at_least)


def _together(shop: Workshop, name: str, rule: TogetherRule) -> None:
    for scope in shop.lookup.scopes(rule.within):
        present = [(each, _present(shop, name, each, scope)) for each in rule.together]
        for (first, one), (second, other) in pairwise(present):
            values = np.concatenate([np.ones(len(one)), -np.ones(len(other))]).astype(np.int64)
            label = f"{name}: {first} with {second} at {scope.name}"
            shop.add_row(label, np.concatenate([one, other]), values, lower=0, upper=0)
