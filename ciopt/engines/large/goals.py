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

from ciopt.certificate import Certificate, Prover, certified_bound
from ciopt.engines.large.agenda import bare_program, goal_of, mix_of
from ciopt.engines.large.columns import columns_of
from ciopt.engines.large.engine import SOLVER, Large
from ciopt.engines.large.least_pursuit import DialPursuit, LeastPursuit
from ciopt.engines.large.neighbourhood import Neighbourhoods
from ciopt.engines.large.outcomes import Least
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.proof import certificate_of
from ciopt.engines.large.pursuit import Pursuit, ValuePursuit
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.stage import Clock, Reached
from ciopt.engines.large.structure import structure_of
from ciopt.engines.matrix import Parameters, StoppedBy
from ciopt.engines.solution import Solution, Stage
from ciopt.engines.start import Start
from ciopt.instance.choices import Choices
from ciopt.instance.goals import goal_values, goals_of, is_fairness, keeps_floor, rounded
from ciopt.program.decode import complete, decode
from ciopt.program.model import Program
from ciopt.settings import Progress

Report = Callable[[Progress], None]
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
    reached
        What the plan has come to in the goals before.
    """

    nothing_new = 60, 400

    def __init__(
        self,
        whole: Program,
        bare: Program,
        goal: str,
        reached: Reached,
        parameters: Parameters,
        report: Report,
        interrupt: Event,
        start: Start,
    ) -> None:
        self.whole, self.program, self.held = whole, bare, reached.held
        self.goal = goal_of(whole, bare, goal)
        self.found, self.start = reached.found, start
        self.parameters, self.report, self.interrupt = parameters, report, interrupt
        self.started = time.monotonic()
        self.mix = mix_of(whole, bare, self.goal, self.held, reached.each)
        self.relaxation = Relaxation(structure_of(bare, self.goal, self.mix))
        is_known = start.certificate is not None and start.certificate.goal == goal
        known = start.certificate if is_known else reached.prices_for(goal)
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
    bare, lookup, names = bare_program(program), program.lookup, goals_of(program.lookup)
    clock, reached = Clock(parameters.time_limit, len(names)), Reached()
    searches: dict[str, GoalSearch] = {}
    stopped: StoppedBy | None = None
    for number, name in enumerate(names):
        seconds = clock.share(number)
        is_between = 0 < number < len(names) - 1
        if seconds != 0.0 and not (is_between and interrupt.is_set()):
            own = replace(parameters, time_limit=seconds)
            search = GoalSearch(program, bare, name, reached, own, report, interrupt, start)
            clock.began(search.seconds())
            search.run()
            reached.take(search.choices(), search.pursuit.best if search.pursuit else None)
            if reached.choices is None:
                return Solution(None, (), False, search.stop() or StoppedBy.STALLED, SOLVER)
            searches[name] = search
            stopped = search.stop() or stopped or search.ended()
            reached.prices = search.certificate
        if number + 1 < len(names):
            reached.hold(lookup, name)
    assert reached.choices is not None
    return _solution(program, reached.choices, names, searches, stopped)


def _solution(
    program: Program,
    choices: Choices,
    names: tuple[str, ...],
    searches: dict[str, GoalSearch],
    stopped: StoppedBy | None,
) -> Solution:
    worth = goal_values(program.lookup, choices)
    stages = []
    held: dict[str, int] = {}
    for name in names:
        reached, search = rounded(worth[name]), searches.get(name)
        certificate = None if search is None else search.certificate
        proven = None if search is None else search.proven
        if certificate is not None and search is not None and search.held != held:
            # the plan came to more in a goal before than what this one was bounded for
            proven = certified_bound(program.lookup, certificate, held)
        held = {**held, name: reached}
        bound = None if proven is None else int(proven * PICO // 1)
        stages.append(
            Stage(name, reached, bound, bound == reached, certificate if is_fairness(name) else None)
        )
    is_proven = all(stage.proven for stage in stages)
    return Solution(
        choices,
        tuple(stages),
        False,
        None if is_proven else stopped,
        SOLVER,
        (),
        searches[names[-1]].certificate,
    )
