"""Comparisons and sweeps as tables: what each case achieves and costs, and what changes in it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from decimal import Decimal

from ciopt.instance.base import OWN_BUDGET
from ciopt.report.grid import Column, Grid
from ciopt.report.names import Names
from ciopt.report.words import amounts, fund_name, number, percent, plural
from ciopt.studies import Case, Comparison, Difference, Move, Sweep
from ciopt.studies.case import IndicatorCase

_PERCENT = Decimal(100)
_IDS = Names()
_UNRANKED = {"not comparable": "measured otherwise"}


def comparison_tables(result: Comparison, width: int) -> list[Grid]:
    """Return the tables of a comparison: outcomes, indicators, money, and what changes in each case."""
    currency, cases = result.instance.currency, result.cases
    if not cases:
        return []
    shown = [_outcomes(cases, currency, Column("scenario"), result.goals)]
    for grid in (_indicators, _spent, _partners):
        shown += _blocks(cases, width, lambda some, grid=grid: grid(some, currency))  # type: ignore[misc]
    for case in cases[1:]:
        shown += change_tables(case, currency)
    return shown


def sweep_table(result: Sweep) -> Grid:
    """One row for the instance as it is and for each combination of values."""
    paths = [each.path for each in result.axes]
    cases = [*([result.base] if result.base else []), *(point.case for point in result.points)]
    values = [*([("as it is",) + ("",) * (len(paths) - 1)] if result.base else [])]
    values += [point.values for point in result.points]
    grid = _outcomes(cases, result.instance.currency, Column("scenario"), result.goals)
    return Grid(
        "Sweep",
        (*(Column(path, True) for path in paths), *grid.columns[1:]),
        tuple((*map(_number_or_text, value), *row[1:]) for value, row in zip(values, grid.rows, strict=True)),
        note=grid.note,
    )


def change_tables(case: Case, currency: str, names: Names = _IDS) -> list[Grid]:
    """What changes in a case: who does what otherwise, and whose money moves; none if nothing does."""
    return [] if case.difference is None else difference_tables(case.difference, case.key, currency, names)


def difference_tables(found: Difference, key: str, currency: str, names: Names = _IDS) -> list[Grid]:
    """Return who does what otherwise, and whose money moves; nothing if nothing differs.

    Parameters
    ----------
    key
        What the second plan is called in titles.
    names
        Of what the plans do; their ids if missing.
    """
    if found.is_empty:
        return []
    churn = percent(found.churn / _PERCENT)
    title = f"{key}: {found.changed:,} of {plural(found.activities, 'activity', 'activities')} change"
    return [
        grid
        for grid in (_changes(found, f"{title} (churn {churn})", names), _money(found, key, currency, names))
        if grid.rows
    ]


def standing_words(case: Case) -> str:
    """Say how a case stands against the first, as far as that is proven.

    Examples
    --------
    >>> standing_words(richer)  # doctest: +SKIP
    'better'
    """
    if case.status == "error":
        return f"failed: {case.error}"
    if not case.has_plan:
        return "infeasible" if case.status == "infeasible" else "no plan found"
    return _UNRANKED.get(case.standing or "", case.standing or "")


def gain_words(case: Case) -> str:
    """Say between which amounts the gain against the first case certainly lies; empty if that is not known.

    Examples
    --------
    >>> gain_words(richer)  # doctest: +SKIP
    '498.2 to 540.7'
    """
    least, most = case.gain or (None, None)
    if least is None and most is None:
        return ""
    if least is None or most is None:
        return f"at most {number(most or 0)}" if least is None else f"at least {number(least)}"
    return number(least) if least == most else f"{number(least)} to {number(most)}"


def _outcomes(cases: Sequence[Case], currency: str, label: Column, goals: Sequence[str]) -> Grid:
    """What each case is worth and costs, and how it stands against the first."""
    goal = next((each for each in goals if each in ("value", "cost")), "value")
    costs = amounts([case.cost for case in cases], currency)
    has_targets = any(case.targets for case in cases)
    limit = "at most" if goal == "value" else "at least"
    columns = [label, Column(goal, True), Column(limit, True), Column("rank", True)]
    columns += [Column("verdict"), Column("gain", True)]
    columns += [Column(f"cost ({currency})", True)] if goal == "value" else []
    columns += [Column("targets met", True)] if has_targets else []
    rows = []
    for case, cost in zip(cases, costs, strict=True):
        row = [case.key, _known(case.objective), _known(case.bound), _rank(case)]
        row += ["" if case is cases[0] and case.has_plan else standing_words(case), gain_words(case)]
        row += [cost] if goal == "value" else []
        row += [_met(case)] if has_targets else []
        rows.append((*row, "" if case.difference is None else percent(case.difference.churn / _PERCENT)))
    return Grid("Outcomes", (*columns, Column("churn", True)), tuple(rows), note=_explained(cases))


def _explained(cases: Sequence[Case]) -> str:
    """Say why some cases are not ranked."""
    said = {case.standing for case in cases}
    notes = []
    if "not distinguishable" in said:
        notes.append("not distinguishable: the bounds allow either to be better; a smaller --gap may tell")
    if "not comparable" in said:
        notes.append("measured otherwise: weights or goals differ, so the values do not compare")
    return "; ".join(notes)


def _indicators(cases: Sequence[Case], currency: str) -> Grid:
    """Where each indicator ends in each case; an exclamation mark where its target is missed."""
    ids = _in_order(each.id for case in cases for each in case.indicators)
    rows = []
    for id_ in ids:
        found = [next((each for each in case.indicators if each.id == id_), None) for case in cases]
        target = next((each.target for each in found if each is not None), None)
        cells = [
            "" if each is None else number(each.attained) + ("" if each.met is not False else " !")
            for each in found
        ]
        rows.append((id_, _known(target), *cells))
    return Grid(
        "Where indicators end (!: misses the target)",
        (Column("indicator"), Column("target", True), *_columns(cases)),
        tuple(rows),
    )


def _end(indicator: IndicatorCase | None) -> str:
    if indicator is None:
        return ""
    return number(indicator.attained) + (" !" if indicator.met is False else "")


def _spent(cases: Sequence[Case], currency: str) -> Grid:
    """What each fund and each partner's own budget pays in each case."""
    spent = [
        {each.id: each.spent for each in case.funds}
        | {
            OWN_BUDGET + each.id: each.spent
            for each in case.partners
            if each.budget is not None or each.spent
        }
        for case in cases
    ]
    return _money_grid(f"Spent ({currency})", "money", cases, spent, currency)


