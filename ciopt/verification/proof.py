"""The proof of a plan: a certificate is worked out; a solver's word is named, since it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ciopt.certificate import certified_bound
from ciopt.errors import Problem
from ciopt.instance import Lookup
from ciopt.instance.goals import counts_otherwise, is_fairness, sign_of
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.plan.records import CERTIFICATE, Plan

_PICO = 10**VALUE_DIGITS


def check_proof(lookup: Lookup, plan: Plan, certified: int | None = None) -> Iterator[Problem]:
    """Whose word the bound is, and whether a certificate proves it.

    Parameters
    ----------
    certified
        What the certificate was found to prove already, in 10^-12; None to work it out.
    """
    if plan.proof != CERTIFICATE:
        yield from check_solver(plan)
    elif plan.certified is not None:
        yield Problem("E545", "the certificate's bound is the plan's: said twice", ("certified",))
    if plan.certificate is None:
        if plan.proof == CERTIFICATE or plan.certified is not None:
            text = "the proof cannot be checked: the plan has no certificate"
            yield Problem("E545", text, ("proof" if plan.proof == CERTIFICATE else "certified",))
        return
    first = lookup.instance.agenda.stages[0]
    if plan.certificate.goal != first or not plan.goals:
        text = f"the certificate is about {plan.certificate.goal}; the first goal is {first}"
        yield Problem("E545", text, ("certificate", "goal"))
        return
    if is_fairness(first) or counts_otherwise(lookup.instance.agenda):
        text = "certificates are about the central value and cost, not about fairness and risk"
        yield Problem("E545", text, ("certificate",))
        return
    if certified is None:
        proven = certified_bound(lookup, plan.certificate)
        if proven is None:
            yield Problem("E545", "the certificate is of an instance without a plan", ("certificate",))
            return
        certified = int(proven * _PICO // 1)
    right = decimal(sign_of(first) * certified, VALUE_DIGITS)
    said, where = _claim(plan)
    if said != right:
        yield Problem("E546", f"the bound is {said}; the certificate proves {right}", where)


def _claim(plan: Plan) -> tuple[Decimal | None, tuple[str | int, ...]]:
    """What the certificate is said to prove: the bound itself, or something beside a solver's word."""
    if plan.proof == CERTIFICATE:
        return plan.goals[0].bound, ("goals", 0, "bound")
    return plan.certified, ("certified",)


def check_solver(plan: Plan) -> Iterator[Problem]:
    """A solver that vouches for something is the one that ran; nothing else can vouch."""
    if plan.proof is not None and not plan.proof.startswith("solver "):
        text = f"the proof {plan.proof!r} cannot be checked"
        yield Problem("E545", text, ("proof",))
    elif plan.proof is not None and plan.run.solver and plan.proof != f"solver {plan.run.solver}":
        yield Problem("E545", f"the proof names {plan.proof}, the run {plan.run.solver}", ("proof",))
