"""`planted`: a feasible tiny instance in which exactly one requirement is then made impossible.

Some of its best plan is committed first, so that there is something to contradict.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from ciopt.errors import InvalidInput
from ciopt.instance import Instance, Lookup, Option, parse
from ciopt.instance.amounts import PICO
from ciopt.instance.money import from_minor, minor_digits
from ciopt.instance.options import cost, uses
from ciopt.program import compile_program
from tests.oracle.brute_force import brute_force
from tests.oracle.drawing import Draw, Record
from tests.oracle.random_instances import STRIDE, random_instance

MOST_TRIES = 400


@dataclass(frozen=True)
class Planted:
    """An instance without a plan, and where the requirement stands without which it has one."""

    instance: Instance
    path: str
    kind: str


@dataclass(frozen=True)
class Bed:
    """What is planted into: plain data of a feasible instance, and what it commits to."""

    draw: Draw
    lookup: Lookup
    data: Record
    committed: list[Option]

    @property
    def currency(self) -> str:
        return self.lookup.instance.currency

    def table(self, name: str) -> list[Any]:
        found = self.data[name] = list(self.data.get(name, ()))
        return found

    def rule(self, rule: Record) -> str:
        self.table("rules").append({"id": "planted", **rule})
        return "rules.planted"

    def one(self) -> Option:
        return self.draw.choice(self.committed)


def _target(bed: Bed) -> str:
    agenda = bed.data["agenda"] = {**bed.data.get("agenda", {})}
    indicator = bed.draw.choice(list(bed.lookup.indicators))
    amount = bed.draw.decimal(1, 10, 3) * bed.draw.impact_scale * bed.draw.choice((1, 10, 100))
    which = {"at_least": amount} if bed.draw.chance(0.6) else {"at_most": -amount}
    agenda["targets"] = [*agenda.get("targets", ()), {"id": "planted", "indicator": indicator, **which}]
    return "agenda.targets.planted"


def _max_cost(bed: Bed) -> str:
    total = sum(cost(bed.lookup, option) for option in bed.committed)
    part = total - 1 if bed.draw.chance(0.5) else total // 2
    bed.data["agenda"] = {**bed.data.get("agenda", {}), "max_cost": from_minor(max(0, part), bed.currency)}
    return "agenda.max_cost"


def _less(bed: Bed, amount: Any) -> tuple[Any, str]:
    """Less of an amount, or of one of its periods; and the end of its path."""
    digits = minor_digits(bed.currency)

    def part(number: Any) -> Decimal:
        share, unit = bed.draw.choice((Decimal(0), Decimal("0.3"))), Decimal(1).scaleb(-digits)
        return Decimal(number) * share // unit * unit

    if isinstance(amount, dict) and amount:
        period = bed.draw.choice(list(amount))
        return {**amount, period: part(amount[period])}, f".{period}"
    return (amount if isinstance(amount, dict) else part(amount)), ""


def _budget(bed: Bed) -> str | None:
    partner = bed.one().partner
    record = next(each for each in bed.data["partners"] if each["id"] == partner)
    if "budget" not in record:
        return None
    record["budget"], end = _less(bed, record["budget"])
    return f"partners.{record['id']}.budget{end}"


def _fund(bed: Bed) -> str | None:
    if not bed.table("funds"):
        return None
    record = bed.draw.choice(bed.table("funds"))
    record["amount"], end = _less(bed, record["amount"])
    return f"funds.{record['id']}.amount{end}"


def _min_spend(bed: Bed) -> str | None:
    if not bed.table("funds"):
        return None
    record = bed.draw.choice(bed.table("funds"))
    amount = record["amount"]
    record["min_spend"] = sum(amount.values()) if isinstance(amount, dict) else amount
    return f"funds.{record['id']}.min_spend"


def _max_share(bed: Bed) -> str | None:
    if not bed.table("funds"):
        return None
    record = bed.draw.choice(bed.table("funds"))
    record["max_share"] = bed.draw.choice((Decimal(0), Decimal("0.05"), Decimal("0.4")))
    return f"funds.{record['id']}.max_share"


def _match(bed: Bed) -> str | None:
    if not bed.table("funds"):
        return None
    record = bed.draw.choice(bed.table("funds"))
    partner = bed.draw.choice([each for each in bed.data["partners"]])["id"]
    record["match"] = {"with": [f"budget:{partner}"], "ratio": bed.draw.choice((0, Decimal("0.1"), 1))}
    return f"funds.{record['id']}.match"


def _capacity(bed: Bed) -> str | None:
    option = bed.one()
    own = [each for each in bed.committed if each.partner == option.partner]
    used: dict[str, int] = {}
    for each in own:
        for resource, amount in uses(bed.lookup, each).items():
            used[resource] = used.get(resource, 0) + amount
    if not used:
        return None
    resource = bed.draw.choice(sorted(used))
    millionths = used[resource] * 10**6 // PICO
    record = next(each for each in bed.data["partners"] if each["id"] == option.partner)
    less = bed.draw.choice((millionths - 1, millionths // 2, 0))
    capacity = Decimal(max(0, less)).scaleb(-6)
    record["capacity"] = {**record.get("capacity", {}), resource: capacity}
    return f"partners.{option.partner}.capacity.{resource}"


def _max_activities(bed: Bed) -> str:
    option = bed.one()
    own = sum(each.partner == option.partner for each in bed.committed)
    record = next(each for each in bed.data["partners"] if each["id"] == option.partner)
    record["max_activities"] = bed.draw.integer(0, own - 1)
    return f"partners.{option.partner}.max_activities"


def _capability(bed: Bed) -> str:
    option = bed.one()
    found = bed.lookup.capability_of(option)
    number = next(n for n, each in enumerate(bed.lookup.instance.capabilities) if each is found)
    assert found is not None
    record = bed.table("capabilities")[number]
    record["max_activities"] = 0
    return f"capabilities.{record.get('id', number)}.max_activities"


def _at_most(bed: Bed) -> str:
    option = bed.one()
    count = sum(each.intervention == option.intervention for each in bed.committed)
    within = bed.draw.choice(("place", "group", "all"))
    most = bed.draw.integer(0, count - 1)
    return bed.rule({"at_most": most, "of": [option.intervention], "within": within})


def _at_least(bed: Bed) -> str:
    intervention = bed.draw.choice(list(bed.lookup.interventions))
    many = sum(each[0] == intervention for each in bed.lookup.activities)
    return bed.rule({"at_least": many + bed.draw.integer(0, 2), "of": [intervention], "within": "all"})


def _requires(bed: Bed) -> str:
    option = bed.one()
    needed = bed.draw.choice(list(bed.lookup.interventions))
    said = {"intervention": option.intervention, "needs": [needed], "before": bed.draw.chance(0.5)}
    return bed.rule({"requires": {**said, "within": bed.draw.choice(("place", "group", "all"))}})


def _two(bed: Bed) -> list[str]:
    return bed.draw.sample(list(bed.lookup.interventions), 2, 2)


def _excludes(bed: Bed) -> str:
    return bed.rule({"excludes": _two(bed), "within": bed.draw.choice(("place", "group", "all"))})


def _together(bed: Bed) -> str:
    return bed.rule({"together": _two(bed), "within": bed.draw.choice(("place", "group", "all"))})


def _must(bed: Bed) -> str:
    taken = {each.activity: each for each in bed.committed}
    others = [each for each in bed.lookup.options() if taken.get(each.activity, each) != each]
    return bed.rule({"must": _filter(bed.draw.choice(others or bed.committed))})


def _must_not(bed: Bed) -> str:
    said = _filter(bed.one())
    kept = bed.draw.sample(sorted(said), 1, len(said))
    return bed.rule({"must_not": {key: said[key] for key in kept}})


def _filter(option: Option) -> Record:
    return {key: value for key, value in option._asdict().items() if value is not None}


def _baseline(bed: Bed) -> str:
    taken = {each.activity for each in bed.committed}
    options = [each for each in bed.lookup.options() if each.activity not in taken]
    option = bed.draw.choice(options or bed.committed)
    bed.table("baseline").append({"id": "planted", **_filter(option)})
    return "baseline.planted"


def _floor(bed: Bed) -> str:
    agenda = bed.data["agenda"] = {**bed.data.get("agenda", {})}
    over = bed.draw.choice(("places", "groups", "partners"))
    fair: Record = {"how": "floor", "over": over}
    if over == "partners" and bed.draw.chance(0.5):
        fair |= {"counts": "burden", "at_most": bed.draw.money(0, 9)}
    elif bed.draw.chance(0.5):
        fair["share"] = bed.draw.choice((Decimal("0.9"), 1))
    else:
        fair["at_least"] = bed.draw.impact(0, 9)
    agenda["fairness"] = fair
    agenda["priorities"] = [each for each in agenda.get("priorities", ()) if each != "fairness"]
    return "agenda.fairness"


def _reserve(bed: Bed) -> str:
    """Money is kept for costs that may be far too low."""
    records = bed.data["interventions"]
    for each in records:
        said = each["cost"] if isinstance(each["cost"], dict) else {"fixed": each["cost"]}
        each["cost"] = {**said, "range": [Decimal("0.9"), bed.draw.choice((Decimal("1.5"), 3, 20))]}
    agenda = bed.data["agenda"] = {**bed.data.get("agenda", {})}
    agenda["risk"] = {"how": "robust", "cost_gamma": bed.draw.integer(1, len(records))}
    return "agenda.risk.cost_gamma"


KINDS: dict[str, Callable[[Bed], str | None]] = {
    "target": _target,
    "max_cost": _max_cost,
    "budget": _budget,
    "fund": _fund,
    "min_spend": _min_spend,
    "max_share": _max_share,
    "match": _match,
    "capacity": _capacity,
    "max_activities": _max_activities,
    "capability": _capability,
    "at_most": _at_most,
    "at_least": _at_least,
    "requires": _requires,
    "excludes": _excludes,
    "together": _together,
    "must": _must,
    "must_not": _must_not,
    "baseline": _baseline,
    "floor": _floor,
    "reserve": _reserve,
    "backbone": lambda bed: "backbones.b.capacity",
}


def planted(seed: int, kind: str) -> Planted:
    """Draw an instance and make one requirement of a kind impossible."""
    if kind == "backbone":
        return Planted(_with_backbone(Draw(seed)), "backbones.b.capacity", kind)
    for number in range(MOST_TRIES):
        own = seed + number * STRIDE
        draw = Draw(own)
        bed = _bed(draw, random_instance(own))
        if bed is None:
            continue
        path = KINDS[kind](bed)
        if path is None:
            continue
        try:
            instance = parse(bed.data)
            compile_program(instance)  # numbers may be too large
        except InvalidInput:
            continue
        if brute_force(instance).status == "infeasible":
            return Planted(instance, path, kind)
    raise AssertionError(f"seed {seed}: no {kind} could be planted in {MOST_TRIES} tries")


def _bed(draw: Draw, instance: Instance) -> Bed | None:
    """A feasible instance that commits to some of its best plan; None if it has none, or an empty one."""
    best = brute_force(instance)
    lookup = Lookup(instance)
    chosen = [option for option in lookup.options() if option.id in best.options]
    if best.status == "infeasible" or not chosen:
        return None
    committed = draw.sample(chosen, 1, len(chosen))
    data = parse_data(instance)
    data["baseline"] = [{"id": f"c{n}", **_filter(each)} for n, each in enumerate(committed)]
    try:
        if brute_force(parse(data)).status == "infeasible":
            return None
    except InvalidInput:
        return None
    return Bed(draw, lookup, data, committed)


def _with_backbone(draw: Draw) -> Instance:
    """A target that needs more synergies than the backbone can carry."""
    count = draw.integer(2, 3)
    needed, alone, together = draw.integer(1, count), draw.integer(1, 5), draw.integer(2, 9)
    places = [{"id": f"p{n}"} for n in range(count)]
    impact = {"k": alone}
    return parse(
        {
            "ciopt": 1,
            "currency": "USD",
            "places": places,
            "indicators": [{"id": "k"}],
            "partners": [
                {"id": "doer", "roles": ["implementing"], "budget": 1000},
                {"id": "hub", "roles": ["backbone"], "budget": draw.integer(30, 60)},
            ],
            "interventions": [{"id": each, "cost": 10, "impact": impact} for each in ("x", "y")],
            "capabilities": [{"partner": "doer", "intervention": each} for each in ("x", "y")],
            "synergies": [{"id": "s", "between": ["x", "y"], "adds": {"k": together}, "backbone": True}],
            "backbones": [
                {"id": "b", "partner": "hub", "capacity": needed - 1, "cost": 5, "cost_per_synergy": 3}
            ],
            "agenda": {"targets": [{"indicator": "k", "at_least": 2 * count * alone + needed * together}]},
        }
    )


def parse_data(instance: Instance) -> Record:
    """Plain data that may be edited."""

    def copied(data: Any) -> Any:
        if isinstance(data, dict):
            return {key: copied(value) for key, value in data.items()}
        return [copied(each) for each in data] if isinstance(data, (list, tuple)) else data

    found: Record = copied(instance.to_data())
    return found
