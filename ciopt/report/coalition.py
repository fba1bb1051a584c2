"""An instance in numbers: what a coalition wrote down, for ``ciopt check``."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from ciopt.instance import Instance, Lookup
from ciopt.instance.base import OWN_BUDGET
from ciopt.report.grid import Column, Grid
from ciopt.report.words import amounts

_TABLES = (
    "places",
    "indicators",
    "partners",
    "funds",
    "interventions",
    "capabilities",
    "synergies",
    "overlaps",
    "rules",
    "backbones",
    "baseline",
    "scenarios",
)


def content(instance: Instance) -> dict[str, Any]:
    """Count what is in an instance: records by table, activities, options, targets, money."""
    lookup = Lookup(instance)
    counts: dict[str, int] = {"periods": len(instance.periods), "groups": len(lookup.groups)}
    counts |= {table: len(getattr(instance, table)) for table in _TABLES}
    counts["targets"] = len(instance.agenda.targets)
    counts["activities"] = len(lookup.activities)
    counts["options"] = num_options(lookup)
    total = sum(money_by_owner(instance).values(), Decimal(0))
    return {
        "name": instance.name,
        "currency": instance.currency,
        "money": int(total) if total == total.to_integral_value() else total,
        "counts": counts,
        "agenda": list(instance.agenda.goals),
    }


def num_options(lookup: Lookup) -> int:
    """Count the options without listing them."""
    return sum(
        len(lookup.places_of(capability))
        * len(lookup.periods_of(capability))
        * len(lookup.levels_of(capability.intervention))
        for capabilities in lookup.capabilities.values()
        for capability in capabilities
    )


def money_by_owner(instance: Instance) -> dict[str, Decimal]:
    """Add up each partner's own budget (``budget:ID``) and each fund over the horizon."""
    money = {
        OWN_BUDGET + partner.id: _sum(partner.budget)
        for partner in instance.partners
        if partner.budget is not None
    }
    return money | {fund.id: _sum(fund.amount) for fund in instance.funds}


def _sum(amount: Decimal | dict[str, Decimal]) -> Decimal:
    return sum(amount.values(), Decimal(0)) if isinstance(amount, dict) else amount


def counts(instance: Instance) -> Grid:
    """What is in the instance, table by table."""
    said = content(instance)["counts"]
    rows = tuple((name, f"{count:,}") for name, count in said.items() if count)
    return Grid("What is in it", (Column("what"), Column("how many", True)), rows)


def money_table(instance: Instance) -> Grid:
    """The money there is, by owner."""
    owners = {fund.id: fund.partner for fund in instance.funds}
    money = money_by_owner(instance)
    written = amounts([*money.values(), sum(money.values(), Decimal(0))], instance.currency)
    rows = tuple(
        (owners.get(fund, fund.removeprefix(OWN_BUDGET)), "own budget" if fund not in owners else fund, text)
        for fund, text in zip(money, written[:-1], strict=True)
    )
    return Grid(
        f"Money ({instance.currency})",
        (Column("partner"), Column("fund"), Column("amount", True)),
        rows,
        ("total", "", written[-1]),
        empty="none: nothing that costs anything can be done",
    )
