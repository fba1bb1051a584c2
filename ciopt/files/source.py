"""The text of a file: from offsets to lines, columns and excerpts that a terminal can show safely."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property

from ciopt.errors import Location, Problem

Span = tuple[int, int]
"""Start and end of a piece of text, as offsets in characters."""

_WIDTH = 100
_BEFORE = 40
_LINE_END = re.compile(r"\r\n|\n|\r")
_MOST_CARETS = 60


class SourceText:
    r"""The text of one file, with the name that messages give it.

    Parameters
    ----------
    text
        The content, decoded.
    file
        The name for messages.

    Examples
    --------
    >>> source = SourceText('{"a": 1,\n "b": x}', "cocoa.json")
    >>> str(source.location(15))
    'cocoa.json:2:7'
    """

    def __init__(self, text: str, file: str) -> None:
        self.text = text
        self.file = file

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(end.end() for end in _LINE_END.finditer(self.text))]

    def line(self, offset: int) -> int:
        """Return the number, from 1, of the line that an offset is on."""
        return bisect_right(self._line_starts, offset)

    def location(self, offset: int) -> Location:
        """Return line and column, both from 1; columns count characters."""
        line = self.line(offset)
        return Location(self.file, line, offset - self._line_starts[line - 1] + 1)

    def mark(self, problem: Problem, span: Span) -> Problem:
        """Return the problem with its location and its excerpt."""
        return problem.at(self.location(span[0]), self.excerpt(span))

    def excerpt(self, span: Span) -> str:
        r"""Return the line at a span, cut to about 100 characters, and carets under the span.

        Characters that could fool a terminal are replaced one for one, so the carets stay in place.

        Examples
        --------
        >>> print(SourceText('{"budget": many}', "cocoa.json").excerpt((11, 15)))
        {"budget": many}
                   ^^^^
        """
        start = self._line_starts[self.line(span[0]) - 1]
        stop = self._line_stop(start, span[0])
        first, last = start, stop
        if stop - start > _WIDTH:
            first = max(start, min(span[0] - _BEFORE, stop - _WIDTH))
            last = min(stop, first + _WIDTH)
        before = ("…" if first > start else "") + harmless(self.text[first : span[0]])
        marked = harmless(self.text[span[0] : max(span[0], min(span[1], last))])
        after = harmless(self.text[span[0] + len(marked) : last]) + ("…" if last < stop else "")
        carets = "^" * min(_MOST_CARETS, max(1, _cells(marked)))
        return f"{before}{marked}{after}\n{' ' * _cells(before)}{carets}"

    def _line_stop(self, start: int, offset: int) -> int:
        """Where the line ends; for a very long line, just far enough to know that it goes on."""
        far = max(start, offset) + 2 * _WIDTH
        end = _LINE_END.search(self.text, offset, far) if offset < len(self.text) else None
        return end.start() if end else min(far, len(self.text))


def is_unsafe(char: str) -> bool:
    r"""Whether a character can move the cursor, hide, or turn the reading direction.

    Control, format (bidi overrides, zero-width) and surrogate characters, line and paragraph separators,
    private and unassigned ones.

    Examples
    --------
    >>> is_unsafe("\u202e"), is_unsafe("é")
    (True, False)
    """
    return unicodedata.category(char) in _UNSAFE


_UNSAFE = frozenset(("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))


def harmless(text: str) -> str:
    r"""Replace what could fool a terminal, one character for one.

    Examples
    --------
    >>> harmless("a\tb\x1b[31m")
    'a b�[31m'
    """
    return "".join(" " if char == "\t" else "\ufffd" if is_unsafe(char) else char for char in text)


def _cells(text: str) -> int:
    """Return how many cells of a terminal a text takes: 2 for wide characters, 0 for combining ones."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )
