"""The large engine: prices, one cut, a plan, exchanges and exact pieces; the bound comes as a certificate."""

from __future__ import annotations

import time
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from threading import Event

import numpy as np
from numpy.typing import NDArray

from ciopt.certificate import Certificate, Prover, certified_bound
from ciopt.engines.large.columns import columns_of
from ciopt.engines.large.improver import Improver
from ciopt.engines.large.neighbourhood import Neighbourhoods
from ciopt.engines.large.prices import PriceSearch
from ciopt.engines.large.proof import certificate_of
from ciopt.engines.large.relaxation import Relaxation
from ciopt.engines.large.small_plans import SmallPlans, is_small
from ciopt.engines.matrix import Parameters, StoppedBy
from ciopt.engines.solution import Solution, Stage
from ciopt.engines.start import Start
from ciopt.instance.goals import rounded, sign_of
from ciopt.program.decode import complete, decode
from ciopt.program.model import Program
from ciopt.settings import Progress

Array = NDArray[np.int64]
Report = Callable[[Progress], None]

SOLVER = "ciopt large"
PICO = 10**12

PRICE_SHARE, PRICE_SHARE_SMALL = 0.3, 0.1
"""Part of the time limit that prices may take; and where a search can look at every option instead."""
SPAN, SHARE_OF_GAP = 15, 0.05
"""Prices end early if the bound fell by less than this part of the gap asked for in so many steps."""
CHAINS = 100
"""Chains between two looks at the clock."""
CHASES, LATELY = 10, 3
"""Hundreds of chains by which a given plan is adapted, as long as gains like those of late would suffice;
twice as many at prices that were sought for it."""


