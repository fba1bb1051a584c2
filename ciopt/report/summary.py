"""A plan in words: how good it is, how that is known, and why the search ended."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance.money import minor_digits
from ciopt.plan.records import Plan
from ciopt.report.repairing import repair_lines
from ciopt.report.words import money, number, percent, plural, seconds

STOPPED = {
    "gap": "the gap asked for was reached",
    "time_limit": "the time limit was reached",
    "memory_limit": "the memory limit was reached",
    "interrupt": "it was interrupted",
    "solver_failure": "the solver failed",
    "iterations": "the rounds asked for were done",
    "stalled": "nothing better was found for long",
}
_CENTS = 2


def headline(plan: Plan, currency: str, rechecked: bool = True) -> str:
    """Say in one sentence what came out and who vouches for it.

    Parameters
    ----------
    rechecked
        Whether this program has just verified the plan; a plan read from a file only claims to be right.

    Examples
    --------
    >>> headline(Plan(status="infeasible"), "USD")
    'infeasible: no plan keeps every hard target and rule'
    """
    if plan.status == "infeasible":
        return "infeasible: no plan keeps every hard target and rule"
    if plan.status in ("no_plan", "error"):
        word = "no plan" if plan.status == "no_plan" else "error"
        reason = STOPPED.get(plan.stopped_by or "", "the search ended")
        return f"{word}: {reason} before a plan was found"
    said = [part for part in (_proof(plan, currency), _recheck(currency, rechecked)) if part]
    return f"{plan.status}: {_worth(plan, currency)} ({'; '.join(said)})"


def facts(plan: Plan, currency: str) -> list[str]:
    """Say what the plan consists of, what it misses and why the search stopped, a line each."""
    lines = [f"because: {reason}" for reason in plan.reasons]
    lines += repair_lines(plan.repairs, currency)
    if plan.status == "infeasible" and not plan.repairs:
        lines.append("ciopt repair says what contradicts what, and what would give a plan")
    if plan.has_plan:
        lines += [_size(plan, currency), *_targets(plan)]
    if plan.stopped_by is not None and plan.has_plan:
        lines.append(f"stopped after {seconds(plan.run.seconds)}: {STOPPED[plan.stopped_by]}")
    if plan.instance.scenario is not None:
        lines.append(f"scenario: {plan.instance.scenario}")
    return lines


def minimises(plan: Plan) -> bool:
    """Whether the plan's objective is a cost."""
    goals = [goal.goal for goal in plan.goals if goal.goal in ("value", "cost")]
    return bool(goals) and goals[0] == "cost"


def _worth(plan: Plan, currency: str) -> str:
    if plan.objective is None:
        return "a plan"
    if minimises(plan):
        penalties = plan.objective - plan.cost if plan.cost is not None else Decimal(0)
        worth = f"cost {money(plan.objective, currency)}"
        return worth + (f", of it {money(penalties, currency)} penalties" if penalties else "")
    counted = plan.value if plan.counted is None else plan.counted
    penalties = counted - plan.objective if counted is not None else Decimal(0)
    worth = f"value {number(plan.objective)}" + (
        f" after penalties of {number(penalties)}" if penalties else ""
    )
    if plan.counted is None or plan.value is None:
        return worth
    return f"{worth} as the agenda counts it, {number(plan.value)} at central estimates"


def _proof(plan: Plan, currency: str) -> str:
    who, beside = _who_proves(plan.proof), _beside(plan, currency)
    if plan.status == "optimal":
        return f"proven by {who}{beside}" if who else "without a proof"
    if plan.bound is None:
        return "how much better it could be is not known"
    limit = (
        f"at least {money(plan.bound, currency)} is needed"
        if minimises(plan)
        else f"at most {number(plan.bound)} is possible"
    )
    gap = "" if plan.gap is None else f", gap {percent(plan.gap)}"
    return limit + gap + (f", says {who}" if who else "") + beside


def _beside(plan: Plan, currency: str) -> str:
    """What a certificate proves beside a solver's word."""
    if plan.certified is None:
        return ""
    shown = money(plan.certified, currency) if minimises(plan) else number(plan.certified)
    return f"; a certificate proves {'at least' if minimises(plan) else 'at most'} {shown}"


def _who_proves(proof: str | None) -> str:
    if proof is None:
        return ""
    known = {"certificate": "a certificate", "enumeration": "looking at every plan"}
    return known.get(proof, proof.removeprefix("solver "))


def _recheck(currency: str, rechecked: bool) -> str:
    if not rechecked:
        return "as the file says, not re-checked"
    return "re-checked to the cent" if minor_digits(currency) == _CENTS else "re-checked exactly"


def _size(plan: Plan, currency: str) -> str:
    who = len({each.partner for each in plan.assignments})
    where = len({each.place for each in plan.assignments})
    cost = f"cost {money(plan.cost, currency)}: " if plan.cost is not None else ""
    text = (
        f"{cost}{plural(len(plan.assignments), 'assignment')} of {plural(who, 'partner')}"
        f" at {plural(where, 'place')}"
    )
    if plan.synergies:
        text += f", {plural(len(plan.synergies), 'synergy pays', 'synergies pay')} off"
    if plan.backbones:
        text += f", {plural(len(plan.backbones), 'backbone')}"
    return text


def _targets(plan: Plan) -> list[str]:
    if not plan.targets:
        return []
    met = sum(each.met for each in plan.targets)
    return [f"{met} of {plural(len(plan.targets), 'target')} met"]
