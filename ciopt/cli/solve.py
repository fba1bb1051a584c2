"""``ciopt solve``: from an instance to a plan."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ciopt.cli import exit_codes, output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.options import (
    GAP,
    POSITIVE_SECONDS,
    STDIN,
    EngineName,
    file_argument,
    json_option,
    source,
    source_name,
)
from ciopt.cli.signals import Stopper
from ciopt.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from ciopt.instance import Instance
    from ciopt.plan import Plan
    from ciopt.settings import Settings

_ROWS = 12
_EPILOG = """\b
Examples:
  ciopt solve cocoa.json
  ciopt solve cocoa.json -o plan.json --time-limit 60 --gap 0.01
  ciopt solve cocoa.json --scenario no-world-bank --json | jq .value

The first Ctrl-C stops the search and keeps the best plan, the second one aborts.
"""


@click.command(epilog=_EPILOG, short_help="Find the best plan, with a proof of how good it is.")
@file_argument()
@click.option("-o", "--output", "target", type=click.Path(), help="Write the plan to this file.")
@click.option("--scenario", metavar="NAME", help="Apply one of the instance's scenarios first.")
@click.option(
    "--engine",
    type=EngineName(),
    default="auto",
    show_default=True,
    metavar="NAME",
    help="auto, exact, highs, scip, cpsat, or pulp:NAME.",
)
@click.option(
    "--time-limit", type=POSITIVE_SECONDS, metavar="S", help="Seconds; the best plan so far is kept."
)
@click.option(
    "--gap", type=GAP, default=0.0, metavar="G", help="Relative gap that is good enough; 0: the optimum."
)
@click.option(
    "--threads", type=click.IntRange(1, 1024), metavar="N", help="Solver threads; one a core if missing."
)
@click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, metavar="N", help="Random seed of the solver."
)
@json_option
@click.option("-q", "--quiet", is_flag=True, help="No progress; one line of summary, none with -o.")
@click.option("-v", "--verbose", is_flag=True, help="All tables, warnings and what was decided on the way.")
def solve(
    file: str,
    target: str | None,
    scenario: str | None,
    engine: str,
    time_limit: float | None,
    gap: float,
    threads: int | None,
    seed: int,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Find the best plan for the instance in FILE, with a proof of how good it is.

    Prints a summary, or with --json the plan; -o writes the plan to a file. Every plan has been re-checked
    from the instance alone, to the cent.
    """
    from ciopt.settings import Settings

    if quiet and verbose:
        raise click.UsageError("-q and -v contradict each other", click.get_current_context())
    if target == STDIN:
        target, as_json = None, True
    if target is not None:
        _check_target(file, target)
    wish = Wish(target, as_json, quiet, verbose)
    settings = Settings(engine=engine, time_limit=time_limit, gap=gap, threads=threads, seed=seed)
    instance, doubts = _read(file, wish)
    try:
        return _run(instance, settings, scenario, wish)
    except InvalidInput as error:  # what this version does not solve was a doubt when the file was read
        known = {doubt.path: doubt for doubt in doubts}
        raise InvalidInput(_located(each, known.get(each.path)) for each in error.problems) from None


def _located(problem: Problem, doubt: Problem | None) -> Problem:
    if doubt is None or problem.location is not None:
        return problem
    return replace(problem, location=doubt.location, excerpt=doubt.excerpt)


@dataclass(frozen=True)
class Wish:
    """What the caller wants to keep and to see."""

    target: str | None
    as_json: bool
    quiet: bool
    verbose: bool


def _check_target(file: str, target: str) -> None:
    """Refuse, before any work, to write the plan where it cannot or must not go."""
    context = click.get_current_context()
    if file != STDIN and os.path.exists(target) and os.path.exists(file) and os.path.samefile(file, target):
        raise click.UsageError("the plan would overwrite the instance; name another file with -o", context)
    folder = Path(target).absolute().parent
    if Path(target).is_dir():
        raise click.UsageError(f"-o {target} is a folder; name a file in it", context)
    if not folder.is_dir():
        raise click.UsageError(f"-o {target}: the folder {folder} does not exist", context)
    if not os.access(folder, os.W_OK) and not os.access(target, os.W_OK):
        raise click.UsageError(f"-o {target}: no permission to write there", context)


def _read(file: str, wish: Wish) -> tuple[Instance, list[Problem]]:
    from ciopt.files import read_with_warnings
    from ciopt.report.problems import render_problems
    from ciopt.report.words import plural

    instance, doubts = read_with_warnings(source(file), name=source_name(file))
    if doubts and wish.verbose:
        output.tell(render_problems(doubts, colour=output.has_colour(sys.stderr)))
    elif doubts and not wish.quiet:
        output.tell(f"{plural(len(doubts), 'warning')}: ciopt check shows what is doubtful")
    return instance, doubts


def _run(instance: Instance, settings: Settings, scenario: str | None, wish: Wish) -> ExitCode:
    """Solve under the eyes of the signals; whatever was found is written before they are let go."""
    from ciopt.cli.progress import ProgressLine
    from ciopt.planner import solve as find_plan
    from ciopt.report.words import clean

    line = ProgressLine(quiet=wish.quiet, verbose=wish.verbose)
    with Stopper(lambda: line.note("stopping, keeping the best plan; Ctrl-C again aborts")) as stopper:
        try:
            plan = find_plan(
                instance, settings, scenario=scenario, progress=line.show, interrupt=stopper.event
            )
        finally:
            line.close()
        written = _write(plan, wish)
        for note in () if wish.quiet else plan.run.notes:
            output.tell(f"note: {clean(note)}")
        _present(plan, instance.currency, wish if written else replace(wish, target=None, as_json=True))
        if not written:
            return ExitCode.USAGE
        return ExitCode.INTERRUPTED if stopper.event.is_set() else exit_codes.of_plan(plan)


def _write(plan: Plan, wish: Wish) -> bool:
    """Write the plan where it is wanted; False if that failed, and the plan should be shown instead."""
    from ciopt.errors import UsageError
    from ciopt.files import dump, write_text_atomically

    if wish.target is None:
        return True
    if not plan.has_plan:
        output.tell(f"no plan to write: {wish.target} was not touched")
        return True
    try:
        write_text_atomically(wish.target, dump(plan.to_data()))
    except UsageError as error:
        output.tell(f"error: {error}; here is the plan instead")
        return False
    return True


def _present(plan: Plan, currency: str, wish: Wish) -> None:
    """Show the result: the document, or words and (shortened) tables."""
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.report.summary import facts, headline
    from ciopt.report.tables import tables

    if wish.as_json:
        output.say_json(plan.to_data())
        return
    if wish.quiet and wish.target is not None:
        return
    page = output.page()
    lines = [emphasis(headline(plan, currency), "bold", page)]
    if not wish.quiet:
        lines += [emphasis(fact, "none", page) for fact in facts(plan, currency)]
        if wish.target is not None and plan.has_plan:
            lines.append(f"plan written to {wish.target}")
    output.say("\n".join(lines))
    if plan.has_plan and not wish.quiet:
        grids = tables(plan, currency, page.width)
        if not wish.verbose:
            more = f"ciopt show {wish.target}" if wish.target else "-v shows all, -o keeps the plan"
            grids = [grid.shortened(_ROWS, more) for grid in grids]
        output.say("\n" + draw_all(grids, page))
