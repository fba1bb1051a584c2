"""Boolean expressions as linear inequalities, in both directions.

For 0/1 expressions p_1 … p_n a binary z equals

- *any* of them:          z >= p_i for every i;       z <= Σ p_i
- *all* of them:          z <= p_i for every i;       z >= Σ p_i - (n - 1)
- *at least k* of them:   k z <= Σ p_i <= (k - 1) + (n - k + 1) z

Both directions are stated always, though a gain needs only the upper links and a loss only the lower: z
then *is* the condition, whichever way a goal or a target pulls it.

References
----------
R. Fortet (1960), Applications de l'algèbre de Boole en recherche opérationnelle, Revue Française de
Recherche Opérationnelle 4, 17-26.

F. Glover and E. Woolsey (1974), Converting the 0-1 polynomial programming problem to a 0-1 linear program,
Operations Research 22(1), 180-182.
"""

from __future__ import annotations

from collections.abc import Sequence

import pulp

from models.model import Expression, Model


def any_of(model: Model, parts: Sequence[Expression], label: str) -> Expression:
    """Return an expression that is 1 iff one of the parts is 1."""
    if len(parts) < 2:
        return pulp.lpSum(parts)
    z = model.binary(label)
    for part in parts:
        model.require(z - part >= 0, f"{label}: a part brings it")
    model.require(z - pulp.lpSum(parts) <= 0, f"{label}: needs a part")
    return z


def all_of(model: Model, parts: Sequence[Expression], label: str) -> Expression:
    """Return an expression that is 1 iff all of the (one or more) parts are 1."""
    if len(parts) == 1:
        return parts[0]
    z = model.binary(label)
    for part in parts:
        model.require(z - part <= 0, f"{label}: needs every part")
    model.require(z - pulp.lpSum(parts) >= 1 - len(parts), f"{label}: all parts bring it")
    return z


def at_least(model: Model, parts: Sequence[Expression], k: int, label: str) -> Expression:
    """Return an expression that is 1 iff at least k >= 1 of the parts are 1."""
    n = len(parts)
    if k > n:
        return pulp.lpSum([])
    if k == 1:
        return any_of(model, parts, label)
    if k == n:
        return all_of(model, parts, label)
    z = model.binary(label)
    model.require(pulp.lpSum(parts) - k * z >= 0, f"{label}: needs {k} parts")
    model.require(pulp.lpSum(parts) - (n - k + 1) * z <= k - 1, f"{label}: {k} parts bring it")
    return z
