"""Repairs that a document without a plan offers: they speak of requirements of the instance, and rightly.

That a repair gives a plan was seen when it was found; whoever makes it and solves sees it again.
"""

from __future__ import annotations

from collections.abc import Iterator

from ciopt.errors import Problem
from ciopt.instance import Instance
from ciopt.instance.requirements import requirements_of
from ciopt.plan.records import Plan


def check_repairs(instance: Instance, plan: Plan) -> Iterator[Problem]:
    """Compare what is to be changed with what stands in the instance."""
    if plan.repairs and plan.status != "infeasible":
        yield Problem("E551", f"a plan that is {plan.status} has no repairs", ("repairs",))
        return
    known = {each.path: each for each in requirements_of(instance)} if plan.repairs else {}
    for number, repair in enumerate(plan.repairs):
        for place, change in enumerate(repair.changes):
            path = ("repairs", number, "changes", place)
            requirement = known.get(change.path)
            if requirement is None:
                yield Problem("E551", f"{change.path!r} is no requirement of the instance", path)
            elif change.before != requirement.limit:
                text = f"{change.path} is {requirement.limit} in the instance, not {change.before}"
                yield Problem("E551", text, (*path, "before"))
            elif change.after is not None and repair.set.get(change.path) != change.after:
                text = f"{change.path} becomes {repair.set.get(change.path)}, not {change.after}"
                yield Problem("E551", text, (*path, "after"))
