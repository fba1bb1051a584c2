"""``ciopt new``: a folder with an instance to start from."""

from __future__ import annotations

from pathlib import Path

import click

from ciopt.cli import output
from ciopt.cli.options import json_option

TEMPLATES = ("cocoa", "somerville", "blank")
_EPILOG = """\b
Examples:
  ciopt new cocoa --template cocoa
  ciopt new our-town --template blank

\b
Templates:
  cocoa       a company, governments, donors and NGOs in cocoa villages
  somerville  a city, schools, restaurants and a university against childhood obesity
  blank       the smallest instance that solves, with notes on what to change
"""
_README = """# {title}

- `instance.json`: the coalition, to be edited: places, partners, funds, interventions, synergies, agenda.

Next steps:

1. `ciopt check instance.json` says what is wrong or doubtful, and what is in it.
2. `ciopt solve instance.json -o plan.json` finds the best plan, with a proof.
3. `ciopt show plan.json` shows who does what, where, when, and who pays.
4. `ciopt verify instance.json plan.json` re-checks it to the cent.

`ciopt schema > instance.schema.json` documents every field.
"""


@click.command(epilog=_EPILOG, short_help="Start a folder with an instance to edit.")
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option(
    "--template", type=click.Choice(TEMPLATES), default="blank", show_default=True, help="What to start from."
)
@json_option
def new(folder: Path, template: str, as_json: bool) -> int:
    """Start the folder DIR with an instance to edit and a note on the next steps.

    Nothing is ever overwritten.
    """
    from ciopt.files import write_text_atomically

    text = template_path(template).read_text(encoding="utf-8")
    files = {
        folder / "instance.json": text,
        folder / "README.md": _README.format(title=folder.absolute().name),
    }
    for path in files:
        if path.exists() or path.is_symlink():
            text = f"{path} exists already and is not overwritten; name another folder"
            raise click.UsageError(text, click.get_current_context())
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        text = f"cannot make the folder {folder}: {error.strerror}"
        raise click.UsageError(text, click.get_current_context()) from None
    for path, content in files.items():
        write_text_atomically(path, content)
    if as_json:
        output.say_json({"written": [str(path) for path in files], "exit_code": 0})
    else:
        output.say(
            f"{folder / 'instance.json'} is ready to edit; then: ciopt solve {folder / 'instance.json'}"
        )
    return 0


def template_path(name: str) -> Path:
    """Return a template's file: beside this module, in the wheel's templates, or in a checkout.

    Raises
    ------
    click.UsageError
        If this installation lacks it.
    """
    package = Path(__file__).parent.parent
    homes = (Path(__file__).parent, package / "templates", package.parent / "instances")
    for home in homes:
        if (home / f"{name}.json").is_file():
            return home / f"{name}.json"
    raise click.UsageError(f"the template {name} is not part of this installation of ciopt")
