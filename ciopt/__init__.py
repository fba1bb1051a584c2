"""ciopt plans coalitions: who does which activity, where, when, paid by whom, with a proof.

>>> import ciopt
>>> instance = ciopt.load("instances/small/two-villages.json")  # doctest: +SKIP
>>> plan = ciopt.solve(instance)  # doctest: +SKIP
>>> plan.status, plan.value  # doctest: +SKIP
('optimal', Decimal('390'))
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ciopt.version import __version__

if TYPE_CHECKING:
    from ciopt.errors import CioptError, InvalidInput, SolverFailed, UsageError, VerificationFailed
    from ciopt.files import read_instance as load
    from ciopt.files import read_plan as load_plan
    from ciopt.instance import Instance, parse
    from ciopt.plan import Plan
    from ciopt.planner import solve
    from ciopt.settings import Progress, Settings
    from ciopt.verification import Verdict, verify

_HOMES = {
    "CioptError": "ciopt.errors",
    "InvalidInput": "ciopt.errors",
    "SolverFailed": "ciopt.errors",
    "UsageError": "ciopt.errors",
    "VerificationFailed": "ciopt.errors",
    "Instance": "ciopt.instance",
    "Plan": "ciopt.plan",
    "Progress": "ciopt.settings",
    "Settings": "ciopt.settings",
    "Verdict": "ciopt.verification",
    "load": "ciopt.files:read_instance",
    "load_plan": "ciopt.files:read_plan",
    "parse": "ciopt.instance",
    "solve": "ciopt.planner",
    "verify": "ciopt.verification",
}

__all__ = [
    "CioptError",
    "Instance",
    "InvalidInput",
    "Plan",
    "Progress",
    "Settings",
    "SolverFailed",
    "UsageError",
    "Verdict",
    "VerificationFailed",
    "__version__",
    "load",
    "load_plan",
    "parse",
    "solve",
    "verify",
]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: ``import ciopt`` stays instant."""
    if name not in _HOMES:
        raise AttributeError(f"module 'ciopt' has no attribute {name!r}")
    module, _, attribute = _HOMES[name].partition(":")
    return getattr(import_module(module), attribute or name)
