"""What differs between two plans: who stops, starts or does something otherwise, and whose money moves.

Churn is the share of activities that a reader of the first plan has to learn anew:

    churn = 100 x |{a : before(a) ≠ after(a)}| / |{a : a is done before or after}|   percent

over activities a (an intervention at a place), where before(a) is the option that does a, or nothing. It is 0
for equal plans (and two empty ones), 100 if no activity is done alike, the same in both directions, and a
distance: going through a third plan is never shorter.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, Literal

from pydantic import Field

from ciopt.errors import UsageError
from ciopt.instance.base import Count, Words
from ciopt.instance.lookup import Option
from ciopt.plan import Assignment, Plan
from ciopt.plan.records import Exact

Aspect = Literal["partner", "place", "period", "level"]
ASPECTS: tuple[Aspect, ...] = ("partner", "place", "period", "level")
_MICRO = Decimal("0.000001")


class Move(Words):
    """An assignment that is done otherwise: by another partner, elsewhere, at another time or level."""

    before: Assignment
    after: Assignment
    differs: tuple[Aspect, ...] = ()
    """In what; nothing if only the cost differs."""


class MoneyMove(Words):
    """Money from a fund to a partner that changed: assignments, participation and coordination together."""

    fund: str
    """Id of a fund, or ``budget:PARTNER``."""
    partner: str
    before: Exact
    after: Exact

    @property
    def change(self) -> Decimal:
        """More (or, negative, less) money than before."""
        return self.after - self.before


class Difference(Words):
    """What differs between two plans; everything that is alike is left out."""

    added: tuple[Assignment, ...] = ()
    """New, with no counterpart before."""
    dropped: tuple[Assignment, ...] = ()
    """Gone, with no counterpart after."""
    moved: tuple[Move, ...] = ()
    """The same activity by another option, or the same partner's intervention at another place."""
    repriced: tuple[Move, ...] = ()
    """The same option at another cost."""
    money: tuple[MoneyMove, ...] = ()
    synergies_gained: tuple[str, ...] = ()
    """``id@at`` of each."""
    synergies_lost: tuple[str, ...] = ()
    backbones_added: tuple[str, ...] = ()
    """Partners."""
    backbones_dropped: tuple[str, ...] = ()
    activities: Count = 0
    """Activities done before or after."""
    changed: Count = 0
    """Activities of these that are added, dropped or done by another option."""
    churn: Exact = Field(default=Decimal(0))
    """100 x changed / activities, percent, rounded to 10^-6."""

    @property
    def is_empty(self) -> bool:
        """Whether the plans do the same, with the same money and the same synergies."""
        coordination = self.backbones_added or self.backbones_dropped
        synergies = self.synergies_gained or self.synergies_lost
        return not (self.changed or self.repriced or self.money or coordination or synergies)

    def to_data(self) -> dict[str, Any]:
        """Return the content as plain dicts, lists, text, ints and Decimals."""
        data: dict[str, Any] = self.model_dump(by_alias=True)
        return data


def difference(before: Plan, after: Plan) -> Difference:
    """Say what differs between two plans.

    Parameters
    ----------
    before, after
        Plans in the same currency; of one instance, or of two that share ids. A plan that does not exist
        (``infeasible``, ``no_plan``) does nothing.

    Raises
    ------
    UsageError
        If their amounts are in different currencies.

    Examples
    --------
    >>> difference(base, richer).churn  # doctest: +SKIP
    Decimal('12.5')
    """
    currencies = {plan.instance.currency for plan in (before, after)} - {""}
    if len(currencies) > 1:
        raise UsageError(f"plans in {' and '.join(sorted(currencies))} cannot be compared")
    old, new = _by_activity(before), _by_activity(after)
    same = [activity for activity in old if activity in new]
    otherwise = [a for a in same if old[a].option != new[a].option]
    gone, come = [a for a in old if a not in new], [a for a in new if a not in old]
    elsewhere = _elsewhere([old[a] for a in gone], [new[a] for a in come])
    left = {move.before.option for move in elsewhere}
    arrived = {move.after.option for move in elsewhere}
    changed, activities = len(otherwise) + len(gone) + len(come), len(old) + len(come)
    return Difference(
        added=_sorted(new[a] for a in come if new[a].option not in arrived),
        dropped=_sorted(old[a] for a in gone if old[a].option not in left),
        moved=_in_order([*(_move(old[a], new[a]) for a in otherwise), *elsewhere]),
        repriced=_in_order(
            _move(old[a], new[a])
            for a in same
            if old[a].option == new[a].option and old[a].cost != new[a].cost
        ),
        money=_money(before, after),
        synergies_gained=_missing(_synergies(after), _synergies(before)),
        synergies_lost=_missing(_synergies(before), _synergies(after)),
        backbones_added=_missing(_backbones(after), _backbones(before)),
        backbones_dropped=_missing(_backbones(before), _backbones(after)),
        activities=activities,
        changed=changed,
        churn=_percent(changed, activities),
    )


