"""What is public is explained, with an example; what the documents name, exists."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import pytest

from ciopt.cli.commands import COMMANDS
from ciopt.version import __version__
from tests.cli.run import ciopt

ROOT = Path(__file__).parents[2]
PUBLIC = ("ciopt", "ciopt.instance", "ciopt.files", "ciopt.plan", "ciopt.verification")


def exported(kind: str) -> Iterator[tuple[str, object]]:
    """Functions or classes that a public package exports, each once."""
    wanted = inspect.isclass if kind == "class" else inspect.isfunction
    found: dict[str, object] = {}
    for package in PUBLIC:
        module = import_module(package)
        for name in module.__all__:
            thing = getattr(module, name)
            if wanted(thing):
                found.setdefault(f"{thing.__module__}.{thing.__qualname__}", thing)
    yield from sorted(found.items())


@pytest.mark.parametrize(("name", "thing"), [*exported("function"), *exported("class")])
def test_what_is_exported_is_explained(name: str, thing: object) -> None:
    own = getattr(thing, "__doc__", None)
    assert own, f"{name} has no docstring"


@pytest.mark.parametrize(("name", "function"), list(exported("function")))
def test_a_public_function_has_an_example(name: str, function: object) -> None:
    assert ">>> " in (inspect.getdoc(function) or ""), f"{name} shows no example"


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_has_an_example(command: str) -> None:
    said = ciopt(command, "--help").out
    assert "Example" in said
    assert f"  ciopt {command}" in said or f"| ciopt {command}" in said


def test_folders_that_the_contributors_guide_names_exist() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`((?:ciopt|tests|models|benchmarks|docs|instances)/[\w/.]*)`", text))
    assert len(named) > 8
    for path in sorted(named):
        assert (ROOT / path).exists(), path


def test_every_folder_of_the_package_is_in_the_contributors_guide() -> None:
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    for folder in sorted(path.parent.name for path in (ROOT / "ciopt").glob("*/__init__.py")):
        assert f"`ciopt/{folder}/`" in text, folder


def test_the_changelog_names_the_version() -> None:
    first = re.search(r"^## (\S+)", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.M)
    assert first is not None
    assert first[1] == __version__
