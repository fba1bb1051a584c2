"""Scenarios, sweeps or plans beside each other: what each is worth, as far as that is proven."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from ciopt.report.names import Names
from ciopt.report.page import charts
from ciopt.report.page.blocks import NARROW, Block, Figure, Points, Section, Table
from ciopt.report.page.named import named, names
from ciopt.report.page.story import short
from ciopt.report.page.svg import fitted
from ciopt.report.studies import (
    change_tables,
    comparison_tables,
    gain_words,
    standing_words,
    sweep_table,
    sweep_words,
)
from ciopt.report.words import number, plural
from ciopt.studies import Case, Comparison, Sweep

_WIDEST, _MOST_BARS = 10**6, 40
"""Characters that a table may be wide (it scrolls by itself), and cases that a chart shows."""
_FEW = 6
"""Rows that need no filter."""
_WORDS = {
    "better": "proven better",
    "worse": "proven worse",
    "equal": "proven equal",
    "not distinguishable": "not distinguishable: the bounds allow either to be better",
    "not comparable": "measured otherwise, so not compared",
    None: "without a plan",
}


def comparison_section(result: Comparison, called: Names, anchor: str = "scenarios") -> Section:
    """Show the cases of a comparison, with the names of what their plans do."""
    titles = names(result.cases)
    tables = comparison_tables(result, _WIDEST)
    currency = result.instance.currency
    changes = {
        case.key: change_tables(
            case.model_copy(update={"key": titles.get(case.key, case.key)}), currency, called
        )
        for case in result.cases[1:]
    }
    num_changes = sum(map(len, changes.values()))
    outcomes, others = tables[:1], tables[1 : len(tables) - num_changes]
    measures = _measures(result.cases)
    blocks: list[Block] = [comparison_headline(result), Points(_lines(result, titles))]
    blocks += [
        _figure(
            anchor,
            result.cases,
            [titles.get(case.key, case.key) for case in result.cases],
            are_solved=bool(result.asked),
        )
    ]
    blocks += [Table(named(grid, titles), True, len(result.cases) > _FEW) for grid in outcomes]
    blocks += [Table(named(grid, measures, titles), True, len(grid.rows) > _FEW) for grid in others]
    for number_, case in enumerate(result.cases[1:], 1):
        grids = changes[case.key]
        if grids:
            title = f"What changes: {short(titles.get(case.key, case.key))}"
            words = standing_words(case)
            parts = tuple(Table(grid) for grid in grids)
            blocks.append(Section(f"{anchor}-case-{number_}", title, (*case.changes, *parts), words, True))
    title = "What if: scenarios beside each other" if result.asked else "Plans beside each other"
    return Section(anchor, title, tuple(blocks), tab="Scenarios" if result.asked else "Other plans")


def comparison_headline(result: Comparison) -> str:
    """Say in one sentence how the cases stand against the first."""
    if not result.cases:
        return "Interrupted before anything was solved."
    first, *others = result.cases
    counts = Counter(case.standing for case in others)
    said = [f"{count:,} {_WORDS[kind].partition(':')[0].partition(',')[0]}" for kind, count in counts.items()]
    title = short(first.title or first.key)
    worth = "" if first.objective is None else f" (worth {number(first.objective)})"
    text = f"{plural(len(others), 'case')} beside “{title}”{worth}: {', '.join(said)}."
    return text if result.complete else f"{text} Interrupted: the other cases were not finished."


def sweep_headline(result: Sweep) -> str:
    """Say in one sentence what was varied, and how far it got."""
    return " ".join(sentence(line) for line in sweep_words(result))


def _lines(result: Comparison, titles: dict[str, str]) -> tuple[str, ...]:
    """Which cases are better, worse, or cannot be told from the first, by how much as far as is proven."""
    said: dict[str | None, list[str]] = {}
    for case in result.cases[1:]:
        title, by = titles.get(case.key, case.key), _by(case)
        said.setdefault(case.standing, []).append(f"{title} ({by})" if by else title)
    return tuple(sentence(f"{_WORDS[kind]}: {'; '.join(cases)}") for kind, cases in said.items())


def _by(case: Case) -> str:
    """By how much a case gains or loses against the first, as far as that is proven."""
    if case.standing == "worse" and case.gain is not None:
        least, most = case.gain
        lost = gain_words(case.model_copy(update={"gain": (_minus(most), _minus(least))}))
        return f"loses {lost}" if lost else ""
    gained = gain_words(case) if case.standing in ("better", "not distinguishable") else ""
    return f"gains {gained}" if gained else ""


def _minus(amount: Decimal | None) -> Decimal | None:
    return None if amount is None else -amount


def sweep_section(result: Sweep, anchor: str = "sweep") -> Section:
    """Show the points of a sweep."""
    cases = [*([result.base] if result.base else []), *(point.case for point in result.points)]
    titles = ["as it is"] * bool(result.base) + [", ".join(point.values) for point in result.points]
    blocks: list[Block] = [sweep_headline(result)]
    varied = "; ".join(f"{each.path} = {', '.join(each.values)}" for each in result.axes)
    blocks += [f"Varied: {varied}."]
    blocks += [_figure(anchor, cases, titles), Table(sweep_table(result), True, len(cases) > _FEW)]
    return Section(anchor, "What if: numbers varied", tuple(blocks), tab="Sweep")


def _measures(cases: Sequence[Case]) -> dict[str, str]:
    """Names of indicators, partners, funds and own budgets, as the tables call them."""
    own = {
        f"{each.id}, own": f"{short(each.name)}, own" for case in cases for each in case.partners if each.name
    }
    return own | names(each for case in cases for each in (*case.indicators, *case.partners, *case.funds))


@dataclass(frozen=True)
class _Bar:
    """The interval that the best plan of a case lies in."""

    title: str
    plan: float
    limit: float
    says: str


def _bars(cases: Sequence[Case], titles: Sequence[str]) -> list[_Bar]:
    found = []
    for case, title in zip(cases, titles, strict=True):
        if not case.has_plan or case.objective is None:
            continue
        best = case.objective if case.bound is None else case.bound
        proven = case.status == "optimal"
        ends = (case.objective, case.objective if proven else best)
        says = number(case.objective) if ends[0] == ends[1] else f"{number(min(ends))} to {number(max(ends))}"
        found.append(_Bar(short(title), float(ends[0]), float(ends[1]), says))
    return found


def _figure(
    anchor: str, cases: Sequence[Case], titles: Sequence[str], *, are_solved: bool = True
) -> Figure | str:
    bars = _bars(cases, titles)
    if not bars:
        return "None of them has a plan."
    shown = bars[:_MOST_BARS]
    says = "A dot is what the plan found is worth; a line runs from there to the best that any plan could be."
    if are_solved:
        says += " Where one case's line reaches the other's, it is not known which case is better."
    without = len(cases) - len(bars)
    if without:
        says += f" {without:,} without a plan {'is' if without == 1 else 'are'} not drawn."
    if len(bars) > len(shown):
        says += f" The first {len(shown)} of {len(bars):,} are drawn."
    goal = next(
        (each.goal for case in cases for each in case.goals if each.goal in ("value", "cost")), "value"
    )
    rows = tuple((bar.title, bar.says) for bar in bars)
    grid = charts.grid_of(f"{goal.capitalize()} of the best plan", ("case", goal), rows)
    return Figure(f"{anchor}-worth", "What each is worth", says, partial(_draw, shown, says), (grid,))


def _draw(bars: list[_Bar], says: str, width: float) -> str:
    import altair as alt

    room = 110 if width <= NARROW else 240
    rows: list[dict[str, Any]] = [
        {
            "row": str(number_),
            "plan": bar.plan,
            "limit": bar.limit,
            "says": bar.says if width > NARROW else number(Decimal(str(bar.plan))),
            "name": fitted(bar.title, room),
        }
        for number_, bar in enumerate(bars)
    ]
    y = charts.names_axis({row["row"]: row["name"] for row in rows}, room)
    scale = alt.Scale(zero=False, padding=70 if width > NARROW else 46, nice=False)
    axis = alt.Axis(tickCount=5 if width > NARROW else 3, labelBound=True)
    base = alt.Chart(alt.InlineData(values=rows)).encode(y=y)
    lines = base.mark_rule(strokeWidth=5, color=charts.ACCENT, opacity=0.45).encode(
        x=alt.X("plan:Q", title=None, scale=scale, axis=axis), x2="limit:Q"
    )
    dots = base.mark_point(filled=True, size=70, color=charts.ACCENT, opacity=1).encode(x="plan:Q")
    texts = base.mark_text(dy=-11).encode(x="plan:Q", text="says:N")
    return charts.svg_of((lines + dots + texts).properties(width=width, height=36 * len(rows)), says)


def sentence(line: str) -> str:
    """Make a line of words a sentence."""
    return line[:1].upper() + line[1:] + ("" if line.endswith((".", "!", "?")) else ".")
