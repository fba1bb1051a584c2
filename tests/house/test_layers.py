"""Imports point one way: down the table of layers, and no module waits for another in a circle."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "ciopt"

WORDS = {"errors", "instance"}
MAY_IMPORT = {
    "errors": set(),
    "settings": set(),
    "version": set(),
    "instance": {"errors"},
    "files": WORDS | {"plan"},
    "program": WORDS,
    "engines": WORDS | {"certificate", "program", "settings"},
    "plan": WORDS | {"certificate"},
    "verification": WORDS | {"certificate", "files", "plan"},
    "reasons": WORDS,
    "planner": WORDS
    | {"engines", "files", "plan", "program", "reasons", "settings", "verification", "version"},
    "studies": WORDS
    | {
        "certificate",
        "engines",
        "files",
        "plan",
        "planner",
        "program",
        "reasons",
        "settings",
        "verification",
        "version",
    },
    "certificate": WORDS,
    "generate": {"errors"},
    "report": WORDS | {"engines", "files", "plan", "settings", "studies", "verification", "version"},
    "cli": WORDS
    | {
        "engines",
        "files",
        "generate",
        "plan",
        "planner",
        "report",
        "settings",
        "studies",
        "verification",
        "version",
    },
}
FACADE = {"__init__", "__main__"}
SOLVERS = {"ortools", "pulp", "highspy", "numba"}
DRAWING = {"altair", "jinja2", "markupsafe", "vl_convert"}
SPREADSHEETS = {"python_calamine", "xlsxwriter"}
HEAVY = SOLVERS | DRAWING | SPREADSHEETS | {"distributed", "numpy", "pandas", "rich"}
HEAVY_MODULES = {"ciopt.plan.frames", "ciopt.engines.large.solve", "ciopt.engines.large.beside"}
"""They import pandas, numba and ortools."""


@cache
def modules() -> tuple[tuple[str, ast.Module], ...]:
    """Return the package's modules, each by its name and as a tree."""
    return tuple(
        (
            ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"),
            ast.parse(path.read_text(encoding="utf-8")),
        )
        for path in sorted(PACKAGE.rglob("*.py"))
    )


def imports(tree: ast.AST) -> Iterator[tuple[str, ast.stmt]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module, node


def layer(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else "__init__"


def _id(value: object) -> str:
    """Name a case after its module."""
    return value if isinstance(value, str) else ""


@pytest.mark.parametrize(("name", "tree"), modules(), ids=_id)
def test_a_module_imports_only_the_layers_below_it(name: str, tree: ast.Module) -> None:
    own = layer(name)
    if own in FACADE:
        return
    for imported, node in imports(tree):
        if imported.split(".")[0] == "ciopt":
            other = layer(imported)
            assert other == own or other in MAY_IMPORT[own], f"{name}:{node.lineno} imports {imported}"


@pytest.mark.parametrize(("name", "tree"), modules(), ids=_id)
def test_only_heavy_libraries_are_imported_late(name: str, tree: ast.Module) -> None:
    """An import inside a function hides a cycle, unless what it imports is heavy."""
    if layer(name) in FACADE or layer(name) == "cli":
        return
    top = {id(node) for node in tree.body}
    guarded = {
        id(inner)
        for node in tree.body
        if isinstance(node, (ast.If, ast.Try))
        for inner in ast.walk(node)
        if isinstance(inner, (ast.Import, ast.ImportFrom))
    }
    for imported, node in imports(tree):
        if id(node) not in top | guarded:
            library = imported.split(".")[0]
            is_heavy = library in HEAVY or imported in HEAVY_MODULES
            assert is_heavy or library in sys.stdlib_module_names, (
                f"{name}:{node.lineno} imports {imported} late"
            )


def test_only_engine_modules_import_a_solver() -> None:
    for name, tree in modules():
        for imported, node in imports(tree):
            if imported.split(".")[0] in SOLVERS:
                assert layer(name) == "engines", f"{name}:{node.lineno} imports {imported}"


def test_no_two_modules_import_each_other_in_a_circle() -> None:
    graph = {name: _module_imports(name, tree) for name, tree in modules()}
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " -> ".join((*trail[trail.index(name) :], name))
        if name not in done:
            for other in graph.get(name, ()):
                visit(other, (*trail, name))
            done.add(name)

    for name in graph:
        visit(name, ())


def _module_imports(name: str, tree: ast.Module) -> set[str]:
    """Modules imported when the module is (not in functions, not for type checking only)."""
    known = {each for each, _ in modules()}
    found = set()
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("ciopt"):
            for alias in node.names:
                inner = f"{node.module}.{alias.name}"
                found.add(inner if inner in known else node.module)
    return {each for each in found if each != name and each in known}
