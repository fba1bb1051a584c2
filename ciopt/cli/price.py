"""``ciopt price``: what fairness or caution costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, code_of, hand_over, many_solves, solving
from ciopt.cli.options import file_argument, scenario_option, source, source_name

if TYPE_CHECKING:
    from decimal import Decimal

    from ciopt.studies.price import Price

DEMANDS = ("fairness", "share", "dial", "robustness", "cvar")
_EPILOG = """\b
Examples:
  ciopt price cocoa.json --of robustness --at 0,2,4,8 --gap 0.005
  ciopt price cocoa.json --of cvar --at 0.1,0.5 --gap 0.01 --time-limit 300 -o price.json
  ciopt price fair.json --of fairness
  ciopt price fair.json --of share --at 0.2,0.5,0.8

Finished plans are kept, so a command that was stopped goes on where it was; Ctrl-C stops it.
"""


@click.command(epilog=_EPILOG, short_help="Say what fairness or caution costs.")
@file_argument()
@scenario_option
@click.option(
    "--of",
    required=True,
    type=click.Choice(DEMANDS),
    help="fairness as the agenda has it; share of a floor; dial; robustness (gamma); cvar (alpha).",
)
@click.option("--at", metavar="N,N,...", help="The strengths, for all but fairness.")
@click.option(
    "--samples",
    type=click.IntRange(2, 1_000_000),
    default=4000,
    show_default=True,
    metavar="N",
    help="Draws in which the plans are judged.",
)
@many_solves
def price(file: str, scenario: str | None, of: str, at: str | None, samples: int, wish: Wish) -> int:
    """Solve the coalition in FILE without a demand on its agenda and with it, and say what that costs.

    Loss is certified: between what is proven of the best plan without the demand and of the plan with it.
    All plans are judged in the same drawn truths, which no plan was made with: averages, how things go in the
    worst part of the draws, and who is worst off.
    """
    from ciopt.files import read_instance
    from ciopt.studies.price import price as find

    wish.check(file)
    strengths = _strengths(at)
    instance = read_instance(source(file), name=source_name(file))
    with solving(wish) as pool:
        found = find(
            instance,
            of,  # type: ignore[arg-type]  # click has checked it
            strengths,
            wish.settings,
            scenario=scenario,
            samples=samples,
            draws_seed=wish.seed + 1,
            pool=pool,
        )
    if not hand_over(found.to_data(), wish, found.notes, lambda: _drawn(found)):
        return ExitCode.USAGE
    points = [*([found.free] if found.free else []), *found.points]
    return code_of([point.case for point in points], complete=found.complete)


def _strengths(at: str | None) -> list[Decimal]:
    from decimal import Decimal, InvalidOperation

    try:
        found = [Decimal(text.strip()) for text in at.split(",")] if at is not None else []
    except InvalidOperation:
        found = [Decimal("NaN")]
    if not all(each.is_finite() for each in found):
        raise click.UsageError(
            f"--at {at!r} is not a list of numbers such as 0,2,4", click.get_current_context()
        )
    return found


def _drawn(found: Price) -> str:
    from ciopt.report.grid import draw, emphasis
    from ciopt.report.price import price_table, price_words

    page = output.page()
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(price_words(found))]
    return "\n".join(lines) + "\n\n" + draw(price_table(found), page)
