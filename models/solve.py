"""`solve`: goals in order, each pinned at its best, every answer re-checked in Python integers.

A float solver's word is not taken for it. Its values are rounded and put into every row in exact arithmetic;
if they break one, the 0/1 variables are kept and the payments solved for again, and if that fails the 0/1
vector is cut off and the search goes on. Its claims that nothing (better) exists are asked for again, with
"better than the best by one unit" as a row and under other settings, and are believed if all agree.

The answer is then measured by the words alone (`ciopt.instance.value`): a formulation that counts otherwise
than the words fails here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import pulp

from ciopt.errors import Problem, VerificationFailed
from ciopt.instance import Instance, Option
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.effects import SynergyInstance, is_achieved
from ciopt.instance.value import by_activity, goal_value, movements
from models.build import build
from models.model import Goal, Model, evaluate, is_satisfied
from models.money import total_cost
from models.solvers import candidates, run

MAX_CUTS = 30
"""0/1 vectors that may be cut off in one stage before the solver is called unreliable."""

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
        The value of each goal of the agenda in order, in 10^-12, larger is better: cost and penalties count
        negative, as in `ciopt.instance.value.goal_value`.
    cost
        Cost of the plan in minor units, the least among plans with these goals.
    options
        The assignments, sorted by id.
    payments
        Minor units by (fund, what is paid, period).
    carried
        (synergy as ``id@at``, backbone) for each synergy that a backbone carries.
    backbones
        Partners that are paid to coordinate.
    solver
        The solver's name in PuLP.
    num_cuts
        0/1 vectors that had to be cut off because their payments did not work out.
    """

    status: Status
    goals: dict[str, int] = field(default_factory=dict)
    cost: int | None = None
    options: tuple[Option, ...] = ()
    payments: dict[tuple[str, str, str], int] = field(default_factory=dict)
    carried: tuple[tuple[str, str], ...] = ()
    backbones: tuple[str, ...] = ()
    solver: str = ""
    num_cuts: int = 0

    @property
    def choices(self) -> Choices:
        """The decisions as the words keep them: what `ciopt.verify` checks."""
        backbones: dict[str, tuple[tuple[str, str], ...]] = {partner: () for partner in self.backbones}
        for name, partner in self.carried:
            synergy, _, at = name.partition("@")
            backbones[partner] = (*backbones[partner], (synergy, at))
        payments = tuple(Paid(*key, amount) for key, amount in self.payments.items())
        return Choices(self.options, payments, backbones)


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
        """Build the problem of this stage, with cuts, or with the 0/1 variables kept as they are."""
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
    values: Values | None = None
    objective: int = 0
    num_cuts: int = 0


def solve(instance: Instance, solver: Any = None) -> ReferenceResult:
    """Solve an instance by its reference formulation.

    Parameters
    ----------
    solver
        Name of a solver that PuLP knows, a PuLP solver object, or None for the best that PuLP finds.

    Raises
    ------
    UsageError
        If PuLP finds no such solver, or ciopt does not solve what the instance asks for.
    VerificationFailed
        If the words (`ciopt.instance.value`) count a plan otherwise than the formulation does.
    """
    solvers, is_exact = candidates(solver)
    name: str = solvers[0].name
    model = build(instance)
    pinned: list[int] = []
    cuts = 0
    best = _Best("unreliable")
    for number in range(len(model.goals)):
        best = _best(_Stage(instance, number, tuple(pinned)), solvers, is_exact)
        cuts += best.num_cuts
        if best.status == "infeasible" and pinned:
            best = _Best("unreliable")
        if best.status != "optimal":
            return ReferenceResult(best.status, solver=name, num_cuts=cuts)
        assert best.values is not None
        pinned.append(best.objective)
    assert best.values is not None
    for goal, objective in zip(model.goals, pinned, strict=True):
        _check_words(model, best.values, goal, objective)
    return _decode(model, best.values, pinned, name, cuts)