def _partners(cases: Sequence[Case], currency: str) -> Grid:
    """What the assignments of each partner cost in each case."""
    costs = [{each.id: each.cost for each in case.partners} for case in cases]
    return _money_grid(f"Assignments of each partner ({currency})", "partner", cases, costs, currency)


def _money_grid(
    title: str, what: str, cases: Sequence[Case], columns: list[dict[str, Decimal]], currency: str
) -> Grid:
    ids = [
        id_
        for id_ in _in_order(id_ for column in columns for id_ in column)
        if any(c.get(id_) for c in columns)
    ]
    written = [amounts([column.get(id_) for id_ in ids], currency) for column in columns]
    return Grid(
        title,
        (Column(what), *_columns(cases)),
        tuple((fund_name(id_), *(column[n] for column in written)) for n, id_ in enumerate(ids)),
        empty="nothing",
    )


def _changes(found: Difference, title: str, names: Names) -> Grid:
    """Who does what otherwise, and what comes of it; places of the same change share a row."""
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for how, several in (("starts", found.added), ("stops", found.dropped)):
        for each in several:
            key = how, names.partner(each.partner), names.what(each), each.period
            groups.setdefault(key, []).append(names.place(each.place))
    for move in found.moved:
        where = _arrow(names.place(move.before.place), names.place(move.after.place))
        groups.setdefault(_described(move, names), []).append(where)
    for how, labels in (("gained", found.synergies_gained), ("lost", found.synergies_lost)):
        for label in labels:
            synergy, _, where = label.partition("@")
            key = f"synergy {how}", "", names.synergy(synergy), ""
            groups.setdefault(key, []).append(names.at(where))
    for how, partners in (("added", found.backbones_added), ("dropped", found.backbones_dropped)):
        for partner in partners:
            groups[f"backbone {how}", names.partner(partner), "", ""] = []
    return Grid(
        title,
        (Column("change"), Column("who"), Column("what"), Column("when"), Column("where")),
        tuple((*key, ", ".join(places)) for key, places in groups.items()),
    )


