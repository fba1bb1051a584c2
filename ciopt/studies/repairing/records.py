"""`Infeasibility`: why an instance has no plan, what would repair it, and what contradicts what."""

from __future__ import annotations

from typing import Any, Literal

from ciopt.instance.base import Flag, Words
from ciopt.plan.records import InstanceStamp, StoppedBy
from ciopt.plan.repair import Repair


class Clash(Words):
    """Requirements that cannot all be kept, whatever becomes of the others."""

    requirements: tuple[str, ...]
    """What each says."""
    paths: tuple[str, ...]
    """Where each stands."""
    smallest: Flag = False
    """Whether no fewer requirements contradict one another: proven; without any one of them, they do not."""


class Infeasibility(Words):
    """Why an instance has no plan."""

    kind: Literal["infeasibility"] = "infeasibility"
    instance: InstanceStamp = InstanceStamp()
    status: Literal["feasible", "infeasible", "no_plan"] = "no_plan"
    """`feasible`: there is a plan, nothing to repair; `no_plan`: whether there is one was not settled."""
    stopped_by: StoppedBy | None = None
    reasons: tuple[str, ...] = ()
    """What arithmetic alone shows, with amounts."""
    repairs: tuple[Repair, ...] = ()
    """Ways to repair it, the cheapest first; each was applied, and a plan found and re-checked."""
    complete: Flag = False
    """Whether the first is the cheapest there is, and no other of so few changes was left out: proven."""
    repairable: Flag = True
    """Whether changing requirements other than those to keep can help at all; false is proven."""
    conflict: Clash | None = None
    kept: tuple[str, ...] = ()
    """What was not to be changed."""
    solver: str = ""
    notes: tuple[str, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        return {"ciopt": 1, "kind": self.kind, **self.model_dump(by_alias=True)}
