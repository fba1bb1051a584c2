"""What numbers are counted in: the words that the input messages of a workbook show."""

from __future__ import annotations

MONEY = "money"
_MEASURE = "in the unit of the indicator"
_FACTOR = "a factor: 1 changes nothing"
_PERIODS = "periods"

UNITS = {
    "partners.budget": MONEY,
    "partners.participation_cost": MONEY,
    "capacities.amount": "in the unit of the resource",
    "funds.amount": MONEY,
    "funds.min_spend": MONEY,
    "funds.max_share": "a share from 0 to 1",
    "interventions.cost": MONEY,
    "interventions.cost_profile": "shares that add up to 1",
    "interventions.lag": _PERIODS,
    "interventions.lasts": _PERIODS,
    "uses.amount": "in the unit of the resource",
    "impacts.amount": _MEASURE,
    "impacts.low": "times the amount (0.6 is 40 % less)",
    "impacts.high": "times the amount (1.4 is 40 % more)",
    "levels.cost_factor": _FACTOR,
    "levels.impact_factor": _FACTOR,
    "capabilities.cost_factor": _FACTOR,
    "capabilities.impact_factor": _FACTOR,
    "options.cost": MONEY,
    "options.impact": _MEASURE,
    "adds.amount": _MEASURE,
    "adds.low": "times the amount (0.6 is 40 % less)",
    "adds.high": "times the amount (1.4 is 40 % more)",
    "indicators.weight": "value of one unit",
    "indicators.baseline": _MEASURE,
    "indicators.target": _MEASURE,
    "indicators.saturates_at": _MEASURE,
    "backbones.cost": MONEY,
    "backbones.cost_per_synergy": MONEY,
    "agenda.max_cost": MONEY,
    "targets.at_least": _MEASURE,
    "targets.at_most": _MEASURE,
    "measurements.value": _MEASURE,
    "measurements.sd": _MEASURE,
}
"""By ``table.column``; the test of this module holds them against the columns there are."""


def unit(table: str, header: str, currency: str) -> str:
    """Return what a column is counted in; empty if it is not counted.

    Examples
    --------
    >>> unit("funds", "amount", "USD"), unit("funds", "amount", "")
    ('money, in USD', 'money, in the currency of the coalition')
    """
    found = UNITS.get(f"{table}.{header}", "")
    return f"{MONEY}, in {currency or 'the currency of the coalition'}" if found == MONEY else found