def _best(stage: _Stage, solvers: Sequence[Any], is_exact: bool) -> _Best:
    """Solve one stage until every solver (setting) says that nothing better exists."""
    best: _Best | None = None
    forbidden: list[Values] = []
    asked = 0
    while asked < len(solvers):
        model = stage.model(None if best is None else best.objective, forbidden)
        answer = run(model, solvers[asked])
        if answer.ending == "infeasible":
            asked += 1
            continue
        if answer.ending == "stopped" or answer.values is None:
            return _Best("stopped", num_cuts=len(forbidden))
        values = _exactly(stage, model, answer.values, solvers)
        if values is None:
            if len(forbidden) == MAX_CUTS:
                return _Best("unreliable", num_cuts=len(forbidden))
            forbidden.append(answer.values)
            continue
        objective = evaluate(model.goals[stage.goal].expression, values)
        if best is None or objective > best.objective:
            best = _Best("optimal", values, objective)
            asked = 0
        if is_exact and not forbidden:
            break
    if best is None:
        return _Best("unreliable" if forbidden else "infeasible", num_cuts=len(forbidden))
    return _Best("optimal", best.values, best.objective, len(forbidden))


def _exactly(stage: _Stage, model: Model, values: Values, solvers: Sequence[Any]) -> Values | None:
    """Return the values if they hold in every row, else others with the same decisions, or None."""
    if is_feasible(model, values):
        return values
    for solver in solvers:
        again = stage.model(kept={name: int(value > 0) for name, value in values.items()})
        answer = run(again, solver)
        if answer.values is not None and is_feasible(again, answer.values):
            return answer.values
    return None


def is_feasible(model: Model, values: Values) -> bool:
    """Whether values hold in every row and within their bounds, in Python integers."""
    within = all(
        v.lowBound <= values[name] <= v.upBound for name, v in model.variables.items() if name in values
    )
    return within and all(is_satisfied(row, values) for row in model.problem.constraints())


def _decisions(model: Model) -> list[Any]:
    """The 0/1 variables that decide a plan up to its payments."""
    return [*model.chosen.values(), *model.coordinates.values(), *model.carried.values()]


def _paying(model: Model, values: Values) -> list[SynergyInstance]:
    """Synergies that pay off, by the words: achieved, and carried where they need a backbone."""
    assigned = by_activity(option for option, x in model.chosen.items() if values[x.name])
    carried = {number for (number, _), c in model.carried.items() if values[c.name]}
    paying = []
    for number, (instance, _) in enumerate(model.achieved):
        achieved = is_achieved(instance, assigned)
        if number in carried and not achieved:
            _disagree(f"{instance.synergy.id}@{instance.at} is carried and not achieved")
        if achieved and (number in carried or not instance.synergy.backbone):
            paying.append(instance)
    return paying


def _check_words(model: Model, values: Values, goal: Goal, objective: int) -> None:
    """Compare a goal with what the scalar functions of the words make of the same plan."""
    said = _words_value(model, values, goal.name)
    if said != goal.unit * objective:
        _disagree(f"the goal {goal.name} is {goal.unit * objective} in the model and {said} in the words")


def _words_value(model: Model, values: Values, goal: str) -> int:
    assigned = by_activity(option for option, x in model.chosen.items() if values[x.name])
    moved = movements(model.lookup, assigned, _paying(model, values))
    name = goal if goal in model.lookup.instance.agenda.goals else "cost"
    return goal_value(model.lookup, name, moved, _cost(model, values))


def _cost(model: Model, values: Values) -> int:
    return sum(amount * values[variable.name] for amount, variable in total_cost(model))


def _disagree(text: str) -> None:
    raise VerificationFailed([Problem("E901", f"the reference formulation is wrong: {text}")])


def _decode(model: Model, values: Values, pinned: Sequence[int], solver: str, cuts: int) -> ReferenceResult:
    goals = model.lookup.instance.agenda.goals
    synergies = [f"{instance.synergy.id}@{instance.at}" for instance, _ in model.achieved]
    carried = [(synergies[s], partner) for (s, partner), c in model.carried.items() if values[c.name]]
    return ReferenceResult(
        status="optimal",
        goals={
            goal.name: goal.unit * best
            for goal, best in zip(model.goals, pinned, strict=True)
            if goal.name in goals
        },
        cost=_cost(model, values),
        options=tuple(
            sorted((option for option, x in model.chosen.items() if values[x.name]), key=lambda j: j.id)
        ),
        payments={key: values[p.name] for key, p in model.payments.items() if values[p.name]},
        carried=tuple(sorted(carried)),
        backbones=tuple(partner for partner, b in model.coordinates.items() if values[b.name]),
        solver=solver,
        num_cuts=cuts,
    )
