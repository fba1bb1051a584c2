"""``ciopt doctor``: are the solvers there, and are they right?"""

from __future__ import annotations

import click


@click.command()
def doctor() -> int:
    """TODO."""
    return 0
