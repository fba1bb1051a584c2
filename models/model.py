"""`Model`: a PuLP problem, the instance it is about, and what each column and row means.

Columns and rows have neutral names (``v0``, ``r0``): PuLP maps ``x+`` and ``x-`` to one name. What they
stand for is in `Model.columns` and `Model.rows`. All coefficients are whole numbers below 2^53, so that
they are exact as floats too and every answer can be checked in Python integers.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

import pulp

from ciopt.errors import SolverFailed
from ciopt.instance.effects import SynergyInstance
from ciopt.instance.estimates import Estimated
from ciopt.instance.lookup import Lookup, Option

Variable = Any
"""A PuLP variable."""
Expression = Any
"""A PuLP variable, affine expression or constraint: PuLP 3 and 4 name the classes differently."""
Terms = list[tuple[int, Variable]]
"""Σ amount x variable, the amounts as Python ints."""

LARGEST = 2**53
"""Whole numbers below it are exact as floats."""


@dataclass(frozen=True)
class Goal:
    """Something to maximise: ``unit`` x ``expression``, in 10^-12 of value or money."""

    name: str
    unit: Fraction
    expression: Expression


@dataclass
class Movements:
    """What moves one indicator, in 10^-6 units: at each place, and in each group (group synergies)."""

    places: dict[str, Terms] = field(default_factory=dict)
    groups: dict[str, Terms] = field(default_factory=dict)

    @property
    def total(self) -> Terms:
        """All of it."""
        parts = [*self.places.values(), *self.groups.values()]
        return [term for part in parts for term in part]


class Model:
    """The variables of the plan by what they mean, and the problem that holds their constraints.

    Parameters
    ----------
    lookup
        The instance and its indexes.
    """

    def __init__(self, lookup: Lookup) -> None:
        self.lookup = lookup
        self.problem = pulp.LpProblem("reference", pulp.LpMaximize)
        self.columns: dict[str, str] = {}
        """What each variable stands for, by its name."""
        self.rows: dict[str, str] = {}
        """What each constraint says, by its name."""
        self.variables: dict[str, Variable] = {}

        self.chosen: dict[Option, Variable] = {}
        """x: the option is assigned."""
        self.takes_part: dict[str, Variable] = {}
        """w: the partner has an assignment (only where that costs something)."""
        self.coordinates: dict[str, Variable] = {}
        """b: the partner is a chosen backbone."""
        self.achieved: list[tuple[SynergyInstance, Expression]] = []
        """A: the members that the synergy needs are assigned, by the partners it asks for."""
        self.carried: dict[tuple[int, str], Variable] = {}
        """c: a backbone carries a synergy (its number in `achieved`)."""
        self.overlapping: list[tuple[str, str, Estimated, Terms]] = []
        """(indicator, place, estimate, correction) for each overlap, place and estimate that loses by it."""
        self.payments: dict[tuple[str, str, str], Variable] = {}
        """p, in minor units: (fund, what is paid, period)."""
        self.movements: dict[str, Movements] = {}
        self.parts: list[tuple[str, str | None, Estimated | None, Terms]] = []
        """(indicator, place or None, estimate or None, terms): the movements by what they err with."""
        self.goals: list[Goal] = []

    def binary(self, label: str) -> Variable:
        """Add a variable that is 0 or 1."""
        return self.whole(label, 0, 1)

    def whole(self, label: str, least: int, most: int) -> Variable:
        """Add a whole-number variable with finite bounds (CP-SAT asks for them)."""
        name = f"v{len(self.columns)}"
        variable = self.problem.add_variable(name, least, most, "Integer")
        self.columns[name] = label
        self.variables[name] = variable
        return variable

    def require(self, constraint: Expression, label: str) -> None:
        """Add a constraint; one without variables holds or makes the problem infeasible.

        Raises
        ------
        SolverFailed
            If a number in it is too large to be exact.
        """
        name = f"r{len(self.rows)}"
        numbers = [constraint.constant, *(amount for _, amount in constraint.items())]
        if any(abs(number) >= LARGEST or number != round(number) for number in numbers):
            raise SolverFailed(f"a number in {label!r} is not a whole number below 2^53")
        if len(numbers) == 1:
            if is_satisfied(constraint, {}):
                return
            constraint = self.whole("nothing", 0, 0) >= 1
        self.problem += constraint, name
        self.rows[name] = label

    def activity(self, intervention: str, place: str) -> Expression:
        """y_a = Σ x_j over the options j of the activity a."""
        return pulp.lpSum(self.chosen[option] for option in self.options_of(intervention, place))

    def options_of(self, intervention: str, place: str) -> Sequence[Option]:
        """The ways to do an activity."""
        return self._by_activity.get((intervention, place), ())

    def add_options(self, options: Iterable[Option]) -> None:
        """Add a binary for each option."""
        self._by_activity: dict[tuple[str, str], list[Option]] = {}
        for option in options:
            self.chosen[option] = self.binary(option.id)
            self._by_activity.setdefault(option.activity, []).append(option)

    @property
    def activities(self) -> Iterable[tuple[str, str]]:
        """All (intervention, place) that have an option."""
        return self._by_activity


def expand(amount: int, expression: Expression) -> Terms:
    """Write amount x expression as terms (the expressions used so have no constant)."""
    return [(amount * round(times), variable) for variable, times in pulp.lpSum([expression]).items()]


def total(terms: Terms, unit: int = 1) -> Expression:
    """Σ amount / unit x variable; unit divides every amount."""
    return pulp.lpSum((amount // unit) * variable for amount, variable in terms)


def evaluate(expression: Expression, values: Mapping[str, int]) -> int:
    """Value of an expression, in Python integers."""
    result: int = round(expression.constant)
    for variable, amount in expression.items():
        result += round(amount) * values[variable.name]
    return result


def is_satisfied(constraint: Expression, values: Mapping[str, int]) -> bool:
    """Whether a constraint holds, in Python integers."""
    left, sense = evaluate(constraint, values), int(constraint.sense)
    if sense == pulp.LpConstraintEQ:
        return left == 0
    return left <= 0 if sense == pulp.LpConstraintLE else left >= 0
