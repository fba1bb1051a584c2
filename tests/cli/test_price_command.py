"""``ciopt price`` as its users meet it."""

from __future__ import annotations

from pathlib import Path

from tests.cli.run import ciopt
from tests.house.readme import ROOT

VILLAGES = ROOT / "instances/small/two-villages.json"


def test_price_shows_a_curve_and_the_table_behind_it(tmp_path: Path) -> None:
    target, plan, page = (tmp_path / name for name in ("price.json", "plan.json", "page.html"))
    done = ciopt("price", VILLAGES, "--of", "robustness", "--at", "0,2", "--samples", "100", "-o", target)
    assert done.code == 0, done.err
    assert "gamma 2: costs" in done.out
    assert ciopt("solve", VILLAGES, "-o", plan).code == 0
    made = ciopt("report", plan, target, "--instance", VILLAGES, "-o", page)
    assert made.code == 0, made.err
    assert "What caution costs" in page.read_text()
    assert 'id="price-curve"' in page.read_text()


def test_price_refuses_what_makes_no_sense() -> None:
    words = {
        ("--of", "robustness", "--at", "one"): "not a list of numbers",
        ("--of", "fairness"): "no fairness to price",
        ("--of", "robustness"): "needs --at",
        ("--of", "beauty"): "beauty",
    }
    for asked, says in words.items():
        done = ciopt("price", VILLAGES, *asked)
        assert done.code == 2, asked
        assert says in done.err
        assert "Traceback" not in done.err
