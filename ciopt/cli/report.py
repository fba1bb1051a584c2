"""``ciopt report``: a plan as a page that explains itself."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import click

from ciopt.cli import output
from ciopt.cli.options import STDIN, json_option, output_option
from ciopt.cli.targets import check_target

if TYPE_CHECKING:
    from ciopt.report.page.blocks import Page

_FORMATS = {".html": "html", ".htm": "html", ".md": "md", ".markdown": "md"}
_EXTRA = ("altair", "jinja2", "vl_convert")
_EPILOG = """\b
Examples:
  ciopt report plan.json -o report.html
  ciopt report plan.json --instance cocoa.json --partner mars --format md
  ciopt report plan.json leaner-plan.json -o report.html
  ciopt report plan.json comparison.json frontier.json collaboration.json -o report.html

The instance is found beside the plan (instance.json, or cocoa.json for cocoa.plan.json) if its SHA-256 is the
one that the plan names; otherwise say where it is.
"""


@click.command(epilog=_EPILOG, short_help="Write a plan as a page that explains itself.")
@click.argument("files", nargs=-1, required=True, type=click.Path(allow_dash=True), metavar="PLAN...")
@click.option("--instance", "given", type=click.Path(), metavar="FILE", help="The instance of the plans.")
@output_option("the page")
@click.option(
    "--format", "kind", type=click.Choice(("html", "md")), help="By the suffix of -o if missing; else html."
)
@click.option("--partner", metavar="ID", help="Only this partner's brief.")
@json_option
def report(
    files: tuple[str, ...],
    given: str | None,
    target: str | None,
    kind: str | None,
    partner: str | None,
    as_json: bool,
) -> int:
    """Write a page about a PLAN, or a study's result, that a funder understands alone: one file.

    What it achieves, where the money goes, who does what where, what working together adds, a brief for each
    partner, on what evidence it rests and how good it provably is. With several plans the page is about the
    first and compares it with the others; results of compare, sweep, frontier, collaborate, replan and
    alternatives become parts of it. Every plan is re-checked from the instance first.
    """
    from ciopt.cli.report_sources import read_sources

    if target == STDIN:
        target = None
    kind = kind or _kind_of(target)
    if target is not None:
        for file in files:
            check_target(target, file)
    if kind == "html":
        _need_extra()
    page = read_sources(files, given).page(partner)
    text = _write(page, kind)
    if target is not None:
        from ciopt.files import write_text_atomically

        write_text_atomically(target, text)
    if as_json:
        record = {"format": kind, "bytes": len(text.encode()), "headline": page.headline, "proof": page.proof}
        output.say_json(
            {**record, **({"page": text} if target is None else {"written_to": target}), "exit_code": 0}
        )
    elif target is None:
        output.say(text)
    else:
        from ciopt.report.words import clean

        output.say(f"{clean(page.headline, 1000)}\nreport written to {clean(target)}")
    return 0


def _kind_of(target: str | None) -> str:
    """Return the format that a file's name asks for."""
    if target is None:
        return "html"
    suffix = Path(target).suffix.lower()
    if suffix not in _FORMATS:
        known = ", ".join(_FORMATS)
        text = f"-o {target}: which format? Name a file that ends with {known}, or say --format"
        raise click.UsageError(text, click.get_current_context())
    return _FORMATS[suffix]


def _need_extra() -> None:
    """Say how to install what the page needs, before any work."""
    from ciopt.errors import UsageError

    missing = [name for name in _EXTRA if find_spec(name) is None]
    if missing:
        raise UsageError(
            f"a report in HTML needs {', '.join(missing)}: pip install 'ciopt[report]' (--format md does not)"
        )


def _write(page: Page, kind: str) -> str:
    if kind == "md":
        from ciopt.report.page.markdown import write_markdown

        return write_markdown(page)
    from ciopt.report.page.html import write_html

    return write_html(page)
