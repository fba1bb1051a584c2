"""The entry point: hears signals from the start, runs the command, turns what happens into an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

from ciopt.cli import output
from ciopt.cli.signals import Interrupted, ignore_signals, terminate_like_interrupt


def main(args: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code.

    Parameters
    ----------
    args
        Words after the program's name; those of the process if None.
    """
    words = list(sys.argv[1:] if args is None else args)
    with terminate_like_interrupt() as interrupted:
        return _run(words, interrupted, is_process=args is None)


def _run(words: list[str], interrupted: Interrupted, *, is_process: bool) -> int:
    stdout = sys.stdout
    try:
        output.prepare()
        from ciopt.cli.commands import cli

        code = int(cli.main(words, prog_name="ciopt", standalone_mode=False, obj=interrupted) or 0)
        if is_process:
            ignore_signals()  # what is decided and written stays so while the interpreter shuts down
        return code
    except SystemExit as leaving:  # completion is done, or click saw (and replaced stdout) that nobody reads
        return leaving.code if isinstance(leaving.code, int) and sys.stdout is stdout else 0
    except BaseException as error:
        if is_process:
            ignore_signals()
        from ciopt.cli.failures import report

        before_dashes = words[: words.index("--")] if "--" in words else words
        debug = bool(os.environ.get("CIOPT_DEBUG")) or bool({"-v", "--verbose"} & set(before_dashes))
        reason = KeyboardInterrupt() if interrupted else error
        return int(report(reason, as_json="--json" in before_dashes, debug=debug))
