"""Nothing in the repository that belongs to one machine, is unfinished, or is too long to read."""

from __future__ import annotations

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAX_LINES, MAX_FUNCTION = 400, 60
MACHINE = re.compile(r"(?<![\w./~}-])/(?:work|root|home|Users|mnt|tmp)/\w")
UNFINISHED = re.compile(r"\b(?:TO" + "DO|FIX" + r"ME|XX" + r"X)\b")


def files() -> list[Path]:
    """Files that git knows, or would if they were added."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def sources() -> list[Path]:
    return sorted((ROOT / "ciopt").rglob("*.py"))


@pytest.mark.parametrize(
    ("pattern", "what"), [(MACHINE, "a path of one machine"), (UNFINISHED, "a note of unfinished work")]
)
def test_no_file_holds(pattern: re.Pattern[str], what: str) -> None:
    found = []
    for path in files():
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if pattern.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number} has {what}")
    assert not found, "\n".join(found)


def test_no_module_is_longer_than_a_reader_likes() -> None:
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources()}
    long = [
        f"{path.relative_to(ROOT)}: {length} lines" for path, length in lengths.items() if length > MAX_LINES
    ]
    assert not long, "\n".join(long)


def test_no_function_is_longer_than_a_screen() -> None:
    """Docstrings do not count: they may explain as much as they like."""
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _length(node) > MAX_FUNCTION:
                long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {_length(node)} lines")
    assert not long, "\n".join(long)


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    first = node.body[0]
    docstring = ast.get_docstring(node) is not None and first.end_lineno is not None
    words = (first.end_lineno or 0) - first.lineno + 1 if docstring else 0
    return (node.end_lineno or 0) - node.lineno + 1 - words


def test_nothing_is_big() -> None:
    """A clone is small; results are text."""
    big = [
        f"{path.relative_to(ROOT)}: {path.stat().st_size:,} bytes"
        for path in files()
        if path.stat().st_size > 1_000_000
    ]
    assert not big, "\n".join(big)
