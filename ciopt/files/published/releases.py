"""The next release problem: requirements need each other, customers want several of them."""

from __future__ import annotations

from itertools import islice

from ciopt.files.published.records import WORTH, Record, chooser, instance, integers

RATIOS = (3, 5, 7)
"""Budgets, in tenths of the cost of everything."""


def nrp(text: str) -> dict[str, Record]:
    """Next release problem (Xuan et al. 2012): prerequisites, one budget; problems by its ratio.

    The budget of ``0.3`` is rounded down, that of ``0.3+`` up: both are found in print.
    """
    found = integers(text)
    costs: list[int] = []
    for _ in range(next(found)):
        costs += list(islice(found, next(found)))
    needs: dict[str, list[str]] = {}
    for _ in range(next(found)):
        first, second = next(found), next(found)
        needs.setdefault(f"r{second}", []).append(f"r{first}")
    kinds: list[Record] = [{"id": f"r{number}", "cost": cost} for number, cost in enumerate(costs, 1)]
    for customer in range(1, next(found) + 1):
        profit, count = next(found), next(found)
        kinds.append({"id": f"c{customer}", "cost": 0, "impact": {WORTH: profit}})
        needs[f"c{customer}"] = [f"r{number}" for number in islice(found, count)]
    rules = [
        {"id": f"for-{who}", "requires": {"intervention": who, "needs": list(dict.fromkeys(what))}}
        for who, what in needs.items()
    ]
    names = [kind["id"] for kind in kinds]
    return {
        f"0.{ratio}{sign}": instance(
            "Next release",
            interventions=kinds,
            rules=rules,
            **chooser((sum(costs) * ratio + up) // 10, names),
        )
        for ratio in RATIOS
        for sign, up in {"": 0, "+": 9}.items()
    }
