"""Draw the picture and renew the example in the README, from the cocoa instance and its plan.

``python -m docs.build``; ``--check`` only says whether they are up to date.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import ciopt
from ciopt import Instance, Plan
from ciopt.report.grid import Page, draw_all
from ciopt.report.summary import facts, headline
from ciopt.report.tables import TABLES
from docs.picture import draw

ROOT = Path(__file__).parents[1]
BEGIN = "<!-- example: made by `python -m docs.build`, do not edit -->\n"
END = "<!-- end of example -->\n"
PAGE = Page(width=96)
SHOWN, NUM_ROWS = ("assignments", "indicators", "synergies", "backbones"), 6


def main() -> None:
    """Read, re-check, draw, write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--instance", type=Path, default=ROOT / "instances/cocoa.json")
    parser.add_argument("--plan", type=Path, default=ROOT / "instances/cocoa.plan.json")
    parser.add_argument("--check", action="store_true")
    wish = parser.parse_args()
    pages = build(wish.instance, wish.plan)
    stale = [path for path, content in pages.items() if not path.exists() or _read(path) != content]
    if wish.check:
        raise SystemExit(f"stale: {', '.join(path.name for path in stale)}" if stale else 0)
    for path in stale:
        path.write_text(pages[path], encoding="utf-8")


def build(instance_path: Path, plan_path: Path) -> dict[Path, str]:
    """Return what each page should hold.

    Raises
    ------
    SystemExit
        If the plan does not follow from the instance.
    """
    instance, plan = ciopt.load(instance_path), ciopt.load_plan(plan_path)
    if not ciopt.verify(instance, plan).is_valid:
        raise SystemExit(f"{plan_path.name} is not a plan for {instance_path.name}: solve it again")
    readme = ROOT / "README.md"
    before, rest = _read(readme).split(BEGIN)
    after = rest.split(END)[1]
    return {
        ROOT / "docs/plan.svg": draw(instance, plan),
        readme: f"{before}{BEGIN}{example(instance, plan)}{END}{after}",
    }


def example(instance: Instance, plan: Plan) -> str:
    """Return what ``solve`` prints about a plan, with fewer tables and rows."""
    more = "-v shows all, -o keeps the plan"
    grids = [TABLES[name](plan, instance.currency, PAGE.width).shortened(NUM_ROWS, more) for name in SHOWN]
    says = "\n".join([headline(plan, instance.currency), *facts(plan, instance.currency)])
    tables = "\n".join(text.rstrip() for text in draw_all(grids, PAGE).splitlines())
    shown = f"{says}\n\n{tables}"
    return f"What it prints (here four of eight tables, six rows of each):\n\n```text\n{shown}\n```\n\n"


def _read(path: Path) -> str:
    return path.read_text(encoding="utf-8")


if __name__ == "__main__":
    main()
