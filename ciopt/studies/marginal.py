"""What the next piece of every limit is worth: solved again, or at most what a certificate's prices prove.

Loosening a limit never hurts (where the objective is the agenda's first goal), so with worth L of the plan,
bound U, and L', U' after loosening, the gain g is an honest interval:

    max(0, L' - U) <= g <= U' - L          solved
                 0 <= g <= U(prices) - L    at most: the same prices, checked on the loosened instance
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import ROUND_CEILING, Decimal
from fractions import Fraction
from typing import NamedTuple

from ciopt.certificate import Certificate, certified_bound
from ciopt.instance import Instance, Lookup
from ciopt.instance.agenda import Target
from ciopt.instance.base import MAX_FRACTION_DIGITS, Amount
from ciopt.instance.money import from_minor, minor_digits
from ciopt.instance.records import Partner
from ciopt.plan import Plan
from ciopt.plan.compose import VALUE_DIGITS, decimal
from ciopt.studies.axis import Axis, AxisKind
from ciopt.studies.frontier_records import Marginal, MarginalKind
from ciopt.studies.solving import Solver

_TENTH = Decimal("0.1")
_PICO = 10**VALUE_DIGITS


class Limit(NamedTuple):
    """A limit of the instance, and the instance with it loosened by one step."""

    kind: MarginalKind
    id: str
    now: Decimal
    step: Decimal
    unit: str
    loosened: Instance


def marginals(
    instance: Instance, base: Plan, solver: Solver, step: Decimal, *, solve: bool
) -> tuple[Marginal, ...]:
    """Say what each limit's next step is worth.

    Parameters
    ----------
    base
        The best plan found for the instance as it is.
    step
        Money for funds and budgets; capacities and targets are loosened by a tenth, numbers of activities
        by one.
    solve
        Solve once for each limit, as long as there is time; else only prices speak, where the plan has any.
    """
    found: list[Marginal] = []
    if instance.agenda.goals[0] not in ("value", "cost") or base.objective is None:
        return ()
    every = list(limits(instance, step)) if solve or base.certificate is not None else []
    ceilings = [_ceiling(limit, base) for limit in every]
    wanted = [n for n, ceiling in enumerate(ceilings) if solve and ceiling != 0]
    tasks = [(every[n].loosened, base) for n in wanted]
    plans = dict(zip(wanted, solver.solve_all("next step", tasks), strict=False))
    for number, (limit, ceiling) in enumerate(zip(every, ceilings, strict=True)):
        plan = plans.get(number)
        if plan is not None and plan.has_plan:
            found.append(_solved(limit, base, plan, ceiling))
        elif ceiling is not None:
            found.append(_marginal(limit, 0, ceiling, "at most"))
    return tuple(found)


def limits(instance: Instance, step: Decimal) -> Iterator[Limit]:
    """Every fund, budget, capacity, number of activities and target, each with its loosened instance."""
    for fund in instance.funds:
        yield _money(instance, "fund", fund.id, step)
    for partner in instance.partners:
        acts = {"implementing", "backbone"} & set(partner.roles)
        if partner.budget is not None and acts:
            yield _money(instance, "partner", partner.id, step)
    if instance.agenda.max_cost is not None:
        yield _money(instance, "cost", "", step)
    for number, partner in enumerate(instance.partners):
        if "implementing" not in partner.roles:
            continue
        for resource, capacity in partner.capacity.items():
            more = _tenth_more(capacity)
            if _sum(capacity):
                changed = {**partner.capacity, resource: more}
                yield Limit(
                    "capacity",
                    f"{partner.id}.{resource}",
                    _sum(capacity),
                    _sum(more) - _sum(capacity),
                    resource,
                    _with_partner(instance, number, {"capacity": changed}),
                )
        if partner.max_activities is not None:
            loosened = _with_partner(instance, number, {"max_activities": partner.max_activities + 1})
            most = Decimal(partner.max_activities)
            yield Limit("activities", partner.id, most, Decimal(1), "assignments", loosened)
    for number, target in enumerate(instance.agenda.targets):
        yield from _target(instance, number, target)


def _money(instance: Instance, kind: AxisKind, name: str, step: Decimal) -> Limit:
    axis, currency = Axis(kind, name), instance.currency
    now = axis.current(instance)
    more = int(Fraction(step) * 10 ** minor_digits(currency))
    word: MarginalKind = "fund" if kind == "fund" else "cost" if kind == "cost" else "budget"
    return Limit(
        word,
        name,
        from_minor(now, currency),
        from_minor(more, currency),
        currency,
        axis.at(instance, now + more),
    )


def _target(instance: Instance, number: int, target: Target) -> Iterator[Limit]:
    said = target.at_least if target.at_least is not None else target.at_most
    assert said is not None
    step = _rounded_up(abs(said) * _TENTH)
    if not step:
        return
    field, bound = ("at_least", said - step) if target.at_least is not None else ("at_most", said + step)
    targets = list(instance.agenda.targets)
    targets[number] = target.model_copy(update={field: bound})
    agenda = instance.agenda.model_copy(update={"targets": tuple(targets)})
    unit = next(each.unit for each in instance.indicators if each.id == target.indicator)
    name = target.id or f"{target.indicator} ({number + 1})"
    yield Limit("target", name, said, step, unit, instance.model_copy(update={"agenda": agenda}))


def _with_partner(instance: Instance, number: int, update: dict[str, object]) -> Instance:
    partners: list[Partner] = list(instance.partners)
    partners[number] = partners[number].model_copy(update=update)
    return instance.model_copy(update={"partners": tuple(partners)})


def _tenth_more(amount: Amount) -> Amount:
    if isinstance(amount, dict):
        return {period: _rounded_up(part * Decimal("1.1")) for period, part in amount.items()}
    return _rounded_up(amount * Decimal("1.1"))


def _rounded_up(number: Decimal) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-MAX_FRACTION_DIGITS), ROUND_CEILING).normalize()


def _sum(amount: Amount) -> Decimal:
    return sum(amount.values(), Decimal(0)) if isinstance(amount, dict) else amount


def _worth(number: Decimal, base: Plan, instance: Instance) -> int:
    headline = next(goal for goal in instance.agenda.goals if goal in ("value", "cost"))
    return int(Fraction(number) * _PICO) * (1 if headline == "value" else -1)


def _ceiling(limit: Limit, base: Plan) -> int | None:
    """Most that the step can bring, as the base plan's own prices prove it; None without prices."""
    certificate: Certificate | None = base.certificate
    if certificate is None or base.objective is None:
        return None
    proven = certified_bound(Lookup(limit.loosened), certificate)
    if proven is None:
        return None
    return max(0, int(proven * _PICO // 1) - _worth(base.objective, base, limit.loosened))


def _solved(limit: Limit, base: Plan, plan: Plan, ceiling: int | None) -> Marginal:
    assert base.objective is not None
    assert plan.objective is not None

    def worth(number: Decimal) -> int:
        return _worth(number, base, limit.loosened)

    least = 0 if base.bound is None else max(0, worth(plan.objective) - worth(base.bound))
    most = None if plan.bound is None else worth(plan.bound) - worth(base.objective)
    if most is not None and ceiling is not None:
        most = min(most, ceiling)
    return _marginal(limit, least, most if most is None else max(least, most), "solved")


def _marginal(limit: Limit, least: int, most: int | None, how: str) -> Marginal:
    return Marginal(
        kind=limit.kind,
        id=limit.id,
        now=limit.now,
        step=limit.step,
        unit=limit.unit,
        at_least=decimal(least, VALUE_DIGITS),
        at_most=None if most is None else decimal(most, VALUE_DIGITS),
        how="solved" if how == "solved" else "at most",
    )
