"""``ciopt learn``: measurements worked into an instance's estimates."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ciopt.cli import output
from ciopt.cli.options import STDIN, file_argument, json_option, output_option, source, source_name
from ciopt.cli.targets import check_target

if TYPE_CHECKING:
    from ciopt.instance import Instance
    from ciopt.instance.learning import Belief, Lesson

_EPILOG = """\b
Examples:
  ciopt learn cocoa.json --measurements measured.json -o updated.json
  ciopt learn cocoa.json
"""


@click.command(epilog=_EPILOG, short_help="Correct estimates by what was measured.")
@file_argument()
@click.option(
    "--measurements",
    type=click.Path(),
    metavar="M",
    help='JSON: {"measurements": [...]}; added to the file\'s.',
)
@output_option("the updated instance")
@json_option
def learn(file: str, measurements: str | None, target: str | None, as_json: bool) -> int:
    """Work measurements into the estimates of FILE, and show the estimates before and after.

    The updated instance has no measurements left and says in its notes what was corrected. A file that keeps
    its measurements is solved and verified with the same corrected estimates. M is a JSON file such as
    {"measurements": [{"intervention": "training", "indicator": "income", "place": "soubre", "value": 20100,
    "sd": 2500}]}.
    """
    from ciopt.errors import UsageError
    from ciopt.files import read_document, read_instance, write_instance
    from ciopt.instance.learning import learned, lessons

    if file == measurements == STDIN:
        raise click.UsageError("only one of FILE and M can be stdin", click.get_current_context())
    if target not in (None, STDIN):
        check_target(str(target), file)
    instance = read_instance(source(file), name=source_name(file))
    if measurements is not None:
        instance = read_document(
            source(measurements), lambda data: _added(instance, data), name=source_name(measurements)
        )
    if not instance.measurements:
        raise UsageError("there is nothing to learn from: name a file with --measurements")
    found, after = lessons(instance), learned(instance)
    if target not in (None, STDIN):
        write_instance(Path(str(target)), after.to_data())
    if target == STDIN:
        output.say_json(after.to_data())
    elif as_json:
        output.say_json({"ciopt": 1, "kind": "learning", "estimates": [_record(each) for each in found]})
    else:
        output.say(_drawn(found) + (f"\nupdated instance written to {target}" if target is not None else ""))
    return 0


def _added(instance: Instance, data: Any) -> Instance:
    """Add measurements to those of an instance, and check it anew; problems name the place in their file."""
    from ciopt.errors import InvalidInput, Problem
    from ciopt.instance import parse

    said = data.get("measurements") if isinstance(data, dict) else None
    if not isinstance(said, list) or set(data) != {"measurements"}:
        text = 'expected an object with one list: {"measurements": [...]}'
        raise InvalidInput([Problem("E103", text, ())])
    whole = instance.to_data()
    before = list(whole.get("measurements", ()))
    whole["measurements"] = [*before, *said]
    try:
        return parse(whole)
    except InvalidInput as error:
        raise InvalidInput(
            [
                Problem(each.code, each.message, _shifted(each.path, len(before)), each.help)
                for each in error.problems
            ]
        ) from None


def _shifted(path: tuple[Any, ...], before: int) -> tuple[Any, ...]:
    if len(path) > 1 and path[0] == "measurements":
        return (path[0], path[1] - before, *path[2:])
    return path


def _record(lesson: Lesson) -> dict[str, Any]:
    return {
        "intervention": lesson.intervention,
        "indicator": lesson.indicator,
        "measurements": lesson.times,
        "before": _belief(lesson.before),
        "after": _belief(lesson.after),
        "places": {place: _belief(belief) for place, belief in lesson.places.items()},
    }


def _belief(belief: Belief) -> dict[str, Any]:
    from ciopt.instance.learning import interval, number

    low, high = interval(belief)
    return {"multiplier": number(belief.mean), "low": low, "high": high}


def _drawn(found: list[Lesson]) -> str:
    from ciopt.report.grid import draw_all
    from ciopt.report.uncertainty import learning_table

    return draw_all([learning_table(found)], output.page())
