"""`features_of`: which features of the format an instance uses; so a sweep can show that it met them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ciopt.instance import Instance
from ciopt.instance.agenda import Target
from ciopt.instance.money import minor_digits
from ciopt.instance.records import PerPlace, Synergy
from ciopt.instance.rules import RULE_KEYS, Rule

SCOPES = ("place", "neighbours", "group", "all")
GOALS = ("targets", "value", "cost")


def _kind(rule: Rule) -> str:
    return next(key for key in RULE_KEYS if key in type(rule).model_fields)


def _within(rule: Rule) -> str:
    return str(getattr(getattr(rule, "requires", rule), "within", ""))


def _tables(instance: Instance) -> Iterable[str]:
    """Places, indicators, and how numbers are said."""
    yield f"currency with {minor_digits(instance.currency)} digits"
    yield f"{len(instance.periods)} periods"
    text = str(instance.to_data())
    yield from (word for word in ("per", "range", "evidence", "refs", "scenarios") if f"'{word}'" in text)
    yield from ("group" for place in instance.places if place.group)
    yield from ("neighbours" for place in instance.places if place.neighbours)
    for indicator in instance.indicators:
        yield "negative weight" if indicator.weight < 0 else "positive weight"
        yield f"accrues {indicator.accrues}"
        level = indicator.saturates_at
        if isinstance(level, PerPlace):
            yield "saturates per place" + (" below 0" if level.per_place.fixed < 0 else "")
        elif level is not None:
            yield "saturates in all" + (" below 0" if level < 0 else "")


def _supply(instance: Instance) -> Iterable[str]:
    """Interventions, partners, capabilities, overrides, baseline."""
    for intervention in instance.interventions:
        said = intervention.model_fields_set - {"id", "cost", "impact"}
        yield from (f"intervention {field}" for field in said)
        costs = float(intervention.cost.fixed)
        yield "free" if not costs else "costs of millions" if costs >= 1e6 else "costs of units"
    for partner in instance.partners:
        yield from (f"partner {field}" for field in partner.model_fields_set - {"id", "roles"})
        yield "budget by period" if isinstance(partner.budget, dict) else "budget over the horizon"
        yield from ["no budget"] if partner.budget is None else []
        yield from ["not implementing"] if "implementing" not in partner.roles else []
        by_period = any(isinstance(amount, dict) for amount in partner.capacity.values())
        yield from ["capacity by period"] if by_period else []
    for capability in instance.capabilities:
        yield from (
            f"capability {field}"
            for field in ("cost_factor", "impact_factor", "max_activities")
            if field in capability.model_fields_set
        )
        yield from (
            f"capability {field}" for field in ("places", "periods") if getattr(capability, field) != "*"
        )
    for override in instance.options:
        yield from (f"override {field}" for field in override.model_fields_set)
    for entry in instance.baseline:
        yield f"baseline {entry.status}" + ("" if entry.period is None else " in a period")


def _money(instance: Instance) -> Iterable[str]:
    """Funds and backbones."""
    for fund in instance.funds:
        yield "fund by period" if isinstance(fund.amount, dict) else "fund over the horizon"
        yield from (f"fund {field}" for field in fund.model_fields_set - {"id", "partner", "amount"})
        yield from (
            f"fund pays for {field}"
            for field in ("interventions", "partners", "places")
            if getattr(fund.pays_for, field) != "*"
        )
        for name in fund.match.with_ if fund.match else ():
            yield "match with a budget" if name.startswith("budget:") else "match with a fund"
    for backbone in instance.backbones:
        yield from (f"backbone {field}" for field in backbone.model_fields_set - {"places"})
        yield from ["backbone places"] if backbone.places != "*" else []


def _effects(instance: Instance) -> Iterable[str]:
    """Synergies and overlaps."""
    for synergy in instance.synergies:
        yield f"synergy within {synergy.within}"
        yield f"synergy {synergy.partners} partners within {synergy.within}"
        yield f"synergy of {len(synergy.between)}"
        yield from _details(synergy)
    yield from (f"overlap {overlap.how}" for overlap in instance.overlaps)


def _details(synergy: Synergy) -> Iterable[str]:
    if synergy.at_least is not None and synergy.at_least < len(synergy.between):
        yield "synergy k of n"
    if len(set(synergy.between)) == 1:
        yield "synergy of one intervention with itself"
    if synergy.backbone:
        yield f"synergy with backbone within {synergy.within}"
    if synergy.boost is not None:
        yield "boost below 0" if synergy.boost < 0 else "boost"
        yield "boost on all" if not synergy.on else "boost on"
    yield from ("adds below 0" if each.fixed < 0 else "adds" for each in synergy.adds.values())


def _agreement(instance: Instance) -> Iterable[str]:
    """Rules and the agenda."""
    for rule in instance.rules:
        yield f"{_kind(rule)} {_within(rule)}".strip()
        if getattr(getattr(rule, "requires", None), "before", False):
            yield "requires before"
    agenda = instance.agenda
    yield "minimize" if agenda.minimize else "maximize" if agenda.maximize else "no goal said"
    if agenda.priorities:
        yield "priorities " + " ".join(agenda.priorities)
    yield from (_target(target) for target in agenda.targets)


def _target(target: Target) -> str:
    how = "at_least" if target.at_least is not None else "at_most"
    where = "place" if target.place else "group" if target.group else "all"
    return f"{'soft' if target.soft else 'hard'} target {how} {where}"


READERS: tuple[Callable[[Instance], Iterable[str]], ...] = (_tables, _supply, _money, _effects, _agreement)


def features_of(instance: Instance) -> set[str]:
    """Name every feature of the format that an instance uses."""
    return {feature for reader in READERS for feature in reader(instance)}
