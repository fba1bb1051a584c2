"""``ciopt frontier``: what money buys, and what one indicator costs another."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish, hand_over, many_solves_in_all, solving
from ciopt.cli.options import AMOUNT, file_argument, scenario_option, source, source_name

if TYPE_CHECKING:
    from ciopt.instance import Instance
    from ciopt.report.grid import Grid
    from ciopt.studies.axis import Axis
    from ciopt.studies.frontier_records import Frontier, TradeOff

_ROWS = 20
_LEAST_POINTS, _MOST_POINTS = 2, 10_000
_EPILOG = """\b
Examples:
  ciopt frontier cocoa.json --fund wb-roads --gap 0.01
  ciopt frontier cocoa.json --partner mars --from 1e6 --to 4e6 --points 12 -o mars.json
  ciopt frontier cocoa.json --funds --gap 0.01 --marginals
  ciopt frontier cocoa.json --indicators income,stunting --gap 0.01 --time-limit 300

Ctrl-C stops and shows what is certain until then.
"""


@click.command(epilog=_EPILOG, short_help="Say what money buys, at every amount, with certified ends.")
@file_argument()
@click.option("--fund", metavar="ID", help="Vary the amount of this fund.")
@click.option("--partner", metavar="ID", help="Vary this partner's own budget.")
@click.option("--funds", is_flag=True, help="Vary all money: every fund and own budget alike.")
@click.option("--cost", is_flag=True, help="Vary a ceiling on what all may cost together.")
@click.option("--indicators", metavar="A,B", help="Instead of money: what one indicator costs the other.")
@click.option("--from", "low", type=AMOUNT, metavar="M", help="Least amount; 0 if missing.")
@click.option(
    "--to", "high", type=AMOUNT, metavar="M", help="Largest amount; twice what there is if missing."
)
@click.option(
    "--points",
    type=click.IntRange(_LEAST_POINTS, _MOST_POINTS),
    metavar="N",
    help="Most amounts (or plans) to solve; 9 (or 12) if missing.",
)
@click.option("--marginals", is_flag=True, help="Solve once more for each fund, budget, capacity and target.")
@click.option(
    "--step",
    type=AMOUNT,
    default="10000",
    show_default=True,
    metavar="M",
    help="Money whose marginal value is asked for.",
)
@scenario_option
@many_solves_in_all
def frontier(
    file: str,
    fund: str | None,
    partner: str | None,
    funds: bool,
    cost: bool,
    indicators: str | None,
    low: Decimal | None,
    high: Decimal | None,
    points: int | None,
    marginals: bool,
    step: Decimal,
    scenario: str | None,
    wish: Wish,
) -> int:
    """Say what the best plan for FILE is worth at every amount of some money.

    Few amounts are solved, where the two certified ends are far apart; between them hold what less money
    achieves and what more money cannot exceed. With --indicators: plans that no other beats on both.
    """
    from ciopt.files import read_instance

    given = [fund is not None, partner is not None, funds, cost, indicators is not None]
    if sum(given) != 1:
        raise click.UsageError(
            "name one of --fund ID, --partner ID, --funds, --cost, --indicators A,B",
            click.get_current_context(),
        )
    wish.check(file)
    both = None if indicators is None else _both(indicators, low, high, marginals)
    instance = read_instance(source(file), name=source_name(file))
    if both is not None:
        return _trade_off(instance, both, scenario, points, wish)
    return _money(
        instance, _axis(fund, partner, cost=cost), (low, high), points, (step, marginals), scenario, wish
    )


def _axis(fund: str | None, partner: str | None, *, cost: bool) -> Axis:
    from ciopt.studies.axis import Axis

    if fund is not None:
        return Axis("fund", fund)
    if partner is not None:
        return Axis("partner", partner)
    return Axis("cost" if cost else "funds")


def _both(indicators: str, low: Decimal | None, high: Decimal | None, marginals: bool) -> tuple[str, str]:
    names = [name.strip() for name in indicators.split(",")]
    if len(names) != 2:
        raise click.UsageError("--indicators takes two ids: A,B", click.get_current_context())
    if low is not None or high is not None or marginals:
        raise click.UsageError("--from, --to and --marginals go with money", click.get_current_context())
    return names[0], names[1]


def _money(
    instance: Instance,
    axis: Axis,
    ends: tuple[Decimal | None, Decimal | None],
    points: int | None,
    step: tuple[Decimal, bool],
    scenario: str | None,
    wish: Wish,
) -> int:
    from ciopt.report.frontier import curve_table, marginal_table, story
    from ciopt.studies.frontier import POINTS
    from ciopt.studies.frontier import frontier as curve_of

    with solving(wish) as pool:
        found = curve_of(
            instance,
            axis,
            wish.settings,
            scenario=scenario,
            low=ends[0],
            high=ends[1],
            points=points or POINTS,
            step=step[0],
            solve_marginals=step[1],
            pool=pool,
        )

    def drawn() -> str:
        grids = [curve_table(found), *([marginal_table(found)] if found.marginals else [])]
        return _drawn(story(found), grids, wish)

    return _code(found) if hand_over(found.to_data(), wish, (), drawn) else ExitCode.USAGE


def _trade_off(
    instance: Instance, both: tuple[str, str], scenario: str | None, points: int | None, wish: Wish
) -> int:
    from ciopt.report.frontier import trade_story, trade_table
    from ciopt.studies.trade_off import POINTS, trade_off

    with solving(wish) as pool:
        found = trade_off(
            instance, both, wish.settings, scenario=scenario, points=points or POINTS, pool=pool
        )

    def drawn() -> str:
        return _drawn(trade_story(found), [trade_table(found)], wish)

    return _code(found) if hand_over(found.to_data(), wish, (), drawn) else ExitCode.USAGE


def _drawn(words: list[str], grids: list[Grid], wish: Wish) -> str:
    from ciopt.report.grid import draw_all, emphasis

    page = output.page()
    lines = [emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)]
    if wish.quiet:
        grids = grids[:1]
    return (
        "\n".join(lines) + "\n\n" + draw_all([grid.shortened(_ROWS, "-o keeps all") for grid in grids], page)
    )


def _code(found: Frontier | TradeOff) -> ExitCode:
    """That there is no plan for less money is an answer; that there is none at all is what solve says."""
    if found.stopped_by == "interrupt":
        return ExitCode.INTERRUPTED
    has_plan = any(getattr(point, "status", "optimal") in ("optimal", "feasible") for point in found.points)
    cut = any(getattr(point, "stopped_by", None) not in (None, "gap") for point in found.points)
    if found.stopped_by == "time_limit" or (cut and has_plan):
        return ExitCode.LIMIT_WITH_PLAN if has_plan else ExitCode.LIMIT_WITHOUT_PLAN
    if has_plan:
        return ExitCode.OK
    none = all(getattr(point, "status", "infeasible") == "infeasible" for point in found.points)
    return ExitCode.INFEASIBLE if none else ExitCode.LIMIT_WITHOUT_PLAN
