"""Reads the README and the guide as lists of blocks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
GUIDE = ROOT / "docs" / "guide.md"
SET_UP = "set-up"

_BLOCK = re.compile(
    r"(?:<!-- (?P<mark>[\w-]+):[^\n]*-->\n)?```(?P<kind>\w+)\n(?P<text>.*?)^```$", re.S | re.M
)

_WRITES = re.compile(r"(?:-o|>|--apply|ciopt new|ciopt template) (\S+)|ciopt convert \S+ (\S+)")
"""Files and folders that a command writes."""


@dataclass(frozen=True)
class Block:
    """A fenced block; ``mark`` is the first word of the comment on the line above it, if there is one."""

    kind: str
    mark: str
    text: str

    @property
    def commands(self) -> list[str]:
        """What is typed, without what is printed."""
        return [line.removeprefix("$ ") for line in self.text.splitlines() if line.startswith("$ ")]


def blocks(kind: str, page: Path = README) -> list[Block]:
    """Return a page's blocks of a kind, in order."""
    text = page.read_text(encoding="utf-8")
    found = [Block(each["kind"], each["mark"] or "", each["text"]) for each in _BLOCK.finditer(text)]
    return [block for block in found if block.kind == kind]


def sessions(page: Path) -> list[list[str]]:
    """Return a page's commands, in order: those that use what others wrote together with these."""
    commands = [each for block in blocks("console", page) if block.mark != SET_UP for each in block.commands]
    written = {name for command in commands for pair in _WRITES.findall(command) for name in pair if name}
    tops = {name.split("/")[0] for name in written}
    found: list[tuple[set[str], list[str]]] = []
    for command in commands:
        files, together = {word.split("/")[0] for word in command.split()} & tops, [command]
        for each in [each for each in found if each[0] & files]:
            found.remove(each)
            files, together = files | each[0], each[1] + together
        found.append((files, together))
    return [together for _, together in found]


def table_rows() -> list[tuple[str, ...]]:
    """Return the cells of all rows of the README's tables."""
    lines = README.read_text(encoding="utf-8").splitlines()
    return [tuple(cell.strip() for cell in line.strip("|").split("|")) for line in lines if line[:1] == "|"]


def links() -> list[str]:
    """Return what the README points to within the repository."""
    found = re.findall(r"\]\(([^)#]+)\)", README.read_text(encoding="utf-8"))
    return [link for link in found if "://" not in link]
