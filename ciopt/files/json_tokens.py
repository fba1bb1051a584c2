"""Strings, numbers and words of JSON: what is wrong with each, and how to write it instead.

Nothing here knows of objects and lists. Faults that leave no doubt about where the token ends are noted
and reading goes on; the others stop it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from typing import NamedTuple

MAX_NUMBER_LENGTH = 200
MAX_EXPONENT = 100
MAX_FAULTS = 10_000
"""Nobody reads more; a hostile file could have millions."""

_CLEAN_STRING = re.compile(r'"([^"\\\x00-\x1f]*+)"')
_STRINGS = {quote: re.compile(rf"{quote}(?:[^{quote}\\\r\n]++|\\[^\r\n])*+{quote}") for quote in "\"'"}
_REST_OF_LINE = re.compile(r"[^\r\n]*")
_PIECE = re.compile(
    r"""[\x00-\x1f]
      | \\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}   # a pair: one character
      | (?P<lone>\\u[dD][89a-fA-F][0-9a-fA-F]{2})
      | \\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})
      | (?P<wrong>\\u[0-9a-fA-F]{0,3}|\\.)""",
    re.VERBOSE | re.DOTALL,
)
_WORD = re.compile(r"""[^\s,:\[\]{}"'/#]+|/|\#""")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE]([+-]?[0-9]+))?")
_WORDS = frozenset(("true", "false", "null"))
_NOT_NUMBERS = frozenset(("nan", "infinity", "inf"))
_MEANT = {"none": "null", "nil": "null", "undefined": "null", "yes": "true", "no": "false"}
_CURLY_QUOTES = "“”„‟«»‘’‚‛"


class Fault(NamedTuple):
    """Something wrong in the text, at a span of offsets."""

    code: str
    message: str
    help: str
    start: int
    end: int


class Stop(Exception):
    """A fault after which nobody can tell how the text goes on."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        super().__init__(fault.message)


def quoted(text: str) -> str:
    """Quote text for a message: one line, no control characters, at most about 60 characters.

    Examples
    --------
    >>> quoted("x" * 100)[-5:]
    "xxx…'"
    """
    return repr(text if len(text) <= 60 else text[:59] + "…")


def string_at(text: str, start: int, faults: list[Fault]) -> tuple[int, str]:
    """Read a string that starts with a quote, double or single; return its end and what it says."""
    clean = _CLEAN_STRING.match(text, start)
    if clean:
        return clean.end(), clean.group(1)
    quote = text[start]
    string = _STRINGS[quote].match(text, start)
    if string is None:
        rest = _REST_OF_LINE.match(text, start)
        help_ = "end it with the same quote; a line break inside text is written \\n"
        raise Stop(
            Fault("E003", "this text is not closed on its line", help_, start, rest.end() if rest else start)
        )
    end = string.end()
    if quote == "'":
        faults.append(Fault("E004", "text in single quotes", 'JSON wants double quotes: "text"', start, end))
    faults.extend(_faults_inside(text, start + 1, end - 1))
    try:
        return end, str(json.loads(text[start:end], strict=False))
    except ValueError:
        return end, text[start + 1 : end - 1]


def _faults_inside(text: str, start: int, end: int) -> list[Fault]:
    faults: list[Fault] = []
    for piece in _PIECE.finditer(text, start, end):
        if len(faults) > MAX_FAULTS:
            break
        found, here, stop = piece.group(), piece.start(), piece.end()
        if found[0] != "\\":
            message = f"the control character U+{ord(found):04X} stands in a text"
            written = "\\t" if found == "\t" else f"\\u{ord(found):04x}"
            faults.append(Fault("E007", message, f"write {written}, or take it out", here, stop))
        elif piece.group("lone"):
            message = f"{found} is half a character (a lone surrogate)"
            help_ = "write the character itself, or both halves: \\ud83c\\udf31"
            faults.append(Fault("E007", message, help_, here, stop))
        elif piece.group("wrong"):
            message = f"{quoted(found)[1:-1]} is not an escape of JSON".replace("\\\\", "\\")
            help_ = 'escapes are \\" \\\\ \\/ \\b \\f \\n \\r \\t and \\u0000; a backslash is \\\\'
            faults.append(Fault("E007", message, help_, here, stop))
    return faults


def has_lone_surrogates(text: str, start: int, end: int) -> bool:
    """Whether a piece of text, correct otherwise, escapes half a character."""
    if text.find("\\u", start, end) < 0:
        return False
    return any(piece.group("lone") for piece in _PIECE.finditer(text, start, end))


def number_fault(number: str) -> str:
    """Say why a number that JSON allows is refused here; empty if it is not.

    Examples
    --------
    >>> number_fault("1e400")
    'the exponent of 1e400 is out of bounds'
    """
    if len(number) > MAX_NUMBER_LENGTH:
        return f"a number of {len(number)} characters; {MAX_NUMBER_LENGTH} are allowed"
    match = _NUMBER.fullmatch(number)
    if match and match.group(1) and abs(int(match.group(1))) > MAX_EXPONENT:
        return f"the exponent of {quoted(number)[1:-1]} is out of bounds"
    return ""


def word_at(text: str, start: int, faults: list[Fault]) -> tuple[int, str]:
    """Read a number, `true`, `false` or `null`, or what stands in their place."""
    match = _WORD.match(text, start)
    if match is None:
        raise Stop(Fault("E003", f"unexpected {quoted(text[start])}", "", start, start + 1))
    end, word = match.end(), match.group()
    if word in _WORDS:
        return end, word
    if word[0] in _CURLY_QUOTES:
        help_ = 'use straight double quotes: "text"'
        raise Stop(Fault("E003", f"{name_of(word[0])} does not quote text in JSON", help_, start, start + 1))
    if _NUMBER.fullmatch(word):
        message = number_fault(word)
        if message:
            faults.append(Fault("E006", message, "numbers lie between -10^15 and 10^15", start, end))
    elif looks_like_number(word):
        faults.append(_wrong_number(word, start, end))
    elif word.lstrip("+-").lower() in _NOT_NUMBERS:
        help_ = "leave the key out if the number is not known or has no limit"
        faults.append(Fault("E006", f"{quoted(word)[1:-1]} is not a number", help_, start, end))
    else:
        faults.append(_wrong_word(word, start, end))
    return end, word


def looks_like_number(word: str) -> bool:
    """Whether somebody meant a number."""
    return word.lstrip("+-.")[:1].isdigit()


def _wrong_number(word: str, start: int, end: int) -> Fault:
    strange = next((char for char in word if char.isdigit() and not char.isascii()), None)
    if strange is not None:
        return Fault("E006", f"{quoted(word)} has {name_of(strange)} for a digit", "use 0 to 9", start, end)
    help_ = "numbers look like 12, -0.5 or 2500000: no + or 0 in front, no separators, units or bare points"
    return Fault("E006", f"{quoted(word)} is not a number of JSON", help_, start, end)


def _wrong_word(word: str, start: int, end: int) -> Fault:
    meant = _MEANT.get(word.lower(), word.lower())
    if meant in _WORDS:
        return Fault("E004", f"{quoted(word)} is not a word of JSON", f"write {meant}", start, end)
    return Fault("E004", f"{quoted(word)} is not in quotes", 'text needs double quotes: "text"', start, end)


def name_of(char: str) -> str:
    """Name a character: ``U+00A0 NO-BREAK SPACE``."""
    return f"U+{ord(char):04X} {unicodedata.name(char, 'unnamed character')}"
