"""What may stand between the values of JSON, and what people put there nevertheless."""

from __future__ import annotations

import re

from ciopt.files.json_tokens import MAX_FAULTS, Fault, Stop, name_of
from ciopt.files.source import is_unsafe

_SPACE = re.compile(r"[ \t\n\r]*+")
_COMMENT = re.compile(r"(?://|#)[^\r\n]*+|/\*.*?\*/", re.DOTALL)


def skip_space(text: str, start: int, faults: list[Fault]) -> int:
    r"""Return the offset of the next token; comments and odd spaces on the way are noted as faults.

    Examples
    --------
    >>> faults = []
    >>> skip_space("  // old\n 5", 0, faults), faults[0].message
    (10, 'a comment')
    """
    while len(faults) <= MAX_FAULTS:
        space = _SPACE.match(text, start)
        start = space.end() if space else start
        char = text[start : start + 1]
        if char in ("/", "#"):
            fault = _comment(text, start)
            if fault is None:
                return start
        elif char and not char.isascii() and (char.isspace() or is_unsafe(char)):
            fault = Fault("E004", f"{name_of(char)} stands between values", "take it out", start, start + 1)
        else:
            return start
        faults.append(fault)
        start = fault.end
    return start


def _comment(text: str, start: int) -> Fault | None:
    comment = _COMMENT.match(text, start)
    if comment:
        help_ = 'JSON has no comments; every record may carry "notes"'
        return Fault("E004", "a comment", help_, start, comment.end())
    if text.startswith("/*", start):
        raise Stop(Fault("E003", "a comment that is never closed", "JSON has no comments", start, start + 2))
    return None
