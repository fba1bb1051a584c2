"""Who does what where: places down, interventions across, a mark for each partner."""

from __future__ import annotations

from collections import Counter, defaultdict
from decimal import Decimal
from functools import partial
from html import escape

from ciopt.plan.records import Assignment
from ciopt.report.grid import Column, Grid
from ciopt.report.page.blocks import Figure, Section
from ciopt.report.page.story import NUM_COLOURS, Story, short
from ciopt.report.words import amounts, number, plural

MOST_PLACES, MOST_ROWS = 60, 1000


def matrix(story: Story) -> Section:
    """Show all assignments, or where there are too many for a page, how many there are in each group."""
    title = "Who does what where"
    if not story.plan.assignments:
        return Section("who", title, ("Nobody does anything in this plan.",), tab="Who does what")
    if len({each.place for each in story.plan.assignments}) > MOST_PLACES:
        return Section("who", title, (_by_group(story),), tab="Who does what")
    return Section("who", title, (_by_place(story),), tab="Who does what")


def used(story: Story) -> list[str]:
    """Interventions that the plan has, in the instance's order."""
    found = {each.intervention for each in story.plan.assignments}
    return [each for each in story.lookup.interventions if each in found]


def _by_place(story: Story) -> Figure:
    says = (
        "Each mark is one activity: the letters say which partner does it"
        + (", the small number in which period it starts" if len(story.instance.periods) > 1 else "")
        + ". Point at a mark, or open the table, for its name and cost."
    )
    return Figure("matrix", "Places and interventions", says, partial(_draw, story), (_list(story),), True)


def _draw(story: Story, width: float) -> str:
    cells: dict[tuple[str, str], Assignment] = {each.option.activity: each for each in story.plan.assignments}
    columns = used(story)
    heads = "".join(
        f'<th scope="col"><span>{escape(story.intervention(each))}</span></th>' for each in columns
    )
    bodies = []
    for group, places in _groups(story).items():
        rows = []
        if group:
            head = f'<th colspan="{len(columns) + 1}" scope="rowgroup">{escape(short(group))}</th>'
            rows.append(f'<tr class="group">{head}</tr>')
        for place in places:
            marks = "".join(_cell(story, cells.get((each, place))) for each in columns)
            rows.append(f'<tr><th scope="row">{escape(story.place(place))}</th>{marks}</tr>')
        bodies.append(f"<tbody>{''.join(rows)}</tbody>")
    return _legend(story) + _table("Who does what where", "Place", heads, "".join(bodies))


def _table(title: str, corner: str, heads: str, bodies: str) -> str:
    """Put rows into a table that scrolls by itself, its first column staying in sight."""
    head = f'<thead><tr><th scope="col">{corner}</th>{heads}</tr></thead>'
    caption = f'<caption class="unseen">{escape(title)}</caption>'
    region = f'<div class="scroll" tabindex="0" role="region" aria-label="{escape(title)}">'
    return f'{region}<table class="matrix">{caption}{head}{bodies}</table></div>'


def _cell(story: Story, each: Assignment | None) -> str:
    if each is None:
        return "<td></td>"
    period = list(story.lookup.periods).index(each.period) + 1
    small = f"<sub>{period}</sub>" if len(story.instance.periods) > 1 else ""
    note = (
        f"{story.partner(each.partner)}: {story.what(each)}, {short(each.period)}, {story.money(each.cost)}"
    )
    kind = f"mark k{story.colours.get(each.partner, NUM_COLOURS)}"
    letters = escape(story.codes[each.partner])
    return f'<td><abbr class="{kind}" title="{escape(note)}">{letters}{small}</abbr></td>'


def _legend(story: Story) -> str:
    doing = {each.partner for each in story.plan.assignments}
    partners = "".join(
        f'<li><span class="mark k{story.colours[each]}">{escape(story.codes[each])}</span> '
        f"{escape(story.partner(each))}</li>"
        for each in story.busy
        if each in doing
    )
    periods = ""
    if len(story.instance.periods) > 1:
        listed = ", ".join(f"{n} = {short(each)}" for n, each in enumerate(story.instance.periods, 1))
        periods = f"<li>starts in: {escape(listed)}</li>"
    return f'<ul class="legend">{partners}{periods}</ul>'


