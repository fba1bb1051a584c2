"""``ciopt collaborate``: alone, informed, together."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over, many_solves_in_all, solving
from ciopt.cli.options import file_argument, scenario_option, source, source_name

if TYPE_CHECKING:
    from ciopt.studies.collaboration import Collaboration

_ROWS = 25
_EPILOG = """\b
Examples:
  ciopt collaborate cocoa.json --gap 0.01
  ciopt collaborate somerville.json --gap 0.005 --each-fund -o together.json

Ctrl-C stops and shows what was found until then.
"""


@click.command(epilog=_EPILOG, short_help="Measure what the coalition gains by planning together.")
@file_argument()
@scenario_option
@click.option(
    "--each-fund", is_flag=True, help="Solve once more for each shared fund: what if it were split?"
)
@many_solves_in_all
def collaborate(file: str, scenario: str | None, each_fund: bool, wish: Wish) -> int:
    """Measure what the partners in FILE gain by planning together.

    Alone: each plans with its own money and a fixed part of the shared funds, and counts only what it does.
    Informed: each in turn sees what the others do and answers, until nobody changes anything. Together: one
    plan, with all money and the backbones. All are judged by the coalition's own arithmetic.
    """
    from ciopt.files import read_instance
    from ciopt.studies.collaboration import collaborate as measure

    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    with solving(wish) as pool:
        found = measure(instance, wish.settings, scenario=scenario, each_fund=each_fund, pool=pool)
    return (
        _code(found) if hand_over(found.to_data(), wish, (), lambda: _drawn(found, wish)) else ExitCode.USAGE
    )


def _drawn(found: Collaboration, wish: Wish) -> str:
    from ciopt.report.collaboration import story, tables
    from ciopt.report.grid import draw_all, emphasis

    page = output.page()
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(story(found))]
    grids = tables(found)[: 1 if wish.quiet else None]
    return (
        "\n".join(lines) + "\n\n" + draw_all([grid.shortened(_ROWS, "-o keeps all") for grid in grids], page)
    )


def _code(found: Collaboration) -> ExitCode:
    """What the plan of all together says, if it came to that."""
    if found.stopped_by == "interrupt":
        return ExitCode.INTERRUPTED
    together = found.world("together")
    if together is None:
        return ExitCode.LIMIT_WITHOUT_PLAN
    if together.plan is None:
        return ExitCode.INFEASIBLE if together.impossible else ExitCode.LIMIT_WITHOUT_PLAN
    limited = found.stopped_by == "time_limit" or together.plan.stopped_by not in (None, "gap")
    return ExitCode.LIMIT_WITH_PLAN if limited else ExitCode.OK
