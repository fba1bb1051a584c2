"""``ciopt risk``: how sure a plan is, or several beside each other."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over
from ciopt.cli.options import (
    STDIN,
    file_argument,
    json_option,
    output_option,
    scenario_option,
    source,
    source_name,
)

if TYPE_CHECKING:
    from ciopt.studies.uncertainty import Risk, RiskComparison

_EPILOG = """\b
Examples:
  ciopt risk cocoa.json plan.json
  ciopt risk cocoa.json plan.json --samples 20000 --place-effects -o risk.json
  ciopt risk cocoa.json expected.json cautious.json --scenario no-world-bank
"""


@click.command(epilog=_EPILOG, short_help="Say how sure a plan is, given how uncertain its estimates are.")
@file_argument()
@click.argument("plans", metavar="PLAN...", nargs=-1, required=True, type=click.Path(allow_dash=True))
@click.option(
    "--samples",
    type=click.IntRange(2, 1_000_000),
    default=4000,
    show_default=True,
    metavar="N",
    help="Draws.",
)
@click.option("--seed", type=click.IntRange(0, 2**31 - 1), default=0, metavar="N", help="Seed of the draws.")
@click.option("--place-effects", is_flag=True, help="A quarter of each variance is the places' own.")
@scenario_option
@output_option()
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Only the first lines, none with -o.")
def risk(
    file: str,
    plans: tuple[str, ...],
    samples: int,
    seed: int,
    place_effects: bool,
    scenario: str | None,
    target: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Draw what PLAN achieves from the ranges and grades of evidence of the estimates in FILE.

    All activities of an intervention err together. Shows how value and indicators are distributed, how likely
    each target is met, and the value that remains to be believed after an optimiser chose the plan. The
    plan's scenario is applied first, or the one that is named. Several plans meet the same draws, and each is
    held against the first.
    """
    from ciopt.files import read_instance, read_plan
    from ciopt.studies.uncertainty import compare_risks
    from ciopt.studies.uncertainty import risk as draw

    if [file, *plans].count(STDIN) > 1:
        raise click.UsageError("only one of FILE and PLAN can be stdin", click.get_current_context())
    wish = Wish(target, "auto", time_limit=None, gap=0.0, threads=1, seed=seed, as_json=as_json, quiet=quiet)
    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    read = [read_plan(source(plan), name=source_name(plan)) for plan in plans]
    how: dict[str, Any] = {"samples": samples, "seed": seed, "place_effects": place_effects}
    found: Risk | RiskComparison
    if len(read) == 1:
        found = draw(instance, read[0], scenario=scenario, **how)
    else:
        found = compare_risks(instance, list(zip(_names(plans), read, strict=True)), scenario=scenario, **how)
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found, brief=quiet)):
        return ExitCode.USAGE
    return ExitCode.OK


def _names(plans: tuple[str, ...]) -> list[str]:
    """The files' names, or their paths where names are equal."""
    short = [source_name(plan) or Path(plan).name for plan in plans]
    return short if len(set(short)) == len(short) else list(plans)


def _drawn(found: Risk | RiskComparison, *, brief: bool) -> str:
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.report.uncertainty import comparison_tables, comparison_words, risk_tables, risk_words

    page = output.page()
    if found.kind == "risk":
        words, grids = risk_words(found), risk_tables(found)
    else:
        words, grids = comparison_words(found), comparison_tables(found)
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    return "\n".join(lines) + ("" if brief else "\n\n" + draw_all(grids, page))
