"""Random tables of supply: places, partners, funds, interventions and who can do them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from math import prod

from tests.oracle.drawing import Draw, Record

PROFILES = (("0.7", "0.3"), ("0.333333", "0.666667"), ("0", "1"), ("0.5", "0.25", "0.25"))
RESOURCES = ("days", "trucks")
MOST_BACKBONES = 2
"""Who carries what can be decided in as many ways to the power of the synergies."""


def places(draw: Draw, names: Sequence[str]) -> list[Record]:
    """Places with attributes, some in groups, some next to earlier ones."""
    records: list[Record] = []
    digits = draw.choice((0, 0, 1))
    for number, name in enumerate(names):
        attributes = {"population": draw.decimal(1, 5, digits), "km": draw.number(0, 3)}
        record: Record = {"id": name, "attributes": attributes}
        if draw.maybe("groups", 0.8):
            record["group"] = draw.choice(("west", "east"))
        if draw.has("neighbours"):
            record["neighbours"] = [other for other in names[:number] if draw.chance(0.6)]
        if draw.maybe("words", 0.3):
            record |= {
                "name": "Soubré",
                "notes": "a guess",
                "refs": [{"vocabulary": "p-code", "code": "CI1"}],
            }
        records.append(record)
    return records


def interventions(draw: Draw, names: Sequence[str], indicators: Sequence[str]) -> list[Record]:
    """Interventions with costs, uses, impacts, timing and levels."""
    return [_intervention(draw, name, indicators) for name in names]


def _intervention(draw: Draw, name: str, indicators: Sequence[str]) -> Record:
    record: Record = {
        "id": name,
        "cost": draw.quantity(draw.money(1, 15), draw.money(0, 2)),
        "impact": {
            each: draw.estimate(draw.impact(-1, 10), draw.impact(0, 2))
            for each in indicators
            if draw.chance(0.9)
        },
    }
    if draw.maybe("free", 0.3):
        record["cost"] = 0
    if draw.maybe("uses", 0.7):
        resources = draw.sample(RESOURCES, 1, 2)
        record["uses"] = {each: draw.quantity(draw.number(0, 3), draw.number(0, 1)) for each in resources}
    if draw.maybe("cost_profile"):
        record["cost_profile"] = [Decimal(part) for part in draw.choice(PROFILES)]
    if draw.maybe("lag", 0.4):
        record["lag"] = draw.choice((1, 1, 2))
    if draw.maybe("lasts", 0.4):
        record["lasts"] = draw.integer(1, 2)
    if draw.maybe("levels", 0.4):
        factors = {"cost_factor": Decimal("1.7"), "impact_factor": draw.choice((Decimal("1.5"), Decimal(2)))}
        record["levels"] = [{"id": "small"}, {"id": "LARGE", **factors}]
    return record


def partners(draw: Draw, names: Sequence[str], periods: Sequence[str]) -> list[Record]:
    """Partners: what they have, what they can bear; the first implements, most others too."""
    return [_partner(draw, name, periods, number == 0) for number, name in enumerate(names)]


def _partner(draw: Draw, name: str, periods: Sequence[str], implements: bool) -> Record:
    roles = ["implementing"] if implements or not draw.maybe("only_funding", 0.4) else []
    record: Record = {"id": name, "roles": [*roles, draw.choice(("funding", "backbone", "accountable"))]}
    if not draw.maybe("no_budget", 0.3):
        record["budget"] = draw.by_period("budget_by_period", periods, lambda: draw.money(10, 80))
    if draw.has("uses") and draw.maybe("capacity", 0.7):
        record["capacity"] = {
            each: draw.by_period("capacity_by_period", periods, lambda: draw.number(2, 9))
            for each in draw.sample(RESOURCES, 1, 2)
        }
    if draw.maybe("participation_cost") and ("budget" in record or draw.chance(0.2)):
        record["participation_cost"] = draw.money(0, 6)
    if draw.maybe("partner_max", 0.3):
        record["max_activities"] = draw.choice((0, 1, 2, 3, 4, 4))
    return record


def capabilities(
    draw: Draw, tables: Record, periods: Sequence[str], most_plans: int | None, share: float
) -> list[Record]:
    """Who can do what, as long as there are not more ways to choose options than asked for."""
    levels = {each["id"]: max(1, len(each.get("levels", ()))) for each in tables["interventions"]}
    places = [each["id"] for each in tables["places"]]
    pairs = [(partner["id"], name) for partner in tables["partners"] for name in levels]
    kept: list[Record] = []
    num_options: Counter[tuple[str, str]] = Counter()
    for partner, intervention in draw.shuffled(pairs):
        if kept and not draw.chance(share):
            continue
        for record in _capability(draw, partner, intervention, places, periods):
            covered = places if record.get("places", "*") == "*" else record["places"]
            starts = len(periods if record.get("periods", "*") == "*" else record["periods"])
            more = Counter({(intervention, place): starts * levels[intervention] for place in covered})
            if most_plans is None or prod(n + 1 for n in (num_options + more).values()) <= most_plans:
                num_options += more
                kept.append(record)
    return kept


def _capability(
    draw: Draw, partner: str, intervention: str, places: Sequence[str], periods: Sequence[str]
) -> list[Record]:
    """One capability, or two for different start periods."""
    record: Record = {"partner": partner, "intervention": intervention}
    record["places"] = draw.selection("capability_places", places)
    if draw.has("cost_factor"):
        record["cost_factor"] = Decimal(draw.choice(("1", "0.9", "1.25", "0.333333")))
    if draw.has("impact_factor"):
        record["impact_factor"] = Decimal(draw.choice(("1", "0.8", "1.3", "0")))
    if draw.maybe("capability_max", 0.4):
        record["max_activities"] = draw.choice((0, 1, 2, 2, 3))
    if len(periods) > 1 and draw.maybe("capability_periods", 0.6):
        record["periods"] = draw.sample(periods, 1, len(periods))
        others = [period for period in periods if period not in record["periods"]]
        if others and draw.chance(0.3):
            return [record, {**record, "periods": others, "cost_factor": Decimal("0.8")}]
    return [record]


def option_overrides(draw: Draw, tables: Record, periods: Sequence[str]) -> list[Record]:
    """Other numbers for some options of the first few capabilities."""
    records: list[Record] = []
    if not draw.has("overrides"):
        return records
    indicators = [each["id"] for each in tables["indicators"]]
    for capability in tables["capabilities"][: draw.integer(1, 3)]:
        record = _an_option(draw, tables, capability, periods, "override")
        what = draw.choice(("cost", "impact", "both"))
        if what != "impact":
            record["cost"] = draw.quantity(draw.money(0, 15), draw.money(0, 2))
        if what != "cost":
            record["impact"] = {
                draw.choice(indicators): draw.estimate(draw.impact(-2, 15), draw.impact(0, 2))
            }
        records.append(record)
    return records


def _an_option(
    draw: Draw, tables: Record, capability: Record, periods: Sequence[str], feature: str
) -> Record:
    """Partner, intervention and place of a capability, and sometimes the period; the level if there are."""
    names = [each["id"] for each in tables["places"]]
    chosen = names if capability["places"] == "*" else capability["places"]
    keys = ("partner", "intervention")
    record: Record = {**{key: capability[key] for key in keys}, "place": draw.choice(chosen)}
    if draw.maybe(f"{feature}_period"):
        starts = periods if capability.get("periods", "*") == "*" else capability["periods"]
        record["period"] = draw.choice(starts)
    done = next(each for each in tables["interventions"] if each["id"] == capability["intervention"])
    if "levels" in done and (feature == "override" or draw.chance(0.5)):
        record["level"] = draw.choice(done["levels"])["id"]
    return record


def baseline(draw: Draw, tables: Record, periods: Sequence[str]) -> list[Record]:
    """An activity or two that partners do anyway."""
    if not draw.has("baseline", 0.25):
        return []
    return [
        {
            **_an_option(draw, tables, capability, periods, "baseline"),
            "status": draw.choice(("committed", "planned")),
        }
        for capability in tables["capabilities"][: draw.integer(1, 2)]
    ]


def funds(draw: Draw, tables: Record, names: Sequence[str], periods: Sequence[str]) -> list[Record]:
    """Funds with conditions."""
    return [_fund(draw, tables, name, names, periods) for name in names]


def _fund(draw: Draw, tables: Record, name: str, names: Sequence[str], periods: Sequence[str]) -> Record:
    partner_ids = [each["id"] for each in tables["partners"]]
    amount = draw.by_period("fund_by_period", periods, lambda: draw.money(5, 70))
    record: Record = {"id": name, "partner": draw.choice(partner_ids), "amount": amount}
    if draw.maybe("carry_over"):
        record["carry_over"] = True
    if draw.maybe("max_share"):
        record["max_share"] = Decimal(draw.choice(("0.5", "0.333333", "0.8", "0")))
    if draw.maybe("match"):
        own = [f"budget:{each['id']}" for each in tables["partners"]]
        others = [*own, *(other for other in names if other != name)]
        ratio = Decimal(draw.choice(("1", "0.5", "2", "0.333", "0.000001")))
        record["match"] = {"with": draw.sample(others, 1, 2), "ratio": ratio}
    if draw.maybe("min_spend", 0.25):
        record["min_spend"] = draw.money(0, 3)
    if draw.has("pays_for"):
        record["pays_for"] = {
            table: draw.selection("pays_for", [each["id"] for each in tables[table]])
            for table in ("interventions", "partners", "places")
        }
    return record


def backbones(draw: Draw, tables: Record) -> list[Record]:
    """Partners that coordinate for money."""
    records: list[Record] = []
    for partner in tables["partners"]:
        if not draw.maybe("backbones") or len(records) == MOST_BACKBONES:
            continue
        record: Record = {"partner": partner["id"], "cost": draw.money(0, 4)}
        record["places"] = draw.selection("backbone_places", [each["id"] for each in tables["places"]])
        if draw.maybe("cost_per_synergy"):
            record["cost_per_synergy"] = draw.money(0, 2)
        if draw.maybe("backbone_capacity"):
            record["capacity"] = draw.integer(0, 2)
        records.append(record)
    return records
