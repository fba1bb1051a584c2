"""``ciopt alternatives``: really different plans that are about as good."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over
from ciopt.cli.nearby import code_of, few_solves, listening
from ciopt.cli.options import SHARE, file_argument, source, source_name

if TYPE_CHECKING:
    from ciopt.studies import Alternatives

_ROWS = 15
_EPILOG = """\b
Examples:
  ciopt alternatives cocoa.json --within 1% --count 5 --time-limit 120
  ciopt alternatives cocoa.json --within 2% --differ-in partner -o alternatives.json
"""


@click.command(epilog=_EPILOG, short_help="Find really different plans that are about as good.")
@file_argument()
@click.option(
    "--within",
    type=SHARE,
    default="1%",
    show_default=True,
    metavar="SHARE",
    help="How much worse than the best plan found a plan may be: 1% or 0.01.",
)
@click.option(
    "--count", type=click.IntRange(1, 100), default=5, show_default=True, metavar="N", help="How many plans."
)
@click.option(
    "--differ-in",
    type=click.Choice(["activity", "partner", "place", "fund"]),
    default="activity",
    show_default=True,
    help="What the distance between plans counts.",
)
@few_solves
def alternatives(
    file: str, within: Decimal, count: int, differ_in: str, scenario: str | None, wish: Wish
) -> int:
    """Find plans for FILE that are about as good as the best one and far from each other.

    Every plan is verified. The distance that is shown holds between any two of them.

    With --workers or --cluster several distances are tried side by side, each solve with one thread unless
    --threads says more. The plans of one distance need each other, and are found one by one.
    """
    from ciopt.files import read_instance
    from ciopt.studies import alternatives as find

    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    found, interrupted = listening(
        wish,
        lambda ears: find(
            instance,
            wish.settings,
            within=within,
            count=count,
            differ_in=differ_in,  # type: ignore[arg-type]
            scenario=scenario,
            progress=ears.progress,
            interrupt=ears.interrupt,
            pool=ears.pool,
        ),
    )
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found, brief=wish.quiet)):
        return ExitCode.USAGE
    return _code(found, interrupted=interrupted)


def _code(found: Alternatives, *, interrupted: bool) -> ExitCode:
    """As many plans as asked for, or a proof that there are no more: done as asked."""
    if not found.plans:
        return code_of(
            "infeasible" if found.no_more else "no_plan", found.stopped_by, interrupted=interrupted
        )
    fine = found.no_more or len(found.plans) == found.asked
    return code_of("optimal" if fine else "feasible", found.stopped_by or "stalled", interrupted=interrupted)


def _drawn(found: Alternatives, *, brief: bool) -> str:
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.report.nearby import alternatives_tables, alternatives_words

    page = output.page()
    words = alternatives_words(found)
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    grids = alternatives_tables(found)[: 1 if brief else None]
    shown = [grid.shortened(_ROWS, "-o keeps all") for grid in grids]
    return "\n".join(lines) + ("\n\n" + draw_all(shown, page) if shown else "")
