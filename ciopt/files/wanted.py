"""A tree of paths that somebody wants to find in a text."""

from __future__ import annotations

from collections.abc import Iterable

from ciopt.errors import Path
from ciopt.files.source import Span


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
