"""``ciopt show``: a plan as tables."""

from __future__ import annotations

import click

from ciopt.cli import output
from ciopt.cli.options import file_argument, json_option, source, source_name

_TABLES = (
    "assignments",
    "payments",
    "indicators",
    "targets",
    "fairness",
    "synergies",
    "backbones",
    "budgets",
    "partners",
)
_EPILOG = """\b
Examples:
  ciopt show plan.json
  ciopt show plan.json --table payments --table budgets
  ciopt solve cocoa.json --json | ciopt show -
"""


@click.command(epilog=_EPILOG, short_help="Show a plan as tables.")
@file_argument("plan")
@click.option(
    "--table", "wanted", type=click.Choice(_TABLES), multiple=True, help="Only this table (repeat for more)."
)
@json_option
def show(plan: str, wanted: tuple[str, ...], as_json: bool) -> int:
    """Show the PLAN: who does what, where, when, who pays, what it achieves and what it uses.

    The plan is shown as the file says; ciopt verify re-checks it.
    """
    from ciopt.files import read_document
    from ciopt.plan import parse_plan
    from ciopt.report.grid import draw_all, emphasis
    from ciopt.report.summary import facts, headline
    from ciopt.report.tables import TABLES, currency_of, tables

    document = read_document(source(plan), parse_plan, name=source_name(plan))
    if as_json:
        output.say_json(document.to_data())
        return 0
    page, currency = output.page(), currency_of(document)
    if wanted:
        output.say(draw_all([TABLES[name](document, currency, page.width) for name in wanted], page))
        return 0
    title = [document.instance.name] if document.instance.name else []
    words = [*title, headline(document, currency, rechecked=False), *facts(document, currency)]
    output.say("\n".join(emphasis(text, "bold" if not n else "none", page) for n, text in enumerate(words)))
    if document.has_plan:
        output.say("\n" + draw_all(tables(document, currency, page.width), page))
    return 0
