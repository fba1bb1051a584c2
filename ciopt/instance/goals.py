"""The goals of an agenda in order, and what a plan is worth for each.

Goals are maximised: cost, penalties, burdens and what lacks of a floor count negative. Worth is in 10^-12;
with risk ``cvar`` or a dial it may be a fraction of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from ciopt.instance.agenda import Agenda
from ciopt.instance.base import MICRO, micro
from ciopt.instance.choices import Choices
from ciopt.instance.fairness import Share, lacking, least, members, shares
from ciopt.instance.lookup import Lookup
from ciopt.instance.risk import adjusted_value, money_limit, reserve
from ciopt.instance.value import (
    Movement,
    Outcome,
    by_activity,
    goal_value,
    movements,
    outcome,
    paying_synergies,
    total_cost,
    value,
)

FAIRNESS = "fairness"
HEADLINES = ("value", "cost")
"""A plan's objective and bound are those of the first of these in the agenda."""
Worth = int | Fraction


def goals_of(lookup: Lookup) -> tuple[str, ...]:
    """The agenda's goals in order; leximin has one for each number of members: ``fairness 1`` and so on."""
    agenda = lookup.instance.agenda
    found: list[str] = []
    for goal in agenda.goals:
        if goal == FAIRNESS and agenda.fairness is not None and agenda.fairness.how == "leximin":
            found += [f"{FAIRNESS} {count}" for count in range(1, len(members(lookup)) + 1)]
        else:
            found.append(goal)
    return tuple(found)


def stages_of(lookup: Lookup) -> tuple[str, ...]:
    """The goals, and then the cost that breaks ties: see `Agenda.stages`."""
    agenda = lookup.instance.agenda
    return (*goals_of(lookup), *agenda.stages[len(agenda.goals) :])


def is_fairness(goal: str) -> bool:
    """Whether a goal is fairness, or a stage of it."""
    return goal.split(" ")[0] == FAIRNESS


def least_count(goal: str) -> int:
    """How many of the worst-off a goal of fairness adds up.

    Examples
    --------
    >>> least_count("fairness"), least_count("fairness 3")
    (1, 3)
    """
    return 1 if goal == FAIRNESS else int(goal.split(" ")[1])


def least_sums(held: Mapping[str, int]) -> list[int]:
    """What the worst-off have together in goals that are done: one of them, two, and so on without a gap.

    Examples
    --------
    >>> least_sums({"fairness 1": 5, "fairness 2": 12, "fairness 4": 40, "value": 90})
    [5, 12]
    """
    if FAIRNESS in held:
        return [held[FAIRNESS]]
    found: list[int] = []
    while (goal := f"{FAIRNESS} {len(found) + 1}") in held:
        found.append(held[goal])
    return found


def value_part(agenda: Agenda) -> int:
    """The part of the value in what counts as such, in 10^-6: a dial leaves the rest to the worst-off."""
    fairness = agenda.fairness
    if fairness is None or fairness.how != "dial" or fairness.dial is None:
        return MICRO
    return MICRO - micro(fairness.dial)


def sign_of(goal: str) -> int:
    """1 where a plan shows what is maximised, -1 where it shows a cost or penalty as a positive number."""
    return 1 if goal == "value" or is_fairness(goal) else -1


def rounded(worth: Worth) -> int:
    """Worth in whole 10^-12, rounded down: what a plan says of it."""
    return worth if isinstance(worth, int) else worth.numerator // worth.denominator


def counts_otherwise(agenda: Agenda) -> bool:
    """Whether the goal ``value`` counts something else than the central value."""
    risk = agenda.risk
    is_risky = risk is not None and (risk.gamma is not None or risk.how == "cvar")
    return is_risky or (agenda.fairness is not None and agenda.fairness.how == "dial")


def goal_values(lookup: Lookup, choices: Choices, found: Outcome | None = None) -> dict[str, Worth]:
    """Worth of every goal and tie-break.

    Parameters
    ----------
    found
        What the choices come to, of a caller that has added it up already.
    """
    found = found or outcome(lookup, choices)
    moved, spent = found.moved, found.spent
    everybody = shares(lookup, choices, moved)
    worth: dict[str, Worth] = {
        goal: goal_value(lookup, goal, moved, spent) for goal in ("targets", "value", "cost", "total_cost")
    }
    if counts_otherwise(lookup.instance.agenda):
        worth["value"] += _counted(lookup, choices, moved, everybody) - value(lookup, moved)
    worth |= {goal: _fairness(lookup, goal, everybody) for goal in goals_of(lookup) if is_fairness(goal)}
    return worth


def counted_value(lookup: Lookup, choices: Choices) -> Worth:
    """What the goal ``value`` counts before penalties: under risk, and mixed with the worst-off by a dial."""
    moved = movements(lookup, by_activity(choices.options), paying_synergies(lookup, choices))
    return _counted(lookup, choices, moved, shares(lookup, choices, moved))


def keeps_agreements(lookup: Lookup, choices: Choices) -> bool:
    """Whether everybody has their floor and the money for overruns is left."""
    more = reserve(lookup, choices)
    if more is not None and total_cost(lookup, choices) + more > money_limit(lookup):
        return False
    return keeps_floor(lookup, choices)


def keeps_floor(lookup: Lookup, choices: Choices) -> bool:
    """Whether everybody gets at least their floor, where that must be so."""
    agenda = lookup.instance.agenda
    if agenda.fairness is None or agenda.fairness.how != "floor" or FAIRNESS in agenda.goals:
        return True
    return not lacking(shares_of(lookup, choices))


def shares_of(lookup: Lookup, choices: Choices) -> tuple[Share, ...]:
    """What every member gets of some choices, in order of the tables."""
    moved = movements(lookup, by_activity(choices.options), paying_synergies(lookup, choices))
    return shares(lookup, choices, moved)


def _counted(
    lookup: Lookup, choices: Choices, moved: Mapping[str, Movement], everybody: tuple[Share, ...]
) -> Worth:
    worth = adjusted_value(lookup, choices, value(lookup, moved))
    fairness = lookup.instance.agenda.fairness
    if fairness is not None and fairness.how == "dial":
        part = Fraction(value_part(lookup.instance.agenda), MICRO)
        worst = min((each.per_unit for each in everybody), default=0)
        worth = part * worth + (1 - part) * sum(each.member.attribute for each in everybody) * worst
    return worth


def _fairness(lookup: Lookup, goal: str, everybody: tuple[Share, ...]) -> int:
    """A goal of fairness: what lacks, or the sum of the k smallest outcomes per unit."""
    fairness = lookup.instance.agenda.fairness
    assert fairness is not None
    if fairness.how == "floor":
        return -MICRO * lacking(everybody)
    return MICRO * least((each.per_unit for each in everybody), least_count(goal))
