"""``ciopt explain``: why a plan is as it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, code_of, hand_over, many_solves, solving
from ciopt.cli.options import STDIN, file_argument, source, source_name

if TYPE_CHECKING:
    from ciopt.report.grid import Grid
    from ciopt.studies import Case, Explanation, Importance, WhyNot

_ROWS, _MORE_ROWS = 12, 30
_EPILOG = """\b
Examples:
  ciopt explain cocoa.json plan.json --assignment "partner=mars intervention=training place=soubre"
  ciopt explain cocoa.json plan.json --why-not "partner=mars intervention=clinic place=soubre"
  ciopt explain cocoa.json plan.json --importance partners --gap 0.01 --workers 4 -o importance.json

An assignment is named by its option id (mars/training/soubre/2027), or by as much of it as is needed.
Finished plans are kept, so a command that was stopped goes on where it was; Ctrl-C stops it.
"""


@click.command(epilog=_EPILOG, short_help="Say why a plan is as it is.")
@file_argument()
@file_argument("plan")
@click.option("--assignment", metavar="WHICH", help="What it is for, and what is lost without it.")
@click.option("--why-not", metavar="WHICH", help="Why it is not in the plan, and what having it costs.")
@click.option(
    "--importance",
    type=click.Choice(("partners", "funds", "assignments", "all")),
    help="What is lost without each of them.",
)
@many_solves
def explain(
    file: str, plan: str, assignment: str | None, why_not: str | None, importance: str | None, wish: Wish
) -> int:
    """Explain PLAN, which was made for FILE: one assignment, something that is not in it, or all that is.

    What an assignment moves, uses and costs is read from the plan. What is lost without it, or by having
    something else, is found by planning anew with one rule more, or with a partner or fund less; where a gap
    or limit leaves that open, both ends are shown. The plan's scenario is applied first.
    """
    from ciopt.files import read_instance, read_plan
    from ciopt.studies import explain as explain_one
    from ciopt.studies import importance as importance_of
    from ciopt.studies import why_not as why_it_is_not

    asked = [each for each in (assignment, why_not, importance) if each is not None]
    if len(asked) != 1:
        text = "ask one thing: --assignment WHICH, --why-not WHICH, or --importance WHAT"
        raise click.UsageError(text, click.get_current_context())
    if file == plan == STDIN:
        raise click.UsageError("only one of FILE and PLAN can be stdin", click.get_current_context())
    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    document = read_plan(source(plan), name=source_name(plan))
    found: Explanation | WhyNot | Importance
    with solving(wish) as pool:
        if assignment is not None:
            found = explain_one(instance, document, assignment, wish.settings, pool=pool)
        elif why_not is not None:
            found = why_it_is_not(instance, document, why_not, wish.settings, pool=pool)
        else:
            found = importance_of(instance, document, importance, wish.settings, pool=pool)  # type: ignore[arg-type]
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found, brief=wish.quiet)):
        return ExitCode.USAGE
    return code_of(_cases(found), complete=found.complete)


def _cases(found: Explanation | WhyNot | Importance) -> list[Case]:
    """What was solved; that taking something out breaks a rule of the format is an answer."""
    from ciopt.studies import Explanation, WhyNot

    if isinstance(found, Explanation):
        return [] if found.without is None else [found.without]
    if isinstance(found, WhyNot):
        return [] if found.with_it is None else [found.with_it]
    return [each.case for each in found.things if each.case.yardstick]


def _drawn(found: Explanation | WhyNot | Importance, *, brief: bool) -> str:
    from ciopt.report import why
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.studies import Explanation, WhyNot

    page = output.page()
    grids: list[Grid]
    if isinstance(found, Explanation):
        words, grids = why.explanation_words(found), why.explanation_tables(found)
    elif isinstance(found, WhyNot):
        words, grids = why.why_not_words(found), why.why_not_tables(found)
    else:
        words, grids = why.importance_words(found), [why.importance_table(found)] if found.things else []
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    rows = _ROWS if isinstance(found, (Explanation, WhyNot)) else _MORE_ROWS
    shown = [grid.shortened(rows, "-o keeps all") for grid in grids[: 1 if brief else None]]
    return "\n".join(lines) + ("\n\n" + draw_all(shown, page) if shown else "")
