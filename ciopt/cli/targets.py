"""Where a command writes: refused before any work if it cannot or must not go there."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ciopt.cli.options import STDIN


def check_target(target: str, source: str = STDIN) -> None:
    """Refuse a file that cannot be written, or that is the source itself.

    Parameters
    ----------
    target
        What ``-o`` names.
    source
        The instance that is read; ``-`` if none, or stdin.

    Raises
    ------
    click.UsageError
        With the reason.
    """
    context = click.get_current_context()
    both = source != STDIN and os.path.exists(target) and os.path.exists(source)
    if both and os.path.samefile(source, target):
        raise click.UsageError("the plan would overwrite the instance; name another file with -o", context)
    folder = Path(target).absolute().parent
    if Path(target).is_dir():
        raise click.UsageError(f"-o {target} is a folder; name a file in it", context)
    if not folder.is_dir():
        raise click.UsageError(f"-o {target}: the folder {folder} does not exist", context)
    if not os.access(folder, os.W_OK) and not os.access(target, os.W_OK):
        raise click.UsageError(f"-o {target}: no permission to write there", context)
