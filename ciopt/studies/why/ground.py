"""What every answer to why stands on: a re-checked plan, and the instance as its scenario makes it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ciopt.errors import UsageError, VerificationFailed
from ciopt.files import instance_sha256
from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.choices import Choices
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.verification import verify
from ciopt.verification.decisions import read_decisions


@dataclass(frozen=True)
class Ground:
    """A plan and what it follows from.

    Parameters
    ----------
    instance
        With the plan's scenario applied, and its measurements worked in.
    """

    instance: Instance
    plan: Plan

    @property
    def goal(self) -> str:
        """What losses are in: the first of value and cost."""
        return next(goal for goal in self.instance.agenda.goals if goal in ("value", "cost"))

    @cached_property
    def lookup(self) -> Lookup:
        """Finds records of the instance."""
        return Lookup(self.instance)

    @cached_property
    def choices(self) -> Choices:
        """What the plan decides."""
        return read_decisions(self.lookup, self.plan)[0]

    def without(self, option: Option) -> Choices:
        """The plan's decisions with one assignment crossed out, and what was paid for it."""
        kept = tuple(each for each in self.choices.options if each != option)
        payments = tuple(each for each in self.choices.payments if each.paid_for != option.id)
        return Choices(kept, payments, self.choices.backbones)


def ground(instance: Instance, plan: Plan) -> Ground:
    """Re-check a plan, so that what is said about it is about a plan that follows from its instance.

    Raises
    ------
    UsageError
        If there is no plan, or it was made for another instance.
    VerificationFailed
        If it does not follow from the instance.
    """
    if not plan.has_plan:
        why = f": {'; '.join(plan.reasons)}" if plan.reasons else ""
        raise UsageError(f"there is nothing to explain: the plan is {plan.status}{why}")
    ours = instance_sha256(instance)
    if plan.instance.sha256 != ours:
        raise UsageError(
            f"the plan was made for another instance, or for an earlier version of this one (its SHA-256 is "
            f"{plan.instance.sha256[:12]}…, this one's {ours[:12]}…); give that file, or solve this one anew"
        )
    verdict = verify(instance, plan)
    if not verdict.is_valid:
        raise VerificationFailed(verdict.problems)
    return Ground(apply(instance, plan.instance.scenario).instance, plan)
