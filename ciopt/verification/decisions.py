"""Read a plan's decisions, trusting nothing: ids exist, options exist, no activity is done twice."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ciopt.errors import Problem, did_you_mean
from ciopt.instance import Lookup, Option
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.choices import Choices, Paid
from ciopt.instance.effects import is_achieved, synergy_instances
from ciopt.instance.money import minor_digits
from ciopt.instance.value import by_activity
from ciopt.plan.records import BACKBONE, PARTICIPATION, Plan


def minor_units(amount: Decimal, currency: str) -> int | None:
    """Return an amount in minor units, or None if it has more digits than the currency."""
    scaled = amount.scaleb(minor_digits(currency))
    return int(scaled) if scaled == scaled.to_integral_value() else None


def read_decisions(lookup: Lookup, plan: Plan) -> tuple[Choices, list[Problem]]:
    """Return what the plan decides, and everything in it that names nothing or says a thing twice."""
    problems = [
        *_check_assignments(lookup, plan),
        *_check_payments(lookup, plan),
        *_check_backbones(lookup, plan),
    ]
    if problems:
        return Choices(()), problems
    currency = lookup.instance.currency
    payments = []
    for payment in plan.payments:
        amount = minor_units(payment.amount, currency)
        assert amount is not None
        payments.append(Paid(payment.fund, payment.assignment, payment.period, amount))
    backbones = {each.partner: tuple(_label(name) for name in each.synergies) for each in plan.backbones}
    options = tuple(each.option for each in plan.assignments)
    return Choices(options, tuple(payments), backbones), []


def _label(name: str) -> tuple[str, str]:
    synergy, _, at = name.partition("@")
    return synergy, at


def _check_assignments(lookup: Lookup, plan: Plan) -> Iterator[Problem]:
    seen: dict[tuple[str, str], int] = {}
    for number, assignment in enumerate(plan.assignments):
        option, path = assignment.option, ("assignments", number)
        if lookup.capability_of(option) is None:
            yield Problem("E501", f"no capability gives the option {option.id}", path)
        if option.activity in seen:
            text = f"{option.intervention} at {option.place} is assigned twice"
            yield Problem("E502", text, path, f"also assignments[{seen[option.activity]}]")
        seen[option.activity] = number


def _check_payments(lookup: Lookup, plan: Plan) -> Iterator[Problem]:
    options = {assignment.option.id for assignment in plan.assignments}
    partners = {assignment.partner for assignment in plan.assignments}
    payable = options | {PARTICIPATION + partner for partner in partners}
    payable |= {BACKBONE + backbone.partner for backbone in plan.backbones}
    funds = set(lookup.funds) | {
        OWN_BUDGET + partner.id for partner in lookup.instance.partners if partner.budget is not None
    }
    seen: set[tuple[str, str, str]] = set()
    for number, payment in enumerate(plan.payments):
        path, key = ("payments", number), (payment.fund, payment.assignment, payment.period)
        if payment.fund not in funds:
            hint = did_you_mean(payment.fund, funds)
            yield Problem("E503", f"there is no fund {payment.fund!r}", (*path, "fund"), hint)
        if payment.assignment not in payable:
            text = f"{payment.assignment!r} is nothing that this plan pays for"
            yield Problem("E503", text, (*path, "assignment"))
        if payment.period not in lookup.periods:
            yield Problem("E503", f"there is no period {payment.period!r}", (*path, "period"))
        if payment.amount <= 0 or minor_units(payment.amount, lookup.instance.currency) is None:
            text = f"{payment.amount} is not a positive amount of {lookup.instance.currency}"
            yield Problem("E504", text, (*path, "amount"))
        if key in seen:
            yield Problem("E502", "this payment is listed twice", path, "join them into one")
        seen.add(key)


def _check_backbones(lookup: Lookup, plan: Plan) -> Iterator[Problem]:
    """Chosen backbones exist and cover what they carry, which is achieved, and carried by one only."""
    if not plan.backbones:
        return
    records = {backbone.partner: backbone for backbone in lookup.instance.backbones}
    assigned = by_activity(
        assignment.option for assignment in plan.assignments if _exists(lookup, assignment.option)
    )
    instances = {
        (instance.synergy.id, instance.at): instance
        for instance in synergy_instances(lookup)
        if instance.synergy.backbone
    }
    carried: set[tuple[str, str]] = set()
    chosen: set[str] = set()
    for number, backbone in enumerate(plan.backbones):
        path = ("backbones", number)
        record = records.get(backbone.partner)
        if record is None or backbone.partner in chosen:
            text = f"{backbone.partner!r} is " + ("chosen twice" if record else "not a backbone")
            yield Problem("E505", text, (*path, "partner"))
            continue
        chosen.add(backbone.partner)
        covers = set(lookup.places) if record.places == "*" else set(record.places)
        if record.capacity is not None and len(backbone.synergies) > record.capacity:
            much = f"{len(backbone.synergies)} synergies, its capacity is {record.capacity}"
            yield Problem("E505", f"{backbone.partner} carries {much}", path)
        if not backbone.synergies:
            yield Problem("E505", f"{backbone.partner} is chosen and carries nothing", path)
        for k, name in enumerate(backbone.synergies):
            label, where = _label(name), (*path, "synergies", k)
            instance = instances.get(label)
            if instance is None:
                yield Problem("E505", f"{name!r} is no synergy that needs a backbone", where)
            elif label in carried:
                yield Problem("E505", f"{name} is carried twice", where)
            elif not set(instance.places) <= covers:
                yield Problem("E505", f"{backbone.partner} does not cover {instance.at}", where)
            elif not is_achieved(instance, assigned):
                yield Problem("E505", f"the members of {name} are not assigned", where)
            carried.add(label)


def _exists(lookup: Lookup, option: Option) -> bool:
    return lookup.capability_of(option) is not None
