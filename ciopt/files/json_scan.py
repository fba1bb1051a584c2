"""Where things stand in a JSON text: every fault of writing, and the places of the paths asked for.

`json.loads` is fast and stops at its first error without a path. This scanner is slower (a loop over tokens,
no recursion, linear in the text) and is used only when there is something to say about a file.
"""

from __future__ import annotations

import json
from collections.abc import Callable

from ciopt.errors import Path, Problem
from ciopt.files.json_space import skip_space
from ciopt.files.json_tokens import (
    MAX_FAULTS,
    Fault,
    Stop,
    has_lone_surrogates,
    looks_like_number,
    quoted,
    string_at,
    word_at,
)
from ciopt.files.places import MAX_DEPTH, Frame, Wanted, is_deeper_than
from ciopt.files.source import SourceText

_RECORD_DEPTH = 2
_TRIES = 1000


class Scanner:
    """One pass over a text.

    Parameters
    ----------
    source
        The text.
    decoder
        A strict decoder, which skips at full speed what holds nothing of interest.
    wanted
        Paths to locate.
    is_sound
        Whether the text is known to be without faults.
    """

    def __init__(
        self,
        source: SourceText,
        decoder: json.JSONDecoder,
        wanted: Wanted | None = None,
        *,
        is_sound: bool = False,
    ) -> None:
        self.source = source
        self.text = source.text
        self.decoder = decoder
        self.is_sound = is_sound
        self.faults: list[tuple[Fault, Path]] = []
        self._new: list[Fault] = []
        self._tries = _TRIES
        self._position = 0
        self._stack: list[Frame] = []
        self._node = wanted
        self._comma: int | None = None
        self._step: Callable[[], None] | None = self._value

    def scan(self) -> list[Problem]:
        """Return every fault as a located problem, in the order of the text.

        Examples
        --------
        >>> source = SourceText('{"a": NaN, "a": 1,}', "cocoa.json")
        >>> [problem.message for problem in Scanner(source, json.JSONDecoder()).scan()]
        ['NaN is not a number', "the key 'a' is here twice", 'a comma before }']
        """
        try:
            while self._more():
                if self._step is None:
                    help_ = "one file holds one document"
                    raise Stop(self._fault("E003", "text after the end of the document", help_))
                self._step()
                self._keep_new()
            self._end()
        except Stop as stop:
            self._keep_new(stop.fault)
        return [self._problem(fault, path) for fault, path in self.faults]

    def _problem(self, fault: Fault, path: Path) -> Problem:
        problem = Problem(fault.code, fault.message, path, fault.help)
        return self.source.mark(problem, (fault.start, fault.end))

    def _more(self) -> bool:
        self._position = skip_space(self.text, self._position, self._new)
        self._keep_new()
        return self._position < len(self.text)

    def _fault(self, code: str, message: str, help_: str = "", length: int = 1) -> Fault:
        return Fault(code, message, help_, self._position, self._position + length)

    def _keep_new(self, stop: Fault | None = None) -> None:
        """Note where the new faults are, the one that stops the scan last."""
        if not self._new and stop is None:
            return
        path = tuple(frame.part for frame in self._stack if frame.part is not None)
        self.faults += [(fault, path) for fault in self._new]
        self._new.clear()
        is_full = len(self.faults) > MAX_FAULTS
        del self.faults[MAX_FAULTS:]
        if stop is not None:
            self.faults.append((stop, path))
        elif is_full:
            help_ = "mend these first; the rest of the text was not looked at"
            raise Stop(self._fault("E003", f"more than {MAX_FAULTS:,} faults", help_))

    def _value(self) -> None:
        """Read a value, or the end of a list."""
        start, char = self._position, self.text[self._position]
        if char in "]},:":
            self._no_value(char)
            return
        if self._stack and self._stack[-1].closer == "]":
            self._node = self._stack[-1].wanted_child()
        node, self._comma = self._node, None
        self._step = self._after if self._stack else None
        if char in "{[":
            end = start + 1
            if not self._skip(node):
                self._open(char, node)
        elif char in "\"'":
            end, _ = string_at(self.text, start, self._new)
            self._position = end
        else:
            end, _ = word_at(self.text, start, self._new)
            self._position = end
        if node is not None:
            node.value = (start, end)

    def _no_value(self, char: str) -> None:
        if char == "]" and self._stack and self._stack[-1].closer == "]":
            self._close()
            return
        raise Stop(self._fault("E003", f"a value is missing before {char}"))

    def _skip(self, node: Wanted | None) -> bool:
        """Leap over a record in which nothing is wanted and nothing is wrong."""
        if (node is not None and node.children) or not self._tries:
            return False
        if not self.is_sound and len(self._stack) != _RECORD_DEPTH:
            return False
        try:
            value, end = self.decoder.raw_decode(self.text, self._position)
        except (ValueError, RecursionError):
            self._tries -= 1  # each try has its price: json counts the lines up to its error
            return False
        if not self.is_sound and (
            has_lone_surrogates(self.text, self._position, end)
            or is_deeper_than(value, MAX_DEPTH - _RECORD_DEPTH)
        ):
            return False
        self._position = end
        return True

    def _open(self, char: str, node: Wanted | None) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._stack.clear()  # a path that long helps nobody
            raise Stop(self._fault("E008", f"objects and lists are nested more than {MAX_DEPTH} deep"))
        self._stack.append(Frame(char, self._position, node))
        self._position += 1
        self._step = self._key if char == "{" else self._value

    def _close(self) -> None:
        frame = self._stack.pop()
        if self._comma is not None:
            message, help_ = f"a comma before {frame.closer}", "take it out: nothing follows it"
            self._new.append(Fault("E004", message, help_, self._comma, self._comma + 1))
            self._comma = None
        self._position += 1
        self._step = self._after if self._stack else None

    def _key(self) -> None:
        """Read a key and its colon, or the end of an object."""
        frame, start, char = self._stack[-1], self._position, self.text[self._position]
        if char == "}":
            self._close()
            return
        if char in "\"'":
            end, key = string_at(self.text, start, self._new)
        else:
            end, key = self._bare_key(char)
        self._comma = None
        frame.part = key
        if key in frame.seen:
            help_ = f"it is first at line {self.source.line(frame.seen[key])}; keep one of them"
            self._new.append(Fault("E005", f"the key {quoted(key)} is here twice", help_, start, end))
        frame.seen.setdefault(key, start)
        self._node = frame.wanted_child()
        if self._node is not None:
            self._node.key = (start, end)
        self._position = end
        self._step = self._colon

    def _bare_key(self, char: str) -> tuple[int, str]:
        faults: list[Fault] = []
        if char in "[]{,:":
            raise Stop(self._fault("E003", f"expected a key in double quotes, found {char}"))
        end, word = word_at(self.text, self._position, faults)
        message = f"expected a key in double quotes, found {quoted(word)}"
        if looks_like_number(word):
            help_ = "decimals are written with a point (1.5), large numbers without separators (2500000)"
            raise Stop(Fault("E003", message, help_, self._position, end))
        self._new.append(Fault("E004", message, f'write "{word[:60]}"', self._position, end))
        return end, word

    def _colon(self) -> None:
        if self.text[self._position] != ":":
            found = quoted(self.text[self._position])
            key = quoted(str(self._stack[-1].part))
            raise Stop(self._fault("E003", f"expected a colon after the key {key}, found {found}"))
        self._position += 1
        self._step = self._value

    def _after(self) -> None:
        """Read the comma after a value, or the end of its object or list."""
        frame, char = self._stack[-1], self.text[self._position]
        if char == ",":
            self._comma = self._position
            self._position += 1
            if isinstance(frame.part, int):
                frame.part += 1
            self._step = self._value if frame.closer == "]" else self._key
        elif char == frame.closer:
            self._close()
        elif char in "]}":
            message = f"{char} does not close the {frame.opener} of line {self.source.line(frame.start)}"
            raise Stop(self._fault("E003", message, f"close it with {frame.closer} first"))
        else:
            message = f"expected a comma or {frame.closer}, found {quoted(char)}"
            raise Stop(self._fault("E003", message, "a comma goes between two values"))

    def _end(self) -> None:
        """Complain if the text ends too early."""
        if self._stack:
            frame = self._stack[-1]
            message = f"the {frame.opener} here is never closed: the file ends first"
            help_ = f"add {frame.closer}, or look whether the file was cut off"
            raise Stop(Fault("E003", message, help_, frame.start, frame.start + 1))
        if self._step is not None:
            raise Stop(Fault("E002", "the file is empty", "`ciopt new` writes one to start from", 0, 1))
