"""``ciopt solve``: from an instance to a plan."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import click

from ciopt.cli import exit_codes, output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.options import (
    STDIN,
    engine_option,
    file_argument,
    gap_option,
    iterations_option,
    json_option,
    output_option,
    scenario_option,
    seed_option,
    source,
    source_name,
    threads_option,
    time_limit_option,
)
from ciopt.cli.signals import Interrupted, Stopper
from ciopt.cli.targets import check_target
from ciopt.errors import InvalidInput, Problem

if TYPE_CHECKING:
    from threading import Event

    from ciopt.cli.progress import ProgressLine
    from ciopt.instance import Instance
    from ciopt.plan import Plan
    from ciopt.settings import Settings

_ROWS = 12
_REPAIRS = 3
_REPAIR_SECONDS, _LEAST_REPAIR_SECONDS = 30.0, 1.0
"""Where there is no plan, repairs are looked for so long at most, within the time limit."""
_EPILOG = """\b
Examples:
  ciopt solve cocoa.json
  ciopt solve cocoa.json -o plan.json --time-limit 60 --gap 0.01
  ciopt solve cocoa.json --scenario no-world-bank --json | jq .value
  ciopt solve cocoa.json --start plan.json -o better.json

The first Ctrl-C stops the search and keeps the best plan, the second one aborts.
"""


@click.command(epilog=_EPILOG, short_help="Find the best plan, with a proof of how good it is.")
@file_argument()
@output_option("the plan")
@scenario_option
@engine_option
@time_limit_option("Seconds; the best plan so far is kept.")
@gap_option
@threads_option
@seed_option
@iterations_option
@click.option("--start", type=click.Path(), metavar="PLAN.json", help="Begin with this plan and its prices.")
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
    iterations: int | None,
    start: str | None,
    as_json: bool,
    quiet: bool,
    verbose: bool,
) -> int:
    """Find the best plan for the instance in FILE, with a proof of how good it is.

    Prints a summary, or with --json the plan; -o writes the plan to a file. Every plan has been re-checked
    from the instance alone, to the cent. Where there is none, the answer is why, and the cheapest repairs
    (ciopt repair says more).
    """
    from ciopt.settings import Settings

    if quiet and verbose:
        raise click.UsageError("-q and -v contradict each other", click.get_current_context())
    if target == STDIN:
        target, as_json = None, True
    if target is not None:
        check_target(target, file)
    wish = Wish(target, as_json, quiet, verbose)
    settings = Settings(
        engine=engine, time_limit=time_limit, gap=gap, threads=threads, seed=seed, iterations=iterations
    )
    instance, doubts = _read(file, wish)
    try:
        return _run(instance, settings, scenario, wish, start)
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


def _run(
    instance: Instance, settings: Settings, scenario: str | None, wish: Wish, start: str | None
) -> ExitCode:
    """Solve under the eyes of the signals; whatever was found is written before they are let go."""
    from ciopt.cli.progress import ProgressLine
    from ciopt.files import read_plan
    from ciopt.planner import solve as find_plan
    from ciopt.report.words import clean

    known = None if start is None else read_plan(start)
    line = ProgressLine(quiet=wish.quiet, verbose=wish.verbose)
    with Stopper(lambda: line.note("stopping, keeping the best plan; Ctrl-C again aborts")) as stopper:
        earlier = click.get_current_context().find_object(Interrupted)
        if earlier is not None:
            earlier.check()
        try:
            plan = find_plan(
                instance,
                settings,
                scenario=scenario,
                progress=line.show,
                interrupt=stopper.event,
                start=known,
            )
            plan = _with_repairs(plan, instance, settings, line, stopper.event)
        finally:
            line.close()
        written = _write(plan, wish)
        for note in () if wish.quiet else plan.run.notes:
            output.tell(f"note: {clean(note)}")
        _present(plan, instance.currency, wish if written else replace(wish, target=None, as_json=True))
        if not written:
            return ExitCode.USAGE
        return ExitCode.INTERRUPTED if stopper.event.is_set() else exit_codes.of_plan(plan)


def _with_repairs(
    plan: Plan, instance: Instance, settings: Settings, line: ProgressLine, interrupt: Event
) -> Plan:
    """Add the cheapest repairs to the answer that there is no plan, as far as the time allows."""
    if plan.status != "infeasible" or interrupt.is_set():
        return plan
    from ciopt.errors import CioptError
    from ciopt.studies import why_infeasible

    left = _REPAIR_SECONDS
    if settings.time_limit is not None:
        left = min(left, settings.time_limit - float(plan.run.seconds))
    if left < _LEAST_REPAIR_SECONDS:
        return plan
    try:
        found = why_infeasible(
            instance,
            replace(settings, time_limit=left),
            most=_REPAIRS,
            scenario=plan.instance.scenario,
            progress=line.show,
            interrupt=interrupt,
        )
    except CioptError as error:  # that there is no plan is an answer without repairs too
        line.note(f"note: no repair was looked for: {error}")
        return plan
    return plan.model_copy(update={"repairs": found.repairs})


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
