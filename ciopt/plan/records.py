"""`Plan`: who does which activity, where, when, paid by whom, and how good that provably is.

Everything in it can be recomputed from the instance; `ciopt.verify` does so. Amounts are exact decimals.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, ValidationError

from ciopt.certificate.record import Certificate
from ciopt.errors import InvalidInput, Problem
from ciopt.instance.base import Count, Flag, Words
from ciopt.instance.lookup import Option
from ciopt.plan.exact import Exact as Exact
from ciopt.plan.repair import Repair

if TYPE_CHECKING:
    import pandas

PARTICIPATION = "participation:"
BACKBONE = "backbone:"
CERTIFICATE = "certificate"
"""The proof of a plan that brings its own."""

Status = Literal["optimal", "feasible", "infeasible", "no_plan", "error"]
StoppedBy = Literal[
    "gap", "time_limit", "memory_limit", "interrupt", "solver_failure", "stalled", "iterations"
]


class InstanceStamp(Words):
    """Which instance, to the letter, this is a plan for."""

    name: str = ""
    sha256: str = ""
    """SHA-256 of the canonical instance, before the scenario is applied."""
    scenario: str | None = None
    currency: str = ""
    """Of all amounts of money in the plan."""


class Assignment(Words):
    """A chosen option."""

    partner: str
    intervention: str
    place: str
    period: str
    level: str | None = None
    cost: Exact
    impact: dict[str, Exact] = Field(default_factory=dict)
    """What it moves each indicator by over the horizon, alone."""

    @property
    def option(self) -> Option:
        """The option chosen."""
        return Option(self.partner, self.intervention, self.place, self.period, self.level)


class Payment(Words):
    """Money from a fund for one assignment in one period."""

    fund: str
    """Id of a fund, or ``budget:PARTNER`` for a partner's own money."""
    assignment: str
    """Option id of the assignment; or ``participation:PARTNER``, ``backbone:PARTNER``."""
    period: str
    amount: Exact

    @property
    def payee(self) -> str:
        """The partner whose assignment, participation or coordination is paid."""
        for prefix in (PARTICIPATION, BACKBONE):
            if self.assignment.startswith(prefix):
                return self.assignment.removeprefix(prefix)
        return self.assignment.split("/", 1)[0]


class PaidSynergy(Words):
    """A synergy that paid off."""

    id: str
    at: str
    """Place, ``here>there`` or ``group:ID``."""
    members: tuple[str, ...]
    """Option ids of the assignments that count as members."""
    partners: tuple[str, ...]
    backbone: str | None = None
    """The partner whose coordination it needed."""
    effect: dict[str, Exact] = Field(default_factory=dict)
    value: Exact
    """Σ weight x effect (before saturation)."""


class ChosenBackbone(Words):
    """A partner paid to coordinate, and the synergies it carries."""

    partner: str
    cost: Exact
    synergies: tuple[str, ...]
    """``id@at`` of each."""


class IndicatorResult(Words):
    """Where an indicator ends."""

    id: str
    total: Exact
    """What the plan moves it by."""
    attained: Exact
    """Its baseline plus the total."""
    target: Exact | None = None
    met: Flag | None = None


class TargetResult(Words):
    """How a target of the agenda fares."""

    number: Count
    """Its place in ``agenda.targets``, from 0."""
    indicator: str
    total: Exact
    missing: Exact
    met: Flag


class MemberResult(Words):
    """What a member gets of what must be fair: see ``agenda.fairness``."""

    id: str
    """A place, group or partner."""
    outcome: Exact
    """Its value, movement of the indicator, or (for a burden, positive) what it has to pay for."""
    attribute: Exact | None = None
    """What the outcome is divided by; left out where every member counts as 1."""
    per_unit: Exact
    """Outcome per unit of the attribute, rounded to 10^-6 to the worse side."""
    floor: Exact | None = None
    """What ``per_unit`` has to be at least (a burden: at most); left out without a floor."""


class PartnerResult(Words):
    """What a partner does and spends."""

    id: str
    assignments: Count
    spent: Exact
    """Paid from its own budget."""
    budget: Exact | None = None
    """Its own budget over the horizon."""
    capacity: dict[str, Exact] = Field(default_factory=dict)
    """Use of each limited resource over the horizon."""


class FundResult(Words):
    """What a fund paid."""

    id: str
    spent: Exact
    amount: Exact
    """Its amount over the horizon."""


GoalName = Annotated[
    str, Field(pattern=r"^(targets|fairness( [1-9][0-9]*)?|value|cost|total_cost|option_ids)$")
]


