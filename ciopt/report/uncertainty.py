"""How sure a plan is, in words and tables."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance.learning import Belief, Lesson, interval
from ciopt.instance.learning import number as learned_number
from ciopt.report.grid import Column, Grid
from ciopt.report.words import number, percent
from ciopt.studies.uncertainty import Risk
from ciopt.studies.uncertainty.risk import Distribution

_DIGITS = 5


def risk_words(found: Risk) -> list[str]:
    """Say what the plan may be worth, and what to believe of it."""
    value = found.value
    words = [
        f"value {_short(value.low)} to {_short(value.high)} in four cases of five; "
        f"{_short(value.central)} at the central estimates",
        f"to be believed after selection: {_short(value.corrected)} (each estimate shrunk by its grade)",
    ]
    if found.objective != found.value:
        objective = found.objective
        words.append(
            f"with penalties of soft targets: {_short(objective.low)} to {_short(objective.high)}, "
            f"{_short(objective.central)} at the central estimates"
        )
    places = "; a quarter of each variance is the places' own" if found.place_effects else ""
    words.append(f"{found.samples:,} samples, seed {found.seed}{places}")
    return words


def risk_tables(found: Risk) -> list[Grid]:
    """Return the distributions, and how likely each target is met."""
    rows = [("value", found.value), *((each.id, each.total) for each in found.indicators)]
    headings = ("central", "corrected", "mean", "10 %", "median", "90 %")
    spread = Grid(
        "How value and indicators are distributed",
        (Column("what"), *(Column(each, numeric=True) for each in headings)),
        tuple((name, *_cells(each)) for name, each in rows),
    )
    targets = Grid(
        "How likely each target is met",
        (
            Column("target", numeric=True),
            Column("indicator"),
            Column("kind"),
            Column("met centrally"),
            Column("probability", numeric=True),
            Column("95 % interval"),
        ),
        tuple(
            (
                str(each.number),
                each.indicator,
                "soft" if each.soft else "hard",
                "yes" if each.met_centrally else "no",
                percent(each.probability),
                f"{percent(each.probability_low)} to {percent(each.probability_high)}",
            )
            for each in found.targets
        ),
        empty="the agenda has no targets",
    )
    return [spread, targets]


def _cells(each: Distribution) -> tuple[str, ...]:
    shown = (each.central, each.corrected, each.mean, each.low, each.median, each.high)
    return tuple(_short(amount) for amount in shown)


def _short(amount: Decimal) -> str:
    """Five significant digits: samples give no more."""
    digits = max(0, _DIGITS - 1 - amount.adjusted()) if amount else 0
    return number(round(amount, min(digits, 6)))


def learning_table(found: list[Lesson]) -> Grid:
    """Return what measurements make of estimates: multipliers and their 80 % intervals, before and after."""
    rows = []
    for each in found:
        name = f"{each.indicator} by {each.intervention}"
        rows.append((name, "elsewhere", *_belief(each.before), *_belief(each.after), str(each.times)))
        rows += [
            ("", place, *_belief(each.before), *_belief(belief), "") for place, belief in each.places.items()
        ]
    return Grid(
        "Estimates before and after, as multiples of what they were",
        (
            Column("estimate"),
            Column("place"),
            Column("before", numeric=True),
            Column("80 % interval"),
            Column("after", numeric=True),
            Column("80 % interval"),
            Column("measurements", numeric=True),
        ),
        tuple(rows),
    )


def _belief(belief: Belief) -> tuple[str, str]:
    low, high = interval(belief)
    mean = learned_number(belief.mean)
    return number(round(mean, 3)), f"{number(round(low, 3))} to {number(round(high, 3))}"
