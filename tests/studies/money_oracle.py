"""Frontiers against brute force: at random amounts the exact best lies between the two certified ends."""

from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from itertools import product

from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.effects import SynergyInstance, is_achieved, synergy_instances
from ciopt.instance.money import from_minor
from ciopt.instance.value import missing, movements
from ciopt.settings import Settings
from ciopt.studies.axis import Axis
from ciopt.studies.frontier import frontier
from ciopt.studies.frontier_records import CurvePoint, Frontier
from ciopt.studies.marginal import limits
from ciopt.studies.trade_off import trade_off
from tests.oracle.brute_force import brute_force, can_be_paid_alone, carriers_of, coordination_of, is_too_dear
from tests.oracle.payments import can_be_paid
from tests.oracle.random_instances import random_instance
from tests.oracle.rules import Assigned, keeps_rules

SETTINGS = Settings(engine="cpsat", threads=1)
PICO = 10**12


def an_axis(instance: Instance, draw: random.Random) -> Axis:
    """A fund, a partner, or all money."""
    acting = [p.id for p in instance.partners if {"implementing", "backbone"} & set(p.roles)]
    axes = [Axis("funds"), Axis("cost"), *(Axis("fund", fund.id) for fund in instance.funds)]
    return draw.choice([*axes, *(Axis("partner", name) for name in acting)])


def best(instance: Instance) -> int | None:
    """Exact worth of the goal that is shown, in 10^-12, larger is better; None if there is no plan."""
    answer = brute_force(instance)
    headline = next(goal for goal in instance.agenda.goals if goal in ("value", "cost"))
    return None if answer.status == "infeasible" else answer.goals[headline]


def worth(number: Decimal | None, found: Frontier) -> int | None:
    if number is None:
        return None
    return int(Fraction(number) * PICO) * (1 if found.goal == "value" else -1)


def ends(found: Frontier, amount: Decimal) -> tuple[CurvePoint | None, CurvePoint | None]:
    """What bounds an amount: the listed one at or before it, and the one at or after it."""
    before = [point for point in found.curve if point.amount <= amount]
    after = [point for point in found.curve if point.amount >= amount]
    return (before[-1] if before else None), (after[0] if after else None)


def check_curve(seed: int, points: int = 5, probes: int = 4) -> list[str]:
    """Say where a curve is wrong; nothing if it is right."""
    draw = random.Random(seed)
    instance = random_instance(seed)
    axis = an_axis(instance, draw)
    current = axis.current(instance)
    high = from_minor(2 * current or 1000, instance.currency)
    found = frontier(instance, axis, SETTINGS, high=high, points=points)
    top = int(Fraction(high) / Fraction(from_minor(1, instance.currency)))
    amounts = [draw.randint(0, top) for _ in range(probes)]
    if found.curve:
        listed = draw.choice(found.curve).amount
        amounts.append(int(Fraction(listed) / Fraction(from_minor(1, instance.currency))))
    wrong = []
    for amount in amounts:
        exact = best(axis.at(instance, amount))
        where = from_minor(amount, instance.currency)
        wrong += [f"seed {seed}, {axis} at {where}: {text}" for text in _against(found, where, exact)]
    return wrong


def _against(found: Frontier, amount: Decimal, exact: int | None) -> list[str]:
    before, after = ends(found, amount)
    same = before is not None and before.amount == amount
    wrong = []
    lower = before if found.first_goal or same else None
    upper = after if found.first_goal or same else None
    if lower is not None and lower.possible:
        least = worth(lower.at_least, found)
        if exact is None or (least is not None and exact < least):
            wrong.append(f"best is {exact}, said to be at least {least}")
    if upper is not None and exact is not None:
        if upper.possible is False:
            wrong.append(f"best is {exact}, said to be impossible")
        most = worth(upper.at_most, found)
        if most is not None and exact > most:
            wrong.append(f"best is {exact}, said to be at most {most}")
    if found.proven and found.first_goal and before is not None:
        known = worth(before.at_least, found) if before.possible else None
        if known != exact:
            wrong.append(f"proven to be {known}, and is {exact}")
    return wrong