class GoalResult(Words):
    """One stage of the solve: a goal of the agenda, given the earlier ones at their best."""

    goal: GoalName
    """``fairness 2`` is leximin's second: what the two worst-off have together, the first at its best.
    Burdens and what lacks of a floor count negative."""
    objective: Exact | None = None
    bound: Exact | None = None
    """Best that is possible, as far as is known, given the earlier goals."""
    proven: Flag = False
    """Whether nothing better exists."""
    certificate: Certificate | None = None
    """What proves the bound, where the goal is not the one that `Plan.certificate` is about."""


class Run(Words):
    """How the plan was made: enough to make it again."""

    ciopt: str = ""
    engine: str = ""
    solver: str = ""
    python: str = ""
    seed: Count = 0
    threads: Count = 1
    time_limit: Exact | None = None
    gap: Exact = Decimal(0)
    iterations: Count | None = None
    seconds: Exact = Decimal(0)
    notes: tuple[str, ...] = ()
    """What was decided on the way: engine chosen by size, repairs, records removed by the scenario."""


class Plan(Words):
    """The answer to an instance: assignments, payments, what they achieve, and the proof."""

    ciopt_plan: Literal[1] = 1
    instance: InstanceStamp = InstanceStamp()
    status: Status
    stopped_by: StoppedBy | None = None
    objective: Exact | None = None
    """Of the first goal among value and cost: value less penalties, or cost plus penalties. Value is
    ``counted`` where the plan says so."""
    bound: Exact | None = None
    """No plan is better than this: from above for value, from below for cost (given the earlier goals)."""
    gap: Exact | None = None
    """|bound - objective| / max(|objective|, 10^-6), rounded up to 10^-9."""
    proof: str | None = None
    """How the bound is known: ``certificate``, ``enumeration`` or ``solver NAME VERSION``."""
    certificate: Certificate | None = None
    """What proves a bound; ``ciopt verify`` works it out from the instance alone."""
    certified: Exact | None = None
    """What the certificate proves, where ``bound`` is a solver's word; left out where it is ``bound``."""
    goals: tuple[GoalResult, ...] = ()
    reasons: tuple[str, ...] = ()
    """Why there is no plan, where arithmetic shows it."""
    repairs: tuple[Repair, ...] = ()
    """What to change so that there is one, the cheapest first."""
    value: Exact | None = None
    """At central values."""
    counted: Exact | None = None
    """What counts as value under ``agenda.risk`` or a dial, rounded down to 10^-12; left out where that is
    the central value."""
    cost: Exact | None = None
    reserve: Exact | None = None
    """What the largest overruns of costs come to together, where ``agenda.risk`` asks for that to be left."""
    assignments: tuple[Assignment, ...] = ()
    payments: tuple[Payment, ...] = ()
    synergies: tuple[PaidSynergy, ...] = ()
    backbones: tuple[ChosenBackbone, ...] = ()
    indicators: tuple[IndicatorResult, ...] = ()
    targets: tuple[TargetResult, ...] = ()
    fairness: tuple[MemberResult, ...] = ()
    partners: tuple[PartnerResult, ...] = ()
    funds: tuple[FundResult, ...] = ()
    run: Run = Run()

    @property
    def has_plan(self) -> bool:
        """Whether there is something to carry out (an empty plan is a plan)."""
        return self.status in ("optimal", "feasible")

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        data: dict[str, Any] = self.model_dump(by_alias=True)
        return {"ciopt_plan": self.ciopt_plan, **data}

    def to_frames(self) -> dict[str, pandas.DataFrame]:
        """Return pandas tables: assignments, payments, synergies, indicators and so on.

        Amounts are floats there, for analysis; the plan keeps the exact ones.
        """
        from ciopt.plan.frames import frames

        return frames(self)


def parse_plan(data: object) -> Plan:
    """Read a plan from plain data.

    Raises
    ------
    InvalidInput
        If the data are not a plan of this version; every problem is named.

    Examples
    --------
    >>> parse_plan({"ciopt_plan": 1, "status": "no_plan"}).has_plan
    False
    """
    if not isinstance(data, dict) or "ciopt_plan" not in data:
        help_ = "this is an instance; solve it first" if isinstance(data, dict) and "ciopt" in data else ""
        raise InvalidInput([Problem("E109", 'not a plan: the key "ciopt_plan" is missing', (), help_)])
    try:
        return Plan.model_validate(data)
    except ValidationError as error:
        raise InvalidInput(
            Problem("E110", f"{record['msg']}", tuple(record["loc"]))
            for record in error.errors(include_url=False)
        ) from None
