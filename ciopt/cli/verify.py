"""``ciopt verify``: a plan re-checked from the instance alone."""

from __future__ import annotations

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.options import STDIN, file_argument, json_option, source, source_name

_EPILOG = """\b
Examples:
  ciopt verify cocoa.json plan.json
  ciopt solve cocoa.json --json | ciopt verify cocoa.json -
"""


@click.command(epilog=_EPILOG, short_help="Re-check a plan from the instance alone, to the cent.")
@file_argument()
@file_argument("plan")
@json_option
def verify(file: str, plan: str, as_json: bool) -> int:
    """Re-check PLAN against the instance in FILE: each rule, each cent, each payment, the objective.

    Uses exact arithmetic and no solver. The plan's scenario is applied first.
    """
    from ciopt.files import read_document, read_instance
    from ciopt.plan import parse_plan
    from ciopt.report.problems import problem_records, render_problems
    from ciopt.report.summary import headline
    from ciopt.verification import verify as check

    if file == plan == STDIN:
        raise click.UsageError("only one of FILE and PLAN can be stdin", click.get_current_context())
    instance = read_instance(source(file), name=source_name(file))
    document = read_document(source(plan), parse_plan, name=source_name(plan))
    verdict = check(instance, document)
    code = ExitCode.OK if verdict.is_valid else ExitCode.VERIFICATION_FAILED
    if as_json:
        records = problem_records(verdict.problems)
        output.say_json({"valid": verdict.is_valid, "problems": records, "exit_code": int(code)})
        return code
    page = output.page()
    if verdict.problems:
        output.say(render_problems(verdict.problems, colour=page.colour))
    if verdict.is_valid:
        output.say(f"valid: the plan follows from the instance\n{headline(document, instance.currency)}")
    else:
        output.say("not valid: the plan does not follow from the instance")
    return code
