"""``python -m docs.build``: draw the picture and renew the example in the README from a plan and its instance."""

from __future__ import annotations

import argparse
from pathlib import Path

import ciopt
from docs.picture import draw

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Read, re-check, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--instance", type=Path, default=ROOT / "instances/cocoa.json")
    parser.add_argument("--plan", type=Path, default=ROOT / "instances/cocoa.plan.json")
    wish = parser.parse_args()
    instance, plan = ciopt.load(wish.instance), ciopt.load_plan(wish.plan)
    if not ciopt.verify(instance, plan).is_valid:
        raise SystemExit(f"{wish.plan} is not a plan for {wish.instance}: solve it again")
    (ROOT / "docs/plan.svg").write_text(draw(instance, plan), encoding="utf-8")


if __name__ == "__main__":
    main()
