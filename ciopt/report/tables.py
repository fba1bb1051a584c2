"""A plan as tables: who does what where when, who pays, what it achieves, what it uses."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal

from ciopt.instance.base import OWN_BUDGET
from ciopt.plan.records import Plan
from ciopt.report.grid import Column, Grid
from ciopt.report.words import amounts, fund_name, number, plural, used


def assignments(plan: Plan, currency: str, width: int) -> Grid:
    """Who does what, when and where: one row a partner, intervention, level and start period."""
    rows: dict[tuple[str, str, str], list[tuple[str, Decimal]]] = {}
    for each in plan.assignments:
        what = each.intervention + (f" ({each.level})" if each.level is not None else "")
        rows.setdefault((each.partner, what, each.period), []).append((each.place, each.cost))
    keys = sorted(rows)
    costs = [_total(cost for _, cost in rows[key]) for key in keys]
    *written, total = amounts([*costs, _total(costs)], currency)
    return Grid(
        "Who does what, when and where",
        (
            Column("who"),
            Column("what"),
            Column("when"),
            Column("where"),
            Column(_in("cost", currency), True),
        ),
        _without_repeats(
            (*key, ", ".join(place for place, _ in rows[key]), cost)
            for key, cost in zip(keys, written, strict=True)
        ),
        ("total", "", "", plural(len(plan.assignments), "assignment"), total),
        empty="nobody does anything",
    )


def payments(plan: Plan, currency: str, width: int) -> Grid:
    """Who pays for whom: a fund a row and a partner a column if that fits, else a row a pair."""
    paid: dict[tuple[str, str], Decimal] = {}
    for each in plan.payments:
        key = (fund_name(each.fund), each.payee)
        paid[key] = paid.get(key, Decimal(0)) + each.amount
    matrix = _payment_matrix(paid, currency)
    return matrix if matrix.width <= width else _payment_list(paid, currency)


def _payment_matrix(paid: dict[tuple[str, str], Decimal], currency: str) -> Grid:
    funds = sorted({fund for fund, _ in paid})
    payees = sorted({payee for _, payee in paid})
    cells = [[paid.get((fund, payee)) for payee in payees] for fund in funds]
    cells.append([_total(row[n] for row in cells) for n in range(len(payees))])
    if len(payees) != 1:
        cells = [[*row, _total(row)] for row in cells]
        payees.append("total")
    written = _alike(cells, currency)
    return Grid(
        _in("Who pays for whom", currency),
        (Column("fund"), *(Column(payee, True) for payee in payees)),
        tuple((fund, *row) for fund, row in zip(funds, written[:-1], strict=True)),
        ("total", *written[-1]),
        empty="nothing is paid",
    )


def _payment_list(paid: dict[tuple[str, str], Decimal], currency: str) -> Grid:
    keys = sorted(paid)
    *pays, total = amounts([*(paid[key] for key in keys), _total(paid.values())], currency)
    return Grid(
        "Who pays for whom",
        (Column("fund"), Column("pays for"), Column(_in("amount", currency), True)),
        _without_repeats((*key, text) for key, text in zip(keys, pays, strict=True)),
        ("total", "", total),
        empty="nothing is paid",
    )


def indicators(plan: Plan, currency: str, width: int) -> Grid:
    """Where each shared measure ends, against its target."""
    return Grid(
        "Indicators against their targets",
        (
            Column("indicator"),
            Column("moved by", True),
            Column("ends at", True),
            Column("target", True),
            Column("met"),
        ),
        tuple(
            (
                each.id,
                number(each.total),
                number(each.attained),
                "" if each.target is None else number(each.target),
                _yes_no(each.met),
            )
            for each in plan.indicators
        ),
    )


def targets(plan: Plan, currency: str, width: int) -> Grid:
    """The agenda's targets, and what each is short of."""
    return Grid(
        "Targets of the agenda",
        (
            Column("target", True),
            Column("indicator"),
            Column("reached", True),
            Column("missing", True),
            Column("met"),
        ),
        tuple(
            (
                str(each.number + 1),
                each.indicator,
                number(each.total),
                number(each.missing),
                _yes_no(each.met),
            )
            for each in plan.targets
        ),
    )


def synergies(plan: Plan, currency: str, width: int) -> Grid:
    """The synergies that paid off, those worth most first: where, and carried by which backbone."""
    found: dict[str, list[tuple[str, Decimal]]] = {}
    for each in plan.synergies:
        name = each.id + (f" (by {each.backbone})" if each.backbone is not None else "")
        found.setdefault(name, []).append((each.at, each.value))
    names = sorted(found, key=lambda name: (-_total(value for _, value in found[name]), name))
    return Grid(
        "Synergies that paid off",
        (Column("synergy"), Column("times", True), Column("where"), Column("value", True)),
        tuple(
            (
                name,
                f"{len(found[name]):,}",
                ", ".join(at for at, _ in found[name]),
                number(_total(value for _, value in found[name])),
            )
            for name in names
        ),
        ("total", f"{len(plan.synergies):,}", "", number(_total(each.value for each in plan.synergies))),
    )


