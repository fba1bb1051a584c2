"""A program without what decides by its least, and the mix that stands for it.

Fairness and risk are taken out of the agenda; what is left is compiled like any program, and `mix_of` says
which sums its columns make: outcomes of members, and what comes from each estimate.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from math import gcd

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate.doubt import ENDS
from ciopt.engines.large.mix import LinearForms, Mix, Part, Smallest
from ciopt.engines.large.outcomes import Floors, HeldSums, Least
from ciopt.instance import Instance, Lookup
from ciopt.instance.agenda import Risk
from ciopt.instance.base import MICRO, micro
from ciopt.instance.fairness import absolute_floor, factor, members
from ciopt.instance.goals import FAIRNESS, is_fairness, least_count, least_sums, value_part
from ciopt.instance.risk import tail
from ciopt.instance.sampling import MILLI, multipliers
from ciopt.program import compile_program
from ciopt.program.model import Goal, Program

Array = NDArray[np.int64]
Floats = NDArray[np.float64]
_PICO = 10**12


def without_least(instance: Instance) -> Instance:
    """Take fairness and risk out of an agenda; effects still say which estimate they err with."""
    agenda = instance.agenda
    told_apart = agenda.risk is not None and agenda.risk.how != "expected"
    # that no estimate errs at once is the same as no risk, and keeps estimates apart
    risk = Risk(how="robust", gamma=Decimal(0)) if told_apart else agenda.risk
    changed = agenda.model_copy(
        update={
            "fairness": None,
            "risk": risk,
            "priorities": tuple(goal for goal in agenda.priorities if goal != FAIRNESS),
        }
    )
    return instance.model_copy(update={"agenda": changed})


def bare_program(program: Program) -> Program:
    """Compile a program's instance without fairness and risk."""
    return compile_program(without_least(program.instance))


