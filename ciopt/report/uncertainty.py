"""How sure a plan is, in words and tables."""

from __future__ import annotations

from decimal import Decimal

from ciopt.instance.learning import Belief, Lesson, interval
from ciopt.instance.learning import number as learned_number
from ciopt.report.grid import Column, Grid
from ciopt.report.words import number, percent
from ciopt.studies.uncertainty import Risk, RiskComparison
from ciopt.studies.uncertainty.risk import Distribution
from ciopt.studies.uncertainty.side_by_side import Between, RiskCase

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
    if found.tail is not None:
        tail = found.tail
        words.append(
            f"the worst {percent(tail.part)} of draws have the mean {_short(tail.mean)} "
            f"(95 % interval {_short(tail.low)} to {_short(tail.high)})"
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


def comparison_words(found: RiskComparison) -> list[str]:
    """Say how plans stand against the first, on average and where things go badly."""
    first, *others = found.cases
    words = [_versus(each, first.key, found.part) for each in others]
    places = "; a quarter of each variance is the places' own" if found.place_effects else ""
    words.append(f"the same {found.samples:,} samples for every plan, seed {found.seed}{places}")
    return words


def _versus(case: RiskCase, first: str, part: Decimal) -> str:
    assert case.against is not None
    on_average = _judged(case.against.objective)
    badly = _judged(case.against.tail)
    return f"{case.key} against {first}: on average {on_average}; in the worst {percent(part)} {badly}"


def _judged(gained: Between) -> str:
    if not gained.sign:
        return "not distinguishable" if gained.low != gained.high else "equal"
    word = "better" if gained.sign > 0 else "worse"
    near, far = sorted((abs(gained.low), abs(gained.high)))
    return f"{word} by {_short(near)} to {_short(far)}"


def comparison_tables(found: RiskComparison) -> list[Grid]:
    """Return the distributions of the plans' objectives, and their differences from the first."""
    worst = f"worst {percent(found.part)}"
    headings = ("central", "corrected", "mean", "10 %", "90 %", worst)
    shown = []
    for each in found.cases:
        o, tail = each.risk.objective, each.risk.tail
        amounts = [o.central, o.corrected, o.mean, o.low, o.high, *([tail.mean] if tail else [])]
        shown.append((each.key, *map(_short, amounts)))
    spread = Grid(
        "How the objective is distributed",
        (Column("plan"), *(Column(each, numeric=True) for each in headings)),
        tuple(shown),
    )
    others = [each for each in found.cases if each.against is not None]
    differences = Grid(
        f"Against {found.cases[0].key}, in the same draws: 95 % intervals",
        (
            Column("plan"),
            Column("on average", numeric=True),
            Column(worst, numeric=True),
            Column("does better", numeric=True),
        ),
        tuple((each.key, *_differences(each)) for each in others),
        empty="there is one plan only",
    )
    return [spread, differences]


def _differences(case: RiskCase) -> tuple[str, ...]:
    assert case.against is not None
    gained = [case.against.objective, case.against.tail]
    ahead = case.against.ahead
    return (
        *(f"{_short(each.low)} to {_short(each.high)}" for each in gained),
        f"{percent(round(ahead.low, 3))} to {percent(round(ahead.high, 3))}",
    )


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
