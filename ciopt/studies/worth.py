"""What a plan is worth under an instance's own arithmetic, whatever it was solved for."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance import Instance, Lookup
from ciopt.plan import Plan
from ciopt.plan.compose import compose
from ciopt.verification.decisions import read_decisions


def value_of(instance: Instance, plan: Plan) -> Decimal:
    """Return the value of a plan's decisions: the instance's weights, saturation, synergies and overlaps."""
    lookup = Lookup(instance)
    choices, _ = read_decisions(lookup, plan)
    value = compose(lookup, choices).value
    assert value is not None
    return value
