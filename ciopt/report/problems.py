"""Problems as text for people and as records for programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from ciopt.errors import Location, Problem, format_path
from ciopt.report.words import clean

MOST_SHOWN = 50
_MOST_CHARACTERS = 400
_RESET = "\x1b[0m"
_STYLES = {"error": "\x1b[1;31m", "warning": "\x1b[1;33m", "place": "\x1b[36m", "help": "\x1b[1;32m"}


def render_problems(problems: Iterable[Problem], *, limit: int = MOST_SHOWN, colour: bool = False) -> str:
    r"""Write problems as compilers do: what, where, the line itself, the remedy; then a count.

    Parameters
    ----------
    problems
        In any order; they are shown in the order of the file.
    limit
        Most problems shown, errors first; the rest is counted.
    colour
        Whether to use ANSI colours.

    Returns
    -------
    str
        Several lines without a line end after the last, or nothing if there are no problems. Text from
        the data is escaped: it cannot move the cursor, forge a line or turn the reading direction.

    Examples
    --------
    >>> place = Location("cocoa.json", 14, 9)
    >>> print(render_problems([Problem("E101", "unknown key 'budjet'", ("partners", 2, "budjet"),
    ...     "did you mean 'budget'?", place, '        "budjet": 250\n        ^^^^^^^^')]))
    error[E101] partners[2].budjet: unknown key 'budjet'
      --> cocoa.json:14:9
       |
    14 |         "budjet": 250
       |         ^^^^^^^^
      help: did you mean 'budget'?
    <BLANKLINE>
    1 error
    """
    everything = sorted(problems, key=_place)
    if not everything:
        return ""
    errors_first = sorted(range(len(everything)), key=lambda n: not everything[n].is_error)
    shown = [everything[n] for n in sorted(errors_first[: max(0, limit)])]
    blocks = [_block(problem, colour) for problem in shown]
    hidden = len(everything) - len(shown)
    if hidden:
        blocks.append(f"… and {hidden:,} more {'problem' if hidden == 1 else 'problems'}")
    return "\n\n".join([*blocks, _summary(everything)])


def problem_records(problems: Iterable[Problem]) -> list[dict[str, Any]]:
    """Return problems as plain records in the order of the file, for ``--json``.

    Text is given as it is: JSON escapes it. Keys without a value are left out.

    Examples
    --------
    >>> problem_records([Problem("W201", "easily mistaken", ("places", 0, "id"))])
    [{'code': 'W201', 'severity': 'warning', 'path': 'places[0].id', 'message': 'easily mistaken'}]
    """
    return [_record(problem) for problem in sorted(problems, key=_place)]


def _place(problem: Problem) -> tuple[str, int, int, str]:
    at = problem.location or Location("")
    return at.file, at.line or 0, at.column or 0, at.cell or ""


def _clean(text: str) -> str:
    return clean(text, _MOST_CHARACTERS)


def _severity(problem: Problem) -> str:
    return "error" if problem.is_error else "warning"


def _block(problem: Problem, colour: bool) -> str:
    severity = _severity(problem)
    code = _clean(problem.code)
    head = _styled(f"{severity}[{code}]", severity, colour)
    path = f" {_clean(format_path(problem.path))}:" if problem.path else ""
    lines = [f"{head}{path} {_clean(problem.message)}"]
    if problem.location:
        lines.append(f"  {_styled('-->', 'place', colour)} {_clean(str(problem.location))}")
    lines += _source_lines(problem, severity, colour)
    if problem.help:
        lines.append(f"  {_styled('help:', 'help', colour)} {_clean(problem.help)}")
    return "\n".join(lines)


def _source_lines(problem: Problem, severity: str, colour: bool) -> list[str]:
    """Show the line of the file beside its number, and the carets under it."""
    if not problem.excerpt:
        return []
    number = str(problem.location.line or "") if problem.location else ""
    margin = " " * max(2, len(number))
    bar = _styled("|", "place", colour)
    text, _, carets = problem.excerpt.partition("\n")
    lines = [f"{margin} {bar}", f"{_styled(number.rjust(len(margin)), 'place', colour)} {bar} {_clean(text)}"]
    if carets:
        lines.append(f"{margin} {bar} {_styled(_clean(carets), severity, colour)}")
    return [line.rstrip() for line in lines]


def _styled(text: str, style: str, colour: bool) -> str:
    return f"{_STYLES[style]}{text}{_RESET}" if colour else text


def _summary(problems: Sequence[Problem]) -> str:
    counts = Counter(map(_severity, problems))
    return ", ".join(
        f"{count:,} {severity}" + ("" if count == 1 else "s")
        for severity in ("error", "warning")
        if (count := counts[severity])
    )


def _record(problem: Problem) -> dict[str, Any]:
    at = problem.location
    record = {
        "code": problem.code,
        "severity": _severity(problem),
        "path": format_path(problem.path) if problem.path else "",
        "message": problem.message,
        "help": problem.help,
        "file": at.file if at else "",
        "line": at.line if at else None,
        "column": at.column if at else None,
        "cell": at.cell if at else None,
        "excerpt": problem.excerpt.partition("\n")[0],
    }
    return {key: value for key, value in record.items() if value not in ("", None)}
