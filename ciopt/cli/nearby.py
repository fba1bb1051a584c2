"""What commands of a few solves share: how to solve, and the line that shows how far."""

from __future__ import annotations

import contextlib
import functools
from collections.abc import Callable
from dataclasses import dataclass
from threading import Event
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.many import Wish
from ciopt.cli.options import (
    cluster_option,
    engine_option,
    gap_option,
    json_option,
    output_option,
    scenario_option,
    seed_option,
    threads_option,
    time_limit_option,
    workers_option,
)
from ciopt.cli.signals import Interrupted, Stopper

if TYPE_CHECKING:
    from ciopt.settings import Progress
    from ciopt.studies import Pool

SOLVE_HERE = workers_option("Worker processes; in this one if missing.")
_OPTIONS = (
    scenario_option,
    output_option(),
    engine_option,
    time_limit_option("Seconds; what was found so far is kept."),
    gap_option,
    threads_option,
    seed_option,
    SOLVE_HERE,
    cluster_option,
    json_option,
    click.option("-q", "--quiet", is_flag=True, help="No progress; only the first lines, none with -o."),
)

_NAMES = (
    "target",
    "engine",
    "time_limit",
    "gap",
    "threads",
    "seed",
    "workers",
    "cluster",
    "as_json",
    "quiet",
)


def few_solves(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a command of a few solves; it gets them as one `Wish`."""

    @functools.wraps(command)
    def gathered(**words: Any) -> int:
        own = {name: words.pop(name) for name in _NAMES}
        return command(**words, wish=Wish(**own))

    for option in reversed(_OPTIONS):
        gathered = option(gathered)
    return gathered


@dataclass(frozen=True)
class Ears:
    """Where news of a solve go, what says that it should stop, and the pool if one was asked for."""

    progress: Callable[[Progress], None]
    interrupt: Event
    pool: Pool | None


def listening(wish: Wish, work: Callable[[Ears], Any]) -> tuple[Any, bool]:
    """Do some work under the eyes of the signals; return its result, and whether it was interrupted."""
    from ciopt.cli.progress import ProgressLine

    line = ProgressLine(quiet=wish.quiet, verbose=False)
    with Stopper(lambda: line.note("stopping, keeping what was found; Ctrl-C again aborts")) as stopper:
        earlier = click.get_current_context().find_object(Interrupted)
        if earlier is not None:
            earlier.check()
        try:
            with _pool(wish, stopper.event) as pool:
                return work(Ears(line.show, stopper.event, pool)), stopper.event.is_set()
        finally:
            line.close()


def _pool(wish: Wish, interrupt: Event) -> contextlib.AbstractContextManager[Pool | None]:
    """Open the workers that the caller asks for; none if it does not."""
    if wish.workers is None and wish.cluster is None:
        return contextlib.nullcontext()
    from ciopt.studies import Pool

    return Pool(workers=wish.workers, cluster=wish.cluster, threads=wish.threads, interrupt=interrupt)


def code_of(status: str, stopped_by: str | None, *, interrupted: bool) -> ExitCode:
    """Return the exit code of a study that ends with one status."""
    if interrupted or stopped_by == "interrupt":
        return ExitCode.INTERRUPTED
    if status == "infeasible":
        return ExitCode.INFEASIBLE
    if status == "no_plan":
        return ExitCode.LIMIT_WITHOUT_PLAN
    fine = status == "optimal" or stopped_by in (None, "gap")
    return ExitCode.OK if fine else ExitCode.LIMIT_WITH_PLAN
