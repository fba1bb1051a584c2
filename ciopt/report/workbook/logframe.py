"""The logical framework: goal, outcomes, outputs and activities, each with what is measured and assumed."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from ciopt.files.tables.cells import Cell
from ciopt.instance.base import EstimateRecord
from ciopt.plan.records import Assignment, IndicatorResult
from ciopt.report.page.story import Story
from ciopt.report.words import plural
from ciopt.report.workbook.page import Page

HEADER = (
    "level",
    "what",
    "indicator",
    "unit",
    "baseline",
    "target",
    "reached",
    "target met",
    "means of verification",
    "assumptions",
)


def logframe(story: Story) -> Page:
    """Return the logical framework of a plan.

    The goal is what the coalition is for, an outcome is an indicator, an output is an intervention at its
    places, an activity is what one partner does of it.
    """
    rows = [_goal(story), *_outcomes(story), *_outputs(story)]
    return Page("logframe", "Logical framework", HEADER, rows)


def _goal(story: Story) -> list[Cell]:
    plan = story.plan
    words = story.instance.description or story.title
    return ["goal", words, "value", "weighted sum of the outcomes", None, None, plan.value, None, None, None]


def _outcomes(story: Story) -> Iterator[list[Cell]]:
    for result in story.plan.indicators:
        indicator = story.lookup.indicators[result.id]
        agreed = [each for each in story.instance.agenda.targets if each.indicator == result.id]
        assumed = "; ".join(_bound(story, each) for each in agreed)
        yield [
            "outcome",
            story.indicator(result.id),
            result.id,
            indicator.unit,
            indicator.baseline,
            result.target,
            result.attained,
            _met(result),
            indicator.notes,
            f"agreed: {assumed}" if assumed else None,
        ]


def _met(result: IndicatorResult) -> Cell:
    return None if result.met is None else ("yes" if result.met else "no")


def _bound(story: Story, target: object) -> str:
    """Write a target of the agenda in words."""
    said = [
        f"{name.replace('_', ' ')} {getattr(target, name)}"
        for name in ("at_least", "at_most")
        if getattr(target, name) is not None
    ]
    where = getattr(target, "group", None) or getattr(target, "place", None)
    return " and ".join(said) + (f" ({where})" if where else "")


def _outputs(story: Story) -> Iterator[list[Cell]]:
    done: dict[str, list[Assignment]] = {}
    for each in story.plan.assignments:
        done.setdefault(each.intervention, []).append(each)
    for intervention in story.instance.interventions:
        mine = done.get(intervention.id, [])
        if not mine:
            continue
        places = len({each.place for each in mine})
        evidence = "; ".join(
            f"{story.indicator(key)}: evidence {_evidence(estimate)}"
            for key, estimate in intervention.impact.items()
        )
        yield [
            "output",
            f"{story.intervention(intervention.id)} at {plural(places, 'place')}",
            "places reached",
            "places",
            0,
            None,
            places,
            None,
            intervention.notes,
            evidence,
        ]
        yield from _activities(story, intervention.id, mine)


def _evidence(estimate: EstimateRecord) -> str:
    interval = "" if estimate.range is None else f" (x {estimate.range[0]} to x {estimate.range[1]})"
    return (estimate.evidence or "not said") + interval


def _activities(story: Story, intervention: str, mine: list[Assignment]) -> Iterator[list[Cell]]:
    """One row a partner: where, when, and what it costs."""
    by_partner: dict[str, list[Assignment]] = {}
    for each in mine:
        by_partner.setdefault(each.partner, []).append(each)
    for partner, each_one in by_partner.items():
        where = ", ".join(f"{story.place(each.place)} ({each.period})" for each in each_one)
        cost = sum((each.cost for each in each_one), Decimal(0))
        name = f"{story.partner(partner)}: {story.intervention(intervention)}"
        yield ["activity", name, "cost", story.currency, None, None, cost, None, where, None]
