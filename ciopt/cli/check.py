"""``ciopt check``: everything that is wrong or doubtful, and what is in an instance."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.options import file_argument, json_option, read_and_judge

if TYPE_CHECKING:
    from ciopt.errors import Problem
    from ciopt.instance import Instance

Scenarios = dict[str, tuple[str, ...] | None]
_EPILOG = """\b
Examples:
  ciopt check cocoa.json
  ciopt check cocoa.json --json | jq '.problems[].message'
"""


@click.command(epilog=_EPILOG, short_help="Find everything that is wrong or doubtful in an instance.")
@file_argument()
@json_option
def check(file: str, as_json: bool) -> int:
    """Check the instance in FILE: all errors and warnings at once, each with its place in the file.

    Every scenario is applied and checked too. A valid instance is summed up: places, options, money.
    """
    findings = _find(file)
    code = ExitCode.INVALID_INPUT if findings.has_errors else ExitCode.OK
    if as_json:
        output.say_json(findings.record(code))
    else:
        findings.show()
    return code


def _find(file: str) -> Findings:
    """Read the file and look at everything."""
    from ciopt.errors import InvalidInput
    from ciopt.instance import parse, warnings

    def judge(data: Any) -> tuple[tuple[Instance, Scenarios], list[Problem]]:
        instance = parse(data)
        scenarios, problems = _apply_all(instance)
        return (instance, scenarios), [*warnings(instance), *problems]

    try:
        (instance, scenarios), problems = read_and_judge(file, judge)
    except InvalidInput as error:
        return Findings(None, {}, error.problems)
    return Findings(instance, scenarios, problems)


def _apply_all(instance: Instance) -> tuple[Scenarios, list[Problem]]:
    """Apply every scenario; what went along with what it removes, or None if it cannot be applied."""
    from ciopt.errors import InvalidInput
    from ciopt.instance.scenarios import apply

    scenarios: Scenarios = {}
    problems: list[Problem] = []
    for name in instance.scenarios:
        try:
            scenarios[name] = apply(instance, name).notes
        except InvalidInput as error:
            scenarios[name] = None
            problems += [problem for problem in error.problems if problem not in problems]
    return scenarios, problems


@dataclass(frozen=True)
class Findings:
    """What there is to say about a file; no instance if it is not one."""

    instance: Instance | None
    scenarios: Scenarios
    problems: tuple[Problem, ...]

    @property
    def has_errors(self) -> bool:
        """Whether the instance or one of its scenarios cannot be solved."""
        return any(problem.is_error for problem in self.problems)

    def record(self, code: ExitCode) -> dict[str, Any]:
        """Return everything as one JSON document."""
        from ciopt.report.coalition import content
        from ciopt.report.problems import problem_records

        scenarios = {
            name: {"valid": notes is not None, "notes": list(notes or ())}
            for name, notes in self.scenarios.items()
        }
        return {
            "valid": not self.has_errors,
            "problems": problem_records(self.problems),
            "content": None if self.instance is None else content(self.instance),
            "scenarios": scenarios,
            "exit_code": int(code),
        }

    def show(self) -> None:
        """Print problems, then the verdict and what is in the instance."""
        from ciopt.report.coalition import counts, money_table
        from ciopt.report.grid import draw_all, emphasis
        from ciopt.report.problems import render_problems
        from ciopt.report.words import clean

        page = output.page()
        if self.problems:
            output.say(render_problems(self.problems, colour=page.colour) + "\n")
        if self.instance is None:
            return
        title = clean(self.instance.name) or "the instance"
        output.say(emphasis(f"{title}: {'not valid' if self.has_errors else 'valid'}", "bold", page) + "\n")
        output.say(draw_all([counts(self.instance), money_table(self.instance)], page))
        for name, notes in self.scenarios.items():
            verdict = "cannot be applied" if notes is None else "can be applied"
            said = f" ({clean('; '.join(notes))})" if notes else ""
            output.say(f"scenario {clean(name)}: {verdict}{said}")
