"""`solve`: goals in order, each pinned at its best, every answer re-checked in Python integers.

A float solver's word is not taken for it. Its values are rounded and put into every row in exact arithmetic;
if they break one, its decisions are kept and the payments solved for again, in integers, and if there are
none those decisions are cut off and the search goes on. Its claims that nothing (better) exists are asked
for again under other settings, with "better than the best by one unit" as a row, and believed if none
objects. Where this leaves a doubt, the status is ``unreliable``.

The answer is then measured by the words alone (`ciopt.instance.value`): a formulation that counts otherwise
than the words fails here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulp

from ciopt.errors import Problem, SolverFailed, VerificationFailed
from ciopt.instance import Instance, Option
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.goals import goal_values, goals_of, rounded
from ciopt.instance.value import total_cost
from models.build import build
from models.model import Model, evaluate, is_satisfied
from models.solvers import EXACT, candidates, exact, run

MAX_CUTS = 30
"""Decisions that may be cut off in one stage before the solver is called unreliable."""

Status = Literal["optimal", "infeasible", "stopped", "unreliable"]
Values = Mapping[str, int]


@dataclass(frozen=True)
class ReferenceResult:
    """What the reference models say of an instance.

    Parameters
    ----------
    status
        ``optimal``, ``infeasible``, ``stopped`` (a limit of the solver that was given), or ``unreliable``
        (the solver's answers do not hold in exact arithmetic). Only the first has a plan.
    goals
        The value of each goal of the agenda in order, in 10^-12 rounded down, larger is better: cost and
        penalties count negative, as in `ciopt.instance.goals.goal_values`.
    cost
        Cost of the plan in minor units, the least among plans with these goals.
    choices
        The decisions, as `ciopt.verify` checks them: options sorted by id, payments in minor units, and the
        backbones with what they carry.
    solver
        The solver's name in PuLP.
    num_cuts
        Decisions that had to be cut off because no payments go with them.
    """

    status: Status
    goals: dict[str, int] = field(default_factory=dict)
    cost: int | None = None
    choices: Choices = field(default_factory=lambda: Choices(()))
    solver: str = ""
    num_cuts: int = 0

    @property
    def options(self) -> tuple[Option, ...]:
        """The assignments, sorted by id."""
        return self.choices.options


@dataclass(frozen=True)
class _Stage:
    """A goal in its turn: the earlier goals' best values stay."""

    instance: Instance
    goal: int
    pinned: tuple[int, ...]

    def model(
        self,
        better_than: int | None = None,
        forbidden: Sequence[Values] = (),
        kept: Values | None = None,
    ) -> Model:
        """Build the problem of this stage, with cuts, or with the decisions kept as they are."""
        model = build(self.instance)
        for goal, value in zip(model.goals, self.pinned, strict=False):
            model.require(goal.expression >= value, f"{goal.name} stays at its best")
        goal = model.goals[self.goal]
        if better_than is not None:
            model.require(goal.expression >= better_than + 1, f"{goal.name} gets better")
        for values in forbidden:
            changed = [1 - v if values[v.name] else v for v in _decisions(model)]
            model.require(pulp.lpSum(changed) >= 1, "not this again")
        if kept is not None:
            for variable in _decisions(model):
                model.require(variable - kept[variable.name] == 0, "kept")
        model.problem.setObjective(pulp.lpSum([goal.expression]))
        return model


@dataclass(frozen=True)
class _Best:
    """How a stage ended."""

    status: Status
    values: Values = field(default_factory=dict)
    objective: int = 0
    num_cuts: int = 0


def solve(instance: Instance, solver: Any = None) -> ReferenceResult:
    """Solve an instance by its reference formulation.

    Parameters
    ----------
    solver
        Name of a solver that PuLP knows, a PuLP solver object, or None for the best there is: CP-SAT.

    Raises
    ------
    UsageError
        If there is no such solver, or ciopt does not solve what the instance asks for.
    SolverFailed
        If the solver crashes, or a number is too large to be exact as a float.
    VerificationFailed
        If the words (`ciopt.instance.value`) count a plan otherwise than the formulation does.
    """
    solvers = candidates(solver)
    name: str = solvers[0].name
    model = build(instance)
    pinned: list[int] = []
    cuts = 0
    best = _Best("unreliable")
    for number in range(len(model.goals)):
        best = _best(_Stage(instance, number, tuple(pinned)), solvers)
        cuts += best.num_cuts
        if best.status != "optimal":
            # an earlier stage found a plan: it does not go away
            status: Status = "unreliable" if pinned and best.status == "infeasible" else best.status
            return ReferenceResult(status, solver=name, num_cuts=cuts)
        pinned.append(best.objective)
    choices = _decode(model, best.values)
    _check_words(model, choices, pinned)
    goals: dict[str, int] = {
        goal.name: rounded(goal.unit * objective)
        for goal, objective in zip(model.goals, pinned, strict=True)
        if goal.name in goals_of(model.lookup)
    }
    return ReferenceResult("optimal", goals, total_cost(model.lookup, choices), choices, name, cuts)


def _best(stage: _Stage, solvers: Sequence[Any]) -> _Best:
    """Solve one stage until no solver (setting) finds anything better."""
    best: _Best | None = None
    forbidden: list[Values] = []
    is_sure = True
    asked = agreed = 0
    crash: SolverFailed | None = None
    while asked < len(solvers):
        solver = solvers[asked]
        model = stage.model(None if best is None else best.objective, forbidden)
        try:
            answer = run(model, solver)
        except SolverFailed as error:
            crash = error
            asked += 1
            continue
        if answer.ending == "infeasible":
            asked += 1
            agreed += 1
            continue
        if answer.ending == "stopped" or answer.values is None:
            return _Best("stopped", num_cuts=len(forbidden))
        values, is_proven = _exactly(stage, model, answer.values)
        if values is None:
            is_sure = is_sure and is_proven
            forbidden.append(answer.values)
            if len(forbidden) > MAX_CUTS:
                return _Best("unreliable", num_cuts=len(forbidden))
            continue
        best = _Best("optimal", values, evaluate(model.goals[stage.goal].expression, values))
        if solver.name == EXACT and values is answer.values:
            return best
        asked = agreed = 0
    if crash is not None and not agreed:
        raise crash
    if not is_sure:
        return _Best("unreliable", num_cuts=len(forbidden))
    if best is None:
        return _Best("infeasible", num_cuts=len(forbidden))
    return _Best("optimal", best.values, best.objective, len(forbidden))


def _exactly(stage: _Stage, model: Model, values: Values) -> tuple[Values | None, bool]:
    """Return the values if they hold in every row, else others with the same decisions or None.

    The second part says whether it is proven that there are none.
    """
    if is_feasible(model, values):
        return values, False
    solver = exact()
    if solver is None:
        return None, False
    again = stage.model(kept={name: int(value > 0) for name, value in values.items()})
    answer = run(again, solver)
    if answer.values is not None and is_feasible(again, answer.values):
        return answer.values, False
    return None, answer.ending == "infeasible"


def is_feasible(model: Model, values: Values) -> bool:
    """Whether values hold in every row and within their bounds, in Python integers."""
    within = (v.lowBound <= values[name] <= v.upBound for name, v in model.variables.items())
    return all(within) and all(is_satisfied(row, values) for row in model.problem.constraints())


def _decisions(model: Model) -> list[Any]:
    """The 0/1 variables that decide a plan up to its payments."""
    return [*model.chosen.values(), *model.coordinates.values(), *model.carried.values()]


def _decode(model: Model, values: Values) -> Choices:
    chosen = [option for option, x in model.chosen.items() if values[x.name]]
    payments = [Paid(*key, values[p.name]) for key, p in model.payments.items() if values[p.name]]
    backbones: dict[str, tuple[tuple[str, str], ...]] = {}
    for partner, coordinates in model.coordinates.items():
        if values[coordinates.name]:
            carried = [s for (s, by), c in model.carried.items() if by == partner and values[c.name]]
            instances = [model.achieved[number][0] for number in carried]
            backbones[partner] = tuple((each.synergy.id, each.at) for each in instances)
    return Choices(tuple(sorted(chosen, key=lambda option: option.id)), tuple(payments), backbones)


def _check_words(model: Model, choices: Choices, pinned: Sequence[int]) -> None:
    """Compare every goal with what the scalar functions of the words make of the same decisions."""
    said = goal_values(model.lookup, choices)
    for goal, objective in zip(model.goals, pinned, strict=True):
        if said[goal.name] != goal.unit * objective:
            text = f"{goal.name} is {goal.unit * objective} in the model and {said[goal.name]} in the words"
            raise VerificationFailed([Problem("E901", f"the reference formulation is wrong: {text}")])