def check_marginals(seed: int) -> list[str]:
    """Say which marginal value does not hold the difference of two exact optima."""
    instance = random_instance(seed)
    if instance.agenda.goals[0] not in ("value", "cost"):
        return []
    step = Decimal(7)
    axis = Axis("funds")
    if not axis.current(instance):
        return []
    found = frontier(instance, axis, SETTINGS, points=2, step=step, solve_marginals=True)
    before = best(instance)
    said = {(each.kind, each.id): each for each in found.marginals}
    wrong = []
    for limit in limits(instance, step):
        after = best(limit.loosened)
        marginal = said.get((limit.kind, limit.id))
        if before is None or after is None:
            continue
        if marginal is None:
            wrong.append(f"seed {seed}: no marginal value of {limit.kind} {limit.id}")
        elif not marginal.at_least <= Decimal(after - before).scaleb(-12) <= (marginal.at_most or 0):
            wrong.append(f"seed {seed}: {limit.kind} {limit.id} brings {after - before}, said {marginal}")
    return wrong


def undominated(instance: Instance, names: tuple[str, str]) -> set[tuple[Decimal, Decimal]]:
    """Both totals (larger is better) of every plan that no other beats, by trying all plans."""
    lookup = Lookup(instance)
    signs = [-1 if lookup.indicators[name].weight < 0 else 1 for name in names]
    hard = [target for target in instance.agenda.targets if not target.soft]
    plans: dict[tuple[int, int], list[tuple[list[Option], dict[str, int]]]] = {}
    for assigned, paying, bills in _plans(lookup):
        moved = movements(lookup, assigned, paying)
        if not any(missing(lookup, target, moved) for target in hard):
            first, second = (sign * moved[name].total for sign, name in zip(signs, names, strict=True))
            plans.setdefault((first, second), []).append((list(assigned.values()), bills))
    found: list[tuple[int, int]] = []
    for first, second in sorted(plans, reverse=True):
        if not any(other >= second for _, other in found) and any(
            can_be_paid(lookup, options, bills) for options, bills in plans[first, second]
        ):
            found.append((first, second))
    return {(Decimal(a).scaleb(-6), Decimal(b).scaleb(-6)) for a, b in found}


def _plans(lookup: Lookup) -> Iterator[tuple[Assigned, list[SynergyInstance], dict[str, int]]]:
    """Every plan that keeps the rules, with the synergies that pay and what backbones cost."""
    ways: dict[tuple[str, str], list[Option | None]] = {}
    for option in lookup.options():
        if can_be_paid_alone(lookup, option):
            ways.setdefault(option.activity, [None]).append(option)
    synergies = list(synergy_instances(lookup))
    for chosen in product(*ways.values()):
        assigned = {option.activity: option for option in chosen if option is not None}
        if not keeps_rules(lookup, assigned):
            continue
        achieved = [each for each in synergies if is_achieved(each, assigned)]
        for carriers in carriers_of(lookup, achieved):
            paying = [e for n, e in enumerate(achieved) if not e.synergy.backbone or n in carriers]
            bills = coordination_of(lookup, carriers)
            if not is_too_dear(lookup, tuple(assigned.values()), bills):
                yield assigned, paying, bills


def check_trade_off(seed: int) -> list[str]:
    """Say where the plans that no other beats differ from those that brute force finds."""
    instance = random_instance(seed)
    if len(instance.indicators) < 2:
        return []
    names = (instance.indicators[0].id, instance.indicators[1].id)
    found = trade_off(instance, names, SETTINGS, points=40)
    right = undominated(instance, names)
    signs = [-1 if falls else 1 for falls in found.falls]
    said = {(signs[0] * point.first, signs[1] * point.second) for point in found.points}
    if not found.complete:
        return [f"seed {seed}: not complete: {found.stopped_by}"]
    return [] if said == right else [f"seed {seed}: found {sorted(said)}, right are {sorted(right)}"]
