"""Random tables of demand: indicators, synergies, overlaps, rules, and the agenda."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from itertools import permutations

from tests.oracle.drawing import Draw, Record

RULES = ("requires", "excludes", "at_most", "at_least", "together", "must", "must_not")
SCOPES = ("place", "neighbours", "group", "all")


def indicators(draw: Draw, names: Sequence[str]) -> list[Record]:
    """Indicators to raise and to lower, some saturating."""
    return [_indicator(draw, name, number == 0) for number, name in enumerate(names)]


def _indicator(draw: Draw, name: str, is_first: bool) -> Record:
    weights = ("1", "2", "0.5", "0.001") if is_first else ("1", "-1", "0.5", "-0.25", "0.000001")
    record: Record = {"id": name, "weight": Decimal(draw.choice(weights))}
    if draw.maybe("per_period"):
        record["accrues"] = "per_period"
    if draw.maybe("saturates", 0.6):
        record["saturates_at"] = draw.impact(-6, 60)
    elif draw.maybe("saturates_per_place", 0.6):
        level = draw.quantity(draw.impact(-4, 15), draw.impact(0, 2))
        record["saturates_at"] = {"per_place": level}
    return record


def synergies(
    draw: Draw, interventions: Sequence[str], indicators: Sequence[str], count: int
) -> list[Record]:
    """Effects of two or three interventions together."""
    return [_synergy(draw, f"s{number}", interventions, indicators) for number in range(count)]


def _synergy(draw: Draw, name: str, interventions: Sequence[str], indicators: Sequence[str]) -> Record:
    within = draw.choice(("place", "neighbours", "group"))
    between = draw.sample(interventions, 2, 2 if within == "neighbours" else 3)
    if within == "neighbours" and draw.chance(0.3):
        between = [between[0], between[0]]
    record: Record = {"id": name, "between": between, "within": within}
    if draw.maybe("synergy_partners"):
        record["partners"] = draw.choice(("same", "different"))
    if draw.maybe("k_of_n"):
        record["at_least"] = draw.integer(1, len(between))
    if draw.has("backbones") and draw.chance(0.6):
        record["backbone"] = True
    if draw.maybe("boost"):
        record["boost"] = Decimal(draw.choice(("0.5", "-0.25", "0.333333")))
        if draw.chance(0.4):
            record["on"] = draw.sample(indicators, 1, 2)
    else:
        record["adds"] = {
            each: draw.estimate(draw.impact(-4, 12), draw.impact(0, 2))
            for each in draw.sample(indicators, 1, 2)
        }
    return record


def overlaps(draw: Draw, interventions: Sequence[str], indicators: Sequence[str]) -> list[Record]:
    """Interventions that reach the same people."""
    if not draw.has("overlaps", 0.6):
        return []
    return [_overlap(draw, indicator, interventions) for indicator in indicators if draw.chance(0.8)]


def _overlap(draw: Draw, indicator: str, interventions: Sequence[str]) -> Record:
    members = draw.sample(interventions, 2, 3)
    record: Record = {"indicator": indicator, "interventions": members}
    record["how"] = draw.choice(("best", "random", "random", "additive"))
    if record["how"] == "random":
        record["reach"] = {each: Decimal(draw.choice(("0.5", "0.3", "1", "0.77"))) for each in members}
    return record


def rules(draw: Draw, tables: Record, periods: Sequence[str], count: int) -> list[Record]:
    """Rules of any kind; each leaves something to choose more often than not."""
    return [_rule(draw, tables, periods) for _ in range(count)]


def _rule(draw: Draw, tables: Record, periods: Sequence[str]) -> Record:
    kind, within = draw.choice(RULES), draw.choice(SCOPES)
    names = [each["id"] for each in tables["interventions"]]
    first = draw.choice(tables["capabilities"])["intervention"]
    second = draw.choice([name for name in names if name != first])
    if kind in ("must", "must_not"):
        return {kind: _filter(draw, tables)}
    if kind == "requires":
        # ids in order: prerequisites never run in a circle
        earlier, *later = sorted({first, second, *draw.sample(names, 0, 1)})
        needs: Record = {"intervention": earlier, "needs": later, "within": within}
        if len(periods) > 1 and draw.chance(0.4):
            needs["before"] = True
        return {"requires": needs}
    if kind in ("at_most", "at_least"):
        low = (1, 1, 1, 2) if within != "place" else (1,)
        number = draw.choice((0, 1, 1, 2, 2, 3, 4) if kind == "at_most" else low)
        members = [first, second] if draw.chance(0.7) else [first]
        return {kind: number, "of": members, "within": within}
    return {kind: draw.sample(names, 2, 3), "within": within}


def _filter(draw: Draw, tables: Record) -> Record:
    """Some words about one option that may exist."""
    capability = draw.choice(tables["capabilities"])
    said = {"intervention": capability["intervention"]}
    if draw.chance(0.5):
        said["partner"] = capability["partner"]
    if draw.chance(0.3):
        said["place"] = draw.choice(tables["places"])["id"]
    if capability.get("periods", "*") != "*" and draw.chance(0.5):
        said["period"] = draw.choice(capability["periods"])
    done = next(each for each in tables["interventions"] if each["id"] == capability["intervention"])
    if "levels" in done and draw.chance(0.4):
        said["level"] = draw.choice(done["levels"])["id"]
    return said


def agenda(draw: Draw, tables: Record) -> Record:
    """Targets and an order of goals that the format allows."""
    targets = [_target(draw, tables) for _ in range(draw.integer(1, 2))] if draw.has("targets") else []
    record: Record = {"targets": targets}
    main = "value"
    if targets and draw.chance(0.3):
        record["minimize"] = main = "cost"
    elif draw.chance(0.3):
        record["maximize"] = "value"
    if draw.has("priorities", 0.35):
        goals = ["value", "cost", *(["targets"] if any(each.get("soft") for each in targets) else [])]
        orders = [order for size in (1, 2, 3) for order in permutations(goals, size) if main in order]
        record["priorities"] = list(draw.choice(orders))
    return record


def _target(draw: Draw, tables: Record) -> Record:
    record: Record = {"indicator": draw.choice(tables["indicators"])["id"]}
    if draw.chance(0.65):
        record["at_least"] = draw.impact(0, 10)
    else:
        record["at_most"] = draw.impact(4, 30)
    groups = sorted({each["group"] for each in tables["places"] if "group" in each})
    if groups and draw.maybe("group_target"):
        record["group"] = draw.choice(groups)
    elif draw.maybe("place_target"):
        record["place"] = draw.choice(tables["places"])["id"]
    if draw.maybe("soft", 0.8):
        record |= {"soft": True, "penalty": Decimal(draw.choice(("0.1", "1", "2.5", "7")))}
    return record
