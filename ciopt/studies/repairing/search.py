"""`ElasticSearch`: asks an elastic program for the least that must give way."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from fractions import Fraction
from threading import Event

import numpy as np

from ciopt.engines.backends import CPSAT, Backend
from ciopt.engines.cpsat import refuses
from ciopt.engines.exact.candidate import Candidate, Cut, Examiner, with_cut
from ciopt.engines.exact.lower import dense
from ciopt.engines.exact.search import SETTLE_SECONDS, Found, Search
from ciopt.engines.exact.ties import fixed
from ciopt.engines.matrix import Matrix, Outcome, Parameters
from ciopt.errors import VerificationFailed
from ciopt.instance import Instance, Lookup
from ciopt.instance.agenda import Agenda
from ciopt.plan import Plan
from ciopt.plan.compose import compose
from ciopt.planner import stamp
from ciopt.program import compile_program
from ciopt.program.decode import Array
from ciopt.program.elastic import Elastic, neutral
from ciopt.program.model import Bonus, Goal, Program
from ciopt.program.ordered import sum_of_least
from ciopt.program.risk import OVERRUN
from ciopt.program.slacks import Slack
from ciopt.settings import Progress
from ciopt.verification import verify

NAME = "repair"

CONFIRM_SECONDS = 2.0
"""For asking CP-SAT, which computes in integers, whether there is really no plan."""

Weights = Mapping[int, int]
"""What one unit of each column costs."""


@dataclass(frozen=True)
class Answer:
    """What came back: the vector, whether nothing costs less, and whether there is nothing at all."""

    values: Array | None
    proven: bool

    @property
    def impossible(self) -> bool:
        """Whether there is provably no plan."""
        return self.proven and self.values is None


class _Examiner(Examiner):
    """Judges by what gave way alone, and by a fairness floor only where it did not.

    Whether money is left for overruns is judged by the elastic row, from the exact sum of the largest.

    Parameters
    ----------
    floor
        Column that says that the floor gave way; None without a floor.
    """

    def __init__(
        self, program: Program, matrix: Matrix, settle: Callable[[Matrix], Outcome], floor: int | None
    ) -> None:
        super().__init__(program, matrix, settle)
        self.floor = floor
        agenda = program.instance.agenda.model_copy(update={"risk": None})  # a row keeps money for overruns
        self.held = replace(program, lookup=Lookup(_agreeing(program.instance, agenda)))
        free = agenda.model_copy(update={"fairness": None})
        self.free = replace(program, lookup=Lookup(_agreeing(program.instance, free)))

    def examine(self, values: Array) -> Candidate | Cut | None:
        """See `Examiner`."""
        self.program = self.free if self.floor is not None and values[self.floor] else self.held
        result = super().examine(values)
        if isinstance(result, Candidate):
            return replace(result, worth={"value": self.program.bonus.of(result.values)})
        return result

    def completed(self, values: Array) -> Array:
        """See `Examiner`; and what overruns of costs come to."""
        exact = super().completed(values)
        for each in self.program.ordered:
            if each.name == OVERRUN:
                exact[each.column] = sum_of_least(each, exact) - each.base
        return exact

    def without(self, exact: Array) -> Cut:
        """Rule out one vector of decisions, the floor's among them."""
        cut = super().without(exact)
        if self.floor is None:
            return cut
        taken = int(exact[self.floor] > 0)
        sign = 1 if taken else -1
        return Cut(np.append(cut.column, self.floor), np.append(cut.value, sign), cut.upper + taken)


def _agreeing(instance: Instance, agenda: Agenda) -> Instance:
    return instance.model_copy(update={"agenda": agenda})