def backbones(plan: Plan, currency: str, width: int) -> Grid:
    """Who is paid to coordinate."""
    costs = amounts([each.cost for each in plan.backbones], currency)
    return Grid(
        "Backbones",
        (Column("partner"), Column("synergies carried", True), Column(_in("cost", currency), True)),
        tuple(
            (each.partner, str(len(each.synergies)), cost)
            for each, cost in zip(plan.backbones, costs, strict=True)
        ),
    )


def budgets(plan: Plan, currency: str, width: int) -> Grid:
    """How much of each fund and of each partner's own budget is spent."""
    own = [
        (fund_name(OWN_BUDGET + each.id), each.spent, each.budget)
        for each in plan.partners
        if each.budget is not None or each.spent
    ]
    funds = [(each.id, each.spent, each.amount) for each in plan.funds if not each.id.startswith(OWN_BUDGET)]
    lines: list[tuple[str, Decimal, Decimal | None]] = [*own, *funds]
    lines.append(("total", _total(line[1] for line in lines), _total(line[2] for line in lines)))
    written = _alike([[spent, has, _left(spent, has)] for _, spent, has in lines], currency)
    rows = tuple(
        (name, *row, used(spent, has)) for (name, spent, has), row in zip(lines, written, strict=True)
    )
    return Grid(
        _in("Budgets used", currency),
        (
            Column("money"),
            Column("spent", True),
            Column("has", True),
            Column("left", True),
            Column("used", True),
        ),
        rows[:-1],
        rows[-1],
    )


def partners(plan: Plan, currency: str, width: int) -> Grid:
    """How many assignments each partner has, and the resources it needs for them."""
    return Grid(
        "Partners and their resources",
        (Column("partner"), Column("assignments", True), Column("resources used")),
        tuple(
            (
                each.id,
                str(each.assignments),
                ", ".join(f"{number(use)} {resource}" for resource, use in sorted(each.capacity.items())),
            )
            for each in plan.partners
        ),
    )


def fairness(plan: Plan, currency: str, width: int) -> Grid:
    """What every member gets (or bears) of what must be fair, least first."""
    members = sorted(plan.fairness, key=lambda each: (each.per_unit, each.id))
    has_floor = any(each.floor is not None for each in members)
    columns = [
        Column("member"),
        Column("outcome", True),
        Column("divided by", True),
        Column("per unit", True),
    ]
    rows = [
        (
            each.id,
            number(each.outcome),
            "1" if each.attribute is None else number(each.attribute),
            number(each.per_unit),
            *(("" if each.floor is None else number(each.floor),) if has_floor else ()),
        )
        for each in members
    ]
    if has_floor:
        columns.append(Column("due", True))
    return Grid("Who gets what, by the agenda's fairness", tuple(columns), tuple(rows))


TABLES: dict[str, Callable[[Plan, str, int], Grid]] = {
    "assignments": assignments,
    "payments": payments,
    "indicators": indicators,
    "targets": targets,
    "fairness": fairness,
    "synergies": synergies,
    "backbones": backbones,
    "budgets": budgets,
    "partners": partners,
}
"""Every table of a plan: a function of the plan, its currency and the width of the page."""

_OPTIONAL = frozenset(("targets", "fairness", "backbones"))


def tables(plan: Plan, currency: str, width: int) -> list[Grid]:
    """Return the tables of a plan in reading order; those that only some plans have are left out if empty."""
    grids = ((name, table(plan, currency, width)) for name, table in TABLES.items())
    return [grid for name, grid in grids if grid.rows or name not in _OPTIONAL]


def currency_of(plan: Plan) -> str:
    """Return the currency that a plan's amounts are in; empty if the plan does not say."""
    return str(getattr(plan.instance, "currency", ""))


def _in(what: str, currency: str) -> str:
    return f"{what} ({currency})" if currency else what


def _alike(rows: list[list[Decimal | None]], currency: str) -> list[list[str]]:
    """Write all money of a table with minor digits, or none of it."""
    written = iter(amounts([value for row in rows for value in row], currency))
    return [[next(written) for _ in row] for row in rows]


def _total(values: Iterable[Decimal | None]) -> Decimal:
    return sum((value for value in values if value is not None), Decimal(0))


def _left(spent: Decimal, available: Decimal | None) -> Decimal | None:
    return None if available is None else available - spent


def _yes_no(met: bool | None) -> str:
    return "" if met is None else ("yes" if met else "no")


def _without_repeats(rows: Iterable[tuple[str, ...]]) -> tuple[tuple[str, ...], ...]:
    """Blank the first cell where it repeats the one above, so that groups show."""
    shown: list[tuple[str, ...]] = []
    above = None
    for row in rows:
        shown.append(("", *row[1:]) if row[0] == above else row)
        above = row[0]
    return tuple(shown)
