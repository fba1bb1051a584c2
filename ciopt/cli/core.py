"""``ciopt core``: which assignments are best whatever the truth."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over, many_solves, solving
from ciopt.cli.options import (
    file_argument,
    plan_argument,
    plan_if_given,
    scenario_option,
    source,
    source_name,
)

if TYPE_CHECKING:
    from ciopt.studies.uncertainty import Core

_ROWS = 40
_EPILOG = """\b
Examples:
  ciopt core cocoa.json plan.json --gap 0.005
  ciopt core cocoa.json --draws 200 --gap 0.002 --workers 8 -o core.json

Finished plans are kept, so a command that was stopped goes on where it was; Ctrl-C stops it.
"""


@click.command(epilog=_EPILOG, short_help="Say which assignments are best whatever the truth.")
@file_argument()
@plan_argument
@scenario_option
@click.option(
    "--draws",
    type=click.IntRange(1, 10_000),
    default=50,
    show_default=True,
    metavar="N",
    help="Truths that are drawn and planned for.",
)
@many_solves
def core(file: str, plan: str | None, scenario: str | None, draws: int, wish: Wish) -> int:
    """Draw truths from the ranges of the estimates in FILE, find the best plan for each, and compare them.

    Shows for each assignment how likely it belongs to the best plan: core (95 % and more), exchangeable, or
    never (5 % and less). With PLAN, of the same file, also which of its assignments are which.
    """
    from ciopt.files import read_instance
    from ciopt.studies.uncertainty import core as find

    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    given = plan_if_given(file, plan)
    with solving(wish) as pool:
        found = find(instance, wish.settings, plan=given, scenario=scenario, draws=draws, pool=pool)
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found)):
        return ExitCode.USAGE
    if not found.complete:
        return ExitCode.INTERRUPTED
    return ExitCode.OK if found.solved else ExitCode.LIMIT_WITHOUT_PLAN


def _drawn(found: Core) -> str:
    from ciopt.report.core import core_table, core_words
    from ciopt.report.grid import draw, emphasis

    page = output.page()
    words = core_words(found)
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    return "\n".join(lines) + "\n\n" + draw(core_table(found).shortened(_ROWS, "-o keeps all"), page)
