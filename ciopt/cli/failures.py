"""How errors reach the user: a message and an exit code, as text or as one JSON document."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Sequence
from typing import Any

from click.exceptions import Abort, ClickException, NoArgsIsHelpError, UsageError

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.errors import CioptError, InvalidInput, Problem, VerificationFailed

_KINDS = {
    ExitCode.INTERNAL_ERROR: "internal",
    ExitCode.USAGE: "usage",
    ExitCode.INVALID_INPUT: "invalid_input",
    ExitCode.SOLVER_FAILED: "solver_failed",
    ExitCode.VERIFICATION_FAILED: "verification_failed",
    ExitCode.INTERRUPTED: "interrupted",
}
_MOST_CHARACTERS = 1000
_MESSAGES = {
    ExitCode.INVALID_INPUT: "the input breaks the format",
    ExitCode.VERIFICATION_FAILED: "the plan does not follow from the instance; nothing was written",
}


def report(error: BaseException, *, as_json: bool, debug: bool) -> ExitCode:
    """Tell the user what went wrong and return the exit code.

    Parameters
    ----------
    as_json
        Whether the caller wants the error as a JSON document on stdout.
    debug
        Whether to show where in the program an unexpected error arose.
    """
    code, message, problems = _understand(error)
    if debug and code not in (ExitCode.USAGE, ExitCode.INVALID_INPUT):
        output.tell("".join(traceback.format_exception(error)))
    if as_json:
        output.say(json.dumps(document(code, message, problems), indent=2))
        return code
    if problems:
        from ciopt.report.problems import render_problems

        output.tell(render_problems(problems, colour=output.has_colour(sys.stderr)))
    if not problems or code == ExitCode.VERIFICATION_FAILED:
        output.tell(_text(error, code, message))
    return code


def document(code: ExitCode, message: str, problems: Sequence[Problem] = ()) -> dict[str, Any]:
    """Return an error as ``--json`` shows it."""
    records: list[dict[str, Any]] = []
    if problems:
        from ciopt.report.problems import problem_records

        records = problem_records(problems)
    return {
        "error": {"kind": _KINDS.get(code, "error"), "message": message},
        "problems": records,
        "exit_code": int(code),
    }


def _understand(error: BaseException) -> tuple[ExitCode, str, tuple[Problem, ...]]:
    """Return the exit code, the message and the problems in the user's data."""
    if isinstance(error, (InvalidInput, VerificationFailed)):
        code = ExitCode(error.exit_code)
        return code, _MESSAGES[code], error.problems
    if isinstance(error, CioptError):
        return ExitCode(error.exit_code), str(error), ()
    if isinstance(error, ClickException):
        return ExitCode.USAGE, error.format_message(), ()
    if isinstance(error, (KeyboardInterrupt, Abort)):
        return ExitCode.INTERRUPTED, "interrupted; nothing was written", ()
    if isinstance(error, MemoryError):
        return ExitCode.INTERNAL_ERROR, "not enough memory", ()
    first = (str(error).splitlines() or [""])[0]
    return ExitCode.INTERNAL_ERROR, f"{type(error).__name__}: {first}".removesuffix(": "), ()


def _text(error: BaseException, code: ExitCode, message: str) -> str:
    """Return the message as people read it, with what to do next."""
    if code == ExitCode.INTERRUPTED or isinstance(error, NoArgsIsHelpError):
        return message  # an interrupt may have left half-imported modules behind: nothing more is loaded
    from ciopt.report.words import clean

    if isinstance(error, UsageError) and error.ctx is not None:
        path = error.ctx.command_path
        return f"error: {clean(message, _MOST_CHARACTERS)}\nTry '{path} --help'."
    if code == ExitCode.INTERNAL_ERROR:
        return (
            f"internal error: {clean(message, _MOST_CHARACTERS)}\n"
            "This is a fault of ciopt, not of your data: please report it, with the command and the file.\n"
            "CIOPT_DEBUG=1 (or -v) shows where it happened."
        )
    return f"error: {clean(message, _MOST_CHARACTERS)}"
