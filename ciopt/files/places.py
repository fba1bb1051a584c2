"""Where a scan is in a text, and which places are wanted."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ciopt.errors import Path
from ciopt.files.source import Span

MAX_DEPTH = 64
"""The format is about ten deep; the rest is room for error messages rather than crashes."""

_CLOSER = {"{": "}", "[": "]"}


class Wanted:
    """A tree of paths that somebody asks for; the scan fills in where they stand."""

    __slots__ = ("children", "key", "value")

    def __init__(self) -> None:
        self.children: dict[str | int, Wanted] = {}
        self.key: Span | None = None
        self.value: Span | None = None

    def add(self, path: Iterable[str | int]) -> None:
        """Ask for a path."""
        node = self
        for part in path:
            node = node.children.setdefault(part, Wanted())

    def nearest(self, path: Path) -> tuple[Wanted, bool]:
        """Return the deepest part of a path that the text has, and whether that is the whole path."""
        node = self
        for part in path:
            child = node.children.get(part)
            if child is None or child.value is None:
                return node, False
            node = child
        return node, True


class Frame:
    """An object or list that is open."""

    __slots__ = ("closer", "part", "seen", "start", "wanted")

    def __init__(self, opener: str, start: int, wanted: Wanted | None) -> None:
        self.closer = _CLOSER[opener]
        self.start = start
        self.wanted = wanted
        self.part: str | int | None = None if opener == "{" else 0
        self.seen: dict[str, int] = {}

    @property
    def opener(self) -> str:
        """The bracket that opened it."""
        return "[" if self.closer == "]" else "{"

    def wanted_child(self) -> Wanted | None:
        """What is wanted of the item or key that comes now."""
        if self.wanted is None or self.part is None:
            return None
        return self.wanted.children.get(self.part)


def is_deeper_than(data: Any, depth: int) -> bool:
    """Whether lists and objects are nested deeper; level by level, so that no stack can overflow.

    Examples
    --------
    >>> is_deeper_than([[1]], 1), is_deeper_than([[1]], 2)
    (True, False)
    """
    level = [data] if isinstance(data, (dict, list)) else []
    while level and depth:
        level = [
            item
            for container in level
            for item in (container.values() if type(container) is dict else container)
            if type(item) is dict or type(item) is list
        ]
        depth -= 1
    return bool(level)