def _groups(story: Story) -> dict[str, list[str]]:
    """Places with something to do, by group, in the instance's order."""
    busy = {each.place for each in story.plan.assignments}
    found: dict[str, list[str]] = {}
    for place in story.instance.places:
        if place.id in busy:
            found.setdefault(place.group or "", []).append(place.id)
    return found


def _list(story: Story) -> Grid:
    """All assignments, place by place; the first thousand where there are more."""
    order = {place: n for n, place in enumerate(story.lookup.places)}
    wanted = sorted(story.plan.assignments, key=lambda each: (order[each.place], each.option.id))
    *written, whole = amounts(
        [*(each.cost for each in wanted), Decimal(0) + sum(each.cost for each in wanted)], story.currency
    )
    rows = [
        (story.place(each.place), story.what(each), story.partner(each.partner), short(each.period), cost)
        for each, cost in zip(wanted[:MOST_ROWS], written, strict=False)
    ]
    left_out = len(wanted) - len(rows)
    columns = ("where", "what", "who", "starts")
    return Grid(
        "All activities",
        (*(Column(each) for each in columns), Column(story.currency, True)),
        tuple(rows),
        (f"{plural(len(wanted), 'activity', 'activities')}", "", "", "", whole),
        note=f"… {left_out:,} more are not shown here; the plan's file has them all" if left_out else "",
    )


def _by_group(story: Story) -> Figure:
    """How many activities and how much money each group has, by intervention."""
    columns = used(story)
    counts: Counter[tuple[str, str]] = Counter()
    costs: dict[str, Decimal] = defaultdict(Decimal)
    places: dict[str, set[str]] = defaultdict(set)
    for each in story.plan.assignments:
        group = story.lookup.places[each.place].group or ""
        counts[group, each.intervention] += 1
        costs[group] += each.cost
        places[group].add(each.place)
    groups = sorted(costs, key=lambda group: (-costs[group], group))
    shown = groups[:MOST_PLACES]
    num_places = sum(len(each) for each in places.values())
    says = (
        f"{len(story.plan.assignments):,} activities at {num_places:,} places are too many to "
        "show one by one: here is how many each group has. Darker means more."
    )
    if len(groups) > len(shown):
        says += f" The {len(shown)} groups with most money of {len(groups):,}."
    *written, whole = amounts(
        [*(costs[group] for group in shown), sum(costs.values(), Decimal(0))], story.currency
    )
    rows = [
        (
            short(group) or "no group",
            number(len(places[group])),
            *(str(counts[group, each] or "") for each in columns),
            cost,
        )
        for group, cost in zip(shown, written, strict=False)
    ]
    totals = [str(sum(counts[group, each] for group in groups)) for each in columns]
    grid = Grid(
        "Activities by group",
        (
            Column("group"),
            Column("places", True),
            *(Column(story.intervention(each), True) for each in columns),
            Column(story.currency, True),
        ),
        tuple(rows),
        ("all groups", number(num_places), *totals, whole),
    )
    return Figure(
        "matrix", "Groups and interventions", says, partial(_draw_counts, grid), (grid, _list(story)), True
    )


def _draw_counts(grid: Grid, width: float) -> str:
    most = max((int(cell) for row in grid.rows for cell in row[2:-1] if cell), default=1)
    heads = "".join(
        f'<th scope="col"><span>{escape(each.heading)}</span></th>' for each in grid.columns[2:-1]
    )
    rows = []
    for row in grid.rows:
        cells = "".join(
            f'<td><span class="mark h{(int(cell) * 5 - 1) // most}">{cell}</span></td>'
            if cell
            else "<td></td>"
            for cell in row[2:-1]
        )
        rows.append(f'<tr><th scope="row">{escape(row[0])}</th>{cells}</tr>')
    return _table(grid.title, "Group", heads, f"<tbody>{''.join(rows)}</tbody>")
