"""Tables fit the page, cut no number, and show foreign text as text."""

from __future__ import annotations

import re

import pytest

from ciopt.report.grid import Column, Grid, Page, draw, draw_all

GRID = Grid(
    "Money",
    (Column("who"), Column("where"), Column("amount", True)),
    (("government", "soubre, meagui, okrouyo, grand-zattry, buyo", "1,310,000.50"), ("mars", "", "7")),
    ("total", "", "1,310,007.50"),
)


def lines(grid: Grid, width: int) -> list[str]:
    return draw(grid, Page(width)).splitlines()


@pytest.mark.parametrize("width", [40, 50, 60, 80, 140])
def test_a_table_fits_its_page(width: int) -> None:
    assert max(map(len, lines(GRID, width))) <= width


@pytest.mark.parametrize("width", [1, 10, 20, 30])
def test_numbers_are_never_cut(width: int) -> None:
    shown = draw(GRID, Page(width))
    assert "1,310,000.50" in shown
    assert "1,310,007.50" in shown
    assert "…" not in shown


def test_numbers_are_aligned_right() -> None:
    ends = {len(line) for line in lines(GRID, 80) if re.search(r"\d$", line)}
    assert len(ends) == 1


def test_long_text_wraps_and_stays_whole() -> None:
    shown = draw(GRID, Page(40))
    for place in ("soubre", "meagui", "okrouyo", "buyo"):
        assert place in shown


def test_markup_and_escapes_are_text() -> None:
    grid = Grid("[red]t", (Column("[bold]h"),), (("[link=x]:smile:\x1b[2J",),))
    shown = draw(grid, Page(80))
    assert "[red]t" in shown
    assert "[bold]h" in shown
    assert "[link=x]:smile:\\x1b[2J" in shown
    assert "\x1b" not in shown


def test_colour_only_where_the_page_has_it() -> None:
    assert "\x1b[1m" in draw(GRID, Page(80, colour=True))
    assert "\x1b" not in draw(GRID, Page(80))
    assert draw(GRID, Page(80, unicode=False)).isascii()


def test_an_empty_table_says_so() -> None:
    assert draw(Grid("Backbones", (Column("who"),), ()), Page()) == "Backbones: none\n"


def test_a_shortened_table_says_what_is_left_out() -> None:
    grid = Grid("t", (Column("n", True),), tuple((str(n),) for n in range(20)), ("190",))
    short = draw(grid.shortened(5, "use -v"), Page())
    assert "… 15 more rows; use -v" in short
    assert "190" in short
    assert grid.shortened(20, "").rows == grid.rows


def test_a_shortened_table_cuts_lists_at_a_comma() -> None:
    grid = Grid("t", (Column("where"),), ((", ".join(f"place-{n}" for n in range(50)),),))
    (cell,) = grid.shortened(5, "").rows[0]
    assert re.fullmatch(r"(place-\d+, )+…", cell)


def test_wide_characters_count_double() -> None:
    grid = Grid("t", (Column("h"),), (("中文",),))
    assert grid.width == 4


def test_tables_are_drawn_one_after_another() -> None:
    assert draw_all([GRID, GRID], Page()).count("Money\n") == 2
    assert draw_all([], Page()) == ""
