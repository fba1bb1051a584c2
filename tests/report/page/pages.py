"""Pages to look at: of the examples' plans, and of small coalitions solved on the spot."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import ciopt
from ciopt import Instance, Plan
from ciopt.report.page.html import write_html
from ciopt.report.page.markdown import write_markdown
from ciopt.report.page.pages import plan_page
from ciopt.report.page.story import Story

INSTANCES = Path(__file__).parents[3] / "instances"
LARGE = ("cocoa", "somerville")
SMALL = ("two-villages", "cheapest", "matched-fund", "infeasible-baseline")


@cache
def sources(name: str) -> tuple[Instance, Plan]:
    """Return an example with its plan."""
    if name in LARGE:
        return ciopt.load(INSTANCES / f"{name}.json"), ciopt.load_plan(INSTANCES / f"{name}.plan.json")
    instance = ciopt.load(INSTANCES / "small" / f"{name}.json")
    return instance, ciopt.solve(instance)


@cache
def story(name: str) -> Story:
    return Story(*sources(name))


@cache
def html(name: str) -> str:
    return write_html(plan_page(story(name)))


@cache
def markdown(name: str) -> str:
    return write_markdown(plan_page(story(name)))
