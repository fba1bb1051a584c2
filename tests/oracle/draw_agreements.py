"""`agreed_instance`: a random instance whose agenda asks for fairness, looks at risk, or both."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ciopt.instance import Instance, parse
from tests.oracle.drawing import Draw, Record
from tests.oracle.random_instances import STRIDE, random_instance

OTHER = 7_919
"""So that what is agreed does not depend on what the rest was drawn with."""


def agreed_instance(seed: int) -> Instance:
    """Draw an instance and what its agenda asks for; every seed gives a valid one."""
    instance = random_instance(seed)
    draw = Draw(OTHER + seed * STRIDE)
    agenda: Record = instance.to_data().get("agenda", {})
    has_value = "value" in instance.agenda.goals
    if draw.chance(0.75) or not has_value:
        agenda["fairness"] = fairness(draw, instance, has_value)
        if agenda["fairness"]["how"] != "dial" and draw.chance(0.4):
            goals = list(instance.agenda.goals)
            goals.insert(draw.integer(0, len(goals)), "fairness")
            agenda["priorities"] = goals
    if has_value and ("fairness" not in agenda or draw.chance(0.5)):
        agenda["risk"] = risk(draw)
    data = {**instance.to_data(), "agenda": agenda}
    if draw.chance(0.25) and agenda.get("risk", {}).get("how", "robust") == "robust":
        agenda["risk"] = {"how": "robust", **agenda.get("risk", {}), "cost_gamma": draw.choice((0, 1, 1, 2))}
        data["interventions"] = [{**each, "cost": cost(draw, each["cost"])} for each in data["interventions"]]
    return parse(data)


def cost(draw: Draw, said: Any) -> Any:
    """The same cost, now and then with a range or a grade."""
    record = said if isinstance(said, dict) else {"fixed": said}
    if draw.chance(0.4):
        return {**record, "range": [Decimal("0.9"), Decimal(draw.choice(("1.5", "1.123456", "1", "0.95")))]}
    return {**record, "evidence": draw.choice(("strong", "weak"))} if draw.chance(0.4) else said


def fairness(draw: Draw, instance: Instance, has_value: bool) -> Record:
    """Any kind of fairness that the instance allows."""
    over = ["places", "partners"] + (["groups"] if any(place.group for place in instance.places) else [])
    kinds = ("floor", "floor", "maximin", "leximin", *(["dial"] if has_value else []))
    record: Record = {"over": draw.choice(over), "how": draw.choice(kinds)}
    is_burden = record["over"] == "partners" and record["how"] != "dial" and draw.chance(0.5)
    if is_burden:
        record["counts"] = "burden"
    elif record["how"] != "dial" and draw.chance(0.4):
        record["indicator"] = draw.choice(instance.indicators).id
    if draw.chance(0.5):
        attributes = sorted({name for place in instance.places for name in place.attributes})
        if record["over"] == "partners":
            record["per"] = "budget"
        elif attributes:
            record["per"] = draw.choice(attributes)
    if record["how"] == "floor":
        shares = ("1", "1.5", "2.25") if is_burden else ("0.1", "0.5", "0.25", "0.333333")
        if draw.chance(0.7):
            record["share"] = Decimal(draw.choice(shares))
        if "share" not in record or draw.chance(0.3):
            amount = Decimal(draw.choice(("0.001", "0.5", "1", "3", "10")))
            record["at_most" if is_burden else "at_least"] = amount
    if record["how"] == "dial":
        record["dial"] = Decimal(draw.choice(("0", "0.3", "0.5", "0.9", "1")))
    return record


def risk(draw: Draw) -> Record:
    """Robust with any number of estimates, or the tail of a few samples."""
    if draw.chance(0.5):
        return {"how": "robust", "gamma": draw.choice((0, 1, 1, 2, 3))}
    alpha = Decimal(draw.choice(("0.1", "0.3", "0.5", "1")))
    return {"how": "cvar", "alpha": alpha, "samples": draw.choice((1, 3, 7, 10))}
