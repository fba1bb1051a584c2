"""Arguments and options that several commands share."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from decimal import Decimal, InvalidOperation
from typing import IO, TYPE_CHECKING, Any, TypeVar

import click
from click.shell_completion import CompletionItem

from ciopt.cli.lazy import unknown

if TYPE_CHECKING:
    from ciopt.errors import Problem
    from ciopt.plan import Plan

T = TypeVar("T")
Command = TypeVar("Command", bound=Callable[..., Any])

STDIN = "-"
ENGINES = ("auto", "large", "exact", "highs", "scip", "cpsat")
_PULP = "pulp:"
_MOST_DIGITS = 14

json_option = click.option("--json", "as_json", is_flag=True, help="Print one JSON document to stdout.")


def file_argument(name: str = "file") -> Callable[[Command], Command]:
    """Declare a file to read; ``-`` is stdin. Whether it exists is for the reader to say."""
    return click.argument(name, type=click.Path(allow_dash=True))


plan_argument = click.argument("plan", type=click.Path(allow_dash=True), required=False)
"""A plan to read, or none."""


def source(file: str) -> str | IO[bytes]:
    """Return what the readers take: the path, or the bytes of stdin for ``-``."""
    return sys.stdin.buffer if file == STDIN else file


def source_name(file: str) -> str:
    """Return what messages call a file; empty if its own name will do."""
    return "<stdin>" if file == STDIN else ""


def plan_if_given(file: str, plan: str | None) -> Plan | None:
    """Read the plan beside an instance, if one was given."""
    from ciopt.files import read_plan

    if plan is None:
        return None
    if file == plan == STDIN:
        raise click.UsageError("only one of FILE and PLAN can be stdin", click.get_current_context())
    return read_plan(source(plan), name=source_name(plan))


def read_and_judge(
    file: str, judge: Callable[[Any], tuple[T, Sequence[Problem]]]
) -> tuple[T, tuple[Problem, ...]]:
    """Read a file, and give the problems that ``judge`` finds their places in it.

    Parameters
    ----------
    file
        Path, or ``-``.
    judge
        Makes something of the plain data and says what is wrong with it; raises `InvalidInput` if nothing
        can be made of it.
    """
    from ciopt.errors import InvalidInput
    from ciopt.files import read_document

    made: list[T] = []

    def parse(data: Any) -> None:
        result, problems = judge(data)
        made.append(result)
        if problems:
            raise InvalidInput(problems)  # for the reader, who knows the places

    try:
        read_document(source(file), parse, name=source_name(file))
    except InvalidInput as found:
        if not made:
            raise
        return made[0], found.problems
    return made[0], ()


class EngineName(click.ParamType[str]):
    """``auto``, ``exact``, a back-end, or ``pulp:NAME``."""

    name = "engine"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Accept known names; ``solve`` checks whether PuLP finds NAME."""
        text = str(value)
        if text in ENGINES or (text.startswith(_PULP) and text != _PULP):
            return text
        raise unknown("engine", text, [*ENGINES, "pulp:NAME"], ctx)

    def shell_complete(
        self, ctx: click.Context, param: click.Parameter, incomplete: str
    ) -> list[CompletionItem]:
        """Offer the known names."""
        return [CompletionItem(name) for name in (*ENGINES, _PULP) if name.startswith(incomplete)]


class Number(click.ParamType[float]):
    """A finite number within bounds.

    Parameters
    ----------
    what
        What the number has to be, for messages.
    fits
        Whether it is that.
    """

    name = "number"

    def __init__(self, what: str, fits: Callable[[float], bool]) -> None:
        self._what, self._fits = what, fits

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """Accept a number that fits; NaN and infinities do not."""
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or not self._fits(number):
            self.fail(f"{value!r} is not {self._what}.", param, ctx)
        return number


class Amount(click.ParamType[Decimal]):
    """An exact amount of money: ``2500000``, ``2.5e6``."""

    name = "amount"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Accept a finite number of at least 0."""
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal("NaN")
        if not number.is_finite() or number < 0 or number.adjusted() > _MOST_DIGITS:
            self.fail(f"{value!r} is not an amount such as 250000 or 2.5e6.", param, ctx)
        return number


class Share(click.ParamType[Decimal]):
    """A share below one: ``1%``, ``0.01``."""

    name = "share"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Decimal:
        """Accept a number or a percentage."""
        text = str(value).strip()
        try:
            share = Decimal(text.removesuffix("%")) / (100 if text.endswith("%") else 1)
        except InvalidOperation:
            share = Decimal("NaN")
        if not share.is_finite() or not 0 <= share < 1:
            self.fail(f"{value!r} is not a share such as 1% or 0.01, from 0 to below 1.", param, ctx)
        return share


AMOUNT = Amount()
SHARE = Share()
POSITIVE_SECONDS = Number("a number of seconds above 0", lambda number: number > 0)
POSITIVE_NUMBER = Number("a number above 0", lambda number: number > 0)
GAP = Number("a relative gap such as 0.01 (from 0 to below 1)", lambda number: 0 <= number < 1)

engine_option = click.option(
    "--engine",
    type=EngineName(),
    default="auto",
    show_default=True,
    metavar="NAME",
    help="auto, large, exact, highs, scip, cpsat, or pulp:NAME.",
)
gap_option = click.option(
    "--gap", type=GAP, default=0.0, metavar="G", help="Relative gap that is good enough; 0: the optimum."
)
seed_option = click.option(
    "--seed", type=click.IntRange(0, 2**31 - 1), default=0, metavar="N", help="Random seed of the solver."
)
threads_option = click.option(
    "--threads", type=click.IntRange(1, 1024), metavar="N", help="Solver threads; one a core if missing."
)
cluster_option = click.option(
    "--cluster", metavar="URL", help="Solve on a Dask cluster: tcp://host:8786 or tls://..."
)
iterations_option = click.option(
    "--iterations",
    type=click.IntRange(0),
    metavar="N",
    help="Rounds of the large engine: the same plan on any machine, whatever its speed.",
)
scenario_option = click.option(
    "--scenario", metavar="NAME", help="Apply one of the instance's scenarios first."
)


def output_option(what: str = "the result") -> Callable[[Command], Command]:
    """Declare where the answer goes."""
    return click.option("-o", "--output", "target", type=click.Path(), help=f"Write {what} to this file.")


def workers_option(help_: str) -> Callable[[Command], Command]:
    """Declare how many processes solve; ``help_`` says what happens without."""
    return click.option("--workers", type=click.IntRange(1, 1024), metavar="N", help=help_)


def time_limit_option(help_: str) -> Callable[[Command], Command]:
    """Declare a limit in seconds; ``help_`` says of what."""
    return click.option("--time-limit", type=POSITIVE_SECONDS, metavar="S", help=help_)
