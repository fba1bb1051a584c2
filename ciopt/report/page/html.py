"""A page as HTML: one file, no request, nothing that a name could turn into markup.

Every word goes through autoescaping; what is drawn was escaped when it was drawn. A content security
policy allows the page its own style sheet and its own script, named by their hashes, and nothing else.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from ciopt.report.page.blocks import NARROW, WIDE, Block, Figure, Page, Points, Section, Table
from ciopt.report.words import clean
from ciopt.version import __version__

_TEMPLATES = Path(__file__).parent / "templates"
_LONGEST = 10**5


def write_html(page: Page) -> str:
    """Return the page as one self-contained HTML document."""
    style, script = _text("style.css"), _text("script.js")
    return (
        _environment()
        .get_template("page.html")
        .render(
            page=page,
            style=Markup(style),
            script=Markup(script),
            policy=_policy(style, script),
            version=__version__,
        )
    )


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: clean(value, _LONGEST) if type(value) is str else value,
    )
    made.tests["words"] = lambda block: isinstance(block, str)
    made.tests["points"] = lambda block: isinstance(block, Points)
    made.tests["table"] = lambda block: isinstance(block, Table)
    made.tests["figure"] = lambda block: isinstance(block, Figure)
    made.globals["drawings"] = drawings
    made.globals["anchors"] = anchors
    return made


def drawings(figure: Figure) -> list[tuple[str, Markup]]:
    """Draw a figure for wide and for narrow pages; once if it fits both."""
    if figure.is_fluid:
        return [("fluid", Markup(figure.draw(WIDE)))]
    return [("wide", Markup(figure.draw(WIDE))), ("narrow", Markup(figure.draw(NARROW)))]


def anchors(sections: tuple[Block, ...]) -> list[Section]:
    """Return the sections among the blocks."""
    return [each for each in sections if isinstance(each, Section)]


def _text(name: str) -> str:
    return (_TEMPLATES / name).read_text(encoding="utf-8").strip()


def _policy(style: str, script: str) -> str:
    """Allow the page's own style and script by their hashes, and nothing else."""
    named = [base64.b64encode(hashlib.sha256(each.encode()).digest()).decode() for each in (style, script)]
    return (
        f"default-src 'none'; style-src 'sha256-{named[0]}'; script-src 'sha256-{named[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
