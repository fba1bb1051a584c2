"""`features_of`: which features of the format an instance uses; so a sweep can show that it met them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from ciopt.instance import Instance
from ciopt.instance.agenda import Target
from ciopt.instance.money import minor_digits
from ciopt.instance.records import PerPlace, Synergy
from ciopt.instance.rules import (
    RULE_KEYS,
    AtLeastRule,
    AtMostRule,
    Filter,
    MustNotRule,
    MustRule,
    RequiresRule,
    Rule,
)


def _kind(rule: Rule) -> str:
    return next(key for key in RULE_KEYS if key in type(rule).model_fields)


def _within(rule: Rule) -> str:
    return str(getattr(getattr(rule, "requires", rule), "within", ""))


def _tables(instance: Instance) -> Iterable[str]:
    """Places, indicators, and how numbers are said."""
    yield f"currency with {minor_digits(instance.currency)} digits"
    yield f"{len(instance.periods)} periods"
    yield from ["periods not said"] if "periods" not in instance.model_fields_set else []
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
        yield from ["several resources"] if len(partner.capacity) > 1 else []
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
        yield from _rule_details(rule)
    agenda = instance.agenda
    yield "minimize" if agenda.minimize else "maximize" if agenda.maximize else "no goal said"
    if agenda.priorities:
        yield f"{len(agenda.priorities)} priorities"
        yield f"{agenda.priorities[0]} first"
        yield f"{agenda.priorities[-1]} last"
    yield from (_target(target) for target in agenda.targets)


def _rule_details(rule: Rule) -> Iterable[str]:
    if isinstance(rule, RequiresRule):
        yield from ["requires before"] if rule.requires.before else []
        yield from ["requires several"] if len(rule.requires.needs) > 1 else []
    if isinstance(rule, AtMostRule) and not rule.at_most:
        yield "at_most 0"
    if isinstance(rule, AtLeastRule) and rule.at_least > 1:
        yield "at_least several"
    if isinstance(rule, (MustRule, MustNotRule)):
        said = rule.must if isinstance(rule, MustRule) else rule.must_not
        yield from (f"filter by {field}" for field in said.model_fields_set)


def _target(target: Target) -> str:
    how = "at_least" if target.at_least is not None else "at_most"
    where = "place" if target.place else "group" if target.group else "all"
    return f"{'soft' if target.soft else 'hard'} target {how} {where}"


READERS: tuple[Callable[[Instance], Iterable[str]], ...] = (_tables, _supply, _money, _effects, _agreement)


OTHERS = """
accrues once, accrues per_period, adds, adds below 0, at_least several, at_most 0, backbone capacity,
backbone cost, backbone cost_per_synergy, backbone partner, backbone places, boost, boost below 0,
boost on, boost on all, budget by period, budget over the horizon, capability cost_factor,
capability impact_factor, capability max_activities, capability periods, capability places,
capacity by period, costs of millions, costs of units, evidence, free, fund by period, fund carry_over,
fund match, fund max_share, fund min_spend, fund over the horizon, fund pays for interventions,
fund pays for partners, fund pays for places, fund pays_for, group, intervention cost_profile,
intervention lag, intervention lasts, intervention levels, intervention uses, match with a budget,
match with a fund, maximize, minimize, must, must_not, negative weight, neighbours, no budget,
no goal said, not implementing, overlap additive, overlap best, overlap random, override cost,
override impact, override intervention, override level, override partner, override period,
override place, partner budget, partner capacity, partner max_activities, partner participation_cost,
per, periods not said, positive weight, range, refs, requires before, requires several, scenarios,
several resources, synergy k of n, synergy of 2, synergy of 3, synergy of one intervention with itself
"""


def features_of(instance: Instance) -> set[str]:
    """Name every feature of the format that an instance uses."""
    return {feature for reader in READERS for feature in reader(instance)}


def every_feature() -> set[str]:
    """Everything that `features_of` may name: a sweep that is worth its name meets all of it."""
    return {
        *(f"currency with {digits} digits" for digits in (0, 2, 3)),
        *(f"{count} periods" for count in (1, 2, 3)),
        *(f"{count} priorities" for count in (1, 2, 3)),
        *(f"{goal} {where}" for goal in ("targets", "value", "cost") for where in ("first", "last")),
        *(f"{rule} {scope}" for rule in RULE_KEYS[:5] for scope in ("place", "neighbours", "group", "all")),
        *(f"synergy within {where}" for where in ("place", "neighbours", "group")),
        *(f"synergy with backbone within {where}" for where in ("place", "neighbours", "group")),
        *(
            f"synergy {who} partners within {where}"
            for who in ("any", "same", "different")
            for where in ("place", "neighbours", "group")
        ),
        *(
            f"{kind} target {how} {where}"
            for kind in ("hard", "soft")
            for how in ("at_least", "at_most")
            for where in ("all", "group", "place")
        ),
        *(f"saturates {how}{below}" for how in ("in all", "per place") for below in ("", " below 0")),
        *(f"baseline {status}{when}" for status in ("committed", "planned") for when in ("", " in a period")),
        *(f"filter by {field}" for field in Filter.model_fields),
        *" ".join(OTHERS.split()).split(", "),
    }
