"""``ciopt schema``: the format as JSON Schema."""

from __future__ import annotations

import json

import click

from ciopt.cli import output
from ciopt.cli.options import json_option

_EPILOG = """\b
Examples:
  ciopt schema > instance.schema.json
  ciopt schema --plan | jq '."$defs" | keys'
"""
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


@click.command(epilog=_EPILOG, short_help="Print the JSON Schema of instances or plans.")
@click.option("--plan", "of_plan", is_flag=True, help="The schema of plans instead.")
@json_option
def schema(of_plan: bool, as_json: bool) -> int:
    """Print the JSON Schema of an instance, with the documentation of every field.

    An editor that knows it completes and checks an instance while you type. ciopt check knows more: that
    ids lead somewhere, amounts add up and prerequisites do not run in circles.
    """
    from ciopt.instance import Instance
    from ciopt.plan import Plan

    content = (Plan if of_plan else Instance).model_json_schema()
    output.say(json.dumps({"$schema": _DIALECT, **content}, indent=2, ensure_ascii=False))
    return 0
