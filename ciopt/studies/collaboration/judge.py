"""A world's outcome under the coalition's own arithmetic: re-checked, with what it does not keep named."""

from __future__ import annotations

from typing import Literal

from ciopt.errors import VerificationFailed
from ciopt.instance import Lookup
from ciopt.instance.money import from_minor
from ciopt.plan import Plan
from ciopt.plan.compose import compose
from ciopt.plan.records import Run
from ciopt.planner import stamp
from ciopt.studies.collaboration.combine import Fallen
from ciopt.studies.collaboration.credit import parts_of
from ciopt.studies.collaboration.records import FallenAssignment, World, WorldName
from ciopt.studies.collaboration.worlds import Outcome
from ciopt.verification import verify
from ciopt.version import __version__

OBLIGATIONS = frozenset(("E517", "E518", "E521", "E522", "E524"))
"""What plans made apart may miss: min_spend, max_cost, rules, commitments, hard targets; all else holds."""


def judge(lookup: Lookup, name: WorldName, outcome: Outcome) -> World:
    """Recompute what a world's decisions achieve, and check them.

    Raises
    ------
    VerificationFailed
        If they break more than an obligation of the coalition: a bug of ciopt.
    """
    if outcome.choices is None:
        return World(name=name, impossible=outcome.plan is not None and outcome.plan.status == "infeasible")
    plan = _plan(lookup, outcome)
    problems = verify(lookup.instance, plan).problems
    if any(each.code not in OBLIGATIONS for each in problems):
        raise VerificationFailed(problems)
    currency = lookup.instance.currency
    return World(
        name=name,
        objective=plan.objective,
        at_most=plan.bound,
        value=plan.value,
        cost=plan.cost,
        keeps_all=not problems,
        broken=tuple(each.message for each in problems),
        fallen=tuple(_fallen(each, currency) for each in outcome.fallen),
        wasted=from_minor(sum(each.paid for each in outcome.fallen), currency),
        parts=parts_of(lookup, outcome.choices),
        plan=plan,
        rounds=outcome.rounds,
        ending=_ending(outcome.ending),
    )


def _plan(lookup: Lookup, outcome: Outcome) -> Plan:
    """The solved plan as it is; else one that claims no more than its decisions."""
    if outcome.plan is not None:
        return outcome.plan
    assert outcome.choices is not None
    return compose(lookup, outcome.choices).model_copy(
        update={"instance": stamp(lookup.instance), "run": Run(ciopt=__version__)}
    )


def _fallen(each: Fallen, currency: str) -> FallenAssignment:
    return FallenAssignment(
        partner=each.option.partner,
        option=each.option.id,
        because=each.because,
        stands=each.stands,
        wasted=from_minor(each.paid, currency),
    )


def _ending(word: str | None) -> Literal["fixed_point", "within_gap", "cycle", "limit"] | None:
    if word == "fixed_point":
        return "fixed_point"
    if word == "within_gap":
        return "within_gap"
    return "cycle" if word == "cycle" else "limit" if word else None
