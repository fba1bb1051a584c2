"""``ciopt repair``: why an instance has no plan, and the cheapest ways to give it one."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over
from ciopt.cli.nearby import SOLVE_HERE, listening
from ciopt.cli.options import (
    cluster_option,
    engine_option,
    file_argument,
    json_option,
    output_option,
    scenario_option,
    seed_option,
    source,
    source_name,
    threads_option,
    time_limit_option,
)
from ciopt.cli.targets import check_target

if TYPE_CHECKING:
    from ciopt.instance import Instance
    from ciopt.studies import Infeasibility

_EPILOG = """\b
Examples:
  ciopt repair cocoa.json
  ciopt repair cocoa.json --scenario donors-leave --keep agenda.targets --keep partners.mars
  ciopt repair cocoa.json --apply repaired.json && ciopt solve repaired.json

Exit code 0: there is a repair, or nothing to repair; 4: nothing that may be changed helps.
"""


@click.command(epilog=_EPILOG, short_help="Say why there is no plan, and the cheapest ways to repair it.")
@file_argument()
@click.option(
    "--keep",
    "held",
    multiple=True,
    metavar="PATH",
    help="Do not change this, or what is below it: agenda.targets, partners.mars, rules.r1.",
)
@click.option(
    "--most", type=click.IntRange(1, 100), default=5, show_default=True, metavar="N", help="Repairs."
)
@click.option("--apply", "repaired", type=click.Path(), metavar="FILE", help="Write the repaired instance.")
@scenario_option
@output_option()
@engine_option
@time_limit_option("Seconds; what was found so far is kept.")
@threads_option
@seed_option
@SOLVE_HERE
@cluster_option
@json_option
@click.option("-q", "--quiet", is_flag=True, help="No progress; only the repairs, nothing with -o.")
def repair(
    file: str,
    held: tuple[str, ...],
    most: int,
    repaired: str | None,
    scenario: str | None,
    target: str | None,
    engine: str,
    time_limit: float | None,
    threads: int | None,
    seed: int,
    workers: int | None,
    cluster: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Say why the instance in FILE has no plan, and the cheapest ways to give it one.

    Amounts first; then the least change of each single requirement that suffices alone, or the fewest that
    suffice together, in the units of the file; then a smallest set of requirements that contradict one
    another. Every repair was made, and a plan of the repaired instance found and re-checked. Repairs are
    ordered by how much they change of what was required; a rule or commitment that is dropped counts as all.

    With --workers or --cluster the single requirements are asked about side by side; what is asked before
    and after needs the answers so far, and is asked here, one by one.
    """
    from ciopt.files import read_instance
    from ciopt.studies import why_infeasible

    wish = Wish(
        target=target,
        engine=engine,
        time_limit=time_limit,
        gap=0.0,
        threads=threads or (1 if workers or cluster else os.cpu_count() or 1),
        seed=seed,
        workers=workers,
        cluster=cluster,
        as_json=as_json,
        quiet=quiet,
    )
    wish.check(file)
    if repaired is not None:
        check_target(repaired, file)
    instance = read_instance(source(file), name=source_name(file))
    found, interrupted = listening(
        wish,
        lambda ears: why_infeasible(
            instance,
            wish.settings,
            keep=held,
            most=most,
            scenario=scenario,
            progress=ears.progress,
            interrupt=ears.interrupt,
            pool=ears.pool,
        ),
    )
    if repaired is not None:
        _apply(instance, found, scenario, repaired)
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found, brief=quiet)):
        return ExitCode.USAGE
    return _code(found, interrupted=interrupted)


def _apply(instance: Instance, found: Infeasibility, scenario: str | None, target: str) -> None:
    """Write the instance with the first repair made."""
    from ciopt.files import write_instance
    from ciopt.instance.scenarios import apply, apply_scenario
    from ciopt.report.repairing import repair_words

    if not found.repairs:
        output.tell(f"no repair to make: {target} was not touched")
        return
    first = found.repairs[0]
    base = instance if scenario is None else apply(instance, scenario).instance
    write_instance(Path(target), apply_scenario(base, first.scenario).instance.to_data())
    output.tell(f"{target}: {repair_words(first, instance.currency)}")


def _code(found: Infeasibility, *, interrupted: bool) -> ExitCode:
    if interrupted:
        return ExitCode.INTERRUPTED
    if found.status == "feasible":
        return ExitCode.OK
    if not found.repairs:
        is_settled = found.status == "infeasible" and not found.repairable
        return ExitCode.INFEASIBLE if is_settled else ExitCode.LIMIT_WITHOUT_PLAN
    return ExitCode.OK if found.complete else ExitCode.LIMIT_WITH_PLAN


def _drawn(found: Infeasibility, *, brief: bool) -> str:
    from ciopt.report.grid import emphasis
    from ciopt.report.repairing import infeasible_words, repair_lines
    from ciopt.report.words import clean

    page = output.page()
    lines = (
        repair_lines(found.repairs, found.instance.currency)
        if brief and found.repairs
        else (infeasible_words(found))
    )
    return "\n".join(
        emphasis(clean(text, 2000), "none" if n else "bold", page) for n, text in enumerate(lines)
    )