def _by_activity(plan: Plan) -> dict[tuple[str, str], Assignment]:
    """Assignments by what they do where, without their impacts: these follow from the option."""
    return {each.option.activity: each.model_copy(update={"impact": {}}) for each in plan.assignments}


def _elsewhere(gone: list[Assignment], come: list[Assignment]) -> list[Move]:
    """Pair what a partner stops doing at one place with the same intervention that it starts at another.

    First those of equal period and level, then the rest, both in order of their options: the pairs are the
    same in both directions.
    """
    moves: list[Move] = []
    for exactly in (True, False):
        started: dict[tuple[object, ...], list[Assignment]] = {}
        for each in _sorted(come):
            started.setdefault(_kind(each, exactly), []).append(each)
        for each in _sorted(gone):
            waiting = started.get(_kind(each, exactly))
            if waiting:
                moves.append(_move(each, waiting.pop(0)))
        paired = {move.before.option for move in moves} | {move.after.option for move in moves}
        gone = [each for each in gone if each.option not in paired]
        come = [each for each in come if each.option not in paired]
    return moves


def _kind(each: Assignment, exactly: bool) -> tuple[object, ...]:
    who = each.partner, each.intervention
    return (*who, each.period, each.level) if exactly else who


def _move(before: Assignment, after: Assignment) -> Move:
    differs = tuple(each for each in ASPECTS if getattr(before, each) != getattr(after, each))
    return Move(before=before, after=after, differs=differs)


def _money(before: Plan, after: Plan) -> tuple[MoneyMove, ...]:
    """What changed between each fund and each partner; unchanged sums are left out."""
    old, new = _paid(before), _paid(after)
    return tuple(
        MoneyMove(fund=fund, partner=partner, before=was, after=now)
        for fund, partner in sorted({*old, *new})
        if (was := old.get((fund, partner), Decimal(0))) != (now := new.get((fund, partner), Decimal(0)))
    )


def _paid(plan: Plan) -> dict[tuple[str, str], Decimal]:
    sums: dict[tuple[str, str], Decimal] = {}
    for each in plan.payments:
        key = each.fund, each.payee
        sums[key] = sums.get(key, Decimal(0)) + each.amount
    return sums


def _synergies(plan: Plan) -> set[str]:
    return {f"{each.id}@{each.at}" for each in plan.synergies}


def _backbones(plan: Plan) -> set[str]:
    return {each.partner for each in plan.backbones}


def _missing(some: set[str], others: set[str]) -> tuple[str, ...]:
    return tuple(sorted(some - others))


def _percent(part: int, whole: int) -> Decimal:
    if not whole:
        return Decimal(0)
    return (Decimal(100 * part) / whole).quantize(_MICRO, ROUND_HALF_EVEN)


def _order(option: Option) -> tuple[str, ...]:
    return tuple(part or "" for part in option)


def _sorted(assignments: Iterable[Assignment]) -> tuple[Assignment, ...]:
    return tuple(sorted(assignments, key=lambda each: _order(each.option)))


def _in_order(moves: Iterable[Move]) -> tuple[Move, ...]:
    return tuple(sorted(moves, key=lambda move: _order(move.before.option)))
