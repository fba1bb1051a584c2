"""``ciopt compare``: scenarios, what-ifs or plans beside each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, code_of, hand_over, many_solves, solving
from ciopt.cli.options import STDIN, file_argument, source, source_name

if TYPE_CHECKING:
    from ciopt.instance import Instance
    from ciopt.studies import Comparison, WhatIf

_ROWS = 12
_ALL = "all"
_EPILOG = """\b
Examples:
  ciopt compare cocoa.json --gap 0.01
  ciopt compare cocoa.json --scenarios mars-doubles,no-world-bank -o compared.json
  ciopt compare cocoa.json --set partners.mars.budget=3e6 --set partners.mars.max_activities=60
  ciopt compare cocoa.json plan.json cheaper-plan.json

Finished plans are kept, so a command that was stopped goes on where it was; Ctrl-C stops it.
"""


@click.command(epilog=_EPILOG, short_help="Put scenarios, what-ifs or plans beside each other.")
@file_argument()
@click.argument("plans", nargs=-1, type=click.Path(allow_dash=True), metavar="[PLAN]...")
@click.option("--scenarios", metavar="A,B|all", help="Which of the instance's scenarios; all if missing.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Make a scenario on the fly; several --set make one scenario.",
)
@many_solves
def compare(
    file: str, plans: tuple[str, ...], scenarios: str | None, settings: tuple[str, ...], wish: Wish
) -> int:
    """Compare what the coalition in FILE achieves as it is and under scenarios.

    Solves what is needed, in parallel, and shows value, cost, indicators, what every partner and fund spends,
    and what changes. Cases are ranked only where their bounds prove the order. With PLANs nothing is solved:
    they are verified and compared, the first one with the others.
    """
    from ciopt.files import read_instance

    if plans and (scenarios is not None or settings):
        raise click.UsageError("give plans, or scenarios to solve, not both", click.get_current_context())
    if [file, *plans].count(STDIN) > 1:
        raise click.UsageError("only one file can be stdin", click.get_current_context())
    wish.check(file)
    instance = read_instance(source(file), name=source_name(file))
    result = _of_plans(instance, plans) if plans else _of_scenarios(instance, scenarios, settings, wish)
    fine = hand_over(result.to_data(), wish, result.notes, lambda: _drawn(result, brief=wish.quiet))
    return code_of(list(result.cases), complete=result.complete) if fine else ExitCode.USAGE


def _of_plans(instance: Instance, files: tuple[str, ...]) -> Comparison:
    from ciopt.files import read_plan
    from ciopt.studies import compare_plans

    plans = [(file, read_plan(source(file), name=source_name(file))) for file in files]
    return compare_plans(instance, plans)


def _of_scenarios(
    instance: Instance, scenarios: str | None, settings: tuple[str, ...], wish: Wish
) -> Comparison:
    from ciopt.studies import compare as compare_scenarios

    what_ifs = _what_ifs(instance, scenarios, settings)
    with solving(wish) as pool:
        return compare_scenarios(instance, what_ifs, wish.settings, pool=pool)


def _what_ifs(instance: Instance, scenarios: str | None, settings: tuple[str, ...]) -> list[WhatIf]:
    from ciopt.studies import named, set_all

    if scenarios is None and not settings and not instance.scenarios:
        raise click.UsageError(
            "the instance has no scenarios; make one with --set PATH=VALUE", click.get_current_context()
        )
    if scenarios is None:
        names = [] if settings else list(instance.scenarios)
    elif scenarios == _ALL and _ALL not in instance.scenarios:
        names = list(instance.scenarios)
    else:
        names = [name.strip() for name in scenarios.split(",")]
    return [*named(instance, names), *([set_all(settings)] if settings else [])]


def _drawn(result: Comparison, *, brief: bool) -> str:
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.report.studies import comparison_tables, comparison_words

    page = output.page()
    words = comparison_words(result)
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    grids = comparison_tables(result, page.width)[: 1 if brief else None]
    more = "-o keeps all of them"
    return (
        "\n".join(lines)
        + "\n\n"
        + draw_all([grid.shortened(_ROWS, more) if n else grid for n, grid in enumerate(grids)], page)
    )
