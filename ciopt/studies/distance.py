"""How far two plans are from each other, and the rows that keep a new plan far from an old one.

| differ in | distance | unit |
|---|---|---|
| activity | activities that are done in one of the plans only | activities |
| partner | activities that are not done by the same partner in both | activities |
| place | places at which not the same interventions are done | places |
| fund | ½ Σ_f of the absolute difference of what f spends, of the first plan's cost | percent |

The first two are sums over options; a place differs if some activity there does; a fund's difference is the
smaller of ± (spent - before) with a column that says which sign it has.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Literal

from ciopt.errors import UsageError
from ciopt.instance.money import minor_digits
from ciopt.plan import Plan
from ciopt.program.side import SideConditions

Aspect = Literal["activity", "partner", "place", "fund"]
ASPECTS: tuple[Aspect, ...] = ("activity", "partner", "place", "fund")
UNITS: dict[Aspect, str] = {
    "activity": "activities",
    "partner": "activities",
    "place": "places",
    "fund": "percent of the money",
}


def distance(aspect: Aspect, first: Plan, second: Plan) -> Fraction:
    """Return how far two plans are from each other; see the module.

    Examples
    --------
    >>> distance("activity", plan, plan)  # doctest: +SKIP
    Fraction(0, 1)
    """
    if aspect == "fund":
        old, new = _spent(first), _spent(second)
        moved = sum(abs(old.get(fund, Decimal(0)) - new.get(fund, Decimal(0))) for fund in {*old, *new})
        return Fraction(moved) * 50 / Fraction(first.cost) if first.cost else Fraction(0)
    one, other = _by_activity(first), _by_activity(second)
    if aspect == "partner":
        return Fraction(sum(one.get(each) != other.get(each) for each in {*one, *other}))
    changed = set(one) ^ set(other)
    return Fraction(len(changed) if aspect == "activity" else len({place for _, place in changed}))


def most(aspect: Aspect, first: Plan) -> int:
    """Return a distance that is worth trying first: half of what the plan does, or half of its money."""
    if aspect == "fund":
        return 50
    done = _by_activity(first)
    return max(1, (len({place for _, place in done}) if aspect == "place" else len(done)) // 2)


def keep_away(side: SideConditions, aspect: Aspect, old: Plan, least: int, number: int) -> None:
    """Add rows for a distance of at least so much from an old plan.

    Parameters
    ----------
    number
        Of the old plan, for labels.

    Raises
    ------
    UsageError
        If a fund without a limit could pay: what it spends is not in the program.
    """
    label = f"{aspect} away from {number}"
    if aspect == "fund":
        _away_by_money(side, old, least, label)
    elif aspect == "place":
        _away_by_place(side, old, least, label)
    else:
        columns, values, constant = _changes(side, _by_activity(old), whole=aspect == "activity")
        side.add_row(label, columns, values, lower=least - constant)


def _changes(
    side: SideConditions, old: Mapping[tuple[str, str], str], whole: bool
) -> tuple[list[int], list[int], int]:
    """(columns, values, constant) of Σ_{a in old} (1 - kept_a) + Σ_{a not in old} y_a."""
    columns, values = [], []
    for option, column in side.columns.items():
        partner = old.get(option.activity)
        if partner is None:
            columns.append(column)
            values.append(1)
        elif whole or option.partner == partner:
            columns.append(column)
            values.append(-1)
    return columns, values, len(old)


def _away_by_place(side: SideConditions, old: Plan, least: int, label: str) -> None:
    """Σ_l z_l >= least, z_l <= number of activities at l that change."""
    done = _by_activity(old)
    places = sorted({place for _, place in done} | {option.place for option in side.columns})
    differs = side.add_columns([f"{label}: {place}" for place in places])
    for place, z in zip(places, differs.tolist(), strict=True):
        columns, values = [z], [1]
        for option, column in side.columns.items():
            if option.place == place:
                columns.append(column)
                values.append(1 if option.activity in done else -1)
        here = sum(where == place for _, where in done)
        side.add_row(f"{label}: {place}", columns, values, upper=here)
    side.add_row(label, differs, [1] * len(places), lower=least)


def _away_by_money(side: SideConditions, old: Plan, least: int, label: str) -> None:
    """Σ_f d_f >= 2 x least % of the cost, d_f <= ±(spent_f - before_f) + (1 or 0) x 2 most_f."""
    program, spent = side.program, _spent(old)
    minor = 10 ** minor_digits(program.instance.currency)
    number = {name: row for row, name in enumerate(program.rows.labels)}
    columns, values = [], []
    for purse in program.payers.purses:
        if purse.name not in number:
            if spent.get(purse.name):
                raise UsageError(f"plans cannot be told apart by fund: {purse.name} has no limit")
            continue
        row = number[purse.name]
        unit, largest = int(program.rows.unit[row]), int(program.rows.upper[row])
        before = int(spent.get(purse.name, Decimal(0)) * minor) // unit
        terms, amounts = (
            program.rows.terms.row(row).tolist(),
            program.rows.value[program.rows.terms.start[row] : program.rows.terms.start[row + 1]].tolist(),
        )
        moved = int(side.add_columns([f"{label}: {purse.name}"], largest)[0])
        rises = int(side.add_columns([f"{label}: {purse.name} rises"])[0])
        room = 2 * largest + 1
        for sign in (1, -1):
            side.add_row(
                f"{label}: {purse.name} {'up' if sign > 0 else 'down'}",
                [moved, rises, *terms],
                [1, sign * room, *(-sign * amount for amount in amounts)],
                upper=-sign * before + (room if sign > 0 else 0),
            )
        columns.append(moved)
        values.append(unit)
    cost = int((old.cost or Decimal(0)) * minor)
    side.add_row(label, columns, values, lower=-(-2 * least * cost // 100))


def _by_activity(plan: Plan) -> dict[tuple[str, str], str]:
    """Who does each activity."""
    return {each.option.activity: each.partner for each in plan.assignments}


def _spent(plan: Plan) -> dict[str, Decimal]:
    """What each fund pays in all."""
    found: dict[str, Decimal] = {}
    for each in plan.payments:
        found[each.fund] = found.get(each.fund, Decimal(0)) + each.amount
    return found
