"""``ciopt template``: a workbook to fill in."""

from __future__ import annotations

from pathlib import Path

import click

from ciopt.cli import output
from ciopt.cli.options import json_option, source, source_name
from ciopt.cli.targets import check_target

_EPILOG = """\b
Examples:
  ciopt template plan.xlsx
  ciopt template plan.xlsx --from cocoa.json
  ciopt check plan.xlsx
"""


@click.command(epilog=_EPILOG, short_help="Write a workbook to fill in.")
@click.argument("target", type=click.Path(), metavar="WORKBOOK")
@click.option(
    "--from", "given", type=click.Path(allow_dash=True), metavar="FILE", help="Fill it with this instance."
)
@json_option
def template(target: str, given: str | None, as_json: bool) -> int:
    """Write WORKBOOK (.xlsx): a sheet for every table, with drop-downs, units and explanations.

    Every command reads it as it reads JSON. Nothing is ever overwritten.
    """
    from ciopt.errors import UsageError
    from ciopt.files import read_instance, write_bytes_atomically
    from ciopt.files.tables import blank, encode, write_workbook
    from ciopt.report.words import clean

    if Path(target).suffix.lower() != ".xlsx":
        raise click.UsageError(f"{target}: a workbook's name ends with .xlsx", click.get_current_context())
    if Path(target).exists() or Path(target).is_symlink():
        raise UsageError(f"{clean(target)} exists already and is not overwritten; name another file")
    check_target(target)
    sheets = blank()
    if given is not None:
        sheets = encode(read_instance(source(given), name=source_name(given)).to_data())
    write_bytes_atomically(target, write_workbook(sheets))
    if as_json:
        output.say_json({"written": target, "sheets": [sheet.name for sheet in sheets], "exit_code": 0})
    else:
        output.say(f"{clean(target)} is ready to fill in; then: ciopt check {clean(target)}")
    return 0
