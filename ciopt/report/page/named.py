"""Ids of tables in the names that people know them by."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from ciopt.report.grid import Column, Grid
from ciopt.report.page.story import short


def names(records: Iterable[object]) -> dict[str, str]:
    """Return the names of records that have one, by their ids."""
    found = {}
    for each in records:
        name = short(getattr(each, "name", "") or getattr(each, "title", ""))
        if name:
            found[str(getattr(each, "id", "") or getattr(each, "key", ""))] = name
    return found


def named(grid: Grid, rows: Mapping[str, str], heads: Mapping[str, str] | None = None) -> Grid:
    """Return a table with names in its first column, and in its headings, where there were ids."""
    columns = tuple(
        Column((heads or {}).get(each.heading, each.heading), each.numeric) for each in grid.columns
    )
    return replace(
        grid, columns=columns, rows=tuple((rows.get(row[0], row[0]), *row[1:]) for row in grid.rows)
    )
