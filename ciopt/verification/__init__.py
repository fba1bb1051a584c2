"""The exact re-check of a plan, from the instance alone.

No program, no solver, no numpy: Python integers and fractions, rule by rule as the format states them. What
cannot be checked is what is not about the plan: the run's seconds, notes and versions, and a solver's word
that nothing better exists (a bound above the objective; `Verdict.bound_from` names who says so).
"""

from __future__ import annotations

from ciopt.errors import CioptError, Problem
from ciopt.files import instance_sha256
from ciopt.instance import Instance, Lookup
from ciopt.instance.scenarios import apply
from ciopt.plan.compose import Composed
from ciopt.plan.records import Plan
from ciopt.verification.claims import check_claims, check_goals, check_no_plan, check_status, relative_gap
from ciopt.verification.decisions import read_decisions
from ciopt.verification.money import check_money
from ciopt.verification.proof import check_proof
from ciopt.verification.repairs import check_repairs
from ciopt.verification.rules import check_limits, check_rules, check_targets
from ciopt.verification.verdict import Verdict

__all__ = ["Verdict", "relative_gap", "verify"]


def verify(
    instance: Instance, plan: Plan, *, certified: int | None = None, made: Composed | None = None
) -> Verdict:
    """Check that a plan follows from its instance: each rule, each cent, each claim.

    Parameters
    ----------
    instance
        The instance as written; the scenario that the plan names is applied here.
    plan
        The plan, from this program or from anywhere.
    certified
        What the plan's certificate was found to prove already (10^-12), by a caller that has just worked it
        out; None to work it out here.
    made
        What the plan was made from, by a caller that has just done so, from ``instance`` with its scenario
        applied: if these are the decisions that stand in the plan, they are not added up a second time.

    Returns
    -------
    Verdict
        All problems at once; `Verdict.is_valid` if there are none.

    Examples
    --------
    >>> verify(instance, plan).is_valid  # doctest: +SKIP
    True
    """
    problems = _check_stamp(instance, plan)
    try:
        lookup = made.lookup if made else Lookup(apply(instance, plan.instance.scenario).instance)
    except CioptError as error:
        return Verdict((*problems, Problem("E550", str(error), ("instance", "scenario"))))
    problems += check_repairs(lookup.instance, plan)
    if not plan.has_plan:
        return Verdict((*problems, *check_no_plan(plan)), None, plan.proof)
    choices, unreadable = read_decisions(lookup, plan)
    if unreadable:
        return Verdict((*problems, *unreadable))
    if made is None or made.choices != choices:
        made = Composed.of(lookup, choices)
    found, computed = made.found, made.plan
    problems += [
        *check_money(lookup, choices),
        *check_rules(lookup, choices),
        *check_limits(lookup, choices),
        *check_targets(lookup, found.moved),
        *check_claims(plan, computed),
        *check_goals(lookup, choices, found, plan),
        *check_status(lookup, plan),
        *check_proof(lookup, plan, certified),
    ]
    return Verdict(tuple(problems), computed.objective, plan.proof)


def _check_stamp(instance: Instance, plan: Plan) -> list[Problem]:
    """The plan was made for this very instance."""
    problems = []
    sha256 = instance_sha256(instance)
    if plan.instance.sha256 != sha256:
        theirs = plan.instance.sha256[:12]
        text = f"the plan is for an instance with SHA-256 {theirs}…, this one has {sha256[:12]}…"
        problems.append(Problem("E550", text, ("instance", "sha256"), "solve this instance anew"))
    if plan.instance.name != instance.name:
        text = f"the plan is for {plan.instance.name!r}, this is {instance.name!r}"
        problems.append(Problem("E550", text, ("instance", "name")))
    if plan.instance.currency != instance.currency:
        text = f"the plan counts in {plan.instance.currency!r}, the instance in {instance.currency!r}"
        problems.append(Problem("E550", text, ("instance", "currency")))
    return problems
