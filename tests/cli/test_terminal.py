"""On a terminal: colours, the live line, and readers that go away."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from tests.cli.run import BLANK, ROOT, environment

pty = pytest.importorskip("pty")


def on_terminal(*words: str, **env: str) -> str:
    """Run with stdout and stderr on a terminal and return what it shows."""
    main, side = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", *words],
        stdout=side,
        stderr=side,
        cwd=ROOT,
        env=environment(**{"TERM": "xterm", **env}),
    )
    os.close(side)
    shown = b""
    while True:
        try:
            chunk = os.read(main, 4096)
        except OSError:  # Linux says so when the other side is closed
            break
        if not chunk:
            break
        shown += chunk
    process.wait(20)
    os.close(main)
    return shown.decode()


def test_progress_is_a_line_that_goes_away() -> None:
    shown = on_terminal("tests.cli.fake_solver", "optimal", "solve", str(BLANK))
    assert "\r\x1b[K1.2 s  value 1,000  bound 1,300  gap 30 %  found\\x1b[2J one\r\x1b[K" in shown
    assert "1.2 s" not in on_terminal("tests.cli.fake_solver", "optimal", "solve", str(BLANK), "-q")
    assert "1.2 s" not in on_terminal("tests.cli.fake_solver", "optimal", "solve", str(BLANK), TERM="dumb")


def test_colours_can_be_turned_off() -> None:
    assert "\x1b[1m" in on_terminal("ciopt", "check", str(BLANK))
    assert "\x1b[" not in on_terminal("ciopt", "check", str(BLANK), NO_COLOR="1")
    assert "\x1b[" not in on_terminal("ciopt", "check", str(BLANK), TERM="dumb")


@pytest.mark.parametrize(
    "words", [["check", str(BLANK)], ["check", str(BLANK), "--json"], ["schema"], ["--help"]]
)
def test_a_reader_that_goes_away_is_no_error(words: list[str]) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    process = subprocess.Popen(
        [sys.executable, "-m", "ciopt", *words], stdout=writer, stderr=subprocess.PIPE, env=environment()
    )
    os.close(writer)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err) == (0, b"")


def test_a_study_says_from_the_start_what_it_solves() -> None:
    villages = str(ROOT / "instances" / "small" / "two-villages.json")
    shown = on_terminal("ciopt", "measure-next", villages, "--draws", "2", "--anew")
    first, drawn = shown.find("at the mean estimates"), shown.find("drawn truths")
    assert 0 < first < drawn
