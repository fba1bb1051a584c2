"""The proof of a plan: a certificate is worked out; a solver's word is named, since it cannot be."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ciopt.certificate import Certificate, certified_bound, not_covered
from ciopt.errors import Problem
from ciopt.instance import Lookup
from ciopt.instance.goals import HEADLINES, sign_of
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.plan.records import CERTIFICATE, Plan

_PICO = 10**VALUE_DIGITS


def check_proof(lookup: Lookup, plan: Plan, certified: int | None = None) -> Iterator[Problem]:
    """Whose word the bound is, and whether certificates prove what they are said to.

    Parameters
    ----------
    certified
        What the plan's certificate was found to prove already, in 10^-12; None to work it out.
    """
    if plan.proof != CERTIFICATE:
        yield from check_solver(plan)
    elif plan.certified is not None:
        yield Problem("E545", "the certificate's bound is the plan's: said twice", ("certified",))
    if plan.certificate is None:
        if plan.proof == CERTIFICATE or plan.certified is not None:
            text = "the proof cannot be checked: the plan has no certificate"
            yield Problem("E545", text, ("proof" if plan.proof == CERTIFICATE else "certified",))
    else:
        yield from _check_headline(lookup, plan, plan.certificate, certified)
    for number, stage in enumerate(plan.goals):
        if stage.certificate is not None:
            path = ("goals", number)
            if stage.certificate.goal != stage.goal or stage.goal in HEADLINES:
                text = f"a certificate about {stage.certificate.goal} stands with the goal {stage.goal}"
                yield Problem("E545", text, (*path, "certificate"))
            else:
                yield from _check(lookup, plan, number, stage.certificate, stage.bound, (*path, "bound"))


def _check_headline(
    lookup: Lookup, plan: Plan, certificate: Certificate, certified: int | None
) -> Iterator[Problem]:
    """The plan's own certificate is about the first of value and cost."""
    headline = next((goal for goal in lookup.instance.agenda.goals if goal in HEADLINES), None)
    number = next((n for n, stage in enumerate(plan.goals) if stage.goal == headline), None)
    if certificate.goal != headline or number is None:
        text = f"the certificate is about {certificate.goal}; the plan's bound is one on {headline}"
        yield Problem("E545", text, ("certificate", "goal"))
    elif plan.proof == CERTIFICATE:
        said, where = plan.goals[number].bound, ("goals", number, "bound")
        yield from _check(lookup, plan, number, certificate, said, where, certified)
    else:
        yield from _check(lookup, plan, number, certificate, plan.certified, ("certified",), certified)


def _check(
    lookup: Lookup,
    plan: Plan,
    number: int,
    certificate: Certificate,
    said: Decimal | None,
    where: tuple[str | int, ...],
    certified: int | None = None,
) -> Iterator[Problem]:
    """A certificate proves what is said of a goal, over plans that are no worse in the goals before."""
    if lacks := not_covered(lookup):
        yield Problem("E545", f"certificates do not speak of {lacks}", ("certificate",))
        return
    if certified is None:
        held = {
            stage.goal: int(sign_of(stage.goal) * stage.objective * _PICO)
            for stage in plan.goals[:number]
            if stage.objective is not None
        }
        proven = certified_bound(lookup, certificate, held)
        if proven is None:
            yield Problem("E545", "the certificate is of an instance without a plan", ("certificate",))
            return
        certified = int(proven * _PICO // 1)
    right = decimal(sign_of(certificate.goal) * certified, VALUE_DIGITS)
    if said != right:
        yield Problem("E546", f"the bound is {said}; the certificate proves {right}", where)


def check_solver(plan: Plan) -> Iterator[Problem]:
    """A solver that vouches for something is the one that ran; nothing else can vouch."""
    if plan.proof is not None and not plan.proof.startswith("solver "):
        text = f"the proof {plan.proof!r} cannot be checked"
        yield Problem("E545", text, ("proof",))
    elif plan.proof is not None and plan.run.solver and plan.proof != f"solver {plan.run.solver}":
        yield Problem("E545", f"the proof names {plan.proof}, the run {plan.run.solver}", ("proof",))
