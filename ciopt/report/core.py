"""Which assignments are best whatever the truth, in words and a table."""

from __future__ import annotations

from decimal import Decimal

from ciopt.report.grid import Column, Grid
from ciopt.report.words import percent, plural
from ciopt.studies.uncertainty.core import Core


def core_words(found: Core) -> list[str]:
    """Say how much of the plan holds whatever the truth."""
    if not found.solved:
        return ["no best plan of a drawn truth was found"]
    kinds = {kind: [each for each in found.options if each.belongs == kind] for kind in _ORDER}
    words = [
        f"{plural(len(kinds['core']), 'assignment')} in at least 95 % of the best plans (core), "
        f"{len(kinds['exchangeable'])} in some (exchangeable), {len(kinds['never'])} in 5 % or fewer (never)"
    ]
    if any(each.in_plan is not None for each in found.options):
        mine = {kind: sum(bool(each.in_plan) for each in kinds[kind]) for kind in _ORDER}
        words.append(
            f"of the plan's {sum(mine.values())} assignments {mine['core']} are core, "
            f"{mine['exchangeable']} exchangeable, {mine['never']} hardly ever best"
        )
    if found.never:
        words.append(f"{plural(len(found.never), 'activity', 'activities')} offered in no best plan")
    words.append(_said(found))
    return words


def _said(found: Core) -> str:
    drawn = f"{found.solved} of {found.draws} drawn truths" if found.solved < found.draws else ""
    words = f"{drawn or f'{found.draws} drawn truths'} of {plural(found.estimates, 'estimate')}"
    if found.proven == found.solved:
        return f"{words}, each planned for to the proven optimum"
    gap = "without a bound" if found.worst_gap is None else f"within {percent(found.worst_gap)}"
    return (
        f"{words}; {found.solved - found.proven} of the plans are only known to be {gap} of the best, and "
        "where several are as good, which one counts is the search's accident"
    )


_ORDER = ("core", "exchangeable", "never")


def core_table(found: Core) -> Grid:
    """Return how likely each assignment belongs to the best plan."""
    has_plan = any(each.in_plan is not None for each in found.options)
    columns = [
        Column("activity"),
        Column("by whom, from when"),
        Column("in best plan", numeric=True),
        Column("95 % interval", numeric=True),
        Column("by anybody", numeric=True),
        Column("is"),
    ]
    columns += [Column("in the plan")] if has_plan else []
    rows = []
    for each in found.options:
        how = [each.partner, each.period, *([each.level] if each.level is not None else [])]
        row = [
            f"{each.intervention} at {each.place}",
            ", ".join(how),
            _whole(each.probability),
            f"{_whole(each.probability_low)} to {_whole(each.probability_high)}",
            _whole(each.activity),
            each.belongs,
        ]
        row += [("yes" if each.in_plan else "no")] if has_plan else []
        rows.append(tuple(row))
    return Grid(
        "How likely each assignment belongs to the best plan",
        tuple(columns),
        tuple(rows),
        empty="no best plan was found",
        note="By anybody: how often the activity is done at all, by whichever partner, and whenever.",
    )


def _whole(part: Decimal) -> str:
    """A probability in whole percent: so few draws give no more."""
    return percent(round(part, 2))
