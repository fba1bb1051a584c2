"""The large engine where fairness or risk decide by their least, goal after goal.

For each goal prices and weights are sought and written down as a certificate; a plan is searched with what
was found, and judged by what was asked for. A later goal is bounded over all plans that are no worse than
this one in the goals before: so it may follow a goal that is not proven.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from threading import Event

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate import Certificate, Prover, certified_bound
from ciopt.engines.large.agenda import bare_program, goal_of, mix_of
from ciopt.engines.large.columns import columns_of
from ciopt.engines.large.engine import SOLVER, Large
from ciopt.engines.large.least_pursuit import DialPursuit, LeastPursuit
from ciopt.engines.large.neighbourhood import Neighbourhoods
from ciopt.engines.large.outcomes import Least
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.proof import certificate_of
from ciopt.engines.large.pursuit import Found, Pursuit, ValuePursuit
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.structure import structure_of
from ciopt.engines.matrix import Parameters, StoppedBy
from ciopt.engines.solution import Solution, Stage
from ciopt.engines.start import Start
from ciopt.instance.base import MICRO
from ciopt.instance.choices import Choices
from ciopt.instance.goals import goal_values, goals_of, is_fairness, keeps_floor, rounded, shares_of
from ciopt.program.decode import complete, decode
from ciopt.program.model import Program
from ciopt.settings import Progress

Report = Callable[[Progress], None]
Floats = NDArray[np.float64]
PICO = 10**12
PREPARED = 0.5
"""Part of the time limit after which a search begins, ready or not."""


class GoalSearch(Large):
    """One goal, given what the plan has reached in those before.

    Parameters
    ----------
    whole, bare
        The program; and the one without fairness and risk.
    goal
        Its name.
    held
        Worth of the goals before, in 10^-12.
    found, reached
        Their plan, and its outcomes per unit.
    """

    nothing_new = 60, 400

    def __init__(
        self,
        whole: Program,
        bare: Program,
        goal: str,
        held: dict[str, int],
        found: Found | None,
        reached: Floats | None,
        parameters: Parameters,
        report: Report,
        interrupt: Event,
        start: Start,
    ) -> None:
        self.whole, self.program, self.held = whole, bare, held
        self.goal = goal_of(whole, bare, goal)
        self.found, self.start = found, start
        self.parameters, self.report, self.interrupt = parameters, report, interrupt
        self.started = time.monotonic()
        self.mix = mix_of(whole, bare, self.goal, held, reached)
        self.relaxation = Relaxation(structure_of(bare, self.goal, self.mix))
        known = (
            start.certificate if start.certificate is not None and start.certificate.goal == goal else None
        )
        self.search = PriceSearch(self.relaxation, known)
        self.improver = None
        self.pursuit: Pursuit | None = None
        self.certificate: Certificate | None = None
        self.proven: Fraction | None = None

    @property
    def least(self) -> Least | None:
        """The outcomes whose least are the goal, or a part of it."""
        return next((part for part in self.mix.parts if isinstance(part, Least)), None)

    def worth(self) -> int | None:
        """Worth of the best plan in 10^-12, about; None if there is none."""
        if self.pursuit is None or self.pursuit.best is None:
            return None
        return round(self.pursuit.best.worth * PICO) + rounded(self.goal.offset)

    def bound(self) -> Fraction:
        """What was proven, or what the prices promise as long as nothing was."""
        size = self.least.size if self.least is not None and is_fairness(self.goal.name) else 1.0
        return Fraction(self.search.relaxed.bound / size) if self.proven is None else self.proven

    def run(self) -> None:
        """Lower the bound, prove it while a plan is searched."""
        self.lower_bound()
        written = certificate_of(self.relaxation, self.search.best, self.search.relaxed)
        self.certificate = written.model_copy(update={"goal": self.goal.name})
        prover = Prover(self.whole.instance, self.certificate, self.held)
        try:
            self.pursuit = self._pursuit()
            self._begin(self.pursuit)
            if self.parameters.iterations is not None:
                self._count(self.pursuit, prover, self.parameters.iterations)
            else:
                self._improve(self.pursuit, prover)
            self.proven = prover.bound()
        finally:
            prover.close()

    def _pursuit(self) -> Pursuit:
        kind: type[LeastPursuit | DialPursuit | ValuePursuit] = ValuePursuit
        if self.least is not None:
            kind = LeastPursuit if is_fairness(self.goal.name) else DialPursuit
        return kind(self.program, self.goal, self.mix, self.search, self.parameters.seed)

    def _begin(self, pursuit: Pursuit) -> None:
        given = self.start.columns(self.program)
        pursuit.look()
        if len(given):
            pursuit.improver.start_from(given)
            pursuit.look()
        pursuit.begin(self.found, self.goes_on, self._has_time)
        self.tell()

    def _has_time(self) -> bool:
        """Whether a plan may still be prepared before it is improved."""
        limit = self.parameters.time_limit
        return self.goes_on() and (limit is None or self.seconds() < PREPARED * limit)

    def _improve(self, pursuit: Pursuit, prover: Prover) -> None:
        """Rounds and exact pieces until the gap, the limit, or nothing new for long."""
        idle, has_pieces = 0, self.least is None
        with Neighbourhoods(pursuit.improver, self.parameters, self.interrupt) as pieces:
            while self.goes_on() and (idle < self.patience or (has_pieces and not pieces.are_in_vain)):
                if pursuit.improver.best is None:
                    return
                before = self.worth()
                pursuit.round(self.goes_on)
                if self.proven is None and prover.is_done:
                    self.proven = prover.bound()
                elif self.proven is not None and has_pieces:
                    pieces.turn()
                    pursuit.look()
                idle = 0 if self.worth() != before else idle + 1
                self.tell()

    def _count(self, pursuit: Pursuit, prover: Prover, rounds: int) -> None:
        """So many rounds, with nothing that depends on the clock."""
        self.proven = prover.bound()
        for _ in range(rounds):
            if not self.goes_on() or pursuit.improver.best is None:
                return
            pursuit.round(lambda: not self.interrupt.is_set())
            self.tell()

    def choices(self) -> Choices | None:
        """The best plan in words, if it keeps every floor to the last digit."""
        if self.pursuit is None or self.pursuit.best is None:
            return None
        self.pursuit.back()
        program = self.pursuit.program
        choices = decode(program, complete(program, columns_of(program, self.pursuit.improver)))
        return choices if keeps_floor(self.whole.lookup, choices) else None


def solve_goals(
    program: Program, parameters: Parameters, report: Report, interrupt: Event, start: Start
) -> Solution:
    """Solve a program with fairness or risk; see `solve_exact` for the parameters."""
    started, bare = time.monotonic(), bare_program(program)
    names = goals_of(program.lookup)
    held: dict[str, int] = {}
    found, choices, reached = None, None, None
    searches: list[GoalSearch] = []
    stopped: StoppedBy | None = None
    for number, name in enumerate(names):
        own = parameters
        if parameters.time_limit is not None:
            left = parameters.time_limit - (time.monotonic() - started)
            own = replace(parameters, time_limit=max(0.1, left / (len(names) - number)))
        search = GoalSearch(program, bare, name, held, found, reached, own, report, interrupt, start)
        search.run()
        better = search.choices()
        if better is None and choices is None:
            return Solution(None, (), False, search.stop() or StoppedBy.STALLED, SOLVER)
        searches.append(search)
        if better is not None and search.pursuit is not None:
            choices, found = better, search.pursuit.best
            reached = np.array([each.per_unit for each in shares_of(program.lookup, choices)]) / MICRO
            if number + 1 < len(names):
                held = {**held, name: rounded(goal_values(program.lookup, choices)[name])}
        stopped = search.stop() or stopped or search.ended()
    assert choices is not None
    return _solution(program, choices, searches, stopped)


def _solution(
    program: Program, choices: Choices, searches: list[GoalSearch], stopped: StoppedBy | None
) -> Solution:
    worth = goal_values(program.lookup, choices)
    stages = []
    held: dict[str, int] = {}
    for search in searches:
        reached, proven = rounded(worth[search.goal.name]), search.proven
        if search.certificate is not None and search.held != held:
            # the plan came to more in a goal before than what this one was bounded for
            proven = certified_bound(program.lookup, search.certificate, held)
        held = {**held, search.goal.name: reached}
        bound = None if proven is None else int(proven * PICO // 1)
        is_headline = not is_fairness(search.goal.name)
        certificate = None if is_headline else search.certificate
        stages.append(Stage(search.goal.name, reached, bound, bound == reached, certificate))
    is_proven = all(stage.proven for stage in stages)
    return Solution(
        choices,
        tuple(stages),
        False,
        None if is_proven else stopped,
        SOLVER,
        (),
        searches[-1].certificate,
    )
