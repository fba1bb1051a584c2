"""``ciopt sweep``: every combination of some values."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, code_of, hand_over, many_solves, solving
from ciopt.cli.options import file_argument, source, source_name

if TYPE_CHECKING:
    from ciopt.studies import Sweep

_EPILOG = """\b
Examples:
  ciopt sweep cocoa.json --set partners.mars.budget=1e6,2e6,4e6 --gap 0.01
  ciopt sweep cocoa.json --set partners.mars.budget=1e6,2e6 --set funds.wb-roads.amount=0,5e6 -o s.json

Finished plans are kept, so a command that was stopped goes on where it was; Ctrl-C stops it.
"""


@click.command(epilog=_EPILOG, short_help="Solve for every combination of some values.")
@file_argument()
@click.option(
    "--set",
    "settings",
    multiple=True,
    required=True,
    metavar="PATH=VALUE,VALUE,...",
    help="What takes which values in turn; several --set are crossed.",
)
@many_solves
def sweep(file: str, settings: tuple[str, ...], wish: Wish) -> int:
    """Solve the coalition in FILE for every combination of the values, in parallel.

    Every solve starts from the plan of the file as it is; the result does not depend on how many workers
    there are. Points are called better or worse only where their bounds prove it.
    """
    from ciopt.files import read_instance
    from ciopt.studies import set_each
    from ciopt.studies import sweep as sweep_over

    wish.check(file)
    axes = [set_each(text) for text in settings]
    instance = read_instance(source(file), name=source_name(file))
    with solving(wish) as pool:
        result = sweep_over(instance, axes, wish.settings, pool=pool)
    fine = hand_over(result.to_data(), wish, result.notes, lambda: _drawn(result))
    cases = [*([result.base] if result.base else []), *(point.case for point in result.points)]
    return code_of(cases, complete=result.complete) if fine else ExitCode.USAGE


def _drawn(result: Sweep) -> str:
    from ciopt.report.grid import draw, emphasis
    from ciopt.report.studies import sweep_table, sweep_words

    page = output.page()
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(sweep_words(result))]
    return "\n".join(lines) + "\n\n" + draw(sweep_table(result), page)
