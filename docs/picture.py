"""One plan on one picture: money falls from who gives it to what it pays for; below, who does that where.

Everything is read from the instance and its plan; nothing is placed by hand.
"""

from __future__ import annotations

from ciopt import Instance, Plan
from docs import svg
from docs.bands import money
from docs.matrix import gains, heads, neighbours, rows, tiles
from docs.scene import EMPTY, FAINT, FREE, INK, LEFT, ROW, SHORT, UNLOCKED, WIDTH, Scene, rounded
from docs.svg import Style


def draw(instance: Instance, plan: Plan) -> str:
    """Return the picture of a plan as SVG."""
    scene = Scene(instance, plan)
    shapes = [*title(scene), *money(scene), *heads(scene), *rows(scene), *tiles(scene)]
    shapes += [*neighbours(scene), *gains(scene), *legend(scene)]
    description = (
        f"A table of {len(instance.places)} places and {len(scene.interventions)} interventions. A tile says "
        "which partner does what where; bands above it show whose money pays for what; bars show what "
        "the activities of a place gain from each other."
    )
    return svg.document(WIDTH, scene.bottom + 112, f"The plan for {instance.name}", description, shapes)


def title(scene: Scene) -> list[str]:
    plan, currency = scene.plan, scene.instance.currency
    doing = len({each.partner for each in plan.assignments})
    what = (
        f"{len(plan.assignments)} activities of {doing} organisations, {rounded(plan.cost)} {currency}; "
        f"{len(plan.synergies)} synergies pay off."
    )
    who = (plan.proof or "nobody").removeprefix("solver ")
    if plan.status == "optimal":
        proof = f"Value {plan.value:,.0f}: nothing better exists, says {who}."
    else:
        proof = f"Value {plan.value:,.0f}: at most {plan.bound:,.0f} is possible, says {who}."
    return [
        svg.text(LEFT, 42, scene.instance.name, Style(21, INK, 700)),
        svg.text(LEFT, 64, f"{what} {proof}", Style(13, FAINT)),
    ]


def legend(scene: Scene) -> list[str]:
    """How to read it."""
    y, shapes = scene.bottom + 34, []
    names = {each.id: each.name or each.id for each in scene.instance.partners}
    doing = [each.id for each in scene.plan.partners if each.assignments]
    entries = {SHORT.get(each, each): (scene.colour(each), names[each].partition(",")[0]) for each in doing}
    x = LEFT
    for label, (colour, name) in entries.items():
        wide = 56 + svg.text_width(name, 12) + 20
        if x + wide > WIDTH - LEFT + 14:
            x, y = LEFT, y + 24
        shapes.append(svg.rect(x, y - 13, 50, ROW - 3, colour, radius=3))
        shapes.append(svg.text(x + 25, y + 0.2, label, Style(10.5, "#ffffff", 400, "middle")))
        shapes.append(svg.text(x + 56, y + 0.5, name, Style(12, INK)))
        x += wide
    return [*shapes, *_marks(scene, y + 34)]


def _marks(scene: Scene, y: float) -> list[str]:
    """What lengths, gaps and the two colours of the bars mean."""
    periods = [str(period) for period in scene.instance.periods]
    width, x, shapes = 50 / len(periods), LEFT, []
    for period in sorted({each.period for each in scene.plan.assignments}, key=periods.index):
        late, words = periods.index(period) * width, f"starts {period}"
        shapes.append(svg.rect(x, y - 13, 50, ROW - 3, EMPTY, radius=3))
        shapes.append(svg.rect(x + late, y - 13, 50 - late, ROW - 3, FAINT, radius=3))
        shapes.append(svg.text(x + 56, y + 0.5, words, Style(12, INK)))
        x += 76 + svg.text_width(words, 12)
    marks = (
        (FREE, "at the place and with neighbours (arcs)"),
        (UNLOCKED, "only because a backbone coordinates"),
    )
    for colour, words in marks:
        shapes.append(svg.rect(x, y - 11, 24, ROW - 8, colour))
        shapes.append(svg.text(x + 31, y + 0.5, words, Style(12, INK)))
        x += 52 + svg.text_width(words, 12)
    return shapes
