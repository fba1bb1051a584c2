"""``ciopt verify``: a plan re-checked from the instance alone."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.options import STDIN, file_argument, json_option, read_and_judge, source, source_name

if TYPE_CHECKING:
    from ciopt.errors import Problem
    from ciopt.plan import Plan

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
    from ciopt.files import read_instance
    from ciopt.plan import parse_plan
    from ciopt.report.problems import problem_records, render_problems
    from ciopt.verification import verify as check

    if file == plan == STDIN:
        raise click.UsageError("only one of FILE and PLAN can be stdin", click.get_current_context())
    instance = read_instance(source(file), name=source_name(file))

    def judge(data: Any) -> tuple[Plan, Sequence[Problem]]:
        document = parse_plan(data)
        return document, check(instance, document).problems

    document, problems = read_and_judge(plan, judge)
    code = ExitCode.VERIFICATION_FAILED if problems else ExitCode.OK
    if as_json:
        records = problem_records(problems)
        output.say_json({"valid": not problems, "problems": records, "exit_code": int(code)})
    else:
        output.say(render_problems(problems, colour=output.page().colour))
        output.say(_verdict(document, instance.currency, is_valid=not problems))
    return code


def _verdict(plan: Plan, currency: str, *, is_valid: bool) -> str:
    from ciopt.report.summary import headline

    if not is_valid:
        return "not valid: the plan does not follow from the instance"
    if not plan.has_plan:
        return f"no plan to re-check; the file says: {headline(plan, currency)}"
    return f"valid: the plan follows from the instance\n{headline(plan, currency)}"
