"""What commands of many solves share: how to solve, where, what is kept, and the bar that shows how far."""

from __future__ import annotations

import contextlib
import functools
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.exit_codes import ExitCode
from ciopt.cli.options import (
    STDIN,
    cluster_option,
    engine_option,
    gap_option,
    iterations_option,
    json_option,
    output_option,
    seed_option,
    time_limit_option,
    workers_option,
)
from ciopt.cli.signals import Interrupted, Stopper
from ciopt.cli.targets import check_target

if TYPE_CHECKING:
    from ciopt.settings import Settings
    from ciopt.studies import Case, Pool, Step

_WIDEST = 24
_ERASE = "\r\x1b[K"

_TIME_LIMIT = time_limit_option("Seconds for each solve.")
_TIME_LIMIT_IN_ALL = time_limit_option("Seconds for all solves together.")
_OPTIONS = (
    output_option(),
    engine_option,
    _TIME_LIMIT,
    gap_option,
    click.option(
        "--threads",
        type=click.IntRange(1, 1024),
        default=1,
        show_default=True,
        metavar="N",
        help="Solver threads of each solve.",
    ),
    seed_option,
    iterations_option,
    workers_option("Worker processes; as many as the cores bear if missing."),
    cluster_option,
    click.option(
        "--keep", type=click.Path(), metavar="DIR", help="Keep finished plans here, not in the user's cache."
    ),
    click.option("--anew", is_flag=True, help="Solve everything, whatever is kept from earlier runs."),
    json_option,
    click.option("-q", "--quiet", is_flag=True, help="No progress; only the first table, none with -o."),
)


def many_solves(command: Callable[..., int]) -> Callable[..., int]:
    """Add the options of a command of many solves; it gets them as one `Wish`."""
    return _with_options(command, _OPTIONS)


def many_solves_in_all(command: Callable[..., int]) -> Callable[..., int]:
    """Add the same options, with a time limit for all solves together."""
    options = [_TIME_LIMIT_IN_ALL if option is _TIME_LIMIT else option for option in _OPTIONS]
    return _with_options(command, options)


def _with_options(command: Callable[..., int], options: Sequence[Callable[..., Any]]) -> Callable[..., int]:
    @functools.wraps(command)
    def gathered(**words: Any) -> int:
        wish = Wish(**{field.name: words.pop(field.name) for field in fields(Wish)})
        return command(**words, wish=wish)

    for option in reversed(options):
        gathered = option(gathered)
    return gathered


@dataclass(frozen=True)
class Wish:
    """How to solve, where, and what the caller wants to keep and to see."""

    target: str | None
    engine: str
    time_limit: float | None
    gap: float
    threads: int
    seed: int
    as_json: bool
    quiet: bool
    iterations: int | None = None
    workers: int | None = None
    cluster: str | None = None
    keep: str | None = None
    anew: bool = False

    @property
    def settings(self) -> Settings:
        """Of each solve."""
        from ciopt.settings import Settings

        return Settings(
            engine=self.engine,
            time_limit=self.time_limit,
            gap=self.gap,
            threads=self.threads,
            seed=self.seed,
            iterations=self.iterations,
        )

    def check(self, source: str) -> None:
        """Refuse contradictions and a target that cannot be written, before any work."""
        if self.cluster is not None and self.workers is not None:
            raise click.UsageError(
                "--workers and --cluster contradict each other", click.get_current_context()
            )
        if self.target not in (None, STDIN):
            check_target(str(self.target), source)


@contextlib.contextmanager
def solving(wish: Wish) -> Iterator[Pool]:
    """Open the pool that the caller wants, under the eyes of the signals and with a bar on a terminal."""
    from ciopt.studies import Pool
    from ciopt.studies.shelf import usual_folder

    bar = Bar(quiet=wish.quiet)
    stopping = "stopping; what is finished is kept, the same command goes on from there; Ctrl-C again aborts"
    with Stopper(lambda: bar.note(stopping)) as stopper:
        earlier = click.get_current_context().find_object(Interrupted)
        if earlier is not None:
            earlier.check()
        try:
            with Pool(
                workers=wish.workers,
                cluster=wish.cluster,
                threads=wish.threads,
                keep=usual_folder() if wish.keep is None else Path(wish.keep),
                reads_kept=not wish.anew,
                interrupt=stopper.event,
                progress=bar.show,
            ) as pool:
                yield pool
        finally:
            bar.close()


