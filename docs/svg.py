"""The few SVG shapes that the pictures need, as text; same input, same bytes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from xml.sax.saxutils import escape

FONT = "ui-sans-serif, system-ui, -apple-system, 'Segoe UI', Helvetica, Arial, sans-serif"

Anchor = Literal["start", "middle", "end"]

_NARROW, _WIDE = frozenset("iIjlftr.,:;'’ |()[]"), frozenset("mwMW%&@")


@dataclass(frozen=True)
class Style:
    """How text looks."""

    size: float = 12
    fill: str = "#3b3530"
    weight: int = 400
    anchor: Anchor = "start"


def text(x: float, y: float, words: str, style: Style) -> str:
    """Return words with their baseline at (x, y)."""
    weight = f' font-weight="{style.weight}"' if style.weight != Style.weight else ""
    anchor = f' text-anchor="{style.anchor}"' if style.anchor != Style.anchor else ""
    return (
        f'<text x="{_n(x)}" y="{_n(y)}" font-size="{_n(style.size)}" fill="{style.fill}"{weight}{anchor}>'
        f"{escape(words)}</text>"
    )


def rect(
    x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0, note: str = ""
) -> str:
    """Return a rectangle; the note shows under the pointer."""
    shape = f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" fill="{fill}"'
    shape += f' rx="{_n(radius)}"' if radius else ""
    return f"{shape}><title>{escape(note)}</title></rect>" if note else f"{shape}/>"


def line(x1: float, y1: float, x2: float, y2: float, stroke: str) -> str:
    """Return a hairline."""
    return f'<path d="M{_n(x1)} {_n(y1)}L{_n(x2)} {_n(y2)}" stroke="{stroke}" fill="none"/>'


def arc(x: float, y1: float, y2: float, bulge: float, stroke: str, width: float) -> str:
    """Return an arc to the left of the line x, from y1 to y2."""
    path = f"M{_n(x)} {_n(y1)}C{_n(x - bulge)} {_n(y1)} {_n(x - bulge)} {_n(y2)} {_n(x)} {_n(y2)}"
    look = f'stroke="{stroke}" stroke-width="{_n(width)}" stroke-opacity="0.75" fill="none"'
    return f'<path d="{path}" {look}/>'


def ribbon(top: tuple[float, float], bottom: tuple[float, float], width: float, fill: str, note: str) -> str:
    """Return a band that falls from the left edge ``top`` to the left edge ``bottom``."""
    (x1, y1), (x2, y2) = top, bottom
    bend = (y1 + y2) / 2
    path = (
        f"M{_n(x1)} {_n(y1)}C{_n(x1)} {_n(bend)} {_n(x2)} {_n(bend)} {_n(x2)} {_n(y2)}h{_n(width)}"
        f"C{_n(x2 + width)} {_n(bend)} {_n(x1 + width)} {_n(bend)} {_n(x1 + width)} {_n(y1)}Z"
    )
    return f'<path d="{path}" fill="{fill}" fill-opacity="0.5"><title>{escape(note)}</title></path>'


def document(width: float, height: float, title: str, description: str, shapes: list[str]) -> str:
    """Return the whole file, on a card of its own that reads on light and dark pages alike."""
    body = "\n".join(shapes)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_n(width)} {_n(height)}" role="img" '
        f'font-family="{FONT}">\n<title>{escape(title)}</title>\n<desc>{escape(description)}</desc>\n'
        f'<rect x="0.5" y="0.5" width="{_n(width - 1)}" height="{_n(height - 1)}" rx="14" fill="#fdfbf7" '
        f'stroke="#e2dbd0"/>\n{body}\n</svg>\n'
    )


def text_width(words: str, size: float, *, bold: bool = False) -> float:
    """Estimate the width of words without asking a font, for the wider ones of the fonts asked for."""
    units = sum(0.36 if char in _NARROW else 0.92 if char in _WIDE else 0.61 for char in words)
    return units * size * (1.1 if bold else 1)


def wrap(words: str, size: float, width: float) -> list[str]:
    """Break words into lines that fit the width."""
    lines: list[str] = []
    for word in words.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


def _n(number: float) -> str:
    """A coordinate to a tenth."""
    return f"{number:.1f}".removesuffix(".0")
