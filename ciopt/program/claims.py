"""Which requirements the rows of a program say, told by their labels."""

from __future__ import annotations

from collections import defaultdict

from ciopt.instance.requirements import Requirement
from ciopt.program.risk import RESERVE


def labels_of(requirement: Requirement, periods: tuple[str, ...]) -> tuple[list[str], str]:
    """Labels of the rows that say a requirement alone, and how further ones begin (empty: none do)."""
    key, period = requirement.key, requirement.period
    if requirement.kind == "purse" and period is not None:
        later = periods[periods.index(period) :]
        return [key, f"{key} in {period}", *(f"{key} until {each}" for each in later)], ""
    when = "" if period is None else f" in {period}"
    labels = {
        "purse": key,
        "target": f"target {key}",
        "max_cost": "max_cost",
        "reserve": RESERVE,
        "min_spend": f"min_spend {key}",
        "capacity": f"capacity {key}{when}",
        "activities": f"max_activities {key}",
        "backbone": f"capacity backbone {key}",
        "baseline": f"baseline {key}",
        "rule": f"rule {key}",
    }
    prefixes = {
        "max_share": f"max_share {key} of activity ",
        "match": f"match {key} of activity ",
        "floor": "fairness: ",
        "count": f"rule {key} at ",
        "rule": f"rule {key}",
    }
    label = labels.get(requirement.kind)
    return [label] if label else [], prefixes.get(requirement.kind, "")


def claims_of(
    labels: tuple[str, ...], requirements: tuple[Requirement, ...], periods: tuple[str, ...]
) -> dict[int, list[int]]:
    """Which requirements each row says; rows with one label are given out in the order of the tables."""
    rows: dict[str, list[int]] = defaultdict(list)
    for row, label in enumerate(labels):
        rows[label].append(row)
    found: dict[int, list[int]] = defaultdict(list)
    taken: dict[str, int] = defaultdict(int)
    prefixes: dict[str, int] = {}
    limits_money = "max_cost" if any(each.kind == "max_cost" for each in requirements) else "purse"
    for number, requirement in enumerate(requirements):
        exact, prefix = labels_of(requirement, periods)
        if requirement.kind == limits_money:
            exact.append(RESERVE)
        for label in exact:
            if label in rows:
                turn = 0 if requirement.period is not None else min(taken[label], len(rows[label]) - 1)
                taken[label] += 1
                found[rows[label][turn]].append(number)
        if prefix:
            prefixes.setdefault(prefix, number)
    for row, label in enumerate(labels):
        if row not in found:
            for end in (" at ", ": ", " of activity "):
                before = label.split(end, 1)[0]
                for prefix in (before, before + end):
                    if prefix in prefixes and row not in found and label != before:
                        found[row].append(prefixes[prefix])
    return dict(found)