class Bar:
    """A bar on stderr, if that is a terminal: how many solves are done, and for how long."""

    def __init__(self, *, quiet: bool) -> None:
        self._live = output.is_terminal(sys.stderr) and not quiet
        self._shown = 0.0
        self._lock = threading.Lock()

    def show(self, step: Step) -> None:
        """Draw how far it is, at most ten times a second."""
        now = time.monotonic()
        with self._lock:
            if self._live and (now - self._shown >= 0.1 or step.done == step.total):
                self._shown = now
                _write(_ERASE + describe(step)[: shutil.get_terminal_size().columns - 1])

    def note(self, text: str) -> None:
        """Write a line that stays."""
        with self._lock:
            _write((_ERASE if self._live else "") + text + "\n")

    def close(self) -> None:
        """Take the bar away."""
        with self._lock:
            if self._live:
                self._live = False
                _write(_ERASE)


def describe(step: Step) -> str:
    """Say how far many solves are.

    Examples
    --------
    >>> from ciopt.studies import Step
    >>> describe(Step(done=3, total=6, kept=1, failed=0, seconds=12.3))
    '[############            ]  3 of 6 solved  1 kept  12.3 s'
    >>> describe(Step(done=0, total=1, kept=0, failed=0, seconds=2, what="first the best plan"))
    '[                        ]  0 of 1 solved  2.0 s  first the best plan'
    """
    from ciopt.report.words import seconds

    filled = "#" * (_WIDEST * step.done // max(step.total, 1))
    parts = [f"[{filled:<{_WIDEST}}]", f"{step.done:,} of {step.total:,} solved"]
    parts += [f"{step.kept:,} kept"] if step.kept else []
    parts += [f"{step.failed:,} failed"] if step.failed else []
    return "  ".join([*parts, seconds(step.seconds), *([step.what] if step.what else [])])


def code_of(cases: list[Case], *, complete: bool) -> ExitCode:
    """Return the exit code: the worst of the cases; that a scenario is infeasible is an answer."""
    if not complete:
        return ExitCode.INTERRUPTED
    if any(case.status == "error" or case.stopped_by == "solver_failure" for case in cases):
        return ExitCode.SOLVER_FAILED
    if any(case.status == "no_plan" for case in cases):
        return ExitCode.LIMIT_WITHOUT_PLAN
    limited = any(case.status == "feasible" and case.stopped_by != "gap" for case in cases)
    return ExitCode.LIMIT_WITH_PLAN if limited else ExitCode.OK


def hand_over(data: dict[str, Any], wish: Wish, notes: tuple[str, ...], draw: Callable[[], str]) -> bool:
    """Write a result where it is wanted and show it; False if it could not be written.

    Parameters
    ----------
    draw
        Makes the text for people.
    """
    from ciopt.errors import UsageError
    from ciopt.files import dump, write_text_atomically
    from ciopt.report.words import clean

    as_json, target, fine = wish.as_json or wish.target == STDIN, wish.target, True
    if target is not None and target != STDIN:
        try:
            write_text_atomically(target, dump(data))
        except UsageError as error:
            output.tell(f"error: {error}; here is the result instead")
            as_json, target, fine = True, None, False
    for note in () if wish.quiet else notes:
        output.tell(f"note: {clean(note)}")
    if as_json:
        output.say_json(data)
    elif not (wish.quiet and target is not None):
        output.say(draw() + (f"\nresult written to {target}" if target is not None else ""))
    return fine


def _write(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(text)
        sys.stderr.flush()
