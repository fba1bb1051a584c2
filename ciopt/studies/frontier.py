"""`frontier`: solve few amounts of money, and say what is certain about all of them."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import ceil
from threading import Event
from typing import Literal

from ciopt.certificate.money import Money
from ciopt.certificate.worth import FINE
from ciopt.errors import UsageError
from ciopt.instance import Instance, Lookup
from ciopt.instance.money import from_minor
from ciopt.instance.scenarios import apply
from ciopt.plan import Plan
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.planner import stamp
from ciopt.settings import Progress, Settings
from ciopt.studies.axis import Axis
from ciopt.studies.curve import Curve, Known
from ciopt.studies.frontier_records import CurvePoint, Frontier, MoneyAxis, PriceLine, SolvedPoint
from ciopt.studies.marginal import marginals
from ciopt.studies.pool import Pool
from ciopt.studies.solving import Solver

POINTS = 9
"""Amounts solved unless the caller says otherwise."""
AT_ONCE = 2
"""Amounts chosen at a time: the same whether they are solved side by side or not."""
SHARES = 4
"""Of a time limit no solve gets less than this part of what is left: few good ends beat many bad ones."""
PICO = 10**VALUE_DIGITS


def frontier(
    instance: Instance,
    axis: Axis,
    settings: Settings | None = None,
    *,
    scenario: str | None = None,
    low: Decimal | None = None,
    high: Decimal | None = None,
    points: int = POINTS,
    step: Decimal = Decimal(10_000),
    solve_marginals: bool = False,
    progress: Callable[[Progress], None] | None = None,
    interrupt: Event | None = None,
    pool: Pool | None = None,
) -> Frontier:
    """Say how much the coalition's best plan is worth at every amount of some money.

    Parameters
    ----------
    axis
        Whose money.
    settings
        Engine, gap and seed of each solve; ``time_limit`` is that of all together.
    low, high
        The range of amounts; 0 and twice what the instance says if missing.
    points
        Most amounts to solve; fewer where it is proven what lies between.
    step
        Money of the marginal values: the next so many at each fund.
    solve_marginals
        Solve once for each limit; else only certificates' prices speak, if there are any.
    pool
        Solves several amounts at the same time; which ones does not depend on it.

    Returns
    -------
    Frontier
        With both certified ends at every amount: see `CurvePoint`.

    Raises
    ------
    InvalidInput, UsageError
        If the instance, scenario, axis or range makes no sense.

    Examples
    --------
    >>> frontier(instance, Axis("fund", "wb-roads")).proven  # doctest: +SKIP
    True
    """
    settings = settings or Settings()
    applied = apply(instance, scenario)
    axis.check(applied.instance)
    study = _Study(applied.instance, axis, Solver(settings, progress, interrupt, pool), low, high)
    stopped_by = study.run(max(2, points), settings.gap)
    base = study.plan_at(axis.current(applied.instance))
    found = marginals(applied.instance, base, study.solver, step, solve=solve_marginals) if base else ()
    notes = (*applied.notes, *study.notes())
    more = {"instance": stamp(instance, scenario), "marginals": found, "notes": notes}
    return study.told(stopped_by).model_copy(update=more)


class _Study:
    """The state of one curve."""

    def __init__(
        self, instance: Instance, axis: Axis, solver: Solver, low: Decimal | None, high: Decimal | None
    ) -> None:
        self.instance, self.axis, self.solver = instance, axis, solver
        self.current = axis.current(instance)
        least = _minor(low, instance.currency, "from") if low is not None else 0
        most = _minor(high, instance.currency, "to") if high is not None else self._most()
        if least >= most:
            said = (
                f"from {from_minor(least, instance.currency):,f} to {from_minor(most, instance.currency):,f}"
            )
            raise UsageError(f"the range of amounts is empty ({said}); say --from and --to")
        goals = instance.agenda.goals
        self.goal: Literal["value", "cost"] = (
            "value" if next(g for g in goals if g in ("value", "cost")) == "value" else "cost"
        )
        self.sign = 1 if self.goal == "value" else -1
        self.curve = Curve(least, most, monotone=goals[0] == self.goal)
        self.points: dict[int, SolvedPoint] = {}
        self.plans: dict[int, Plan] = {}
        self.lines: list[PriceLine] = []

    def _most(self) -> int:
        """Twice what there is; a ceiling matters up to what there is."""
        if self.axis.kind == "cost":
            return max(self.current, Axis("funds").current(self.instance))
        return 2 * self.current

    def run(self, points: int, gap: float) -> Literal["points", "gap", "time_limit", "interrupt"]:
        """Solve the amount that there is, the ends, and then where the two ends are far apart."""
        ends = [a for a in (self.curve.high, self.curve.low) if a != self.current]
        inside = self.curve.low <= self.current <= self.curve.high
        self._solve([self.current] if inside else ends[:1], points)
        rest = ends if inside else ends[1:]
        if not self._stopped():
            self._solve(rest[: points - len(self.points)], points - len(self.points))
        while len(self.points) < points:
            stopped = self._stopped()
            if stopped:
                return stopped
            wanted = min(AT_ONCE, points - len(self.points))
            amounts = self.curve.next_amounts(wanted, self._tolerance(gap))
            if not amounts:
                return "gap"
            self._solve(amounts, points - len(self.points))
        return "points"

    def _stopped(self) -> Literal["time_limit", "interrupt"] | None:
        stopped = self.solver.stopped_by
        return None if stopped is None else "interrupt" if stopped == "interrupt" else "time_limit"

    def _tolerance(self, gap: float) -> int:
        best = max((abs(point.lower) for point in self.curve.known if point.lower is not None), default=0)
        return int(best * Fraction(str(gap)))

    def _solve(self, amounts: list[int], to_come: int) -> None:
        tasks = [(self.axis.at(self.instance, amount), self._nearest(amount)) for amount in amounts]
        what = f"amount {len(self.points) + 1}"
        share = max(len(tasks), min(to_come, SHARES))
        for amount, plan in zip(amounts, self.solver.solve_all(what, tasks, share), strict=False):
            self._add(amount, plan)

    def _nearest(self, amount: int) -> Plan | None:
        """A plan to begin with: the best that this amount pays, or that of the next amount."""
        below = [a for a, plan in self.plans.items() if plan.has_plan and a <= amount]
        above = [a for a, plan in self.plans.items() if plan.has_plan and a > amount]
        return self.plans[max(below)] if below else self.plans[min(above)] if above else None

    def _add(self, amount: int, plan: Plan) -> None:
        self.plans[amount] = plan
        lower = None if plan.objective is None else self.sign * pico(plan.objective)
        upper = None if plan.bound is None else self.sign * pico(plan.bound)
        needed = self.axis.needed(self.instance, plan, amount) if plan.has_plan else amount
        if not self.curve.monotone and plan.status != "optimal":
            upper = None  # a bound that holds given earlier goals that are not proven
        self.curve.add(Known(amount, lower, needed, upper, plan.status == "infeasible"))
        if plan.certificate is not None and upper is not None and self.curve.monotone:
            self._add_line(amount, plan, upper)
        has, currency = plan.has_plan, self.instance.currency
        self.points[amount] = SolvedPoint(
            amount=from_minor(amount, currency),
            status=plan.status,
            stopped_by=plan.stopped_by,
            at_least=plan.objective,
            at_most=plan.bound,
            proof=plan.proof,
            needed=from_minor(needed, currency) if has else None,
            spent=from_minor(self.axis.spent(self.instance, plan), currency) if has else None,
            cost=plan.cost,
            assignments=len(plan.assignments),
            indicators={each.id: each.total for each in plan.indicators},
        )

    def _add_line(self, amount: int, plan: Plan, bound: int) -> None:
        """Let the same prices bound every amount: only what the money is worth at them changes.

        U(a) = U(a0) + Σ price_t x (part_t(a) - part_t(a0))
        """
        certificate = plan.certificate
        assert certificate is not None
        light = self.instance.model_copy(
            update={"capabilities": (), "options": (), "synergies": (), "rules": ()}
        )

        @lru_cache(maxsize=1024)
        def worth(at: int) -> int:
            constant: int = Money(Lookup(self.axis.at(light, at)), certificate).constant
            return constant

        def line(at: int) -> int:
            more: int = worth(at) - worth(amount)
            rounded_up: int = -(-more * PICO // FINE)
            return bound + rounded_up

        self.curve.lines.append(line)
        span = self.curve.high - self.curve.low
        slope = Fraction(worth(self.curve.high) - worth(self.curve.low), FINE * span)
        unit = 1 / Fraction(from_minor(1, self.instance.currency))
        self.lines.append(
            PriceLine(
                amount=from_minor(amount, self.instance.currency),
                bound=self._natural(bound) or Decimal(0),
                price=decimal(ceil(slope * unit * PICO), VALUE_DIGITS),
            )
        )

    def plan_at(self, amount: int) -> Plan | None:
        """The plan found for an amount that was solved."""
        plan = self.plans.get(amount)
        return plan if plan is not None and plan.has_plan else None

    def _natural(self, worth: int | None) -> Decimal | None:
        return None if worth is None else decimal(self.sign * worth, VALUE_DIGITS)

    def told(self, stopped_by: Literal["points", "gap", "time_limit", "interrupt"]) -> Frontier:
        """The curve and what it was made of, for the record."""
        widest, widest_at = self.widest()
        settings = self.solver.settings
        return Frontier(
            axis=self.described(),
            goal=self.goal,
            first_goal=self.curve.monotone,
            points=tuple(self.points[amount] for amount in sorted(self.points)),
            curve=self.curve_points(),
            lines=tuple(self.lines),
            widest=widest,
            widest_at=widest_at,
            proven=widest == 0,
            stopped_by=None if widest == 0 else stopped_by,
            engine=", ".join(sorted({plan.run.solver or plan.run.engine for plan in self.plans.values()})),
            seed=settings.seed,
            gap=Decimal(str(settings.gap)),
            seconds=Decimal(f"{self.solver.seconds:.3f}"),
        )

    def curve_points(self) -> tuple[CurvePoint, ...]:
        """Both ends wherever one may step."""
        found = []
        for amount in self.curve.breaks():
            lower, upper = self.curve.lower(amount), self.curve.upper(amount)
            impossible = self.curve.impossible(amount)
            found.append(
                CurvePoint(
                    amount=from_minor(amount, self.instance.currency),
                    at_least=self._natural(lower),
                    at_most=None if impossible else self._natural(upper),
                    possible=True if lower is not None else False if impossible else None,
                )
            )
        return tuple(found)

    def widest(self) -> tuple[Decimal | None, Decimal | None]:
        """Largest difference between the ends, and where; None and the first place where nothing is known."""
        gaps = self.curve.gaps()
        if not gaps:
            return Decimal(0), None
        unknown = next((gap for gap in gaps if gap.width is None), None)
        worst = unknown or max(gaps, key=lambda gap: gap.width or 0)
        width = None if worst.width is None else decimal(worst.width, VALUE_DIGITS)
        return width, from_minor(worst.high, self.instance.currency)

    def described(self) -> MoneyAxis:
        """The axis for the record."""
        currency = self.instance.currency
        names = {
            "fund": {fund.id: fund.name for fund in self.instance.funds},
            "partner": {partner.id: partner.name for partner in self.instance.partners},
        }
        return MoneyAxis(
            kind=self.axis.kind,
            id=self.axis.id,
            name=names.get(self.axis.kind, {}).get(self.axis.id, ""),
            current=None
            if self.axis.kind == "cost" and self.instance.agenda.max_cost is None
            else from_minor(self.current, currency),
            low=from_minor(self.curve.low, currency),
            high=from_minor(self.curve.high, currency),
        )

    def notes(self) -> list[str]:
        """What a reader of the curve should know."""
        if self.curve.monotone:
            return []
        first = self.instance.agenda.goals[0]
        return [
            f"the agenda looks at {first} first, so that more money may lower the {self.goal}: amounts that "
            "were not solved are not bounded by those that were"
        ]


def pico(number: Decimal) -> int:
    """Return an exact decimal as an integer of 10^-12."""
    return int(Fraction(number) * PICO)


def _minor(amount: Decimal, currency: str, name: str) -> int:
    scaled = Fraction(amount) / Fraction(from_minor(1, currency))
    if scaled.denominator != 1 or scaled < 0:
        raise UsageError(f"--{name} {amount} is not an amount of {currency}")
    return scaled.numerator
