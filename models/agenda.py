"""The agenda: value, targets, and the goals in order.

Value is Σ_k weight_k u_k (`models.saturation`), or what risk makes of it (`models.risk`), less penalties, or
mixed with what the worst-off have (`models.fairness`). A target L on T is T >= L or T <= L; a soft one has
m >= L - T (or T - L), m >= 0, and costs penalty x m, in the goal ``targets`` if the agenda has it, else in
the first of ``value`` and ``cost``. With ``max_cost`` M the cost of all together is at most M.

Indicators are counted in units of the greatest common divisor of their amounts, goals likewise. Goals are
lexicographic: each is maximised with the earlier ones held at their best; at last, lower cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

import pulp

from ciopt.errors import SolverFailed
from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, micro
from ciopt.instance.checks.doubts import unsupported
from ciopt.instance.fairness import members
from ciopt.instance.goals import goals_of
from ciopt.instance.model import Instance
from ciopt.instance.money import minor_digits, to_minor
from ciopt.instance.records import PerPlace
from ciopt.instance.value import place_level
from models.fairness import fairness_goals
from models.model import LARGEST, Expression, Goal, Model, Terms, expand, total
from models.money import total_cost
from models.ordered import bounds
from models.risk import add_reserve, robust, tail_sum
from models.saturation import saturated


def refused(instance: Instance) -> list[str]:
    """Say what of an instance these models do not have: what ciopt does not solve either."""
    return [problem.message for problem in unsupported(instance)]


def add_agenda(model: Model) -> None:
    """Add targets and goals."""
    agenda = model.lookup.instance.agenda
    penalties: Terms = []
    for number, target in enumerate(agenda.targets):
        if target.soft:
            penalties += _soft(model, target, f"targets[{number}]")
        else:
            _hard(model, target, f"targets[{number}]")
    money = MICRO * MICRO // 10 ** minor_digits(model.lookup.instance.currency)
    cost: Terms = [(-amount * money, x) for amount, x in total_cost(model)]
    if agenda.max_cost is not None:
        costs = total_cost(model)
        unit = math.gcd(*(amount for amount, _ in costs)) or 1
        most = to_minor(agenda.max_cost, model.lookup.instance.currency)
        model.require(total(costs, unit) <= most // unit, "max_cost")
    add_reserve(model)
    fair = fairness_goals(model)
    scale, value = _value_goal(model, fair.get("dial"))
    worth = {"value": value, "cost": cost, "targets": Terms()}
    bears = scale if agenda.bearer == "value" else 1
    worth[agenda.bearer] = worth[agenda.bearer] + [(bears * amount, m) for amount, m in penalties]
    for goal in goals_of(model.lookup):
        if goal in fair:
            model.goals.append(Goal(goal, Fraction(MICRO), pulp.lpSum([fair[goal]])))
        else:
            model.goals.append(_goal(goal, worth[goal], scale if goal == "value" else 1))
    if "cost" not in agenda.goals:
        model.goals.append(_goal("cost", cost))


def _value_goal(model: Model, worst: Expression) -> tuple[int, Terms]:
    """(scale, terms): what counts of the value, in 10^-12 / scale."""
    agenda = model.lookup.instance.agenda
    risk, scale = agenda.risk, 1
    if risk is None or risk.how == "expected":
        terms = _value(model)
    elif risk.how == "robust":
        losses = 0 if risk.gamma is None else robust(model, int(risk.gamma))
        terms = _value(model) + expand(MICRO, losses)
    else:
        lowest, scale = tail_sum(model)
        terms = expand(MICRO, lowest)
    if agenda.fairness is None or agenda.fairness.how != "dial":
        return scale, terms
    assert agenda.fairness.dial is not None
    dial, attribute = micro(agenda.fairness.dial), sum(each.attribute for each in members(model.lookup))
    mixed = [((MICRO - dial) * amount, x) for amount, x in terms]
    return scale * MICRO, mixed + (expand(scale * dial * attribute, worst) if worst is not None else [])


def _goal(name: str, terms: Terms, scale: int = 1) -> Goal:
    unit = math.gcd(*(amount for amount, _ in terms)) or 1
    if sum(abs(amount) // unit for amount, _ in terms) >= LARGEST:
        raise SolverFailed(f"the goal {name!r} has numbers that are not exact as floats")
    return Goal(name, Fraction(unit, scale), total(terms, unit))


def _looked_at(model: Model, target: Target) -> Terms:
    """T of a target: all, a group's (with its synergies) or a place's."""
    movement = model.movements[target.indicator]
    if target.place is not None:
        return movement.places.get(target.place, [])
    if target.group is not None:
        places = model.lookup.groups[target.group]
        here = [term for place in places for term in movement.places.get(place, [])]
        return here + movement.groups.get(target.group, [])
    return movement.total


def _hard(model: Model, target: Target, name: str) -> None:
    terms = _looked_at(model, target)
    unit = math.gcd(*(amount for amount, _ in terms)) or 1
    if target.at_least is not None:
        model.require(total(terms, unit) >= -(-micro(target.at_least) // unit), name)
    else:
        assert target.at_most is not None
        model.require(total(terms, unit) <= micro(target.at_most) // unit, name)


def _soft(model: Model, target: Target, name: str) -> Terms:
    """Add m; return what it costs, in 10^-12."""
    terms = _looked_at(model, target)
    limit = target.at_least if target.at_least is not None else target.at_most
    assert limit is not None
    sign = 1 if target.at_least is not None else -1
    level = micro(limit)
    unit = _unit(terms, [level])
    least, most = bounds(terms)
    worst = level - least if sign == 1 else most - level
    missing = model.whole(f"{name}: missing", 0, max(0, worst // unit))
    model.require(missing + sign * total(terms, unit) >= sign * level // unit, name)
    return [(-micro(target.penalty) * unit, missing)]


def _value(model: Model) -> Terms:
    terms: Terms = []
    for indicator in model.lookup.instance.indicators:
        weight, movement = micro(indicator.weight), model.movements[indicator.id]
        if not weight:
            continue
        if indicator.saturates_at is None:
            terms += _times(weight, movement.total)
        elif isinstance(indicator.saturates_at, PerPlace):
            for place, there in movement.places.items():
                level = place_level(model.lookup, indicator, place)
                terms += saturated(model, indicator.weight, there, level, f"{indicator.id} at {place}")
            for more in movement.groups.values():
                terms += _times(weight, more)
        else:
            level = micro(indicator.saturates_at)
            terms += saturated(model, indicator.weight, movement.total, level, indicator.id)
    return terms


def _times(weight: int, terms: Terms) -> Terms:
    return [(weight * amount, variable) for amount, variable in terms]


def _unit(terms: Terms, levels: Iterable[int]) -> int:
    return math.gcd(*levels, *(amount for amount, _ in terms)) or 1
