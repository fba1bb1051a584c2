"""gzip files are read and written like others; damaged ones are named."""

from __future__ import annotations

import gzip
import io
from pathlib import Path

import pytest

import ciopt
from ciopt.errors import InvalidInput
from ciopt.files import packed, read_instance, write_text_atomically

COCOA = Path(__file__).parents[2] / "instances/cocoa.json"


def test_a_packed_instance_is_the_same_instance(tmp_path: Path) -> None:
    for name in ("cocoa.json.gz", "cocoa.json"):  # the content tells, whatever the name
        path = tmp_path / name
        path.write_bytes(gzip.compress(COCOA.read_bytes()))
        assert ciopt.load(path) == ciopt.load(COCOA)
    assert read_instance(io.BytesIO(path.read_bytes()), name="<stdin>") == ciopt.load(COCOA)


def test_written_twice_is_the_same_file(tmp_path: Path) -> None:
    for name in ("a.json.gz", "b.json.GZ"):
        write_text_atomically(tmp_path / name, '{"a": 1}')
    written = [path.read_bytes() for path in sorted(tmp_path.iterdir())]
    assert written[0] == written[1]
    assert gzip.decompress(written[0]) == b'{"a": 1}'


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda raw: raw[:-20], "broken off"),
        (lambda raw: raw[:3], "broken off"),
        (lambda raw: raw[:40] + bytes(20) + raw[60:], "damaged"),
        (lambda raw: raw[:-8] + bytes(8), "damaged"),
        (lambda raw: raw + b"more", "damaged"),
    ],
)
def test_a_damaged_file_is_named(tmp_path: Path, change: object, said: str) -> None:
    path = tmp_path / "cocoa.json.gz"
    assert callable(change)
    path.write_bytes(change(gzip.compress(COCOA.read_bytes())))
    with pytest.raises(InvalidInput) as caught:
        ciopt.load(path)
    (problem,) = caught.value.problems
    assert problem.code == "E001"
    assert said in problem.message


def test_a_file_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(packed, "LONGEST", 1000)
    path = tmp_path / "big.json.gz"
    path.write_bytes(gzip.compress(b" " * 2000))
    with pytest.raises(InvalidInput) as caught:
        ciopt.load(path)
    assert "more than 1,000 bytes" in caught.value.problems[0].message


def test_where_in_a_packed_file(tmp_path: Path) -> None:
    path = tmp_path / "wrong.json.gz"
    path.write_bytes(gzip.compress(b'{"ciopt": 1,\n "currency": 5}'))
    with pytest.raises(InvalidInput) as caught:
        ciopt.load(path)
    assert any(problem.location and problem.location.line == 2 for problem in caught.value.problems)
