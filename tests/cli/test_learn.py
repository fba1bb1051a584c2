"""``ciopt learn`` as its users meet it."""

from __future__ import annotations

import json
from pathlib import Path

from tests.cli.run import ciopt
from tests.house.readme import ROOT

INSTANCE = ROOT / "instances/somerville.json"


def measured(folder: Path, **change: object) -> Path:
    record = {"intervention": "school-food", "indicator": "greens", "place": "east", "value": 200, "sd": 40}
    path = folder / "m.json"
    path.write_text(json.dumps({"measurements": [{**record, **change}]}), encoding="utf-8")
    return path


def test_learn_shows_before_and_after_and_writes_the_instance(tmp_path: Path) -> None:
    target = tmp_path / "updated.json"
    done = ciopt("learn", INSTANCE, "--measurements", measured(tmp_path), "-o", target)
    assert done.code == 0, done.err
    assert "greens by school-food" in done.out
    updated = json.loads(target.read_text())
    assert "measurements" not in updated
    assert ciopt("check", target).code == 0
    data = ciopt("learn", INSTANCE, "--measurements", measured(tmp_path), "--json").data
    assert data["estimates"][0]["places"]["east"]["multiplier"] != 1


def test_faults_name_the_file_and_the_nearest_name(tmp_path: Path) -> None:
    done = ciopt("learn", INSTANCE, "--measurements", measured(tmp_path, place="eats"))
    assert done.code == 3
    assert "did you mean 'east'" in done.err
    assert "m.json" in done.err
    (tmp_path / "m.json").write_text("[]", encoding="utf-8")
    assert (
        "expected an object with one list"
        in ciopt("learn", INSTANCE, "--measurements", tmp_path / "m.json").err
    )
    assert ciopt("learn", INSTANCE).code == 2
