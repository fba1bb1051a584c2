"""``ciopt risk``: how sure a plan is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over
from ciopt.cli.nearby import NOT_ASKED
from ciopt.cli.options import STDIN, file_argument, json_option, output_option, source, source_name

if TYPE_CHECKING:
    from ciopt.studies.uncertainty import Risk

_EPILOG = """\b
Examples:
  ciopt risk cocoa.json plan.json
  ciopt risk cocoa.json plan.json --samples 20000 --place-effects -o risk.json
"""


@click.command(epilog=_EPILOG, short_help="Say how sure a plan is, given how uncertain its estimates are.")
@file_argument()
@file_argument("plan")
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
@output_option()
@json_option
@click.option("-q", "--quiet", is_flag=True, help="Only the first lines, none with -o.")
def risk(
    file: str,
    plan: str,
    samples: int,
    seed: int,
    place_effects: bool,
    target: str | None,
    as_json: bool,
    quiet: bool,
) -> int:
    """Draw what PLAN achieves from the ranges and grades of evidence of the estimates in FILE.

    All activities of an intervention err together. Shows how value and indicators are distributed, how likely
    each target is met, and the value that remains to be believed after an optimiser chose the plan. The
    plan's scenario is applied first.
    """
    from ciopt.files import read_instance, read_plan
    from ciopt.studies.uncertainty import risk as draw

    if file == plan == STDIN:
        raise click.UsageError("only one of FILE and PLAN can be stdin", click.get_current_context())
    own: dict[str, Any] = {**NOT_ASKED, "engine": "auto", "time_limit": None, "gap": 0.0, "threads": 1}
    wish = Wish(target=target, seed=seed, as_json=as_json, quiet=quiet, **own)
    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    document = read_plan(source(plan), name=source_name(plan))
    found = draw(instance, document, samples=samples, seed=seed, place_effects=place_effects)
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found, brief=quiet)):
        return ExitCode.USAGE
    return ExitCode.OK


def _drawn(found: Risk, *, brief: bool) -> str:
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.report.uncertainty import risk_tables, risk_words

    page = output.page()
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(risk_words(found))]
    grids = [] if brief else risk_tables(found)
    return "\n".join(lines) + ("\n\n" + draw_all(grids, page) if grids else "")
