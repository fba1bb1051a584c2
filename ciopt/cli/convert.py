"""``ciopt convert``: an instance as JSON, workbook or CSV files; a plan as a workbook."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.options import STDIN, file_argument, json_option, source, source_name

if TYPE_CHECKING:
    from ciopt.instance import Instance

_EPILOG = """\b
Examples:
  ciopt convert cocoa.json cocoa.xlsx
  ciopt convert cocoa.xlsx cocoa-csv
  ciopt convert cocoa-csv cocoa.json.gz
  ciopt convert plan.json plan.xlsx --instance cocoa.json

An instance loses nothing on the way: the SHA-256 of its content stays the same, and with it its plans. A plan
becomes a workbook to read: assignments, payments, 4W, logframe, assumptions and evidence.
"""


@click.command(epilog=_EPILOG, short_help="Convert between JSON, workbook and CSV files.")
@file_argument("file")
@click.argument("target", type=click.Path(allow_dash=True))
@click.option("--instance", "given", type=click.Path(), metavar="FILE", help="The instance of a plan.")
@json_option
def convert(file: str, target: str, given: str | None, as_json: bool) -> int:
    """Convert FILE to TARGET: a .json, .json.gz or .xlsx file, or a folder of CSV files.

    FILE is an instance in any of these forms, or a plan. It is checked first; a plan is re-checked from its
    instance, which is found beside it or named with --instance.
    """
    from ciopt.errors import UsageError
    from ciopt.files import canonical_sha256, kind_to_write, read_document, write_instance
    from ciopt.instance import parse

    if target != STDIN:
        kind = kind_to_write(Path(target))
        if (
            file != STDIN
            and os.path.exists(target)
            and os.path.exists(file)
            and os.path.samefile(file, target)
        ):
            raise click.UsageError("FILE and TARGET are the same file", click.get_current_context())
    plan_data: list[Any] = []

    def read(data: Any) -> Instance | None:
        if isinstance(data, dict) and "ciopt_plan" in data:
            plan_data.append(data)
            return None
        return parse(data)

    instance = read_document(source(file), read, name=source_name(file))
    if instance is None:
        if file == STDIN or target == STDIN or kind != ".xlsx":
            raise UsageError("a plan converts from a file to a workbook: ciopt convert plan.json plan.xlsx")
        return _plan(file, target, given, as_json)
    if given is not None:
        raise UsageError("--instance is for plans; this is an instance")
    data = instance.to_data()
    if target == STDIN:
        output.say_json(data)
        return 0
    write_instance(Path(target), data)
    return _say(target, {"sha256": canonical_sha256(data)}, as_json)


def _plan(file: str, target: str, given: str | None, as_json: bool) -> int:
    from ciopt.cli.report_sources import read_sources
    from ciopt.errors import UsageError
    from ciopt.files import write_bytes_atomically
    from ciopt.report.page.story import Story
    from ciopt.report.workbook import plan_workbook

    sources = read_sources((file,), given)
    if sources.instance is None or sources.main is None or not sources.main.has_plan:
        raise UsageError("there is no plan in the file to write down")
    write_bytes_atomically(target, plan_workbook(Story(sources.instance, sources.main)))
    return _say(target, {"plan": sources.main.status}, as_json)


def _say(target: str, record: dict[str, Any], as_json: bool) -> int:
    from ciopt.report.words import clean

    if as_json:
        output.say_json({"written": target, **record, "exit_code": 0})
    else:
        what = ", ".join(f"{key} {value[:12]}" for key, value in record.items())
        output.say(f"written: {clean(target)} ({what})")
    return 0