def goal_of(program: Program, bare: Program, name: str) -> Goal:
    """Return a goal of the bare program; fairness is all mix, and a dial leaves a part of the value."""
    if is_fairness(name):
        return Goal(name, np.zeros(0, np.int64), np.zeros(0, np.int64), Fraction(1))
    goal, part = next(goal for goal in bare.goals if goal.name == name), value_part(program.instance.agenda)
    if name != "value" or part == MICRO:
        return goal
    both = gcd(part, MICRO)
    is_penalty = bare.measures[goal.column]
    measures = goal.column[is_penalty].tolist()
    is_penalty[is_penalty] = [bare.label(column).startswith("missing ") for column in measures]
    factor = np.where(is_penalty, MICRO // both, part // both)
    unit, offset = goal.unit * Fraction(both, MICRO), goal.offset * Fraction(part, MICRO)
    return replace(goal, coefficient=goal.coefficient * factor, unit=unit, offset=offset)


def mix_of(
    program: Program, bare: Program, goal: Goal, held: dict[str, int], reached: Floats | None = None
) -> Mix:
    """What decides by its least, for one goal.

    Parameters
    ----------
    program, bare
        The program, and the one without fairness and risk.
    goal
        Of the bare program.
    held
        Worth of the goals before, in 10^-12.
    reached
        Outcomes per unit of the plan that brought it.
    """
    found = _fair(program.lookup, bare, goal, held, reached)
    if goal.name == "value":
        found += _doubtful(program.lookup, bare)
    return Mix(tuple(found), bare.num_columns)


def _fair(
    lookup: Lookup, bare: Program, goal: Goal, held: dict[str, int], reached: Floats | None
) -> list[Part]:
    fairness = lookup.instance.agenda.fairness
    everybody = members(lookup)
    if fairness is None or not everybody:
        return []
    names = [member.id for member in everybody]
    attribute = np.array([member.attribute for member in everybody]) / MICRO
    forms = outcomes(lookup, bare)
    found: list[Part] = []
    step = _step(bare, goal, forms)
    if fairness.how == "dial":
        part = 1.0 - value_part(lookup.instance.agenda) / MICRO
        return [Least(forms, names, attribute, 1, part * attribute.sum())] if goal.name == "value" else []
    if fairness.how != "floor":
        if is_fairness(goal.name):
            found.append(Least(forms, names, attribute, least_count(goal.name), attribute.sum()))
        sums = np.array(least_sums(held)) / _PICO
        if len(sums) and reached is not None:
            found.append(HeldSums(forms, names, attribute, sums, reached, step))
        return found
    absolute = absolute_floor(lookup)
    if absolute is not None:
        found.append(Floors("floor", forms, names, attribute, absolute / MICRO, 0.0, step))
    if fairness.share is not None:
        found.append(Floors("share", forms, names, attribute, None, float(fairness.share), step))
    return found


def _step(bare: Program, goal: Goal, forms: LinearForms) -> float:
    """What a unit of outcome may be worth: what a typical coefficient brings of it; to the least, A / a."""
    if is_fairness(goal.name):
        return float(forms.count)
    worth = np.abs(goal.coefficient.astype(float)) * float(goal.unit) / _PICO
    typical = float(worth[worth > 0].mean()) if (worth > 0).any() else 1.0
    size = np.abs(forms.value)
    return typical / max(float(size[size > 0].mean()) if (size > 0).any() else 1.0, 1e-300)


def outcomes(lookup: Lookup, bare: Program) -> LinearForms:
    """o_m of every member, in natural units."""
    fairness, effects = lookup.instance.agenda.fairness, bare.effects
    assert fairness is not None
    number = {member.id: n for n, member in enumerate(members(lookup))}
    weights = np.array([factor(lookup, each) for each in lookup.instance.indicators], dtype=np.int64)
    worth = effects.amount.astype(float) * weights[effects.indicator] / _PICO
    if fairness.over == "partners":
        owner = np.array([number.get(each.id, -1) for each in lookup.instance.partners], dtype=np.int64)
        is_own = (effects.column < len(bare.options)) & (worth != 0)
        form = np.full(len(worth), -1, dtype=np.int64)
        form[is_own] = owner[bare.options.partner[effects.column[is_own]]]
    else:
        names = [
            place.id if fairness.over == "places" else place.group or "" for place in lookup.instance.places
        ]
        at_place = np.array([number.get(name, -1) for name in names], dtype=np.int64)
        form = np.where(effects.place >= 0, at_place[effects.place], -1)
        if fairness.over == "groups":
            own = np.array([*(number.get(name, -1) for name in lookup.groups), -1], dtype=np.int64)
            form = np.where(effects.place < 0, own[effects.group], form)
    kept = (form >= 0) & (worth != 0)
    return LinearForms.summed(len(number), form[kept], effects.column[kept], worth[kept])


def _doubtful(lookup: Lookup, bare: Program) -> list[Part]:
    """Losses of estimates, or sampled values."""
    risk, sources = lookup.instance.agenda.risk, bare.estimates
    if risk is None or risk.how == "expected" or not sources:
        return []
    effects = bare.effects
    weights = np.array([micro(each.weight) for each in lookup.instance.indicators], dtype=np.int64)
    part = value_part(lookup.instance.agenda) / MICRO
    worth = effects.amount.astype(float) * weights[effects.indicator] * part / _PICO
    kept = (effects.estimate >= 0) & (worth != 0)
    forms = LinearForms.summed(len(sources), effects.estimate[kept], effects.column[kept], worth[kept])
    if risk.how == "cvar":
        count, samples = tail(risk)
        drawn = np.array([multipliers(source, samples) for source in sources], dtype=float).T / MILLI
        names = [f"sample {sample + 1}" for sample in range(samples)]
        return [Smallest(forms, (drawn - 1.0) / count, np.arange(samples), count, names)]
    if risk.gamma is None:
        return []
    keys = list(dict.fromkeys(source.key for source in sources))
    change = np.zeros((2 * len(keys), len(sources)))
    for number, source in enumerate(sources):
        for end, multiplier in enumerate(source.spread):
            change[2 * keys.index(source.key) + end, number] = float(multiplier) - 1.0
    names = [f"error {'/'.join(key)} {end}" for key in keys for end in ENDS]
    least = min(int(risk.gamma), len(keys))
    owner = np.repeat(np.arange(len(keys)), 2)
    return [Smallest(forms, change, owner, least, names, or_nothing=True)] if least else []
