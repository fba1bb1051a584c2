"""The entry point: finds the command, runs it, turns what happens into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import click

from ciopt.cli import exit_codes, output
from ciopt.cli.lazy import LazyGroup
from ciopt.cli.signals import terminate_like_interrupt
from ciopt.version import __version__

COMMANDS = {
    "new": "Start a folder with an instance to edit.",
    "check": "Find everything that is wrong or doubtful in an instance.",
    "solve": "Find the best plan, with a proof of how good it is.",
    "show": "Show a plan as tables.",
    "verify": "Re-check a plan from the instance alone, to the cent.",
    "schema": "Print the JSON Schema of instances or plans.",
    "doctor": "Test the installed solvers on known answers.",
}

_EPILOG = f"""\b
Example:
  ciopt new cocoa --template cocoa
  ciopt solve cocoa/instance.json -o cocoa/plan.json
  ciopt show cocoa/plan.json

\b
Exit codes:
{exit_codes.table()}

\b
Shell completion (bash; zsh and fish alike):
  eval "$(_CIOPT_COMPLETE=bash_source ciopt)"

\b
NO_COLOR=1 turns colours off, CIOPT_DEBUG=1 shows tracebacks.
"""


@click.group(
    cls=LazyGroup,
    lazy=COMMANDS,
    epilog=_EPILOG,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
@click.version_option(__version__, prog_name="ciopt")
def cli() -> None:
    """Plan a coalition: who does what, where, when, paid by whom, so that together they achieve the most.

    Results go to stdout, progress and messages to stderr. With --json a command prints exactly one JSON
    document, also for errors. A file named - is read from stdin.
    """


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    args
        Words after the program's name; those of the process if None.
    """
    words = list(sys.argv[1:] if args is None else args)
    output.prepare()
    stdout = sys.stdout
    try:
        with terminate_like_interrupt():
            result = cli.main(words, prog_name="ciopt", standalone_mode=False)
        return int(result or 0)
    except SystemExit as leaving:  # completion is done, or click saw (and replaced stdout) that nobody reads
        return leaving.code if isinstance(leaving.code, int) and sys.stdout is stdout else 0
    except BaseException as error:
        from ciopt.cli.failures import report

        before_dashes = words[: words.index("--")] if "--" in words else words
        debug = bool(os.environ.get("CIOPT_DEBUG")) or bool({"-v", "--verbose"} & set(before_dashes))
        return int(report(error, as_json="--json" in before_dashes, debug=debug))
