"""A file is the old one or the new one, whatever happens while it is written."""

from __future__ import annotations

import os
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ciopt.errors import UsageError
from ciopt.files import write_text_atomically


def test_text_is_written_to_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    write_text_atomically(file, "é\n\r\n🌱")
    assert file.read_bytes() == "é\n\r\n🌱".encode()
    assert os.listdir(tmp_path) == ["plan.json"]


def test_a_new_file_obeys_the_umask_and_an_old_one_keeps_its_mode(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    old = os.umask(0o027)
    try:
        write_text_atomically(file, "1")
    finally:
        os.umask(old)
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    file.chmod(0o604)
    write_text_atomically(file, "2")
    assert stat.S_IMODE(file.stat().st_mode) == 0o604


def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "plan.json"
    link.symlink_to("real/plan.json")
    write_text_atomically(link, "1")
    write_text_atomically(link, "2")
    assert link.is_symlink()
    assert (tmp_path / "real" / "plan.json").read_text() == "2"
    assert os.listdir(tmp_path / "real") == ["plan.json"]


@pytest.mark.parametrize("fails", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_litter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fails: str
) -> None:
    file = tmp_path / "plan.json"
    file.write_text("old")

    def full(*args: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, fails, full)
    with pytest.raises(UsageError, match="disk is full"):
        write_text_atomically(file, "new")
    assert file.read_text() == "old"
    assert os.listdir(tmp_path) == ["plan.json"]


def test_an_interrupt_leaves_no_litter(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_text_atomically(tmp_path / "plan.json", "new")
    assert os.listdir(tmp_path) == []


def test_paths_that_cannot_be_written_are_usage_errors(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    for path in (
        tmp_path,
        tmp_path / "no" / "plan.json",
        tmp_path / "file" / "plan.json",
        "a\0b",
        "a" * 5000,
    ):
        with pytest.raises(UsageError, match="cannot write"):
            write_text_atomically(path, "1")
    with pytest.raises(UsageError, match=r"half a character \(U\+D800\)"):
        write_text_atomically(tmp_path / "file", "a\ud800")
    assert (tmp_path / "file").read_text() == ""


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file_is_not_replaced(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    file.touch(mode=0o444)
    with pytest.raises(UsageError, match="no permission"):
        write_text_atomically(file, "1")


def test_a_device_is_written_to_directly() -> None:
    write_text_atomically("/dev/null", "1")
    assert Path("/dev/null").is_char_device()


WRITER = """
import sys
from ciopt.files import write_text_atomically
print("ready", flush=True)
number = 0
while True:
    number += 1
    write_text_atomically(sys.argv[1], f"{number}" + "x" * 300_000 + f"{number}")
"""


def test_a_kill_at_any_moment_leaves_a_whole_file(tmp_path: Path) -> None:
    file = tmp_path / "plan.json"
    for wait in (0.0, 0.003, 0.011, 0.02, 0.033):
        process = subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE)
        assert process.stdout
        process.stdout.readline()
        deadline = time.monotonic() + 30
        while not file.exists() and time.monotonic() < deadline:
            time.sleep(0.001)
        time.sleep(wait)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        before, _, after = file.read_text().partition("x" * 300_000)
        assert before == after
        assert before.isdigit()