class Large:
    """One solve; everything it finds is kept when time or the user ends it."""

    nothing_new = 40, 400
    """Rounds without a better plan before a search ends: without a limit of time, and before one."""

    def __init__(
        self, program: Program, parameters: Parameters, report: Report, interrupt: Event, start: Start
    ) -> None:
        self.program, self.goal, self.start = program, program.goals[0], start
        self.parameters, self.report, self.interrupt = parameters, report, interrupt
        self.started = time.monotonic()
        self.relaxation = Relaxation.of(program, self.goal)
        self.search = PriceSearch(self.relaxation, start.certificate)
        self.improver: Improver | None = None
        self.certificate: Certificate | None = None
        self.proven: Fraction | None = None

    def seconds(self) -> float:
        """Seconds since the solve began."""
        return time.monotonic() - self.started

    def left(self) -> float | None:
        """Seconds until the limit; None without one."""
        limit = self.parameters.time_limit
        return None if limit is None else limit - self.seconds()

    @property
    def patience(self) -> int:
        """Rounds without a better plan before the search ends."""
        return self.nothing_new[self.parameters.time_limit is not None]

    def goes_on(self) -> bool:
        """Whether neither limit nor gap nor user says stop."""
        return self.stop() is None

    def stop(self) -> StoppedBy | None:
        """Why the search should end now; None if it should not."""
        if self.interrupt.is_set():
            return StoppedBy.INTERRUPT
        limit = self.parameters.time_limit
        if limit is not None and self.seconds() >= limit:
            return StoppedBy.TIME_LIMIT
        gap = None if self.proven is None else self.gap()
        return StoppedBy.GAP if gap is not None and gap <= self.parameters.gap else None

    def ended(self) -> StoppedBy:
        """Why a search ended that neither limit nor gap nor user stopped."""
        return StoppedBy.STALLED if self.parameters.iterations is None else StoppedBy.ITERATIONS

    def worth(self) -> int | None:
        """Worth of the best plan in 10^-12; None if there is none."""
        if self.improver is None or self.improver.best is None:
            return None
        return rounded(self.improver.total * self.goal.unit + self.goal.offset)

    def bound(self) -> Fraction:
        """What was proven, or what the prices promise as long as nothing was."""
        return Fraction(self.search.relaxed.bound) if self.proven is None else self.proven

    def gap(self) -> float | None:
        """Relative distance of plan and bound."""
        worth = self.worth()
        if worth is None:
            return None
        scale = max(Fraction(abs(worth), PICO), Fraction(1, 10**6))
        return float((self.bound() - Fraction(worth, PICO)) / scale)

    def tell(self, message: str = "") -> None:
        """Report how far the solve is."""
        sign = sign_of(self.goal.name)
        worth, gap = self.worth(), self.gap()
        objective = None if worth is None else Decimal(f"{sign * worth / PICO:.6f}")
        bound = Decimal(f"{sign * float(self.bound()):.6f}")
        shown = None if gap is None else Decimal(f"{max(gap, 0.0):.9f}")
        self.report(Progress(self.seconds(), self.goal.name, objective, bound, shown, message))

    def run(self) -> None:
        """Lower the bound, prove it while a plan is made, improve the plan."""
        self.take_up()
        if self.is_proven_already():
            return
        self.lower_bound()
        self.certificate = certificate_of(self.relaxation, self.search.best, self.search.relaxed)
        if self.is_good_enough_now():
            return
        prover = Prover(self.program.instance, self.certificate)
        try:
            improver = self.begin()
            self.tell()
            if self.promises():
                self.proven = prover.bound()  # nothing else to do meanwhile
            improver.polish(self.goes_on)
            self.tell()
            self.improve(improver, prover)
            self.proven = prover.bound()
        finally:
            prover.close()

    def lower_bound(self) -> None:
        """Search for prices, for a part of the time, and only until a given plan is good enough."""
        limit = self.parameters.time_limit
        told, before = 0.0, float("inf")
        share = PRICE_SHARE_SMALL if is_small(self.relaxation.program) else PRICE_SHARE
        started = self.seconds()
        while not self.search.is_done and not self.promises() and self.goes_on():
            if limit is not None and self.seconds() > share * limit:
                return
            self.search.step()
            if limit is not None and self.search.iterations == SPAN:
                each = max((self.seconds() - started) / SPAN, 1e-9)
                self.search.hurry((share * limit - started) / each)
            if self.search.iterations % SPAN == 0:
                bound = self.search.relaxed.bound
                if before - bound < SHARE_OF_GAP * self.parameters.gap * abs(bound):
                    return
                before = bound
            if self.seconds() > told + 0.5:
                told = self.seconds()
                self.tell("prices")

    def take_up(self) -> None:
        """Make a plan of the given one at the given prices: they, or a few steps of them, may prove it."""
        given = self.start.columns(self.program)
        if self.start.certificate is not None and len(given):
            self.adapt(given, CHASES)

    def adapt(self, options: Array, chases: int) -> None:
        """Make a plan of some options at the best prices: exchanges, then chains as long as they promise."""
        self.improver = improver = self.new_improver()
        improver.start_from(options)
        improver.polish(lambda: not self.promises() and self.goes_on())
        gaps = [self.gap()]
        while len(gaps) <= chases and not self.promises() and self.goes_on():
            improver.wander(CHAINS)
            gaps.append(self.gap())
            last, earlier = gaps[-1], gaps[-1 - LATELY] if len(gaps) > LATELY else None
            if last is None or (
                earlier is not None and last - self.parameters.gap > chases * (earlier - last) / LATELY
            ):
                return

    def is_good_enough_now(self) -> bool:
        """Whether the given plan, adapted to the new prices, is proven to be good enough by them."""
        if self.improver is None or self.improver.best is None or not self.start.options:
            return False
        if not self.promises():
            best = self.improver.best
            self.adapt(best[best >= 0], 2 * CHASES)
        if not self.promises() or self.certificate is None:
            return False
        # nothing else to do meanwhile, and what options cost and move is known here
        self.proven = certified_bound(self.program.lookup, self.certificate)
        if self.proven is not None and self.stop() is StoppedBy.GAP:
            return True
        self.proven = None
        return False

    def is_proven_already(self) -> bool:
        """Whether the given certificate, as it stands, proves the plan good enough for this program."""
        given = self.start.certificate
        if given is None or given.goal != self.program.instance.agenda.stages[0] or not self.promises():
            return False
        self.certificate, self.proven = given, certified_bound(self.program.lookup, given)
        if self.proven is not None and self.stop() is StoppedBy.GAP:
            return True
        self.certificate, self.proven = None, None
        return False

    def begin(self) -> Improver:
        """Make a plan of what the prices lead to, and of the given one; keep what is good enough already."""
        if self.improver is not None and self.promises():
            return self.improver
        before, improver = self.improver, self.new_improver()
        self.improver = improver
        improver.start_from(self.search.usual())
        if before is not None and before.best is not None:
            improver.start_from(before.best[before.best >= 0])
        elif len(given := self.start.columns(self.program)):
            improver.start_from(given)
        improver.go_back()
        return improver

    def new_improver(self) -> Improver:
        """Return an improver at the best prices, without a plan."""
        best, relaxed = self.search.best, self.search.relaxed
        return Improver(self.relaxation, self.goal, best, relaxed, self.parameters.seed)

    def promises(self) -> bool:
        """Whether the plan seems to be good enough, before that is proven."""
        gap = self.gap()
        return gap is not None and gap <= self.parameters.gap

    def improve(self, improver: Improver, prover: Prover) -> None:
        """Chains and exact pieces until the gap, the limit, or nothing new for long."""
        if improver.best is None:
            return
        if self.parameters.iterations is not None:
            self.improve_by_count(improver, prover, self.parameters.iterations)
            return
        idle, small = 0, SmallPlans(improver, self.parameters.threads, self.left)
        with Neighbourhoods(improver, self.parameters, self.interrupt) as pieces:
            while self.goes_on() and (idle < self.patience or not pieces.are_in_vain):
                before = improver.total
                improver.wander(CHAINS)
                small.search(self.goes_on)
                if self.proven is None and prover.is_done:
                    self.proven = prover.bound()
                elif self.proven is not None and not (pieces.come_last and small.promises):
                    pieces.turn()
                small.hands = max(1, self.parameters.threads - pieces.are_running)
                idle = 0 if improver.total > before or small.promises else idle + 1
                self.tell()

    def improve_by_count(self, improver: Improver, prover: Prover, rounds: int) -> None:
        """So many rounds of chains, whatever the clock says and however many processors there are."""
        self.proven, small = prover.bound(), SmallPlans(improver)
        for _ in range(rounds):
            if not self.goes_on():
                return
            improver.wander(CHAINS)
            small.search(lambda: not self.interrupt.is_set())
            self.tell()


def solve_sums(
    program: Program, parameters: Parameters, report: Report, interrupt: Event, start: Start
) -> Solution:
    """Solve a program whose one goal is a sum; see `solve_exact` for the parameters.

    Returns
    -------
    Solution
        Its certificate proves the bound of its stage. Without choices if no plan was found.
    """
    solve = Large(program, parameters, report, interrupt, start)
    solve.run()
    solve.relaxation.keep()
    stopped_by, worth = solve.stop(), solve.worth()
    if worth is None or solve.improver is None or solve.improver.best is None:
        return Solution(None, (), False, stopped_by or StoppedBy.STALLED, SOLVER)
    values = complete(program, columns_of(program, solve.improver))
    bound = None if solve.proven is None else int(solve.proven * PICO // 1)
    is_proven = bound == worth
    if is_proven:
        stopped_by = None
    stage = Stage(solve.goal.name, worth, bound, is_proven)
    return Solution(
        decode(program, values),
        (stage,),
        False,
        None if is_proven else stopped_by or solve.ended(),
        SOLVER,
        (),
        solve.certificate,
    )
