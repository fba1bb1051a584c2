"""``ciopt replan``: the best plan that stays close to an old one."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over
from ciopt.cli.nearby import code_of, few_solves, listening
from ciopt.cli.options import AMOUNT, STDIN, file_argument, source, source_name
from ciopt.cli.targets import check_target

if TYPE_CHECKING:
    from ciopt.studies import Replanning

_ROWS = 12
_EPILOG = """\b
Examples:
  ciopt replan cocoa.json --from plan.json --max-changes 10
  ciopt replan cocoa.json --from plan.json --scenario no-world-bank --change-cost 2
  ciopt replan cocoa.json --from plan.json --now 2028 --keep partner:mars --plan new.json
"""


@click.command(epilog=_EPILOG, short_help="Find the best plan that stays close to an old one.")
@file_argument()
@click.option("--from", "old", type=click.Path(), required=True, metavar="PLAN", help="The old plan.")
@click.option(
    "--keep",
    default="committed",
    show_default=True,
    metavar="WHAT",
    help="committed (what the instance commits to), all, or partner:ID.",
)
@click.option("--now", metavar="PERIOD", help="What starts before it stays as it was.")
@click.option("--max-changes", type=click.IntRange(0), metavar="N", help="Most activities that may change.")
@click.option(
    "--change-cost", type=AMOUNT, metavar="C", help="What each change costs, in the first goal's unit."
)
@click.option("--plan", "plan_target", type=click.Path(), help="Write the new plan to this file.")
@few_solves
def replan(
    file: str,
    old: str,
    keep: str,
    now: str | None,
    max_changes: int | None,
    change_cost: Decimal | None,
    plan_target: str | None,
    scenario: str | None,
    wish: Wish,
) -> int:
    """Find the best plan for FILE that respects an old plan, and say what stability costs.

    An activity that is done otherwise than before, no longer, or newly is one change. The new plan is
    verified as a plan of the instance; the price of stability is how much better the free best plan is.

    With --workers or --cluster both are sought side by side, each with one thread unless --threads says more.
    """
    from ciopt.files import dump, read_instance, read_plan, write_text_atomically
    from ciopt.studies import replan as plan_again

    if file == old == STDIN:
        raise click.UsageError("only one of FILE and PLAN can be stdin", click.get_current_context())
    wish.check(file)
    if plan_target is not None:
        check_target(plan_target, file)
    instance = read_instance(source(file), name=source_name(file))
    before = read_plan(source(old), name=source_name(old))
    found, interrupted = listening(
        wish,
        lambda ears: plan_again(
            instance,
            before,
            wish.settings,
            keep=keep,
            now=now,
            max_changes=max_changes,
            change_cost=change_cost,
            scenario=scenario,
            progress=ears.progress,
            interrupt=ears.interrupt,
            pool=ears.pool,
        ),
    )
    if plan_target is not None and found.plan is not None:
        write_text_atomically(plan_target, dump(found.plan.to_data()))
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found, brief=wish.quiet)):
        return ExitCode.USAGE
    return code_of(found.status, found.stopped_by, interrupted=interrupted)


def _drawn(found: Replanning, *, brief: bool) -> str:
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.report.nearby import replanning_tables, replanning_words

    page = output.page()
    words = replanning_words(found)
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    grids = [] if brief else [grid.shortened(_ROWS, "-o keeps all") for grid in replanning_tables(found)]
    return "\n".join(lines) + ("\n\n" + draw_all(grids, page) if grids else "")
