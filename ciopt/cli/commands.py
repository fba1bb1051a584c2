"""The command group: what ``ciopt --help`` shows."""

from __future__ import annotations

import click

from ciopt.cli import exit_codes
from ciopt.cli.lazy import LazyGroup
from ciopt.version import __version__

COMMANDS = {
    "new": "Start a folder with an instance to edit.",
    "template": "Write a workbook to fill in.",
    "convert": "Convert between JSON, workbook and CSV files.",
    "check": "Find everything that is wrong or doubtful in an instance.",
    "solve": "Find the best plan, with a proof of how good it is.",
    "repair": "Say why there is no plan, and the cheapest ways to repair it.",
    "compare": "Put scenarios, what-ifs or plans beside each other.",
    "sweep": "Solve for every combination of some values.",
    "frontier": "Say what money buys, at every amount, with certified ends.",
    "collaborate": "Measure what the coalition gains by planning together.",
    "replan": "Find the best plan that stays close to an old one.",
    "alternatives": "Find really different plans that are about as good.",
    "risk": "Say how sure a plan is, given how uncertain its estimates are.",
    "price": "Say what fairness or caution costs.",
    "core": "Say which assignments are best whatever the truth.",
    "measure-next": "Say which estimate is worth measuring next.",
    "explain": "Say why a plan is as it is.",
    "learn": "Correct estimates by what was measured.",
    "show": "Show a plan as tables.",
    "report": "Write a plan as a page that explains itself.",
    "verify": "Re-check a plan from the instance alone, to the cent.",
    "schema": "Print the JSON Schema of instances or plans.",
    "generate": "Write a made-up coalition of any size, from a seed.",
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
