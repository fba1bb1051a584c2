"""``ciopt measure-next``: which estimate is worth measuring."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over, many_solves, solving
from ciopt.cli.options import (
    POSITIVE_NUMBER,
    file_argument,
    plan_argument,
    plan_if_given,
    scenario_option,
    source,
    source_name,
)

if TYPE_CHECKING:
    from ciopt.studies.uncertainty import Information

_ROWS = 20
_EPILOG = """\b
Examples:
  ciopt measure-next cocoa.json plan.json --gap 0.005
  ciopt measure-next cocoa.json --gap 0.002 --draws 100 --sd 0.2 -o next.json

Finished plans are kept, so a command that was stopped goes on where it was; Ctrl-C stops it.
"""


@click.command(epilog=_EPILOG, short_help="Say which estimate is worth measuring next.")
@file_argument()
@plan_argument
@scenario_option
@click.option(
    "--draws",
    type=click.IntRange(0, 10_000),
    default=40,
    show_default=True,
    metavar="N",
    help="Truths that are drawn and planned for: what knowing everything is worth.",
)
@click.option(
    "--solves",
    type=click.IntRange(0, 100_000),
    default=150,
    show_default=True,
    metavar="N",
    help="Most solves for single estimates.",
)
@click.option(
    "--sd",
    type=POSITIVE_NUMBER,
    metavar="R",
    help="Standard error of a measurement, as a part of the estimate (0.2): adds what measuring is worth.",
)
@many_solves
def measure_next(
    file: str,
    plan: str | None,
    scenario: str | None,
    draws: int,
    solves: int,
    sd: float | None,
    wish: Wish,
) -> int:
    """Say what knowing each estimate in FILE would be worth before planning, and so which to measure next.

    Knowing an estimate is worth something if it would change the plan. What it is worth lies between what the
    plans found gain and what the bounds of the solves allow: a smaller --gap makes intervals narrower.
    Estimates whose intervals meet are not distinguishable. PLAN, of the same file, is where solves begin.
    """
    from decimal import Decimal

    from ciopt.files import read_instance
    from ciopt.studies.uncertainty import measure_next as measure

    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    given = plan_if_given(file, plan)
    error = None if sd is None else Decimal(repr(sd))
    with solving(wish) as pool:
        found = measure(
            instance,
            wish.settings,
            plan=given,
            scenario=scenario,
            draws=draws,
            solves=solves,
            sd=error,
            pool=pool,
        )
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found)):
        return ExitCode.USAGE
    if not found.complete:
        return ExitCode.INTERRUPTED
    return ExitCode.LIMIT_WITHOUT_PLAN if found.value is None else ExitCode.OK


def _drawn(found: Information) -> str:
    from ciopt.report.grid import draw, emphasis
    from ciopt.report.information import information_table, information_words

    page = output.page()
    words = information_words(found)
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    grid = information_table(found).shortened(_ROWS, "-o keeps all")
    return "\n".join(lines) + "\n\n" + draw(grid, page)