def _described(move: Move, names: Names) -> tuple[str, str, str, str]:
    before, after = move.before, move.after
    return (
        "moves" if "place" in move.differs else "changes",
        _arrow(names.partner(before.partner), names.partner(after.partner)),
        _arrow(names.what(before), names.what(after)),
        _arrow(before.period, after.period),
    )


def _arrow(before: str, after: str) -> str:
    return before if before == after else f"{before} > {after}"


def _money(found: Difference, key: str, currency: str, names: Names) -> Grid:
    columns = [
        amounts([each.before for each in found.money], currency),
        amounts([each.after for each in found.money], currency),
        amounts([each.change for each in found.money], currency),
    ]
    return Grid(
        f"{key}: money that moves ({currency})",
        (
            Column("fund"),
            Column("pays for"),
            Column("before", True),
            Column("after", True),
            Column("change", True),
        ),
        tuple(
            (names.fund(each.fund), names.partner(each.partner), *(column[n] for column in columns))
            for n, each in enumerate(found.money)
        ),
    )


def _blocks(cases: Sequence[Case], width: int, grid: Callable[[Sequence[Case]], Grid]) -> list[Grid]:
    """Draw as many cases beside the first as the page is wide enough for, the rest below."""
    first, rest, grids = cases[0], list(cases[1:]), []
    while True:
        count = len(rest)
        while count > 1 and grid([first, *rest[:count]]).width > width:
            count -= 1
        grids.append(grid([first, *rest[:count]]))
        rest = rest[count:]
        if not rest:
            return [each for each in grids if each.rows]


def _columns(cases: Sequence[Case]) -> list[Column]:
    return [Column(case.key, True) for case in cases]


def _rank(case: Case) -> str:
    if case.rank is None:
        return ""
    best, worst = case.rank
    return str(best) if best == worst else f"{best}-{worst}"


def _met(case: Case) -> str:
    return f"{sum(each.met for each in case.targets)} of {len(case.targets)}" if case.has_plan else ""


def _known(amount: Decimal | None) -> str:
    return "" if amount is None else number(amount)


def _number_or_text(value: str) -> str:
    try:
        return number(Decimal(value))
    except ArithmeticError:
        return value


def _in_order(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))


def comparison_words(result: Comparison) -> list[str]:
    """Say in sentences what came out: how many cases, which are proven better, which cannot be told."""
    if not result.cases:
        return ["interrupted before anything was solved"]
    first, *others = result.cases
    said: dict[str, list[str]] = {}
    for case in others:
        word = case.standing or standing_words(case).split(":")[0]
        said.setdefault(_UNRANKED.get(word, word), []).append(case.key)
    lines = [_titled(f"{plural(len(others), 'case')} against {first.key}", result.instance.name)]
    lines += [f"{word}: {', '.join(keys)}" for word, keys in said.items()]
    return lines if result.complete else [*lines, "interrupted: the other cases were not finished"]


def sweep_words(result: Sweep) -> list[str]:
    """Say in sentences what was varied and how many points were solved."""
    total = 1
    for each in result.axes:
        total *= len(each.values)
    lines = [_titled(f"{len(result.points):,} of {plural(total, 'point')}", result.instance.name)]
    return lines if result.complete else [*lines, "interrupted: the other points were not finished"]


def _titled(text: str, name: str) -> str:
    return f"{text}: {name}" if name else text
