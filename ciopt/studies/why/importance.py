"""`importance`: what is lost if a partner, a fund or an assignment is taken out and the rest planned anew.

A replacement value is not a share of the value: two partners that can do the same are both worth little, and
two that are nothing without each other are both worth all that they do together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from decimal import Decimal
from typing import Literal

from ciopt.errors import UsageError
from ciopt.instance import Instance
from ciopt.instance.base import OWN_BUDGET
from ciopt.instance.rules import MustNotRule, MustRule, Scenario
from ciopt.plan import Plan
from ciopt.settings import Settings
from ciopt.studies.axis import Axis
from ciopt.studies.case import asked
from ciopt.studies.pool import Pool
from ciopt.studies.why.anew import Anew, Change, forbid, solve_anew
from ciopt.studies.why.ground import Ground, ground
from ciopt.studies.why.records import Importance, Kind, Replacement

What = Literal["partners", "funds", "assignments", "all"]
WHAT: tuple[What, ...] = ("partners", "funds", "assignments", "all")
_NEVER = Decimal("Infinity")


def importance(
    instance: Instance,
    plan: Plan,
    of: What = "all",
    settings: Settings | None = None,
    *,
    pool: Pool | None = None,
) -> Importance:
    """Say what every partner, fund and assignment is worth to the coalition: one solve each.

    A partner is removed with all that is its own; a fund with its money, and a partner's own budget is set
    to 0; an assignment must not be. The rest is planned anew, starting from the plan.

    Parameters
    ----------
    plan
        Of the instance; its scenario is applied.
    of
        ``partners``, ``funds``, ``assignments`` or ``all``.
    settings
        Of each solve.
    pool
        Where to solve, left open; this process if None.

    Raises
    ------
    UsageError
        If there is nothing of that kind.
    VerificationFailed
        If the plan does not follow from the instance.

    Examples
    --------
    >>> found = importance(instance, plan, "partners")  # doctest: +SKIP
    >>> [(each.id, each.loss) for each in found.things][:1]  # doctest: +SKIP
    [('mars', (Decimal('2210.5'), Decimal('2210.5')))]
    """
    settings = settings or Settings()
    if of not in WHAT:
        raise UsageError(f"the importance of {', '.join(WHAT)}, not of {of!r}")
    base = ground(instance, plan)
    changes = changes_of(base, of)
    if not changes:
        raise UsageError(f"there are no {of} to take out")
    with Pool() if pool is None else nullcontext(pool) as hands:
        answers = solve_anew(base, changes, settings, hands)
    things = [
        _replacement(change, answers.found[change.key]) for change in changes if change.key in answers.found
    ]
    return Importance(
        instance=plan.instance,
        goal=base.goal,
        of=of,
        asked=asked(settings),
        complete=len(things) == len(changes),
        objective=plan.objective,
        bound=answers.base.bound,
        things=in_order(things),
        notes=tuple(answers.notes),
    )


def changes_of(base: Ground, of: What) -> list[Change]:
    """Return how each thing is taken out of the instance."""
    tables = (("partners", _partners), ("funds", _funds), ("assignments", _assignments))
    return [change for table, found in tables if of in (table, "all") for change in found(base)]


def in_order(things: Sequence[Replacement]) -> tuple[Replacement, ...]:
    """Return things with the places that their bounds allow, the greatest loss first; failed ones last."""
    known = {id(each): ends for each in things if (ends := _ends(each)) is not None}
    placed = []
    for each in things:
        mine = known.get(id(each))
        others = [ends for key, ends in known.items() if key != id(each)]
        rank = None
        if mine is not None:
            ahead = sum(least > mine[1] for least, _ in others)
            unclear = sum(not (a > mine[1] or b < mine[0] or a == b == mine[0] == mine[1]) for a, b in others)
            rank = 1 + ahead, 1 + ahead + unclear
        placed.append((mine, each.model_copy(update={"rank": rank})))
    return tuple(each for _, each in sorted(placed, key=lambda pair: _order(pair[0], pair[1])))


def _order(ends: tuple[Decimal, Decimal] | None, each: Replacement) -> tuple[object, ...]:
    if ends is None:
        return 1, Decimal(0), Decimal(0), each.kind, each.id
    return 0, -ends[0], -ends[1], each.kind, each.id


def _ends(each: Replacement) -> tuple[Decimal, Decimal] | None:
    """What certainly bounds a loss; without a plan there is nothing greater."""
    if each.case.status == "infeasible":
        return _NEVER, _NEVER
    if each.loss is None:
        return None
    least, most = each.loss
    return -_NEVER if least is None else least, _NEVER if most is None else most


def _partners(base: Ground) -> Iterator[Change]:
    for partner in base.instance.partners:
        asking, idle = _naming(base.instance, partner.id)
        yield Change(
            f"partner {partner.id}",
            Scenario(remove=(f"partners.{partner.id}", *(f"rules.{name}" for name in idle))),
            _only_restricts(base.instance, partner.id),
            partner.name,
            f"rule {', '.join(asking)} asks for it" if asking else "",
        )


def _naming(instance: Instance, partner: str) -> tuple[list[str], list[str]]:
    """Rules that ask for a partner, and rules that forbid it something: without it these have no sense."""
    asking, idle = [], []
    for number, rule in enumerate(instance.rules):
        name = rule.id or str(number)
        if isinstance(rule, MustRule) and rule.must.partner == partner:
            asking.append(name)
        elif isinstance(rule, MustNotRule) and rule.must_not.partner == partner:
            idle.append(name)
    return asking, idle


def _funds(base: Ground) -> Iterator[Change]:
    for fund in base.instance.funds:
        scenario = Scenario(remove=(f"funds.{fund.id}",))
        restricts = _values_stay(base.instance) and not fund.min_spend
        yield Change(f"fund {fund.id}", scenario, restricts, fund.name)
    for partner in base.instance.partners:
        spends = {"implementing", "backbone"} & set(partner.roles)
        if spends and partner.budget is not None and Axis("partner", partner.id).current(base.instance):
            scenario = Scenario(set={f"partners.{partner.id}.budget": Decimal(0)})
            restricts = _values_stay(base.instance)
            yield Change(f"budget {OWN_BUDGET}{partner.id}", scenario, restricts, partner.name)


def _assignments(base: Ground) -> Iterator[Change]:
    for each in base.plan.assignments:
        option = each.option
        yield Change(f"assignment {option.id}", forbid(base.instance, option), restricts=True)


def _only_restricts(instance: Instance, partner: str) -> bool:
    """Whether removing a partner takes plans away, and leaves the others worth what they were.

    It takes its commitments and its funds' least spending along, which leaves others more room; and where it
    alone could do a member of a k-of-n synergy, that synergy no longer arises, be it good or bad.
    """
    commits = any(each.partner == partner and each.status == "committed" for each in instance.baseline)
    must_spend = any(each.partner == partner and each.min_spend for each in instance.funds)
    counted = any(each.at_least is not None for each in instance.synergies)
    return _values_stay(instance) and not (commits or must_spend or counted)


def _values_stay(instance: Instance) -> bool:
    """Whether a plan is worth the same, whoever else there is: not if shares must be fair, or risk counts."""
    risk = instance.agenda.risk
    return instance.agenda.fairness is None and (risk is None or risk.how == "expected")


def _replacement(change: Change, found: Anew) -> Replacement:
    kind, _, name = change.key.partition(" ")
    kinds: tuple[Kind, ...] = ("partner", "fund", "budget", "assignment")
    said = next(each for each in kinds if each == kind)
    return Replacement(kind=said, id=name, name=change.title, case=found.case, loss=found.loss)
