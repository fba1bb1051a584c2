"""The agenda: value with saturation, targets, and the goals in order.

Value is Σ_k weight_k u_k, where u_k is T_k, or saturates: u(T) = min(T, s) for a level s >= 0 and max(T, s)
for s < 0 (a fall is worth something down to s only), of the whole or of each place. With T in [T⁻, T⁺]:

- s >= 0:  u <= T, u <= s;  and unless weight >= 0:  u >= T - (T⁺ - s) d, u >= s - (s - T⁻)(1 - d), d binary
- s < 0:   u >= T, u >= s;  and unless weight <= 0:  u <= T + (s - T⁻) d, u <= s + (T⁺ - s)(1 - d), d binary

(maximising a concave function needs no binary, a convex one does). A target L on T is T >= L or T <= L; a
soft one has m >= L - T (or T - L), m >= 0, and costs penalty x m, in the goal ``targets`` if the agenda has
it, else in the first of ``value`` and ``cost``. With ``max_cost`` M the cost of all together is at most M.

Indicators are counted in units of the greatest common divisor of their amounts, goals likewise. Goals are
lexicographic: each is maximised with the earlier ones held at their best; at last, lower cost.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from ciopt.errors import SolverFailed
from ciopt.instance.agenda import Target
from ciopt.instance.base import MICRO, micro
from ciopt.instance.checks.doubts import unsupported
from ciopt.instance.model import Instance
from ciopt.instance.money import minor_digits, to_minor
from ciopt.instance.records import Indicator, PerPlace
from ciopt.instance.value import place_level
from models.model import LARGEST, Goal, Model, Terms, total
from models.money import total_cost


def refused(instance: Instance) -> list[str]:
    """Say what of an instance these models do not have."""
    agenda = instance.agenda
    missing = ["the models do not have fairness yet"] if agenda.fairness is not None else []
    if agenda.risk is not None and agenda.risk.how != "expected":
        missing.append("the models do not have risk yet")
    return missing + [problem.message for problem in unsupported(instance)]


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
    worth = {
        "value": _value(model),
        "cost": [(-amount * money, x) for amount, x in total_cost(model)],
        "targets": penalties,
    }
    if agenda.max_cost is not None:
        costs = total_cost(model)
        unit = math.gcd(*(amount for amount, _ in costs)) or 1
        most = to_minor(agenda.max_cost, model.lookup.instance.currency)
        model.require(total(costs, unit) <= most // unit, "max_cost")
    if "targets" not in agenda.goals:
        bearer = next(goal for goal in agenda.goals if goal in ("value", "cost"))
        worth[bearer] = worth[bearer] + penalties
    for goal in agenda.goals:
        model.goals.append(_goal(goal, worth[goal]))
    if "cost" not in agenda.goals:
        model.goals.append(_goal("cost", worth["cost"]))


def _goal(name: str, terms: Terms) -> Goal:
    unit = math.gcd(*(amount for amount, _ in terms)) or 1
    if sum(abs(amount) // unit for amount, _ in terms) >= LARGEST:
        raise SolverFailed(f"the goal {name!r} has numbers that are not exact as floats")
    return Goal(name, unit, total(terms, unit))


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
    least, most = _bounds(terms)
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
                terms += _saturated(model, indicator, there, level, f"{indicator.id} at {place}")
            for more in movement.groups.values():
                terms += _times(weight, more)
        else:
            level = micro(indicator.saturates_at)
            terms += _saturated(model, indicator, movement.total, level, indicator.id)
    return terms


def _saturated(model: Model, indicator: Indicator, terms: Terms, level: int, name: str) -> Terms:
    """Add u; return weight x u, in 10^-12."""
    weight = micro(indicator.weight)
    least, most = _bounds(terms)
    if (level >= 0 and most <= level) or (level < 0 and least >= level):
        return _times(weight, terms)
    unit = _unit(terms, [level])
    moved, s = total(terms, unit), level // unit
    low, high = least // unit, most // unit
    if level >= 0:
        u = model.whole(f"{name}: saturated", min(low, s), s)
        model.require(u - moved <= 0, f"{name}: no more than it moves")
        if weight < 0:
            d = model.binary(f"{name}: is saturated")
            model.require(u - moved + (high - s) * d >= 0, f"{name}: all it moves, unless saturated")
            model.require(u - (s - low) * d >= low, f"{name}: the level, if saturated")
    else:
        u = model.whole(f"{name}: saturated", s, max(high, s))
        model.require(u - moved >= 0, f"{name}: falls no more than it moves")
        if weight > 0:
            d = model.binary(f"{name}: is saturated")
            model.require(u - moved - (s - low) * d <= 0, f"{name}: all it moves, unless saturated")
            model.require(u + (high - s) * d <= high, f"{name}: the level, if saturated")
    return [(weight * unit, u)]


def _times(weight: int, terms: Terms) -> Terms:
    return [(weight * amount, variable) for amount, variable in terms]


def _unit(terms: Terms, levels: Iterable[int]) -> int:
    return math.gcd(*levels, *(amount for amount, _ in terms)) or 1


def _bounds(terms: Terms) -> tuple[int, int]:
    """Limits of Σ amount x variable for 0/1 variables."""
    amounts = [amount for amount, _ in terms]
    return sum(a for a in amounts if a < 0), sum(a for a in amounts if a > 0)
