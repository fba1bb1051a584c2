"""The wheel works on its own, from another folder, without this checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from ciopt.version import __version__

ROOT = Path(__file__).parents[2]
SAY_HOME = "import ciopt; print(ciopt.__file__, ciopt.__version__)"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run(
        [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        folder,
    )
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def home(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the wheel is installed; its dependencies are those of this environment."""
    folder = tmp_path_factory.mktemp("installed")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps"]
    run([*pip, "--disable-pip-version-check", "--target", str(folder), str(wheel)], folder)
    return folder


def run(words: list[str], cwd: Path, **env: str) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    done = subprocess.run(
        words, cwd=cwd, env={**kept, **env}, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, f"{words}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def test_it_holds_the_package_the_templates_and_nothing_else(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names} == {"ciopt", f"ciopt-{__version__}.dist-info"}
    assert "ciopt/templates/cocoa.json" in names
    assert "ciopt/templates/somerville.json" in names
    assert {f"ciopt/report/page/templates/{each}" for each in ("page.html", "style.css", "script.js")} <= set(
        names
    )
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_it_is_imported_from_where_it_was_installed(home: Path, tmp_path: Path) -> None:
    said = run([sys.executable, "-c", SAY_HOME], tmp_path, PYTHONPATH=str(home))
    assert said.split() == [str(home / "ciopt" / "__init__.py"), __version__]


def test_the_whole_way_from_a_template_to_a_verified_plan(home: Path, tmp_path: Path) -> None:
    def ciopt(*words: str) -> str:
        return run([str(home / "bin" / "ciopt"), *words], tmp_path, PYTHONPATH=str(home))

    assert "Usage: ciopt" in ciopt("--help")
    for template in ("cocoa", "somerville", "blank"):
        ciopt("new", template, "--template", template)
        ciopt("check", f"{template}/instance.json")
    ciopt("solve", "blank/instance.json", "-o", "plan.json")
    assert "valid" in ciopt("verify", "blank/instance.json", "plan.json")
    assert "Who does what" in ciopt("show", "plan.json")


def test_it_says_that_it_is_typed(wheel: Path) -> None:
    """``Typing :: Typed`` is a promise that type checkers keep only if they find the marker."""
    assert "ciopt/py.typed" in zipfile.ZipFile(wheel).namelist()
