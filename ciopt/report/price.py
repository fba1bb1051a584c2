"""What fairness or caution costs, in words and a table."""

from __future__ import annotations

from decimal import Decimal

from ciopt.report.grid import Column, Grid
from ciopt.report.words import number, percent
from ciopt.studies.price import Demand, Price, PricePoint

STRENGTH: dict[Demand, str] = {
    "fairness": "fairness",
    "share": "share",
    "dial": "dial",
    "robustness": "gamma",
    "cvar": "alpha",
}
"""What the strengths of each demand are called."""


def price_words(found: Price) -> list[str]:
    """Say what each strength costs, and what it brings."""
    if found.free is None or found.free.worth is None:
        return ["no plan without the demand was found, so that nothing can be compared"]
    words = [_point(found, point) for point in found.points]
    words.append(
        f"against {_short(found.free.worth)} without it; all plans in the same {found.samples:,} draws, "
        f"seed {found.draws_seed}"
    )
    return words


def _point(found: Price, point: PricePoint) -> str:
    name = named(found, point)
    if point.worth is None or point.lost is None:
        return f"{name}: {point.case.error or point.case.status}"
    words = f"{name}: costs {_lost(point)}"
    if point.worst_off is not None and found.free is not None and found.free.worst_off is not None:
        words += f"; the worst-off get {_short(point.worst_off)} rather than {_short(found.free.worst_off)}"
    if found.of in ("robustness", "cvar") and point.risk is not None and point.risk.against is not None:
        gained, part = point.risk.against.tail, percent(found.part or Decimal(0))
        verdict = {1: "better", -1: "worse", 0: "not distinguishable"}[gained.sign]
        is_same = gained.low == gained.high == 0
        words += f"; in the worst {part} of draws {'the same' if is_same else verdict}"
        words += "" if is_same else f" ({_short(gained.low)} to {_short(gained.high)})"
    return words


def named(found: Price, point: PricePoint) -> str:
    """Name a point.

    Examples
    --------
    >>> from ciopt.studies.case import Case
    >>> point = PricePoint(at=Decimal(4), case=Case(key="x", status="no_plan"))
    >>> named(Price(of="robustness"), point)
    'gamma 4'
    """
    word = STRENGTH[found.of]
    return word if point.at is None else f"{word} {number(point.at)}"


def price_table(found: Price) -> Grid:
    """Return what every strength costs and brings, the plan without the demand first."""
    fair, risky = found.of in ("fairness", "share", "dial"), found.of in ("robustness", "cvar")
    worst = f"worst {percent(found.part)}" if found.part is not None else "worst"
    heads = ["worth", "lost"]
    heads += ["worst-off"] if fair else ["its objective"]
    heads += ["mean", "10 %", worst]
    heads += ["worst, against without"] if risky else []
    points = [*([found.free] if found.free else []), *found.points]
    rows = []
    for point in points:
        name = "without" if point is found.free else named(found, point)
        rows.append((name, *_cells(point, fair, risky)))
    return Grid(
        "What it costs and what it brings",
        (Column(""), *(Column(head, numeric=True) for head in heads)),
        tuple(rows),
        empty="nothing was solved",
        note="Worth: the objective without the demand. Mean, 10 % and worst: in the draws.",
    )


def _cells(point: PricePoint, fair: bool, risky: bool) -> tuple[str, ...]:
    if point.worth is None:
        return (point.case.status, *("" for _ in range(5 + risky)))
    extra = point.worst_off if fair else point.case.objective
    cells = [_short(point.worth), _lost(point), _short(extra)]
    risk = point.risk
    tail = risk.risk.tail if risk is not None else None
    cells += ["", ""] if risk is None else [_short(risk.risk.objective.mean), _short(risk.risk.objective.low)]
    cells += [_short(tail.mean) if tail is not None else ""]
    if risky:
        against = risk.against if risk is not None else None
        cells += ["" if against is None else f"{_short(against.tail.low)} to {_short(against.tail.high)}"]
    return tuple(cells)


def _lost(point: PricePoint) -> str:
    if point.lost is None:
        return ""
    least, most = point.lost
    if most is None:
        return f"at least {_short(least)}"
    return _short(least) if least == most else f"{_short(least)} to {_short(most)}"


def _short(amount: Decimal | None) -> str:
    """Five significant digits."""
    if amount is None:
        return ""
    digits = max(0, 4 - amount.adjusted()) if amount else 0
    return number(round(amount, min(digits, 6)))
