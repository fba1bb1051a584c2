"""References: every id that a record names leads to a record."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ciopt.errors import Path, Problem, did_you_mean
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.model import Instance
from ciopt.instance.records import PerPlace
from ciopt.instance.rules import (
    AtLeastRule,
    AtMostRule,
    ExcludesRule,
    MustNotRule,
    MustRule,
    RequiresRule,
    TogetherRule,
)


class _Names:
    """The ids that exist, by what they name."""

    def __init__(self, instance: Instance) -> None:
        self.known = {
            "place": {place.id for place in instance.places},
            "group": {place.group for place in instance.places if place.group is not None},
            "indicator": {indicator.id for indicator in instance.indicators},
            "partner": {partner.id for partner in instance.partners},
            "fund": {fund.id for fund in instance.funds}
            | {OWN_BUDGET + each.id for each in instance.partners},
            "intervention": {intervention.id for intervention in instance.interventions},
            "period": set(instance.periods),
            "scenario": set(instance.scenarios),
            "attribute": {name for place in instance.places for name in place.attributes},
        }

    def check(self, kind: str, names: str | Collection[str] | None, path: Path) -> Iterator[Problem]:
        """Yield a problem for each name that does not exist; None and ``"*"`` are fine."""
        if names is None or names == "*":
            return
        known = self.known[kind]
        if isinstance(names, str):
            if names not in known:
                help_ = did_you_mean(names, known) or (f"no {kind} is defined" if not known else "")
                yield Problem("E202", f"no {kind} has the id {names!r}", path, help_)
            return
        if known.issuperset(names) and len(set(names)) == len(names):
            return
        seen: set[str] = set()
        for number, name in enumerate(names):
            where = (*path, name) if isinstance(names, dict) else (*path, number)
            yield from self.check(kind, name, where)
            if name in seen:
                yield Problem("E203", f"{name!r} is listed twice", where, "list it once")
            seen.add(name)


def check(instance: Instance) -> Iterator[Problem]:
    """Yield unknown references (E202) and entries listed twice (E203)."""
    names = _Names(instance)
    yield from _check_supply(instance, names)
    yield from _check_demand(instance, names)
    for number, rule in enumerate(instance.rules):
        yield from _check_rule(rule, ("rules", number), names)


def _amount(names: _Names, amount: object, path: Path) -> Iterator[Problem]:
    if isinstance(amount, dict):
        yield from names.check("period", amount, path)


def _check_supply(instance: Instance, names: _Names) -> Iterator[Problem]:
    """Who can do what, and with whose money."""
    for n, place in enumerate(instance.places):
        yield from names.check("place", place.neighbours, ("places", n, "neighbours"))
        if place.id in place.neighbours:
            yield Problem("E204", f"{place.id!r} is its own neighbour", ("places", n, "neighbours"))
    for n, partner in enumerate(instance.partners):
        yield from _amount(names, partner.budget, ("partners", n, "budget"))
        for resource, amount in partner.capacity.items():
            yield from _amount(names, amount, ("partners", n, "capacity", resource))
    for n, fund in enumerate(instance.funds):
        yield from _field(names, fund, ("funds", n), "partner")
        yield from _amount(names, fund.amount, ("funds", n, "amount"))
        for field in ("interventions", "partners", "places"):
            where = ("funds", n, "pays_for", field)
            yield from names.check(field[:-1], getattr(fund.pays_for, field), where)
        if fund.match is not None:
            yield from names.check("fund", fund.match.with_, ("funds", n, "match", "with"))
            if fund.id in fund.match.with_:
                yield Problem("E204", f"fund {fund.id!r} matches itself", ("funds", n, "match", "with"))
    tables = {
        "capabilities": ("partner", "intervention", "places", "periods"),
        "options": ("partner", "intervention", "place", "period"),
        "backbones": ("partner", "places"),
        "baseline": ("partner", "intervention", "place", "period"),
        "measurements": ("intervention", "indicator", "place", "period"),
    }
    for table, fields in tables.items():
        for n, record in enumerate(getattr(instance, table)):
            for field in fields:
                yield from _field(names, record, (table, n), field.removesuffix("s"), field)
    for n, override in enumerate(instance.options):
        yield from names.check("indicator", override.impact, ("options", n, "impact"))


def _check_demand(instance: Instance, names: _Names) -> Iterator[Problem]:
    """What moves the indicators, alone and together, and what was agreed."""
    for n, indicator in enumerate(instance.indicators):
        if isinstance(indicator.saturates_at, PerPlace):
            path = ("indicators", n, "saturates_at", "per_place", "per")
            yield from names.check("attribute", indicator.saturates_at.per_place.per, path)
    for n, intervention in enumerate(instance.interventions):
        here = ("interventions", n)
        yield from names.check("attribute", intervention.cost.per, (*here, "cost", "per"))
        yield from names.check("indicator", intervention.impact, (*here, "impact"))
        for field in ("uses", "impact"):
            for key, quantity in getattr(intervention, field).items():
                yield from names.check("attribute", quantity.per, (*here, field, key, "per"))
    for n, synergy in enumerate(instance.synergies):
        for number, member in enumerate(synergy.between):
            yield from names.check("intervention", member, ("synergies", n, "between", number))
        yield from names.check("indicator", synergy.adds, ("synergies", n, "adds"))
        yield from names.check("indicator", synergy.on, ("synergies", n, "on"))
        for key, estimate in synergy.adds.items():
            yield from names.check("attribute", estimate.per, ("synergies", n, "adds", key, "per"))
    for n, overlap in enumerate(instance.overlaps):
        yield from names.check("indicator", overlap.indicator, ("overlaps", n, "indicator"))
        yield from names.check("intervention", overlap.interventions, ("overlaps", n, "interventions"))
        yield from names.check("intervention", overlap.reach, ("overlaps", n, "reach"))
    for n, target in enumerate(instance.agenda.targets):
        for kind in ("indicator", "group", "place"):
            yield from _field(names, target, ("agenda", "targets", n), kind)
    fairness = instance.agenda.fairness
    if fairness is not None:
        yield from names.check("indicator", fairness.indicator, ("agenda", "fairness", "indicator"))
        if fairness.over != "partners":
            yield from names.check("attribute", fairness.per, ("agenda", "fairness", "per"))
    for name, scenario in instance.scenarios.items():
        yield from names.check("scenario", scenario.of, ("scenarios", name, "of"))


def _field(
    names: _Names, record: object, path: Path, kind: str, field: str | None = None
) -> Iterator[Problem]:
    field = field or kind
    yield from names.check(kind, getattr(record, field), (*path, field))


def _check_rule(rule: object, path: Path, names: _Names) -> Iterator[Problem]:
    if isinstance(rule, RequiresRule):
        where = (*path, "requires")
        yield from names.check("intervention", rule.requires.intervention, (*where, "intervention"))
        yield from names.check("intervention", rule.requires.needs, (*where, "needs"))
    elif isinstance(rule, ExcludesRule):
        yield from names.check("intervention", rule.excludes, (*path, "excludes"))
    elif isinstance(rule, (AtMostRule, AtLeastRule)):
        yield from names.check("intervention", rule.of, (*path, "of"))
    elif isinstance(rule, TogetherRule):
        yield from names.check("intervention", rule.together, (*path, "together"))
    elif isinstance(rule, (MustRule, MustNotRule)):
        key = "must" if isinstance(rule, MustRule) else "must_not"
        said = rule.must if isinstance(rule, MustRule) else rule.must_not
        for kind in ("partner", "intervention", "place", "period"):
            yield from _field(names, said, (*path, key), kind)