class ElasticSearch(Search):
    """The workers and the clock of a study of an infeasible instance.

    Slacks and switches are settled together with the payments: in whole numbers, and as small as they can be.
    """

    def __init__(
        self,
        elastic: Elastic,
        backend: Backend,
        parameters: Parameters,
        report: Callable[[Progress], None],
        interrupt: Event,
    ) -> None:
        super().__init__(elastic.program, backend, parameters, report, interrupt)
        self.elastic = elastic
        self.plain, self.base = elastic.program, self.matrix
        self.chosen = backend

    @property
    def is_over(self) -> bool:
        """Whether time is up, or somebody said stop."""
        return self.interrupt.is_set() or self.remaining() == 0.0

    def least(
        self,
        weights: Weights,
        may_give: Iterable[Slack],
        rows: Iterable[Cut] = (),
        seconds: float | None = None,
    ) -> Answer:
        """Find a vector in which what gives way costs least.

        Parameters
        ----------
        weights
            Cost of each column, at least 0.
        may_give
            Requirements that may be touched; all others hold.
        rows
            What is asked for besides.
        seconds
            Any answer is welcome after so long.
        """
        program = self.plain
        columns = np.array(list(weights), dtype=np.int64)
        costs = [-int(cost) for cost in weights.values()]
        goal = Goal("value", columns, np.array(costs, dtype=np.int64), Fraction(1))
        self.program = replace(
            program, goals=(goal,), bonus=Bonus(dict(zip(columns.tolist(), costs, strict=True)))
        )
        held = {each.touched for each in self.elastic.slacks} - {each.touched for each in may_give}
        self.matrix = fixed(self.base, np.array(sorted(held), dtype=np.int64), np.zeros(len(held), np.int64))
        for row in rows:
            self.matrix = with_cut(self.matrix, row)
        self._examine_anew()
        matrix = replace(self.matrix, objective=dense(goal, program.num_columns))
        return self._asked(self, matrix, goal if weights else None, seconds)

    def _asked(self, search: Search, matrix: Matrix, goal: Goal | None, seconds: float | None) -> Answer:
        """Ask the chosen solver; a float solver that sees no plan is not believed without a second look."""
        search.backend = self.chosen
        with self._limited(search, seconds):
            found = search.maximise(matrix, NAME, goal)
        if found.infeasible and not search.backend.is_exact and refuses(matrix) is None:
            left = self.remaining()
            search.backend = CPSAT
            with self._limited(search, CONFIRM_SECONDS if left is None else min(CONFIRM_SECONDS, left / 4)):
                again = search.maximise(matrix, NAME, goal)
            found = found if again.candidate is None else again
        return _answer(found)

    @contextmanager
    def _limited(self, search: Search, seconds: float | None) -> Iterator[None]:
        """Let a search end after some seconds from now."""
        before = search.parameters
        if seconds is not None:
            until = self.seconds() + seconds
            limit = until if before.time_limit is None else min(until, before.time_limit)
            search.parameters = replace(before, time_limit=limit)
        try:
            yield
        finally:
            search.parameters = before

    def _examine_anew(self) -> None:
        floor = next((each for each in self.elastic.slacks if each.requirement.kind == "floor"), None)
        touched = None if floor is None else floor.touched
        self.examiner = _Examiner(self.program, self.matrix, self._settle, touched)
        self.examiner.is_payment[len(self.examiner.is_payment) - self.program.own_columns :] = True
        if touched is not None:  # whether the floor is kept is seen from the assignments
            self.examiner.is_payment[touched] = False

    def _settle(self, matrix: Matrix) -> Outcome:
        """Whole payments and slacks for given decisions, and the least of them."""
        objective = dense(self.program.goals[0], self.program.num_columns)[self.examiner.is_payment]
        return super()._settle(replace(matrix, objective=objective))

    def plan_of(self, instance: Instance, values: Array) -> Plan | None:
        """Return the plan with the same assignments of a changed instance; None if none was found in time."""
        program = compile_program(neutral(instance))
        count = len(program.options)
        parameters = replace(self.parameters, time_limit=SETTLE_SECONDS)
        search = Search(program, CPSAT, parameters, self.report, Event())
        search.workers = self.workers
        if refuses(search.matrix) is not None:
            search.backend = self.chosen
        search.matrix = fixed(search.matrix, np.arange(count, dtype=np.int64), values[:count])
        search.examiner = Examiner(program, search.matrix, search._settle)
        found = search.maximise(search.matrix, NAME, None)
        if found.candidate is None:
            assert not found.infeasible, "what gave way does not give a plan"
            return None
        plan = compose(Lookup(instance), found.candidate.choices).model_copy(
            update={"status": "feasible", "instance": stamp(instance)}
        )
        verdict = verify(instance, plan)
        if not verdict.is_valid:
            raise VerificationFailed(verdict.problems)
        return plan

    def feasible(self, instance: Instance) -> Answer:
        """Say whether a changed instance has a plan."""
        program = compile_program(neutral(instance))
        search = Search(program, self.chosen, self.parameters, self.report, self.interrupt)
        search.workers, search.started = self.workers, self.started
        return self._asked(search, search.matrix, None, None)


def _answer(found: Found) -> Answer:
    if found.infeasible:
        return Answer(None, True)
    return Answer(None if found.candidate is None else found.candidate.values, found.proven)
