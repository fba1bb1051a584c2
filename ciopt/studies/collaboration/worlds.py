"""The four worlds: what happens anyway, each alone, each informed of the others, all together."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ciopt.errors import VerificationFailed
from ciopt.instance import Instance, Lookup, Option
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.goals import goal_values, rounded
from ciopt.instance.records import BaselineActivity
from ciopt.instance.rules import Filter, MustNotRule
from ciopt.plan import Plan
from ciopt.studies.collaboration.combine import Combined, Fallen, combine
from ciopt.studies.collaboration.responses import Settled, settle
from ciopt.studies.collaboration.split import Split, for_value, rematched, seen_by, split, unbound
from ciopt.studies.solving import Solver
from ciopt.verification.decisions import read_decisions

MOST_ROUNDS = 25


@dataclass(frozen=True)
class Outcome:
    """What is done and paid in a world, in the coalition's own funds.

    Parameters
    ----------
    choices
        None if there is no plan.
    fallen
        What was planned and does not happen.
    at_most
        The plan that carries a bound; for ``together``.
    """

    choices: Choices | None
    fallen: tuple[Fallen, ...] = ()
    plan: Plan | None = None
    rounds: int = 0
    ending: str | None = None


class Worlds:
    """Plans an instance in every way.

    Parameters
    ----------
    instance
        With the scenario applied.
    solver
        Solves, under the limit of all solves together.
    """

    def __init__(self, instance: Instance, solver: Solver) -> None:
        self.whole = for_value(instance)
        self.lookup = Lookup(self.whole)
        self.solver = solver
        self.commitments = [each for each in self.whole.baseline if each.status == "committed"]
        self.notes: list[str] = []
        self._committed = self._fixed(self.commitments) if self.commitments else None
        self.split: Split = split(self.whole, self._reserved())
        self.actors = [
            partner
            for partner in self.lookup.partners
            if any(who == partner for who, _ in self.lookup.capabilities)
        ]
        self.all_proven = True
        """Whether every answer of the informed world was proven to be a best one."""

    def _fixed(self, entries: list[BaselineActivity]) -> Plan:
        """What partners do anyway and nothing else, nobody coordinating, obligations aside."""
        counts: dict[str, int] = {}
        for entry in entries:
            counts[entry.partner] = counts.get(entry.partner, 0) + 1
        instance = unbound(self.whole)
        partners = tuple(
            each.model_copy(update={"max_activities": counts.get(each.id, 0)}) for each in instance.partners
        )
        funds = tuple(fund.model_copy(update={"min_spend": fund.min_spend * 0}) for fund in instance.funds)
        baseline = tuple(entry.model_copy(update={"status": "committed"}) for entry in entries)
        fixed = instance.model_copy(update={"partners": partners, "funds": funds, "baseline": baseline})
        return self.solver.solve("what happens anyway", fixed, to_come=8)

    def _reserved(self) -> list[tuple[str, str, str, int]]:
        """What pays for commitments, so that they can be kept whatever is split."""
        if self._committed is None or not self._committed.has_plan:
            if self._committed is not None:
                self.notes.append(
                    "what is committed cannot be paid or kept by itself: no money is set aside for it"
                )
            return []
        choices = self._read(self.whole, self._committed)
        partner_of = {option.id: option.partner for option in choices.options}
        return [
            (paid.fund, partner_of[paid.paid_for], paid.period, paid.amount)
            for paid in choices.payments
            if paid.paid_for in partner_of and not paid.fund.startswith(OWN_BUDGET)
        ]

    def _read(self, instance: Instance, plan: Plan) -> Choices:
        choices, problems = read_decisions(Lookup(instance), plan)
        if problems:
            raise VerificationFailed(problems)
        return choices

    def baseline(self) -> Outcome:
        """What is committed and planned, and nothing else."""
        if not self.whole.baseline:
            return Outcome(Choices(()))
        plan = self._fixed(list(self.whole.baseline))
        if not plan.has_plan:
            plan = self._as_far_as_possible()
        if not plan.has_plan:
            self.notes.append("what partners do anyway cannot be paid, or breaks a rule: it has no figures")
            return Outcome(None)
        return Outcome(self._read(self.whole, plan))

    def _as_far_as_possible(self) -> Plan:
        """What is committed, and of what is planned the best that can be paid and keeps the rules."""
        instance = unbound(self.whole)
        wanted = {(each.partner, each.intervention, each.place) for each in self.whole.baseline}
        banned = sorted({option[:3] for option in self.lookup.options()} - wanted)
        rules = tuple(
            MustNotRule(must_not=Filter(partner=partner, intervention=intervention, place=place))
            for partner, intervention, place in banned
        )
        funds = tuple(fund.model_copy(update={"min_spend": fund.min_spend * 0}) for fund in instance.funds)
        update = {"rules": (*instance.rules, *rules), "funds": funds}
        plan = self.solver.solve("what happens anyway", instance.model_copy(update=update), to_come=8)
        left = len(self.whole.baseline) - len(plan.assignments)
        if plan.has_plan:
            self.notes.append(
                f"{left} of {len(self.whole.baseline)} activities that partners plan anyway cannot be paid, "
                "or break a rule: the baseline is the best of the others"
            )
        return plan

    def alone(self) -> Outcome | None:
        """Each partner plans with its own money and its parts of the funds, and counts only what it does.

        Returns
        -------
        Outcome or None
            None if there was no time for all of them.
        """
        tasks = [(self._seen(partner, ()), None) for partner in self.actors]
        plans = self.solver.solve_all("alone", tasks, to_come=3 * len(tasks))
        if len(plans) < len(tasks) or any(plan.stopped_by == "interrupt" for plan in plans):
            return None
        options: list[Option] = []
        payments: list[Paid] = []
        for partner, plan in zip(self.actors, plans, strict=True):
            if not plan.has_plan:
                mine = self._kept_anyway(partner)
                finds = "has no plan by itself" if plan.status == "infeasible" else "found no plan in time"
                does = "it does what it has committed to" if mine.options else "it does nothing"
                self.notes.append(f"{partner} {finds}: {does}")
            else:
                mine = self._read(self.split.instance, plan)
            options += mine.options
            payments += self.split.whole(mine.payments)
        combined: Combined = combine(self.lookup, options, payments)
        return Outcome(combined.choices, combined.fallen)

    def _kept_anyway(self, partner: str) -> Choices:
        """A partner's commitments with what pays for them."""
        if self._committed is None or not self._committed.has_plan:
            return Choices(())
        everyone = self._read(self.whole, self._committed)
        options = tuple(option for option in everyone.options if option.partner == partner)
        ids = {option.id for option in options}
        return Choices(
            options,
            tuple(p for p in everyone.payments if p.paid_for in ids or p.paid_for.endswith(f":{partner}")),
        )

    def _seen(self, partner: str, others: tuple[Option, ...]) -> Instance:
        own = [entry for entry in self.commitments if entry.partner == partner]
        return seen_by(self.split.instance, partner, others, own)

    def informed(self, alone: Outcome, stopped: Callable[[], bool]) -> Outcome:
        """Each in turn sees what the others do and answers with its best plan, counting what it makes of it.

        What counts is what all do together, given the others: every answer raises it, so that answers end.
        """
        assert alone.choices is not None
        start = _State(frozenset(alone.choices.options), None)
        settled: Settled[_State] = settle(
            start,
            self.actors,
            self._answer,
            lambda state: state.options,
            MOST_ROUNDS,
            lambda: stopped() or self.solver.stopped_by is not None,
        )
        state = settled.state
        ending = settled.ending
        if state.plan is None:
            choices = alone.choices
        else:
            inner = self._read(self.split.instance, state.plan)
            choices = Choices(inner.options, tuple(sorted(self.split.whole(inner.payments))))
        word = "within_gap" if ending == "fixed_point" and not self.all_proven else ending
        return Outcome(choices, rounds=settled.rounds, ending=word)

    def _answer(self, state: _State, partner: str) -> _State | None:
        others = tuple(sorted(o for o in state.options if o.partner != partner))
        plan = self.solver.solve(f"informed, {partner}", self._seen(partner, others), state.plan, to_come=4)
        if plan.status not in ("optimal", "infeasible"):  # infeasible: it has no answer, and stays
            self.all_proven = False
        if not plan.has_plan:
            return None
        new = frozenset(each.option for each in plan.assignments)
        better = self._objective(new) > self._objective(state.options)
        return _State(new, plan) if better else None

    def _objective(self, options: frozenset[Option]) -> int:
        return rounded(goal_values(self.lookup, Choices(tuple(sorted(options))))["value"])

    def with_split(self, split_funds: set[str]) -> Instance:
        """Return the coalition's instance with some funds split: one plan, and money that is not shared."""
        parts = {part: whole for part, (whole, _) in self.split.parts.items()}
        kept = [fund for fund in self.whole.funds if fund.id not in split_funds]
        pieces = [fund for fund in self.split.instance.funds if parts[fund.id] in split_funds]
        names: dict[str, list[str]] = {}
        for part, whole in parts.items():
            if whole in split_funds:
                names.setdefault(whole, []).append(part)
        return self.whole.model_copy(
            update={"funds": tuple(rematched(fund, self.lookup, names, parts) for fund in (*kept, *pieces))}
        )

    def together(self, informed: Plan | None, keeps_all: bool) -> Outcome:
        """One plan of all, with all money and the backbones."""
        start = informed if keeps_all else None
        plan = self.solver.solve("together", self.whole, start, to_come=2)
        return Outcome(self._read(self.whole, plan) if plan.has_plan else None, plan=plan)


@dataclass(frozen=True)
class _State:
    """What all do, and the plan that says who pays; None for what they do alone."""

    options: frozenset[Option]
    plan: Plan | None
