"""The shapes that the report's own figures need, as text; same input, same bytes.

Colours are classes, so that one drawing suits light pages, dark pages and paper. Every word is escaped.
"""

from __future__ import annotations

from html import escape
from typing import Literal

from ciopt.report.words import clean

Anchor = Literal["start", "middle", "end"]
Point = tuple[float, float]

SIZE = 12.0
_NARROW, _BROAD = frozenset("iIjlftr.,:;'’ |()[]"), frozenset("mwMW%&@")
_CAPITAL, _EAST_ASIAN = 0.74, 0x2E80


def text(at: Point, words: str, kind: str = "", anchor: Anchor = "start") -> str:
    """Return words with their baseline at a point."""
    look = f' class="{kind}"' if kind else ""
    side = f' text-anchor="{anchor}"' if anchor != "start" else ""
    return f'<text x="{_n(at[0])}" y="{_n(at[1])}"{look}{side}>{_safe(words)}</text>'


def rect(corner: Point, width: float, height: float, kind: str, note: str = "") -> str:
    """Return a rectangle; the note shows under the pointer."""
    x, y = corner
    size = f'width="{_n(width)}" height="{_n(height)}"'
    return f'<rect x="{_n(x)}" y="{_n(y)}" {size} class="{kind}">{_title(note)}</rect>'


def circle(centre: Point, radius: float, kind: str, note: str = "") -> str:
    """Return a disc."""
    x, y = centre
    return f'<circle cx="{_n(x)}" cy="{_n(y)}" r="{_n(radius)}" class="{kind}">{_title(note)}</circle>'


def curve(start: Point, bend: Point, end: Point, width: float, kind: str, note: str = "") -> str:
    """Return a line that bends towards a point."""
    path = " ".join(_n(number) for number in (*bend, *end))
    begin = f"M{_n(start[0])} {_n(start[1])}"
    return f'<path d="{begin}Q{path}" stroke-width="{_n(width)}" class="{kind}">{_title(note)}</path>'


def band(start: Point, end: Point, width: float, kind: str, note: str = "") -> str:
    """Return a band from the top of its left end to the top of its right end."""
    (x1, y1), (x2, y2) = start, end
    bend = (x1 + x2) / 2
    path = (
        f"M{_n(x1)} {_n(y1)}C{_n(bend)} {_n(y1)} {_n(bend)} {_n(y2)} {_n(x2)} {_n(y2)}v{_n(width)}"
        f"C{_n(bend)} {_n(y2 + width)} {_n(bend)} {_n(y1 + width)} {_n(x1)} {_n(y1 + width)}Z"
    )
    return f'<path d="{path}" class="{kind}">{_title(note)}</path>'


def document(width: float, height: float, label: str, shapes: list[str]) -> str:
    """Return a drawing with what it shows in words."""
    body = "".join(shapes)
    return f'<svg viewBox="0 0 {_n(width)} {_n(height)}" role="img" aria-label="{_safe(label)}">{body}</svg>'


def text_width(words: str, size: float = SIZE) -> float:
    """Estimate the width of words without asking a font, for the wider ones of the fonts asked for."""
    units = sum(_units(char) for char in words)
    return units * size


def _units(char: str) -> float:
    if char in _NARROW or char in _BROAD:
        return 0.38 if char in _NARROW else 0.95
    if ord(char) >= _EAST_ASIAN:
        return 1.05
    return _CAPITAL if char.isupper() else 0.63


def fitted(words: str, width: float, size: float = SIZE) -> str:
    """Cut words that are wider than the room they have; in the middle, since names often differ at the end.

    Examples
    --------
    >>> fitted("Regional councils, west", 110), fitted("Mars", 80)
    ('Regional…, west', 'Mars')
    """
    shown = clean(words)
    if text_width(shown, size) <= width:
        return shown
    for kept in range(len(shown) - 1, 0, -1):
        tail = kept * 2 // 5
        cut = f"{shown[: kept - tail].rstrip(' ,;')}…{shown[len(shown) - tail :].lstrip()}"
        if text_width(cut, size) <= width:
            return cut
    return "…"


def _title(note: str) -> str:
    return f"<title>{_safe(note)}</title>" if note else ""


def _safe(words: str) -> str:
    """Escape words; what XML cannot hold is made visible first."""
    return escape(clean(words, 10**4))


def _n(number: float) -> str:
    """A coordinate to a tenth."""
    return f"{number:.1f}".removesuffix(".0")
